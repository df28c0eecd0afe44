package faktupro

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fields are the totals of an invoice as "net VAT" or "net VAT PLN" by field.
func fieldsOf(t Totals) map[string]string {
	shown := map[string]string{"P_15": t.Gross.String()}
	for _, f := range t.Fields {
		text := f.Net.String()
		if f.VATField != "" {
			text += " " + f.VAT.String()
		}
		if f.VATPLN.Given() {
			text += " " + f.VATPLN.String()
		}
		shown[f.NetField] = text
	}
	return shown
}

func before(l Line) Line {
	l.Before = true
	return l
}

func ordered(net, vat string, rate VATRate) OrderLine {
	return OrderLine{Name: "x", Amount: d(net), VAT: d(vat), VATRate: rate}
}

func orderedBefore(net, vat string, rate VATRate) OrderLine {
	l := ordered(net, vat, rate)
	l.Before = true
	return l
}

// flat is the order of the official examples of advances: 369,000 at 8% and
// 6,150 at 23%.
var flat = []OrderLine{ordered("341666.67", "27333.33", VAT8), ordered("5000.00", "1150.00", VAT23)}

var flatBefore = []OrderLine{orderedBefore("341666.67", "27333.33", VAT8), orderedBefore("5000.00", "1150.00", VAT23)}

func paidBefore(amount string) Correction { return Correction{AmountBefore: d(amount)} }

func TestTotalsOfKinds(t *testing.T) {
	t.Parallel()
	type fields = map[string]string
	tests := []struct {
		name string
		inv  Invoice
		want fields
	}{
		{"correction in pairs", Invoice{Kind: KindCorrection, Lines: []Line{
			before(sold("2", "2032.52", VAT23)), sold("2", "1829.27", VAT23),
		}}, fields{"P_13_1": "-406.50 -93.50", "P_15": "-500.00"}},
		{"correction in pairs of gross prices", Invoice{Kind: KindCorrection, Pricing: PricingGross, Lines: []Line{
			before(sold("1", "1000.00", VAT23)), sold("1", "999.99", VAT23),
		}}, fields{"P_13_1": "-0.01 0.00", "P_15": "-0.01"}},
		// 0.02 x 23% = 0.0046, 0.04 x 23% = 0.0092: rounded apart 0.01 - 0.00.
		{"each state is rounded by itself", Invoice{Kind: KindCorrection, Lines: []Line{
			before(worth("0.02", VAT23)), worth("0.04", VAT23),
		}}, fields{"P_13_1": "0.02 0.01", "P_15": "0.03"}},
		{"correction by difference", Invoice{Kind: KindCorrection, Lines: []Line{worth("-200.00", VAT8)}}, fields{"P_13_2": "-200.00 -16.00", "P_15": "-216.00"}},
		{"wrong rate", Invoice{Kind: KindCorrection, Lines: []Line{
			before(worth("100.00", VAT23)), worth("100.00", VAT8),
		}}, fields{"P_13_1": "-100.00 -23.00", "P_13_2": "100.00 8.00", "P_15": "-15.00"}},
		{"all taken back", Invoice{Kind: KindCorrection, Lines: []Line{
			before(sold("3", "10.00", VAT23)), sold("0", "10.00", VAT23),
		}}, fields{"P_13_1": "-30.00 -6.90", "P_15": "-36.90"}},
		{"data only", Invoice{Kind: KindCorrection}, fields{"P_15": "0.00"}},
		{"correction in euro", Invoice{Kind: KindCorrection, Currency: "EUR", ExchangeRate: d("4.1234"), Lines: []Line{
			before(worth("100.00", VAT23)), worth("50.00", VAT23),
		}}, fields{"P_13_1": "-50.00 -11.50 -47.42", "P_15": "-61.50"}},

		{"advance", Invoice{Kind: KindAdvance, Advance: d("10000"), Order: Order{Lines: flat}}, fields{"P_13_1": "133.28 30.65", "P_13_2": "9107.47 728.60", "P_15": "10000.00"}},
		{"advance at one rate", Invoice{Kind: KindAdvance, Advance: d("50000"), Order: Order{Lines: []OrderLine{ordered("406504.07", "93495.93", VAT23)}}}, fields{"P_13_1": "40650.41 9349.59", "P_15": "50000.00"}},
		{"advance of several payments", Invoice{Kind: KindAdvance, Order: Order{Lines: flat}, Prepayments: []Prepayment{
			{Amount: d("4000")}, {Amount: d("6000")},
		}}, fields{"P_13_1": "133.28 30.65", "P_13_2": "9107.47 728.60", "P_15": "10000.00"}},
		{"advance in euro", Invoice{Kind: KindAdvance, Currency: "EUR", ExchangeRate: d("4.2"), Advance: d("10000"), Order: Order{Lines: flat}}, fields{"P_13_1": "133.28 30.65 128.73", "P_13_2": "9107.47 728.60 3060.12", "P_15": "10000.00"}},
		// (4000 x 4 + 6000 x 5) / 10000 = 4.6
		{"payments at several exchange rates", Invoice{Kind: KindAdvance, Currency: "EUR", ExchangeRate: d("4"), Order: Order{Lines: flat}, Prepayments: []Prepayment{
			{Amount: d("4000")}, {Amount: d("6000"), ExchangeRate: d("5")},
		}}, fields{"P_13_1": "133.28 30.65 140.99", "P_13_2": "9107.47 728.60 3351.56", "P_15": "10000.00"}},
		{"advance for margin, OSS and exempt", Invoice{Kind: KindAdvance, Advance: d("300"), Order: Order{Lines: []OrderLine{
			{Amount: d("100"), VATRate: VATMargin}, {Amount: d("100"), VATRate: VATExempt}, {Amount: d("80"), VATRate: VATOSS, OSSRate: d("25")},
		}}}, fields{"P_13_5": "80.00 20.00", "P_13_7": "100.00", "P_13_11": "100.00", "P_15": "300.00"}},

		{"larger payment", Invoice{Kind: KindAdvanceCorrection, Advance: d("10000"), Correction: paidBefore("20000"), Order: Order{Lines: append(flatBefore, flat...)}}, fields{"P_13_1": "133.28 30.65", "P_13_2": "9107.47 728.60", "P_15": "10000.00"}},
		{"payment before not known", Invoice{Kind: KindAdvanceCorrection, Advance: d("10000"), Order: Order{Lines: flat}}, fields{"P_13_1": "133.28 30.65", "P_13_2": "9107.47 728.60", "P_15": "10000.00"}},
		{"advance at the wrong rate", Invoice{Kind: KindAdvanceCorrection, Correction: paidBefore("20000"), Order: Order{Lines: append([]OrderLine{
			orderedBefore("300000", "69000", VAT23), orderedBefore("5000", "1150", VAT23),
		}, flat...)}}, fields{"P_13_1": "-15993.60 -3678.53", "P_13_2": "18214.94 1457.19", "P_15": "0.00"}},
		{"advance paid back", Invoice{Kind: KindAdvanceCorrection, Advance: d("-10000"), Correction: paidBefore("10000"), Order: Order{Lines: append([]OrderLine{
			{Quantity: d("0"), UnitPrice: d("5"), VATRate: VAT8}, {Quantity: d("0"), UnitPrice: d("5"), VATRate: VAT23},
		}, flatBefore...)}}, fields{"P_13_1": "-133.28 -30.65", "P_13_2": "-9107.47 -728.60", "P_15": "-10000.00"}},
		{"data of an advance", Invoice{Kind: KindAdvanceCorrection}, fields{"P_15": "0.00"}},
		// 230 x 5 - 230 x 4
		{"wrong exchange rate", Invoice{
			Kind: KindAdvanceCorrection, Currency: "EUR", ExchangeRate: d("5"), Order: Order{Lines: []OrderLine{ordered("1000", "230", VAT23)}},
			Correction: Correction{AmountBefore: d("1230"), ExchangeRateBefore: d("4")},
		}, fields{"P_13_1": "0.00 0.00 230.00", "P_15": "0.00"}},

		{"settlement", Invoice{Kind: KindSettlement, Lines: []Line{worth("1000.00", VAT23), worth("100.00", VAT8)}, AdvanceInvoices: []AdvanceInvoice{
			{Rates: []StatedRate{{Rate: VAT23, Net: d("100"), VAT: d("23")}}},
			{Rates: []StatedRate{{Rate: VAT23, Net: d("200.01"), VAT: d("46.00")}, {Rate: VAT8, Net: d("100"), VAT: d("8")}}},
		}}, fields{"P_13_1": "699.99 161.00", "P_13_2": "0.00 0.00", "P_15": "860.99"}},
		{"rate known by its total", Invoice{Kind: KindSettlement, Lines: []Line{worth("1000.00", VAT22)}, AdvanceInvoices: []AdvanceInvoice{
			{Rates: []StatedRate{{Rate: VAT23, Net: d("100"), VAT: d("22")}}},
		}}, fields{"P_13_1": "900.00 198.00", "P_15": "1098.00"}},
		{"payments without invoices stay in", Invoice{Kind: KindSettlement, Lines: []Line{worth("1000.00", VAT23)}, Prepayments: []Prepayment{{Amount: d("300")}}}, fields{"P_13_1": "1000.00 230.00", "P_15": "1230.00"}},
		{"settlement in euro", Invoice{Kind: KindSettlement, Currency: "EUR", ExchangeRate: d("4.3"), Lines: []Line{worth("1000.00", VAT23)}, AdvanceInvoices: []AdvanceInvoice{
			{Rates: []StatedRate{{Rate: VAT23, Net: d("400"), VAT: d("92"), VATPLN: d("400")}}},
		}}, fields{"P_13_1": "600.00 138.00 593.40", "P_15": "738.00"}},
		{"correction of a settlement", Invoice{
			Kind: KindSettlementCorrection, Correction: paidBefore("199000"), AdvanceInvoices: []AdvanceInvoice{{Number: "A"}},
			Lines: []Line{before(worth("184259.26", VAT8)), worth("179629.63", VAT8)},
		}, fields{"P_13_2": "-4629.63 -370.37", "P_15": "-5000.00"}},

		{"simplified by its total", Invoice{Kind: KindSimplified, Lines: []Line{{Name: "x", VATRate: VAT23}}, StatedTotals: StatedTotals{Gross: d("450")}}, fields{"P_15": "450.00"}},
		{"simplified with values", Invoice{Kind: KindSimplified, Lines: []Line{worth("300.00", VAT23)}}, fields{"P_13_1": "300.00 69.00", "P_15": "369.00"}},
		{"margin beside services", Invoice{Pricing: PricingNet, Lines: []Line{worth("1000.00", VATMargin), worth("100.00", VAT23)}}, fields{"P_13_1": "100.00 23.00", "P_13_11": "1000.00", "P_15": "1123.00"}},
		{"foreign rates are rounded one by one", Invoice{Currency: "EUR", Lines: []Line{
			{Amount: d("0.02"), VATRate: VATOSS, OSSRate: d("25")}, {Amount: d("0.02"), VATRate: VATOSS, OSSRate: d("25.00")}, {Amount: d("0.02"), VATRate: VATOSS, OSSRate: d("21")},
		}}, fields{"P_13_5": "0.06 0.01", "P_15": "0.07"}},
		{"foreign rates in gross prices", Invoice{Pricing: PricingGross, Lines: []Line{{Amount: d("119.00"), VATRate: VATOSS, OSSRate: d("19")}}}, fields{"P_13_5": "100.00 19.00", "P_15": "119.00"}},
		{"VAT line by line", Invoice{Lines: []Line{
			{Amount: d("0.10"), VATRate: VAT5, VAT: d("0.01")}, {Amount: d("0.10"), VATRate: VAT5, VAT: d("0.01")}, {Amount: d("0.10"), VATRate: VAT5, VAT: d("0.01")}, worth("1.00", VATExempt),
		}}, fields{"P_13_3": "0.30 0.03", "P_13_7": "1.00", "P_15": "1.33"}},
		{"VAT of some lines only", Invoice{Lines: []Line{{Amount: d("0.10"), VATRate: VAT5, VAT: d("0.01")}, worth("0.20", VAT5)}}, fields{"P_13_3": "0.30 0.02", "P_15": "0.32"}},
		{"VAT line by line in euro", Invoice{Currency: "EUR", Lines: []Line{
			{Amount: d("100.00"), VATRate: VAT23, VAT: d("23.00"), ExchangeRate: d("4")}, {Amount: d("100.00"), VATRate: VAT23, VAT: d("23.01"), ExchangeRate: d("5")},
		}}, fields{"P_13_1": "200.00 46.01 207.05", "P_15": "246.01"}},
		{"totals that are said", Invoice{Lines: []Line{worth("1.00", VAT23)}, StatedTotals: StatedTotals{
			Rates: []StatedRate{{Rate: VATExempt, Net: d("5")}, {Rate: VAT23, Net: d("100"), VAT: d("23.01")}}, Gross: d("128"),
		}}, fields{"P_13_1": "100.00 23.01", "P_13_7": "5.00", "P_15": "128.00"}},
		{"VAT in PLN that is said", Invoice{Currency: "EUR", ExchangeRate: d("4"), StatedTotals: StatedTotals{
			Rates: []StatedRate{{Rate: VAT23, Net: d("100"), VAT: d("23"), VATPLN: d("92.50")}, {Rate: VAT8, Net: d("100"), VAT: d("8")}},
		}}, fields{"P_13_1": "100.00 23.00 92.50", "P_13_2": "100.00 8.00 32.00", "P_15": "231.00"}},
		{"total due that is said", Invoice{Lines: []Line{worth("1.00", VAT23)}, StatedTotals: StatedTotals{Gross: d("1.24")}}, fields{"P_13_1": "1.00 0.23", "P_15": "1.24"}},
		{"a grosz of each rate", Invoice{Lines: []Line{worth("1.00", VAT23), worth("1.00", VAT8)}, StatedTotals: StatedTotals{Gross: d("2.33")}}, fields{"P_13_1": "1.00 0.23", "P_13_2": "1.00 0.08", "P_15": "2.33"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.inv.Totals()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, fieldsOf(got)); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTotalsMissing: what cannot be known is named, unless totals are said.
func TestTotalsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		inv  Invoice
		want []string
	}{
		{"advance", Invoice{Kind: KindAdvance, Order: Order{Lines: flat}}, []string{"/advance advance.missing"}},
		{"order", Invoice{Kind: KindAdvance, Advance: d("1")}, []string{"/order order.missing"}},
		{"value in the order", Invoice{Kind: KindAdvance, Advance: d("1"), Order: Order{Lines: []OrderLine{{VATRate: VAT23}}}}, []string{"/order/lines/0 line.value_missing"}},
		{"rate in the order", Invoice{Kind: KindAdvance, Advance: d("1"), Order: Order{Lines: []OrderLine{{Amount: d("1")}}}}, []string{"/order/lines/0/vatRate vat_rate.unknown"}},
		{"order worth nothing", Invoice{Kind: KindAdvance, Advance: d("1"), Order: Order{Lines: []OrderLine{
			{Amount: d("0"), VATRate: VAT8}, {Amount: d("0"), VATRate: VAT23},
		}}}, []string{"/statedTotals stated_totals.needed"}},
		{"payment before", Invoice{Kind: KindAdvanceCorrection, Advance: d("1"), Order: Order{Lines: []OrderLine{
			orderedBefore("1", "0.23", VAT23), ordered("1", "0.08", VAT8),
		}}}, []string{"/statedTotals stated_totals.needed"}},
		{"amounts of an advance invoice", Invoice{Kind: KindSettlement, Lines: []Line{worth("1", VAT23)}, AdvanceInvoices: []AdvanceInvoice{{Number: "A"}}}, []string{"/advanceInvoices/0/rates advance_invoice.rates_missing"}},
		{"exchange rate of what remains", Invoice{Kind: KindSettlement, Currency: "EUR", Lines: []Line{
			{Amount: d("1"), VATRate: VAT23, ExchangeRate: d("4")}, {Amount: d("1"), VATRate: VAT23, ExchangeRate: d("5")},
		}, AdvanceInvoices: []AdvanceInvoice{{Number: "A", Rates: []StatedRate{{Rate: VAT23, Net: d("1"), VAT: d("0.23")}}}}}, []string{"/statedTotals stated_totals.needed"}},
		{"value of a simplified invoice", Invoice{Kind: KindSimplified, Lines: []Line{{Name: "x", VATRate: VAT23}}}, []string{"/lines/0 line.value_missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.inv.Totals()
			if diff := cmp.Diff(tt.want, places(problemsOf(t, err))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if tt.inv.Order.Lines != nil && tt.name == "value in the order" {
				return // its value is needed anyway
			}
			tt.inv.StatedTotals.Gross = d("12.30")
			if tt.inv.kind() != KindSimplified {
				tt.inv.StatedTotals.Rates = []StatedRate{{Rate: VAT23, Net: d("10"), VAT: d("2.30")}}
			}
			got, err := tt.inv.Totals()
			if err != nil || got.Gross.String() != "12.30" {
				t.Errorf("with stated totals: %v, %v", got.Gross, err)
			}
		})
	}
}

func TestTotalsOfOrder(t *testing.T) {
	t.Parallel()
	order := Order{Lines: []OrderLine{
		{Quantity: d("3"), UnitPrice: d("33.333"), VATRate: VAT23},
		{Amount: d("10"), VATRate: VATExempt},
		{Amount: d("80"), VATRate: VATOSS, OSSRate: d("25")},
		orderedBefore("1000", "230", VAT23),
	}}
	got, err := (&Invoice{Order: order}).Totals()
	if err != nil || got.Order.String() != "233.00" {
		t.Errorf("value of the order %v, %v", got.Order, err)
	}
	order.Value = d("250")
	if got, err = (&Invoice{Order: order}).Totals(); err != nil || got.Order.String() != "250.00" {
		t.Errorf("stated value of the order %v, %v", got.Order, err)
	}
}

// TestStatedRates: rates that share a total are one entry, as a settlement must
// state them.
func TestStatedRates(t *testing.T) {
	t.Parallel()
	inv := Invoice{Currency: "EUR", ExchangeRate: d("4"), Lines: []Line{
		worth("100", VAT22), worth("100", VAT23), worth("10", VAT7), worth("1", VATExempt),
	}}
	totals, err := inv.Totals()
	if err != nil {
		t.Fatal(err)
	}
	want := []StatedRate{
		{VAT23, d("200"), d("45"), d("180")}, {VAT7, d("10"), d("0.70"), d("2.80")}, {VATExempt, d("1"), d("0"), Decimal{}},
	}
	if diff := cmp.Diff(want, totals.StatedRates()); diff != "" {
		t.Errorf("stated rates (-want +got):\n%s", diff)
	}
	if got := (&Totals{}).StatedRates(); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
