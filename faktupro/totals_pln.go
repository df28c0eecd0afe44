package faktupro

import "github.com/shopspring/decimal"

// plnSum is the VAT of one field in PLN. The lines are added up before the one
// rounding (art. 106e(11) of the VAT Act): converting line by line would gain
// or lose grosze.
type plnSum struct {
	rate    Decimal         // exchange rate of the first line
	sum     decimal.Decimal // VAT of the lines times their rates
	mixed   bool            // lines have different exchange rates
	missing bool            // a line has none
}

// add adds the VAT of one line.
func (s *plnSum) add(vat decimal.Decimal, rate Decimal) {
	if !rate.given {
		s.missing = true
		return
	}
	if !s.rate.given {
		s.rate = rate
	}
	s.mixed = s.mixed || !s.rate.Equal(rate)
	s.sum = s.sum.Add(vat.Mul(rate.number))
}

// total is the VAT in PLN, given the VAT of the field as the invoice shows it.
// With one exchange rate it is that very amount which is converted, so that
// the reader can check it with a calculator.
func (s *plnSum) total(vat Decimal) Decimal {
	switch {
	case s.missing || !s.rate.given:
		return Decimal{}
	case s.mixed:
		return grosze(s.sum)
	}
	return grosze(vat.number.Mul(s.rate.number))
}

// sumPLN fills the VAT in PLN of the fields and of the invoice.
func (a *adder) sumPLN() {
	if !a.inv.foreignCurrency() {
		return
	}
	t := &a.totals
	sum, complete := Decimal{}, true
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.VATField == "" {
			continue
		}
		f.VATPLN = a.pln[rateOfField(f.NetField)].total(f.VAT)
		complete = complete && f.VATPLN.given
		sum = sum.Add(f.VATPLN)
	}
	if complete {
		t.VATPLN = sum
	}
}

// lineExchangeRate is the exchange rate that holds for the line.
func (inv *Invoice) lineExchangeRate(l *Line) Decimal {
	if l.ExchangeRate.given {
		return l.ExchangeRate
	}
	return inv.ExchangeRate
}

// fieldOf is the first rate that shares its field with the given one.
func fieldOf(rate int) int { return rateOfField(rates[rate].NetField) }

// rateOfField is the first rate of a field.
func rateOfField(netField string) int {
	for i := range rates {
		if rates[i].NetField == netField {
			return i
		}
	}
	return -1
}
