package faktupro

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// has reports whether a line has the rate.
func (v *validator) has(rate VATRate) bool {
	for i := range v.inv.Lines {
		if v.inv.Lines[i].VATRate == rate {
			return true
		}
	}
	return false
}

// taxMarks judges the marks of the invoice against the rates of its lines and
// against the buyer.
func (v *validator) taxMarks() {
	v.exemption()
	v.reverseCharge()
	inv := v.inv
	foreignEU := inv.Buyer.EUVAT.Country != "" && inv.Buyer.EUVAT.Country != "PL"
	if v.has(VAT0IntraEU) && !foreignEU {
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
	listed := false
	for i := range v.inv.Lines {
		listed = listed || v.inv.Lines[i].Annex15
	}
	pln, known := v.grossPLN()
	above := known && pln.GreaterThan(splitPaymentLimit)
	switch {
	case v.inv.SplitPayment && known && !above:
		v.addAt("/splitPayment", codeSplitPaymentAmount)
	case v.inv.SplitPayment && !listed:
		v.addAt("/splitPayment", codeSplitPaymentLines)
	case !v.inv.SplitPayment && listed && above && v.inv.Buyer.NIP != "":
		v.addAt("/splitPayment", codeSplitPaymentMissing)
	}
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
	for i := range inv.Lines {
		l := &inv.Lines[i]
		row, _ := l.VATRate.Info()
		if row.Taxed && !inv.lineExchangeRate(l).given {
			v.addAt("/exchangeRate", codeExchangeMissing)
			return
		}
	}
}

// noExchange: an exchange rate on an invoice in PLN means that somebody forgot
// the currency.
func (v *validator) noExchange() {
	if v.inv.ExchangeRate.given {
		v.addAt("/exchangeRate", codeExchangeInPLN)
	}
	for i := range v.inv.Lines {
		if v.inv.Lines[i].ExchangeRate.given {
			v.addAt(pointer("lines", i, "exchangeRate"), codeExchangeInPLN)
		}
	}
}
