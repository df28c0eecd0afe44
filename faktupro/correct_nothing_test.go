package faktupro

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/pl"
)

// TestNothingToCorrect: what a correction could not show is no change, for every
// kind that can be corrected.
func TestNothingToCorrect(t *testing.T) {
	t.Parallel()
	same := map[string]func(after *Invoice){
		"nothing":       func(*Invoice) {},
		"no number":     func(after *Invoice) { after.Number, after.IssueDate = "", pl.Date{} },
		"defaults":      func(after *Invoice) { after.Currency, after.Kind = after.currency(), after.kind() },
		"white space":   func(after *Invoice) { after.Buyer.Name += " " },
		"when to pay":   func(after *Invoice) { after.Payment.Due = []Due{{Date: day("2027-01-01")}} },
		"what was paid": func(after *Invoice) { after.Payment.PaidDate = day("2027-01-01") },
		"settlement":    func(after *Invoice) { after.Settlement.Charges = []Charge{{Reason: "x", Amount: d("1.00")}} },
	}
	counts := map[string]func(after *Invoice){
		"number":        func(after *Invoice) { after.Number = "FV/right" },
		"day of issue":  func(after *Invoice) { after.IssueDate = day("2026-01-02") },
		"day of supply": func(after *Invoice) { after.SupplyDate, after.SupplyPeriod = day("2026-01-02"), Period{} },
		"split payment": func(after *Invoice) { after.SplitPayment = !after.SplitPayment },
		"buyer":         func(after *Invoice) { after.Buyer.Address.Line1 = "ul. Nowa 2" },
		"account": func(after *Invoice) {
			after.Payment.Accounts = []BankAccount{{Number: "38999900010000000012345678", BankName: "Nowy"}}
		},
		"note": func(after *Invoice) { after.Notes = append(slices.Clone(after.Notes), "Dopisek") },
		"line": func(after *Invoice) {
			change(after, func(l *Line) { l.Name += "x" }, func(l *OrderLine) { l.Name += "x" })
		},
		"price": func(after *Invoice) {
			change(after, func(l *Line) { l.Amount = d("1.01") }, func(l *OrderLine) { l.Amount = d("1.01") })
		},
		"line taken": func(after *Invoice) {
			after.Lines, after.Order.Lines = after.Lines[min(1, len(after.Lines)):], after.Order.Lines[min(1, len(after.Order.Lines)):]
		},
	}
	for _, sample := range []string{"01-net-23", "25-euro-rate-per-line", "68-advance-in-euro"} {
		for name, edit := range same {
			before, after := sampleInvoice(t, sample), sampleInvoice(t, sample)
			edit(after)
			if _, err := NewCorrection(before, after, reference(before)); !errors.Is(err, ErrNotCorrectable) || !errors.Is(err, errNothingChanges) {
				t.Errorf("%s, %s: error %v", sample, name, err)
			}
		}
		for name, edit := range counts {
			before, after := sampleInvoice(t, sample), sampleInvoice(t, sample)
			if edit(after); name == "line taken" && after.kind().IsAdvance() && len(after.Order.Lines) == 0 {
				continue // an advance without an order has no totals
			}
			if _, err := NewCorrection(before, after, reference(before)); err != nil {
				t.Errorf("%s, %s: error %v", sample, name, err)
			}
		}
	}
}

// change edits the first line of an invoice or of its order.
func change(inv *Invoice, line func(*Line), orderLine func(*OrderLine)) {
	if len(inv.Lines) > 0 {
		line(&inv.Lines[0])
		return
	}
	orderLine(&inv.Order.Lines[0])
}

// TestChangedExchangeRateOfAdvance: the rate alone is worth a correction.
func TestChangedExchangeRateOfAdvance(t *testing.T) {
	t.Parallel()
	before, after := sampleInvoice(t, "68-advance-in-euro"), sampleInvoice(t, "68-advance-in-euro")
	after.ExchangeRate = before.ExchangeRate.Add(d("0.1"))
	for i := range after.Prepayments {
		after.Prepayments[i].ExchangeRate = after.ExchangeRate
	}
	c, err := NewCorrection(before, after, reference(before))
	if err != nil {
		t.Fatal(err)
	}
	if !c.Correction.ExchangeRateBefore.Given() {
		t.Error("the exchange rate before is not shown")
	}
}

// TestExchangeRateWithoutLines: a correction of the buyer's address in a foreign
// currency shows no exchange rate, and needs none.
func TestExchangeRateWithoutLines(t *testing.T) {
	t.Parallel()
	before, after := sampleInvoice(t, "24-euro-one-rate"), sampleInvoice(t, "24-euro-one-rate")
	after.Buyer.Address.Line1 = "ul. Nowa 2"
	c, err := NewCorrection(before, after, reference(before))
	if err != nil {
		t.Fatal(err)
	}
	if c.ExchangeRate.Given() {
		t.Errorf("exchange rate %s", c.ExchangeRate)
	}
	c.ExchangeRate = d("4.5778") // one that is given is not written either
	f, err := c.FA3(firstCreated)
	if err != nil {
		t.Fatal(err)
	}
	if document := f.AppendXML(nil); bytes.Contains(document, []byte("Kurs")) {
		t.Errorf("exchange rate in\n%s", document)
	}
}
