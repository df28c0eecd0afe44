package faktupro

import "github.com/shopspring/decimal"

// plnSum is the VAT of one field in PLN, as the invoice says it or computed. The
// lines are added up before the one
// rounding (art. 106e(11) of the VAT Act): converting line by line would gain
// or lose grosze.
type plnSum struct {
	rate    Decimal         // exchange rate of the first line
	sum     decimal.Decimal // VAT of the lines times their rates
	mixed   bool            // there are different exchange rates
	missing bool            // one is missing
	said    bool            // sum is what the invoice says
}

// plnSums are the sums of all fields, at the first rate of each field.
type plnSums [len(rates)]plnSum

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
	case s.missing || !s.rate.given && !s.said:
		return Decimal{}
	case s.mixed || s.said:
		return grosze(s.sum)
	}
	return grosze(vat.number.Mul(s.rate.number))
}

// convertLines adds up the VAT of the lines in PLN.
func (c *calculation) convertLines(byLine bool) {
	inv := c.inv
	if !inv.foreignCurrency() || c.unknown {
		return
	}
	for i := range inv.Lines {
		l := &inv.Lines[i]
		rate := l.VATRate.index()
		if !rates[rate].Taxed {
			continue
		}
		vat := l.VAT.number
		if !byLine {
			vat = vatOf(c.totals.Lines[i].number, rates[rate].percent(), inv.gross())
		}
		if l.Before {
			vat = vat.Neg()
		}
		c.pln[fieldOf(rate)].add(vat, inv.lineExchangeRate(l))
	}
}

// convertAll converts the VAT of every field at one exchange rate.
func (c *calculation) convertAll(rate Decimal) {
	for i := range c.pln {
		c.pln[i] = plnSum{rate: rate}
	}
}

// sumPLN fills the VAT in PLN of the fields and of the invoice.
func (c *calculation) sumPLN() {
	t := &c.totals
	sum, complete := Decimal{}, true
	for i := range t.Fields {
		f := &t.Fields[i]
		rate := rateOfField(f.NetField)
		if p := &c.pln[rate]; !rates[rate].Taxed || !c.inv.foreignCurrency() && !p.said {
			continue
		}
		f.VATPLN = c.pln[rate].total(f.VAT)
		complete = complete && f.VATPLN.given
		sum = sum.Add(f.VATPLN)
	}
	if complete && c.inv.foreignCurrency() {
		t.VATPLN = sum
	}
}

// lineExchangeRate is the exchange rate that holds for the line. The one of an
// advance invoice belongs to its payment.
func (inv *Invoice) lineExchangeRate(l *Line) Decimal {
	if l.ExchangeRate.given || inv.kind().IsAdvance() {
		return l.ExchangeRate
	}
	return inv.ExchangeRate
}

// paymentExchangeRate is the exchange rate of an advance: that of its payments,
// on average when they have several.
func (inv *Invoice) paymentExchangeRate() Decimal {
	var common Decimal
	mixed := false
	sum, weighted := decimal.Zero, decimal.Zero
	for i := range inv.Prepayments {
		p := &inv.Prepayments[i]
		rate := p.ExchangeRate
		if !rate.given {
			rate = inv.ExchangeRate
		}
		if !rate.given {
			return Decimal{}
		}
		if i == 0 {
			common = rate
		}
		mixed = mixed || !common.Equal(rate)
		sum = sum.Add(p.Amount.number)
		weighted = weighted.Add(p.Amount.number.Mul(rate.number))
	}
	switch {
	case len(inv.Prepayments) == 0:
		return inv.ExchangeRate
	case !mixed || sum.IsZero():
		return common
	}
	return exact(weighted.DivRound(sum, vatPrecision))
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
