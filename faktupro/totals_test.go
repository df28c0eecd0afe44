package faktupro

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// sold is a line that only matters for its sums.
func sold(quantity, price string, rate VATRate) Line {
	return Line{Name: "x", Unit: "szt.", Quantity: d(quantity), UnitPrice: d(price), VATRate: rate}
}

func worth(amount string, rate VATRate) Line {
	return Line{Name: "x", Amount: d(amount), VATRate: rate}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	type sums struct{ Net, VAT, Gross, VATPLN string }
	tests := []struct {
		name string
		inv  Invoice
		want sums
	}{
		{"net method", Invoice{Lines: []Line{sold("3", "420.00", VAT23)}}, sums{"1260.00", "289.80", "1549.80", ""}},
		{"gross method", Invoice{Pricing: PricingGross, Lines: []Line{sold("1", "1000.00", VAT23)}}, sums{"813.01", "186.99", "1000.00", ""}},
		{"half a grosz goes up", Invoice{Lines: []Line{worth("0.10", VAT5)}}, sums{"0.10", "0.01", "0.11", ""}},
		{"less than half goes down", Invoice{Lines: []Line{worth("0.09", VAT5)}}, sums{"0.09", "0.00", "0.09", ""}},
		{"negative half goes down", Invoice{Lines: []Line{worth("-0.10", VAT5)}}, sums{"-0.10", "-0.01", "-0.11", ""}},
		// 0.10 three times: by line 0.03 of VAT, by rate 0.015 which rounds to 0.02.
		{"VAT is rounded once per rate", Invoice{Lines: []Line{worth("0.10", VAT5), worth("0.10", VAT5), worth("0.10", VAT5)}}, sums{"0.30", "0.02", "0.32", ""}},
		{"line value is rounded", Invoice{Lines: []Line{sold("0.333", "0.10", VAT0Domestic), sold("0.35", "0.10", VAT0Domestic)}}, sums{"0.07", "0.00", "0.07", ""}},
		{"rates that share a total", Invoice{Lines: []Line{worth("100.00", VAT23), worth("100.00", VAT22), worth("10.00", VAT8), worth("10.00", VAT7), worth("1.00", VAT4), worth("1.00", VAT3)}}, sums{"222.00", "46.57", "268.57", ""}},
		{"no VAT", Invoice{Lines: []Line{worth("1.00", VATExempt), worth("2.00", VATOutsidePoland), worth("4.00", VATEUService), worth("8.00", VATReverseCharge), worth("16.00", VAT0IntraEU), worth("32.00", VAT0Export)}}, sums{"63.00", "0.00", "63.00", ""}},
		{"discount per unit", Invoice{Lines: []Line{{Quantity: d("20"), UnitPrice: d("1000.00"), Discount: Discount{PerUnit: d("100")}, VATRate: VAT23}}}, sums{"18000.00", "4140.00", "22140.00", ""}},
		{"discount in percent", Invoice{Lines: []Line{{Quantity: d("7"), UnitPrice: d("119.99"), Discount: Discount{Percent: d("7.5")}, VATRate: VAT23}}}, sums{"776.94", "178.70", "955.64", ""}},
		{"amount before product", Invoice{Lines: []Line{{Quantity: d("3"), UnitPrice: d("33.33"), Amount: d("100.00"), VATRate: VAT23}}}, sums{"100.00", "23.00", "123.00", ""}},
		{"nothing", Invoice{}, sums{"0.00", "0.00", "0.00", ""}},
		// 3118.80 x 4.5005 = 14036.1594.
		{"one exchange rate", Invoice{Currency: "EUR", ExchangeRate: d("4.5005"), Lines: []Line{worth("13560.00", VAT23)}}, sums{"13560.00", "3118.80", "16678.80", "14036.16"}},
		// 933.80 x 4.4080 + 1150 x 4.5005 + 1035 x 4.3250 = 13768.1404; line by
		// line it would be a grosz more.
		{"exchange rates per line", Invoice{Currency: "EUR", Lines: []Line{
			{Amount: d("4060.00"), VATRate: VAT23, ExchangeRate: d("4.4080")},
			{Amount: d("5000.00"), VATRate: VAT23, ExchangeRate: d("4.5005")},
			{Amount: d("4500.00"), VATRate: VAT23, ExchangeRate: d("4.3250")},
		}}, sums{"13560.00", "3118.80", "16678.80", "13768.14"}},
		{"exchange rate missing", Invoice{Currency: "EUR", Lines: []Line{worth("10.00", VAT23)}}, sums{"10.00", "2.30", "12.30", ""}},
		{"exchange rate not needed", Invoice{Currency: "EUR", Lines: []Line{worth("10.00", VAT0IntraEU)}}, sums{"10.00", "0.00", "10.00", ""}},
		{"gross in francs", Invoice{Currency: "CHF", ExchangeRate: d("4.5501"), Pricing: PricingGross, Lines: []Line{worth("999.99", VAT23)}}, sums{"813.00", "186.99", "999.99", "850.82"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.inv.Totals()
			if err != nil {
				t.Fatal(err)
			}
			shown := sums{got.Net.String(), got.VAT.String(), got.Gross.String(), got.VATPLN.String()}
			if diff := cmp.Diff(tt.want, shown); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTotalsFields(t *testing.T) {
	t.Parallel()
	inv := Invoice{Currency: "EUR", ExchangeRate: d("4"), Lines: []Line{
		worth("8.00", VATReverseCharge), worth("100.00", VAT22), worth("50.00", VAT23), worth("10.00", VAT7), worth("1.00", VATExempt),
	}}
	got, err := inv.Totals()
	if err != nil {
		t.Fatal(err)
	}
	want := []FieldTotal{
		{"P_13_1", "P_14_1", d("150.00"), d("33.50"), d("134.00")},
		{"P_13_2", "P_14_2", d("10.00"), d("0.70"), d("2.80")},
		{"P_13_7", "", d("1.00"), d("0.00"), Decimal{}},
		{"P_13_10", "", d("8.00"), d("0.00"), Decimal{}},
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestTotalsErrors(t *testing.T) {
	t.Parallel()
	inv := Invoice{Lines: []Line{{VATRate: VAT23, Quantity: d("1")}, worth("1.00", "24"), worth("1.00", "")}}
	_, err := inv.Totals()
	want := []string{"/lines/0 line.value_missing", "/lines/1/vatRate vat_rate.unknown", "/lines/2/vatRate vat_rate.unknown"}
	if diff := cmp.Diff(want, places(problemsOf(t, err))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// drawInvoice draws an invoice whose lines have a value.
func drawInvoice(t *rapid.T) *Invoice {
	inv := &Invoice{
		Pricing:  rapid.SampledFrom([]Pricing{PricingNet, PricingGross}).Draw(t, "pricing"),
		Currency: rapid.SampledFrom([]string{"PLN", "EUR"}).Draw(t, "currency"),
	}
	if inv.Currency != "PLN" {
		inv.ExchangeRate = drawDecimal(t, "exchange rate", 1, 9_999_999, 6)
	}
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		l := Line{
			VATRate:   rapid.SampledFrom(rates[:]).Draw(t, "rate").Rate,
			Quantity:  drawDecimal(t, "quantity", -9_999_999, 999_999_999, 6),
			UnitPrice: drawDecimal(t, "price", 0, 999_999_999_999, 8),
		}
		if l.VATRate == VATOSS {
			l.OSSRate = drawDecimal(t, "OSS rate", 0, 100_000_000, 6)
		}
		if rapid.Bool().Draw(t, "discounted") {
			l.Discount.Percent = drawDecimal(t, "percent", 0, 100_000_000, 6)
		}
		inv.Lines = append(inv.Lines, l)
	}
	return inv
}

func drawDecimal(t *rapid.T, label string, low, high int64, places int32) Decimal {
	return exact(decimal.New(rapid.Int64Range(low, high).Draw(t, label), -places))
}

func mustTotals(t *rapid.T, inv *Invoice) Totals {
	totals, err := inv.Totals()
	if err != nil {
		t.Fatalf("Totals: %v", err)
	}
	return totals
}

// TestTotalsOrder: the order of the lines does not matter.
func TestTotalsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		before := mustTotals(t, inv)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffle.Shuffle(len(inv.Lines), func(i, j int) { inv.Lines[i], inv.Lines[j] = inv.Lines[j], inv.Lines[i] })
		after := mustTotals(t, inv)
		before.Lines, after.Lines = nil, nil
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("totals depend on the order of lines:\n%s", diff)
		}
	})
}

// TestTotalsParts: parts sum to the whole.
func TestTotalsParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		totals := mustTotals(t, inv)
		lines, net, vat, gross, fields, pln := DecimalFromInt(0), DecimalFromInt(0), DecimalFromInt(0), DecimalFromInt(0), DecimalFromInt(0), DecimalFromInt(0)
		for _, l := range totals.Lines {
			lines = lines.Add(l)
		}
		for _, r := range totals.Rates {
			net, vat, gross = net.Add(r.Net), vat.Add(r.VAT), gross.Add(r.Gross)
			if !r.Net.Add(r.VAT).Equal(r.Gross) {
				t.Fatalf("rate %s: %v + %v is not %v", r.Rate, r.Net, r.VAT, r.Gross)
			}
		}
		for _, f := range totals.Fields {
			fields, pln = fields.Add(f.Net).Add(f.VAT), pln.Add(f.VATPLN)
		}
		whole := totals.Net
		if inv.gross() {
			whole = totals.Gross
		}
		for name, pair := range map[string][2]Decimal{
			"lines": {lines, whole}, "net": {net, totals.Net}, "VAT": {vat, totals.VAT},
			"gross": {gross, totals.Gross}, "fields": {fields, totals.Gross}, "net and VAT": {totals.Net.Add(totals.VAT), totals.Gross},
		} {
			if !pair[0].Equal(pair[1]) {
				t.Fatalf("%s: parts %v, whole %v", name, pair[0], pair[1])
			}
		}
		if totals.VATPLN.Given() && !pln.Equal(totals.VATPLN) {
			t.Fatalf("VAT in PLN: parts %v, whole %v", pln, totals.VATPLN)
		}
	})
}

// TestTotalsBounds: the VAT of a rate is within half a grosz of the exact one,
// and every amount has two decimals.
func TestTotalsBounds(t *testing.T) {
	t.Parallel()
	half := decimal.New(5, -3)
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		for _, r := range mustTotals(t, inv).Rates {
			row, _ := r.Rate.Info()
			if r.Rate == VATOSS { // foreign rates are rounded one by one
				continue
			}
			percent := row.percent()
			// Exactly: VAT x 100 = net x percent, or VAT x (100 + percent) = gross x percent.
			base, divisor := r.Net.number, hundred
			if inv.gross() {
				base, divisor = r.Gross.number, hundred.Add(percent)
			}
			off := r.VAT.number.Mul(divisor).Sub(base.Mul(percent)).Abs()
			if off.GreaterThan(half.Mul(divisor)) {
				t.Fatalf("rate %s: VAT %v of %v is off by more than half a grosz", r.Rate, r.VAT, base)
			}
			if !row.Taxed && r.VAT.Sign() != 0 {
				t.Fatalf("rate %s has VAT %v", r.Rate, r.VAT)
			}
			for _, a := range []Decimal{r.Net, r.VAT, r.Gross} {
				if a.places() != 2 {
					t.Fatalf("rate %s: amount %v has not two decimals", r.Rate, a)
				}
			}
		}
	})
}

// TestTotalsNetAndGrossAgree: taking VAT out of a gross amount that was made
// from a net amount gives the net amount back within a grosz.
func TestTotalsNetAndGrossAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom(rates[:]).Draw(t, "rate").Rate
		net := drawDecimal(t, "net", 0, 99_999_999_999, 2)
		line := Line{Amount: net, VATRate: rate, OSSRate: drawDecimal(t, "OSS rate", 0, 100_000_000, 6)}
		forth := mustTotals(t, &Invoice{Lines: []Line{line}})
		line.Amount = forth.Gross
		back := mustTotals(t, &Invoice{Pricing: PricingGross, Lines: []Line{line}})
		if back.Net.Sub(net).number.Abs().GreaterThan(grosz) || !back.Gross.Equal(forth.Gross) {
			t.Fatalf("net %v became %v (gross %v, %v)", net, back.Net, forth.Gross, back.Gross)
		}
	})
}

// TestTotalsInPLN: with one exchange rate the VAT in PLN is the displayed VAT
// times that rate, rounded once, however many lines there are.
func TestTotalsInPLN(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		inv.Currency, inv.ExchangeRate = "EUR", drawDecimal(t, "exchange rate", 1, 9_999_999, 6)
		for _, f := range mustTotals(t, inv).Fields {
			if f.VATField == "" || f.NetField == "P_13_5" {
				if f.VATPLN.Given() {
					t.Fatalf("%s has VAT in PLN", f.NetField)
				}
				continue
			}
			want := f.VAT.number.Mul(inv.ExchangeRate.number)
			if f.VATPLN.number.Sub(want).Abs().GreaterThan(decimal.New(5, -3)) {
				t.Fatalf("%s: %v at %v became %v", f.VATField, f.VAT, inv.ExchangeRate, f.VATPLN)
			}
		}
	})
}
