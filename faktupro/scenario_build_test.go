package faktupro

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/pl"
)

// sampleInvoice reads one sample.
func sampleInvoice(t testing.TB, name string) *Invoice {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "invoices", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return mustDecode(t, data)
}

// samplesThatAreBuilt are the samples that follow from other invoices.
var samplesThatAreBuilt = []struct {
	name   string
	totals string // by hand
	build  func(t *testing.T, of CorrectedInvoice) (*Invoice, error)
}{
	{
		"58-correction-to-zero", "P_13_1 -1260.00 -289.80; -1549.80",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			return NewCancellation(sampleInvoice(t, "01-net-23"), of)
		},
	},
	{ // The second of two payments, 2,460.00 and 1,230.00, is given back.
		"74-correction-of-advance-payment", "P_13_1 -1000.00 -230.00; -1230.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "67-advance-several-payments"), sampleInvoice(t, "67-advance-several-payments")
			after.Prepayments = after.Prepayments[:1]
			after.SupplyDate = pl.NewDate(2026, 4, 30)
			return NewCorrection(before, after, of)
		},
	},
	{ // 6,642.00 is 5,400.00 and 23% of it, or 6,150.00 and 8% of it.
		"75-correction-of-advance-rate", "P_13_1 -5400.00 -1242.00; P_13_2 6150.00 492.00; 0.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "66-advance-at-several-rates"), sampleInvoice(t, "66-advance-at-several-rates")
			wrong := OrderLine{Name: "Remont łazienki", Quantity: d("1"), Unit: "usł.", UnitPrice: d("20000.00"), VATRate: VAT23}
			right := OrderLine{Name: "Remont łazienki w lokalu mieszkalnym", Quantity: d("1"), Unit: "usł.", UnitPrice: d("22777.78"), VATRate: VAT8}
			before.Order.Lines, after.Order.Lines = []OrderLine{wrong}, []OrderLine{right}
			before.Advance, after.Advance = d("6642.00"), d("6642.00")
			after.SupplyDate = pl.NewDate(2026, 5, 27)
			return NewCorrection(before, after, of)
		},
	},
	{
		"59-correction-buyer-data", "0.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "01-net-23"), sampleInvoice(t, "01-net-23")
			before.Buyer.Name, before.Buyer.Address.Line1 = "Hotel Pod Rysem Sp. k.", "ul. Tatrzańska 4"
			after.Buyer.Key, after.IssuePlace, after.SupplyDate = "RYSY", "", pl.Date{}
			return NewCorrection(before, after, of)
		},
	},
	{
		"60-correction-seller-data", "0.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "01-net-23"), sampleInvoice(t, "01-net-23")
			before.Seller.Address.Line1 = "ul. Kolejowa 5"
			after.IssuePlace, after.SupplyDate = "", pl.Date{}
			return NewCorrection(before, after, of)
		},
	},
	{
		"110-correction-data-of-several-buyers", "0.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			after := sampleInvoice(t, "110-correction-data-of-several-buyers")
			after.Kind, after.Correction = KindVAT, Correction{}
			after.Lines = []Line{{Name: "Projekt ogrodu", Quantity: d("1"), Unit: "usł.", UnitPrice: d("3600.00"), VATRate: VAT23}}
			before := *after
			before.Buyer.Name = "Maria Brzoza"
			before.ThirdParties = slices.Clone(after.ThirdParties)
			before.ThirdParties[0].Name = "Brzoza GmbH"
			return NewCorrection(&before, after, of)
		},
	},
	{
		"76-correction-of-advance-buyer", "P_13_1 0.00 0.00; 0.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "69-advance-that-exhausts-the-price"), sampleInvoice(t, "69-advance-that-exhausts-the-price")
			before.Buyer.Name, after.Buyer.Key = "Piekarnia Bochenek s.c.", "B-1"
			return NewCorrection(before, after, of)
		},
	},
	{ // Ten metres at 200.00 less.
		"77-correction-of-settlement", "P_13_1 -2000.00 -460.00; -2460.00",
		func(t *testing.T, of CorrectedInvoice) (*Invoice, error) {
			before, after := sampleInvoice(t, "70-settlement-of-several-advances"), sampleInvoice(t, "70-settlement-of-several-advances")
			after.Lines[1].Quantity = d("90")
			c, err := NewCorrection(before, after, of)
			if err == nil { // FA(3) has no place for the amounts of the advances
				for i := range c.AdvanceInvoices {
					c.AdvanceInvoices[i].Rates = nil
				}
			}
			return c, err
		},
	},
	{ // A fifth and a tenth of the price were paid: seven tenths remain.
		"70-settlement-of-several-advances", "P_13_1 14000.00 3220.00; P_13_2 126000.00 10080.00; 153300.00",
		func(t *testing.T, _ CorrectedInvoice) (*Invoice, error) {
			first := sampleInvoice(t, "66-advance-at-several-rates")
			earlier := *first
			earlier.Number, earlier.Advance = "ZAL/1/2026", d("21900.00")
			inv := sampleInvoice(t, "70-settlement-of-several-advances")
			inv.Lines = []Line{
				{Name: "Budowa domku letniskowego 35 m²", Quantity: d("1"), Unit: "kpl.", UnitPrice: d("180000.00"), VATRate: VAT8},
				{Name: "Ogrodzenie działki", Quantity: d("100"), Unit: "m", UnitPrice: d("200.00"), VATRate: VAT23},
			}
			inv.AdvanceInvoices = nil
			for _, a := range []*Invoice{first, &earlier} {
				paid, err := a.Totals()
				if err != nil {
					return nil, err
				}
				inv.AdvanceInvoices = append(inv.AdvanceInvoices, AdvanceInvoice{Number: a.Number, Rates: paid.StatedRates()})
			}
			inv.AdvanceInvoices[0].Number = ""
			inv.AdvanceInvoices[0].KSeFNumber = pl.NewKSeFNumber(first.Seller.NIP, first.IssueDate, [6]byte{0x0A, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F})
			return inv, nil
		},
	},
	{ // 12,300.00 less the 3,690.00 that came first.
		"69-advance-that-exhausts-the-price", "P_13_1 7000.00 1610.00; 8610.00",
		func(t *testing.T, _ CorrectedInvoice) (*Invoice, error) {
			first := sampleInvoice(t, "67-advance-several-payments")
			paid, err := first.Totals()
			if err != nil {
				return nil, err
			}
			inv := sampleInvoice(t, "69-advance-that-exhausts-the-price")
			inv.Order, inv.Advance = first.Order, paid.Order.Sub(paid.Gross)
			return inv, nil
		},
	},
}

// TestBuiltSamples builds samples from the invoices they belong to.
func TestBuiltSamples(t *testing.T) {
	t.Parallel()
	for _, tt := range samplesThatAreBuilt {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := sampleInvoice(t, tt.name)
			var of CorrectedInvoice
			if want.kind().IsCorrection() {
				of = want.Correction.Invoices[0]
			}
			got, err := tt.build(t, of)
			if err != nil {
				t.Fatal(err)
			}
			// What the caller fills in.
			got.Number, got.IssueDate, got.Payment = want.Number, want.IssueDate, want.Payment
			got.Correction.Reason, got.Correction.Effect = want.Correction.Reason, want.Correction.Effect
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("built (-sample +built):\n%s", diff)
			}
			totals, err := got.Totals()
			if err != nil {
				t.Fatal(err)
			}
			if sum := brief(totals); sum != tt.totals {
				t.Errorf("totals\n got %s\nwant %s", sum, tt.totals)
			}
			flawless(t, got)
		})
	}
}

// flawless issues an invoice and has everything there is judge it.
func flawless(t testing.TB, inv *Invoice) []byte {
	t.Helper()
	if problems := inv.Validate(ValidateOptions{}); len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	xml, err := EncodeFA3(inv, noon(inv.IssueDate))
	if err != nil {
		t.Fatalf("EncodeFA3: %v", err)
	}
	if errs, warnings := grave(xml, inv); len(errs)+len(warnings) > 0 {
		t.Errorf("document: %v %v\n%s", errs, warnings, xml)
	}
	return xml
}

// TestOriginalsExist: what built samples correct and settle is a sample too.
func TestOriginalsExist(t *testing.T) {
	t.Parallel()
	for built, original := range map[string]string{
		"58-correction-to-zero":            "01-net-23",
		"74-correction-of-advance-payment": "67-advance-several-payments",
		"76-correction-of-advance-buyer":   "69-advance-that-exhausts-the-price",
		"77-correction-of-settlement":      "70-settlement-of-several-advances",
	} {
		c, inv := sampleInvoice(t, built), sampleInvoice(t, original)
		of := c.Correction.Invoices[0]
		if diff := cmp.Diff(inv.Reference(of.KSeFNumber), of); diff != "" {
			t.Errorf("%s corrects another invoice (-want +got):\n%s", built, diff)
		}
	}
}
