package faktupro

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

// ruleCase breaks an invoice without problems, which is its corrected twin, so
// that rules speak; want lists everything that then is to be said.
type ruleCase struct {
	name string
	base func() *Invoice
	edit func(*Invoice)
	want []string
}

// ruleCases are the cases of all kinds of invoice.
func ruleCases() []ruleCase {
	return slices.Concat(partCases, correctionCases, advanceCases, statedCases, lineCases, procedureCases, thingCases)
}

func TestRuleCases(t *testing.T) {
	t.Parallel()
	for _, tt := range ruleCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			twin := tt.base()
			if problems := twin.Validate(ValidateOptions{Now: noon(twin.IssueDate)}); len(problems) > 0 {
				t.Fatalf("the corrected twin has problems: %v", problems)
			}
			if _, err := EncodeFA3(twin, noon(twin.IssueDate)); err != nil {
				t.Fatalf("the corrected twin cannot be encoded: %v", err)
			}
			broken := tt.base()
			tt.edit(broken)
			problems := broken.Validate(ValidateOptions{Now: noon(broken.IssueDate)})
			if diff := cmp.Diff(tt.want, places(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, p := range problems {
				if strings.ContainsAny(p.EN+p.PL, "{}") || p.EN == "" || p.PL == "" {
					t.Errorf("message of %s is not complete: %q %q", p.Code, p.EN, p.PL)
				}
			}
		})
	}
}

// basic is the published sample without terms of payment.
func basic() *Invoice {
	inv, err := DecodeInvoice(Sample())
	if err != nil {
		panic(err)
	}
	inv.Payment.Due = nil
	return inv
}

// ksefNumberOf is a number KSeF could have given on the day.
func ksefNumberOf(seller pl.NIP, on string, last byte) pl.KSeFNumber {
	return pl.NewKSeFNumber(seller, day(on), [6]byte{1, 2, 3, 4, 5, last})
}

// corrected is a correction of the price of one line.
func corrected() *Invoice {
	inv := basic()
	inv.Kind = KindCorrection
	inv.Number = "KOR/1/2026"
	inv.Correction = Correction{
		Reason:   "Błędna cena",
		Invoices: []CorrectedInvoice{{Number: "FV/1/01/2026", IssueDate: day("2026-01-20"), KSeFNumber: ksefNumberOf("1234563218", "2026-01-20", 1)}},
	}
	inv.Lines = []Line{
		{Number: 1, Name: "Stojak", Quantity: d("2"), Unit: "szt.", UnitPrice: d("318.50"), VATRate: VAT23, Before: true},
		{Number: 1, Name: "Stojak", Quantity: d("2"), Unit: "szt.", UnitPrice: d("300.00"), VATRate: VAT23},
	}
	return inv
}

// advance is an advance invoice for a part of an order at two rates.
func advance() *Invoice {
	inv := basic()
	inv.Kind = KindAdvance
	inv.Lines = nil
	inv.Advance = d("1230.00")
	inv.Order.Lines = []OrderLine{
		{Name: "Regał na wymiar", Quantity: d("4"), Unit: "szt.", UnitPrice: d("500.00"), VATRate: VAT23},
		{Name: "Katalog", Quantity: d("100"), Unit: "egz.", UnitPrice: d("10.00"), VATRate: VAT5},
	}
	return inv
}

// changedAdvance is the correction of an advance invoice whose payment grew.
func changedAdvance() *Invoice {
	inv := advance()
	inv.Kind = KindAdvanceCorrection
	inv.Correction = corrected().Correction
	inv.Correction.AmountBefore = d("1000.00")
	inv.Advance = d("230.00")
	return inv
}

// settled is the settlement of one advance invoice.
func settled() *Invoice {
	inv := basic()
	inv.Kind = KindSettlement
	inv.AdvanceInvoices = []AdvanceInvoice{{
		KSeFNumber: ksefNumberOf("1234563218", "2026-01-20", 2),
		Rates:      []StatedRate{{Rate: VAT23, Net: d("100.00"), VAT: d("23.00")}},
	}}
	return inv
}

// changedSettlement is the correction of a settlement.
func changedSettlement() *Invoice {
	inv := corrected()
	inv.Kind = KindSettlementCorrection
	inv.AdvanceInvoices = settled().AdvanceInvoices
	inv.Correction.AmountBefore = d("660.51")
	return inv
}

// simplified is an invoice that names only goods, a rate and the total.
func simplified() *Invoice {
	inv := basic()
	inv.Kind = KindSimplified
	inv.Buyer = Buyer{NIP: inv.Buyer.NIP}
	inv.Lines = []Line{{Name: "Parkowanie", VATRate: VAT23}}
	inv.StatedTotals.Gross = d("123.00")
	return inv
}

// collective is a discount on all sales of a period.
func collective() *Invoice {
	inv := corrected()
	inv.Correction.Period = "styczeń 2026"
	inv.Lines = nil
	inv.StatedTotals.Rates = []StatedRate{{Rate: VAT23, Net: d("-100.00"), VAT: d("-23.00")}}
	return inv
}

// renamed corrects the buyer's name and nothing else.
func renamed() *Invoice {
	inv := corrected()
	inv.Lines = nil
	inv.Buyer.Key = "N1"
	inv.Correction.Buyers = []EarlierBuyer{{
		NIP: inv.Buyer.NIP, Name: "Księgarnia Pod Sową", Address: inv.Buyer.Address, Key: "N1",
	}}
	return inv
}

// euros is an invoice in a foreign currency.
func euros() *Invoice {
	inv := basic()
	inv.Currency, inv.ExchangeRate = "EUR", d("4.2511")
	return inv
}

// secondHand is an invoice under a margin scheme.
func secondHand() *Invoice {
	inv := basic()
	inv.Margin = MarginSecondHand
	inv.Lines = []Line{{Name: "Regał używany", Quantity: d("1"), Unit: "szt.", UnitPrice: d("800.00"), VATRate: VATMargin}}
	return inv
}

// oss is a distance sale to a German consumer.
func oss() *Invoice {
	inv := basic()
	inv.Buyer = Buyer{NoTaxID: true, Name: "Anna Schmidt", Address: Address{Country: "DE", Line1: "Lindenstraße 9"}}
	inv.Lines = []Line{{
		Name: "Album", Quantity: d("1"), Unit: "egz.", UnitPrice: d("50.00"),
		VATRate: VATOSS, OSSRate: d("7"), Procedure: "WSTO_EE",
	}}
	return inv
}

// newCar is an intra-EU supply of a new car.
func newCar() *Invoice {
	inv := basic()
	inv.Buyer = german
	inv.Lines = []Line{{Name: "Samochód", Quantity: d("1"), Unit: "szt.", UnitPrice: d("90000.00"), VATRate: VAT0IntraEU}}
	inv.NewTransport.Vehicles = []Vehicle{{Line: 1, FirstUse: day("2026-02-01"), Land: LandVehicle{Mileage: "12 km", VIN: "WVWZZZ1JZXW000001"}}}
	return inv
}

// shipped is an invoice with a transport.
func shipped() *Invoice {
	inv := basic()
	inv.Terms.Transports = []Transport{{
		Mode: TransportRoad, Load: LoadPallet,
		Carrier: Carrier{NIP: "7012233446", Name: "Spedycja", Address: inv.Seller.Address},
		Start:   ruleNow, End: ruleNow.AddDate(0, 0, 1),
	}}
	return inv
}

// withDeposit is an invoice whose total a deposit raises.
func withDeposit() *Invoice {
	inv := basic()
	inv.Settlement = Settlement{
		Charges:    []Charge{{d("10.00"), "Kaucja za palety"}},
		Deductions: []Charge{{d("2.50"), "Zwrot kaucji"}},
	}
	return inv
}

// attached is an invoice with a table.
func attached() *Invoice {
	inv := basic()
	inv.Attachment.Blocks = []AttachmentBlock{{
		Metadata: []KeyValue{{"Punkt poboru", "PL-0001"}},
		Tables: []Table{{
			Columns: []Column{{ColumnText, "Strefa"}, {ColumnDecimal, ""}},
			Rows:    [][]string{{"dzień", "12.50"}, {"noc"}},
			Sums:    []string{"razem"},
		}},
	}}
	return inv
}

func longText(n int) string { return strings.Repeat("ż", n) }
