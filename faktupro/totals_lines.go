package faktupro

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// basis is what the VAT of some lines is computed from: their values, net or
// gross by the invoice's Pricing, by VAT rate.
type basis struct {
	values [len(rates)]decimal.Decimal
	vat    [len(rates)]decimal.Decimal // VAT of the lines themselves (P_11Vat)
	used   [len(rates)]bool
	oss    []ossBasis
}

// ossBasis is the value of the lines at one foreign rate.
type ossBasis struct {
	percent, value decimal.Decimal
}

func (b *basis) add(rate int, value decimal.Decimal, l *Line) {
	b.values[rate] = b.values[rate].Add(value)
	b.used[rate] = true
	if l.VAT.given {
		b.vat[rate] = b.vat[rate].Add(l.VAT.number)
	}
	if rates[rate].Rate == VATOSS {
		b.addOSS(l.OSSRate.number, value)
	}
}

func (b *basis) addOSS(percent, value decimal.Decimal) {
	for i := range b.oss {
		if b.oss[i].percent.Equal(percent) {
			b.oss[i].value = b.oss[i].value.Add(value)
			return
		}
	}
	b.oss = append(b.oss, ossBasis{percent, value})
}

// sumInto adds net value and VAT of each rate, rounded, to the sums. VAT is that
// of the lines themselves when they all have it.
func (b *basis) sumInto(s *rateSums, gross, byLine bool) {
	for i := range b.used {
		if !b.used[i] {
			continue
		}
		net, vat := b.values[i], b.vatOf(i, gross)
		if byLine {
			vat = money.Grosze(b.vat[i])
		}
		if gross {
			net = net.Sub(vat)
		}
		s.add(i, net, vat)
	}
}

// vatOf is the VAT of one rate, rounded; under OSS each foreign rate by itself.
func (b *basis) vatOf(rate int, gross bool) decimal.Decimal {
	switch {
	case rates[rate].Taxed:
		return money.Grosze(vatOf(b.values[rate], rates[rate].percent(), gross))
	case rates[rate].Rate == VATOSS:
		sum := decimal.Zero
		for _, o := range b.oss {
			sum = sum.Add(money.Grosze(vatOf(o.value, o.percent, gross)))
		}
		return sum
	}
	return decimal.Zero
}

// lines adds up the lines: those of the invoice as it is, less those as they
// were before a correction.
func (c *calculation) lines() {
	inv := c.inv
	c.totals.Lines = make([]Decimal, len(inv.Lines))
	var after basis
	var before *basis // few invoices are corrections
	for i := range inv.Lines {
		l := &inv.Lines[i]
		side := &after
		if l.Before {
			if before == nil {
				before = new(basis)
			}
			side = before
		}
		c.line(side, i, l)
	}
	if inv.kind().IsAdvance() || len(inv.StatedTotals.Rates) > 0 {
		return
	}
	byLine := inv.vatByLine()
	after.sumInto(&c.sums, inv.gross(), byLine)
	if before != nil {
		var taken rateSums
		before.sumInto(&taken, inv.gross(), byLine)
		c.sums.subtract(&taken)
	}
	c.convertLines(byLine)
}

// line adds one line to its side.
func (c *calculation) line(side *basis, i int, l *Line) {
	value, ok := l.value()
	rate := l.VATRate.index()
	if ok {
		c.totals.Lines[i] = exact(fixed(value))
	}
	needed := !c.inv.kind().IsAdvance() && len(c.inv.StatedTotals.Rates) == 0
	switch {
	case !money.Fits(value, maxWhole, 2):
		c.unknown = c.unknown || needed
		c.report.addAt(pointer("lines", i), codeTotalDigits)
	case !needed:
	case !ok:
		c.missing(pointer("lines", i), codeLineValueMissing)
	case rate < 0:
		c.missing(pointer("lines", i, "vatRate"), codeVATRateUnknown, "values", rateNames())
	default:
		side.add(rate, value, l)
	}
}

// vatByLine reports whether every line on which VAT is shown has its VAT.
func (inv *Invoice) vatByLine() bool {
	some := false
	for i := range inv.Lines {
		l := &inv.Lines[i]
		switch {
		case l.VAT.given:
			some = true
		case l.VATRate.showsVAT():
			return false
		}
	}
	return some
}

var hundred = decimal.NewFromInt(100)

// vatPrecision is the number of decimals of a quotient that is rounded later.
const vatPrecision = 20

// vatOf is the VAT of a net or gross value, not rounded.
func vatOf(value, percent decimal.Decimal, gross bool) decimal.Decimal {
	if !gross {
		return value.Mul(percent).Shift(-2)
	}
	return value.Mul(percent).DivRound(percent.Add(hundred), vatPrecision)
}

// value is the value of the line: what Amount says, or quantity times price
// less discount, rounded to two decimals.
func (l *Line) value() (decimal.Decimal, bool) {
	if l.Amount.given {
		return money.Grosze(l.Amount.number), true
	}
	return l.product()
}

// product is quantity times price less discount, rounded to two decimals.
func (l *Line) product() (decimal.Decimal, bool) {
	if !l.Quantity.given || !l.UnitPrice.given {
		return decimal.Zero, false
	}
	price := l.UnitPrice.number
	if off := l.perUnit(); off.given {
		price = price.Sub(off.number)
	}
	return money.Grosze(l.Quantity.number.Mul(price)), true
}

// perUnit is the discount as an amount per unit (P_10); not given when there is
// no discount.
func (l *Line) perUnit() Decimal {
	if !l.Discount.Percent.given {
		return l.Discount.PerUnit
	}
	off := l.UnitPrice.number.Mul(l.Discount.Percent.number).Shift(-2)
	return exact(money.Round(off, maxFraction))
}
