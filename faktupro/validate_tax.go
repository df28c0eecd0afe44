package faktupro

import (
	"iter"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// has reports whether a line, a line of the order or a stated total has the
// rate.
func (v *validator) has(rate VATRate) bool {
	for r := range v.inv.supplies() {
		if r == rate {
			return true
		}
	}
	return false
}

// supplies are the VAT rates at which something is supplied: those of lines, of
// lines of the order, and of stated totals that are not zero.
func (inv *Invoice) supplies() iter.Seq[VATRate] {
	return func(yield func(VATRate) bool) {
		for i := range inv.Lines {
			if !yield(inv.Lines[i].VATRate) {
				return
			}
		}
		for i := range inv.Order.Lines {
			if !yield(inv.Order.Lines[i].VATRate) {
				return
			}
		}
		for i := range inv.StatedTotals.Rates {
			s := &inv.StatedTotals.Rates[i]
			if (s.Net.Sign() != 0 || s.VAT.Sign() != 0) && !yield(s.Rate) {
				return
			}
		}
	}
}

// taxMarks judges the marks of the invoice against the rates of its lines and
// against the buyer.
func (v *validator) taxMarks() {
	v.exemption()
	v.reverseCharge()
	inv := v.inv
	foreignEU := inv.Buyer.EUVAT.Country != "" && inv.Buyer.EUVAT.Country != "PL"
	// New means of transport go to buyers without a VAT number too (art. 13(2)
	// of the VAT Act).
	if v.has(VAT0IntraEU) && !foreignEU && len(inv.NewTransport.Vehicles) == 0 {
		v.addAt("/buyer", codeIntraEUBuyer)
	}
	if v.has(VATEUService) && !foreignEU {
		v.addAt("/buyer", codeEUServiceBuyer)
	}
	if v.has(VAT0Export) && inv.Buyer.EUVAT != (pl.VATUE{}) {
		v.addAt("/buyer/euVat", codeExportBuyer)
	}
	if inv.Triangular && !foreignEU {
		v.addAt("/buyer", codeTriangularBuyer)
	}
}

// exemption: an exempt line needs its legal basis (art. 106e(1)(19)).
func (v *validator) exemption() {
	x := v.inv.Exemption
	bases := count(x.Act != "", x.Directive != "", x.Other != "")
	switch exempt := v.has(VATExempt); {
	case bases > 1:
		v.addAt("/exemption", codeExemptionOne)
	case exempt && bases == 0:
		v.addAt("/exemption", codeExemptionMissing)
	case !exempt && bases == 1:
		v.addAt("/exemption", codeExemptionUnused)
	}
}

// reverseCharge: art. 106e(1)(18), and the rates that imply it.
func (v *validator) reverseCharge() {
	inv := v.inv
	domestic, service := v.has(VATReverseCharge), v.has(VATEUService)
	if domestic {
		abroad := inv.Buyer.Address.Country != "" && inv.Buyer.Address.Country != "PL"
		if inv.Buyer.NIP == "" || abroad {
			v.addAt("/buyer", codeReverseChargeBuyer)
		}
	}
	switch {
	case domestic && !inv.ReverseCharge:
		v.addAt("/reverseCharge", codeReverseChargeFlag)
	case service && !inv.ReverseCharge:
		v.addAt("/reverseCharge", codeEUServiceFlag)
	case inv.ReverseCharge && !domestic && !service && !v.has(VATOutsidePoland):
		v.addAt("/reverseCharge", codeReverseChargeUnused)
	}
}

// splitPaymentLimit is the gross amount in PLN above which split payment is
// obligatory (art. 106e(1)(18a) and 108a(1a) of the VAT Act).
var splitPaymentLimit = decimal.NewFromInt(15_000)

func (v *validator) splitPayment() {
	inv, listed := v.inv, v.listed()
	if inv.SplitPayment && inv.Margin != "" && v.onlyMargin() {
		v.addAt("/splitPayment", codeMarginSplitPayment)
		return
	}
	pln, known := v.grossPLN()
	if inv.kind().IsCorrection() || inv.kind().IsSettlement() {
		known = false // the total is a difference, or what remains
	}
	above := known && pln.GreaterThan(splitPaymentLimit)
	switch {
	case inv.SplitPayment && known && !above:
		v.addAt("/splitPayment", codeSplitPaymentAmount)
	case inv.SplitPayment && !listed && !inv.kind().IsCorrection():
		v.addAt("/splitPayment", codeSplitPaymentLines)
	case !inv.SplitPayment && listed && above && inv.Buyer.NIP != "":
		v.addAt("/splitPayment", codeSplitPaymentMissing)
	}
}

// listed reports whether a line is listed in annex 15 of the VAT Act.
func (v *validator) listed() bool {
	for i := range v.inv.Lines {
		if v.inv.Lines[i].Annex15 {
			return true
		}
	}
	for i := range v.inv.Order.Lines {
		if v.inv.Order.Lines[i].Annex15 {
			return true
		}
	}
	return false
}

// onlyMargin reports whether all supplies are taxed on the margin.
func (v *validator) onlyMargin() bool {
	for r := range v.inv.supplies() {
		if r != VATMargin {
			return false
		}
	}
	return true
}

// grossPLN is the total due in PLN; false when it cannot be known.
func (v *validator) grossPLN() (decimal.Decimal, bool) {
	switch {
	case !v.summed:
		return decimal.Zero, false
	case !v.inv.foreignCurrency():
		return v.totals.Gross.number, true
	}
	return v.totals.Gross.number.Mul(v.inv.ExchangeRate.number), v.inv.ExchangeRate.given
}

// exchange: VAT is shown in PLN on every invoice in a foreign currency
// (art. 106e(11) of the VAT Act).
func (v *validator) exchange() {
	inv := v.inv
	if !inv.foreignCurrency() {
		v.noExchange()
		return
	}
	if len(inv.StatedTotals.Rates) > 0 { // judged rate by rate
		return
	}
	if inv.kind().IsAdvance() {
		v.paymentExchange()
		return
	}
	for i := range inv.Lines {
		l := &inv.Lines[i]
		row, _ := l.VATRate.Info()
		if row.Taxed && !inv.lineExchangeRate(l).given {
			v.addAt("/exchangeRate", codeExchangeMissing)
			return
		}
	}
}

// paymentExchange: an advance has the exchange rate of its payments.
func (v *validator) paymentExchange() {
	if v.inv.paymentExchangeRate().given {
		return
	}
	for r := range v.inv.supplies() {
		if row, _ := r.Info(); row.Taxed {
			v.addAt("/exchangeRate", codeExchangeMissing)
			return
		}
	}
}

// noExchange: an exchange rate on an invoice in PLN means that somebody forgot
// the currency.
func (v *validator) noExchange() {
	refuse := func(rate Decimal, parts ...any) {
		if rate.given {
			v.addAt(pointer(parts...), codeExchangeInPLN)
		}
	}
	refuse(v.inv.ExchangeRate, "exchangeRate")
	for i := range v.inv.Lines {
		refuse(v.inv.Lines[i].ExchangeRate, "lines", i, "exchangeRate")
	}
	for i := range v.inv.Prepayments {
		refuse(v.inv.Prepayments[i].ExchangeRate, "prepayments", i, "exchangeRate")
	}
	refuse(v.inv.Correction.ExchangeRateBefore, "correction", "exchangeRateBefore")
}
