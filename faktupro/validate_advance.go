package faktupro

import "github.com/faktupro/faktupro-go/internal/money"

// advance judges the payments that an advance invoice, or a settlement,
// documents. It does without totals: they are computed from these.
func (v *validator) advance() {
	inv, kind := v.inv, v.inv.kind()
	if kind == KindAdvance || kind == KindSettlement {
		for i := range inv.Prepayments {
			if a := inv.Prepayments[i].Amount; a.given && a.Sign() <= 0 {
				v.addAt(pointer("prepayments", i, "amount"), codeDecimalPositive)
			}
		}
	}
	if !kind.IsAdvance() {
		return
	}
	paid, known := inv.payment()
	switch {
	case !known:
		v.addAt("/advance", codeAdvanceMissing)
		v.partless = true
	case kind == KindAdvance && inv.Advance.given && paid.Sign() <= 0:
		v.addAt("/advance", codeAdvanceNotPositive)
	}
	if g := inv.StatedTotals.Gross; known && g.given && !money.Grosze(g.number).Equal(paid) {
		v.addAt("/statedTotals/gross", codeAdvanceStated)
	}
	if !inv.Advance.given || len(inv.Prepayments) == 0 {
		return
	}
	if inv.prepaid().Cmp(inv.Advance) != 0 {
		v.addAt("/advance", codeAdvanceSum)
	}
}

// prepaid is the sum of the payments received before the supply.
func (inv *Invoice) prepaid() Decimal {
	var sum Decimal
	for i := range inv.Prepayments {
		sum = sum.Add(inv.Prepayments[i].Amount)
	}
	return sum
}

// settlement judges advances against what they were paid for: the order of an
// advance invoice, the lines of a settlement.
func (v *validator) settlement() {
	v.advanceInvoices()
	v.order()
	if !v.summed || v.inv.kind() != KindSettlement {
		return
	}
	if len(v.inv.Prepayments) > 0 && v.inv.prepaid().Cmp(v.totals.Gross) > 0 {
		v.addAt("/prepayments", codePrepaymentsAbove)
	}
	slack := DecimalFromGrosze(-1 - int64(len(v.inv.AdvanceInvoices))) // each was rounded
	if v.totals.Gross.Cmp(slack) < 0 {
		v.addAt("/advanceInvoices", codeSettlementExceeds)
		return
	}
	for _, t := range v.totals.Rates {
		if t.Gross.Cmp(slack) < 0 {
			v.addAt("/advanceInvoices", codeSettlementRate)
		}
	}
}

// order judges the value of the order against its lines and the payment.
func (v *validator) order() {
	inv := v.inv
	if !v.summed || !v.totals.Order.given {
		return
	}
	if inv.Order.Value.given {
		computed := *inv
		computed.Order.Value = Decimal{}
		t := computed.totals(&report{})
		if t.Order.given && beyond(t.Order.number, inv.Order.Value.number, len(inv.Order.Lines)) {
			v.addAt("/order/value", codeOrderValue)
		}
	}
	if inv.kind() == KindAdvance && v.totals.Gross.Cmp(v.totals.Order) > 0 {
		v.addAt("/advance", codeAdvanceAboveOrder)
	}
}

// advanceInvoices judges the references to advance invoices.
func (v *validator) advanceInvoices() {
	type reference struct{ ksef, number string }
	seen := make(map[reference]bool, len(v.inv.AdvanceInvoices))
	for i := range v.inv.AdvanceInvoices {
		a := &v.inv.AdvanceInvoices[i]
		path := pointer("advanceInvoices", i)
		if count(a.KSeFNumber != "", a.Number != "") != 1 {
			v.addAt(path, codeAdvanceInvoiceID)
		}
		v.ksefReference(path+"/ksefNumber", a.KSeFNumber)
		r := reference{string(a.KSeFNumber), collapse(a.Number)}
		if r != (reference{}) && seen[r] {
			v.addAt(path, codeAdvanceInvoiceTwice)
		}
		seen[r] = true
		v.rates(path+"/rates", a.Rates, ratesSlack)
	}
}
