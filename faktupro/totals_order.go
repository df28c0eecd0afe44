package faktupro

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// net is the net value of the line: what Amount says, or quantity times price,
// rounded to two decimals.
func (l *OrderLine) net() (decimal.Decimal, bool) {
	switch {
	case l.Amount.given:
		return money.Grosze(l.Amount.number), true
	case l.Quantity.given && l.UnitPrice.given:
		return money.Grosze(l.Quantity.number.Mul(l.UnitPrice.number)), true
	}
	return decimal.Zero, false
}

// vat is the VAT of the line: what VAT says, or the net value times the rate.
func (l *OrderLine) vat(net decimal.Decimal) decimal.Decimal {
	if l.VAT.given {
		return money.Grosze(l.VAT.number)
	}
	return money.Grosze(vatOf(net, l.percent(), false))
}

// percent is the rate of the line in percent, 0 when there is no VAT.
func (l *OrderLine) percent() decimal.Decimal {
	if l.VATRate == VATOSS {
		return l.OSSRate.number
	}
	rate := l.VATRate.index()
	if rate < 0 {
		return decimal.Zero
	}
	return rates[rate].percent()
}

// order computes the value of the order with VAT.
func (c *calculation) order() {
	o := &c.inv.Order
	switch {
	case o.Value.given:
		c.totals.Order = grosze(o.Value.number)
		return
	case len(o.Lines) == 0:
		return
	}
	sum := zeroAmount
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Before {
			continue
		}
		net, ok := l.net()
		if !ok {
			c.report.addAt(pointer("order", "lines", i), codeLineValueMissing)
			return
		}
		sum = sum.Add(net).Add(l.vat(net))
	}
	c.totals.Order = exact(sum)
}

// share is the part of an order at one VAT rate, with VAT.
type share struct {
	rate    int
	percent decimal.Decimal
	gross   decimal.Decimal
}

// shares adds up the lines of the order as it is, or as it was before a
// correction, by VAT rate. They are in the order of the table of rates.
func (c *calculation) shares(before bool) []share {
	var all []share
	for i := range c.inv.Order.Lines {
		l := &c.inv.Order.Lines[i]
		if l.Before != before {
			continue
		}
		rate := l.VATRate.index()
		net, ok := l.net()
		switch {
		case !ok:
			c.missing(pointer("order", "lines", i), codeLineValueMissing)
		case rate < 0:
			c.missing(pointer("order", "lines", i, "vatRate"), codeVATRateUnknown, "values", rateNames())
		default:
			all = addShare(all, share{rate, l.percent(), net.Add(l.vat(net))})
		}
	}
	slices.SortFunc(all, func(a, b share) int {
		return cmp.Or(cmp.Compare(a.rate, b.rate), a.percent.Cmp(b.percent))
	})
	return all
}

func addShare(all []share, s share) []share {
	for i := range all {
		if all[i].rate == s.rate && all[i].percent.Equal(s.percent) {
			all[i].gross = all[i].gross.Add(s.gross)
			return all
		}
	}
	return append(all, s)
}

// sameShares reports whether a payment is split alike over both.
func sameShares(a, b []share) bool {
	if len(a) != len(b) {
		return false
	}
	sumA, sumB := sumShares(a), sumShares(b)
	for i := range a {
		if a[i].rate != b[i].rate || !a[i].percent.Equal(b[i].percent) || !a[i].gross.Mul(sumB).Equal(b[i].gross.Mul(sumA)) {
			return false
		}
	}
	return true
}

func sumShares(all []share) decimal.Decimal {
	sum := decimal.Zero
	for _, s := range all {
		sum = sum.Add(s.gross)
	}
	return sum
}

// split divides a payment in whole grosze over the shares, so that the parts
// add up to it and each is within a grosz of the exact share: all are rounded
// down and what is left goes, a grosz each, to those that lost most. It fails
// when the shares add up to nothing.
func split(payment decimal.Decimal, all []share) ([]decimal.Decimal, bool) {
	parts := make([]decimal.Decimal, len(all))
	total := sumShares(all)
	switch {
	case len(all) == 1:
		parts[0] = payment
		return parts, true
	case payment.IsZero():
		return parts, true
	case total.IsZero() || len(all) == 0:
		return nil, false
	}
	lost := make([]decimal.Decimal, len(all)) // times the absolute total
	left := payment.Abs()
	for i, s := range all {
		parts[i], lost[i] = floorGrosze(payment.Abs().Mul(s.gross), total)
		left = left.Sub(parts[i])
	}
	for _, i := range byLoss(lost, all) {
		if left.IsPositive() {
			parts[i], left = parts[i].Add(oneGrosz), left.Sub(oneGrosz)
		}
		if payment.IsNegative() {
			parts[i] = parts[i].Neg()
		}
	}
	return parts, true
}

// oneGrosz is the smallest amount.
var oneGrosz = decimal.New(1, -2)

// floorGrosze is a/b rounded down to whole grosze, and the rest times |b|.
func floorGrosze(a, b decimal.Decimal) (quotient, rest decimal.Decimal) {
	if b.IsNegative() {
		a, b = a.Neg(), b.Neg()
	}
	quotient, rest = a.QuoRem(b, 2)
	if rest.IsNegative() {
		quotient, rest = quotient.Sub(oneGrosz), rest.Add(b.Mul(oneGrosz))
	}
	return quotient, rest
}

// byLoss are the positions of the shares, those first that lost most by
// rounding; of equal ones the greater share.
func byLoss(lost []decimal.Decimal, all []share) []int {
	positions := make([]int, len(lost))
	for i := range positions {
		positions[i] = i
	}
	slices.SortStableFunc(positions, func(a, b int) int {
		return cmp.Or(lost[b].Cmp(lost[a]), all[b].gross.Cmp(all[a].gross))
	})
	return positions
}
