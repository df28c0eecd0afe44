package faktupro

import "github.com/shopspring/decimal"

// lines judges each line by itself, and the numbers that tell lines apart.
func (v *validator) lines() {
	if len(v.inv.Lines) > MaxLines || len(v.inv.Order.Lines) > MaxOrderLines {
		return
	}
	byLine := false
	for i := range v.inv.Lines {
		byLine = byLine || v.inv.Lines[i].VAT.given
	}
	for i := range v.inv.Lines {
		l := &v.inv.Lines[i]
		v.line(i, l)
		v.discount(i, l)
		v.lineVAT(i, l, byLine)
		v.foreignRate(false, i, l.VATRate, l.OSSRate, l.Procedure)
	}
	for i := range v.inv.Order.Lines {
		v.orderLine(i, &v.inv.Order.Lines[i])
	}
	v.repeated(false)
	v.repeated(true)
}

// line judges quantity, price and value.
func (v *validator) line(i int, l *Line) {
	switch {
	case l.Amount.given && (!l.Quantity.given || !l.UnitPrice.given):
		if v.pricesShown(l) {
			v.addAt(pointer("lines", i), codeLinePriceMissing)
		}
	case l.Quantity.given && l.Unit == "" && v.inv.kind() != KindSimplified:
		v.addAt(pointer("lines", i, "unit"), codeLineUnitMissing)
	}
	if l.Quantity.Sign() < 0 && !v.inv.kind().IsCorrection() {
		v.addAt(pointer("lines", i, "quantity"), codeLineNegativeQuantity)
	}
	if l.Amount.given && l.amountDiffers() {
		v.addAt(pointer("lines", i, "amount"), codeLineAmount)
	}
	if _, valued := l.value(); !valued && statedTotalsObject.given(&v.inv.StatedTotals) && v.valueNeeded(l) {
		v.addAt(pointer("lines", i), codeLineValueMissing)
	}
	v.counterpart(i, l)
}

// valueNeeded reports whether the line must have a value although totals are
// stated: only simplified invoices and corrections may show mere names, and a
// counterpart alone would be taken for the value.
func (v *validator) valueNeeded(l *Line) bool {
	kind := v.inv.kind()
	return kind != KindSimplified && !kind.IsCorrection() && !kind.IsAdvance() || counterpartObject.given(&l.Counterpart)
}

// pricesShown reports whether the line must show quantity and unit price: not on
// a simplified invoice or a correction, not under the margin scheme, and not
// where an attachment shows them.
func (v *validator) pricesShown(l *Line) bool {
	kind := v.inv.kind()
	return kind != KindSimplified && !kind.IsCorrection() && l.VATRate != VATMargin && len(v.inv.Attachment.Blocks) == 0
}

// amountDiffers reports whether the value of the line is not quantity times
// price less discount. Some programs write the discount of the whole line.
func (l *Line) amountDiffers() bool {
	product, ok := l.product()
	off := l.Discount.PerUnit
	atOnce := l.Quantity.number.Mul(l.UnitPrice.number).Sub(off.number)
	return ok && beyond(product, l.Amount.number, 1) && (!off.given || beyond(atOnce, l.Amount.number, 1))
}

func (v *validator) discount(i int, l *Line) {
	d := l.Discount
	switch {
	case !d.PerUnit.given && !d.Percent.given:
	case d.PerUnit.given && d.Percent.given:
		v.addAt(pointer("lines", i, "discount"), codeDiscountOne)
	case !l.Quantity.given || !l.UnitPrice.given:
		v.addAt(pointer("lines", i, "discount"), codeDiscountPrice)
	case l.UnitPrice.Sign() >= 0 && l.perUnit().Cmp(l.UnitPrice) > 0, d.Percent.given && l.UnitPrice.Sign() < 0:
		v.addAt(pointer("lines", i, "discount"), codeDiscountTooLarge)
	}
}

// lineVAT judges the VAT of a line against its value; byLine says that some
// line has its VAT.
func (v *validator) lineVAT(i int, l *Line, byLine bool) {
	if !byLine || l.VATRate.index() < 0 {
		return
	}
	code := ""
	switch {
	case !l.VATRate.showsVAT():
		if l.VAT.Sign() != 0 {
			code = codeLineVATUntaxed
		}
	case !l.VAT.given:
		code = codeLineVATPartial
	default:
		value, ok := l.value()
		if ok && beyond(vatOf(value, l.percent(), v.inv.gross()), l.VAT.number, 2) {
			code = codeLineVAT
		}
	}
	if code != "" {
		v.addAt(pointer("lines", i, "vat"), code)
	}
}

// percent is the rate of the line in percent, 0 when there is no VAT.
func (l *Line) percent() decimal.Decimal {
	if l.VATRate == VATOSS {
		return l.OSSRate.number
	}
	row, _ := l.VATRate.Info()
	return row.percent()
}

// counterpart judges net against gross value of a line.
func (v *validator) counterpart(i int, l *Line) {
	if !l.Counterpart.Amount.given || l.VATRate.index() < 0 || l.VATRate == VATMargin {
		return
	}
	const slack = 5 // prices are rounded on both sides
	value, ok := l.value()
	vat := vatOf(value, l.percent(), v.inv.gross())
	if v.inv.gross() {
		vat = vat.Neg()
	}
	if ok && beyond(value.Add(vat), l.Counterpart.Amount.number, slack) {
		v.addAt(pointer("lines", i, "counterpart", "amount"), codeLineCounterpart)
	}
}

// foreignRate judges the rate of a line under the One Stop Shop, and its mark in
// the VAT register.
func (v *validator) foreignRate(order bool, i int, rate VATRate, oss Decimal, procedure Procedure) {
	switch {
	case rate != VATOSS:
		if oss.given {
			v.addAt(rowPath(order, i, "ossRate"), codeOSSRateUnused)
		}
		if procedure == "TT_D" && !v.inv.Triangular {
			v.addAt(rowPath(order, i, "procedure"), codeTriangularProcedure)
		}
		return
	case !oss.given:
		v.addAt(rowPath(order, i, "ossRate"), codeOSSRateMissing)
	}
	if procedure != "WSTO_EE" && procedure != "IED" {
		v.addAt(rowPath(order, i, "procedure"), codeOSSProcedure)
	}
}

// orderLine judges a line of the order.
func (v *validator) orderLine(i int, l *OrderLine) {
	v.foreignRate(true, i, l.VATRate, l.OSSRate, l.Procedure)
	if l.VATRate == VAT0IntraEU {
		v.addAt(rowPath(true, i, "vatRate"), codeOrderIntraEU)
	}
	net, ok := l.net()
	if !exact(net).within(maxWhole, 2) {
		v.addAt(rowPath(true, i), codeTotalDigits)
	}
	if l.Amount.given && l.Quantity.given && l.UnitPrice.given && beyond(l.Quantity.number.Mul(l.UnitPrice.number), net, 1) {
		v.addAt(rowPath(true, i, "amount"), codeLineAmount)
	}
	switch {
	case l.VATRate.index() < 0 || !l.VAT.given:
	case !l.VATRate.showsVAT():
		if l.VAT.Sign() != 0 {
			v.addAt(rowPath(true, i, "vat"), codeLineVATUntaxed)
		}
	case ok && beyond(vatOf(net, l.percent(), false), l.VAT.number, 2):
		v.addAt(rowPath(true, i, "vat"), codeOrderVAT)
	}
}

// sums computes the totals and judges them.
func (v *validator) sums() {
	inv := v.inv
	none := len(inv.Lines) == 0 && !inv.kind().IsAdvance() && !inv.kind().IsCorrection() && !statedTotalsObject.given(&inv.StatedTotals)
	if v.incomplete || none || len(inv.Lines) > MaxLines || len(inv.Order.Lines) > MaxOrderLines {
		return
	}
	var r report
	v.totals = inv.totals(&r)
	v.summed = len(r.problems) == 0
	for _, p := range r.problems {
		if p.Code != codeStatedTotalsNeeded || len(r.problems) == 1 && !v.partless {
			v.unsummed(p)
		}
	}
	if v.summed && !inv.kind().IsCorrection() && inv.kind() != KindSettlement {
		v.negative()
	}
}

// unsummed passes on why there are no totals, unless it is said already.
func (v *validator) unsummed(p Problem) {
	namesOnly := v.inv.kind() == KindSimplified || v.inv.Correction.Period != ""
	switch {
	case p.Code == codeVATRateUnknown: // judged with the line already
	case p.Code == codeLineValueMissing && namesOnly: // lines need no values there
		v.addAt("/statedTotals", codeStatedTotalsNeeded)
	default:
		v.addAt(p.Path, p.Code)
	}
}

// negative judges totals below zero, which only a correction may have.
func (v *validator) negative() {
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
