package faktupro

import (
	"slices"

	"pgregory.net/rapid"
)

// throughFA3 is the invoice as FromFA3 reads it back: what FA(3) cannot tell
// apart is written in the one way FromFA3 chooses. Percentages are amounts,
// numbers and amounts that follow from others are left out, defaults are named,
// white space is collapsed.
func throughFA3(t rapid.TB, inv *Invoice) *Invoice {
	t.Helper()
	totals, err := inv.Totals()
	if err != nil {
		t.Fatalf("Totals: %v", err)
	}
	out := *inv
	out.Kind, out.Currency, out.Pricing = inv.kind(), inv.currency(), pricingRead(inv)
	if inv.needsEUPrefix() {
		out.Seller.EUPrefix = false
	}
	out.Lines = slices.Clone(inv.Lines)
	for i := range out.Lines {
		normalLine(&out.Lines[i], i)
	}
	normalExchange(&out)
	normalOrder(&out, totals)
	normalAdvance(&out, totals)
	out.StatedTotals = normalStated(inv, totals)
	return &out
}

func normalLine(l *Line, i int) {
	if l.Discount.Percent.Given() {
		l.Discount = Discount{PerUnit: l.perUnit()}
	}
	if product, ok := l.product(); ok && product.Equal(l.Amount.number) {
		l.Amount = Decimal{}
	}
	if l.Number == i+1 {
		l.Number = 0
	}
	l.Name, l.Unit = collapse(l.Name), collapse(l.Unit)
}

// pricingRead is net where nothing shows that prices are gross.
func pricingRead(inv *Invoice) Pricing {
	for i := range inv.Lines {
		l := &inv.Lines[i]
		_, valued := l.value()
		if inv.gross() && l.VATRate != VATMargin && (valued || l.UnitPrice.Given()) && l.Counterpart == (Counterpart{}) {
			return PricingGross
		}
	}
	return PricingNet
}

// normalExchange gives the rate that all lines have to the invoice.
func normalExchange(inv *Invoice) {
	if inv.kind().IsAdvance() {
		return
	}
	if len(inv.Lines) == 0 { // FA(3) has no place for it
		inv.ExchangeRate = Decimal{}
		return
	}
	effective := make([]Decimal, len(inv.Lines))
	same := true
	for i := range inv.Lines {
		effective[i] = inv.lineExchangeRate(&inv.Lines[i])
		same = same && effective[i].Equal(effective[0])
	}
	inv.ExchangeRate = Decimal{}
	if same {
		inv.ExchangeRate = effective[0]
		clear(effective)
	}
	for i := range inv.Lines {
		inv.Lines[i].ExchangeRate = effective[i]
	}
}

func normalOrder(inv *Invoice, totals Totals) {
	inv.Order.Lines = slices.Clone(inv.Order.Lines)
	for i := range inv.Order.Lines {
		l := &inv.Order.Lines[i]
		if l.Number == i+1 {
			l.Number = 0
		}
		plain := *l
		plain.Amount, plain.VAT = Decimal{}, Decimal{}
		if net, _ := plain.shown(); net.Equal(l.Amount) {
			l.Amount = Decimal{}
		}
		plain.Amount = l.Amount
		if _, vat := plain.shown(); vat.Equal(l.VAT) {
			l.VAT = Decimal{}
		}
	}
	computed := *inv
	computed.Order.Value, computed.StatedTotals = Decimal{}, StatedTotals{}
	if again := computed.totals(&report{}); again.Order.Equal(totals.Order) {
		inv.Order.Value = Decimal{}
	}
}

func normalAdvance(inv *Invoice, totals Totals) {
	inv.AdvanceInvoices = slices.Clone(inv.AdvanceInvoices)
	for i := range inv.AdvanceInvoices {
		inv.AdvanceInvoices[i].Rates = nil // FA(3) has no place for them
	}
	if !inv.kind().IsAdvance() {
		return
	}
	inv.Advance = Decimal{}
	plain := *inv
	plain.StatedTotals = StatedTotals{}
	if payment, ok := plain.payment(); !ok || !payment.Equal(totals.Gross.number) {
		inv.Advance = totals.Gross
	}
}

// normalStated are the totals that do not follow from what FA(3) says.
func normalStated(inv *Invoice, totals Totals) StatedTotals {
	var out StatedTotals
	if len(inv.StatedTotals.Rates) > 0 || inv.kind() == KindSettlement && len(inv.AdvanceInvoices) > 0 {
		out.Rates = shownRates(totals)
	}
	due := totals.Net.Add(totals.VAT)
	if inv.kind().IsAdvance() || len(out.Rates) > 0 && due.Equal(totals.Gross) {
		return out
	}
	if !totals.Net.Given() || !due.Equal(totals.Gross) || out.Rates == nil && inv.kind() == KindSettlement && len(inv.AdvanceInvoices) > 0 {
		out.Gross = totals.Gross
	}
	return out
}

// shownRates are the totals of the fields as stated rates.
func shownRates(totals Totals) []StatedRate {
	var shown []StatedRate
	for _, f := range totals.Fields {
		rate := rates[rateOfField(f.NetField)].Rate
		s := StatedRate{Rate: rate, Net: f.Net, VATPLN: f.VATPLN}
		if rates[rate.index()].Taxed || f.VAT.Sign() != 0 {
			s.VAT = f.VAT
		}
		shown = append(shown, s)
	}
	return shown
}
