package ksef

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

// indexRecord is metadata of an invoice with the content "n".
func indexRecord(n int) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(n)))
	return fmt.Sprintf(`{"ksefNumber":"N%d","invoiceHash":%q}`, n, base64.StdEncoding.EncodeToString(sum[:]))
}

func indexSum(n int) pack.Hash { return pack.Hash(sha256.Sum256([]byte(fmt.Sprint(n)))) }

func TestMetadataIndexOrders(t *testing.T) {
	file := `{"version":{"a":[1,2]},"invoices":[` + indexRecord(1) + "," + indexRecord(2) + "," + indexRecord(2) + "," + indexRecord(3) + `],"later":null}`
	for name, order := range map[string][]int{"same": {1, 2, 3}, "reverse": {3, 2, 1}, "mixed": {2, 3, 1}} {
		x := newMetadataIndex(strings.NewReader(file), 10)
		for _, n := range order {
			if m, err := x.take(pl.KSeFNumber(fmt.Sprintf("N%d", n)), indexSum(n)); err != nil || m.KSeFNumber != pl.KSeFNumber(fmt.Sprintf("N%d", n)) {
				t.Errorf("%s: %v, %v", name, m, err)
			}
		}
		for m, err := range x.rest() {
			t.Errorf("%s: left over %v, %v", name, m, err)
		}
	}
}

func TestMetadataIndexByHash(t *testing.T) {
	x := newMetadataIndex(strings.NewReader(`{"invoices":[`+indexRecord(1)+","+indexRecord(2)+`]}`), 10)
	if m, err := x.take("another name", indexSum(2)); err != nil || m.KSeFNumber != "N2" {
		t.Errorf("%v, %v", m, err)
	}
	if _, err := x.take("unknown", indexSum(9)); !errors.Is(err, ErrProtocol) {
		t.Errorf("a file without metadata: %v", err)
	}
	left := 0
	for range x.rest() {
		left++
	}
	if left != 1 {
		t.Errorf("%d left over", left)
	}
}

func TestMetadataIndexRefuses(t *testing.T) {
	for name, file := range map[string]string{
		"empty":          "",
		"array":          "[]",
		"no list":        `{"a":1}`,
		"list of others": `{"invoices":[1]}`,
		"object":         `{"invoices":{}}`,
		"no number":      `{"invoices":[{"invoiceHash":"` + indexSum(1).String() + `"}]}`,
		"short hash":     `{"invoices":[{"ksefNumber":"N1","invoiceHash":"AAAA"}]}`,
		"cut":            `{"invoices":[` + indexRecord(1),
		"cut after":      `{"invoices":[` + indexRecord(1) + `]`,
		"too many":       `{"invoices":[` + indexRecord(1) + "," + indexRecord(2) + "," + indexRecord(3) + "," + indexRecord(4) + `]}`,
	} {
		var err error
		for _, err = range newMetadataIndex(strings.NewReader(file), 3).rest() {
		}
		if !errors.Is(err, ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzMetadataIndex: hostile metadata end in an error of the contract or in
// entries that have a number and a hash.
func FuzzMetadataIndex(f *testing.F) {
	f.Add([]byte(`{"invoices":[` + indexRecord(1) + "," + indexRecord(2) + `]}`))
	f.Add([]byte(`{"x":[[[]]],"invoices":[],"y":{}}`))
	f.Add([]byte(`{"invoices":[{"ksefNumber":"N1","invoiceHash":null}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		seen := map[pl.KSeFNumber]bool{}
		for m, err := range newMetadataIndex(strings.NewReader(string(file)), 100).rest() {
			if err != nil {
				if !errors.Is(err, ErrProtocol) {
					t.Fatal(err)
				}
				return
			}
			if m.KSeFNumber == "" || len(m.InvoiceHash) != 32 || seen[m.KSeFNumber] {
				t.Fatalf("%+v", m)
			}
			seen[m.KSeFNumber] = true
		}
	})
}

// FuzzParseExportTicket: what is read is written the same way.
func FuzzParseExportTicket(f *testing.F) {
	key, err := pack.NewKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ExportTicket{"20261122-EH-2F67776000-97273B191A-65", key}.Reveal())
	f.Add("e30=")
	f.Fuzz(func(t *testing.T, text string) {
		ticket, err := ParseExportTicket(text)
		if err != nil {
			if !errors.Is(err, ErrInvalidArgument) {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseExportTicket(ticket.Reveal())
		if err != nil || again.Reveal() != ticket.Reveal() {
			t.Fatal(again, err)
		}
	})
}
