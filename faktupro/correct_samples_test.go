package faktupro

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

// reference is a reference to an invoice as KSeF would number it.
func reference(inv *Invoice) CorrectedInvoice {
	return inv.Reference(pl.NewKSeFNumber(inv.Seller.NIP, inv.IssueDate, [6]byte{1, 2, 3, 4, 5, 6}))
}

// correctedInTotal checks that a correction is worth what changes.
func correctedInTotal(t rapid.TB, before, after, c *Invoice) {
	t.Helper()
	was, is := before.totals(&report{}), after.totals(&report{})
	got, err := c.Totals()
	if err != nil {
		t.Fatalf("Totals: %v", err)
	}
	if !was.Gross.Add(got.Gross).Equal(is.Gross) {
		t.Errorf("%s corrected by %s is not %s", was.Gross, got.Gross, is.Gross)
	}
	if !was.Net.Given() || !is.Net.Given() {
		return
	}
	if was.Net.Add(got.Net).Cmp(is.Net) != 0 || was.VAT.Add(got.VAT).Cmp(is.VAT) != 0 {
		t.Errorf("%s %s corrected by %s %s is not %s %s", was.Net, was.VAT, got.Net, got.VAT, is.Net, is.VAT)
	}
	if was.VATPLN.Given() && is.VATPLN.Given() && was.VATPLN.Add(got.VATPLN).Cmp(is.VATPLN) != 0 {
		t.Errorf("VAT in PLN %s corrected by %s is not %s", was.VATPLN, got.VATPLN, is.VATPLN)
	}
}

// unfaultable are the samples whose corrections repeat what is odd about them.
var unfaultable = []string{
	"02-net-every-percentage", "44-negative-line", "47-full-parties",
	"72-simplified-total-only", "73-simplified-with-rates", // the buyer's name is not known
}

// TestCorrectEverySample cancels every sample, and takes its first line away.
func TestCorrectEverySample(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		if mustDecode(t, s.json).kind().IsCorrection() {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			before, after := mustDecode(t, s.json), mustDecode(t, s.json)
			cancel, err := NewCancellation(before, reference(before))
			if err != nil {
				t.Fatal(err)
			}
			nothing := &Invoice{Currency: before.Currency, StatedTotals: StatedTotals{Gross: d("0.00"), Rates: []StatedRate{{Rate: VAT23, Net: d("0.00"), VAT: d("0.00"), VATPLN: d("0.00")}}}}
			correctedInTotal(t, before, nothing, cancel)
			all := []*Invoice{cancel}
			if len(after.Lines) > 1 {
				after.Lines = after.Lines[1:]
				less, err := NewCorrection(before, after, reference(before))
				if err != nil {
					t.Fatal(err)
				}
				correctedInTotal(t, before, after, less)
				all = append(all, less)
			}
			for _, c := range all {
				c.Number, c.IssueDate, c.Correction.Reason = "KOR/1/2026", pl.NewDate(2026, 11, 20), "Zwrot towaru"
				if !slices.Contains(unfaultable, s.name) {
					flawless(t, c)
				} else if _, err := EncodeFA3(c, noon(c.IssueDate)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestCorrectDrawn corrects invoices of every kind into others of the same kind,
// and cancels them.
func TestCorrectDrawn(t *testing.T) {
	t.Parallel()
	for kind := range correctionKinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				before, after := drawKind(t, kind), drawKind(t, kind)
				after.Currency, after.Pricing, after.Buyer, after.ExchangeRate = before.Currency, before.Pricing, before.Buyer, before.ExchangeRate
				if !after.foreignCurrency() {
					for i := range after.Lines {
						after.Lines[i].ExchangeRate = Decimal{}
					}
				}
				if _, err := after.Totals(); err != nil {
					t.Skip("with another currency or pricing there are no totals")
				}
				c, err := NewCorrection(before, after, reference(before))
				if errors.Is(err, errNothingChanges) {
					t.Skip("drawn alike")
				}
				if err != nil {
					t.Fatalf("NewCorrection: %v", err)
				}
				correctedInTotal(t, before, after, c)
				cancel, err := NewCancellation(before, reference(before))
				if err != nil {
					t.Fatalf("NewCancellation: %v", err)
				}
				was, _ := before.Totals()
				got, err := cancel.Totals()
				if err != nil || was.Gross.Add(got.Gross).Sign() != 0 {
					t.Fatalf("%s cancelled by %s (%v)", was.Gross, got.Gross, err)
				}
				cancel.Number, cancel.IssueDate = "KOR/1", pl.NewDate(2026, 11, 20)
				if _, err := EncodeFA3(cancel, noon(cancel.IssueDate)); err != nil {
					t.Fatalf("EncodeFA3: %v", err)
				}
			})
		})
	}
}

// TestNewCorrectionExchangeRate: the amounts stay, the tax in PLN changes.
func TestNewCorrectionExchangeRate(t *testing.T) {
	t.Parallel()
	before := &Invoice{Number: "A", Currency: "EUR", ExchangeRate: d("4.20"), Lines: []Line{
		{Name: "Stół", Quantity: d("1"), Unit: "szt.", UnitPrice: d("1000.00"), VATRate: VAT23},
	}}
	after := *before
	after.ExchangeRate = d("4.30")
	c, err := NewCorrection(before, &after, reference(before))
	if err != nil {
		t.Fatal(err)
	}
	totals, err := c.Totals()
	if err != nil {
		t.Fatal(err)
	}
	if want := "P_13_1 0.00 0.00 (23.00); 0.00"; brief(totals) != want {
		t.Errorf("totals %s, want %s", brief(totals), want)
	}
	if len(c.Lines) != 2 || !c.Lines[0].ExchangeRate.Equal(d("4.20")) || !c.Lines[1].ExchangeRate.Equal(d("4.30")) {
		t.Errorf("lines %+v", c.Lines)
	}
}

// TestNewCorrectionOfDataInEuro: where no amount changes nothing is converted.
func TestNewCorrectionOfDataInEuro(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"24-euro-one-rate", "25-euro-rate-per-line", "68-advance-in-euro", "17-split-payment-in-euro"} {
		before, after := sampleInvoice(t, name), sampleInvoice(t, name)
		before.Buyer.Name, after.Buyer.Key = "Dawna nazwa", "A"
		c, err := NewCorrection(before, after, reference(before))
		if err != nil {
			t.Fatal(err)
		}
		c.Number, c.IssueDate, c.Correction.Reason = "KOR/1", pl.NewDate(2026, 11, 20), "Błędna nazwa nabywcy"
		document := flawless(t, c)
		if advance := c.Kind == KindAdvanceCorrection; bytes.Contains(document, []byte("<KursWalutyZ>")) != advance {
			t.Errorf("%s: exchange rate of an advance: %s", name, document)
		}
	}
}

// row is what a test looks at in a line.
type row struct {
	Number   int
	Name     string
	Quantity string
	Before   bool
}

func rowsOf(lines []Line) []row {
	var rows []row
	for _, l := range lines {
		rows = append(rows, row{l.Number, l.Name, l.Quantity.String(), l.Before})
	}
	return rows
}

// TestPairing: which line became which.
func TestPairing(t *testing.T) {
	t.Parallel()
	line := func(id, name string, quantity int64) Line {
		return Line{ID: id, Name: name, Quantity: DecimalFromInt(quantity), Unit: "szt.", UnitPrice: d("1.00"), VATRate: VAT23}
	}
	tests := []struct {
		name          string
		before, after []Line
		want          []row
	}{
		{"nothing changes", []Line{line("", "a", 1)}, []Line{line("", "a", 1)}, nil},
		{"order changes", []Line{line("", "a", 1), line("", "b", 2)}, []Line{line("", "b", 2), line("", "a", 1)}, nil},
		{
			"one goes away from the middle",
			[]Line{line("", "a", 1), line("", "b", 2), line("", "c", 3)},
			[]Line{line("", "a", 1), line("", "c", 3)},
			[]row{{2, "b", "2", true}, {2, "b", "0", false}},
		},
		{
			"one is put in before the others",
			[]Line{line("", "a", 1), line("", "b", 2)},
			[]Line{line("", "x", 9), line("", "a", 1), line("", "b", 2)},
			[]row{{3, "x", "9", false}},
		},
		{
			"by name",
			[]Line{line("", "a", 1), line("", "b", 2)},
			[]Line{line("", "b", 3), line("", "a", 4)},
			[]row{{1, "a", "1", true}, {1, "a", "4", false}, {2, "b", "2", true}, {2, "b", "3", false}},
		},
		{
			"another name",
			[]Line{line("", "a", 1), line("", "b", 2)},
			[]Line{line("", "a", 1), line("", "c", 2)},
			[]row{{2, "b", "2", true}, {2, "c", "2", false}},
		},
		{
			"by ID alone",
			[]Line{line("1", "a", 1), line("2", "a", 2)},
			[]Line{line("2", "a", 1), line("3", "a", 2)},
			[]row{{1, "a", "1", true}, {1, "a", "0", false}, {2, "a", "2", true}, {2, "a", "1", false}, {3, "a", "2", false}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before, after := &Invoice{Lines: tt.before}, &Invoice{Lines: tt.after}
			c, err := NewCorrection(before, after, reference(before))
			if tt.want == nil {
				if !errors.Is(err, errNothingChanges) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rowsOf(c.Lines)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCorrectionKeepsReferences: facts about lines move with them, and those
// about lines that are not shown are left out.
func TestCorrectionKeepsReferences(t *testing.T) {
	t.Parallel()
	before, after := sampleInvoice(t, "82-new-land-vehicles"), sampleInvoice(t, "82-new-land-vehicles")
	facts := []Description{{Key: "all", Value: "x"}, {Line: 1, Key: "one", Value: "x"}, {Line: 3, Key: "three", Value: "x"}}
	before.Descriptions, after.Descriptions = facts, slices.Clone(facts)
	after.Lines = slices.Delete(after.Lines, 1, 2) // line 2 goes away: line 3 becomes line 2
	after.NewTransport.Vehicles = slices.Delete(after.NewTransport.Vehicles, 1, 2)
	after.NewTransport.Vehicles[1].Line, after.NewTransport.Vehicles[2].Line = 2, 3
	after.Descriptions[2].Line = 2
	after.Lines[1].UnitPrice = d("2250.00")
	c, err := NewCorrection(before, after, reference(before))
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{2, "Motocykl terenowy", "1", true},
		{2, "Motocykl terenowy", "0", false},
		{3, "Motorower", "1", true},
		{3, "Motorower", "1", false},
	}
	if diff := cmp.Diff(want, rowsOf(c.Lines)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Description{{Key: "all", Value: "x"}, {Line: 3, Key: "three", Value: "x"}}, c.Descriptions); diff != "" {
		t.Errorf("descriptions (-want +got):\n%s", diff)
	}
	if v := c.NewTransport.Vehicles; len(v) != 1 || v[0].Line != 3 || v[0].Model != "Mini 50" {
		t.Errorf("vehicles %+v", v)
	}
	c.Number, c.IssueDate = "KOR/1", pl.NewDate(2026, 11, 20)
	flawless(t, c)
}
