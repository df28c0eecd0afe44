package rules

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/google/go-cmp/cmp"
)

// published is a document of the public corpus.
type published struct {
	File     string
	Kind     string
	Valid    bool
	Official *int `json:"official_mf_sample"`
}

// corpus reads the valid FA(3) documents.
func corpus(t *testing.T) (list []published, invoices []*fa3.Faktura) {
	t.Helper()
	var manifest struct{ Documents []published }
	if err := json.Unmarshal(refdata.File(t, "fa3-corpus", "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	for _, doc := range manifest.Documents {
		if doc.Kind != "FA(3)" || !doc.Valid {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(refdata.Dir(t), "fa3-corpus", doc.File))
		if err != nil {
			t.Fatal(err)
		}
		f, err := fa3.Unmarshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		list, invoices = append(list, doc), append(invoices, f)
	}
	return list, invoices
}

// Findings in the public documents that are valid by the schema. Change the
// numbers only after looking at every document concerned.
var (
	inOfficial = map[string]int{"ksef_number.checksum": 9}
	inPublic   = map[string]int{
		"account.checksum": 1, "account.form": 4, "advance.exceeds_order": 1, "advance_payments.kind": 2, "bdo.format": 1,
		"buyer.address": 5, "buyer.name": 9, "correction.before_amount": 1, "correction.difference": 1,
		"correction.reference": 2, "description.line": 1, "eu_service.buyer": 1, "eu_service.flag": 1,
		"eu_vat.poland": 1, "exchange_rate.advance_kind": 1, "exchange_rate.in_pln": 2, "exemption.missing": 13,
		"extra.to_settle": 1, "intra_eu.buyer": 1, "issue_date.far": 6, "ksef_number.checksum": 10,
		"line.amount_differs": 3, "line.missing": 2, "line.negative_quantity": 1, "line.number_repeated": 2,
		"line.price_missing": 4, "line.quantity_missing": 4, "line.state": 1, "line.tax_differs": 1,
		"margin.mark": 1, "nip.checksum": 12, "order.superfluous": 2, "order.value": 1,
		"oss.buyer": 1, "parties.same_nip": 2, "payment.parts_sum": 1, "regon.checksum": 6,
		"reverse_charge.flag": 1, "reverse_charge.unused": 1, "seller.prefix": 2, "share.sum": 3,
		"split_payment.amount": 1, "split_payment.lines": 1, "supply_date.ahead": 1, "total.line_missing": 2,
		"total.missing": 9, "totals.gross": 4, "totals.net": 4,
	}
)

// TestCorpus pins the findings of errors and warnings down. Samples of the
// Ministry of Finance must not have an error.
func TestCorpus(t *testing.T) {
	t.Parallel()
	list, invoices := corpus(t)
	official, all := map[string]int{}, map[string]int{}
	infos := map[string]int{}
	for i, f := range invoices {
		for _, x := range Check(f, Config{PerRule: -1}) {
			if !leads(f, x.Path) {
				t.Errorf("%s: %s: %s leads nowhere", list[i].File, x.Rule, x.Path)
			}
			if x.Severity == Info {
				infos[x.Rule]++
				continue
			}
			all[x.Rule]++
			if list[i].Official == nil {
				continue
			}
			official[x.Rule]++
			if x.Severity == Error {
				t.Errorf("%s: an error in an official sample: %s at %s", list[i].File, x.Rule, x.Path)
			}
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%-32s %3d in all, %d in official samples", rule, all[rule], official[rule])
	}
	for _, rule := range slices.Sorted(maps.Keys(infos)) {
		t.Logf("%-32s %3d (info)", rule, infos[rule])
	}
	if diff := cmp.Diff(inPublic, all); diff != "" {
		t.Errorf("all documents: %s", diff)
	}
	if diff := cmp.Diff(inOfficial, official); diff != "" {
		t.Errorf("official samples: %s", diff)
	}
}
