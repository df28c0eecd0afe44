package faktupro

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
	"github.com/faktupro/faktupro-go/pl"
)

const correctedKSeF pl.KSeFNumber = "1234563218-20260228-0A1B2C3D4E5F-15"

// sampleCopies are two equal invoices of one's own sample.
func sampleCopies(t testing.TB) (before, after *Invoice) {
	t.Helper()
	before, after = mustDecode(t, Sample()), mustDecode(t, Sample())
	before.Number, after.Number = "FV/1", "FV/1"
	return before, after
}

// issued makes a draft ready and judges its document by everything there is.
func issued(t testing.TB, inv *Invoice) *fa3.Faktura {
	t.Helper()
	inv.Number, inv.IssueDate = "KOR/1", pl.NewDate(2026, 11, 20)
	xml, err := EncodeFA3(inv, noon(inv.IssueDate))
	if err != nil {
		t.Fatalf("EncodeFA3: %v", err)
	}
	for _, p := range validate.Document(xml, validate.Config{}).Problems {
		if p.Severity == validate.Error {
			t.Errorf("%s: %s", p.Path, p.EN)
		}
	}
	document, err := fa3.Unmarshal(xml)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestNewCorrectionLines(t *testing.T) {
	t.Parallel()
	before, after := sampleCopies(t)
	if len(before.Lines) < 3 {
		t.Fatal("the sample has too few lines")
	}
	after.Lines[1].Quantity = after.Lines[1].Quantity.Add(DecimalFromInt(2))
	after.Lines = append(append([]Line(nil), after.Lines[:2]...), after.Lines[3:]...) // the third goes away
	after.Lines = append(after.Lines, Line{ID: "added", Name: "Added", Quantity: DecimalFromInt(1), Unit: "szt.", UnitPrice: MustDecimal("10.00"), VATRate: VAT23})
	for i := range before.Lines {
		before.Lines[i].ID = before.Lines[i].Name
	}
	for i := range after.Lines {
		after.Lines[i].ID = after.Lines[i].Name
	}
	c, err := NewCorrection(before, after, before.Reference(correctedKSeF))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Number int
		Name   string
		Before bool
	}
	var got []row
	for _, l := range c.Lines {
		got = append(got, row{l.Number, l.Name, l.Before})
	}
	second, third := before.Lines[1].Name, before.Lines[2].Name
	want := []row{{2, second, true}, {2, second, false}, {3, third, true}, {3, third, false}, {len(before.Lines) + 1, "Added", false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	document := issued(t, c)
	if document.Fa.RodzajFaktury != fa3.KindKOR || document.Fa.DaneFaKorygowanej[0].NrKSeFFaKorygowanej != string(correctedKSeF) {
		t.Errorf("kind %s, reference %+v", document.Fa.RodzajFaktury, document.Fa.DaneFaKorygowanej)
	}
}

// TestNewCorrectionDifference: whatever changes, the correction is worth the
// difference, and applies to the earlier totals without a remainder.
func TestNewCorrectionDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := priced(t, "before"), priced(t, "after")
		after.Pricing = before.Pricing
		was, err := before.Totals()
		if err != nil {
			t.Fatal(err)
		}
		is, err := after.Totals()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewCorrection(before, before, before.Reference("")); !errors.Is(err, ErrNotCorrectable) {
			t.Fatalf("nothing changes, but the error is %v", err)
		}
		c, err := NewCorrection(before, after, before.Reference(""))
		if errors.Is(err, errNothingChanges) && was.Gross.Equal(is.Gross) && was.VAT.Equal(is.VAT) {
			return // drawn alike
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Totals()
		if err != nil {
			t.Fatal(err)
		}
		if !was.Gross.Add(got.Gross).Equal(is.Gross) || !was.VAT.Add(got.VAT).Equal(is.VAT) {
			t.Fatalf("%s %s + %s %s is not %s %s", was.Gross, was.VAT, got.Gross, got.VAT, is.Gross, is.VAT)
		}
	})
}

// priced is an invoice with a few priced lines.
func priced(t *rapid.T, label string) *Invoice {
	inv := &Invoice{Pricing: rapid.SampledFrom([]Pricing{PricingNet, PricingGross}).Draw(t, label+" pricing")}
	for range rapid.IntRange(1, 5).Draw(t, label+" lines") {
		inv.Lines = append(inv.Lines, Line{
			ID:        rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, label+" id"),
			Quantity:  DecimalFromInt(rapid.Int64Range(1, 50).Draw(t, label+" quantity")),
			UnitPrice: DecimalFromGrosze(rapid.Int64Range(1, 100_000).Draw(t, label+" price")),
			VATRate:   rapid.SampledFrom([]VATRate{VAT23, VAT8, VAT5, VATExempt}).Draw(t, label+" rate"),
		})
	}
	return inv
}

func TestNewCancellation(t *testing.T) {
	t.Parallel()
	before, _ := sampleCopies(t)
	was, err := before.Totals()
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCancellation(before, before.Reference(correctedKSeF))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Totals()
	if err != nil {
		t.Fatal(err)
	}
	if got.Gross.Add(was.Gross).Sign() != 0 || got.Net.Add(was.Net).Sign() != 0 {
		t.Errorf("%s of %s taken back", got.Gross, was.Gross)
	}
	if len(c.Lines) != 2*len(before.Lines) {
		t.Errorf("%d lines for %d", len(c.Lines), len(before.Lines))
	}
	issued(t, c)
}

func TestNewCorrectionParties(t *testing.T) {
	t.Parallel()
	before, after := sampleCopies(t)
	after.Buyer.Name = "Nowa Nazwa sp. z o.o."
	after.Seller.Address.Line1 = "ul. Nowa 1"
	c, err := NewCorrection(before, after, before.Reference(correctedKSeF))
	if err != nil {
		t.Fatal(err)
	}
	document := issued(t, c)
	if got := document.Fa.Podmiot2K; len(got) != 1 || got[0].DaneIdentyfikacyjne.Nazwa != before.Buyer.Name {
		t.Errorf("Podmiot2K %+v", got)
	}
	if got := document.Fa.Podmiot1K; got == nil || got.Adres.AdresL1 != before.Seller.Address.Line1 {
		t.Errorf("Podmiot1K %+v", got)
	}
	if document.Fa.P_15 != "0.00" && document.Fa.P_15 != "0" || len(document.Fa.FaWiersz) > 0 {
		t.Errorf("P_15 %s, %d lines", document.Fa.P_15, len(document.Fa.FaWiersz))
	}
}

// TestNewCorrectionOfAdvance takes a part of an advance back.
func TestNewCorrectionOfAdvance(t *testing.T) {
	t.Parallel()
	before, after := sampleCopies(t)
	for _, inv := range []*Invoice{before, after} {
		inv.Kind, inv.Lines = KindAdvance, nil
		inv.Order.Lines = []OrderLine{{Name: "Maszyna", Quantity: DecimalFromInt(1), Unit: "szt.", UnitPrice: MustDecimal("10000.00"), VATRate: VAT23}}
		inv.SupplyDate = inv.IssueDate
	}
	before.Advance, after.Advance = MustDecimal("6150.00"), MustDecimal("4920.00")
	c, err := NewCorrection(before, after, before.Reference(correctedKSeF))
	if err != nil {
		t.Fatal(err)
	}
	fa := &issued(t, c).Fa
	if fa.P_15 != "-1230.00" || fa.P_13_1 != "-1000.00" || fa.P_14_1 != "-230.00" || fa.P_15ZK != "6150.00" {
		t.Errorf("P_15 %s, P_13_1 %s, P_14_1 %s, P_15ZK %s", fa.P_15, fa.P_13_1, fa.P_14_1, fa.P_15ZK)
	}
	if fa.RodzajFaktury != fa3.KindKOR_ZAL || len(fa.Zamowienie.ZamowienieWiersz) != 2 {
		t.Errorf("kind %s, %d order lines", fa.RodzajFaktury, len(fa.Zamowienie.ZamowienieWiersz))
	}
}

func TestNotCorrectable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(before, after *Invoice)
	}{
		{"a correction", func(before, _ *Invoice) { before.Kind = KindCorrection }},
		{"kind", func(_, after *Invoice) { after.Kind = KindSimplified }},
		{"seller", func(_, after *Invoice) { after.Seller.NIP = "5260250274" }},
		{"buyer", func(_, after *Invoice) { after.Buyer.NIP = "5260250274" }},
		{"currency", func(_, after *Invoice) { after.Currency = "EUR" }},
		{"pricing", func(_, after *Invoice) { after.Pricing = PricingGross }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before, after := sampleCopies(t)
			tt.change(before, after)
			_, err := NewCorrection(before, after, before.Reference(""))
			if !errors.Is(err, ErrNotCorrectable) {
				t.Errorf("error %v", err)
			}
		})
	}
}
