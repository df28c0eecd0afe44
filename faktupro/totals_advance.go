package faktupro

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// payment is the payment an advance invoice documents, or by how much a
// correction changes it; false when the invoice does not say.
func (inv *Invoice) payment() (decimal.Decimal, bool) {
	switch {
	case inv.Advance.given:
		return money.Grosze(inv.Advance.number), true
	case len(inv.Prepayments) > 0:
		sum := decimal.Zero
		for i := range inv.Prepayments {
			sum = sum.Add(inv.Prepayments[i].Amount.number)
		}
		return money.Grosze(sum), true
	case inv.StatedTotals.Gross.given:
		return money.Grosze(inv.StatedTotals.Gross.number), true
	}
	// A correction of other things leaves the payment as it was.
	return decimal.Zero, inv.kind() == KindAdvanceCorrection
}

// advance splits the payment over the VAT rates of the order (art. 106f(1)(3)
// of the VAT Act).
func (c *calculation) advance() {
	payment, ok := c.inv.payment()
	if !ok {
		c.missing("/advance", codeAdvanceMissing)
		return
	}
	after := c.shares(false)
	switch {
	case c.unknown:
		return
	case c.inv.kind() == KindAdvanceCorrection:
		c.changedAdvance(payment, after)
		return
	case len(c.inv.Order.Lines) == 0:
		c.missing("/order", codeOrderMissing)
		return
	}
	c.sums = c.splitSums(payment, after)
	c.convertAll(c.inv.paymentExchangeRate())
}

// splitSums are the sums of a payment by VAT rate: VAT is taken out of each
// part.
func (c *calculation) splitSums(payment decimal.Decimal, over []share) rateSums {
	var s rateSums
	parts, ok := split(payment, over)
	if !ok {
		c.missing("/statedTotals", codeStatedTotalsNeeded)
		return s
	}
	for i, part := range parts {
		vat := money.Grosze(vatOf(part, over[i].percent, true))
		s.add(over[i].rate, part.Sub(vat), vat)
	}
	return s
}

// changedAdvance computes the change that the correction of an advance invoice
// makes: the whole payment over the order as it is, less the payment before
// over the order as it was. Where the split does not change, the payment before
// need not be known.
func (c *calculation) changedAdvance(change decimal.Decimal, after []share) {
	before := c.shares(true)
	if c.unknown {
		return
	}
	if len(before) == 0 {
		before = after
	}
	inv := c.inv
	earlier := inv.Correction.AmountBefore
	var taken rateSums
	switch {
	case earlier.given:
		whole := money.Grosze(earlier.number)
		c.sums, taken = c.splitSums(whole.Add(change), after), c.splitSums(whole, before)
	case sameShares(before, after):
		c.sums = c.splitSums(change, after)
	default:
		c.missing("/statedTotals", codeStatedTotalsNeeded)
		return
	}
	c.convertChange(&taken)
	c.sums.subtract(&taken)
}

// convertChange converts the VAT of a corrected advance: what is taken off at
// the exchange rate before the correction, when that was another one.
func (c *calculation) convertChange(taken *rateSums) {
	rate, earlier := c.inv.paymentExchangeRate(), c.inv.Correction.ExchangeRateBefore
	c.convertAll(rate)
	if !earlier.given || !rate.given {
		return
	}
	for i := range rates {
		p := &c.pln[fieldOf(i)]
		p.mixed = true
		p.sum = p.sum.Add(c.sums[i].vat.Mul(rate.number)).Sub(taken[i].vat.Mul(earlier.number))
	}
}
