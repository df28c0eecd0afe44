package invoicing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/pl"
)

// TestEveryKind takes an invoice of each kind the whole way to its receipt, under
// a number that says its kind.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/invoices/*.json")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	done := map[faktupro.Kind]int{}
	for _, file := range files {
		inv := readInvoice(t, file)
		if inv.Kind == "" || inv.Kind == faktupro.KindVAT {
			continue
		}
		inv.Number, inv.IssueDate, inv.Seller.NIP = "", pl.Date{}, seller
		if inv.SelfBilling || inv.Correction.Seller.NIP != "" || inv.Buyer.NIP == seller {
			continue // the login is for the sample's seller
		}
		rec := w.confirmed(p, p.finish(t, p.issue(t, inv).ID).ID)
		xml, err := p.XML(t.Context(), rec.ID)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := fa3.Peek(xml)
		if err != nil || string(sum.RodzajFaktury) != string(inv.Kind) {
			t.Errorf("%s: %s sent, %v", file, sum.RodzajFaktury, err)
		}
		series := map[faktupro.Kind]string{
			faktupro.KindAdvance: "ZAL/", faktupro.KindSettlement: "ROZ/", faktupro.KindSimplified: "FV/",
		}[inv.Kind]
		if series == "" {
			series = "KOR/"
		}
		if !strings.HasPrefix(rec.Number, series) {
			t.Errorf("%s: number %s, want one of %s", file, rec.Number, series)
		}
		done[inv.Kind]++
	}
	if len(done) != 6 {
		t.Errorf("issued kinds: %v", done)
	}
}

func readInvoice(t *testing.T, file string) *faktupro.Invoice {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := faktupro.DecodeInvoice(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return inv
}
