package faktupro

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// byField are the totals by field, zero where there is none.
func byField(t Totals) map[string][2]string {
	sums := map[string][2]string{"P_15": {t.Gross.Fixed(2), ""}}
	for _, f := range t.Fields {
		if f.Net.Sign() != 0 || f.VAT.Sign() != 0 {
			sums[f.NetField] = [2]string{f.Net.Fixed(2), f.VAT.Fixed(2)}
		}
	}
	return sums
}

// changeOf is b less a, by field.
func changeOf(a, b Totals) map[string][2]string {
	out := Totals{Gross: b.Gross.Sub(a.Gross)}
	for i := range rates {
		if fieldOf(i) != i {
			continue
		}
		x, y := fieldOfName(a, rates[i].NetField), fieldOfName(b, rates[i].NetField)
		out.Fields = append(out.Fields, FieldTotal{NetField: rates[i].NetField, Net: y.Net.Sub(x.Net), VAT: y.VAT.Sub(x.VAT)})
	}
	return byField(out)
}

func fieldOfName(t Totals, name string) FieldTotal {
	for _, f := range t.Fields {
		if f.NetField == name {
			return f
		}
	}
	return FieldTotal{NetField: name}
}

// TestCorrectionIsDifference: a correction that shows what was and what is
// right has the difference of the totals.
func TestCorrectionIsDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawInvoice(t), drawInvoice(t)
		b.Pricing, b.Currency, b.ExchangeRate = a.Pricing, a.Currency, a.ExchangeRate
		correction := *b
		correction.Kind, correction.Lines = KindCorrection, nil
		for _, l := range a.Lines {
			correction.Lines = append(correction.Lines, before(l))
		}
		correction.Lines = append(correction.Lines, b.Lines...)
		want := changeOf(mustTotals(t, a), mustTotals(t, b))
		if diff := cmp.Diff(want, byField(mustTotals(t, &correction))); diff != "" {
			t.Fatalf("correction (-want +got):\n%s", diff)
		}
	})
}

// TestCorrectionOfNothing: pairs that do not change add up to nothing.
func TestCorrectionOfNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		inv.Kind = KindCorrection
		for _, l := range inv.Lines {
			inv.Lines = append(inv.Lines, before(l))
		}
		totals := mustTotals(t, inv)
		for _, f := range totals.Fields {
			if f.Net.Sign() != 0 || f.VAT.Sign() != 0 || f.VATPLN.Sign() != 0 {
				t.Fatalf("%s: %v %v %v", f.NetField, f.Net, f.VAT, f.VATPLN)
			}
		}
	})
}

// TestStorno: the lines with the opposite sign give minus the original, and so
// do the lines taken off.
func TestStorno(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		want := changeOf(mustTotals(t, inv), Totals{})
		storno, taken := *inv, *inv
		storno.Kind, taken.Kind = KindCorrection, KindCorrection
		storno.Lines, taken.Lines = slices.Clone(inv.Lines), slices.Clone(inv.Lines)
		for i := range inv.Lines {
			value, _ := inv.Lines[i].value()
			storno.Lines[i].Amount = exact(value.Neg())
			taken.Lines[i].Before = true
		}
		for name, c := range map[string]*Invoice{"storno": &storno, "taken off": &taken} {
			if diff := cmp.Diff(want, byField(mustTotals(t, c))); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// drawAdvance draws an advance invoice with an order.
func drawAdvance(t *rapid.T) *Invoice {
	inv := &Invoice{Kind: KindAdvance, Advance: drawDecimal(t, "advance", 1, 999_999_999, 2)}
	inv.Order.Lines = generator{t}.orderLines(false)
	if rapid.Bool().Draw(t, "euro") {
		inv.Currency, inv.ExchangeRate = "EUR", drawDecimal(t, "exchange rate", 1, 9_999_999, 6)
	}
	return inv
}

// TestAdvanceSplit: the parts of an advance add up to the payment, and each is
// within a grosz of its exact share.
func TestAdvanceSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawAdvance(t)
		totals := mustTotals(t, inv)
		if !totals.Net.Add(totals.VAT).Equal(inv.Advance) || !totals.Gross.Equal(inv.Advance) {
			t.Fatalf("%v + %v is not %v", totals.Net, totals.VAT, inv.Advance)
		}
		c := calculation{inv: inv, report: &report{}}
		all := c.shares(false)
		parts, ok := split(inv.Advance.number, all)
		if !ok {
			t.Fatal("no split")
		}
		sum := decimal.Zero
		for i, part := range parts {
			sum = sum.Add(part)
			// part = payment x share / total, within a grosz: multiplied out.
			off := part.Mul(sumShares(all)).Sub(inv.Advance.number.Mul(all[i].gross)).Abs()
			if off.GreaterThanOrEqual(oneGrosz.Mul(sumShares(all).Abs())) {
				t.Fatalf("part %v of %v is not the share %v of %v", part, inv.Advance, all[i].gross, sumShares(all))
			}
		}
		if !sum.Equal(inv.Advance.number) {
			t.Fatalf("parts add up to %v, not %v", sum, inv.Advance)
		}
	})
}

// TestAdvanceOrder: the order of the order's lines does not matter.
func TestAdvanceOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawAdvance(t)
		before := mustTotals(t, inv)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		lines := inv.Order.Lines
		shuffle.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		if diff := cmp.Diff(before, mustTotals(t, inv)); diff != "" {
			t.Fatalf("totals depend on the order of lines:\n%s", diff)
		}
	})
}

// TestAdvanceCorrection: the advance invoice and its correction are together the
// advance invoice as it should have been.
func TestAdvanceCorrection(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawAdvance(t), drawAdvance(t)
		b.Currency, b.ExchangeRate = a.Currency, a.ExchangeRate
		correction := *b
		correction.Kind = KindAdvanceCorrection
		correction.Advance = b.Advance.Sub(a.Advance)
		correction.Correction.AmountBefore = a.Advance
		correction.Order.Lines = slices.Clone(b.Order.Lines)
		for _, l := range a.Order.Lines {
			l.Before = true
			correction.Order.Lines = append(correction.Order.Lines, l)
		}
		want := changeOf(mustTotals(t, a), mustTotals(t, b))
		if diff := cmp.Diff(want, byField(mustTotals(t, &correction))); diff != "" {
			t.Fatalf("correction (-want +got):\n%s", diff)
		}
	})
}

// TestSettlementAndAdvances: a settlement and the advances it settles are
// together the whole.
func TestSettlementAndAdvances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawInvoice(t)
		whole := mustTotals(t, inv)
		inv.Kind = KindSettlement
		paid := Totals{Gross: d("0.00")}
		for range rapid.IntRange(1, 3).Draw(t, "advances") {
			advance := mustTotals(t, drawAdvance(t))
			inv.AdvanceInvoices = append(inv.AdvanceInvoices, AdvanceInvoice{Number: "A", Rates: advance.StatedRates()})
			paid.Gross = paid.Gross.Add(advance.Gross)
			paid.Fields = append(paid.Fields, advance.Fields...)
		}
		paid.Fields = merged(paid.Fields)
		remains := mustTotals(t, inv)
		if diff := cmp.Diff(changeOf(paid, whole), byField(remains)); diff != "" {
			t.Fatalf("settlement (-want +got):\n%s", diff)
		}
		if !remains.Net.Add(remains.VAT).Equal(remains.Gross) {
			t.Fatalf("%v + %v is not %v", remains.Net, remains.VAT, remains.Gross)
		}
	})
}

// merged adds up the totals of the same field.
func merged(fields []FieldTotal) []FieldTotal {
	var out []FieldTotal
	for _, f := range fields {
		i := slices.IndexFunc(out, func(g FieldTotal) bool { return g.NetField == f.NetField })
		if i < 0 {
			out = append(out, f)
			continue
		}
		out[i].Net, out[i].VAT = out[i].Net.Add(f.Net), out[i].VAT.Add(f.VAT)
	}
	return out
}

// TestTotalsOfDrawn: the parts of every kind of invoice add up to the whole, and
// VAT in PLN with one exchange rate is within half a grosz of the exact product.
func TestTotalsOfDrawn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawValid(t)
		totals := mustTotals(t, inv)
		var net, vat, pln, fields Decimal
		for _, r := range totals.Rates {
			net, vat = net.Add(r.Net), vat.Add(r.VAT)
		}
		for _, f := range totals.Fields {
			fields, pln = fields.Add(f.Net).Add(f.VAT), pln.Add(f.VATPLN)
		}
		if !totals.Net.Given() {
			return // only the total due is known
		}
		whole := totals.Net.Add(totals.VAT)
		said := inv.StatedTotals.Gross.Given() || len(inv.StatedTotals.Rates) > 0
		switch {
		case net.Cmp(totals.Net) != 0, vat.Cmp(totals.VAT) != 0, fields.Cmp(whole) != 0:
			t.Fatalf("parts do not add up: %+v", totals)
		case totals.VATPLN.Given() && pln.Cmp(totals.VATPLN) != 0:
			t.Fatalf("VAT in PLN: parts %v, whole %v", pln, totals.VATPLN)
		case !said && !whole.Equal(totals.Gross):
			t.Fatalf("%v + %v is not %v", totals.Net, totals.VAT, totals.Gross)
		case !said && inv.kind().IsAdvance() && inv.Advance.Given() && !totals.Gross.Equal(inv.Advance):
			t.Fatalf("payment %v, total %v", inv.Advance, totals.Gross)
		}
	})
}

// TestPaymentsInPLN: an advance of payments at several exchange rates is worth in
// PLN what they are worth together.
func TestPaymentsInPLN(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawAdvance(t)
		inv.Currency, inv.Advance = "EUR", Decimal{}
		sum, weighted := decimal.Zero, decimal.Zero
		for range rapid.IntRange(1, 5).Draw(t, "payments") {
			p := Prepayment{Amount: drawDecimal(t, "amount", 1, 999_999_999, 2), ExchangeRate: drawDecimal(t, "rate", 1, 9_999_999, 6)}
			inv.Prepayments = append(inv.Prepayments, p)
			sum, weighted = sum.Add(p.Amount.number), weighted.Add(p.Amount.number.Mul(p.ExchangeRate.number))
		}
		for _, f := range mustTotals(t, inv).Fields {
			if !f.VATPLN.Given() {
				continue
			}
			// VAT in PLN x sum = VAT x weighted, within half a grosz and the quotient's precision.
			off := f.VATPLN.number.Mul(sum).Sub(f.VAT.number.Mul(weighted)).Abs()
			if off.GreaterThan(sum.Mul(decimal.New(50_001, -7))) {
				t.Fatalf("%s: %v became %v PLN", f.NetField, f.VAT, f.VATPLN)
			}
		}
	})
}
