package faktupro

import "github.com/shopspring/decimal"

// required judges what each kind of invoice cannot do without, one value at a
// time.
func (v *validator) required() {
	inv, kind := v.inv, v.inv.kind()
	if kind != KindSimplified && kind != KindCorrection && buyerObject.given(&inv.Buyer) {
		v.need("/buyer/name", "name", inv.Buyer.Name != "")
		v.need("/buyer/address", "address", inv.Buyer.Address != Address{})
	}
	if !kind.IsCorrection() && !kind.IsAdvance() {
		v.need("/lines", "lines", len(inv.Lines) > 0)
	}
	if len(inv.Lines) > MaxLines || len(inv.Order.Lines) > MaxOrderLines {
		return // of a list that is too long nothing more is said
	}
	if !kind.IsAdvance() {
		v.requiredOfLines()
	}
	for i := range inv.Order.Lines {
		l := &inv.Order.Lines[i]
		v.needOfLine(true, i, "name", l.Name != "")
		v.needOfLine(true, i, "vatRate", l.VATRate != "" || len(inv.StatedTotals.Rates) > 0)
	}
}

func (v *validator) requiredOfLines() {
	inv, kind := v.inv, v.inv.kind()
	collective := kind.IsCorrection() && inv.Correction.Period != ""
	// A simplified invoice and a collective correction may show only names, and
	// say their totals.
	named := len(inv.StatedTotals.Rates) > 0 && (kind == KindSimplified || kind.IsCorrection())
	for i := range inv.Lines {
		l := &inv.Lines[i]
		v.needOfLine(false, i, "name", l.Name != "" || collective)
		v.needOfLine(false, i, "vatRate", l.VATRate != "" || named)
	}
}

// need records a field that is missing.
func (v *validator) need(path, field string, given bool) {
	if !given {
		v.addAt(path, codeRequired, "field", field)
	}
}

// needOfLine records a field that is missing in a line, or in a line of the
// order.
func (v *validator) needOfLine(order bool, i int, field string, given bool) {
	if !given {
		v.addAt(rowPath(order, i, field), codeRequired, "field", field)
	}
}

// parts judges which parts of an invoice its kind has.
func (v *validator) parts() {
	inv, kind := v.inv, v.inv.kind()
	corrects := correctionObject.given(&inv.Correction)
	switch {
	case corrects && !kind.IsCorrection():
		v.addAt("/correction", codeCorrectionForeign)
	case !corrects && kind.IsCorrection():
		v.addAt("/correction", codeCorrectionMissing)
	}
	if inv.Advance.given && !kind.IsAdvance() {
		v.addAt("/advance", codeAdvanceForeign)
	}
	if len(inv.Prepayments) > 0 && !kind.IsAdvance() && !kind.IsSettlement() {
		v.addAt("/prepayments", codePrepaymentsUnusual)
	}
	v.orderPart()
	v.advancesPart()
	v.linesPart()
	if kind == KindCorrection && buyerObject.given(&inv.Buyer) && (inv.Buyer.Name == "" || inv.Buyer.Address == Address{}) {
		v.addAt("/buyer", codeBuyerIncomplete)
	}
}

func (v *validator) orderPart() {
	kind, ordered := v.inv.kind(), orderObject.given(&v.inv.Order)
	switch {
	case ordered && !kind.IsAdvance():
		v.addAt("/order", codeOrderUnusual)
	case !ordered && kind == KindAdvance:
		v.addAt("/order", codeOrderMissing)
		v.partless = true
	case !ordered && kind == KindAdvanceCorrection:
		v.addAt("/order", codeOrderMissingCorrection)
	}
}

// advancesPart: an advance invoice may name earlier ones when it is the last of
// them (art. 106f(4) of the VAT Act), so only other kinds are asked about them.
func (v *validator) advancesPart() {
	inv, kind := v.inv, v.inv.kind()
	named := len(inv.AdvanceInvoices) > 0
	switch settled := named || len(inv.Prepayments) > 0; {
	case kind == KindSettlement && !settled:
		v.addAt("/advanceInvoices", codeAdvancesMissing)
	case kind == KindSettlementCorrection && !settled:
		v.addAt("/advanceInvoices", codeAdvancesMissingCorrected)
	case named && !kind.IsSettlement() && !kind.IsAdvance():
		v.addAt("/advanceInvoices", codeAdvancesUnusual)
	}
}

func (v *validator) linesPart() {
	inv, kind := v.inv, v.inv.kind()
	stated := statedTotalsObject.given(&inv.StatedTotals) && (len(inv.StatedTotals.Rates) > 0 || inv.StatedTotals.Gross.Sign() != 0)
	switch {
	case kind.IsAdvance():
		if len(inv.Lines) > 0 {
			v.addAt("/lines", codeLinesOnAdvance)
		}
	case kind.IsCorrection() && len(inv.Lines) == 0 && stated && inv.Correction.Period == "":
		v.addAt("/lines", codeLinesMissingCorrection)
	}
	if kind.IsCorrection() {
		return
	}
	for i := range inv.Lines {
		if inv.Lines[i].Before {
			v.addAt(pointer("lines", i, "before"), codeLineBeforeKind)
		}
	}
	for i := range inv.Order.Lines {
		if inv.Order.Lines[i].Before {
			v.addAt(pointer("order", "lines", i, "before"), codeLineBeforeKind)
		}
	}
}

// The greatest totals of a simplified invoice (art. 106e(5)(3) of the VAT Act).
var (
	simplifiedPLN = decimal.NewFromInt(450)
	simplifiedEUR = decimal.NewFromInt(100)
)

// simplified judges whether the invoice may be a simplified one.
func (v *validator) simplified() {
	inv := v.inv
	if inv.kind() != KindSimplified {
		return
	}
	pln, known := v.grossPLN()
	euros := v.summed && inv.currency() == "EUR"
	if euros && v.totals.Gross.number.GreaterThan(simplifiedEUR) || !euros && known && pln.GreaterThan(simplifiedPLN) {
		v.addAt("/kind", codeSimplifiedLimit)
	}
	if buyerObject.given(&inv.Buyer) && inv.Buyer.NIP == "" && inv.Buyer.Name == "" {
		v.addAt("/buyer", codeSimplifiedBuyer)
	}
	if v.has(VAT0IntraEU) || v.has(VATOSS) {
		v.addAt("/kind", codeSimplifiedExcluded)
	}
}
