package faktupro

import "github.com/shopspring/decimal"

// lines judges each line by itself.
func (v *validator) lines() {
	for i := range v.inv.Lines {
		v.line(i, &v.inv.Lines[i])
	}
}

func (v *validator) line(i int, l *Line) {
	switch {
	case l.Amount.given && (!l.Quantity.given || !l.UnitPrice.given):
		v.addAt(pointer("lines", i), codeLinePriceMissing)
	case l.Quantity.given && l.Unit == "":
		v.addAt(pointer("lines", i, "unit"), codeLineUnitMissing)
	}
	if l.Quantity.Sign() < 0 {
		v.addAt(pointer("lines", i, "quantity"), codeLineNegativeQuantity)
	}
	v.discount(i, l)
	if product, ok := l.product(); ok && l.Amount.given && farApart(product, l.Amount.number) {
		v.addAt(pointer("lines", i, "amount"), codeLineAmount)
	}
}

// grosz is the difference that rounding may make.
var grosz = decimal.New(1, -2)

// farApart reports whether two amounts differ by more than rounding may make.
func farApart(a, b decimal.Decimal) bool { return a.Sub(b).Abs().GreaterThan(grosz) }

func (v *validator) discount(i int, l *Line) {
	d := l.Discount
	switch {
	case !d.PerUnit.given && !d.Percent.given:
	case d.PerUnit.given && d.Percent.given:
		v.addAt(pointer("lines", i, "discount"), codeDiscountOne)
	case !l.Quantity.given || !l.UnitPrice.given:
		v.addAt(pointer("lines", i, "discount"), codeDiscountPrice)
	case l.UnitPrice.Sign() >= 0 && l.perUnit().Cmp(l.UnitPrice) > 0:
		v.addAt(pointer("lines", i, "discount"), codeDiscountTooLarge)
	}
}

// sums computes the totals and judges them.
func (v *validator) sums() {
	if v.incomplete || len(v.inv.Lines) == 0 || len(v.inv.Lines) > MaxLines {
		return
	}
	var r report
	v.totals = v.inv.totals(&r)
	v.summed = len(r.problems) == 0
	for _, p := range r.problems {
		if p.Code != codeVATRateUnknown { // judged with the line already
			v.addAt(p.Path, p.Code)
		}
	}
	if !v.summed {
		return
	}
	if v.totals.Gross.Sign() < 0 || v.totals.Net.Sign() < 0 {
		v.addAt("/lines", codeTotalNegative)
		return
	}
	for _, t := range v.totals.Rates {
		if t.Gross.Sign() < 0 {
			v.addAt("/lines", codeTotalRateNegative)
		}
	}
}
