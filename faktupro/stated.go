package faktupro

// StatedTotals are totals that the invoice says rather than computes. They are
// needed where lines do not add up to them: a collective correction without
// lines, a simplified invoice that shows only its total, a settlement whose
// advance invoices are known by number alone. They also keep what a document
// of somebody else says, be it a grosz off.
type StatedTotals struct {
	// Rates are the sums of the VAT rates. Rates that share a total in FA(3),
	// such as 23 and 22 percent, are one entry under the first of them. When
	// none is given all rates are computed; but where the computed ones do not
	// add up to Gross, to a grosz for each total, they are left out and the
	// document shows Gross alone. Validate warns of it.
	Rates []StatedRate
	// Gross is the total due (P_15); the sum of the rates when not given.
	Gross Decimal
}

// StatedRate is the sum of the supplies at one VAT rate, in the currency of the
// invoice.
type StatedRate struct {
	Rate   VATRate
	Net    Decimal // net value, such as P_13_1; the whole value for VATMargin
	VAT    Decimal // VAT, such as P_14_1
	VATPLN Decimal // that VAT in PLN on an invoice in a foreign currency, such as P_14_1W
}
