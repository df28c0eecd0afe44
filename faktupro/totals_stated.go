package faktupro

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// state takes the sums that the invoice says.
func (c *calculation) state() {
	inv := c.inv
	c.convertAll(inv.statedExchangeRate())
	for i := range inv.StatedTotals.Rates {
		s := &inv.StatedTotals.Rates[i]
		rate := s.Rate.index()
		if rate < 0 {
			c.unknown = true
			c.report.addAt(pointer("statedTotals", "rates", i, "rate"), codeVATRateUnknown, "values", rateNames())
			continue
		}
		c.sums.add(rate, money.Grosze(s.Net.number), money.Grosze(s.VAT.number))
	}
	if !c.unknown {
		c.statePLN()
	}
}

// leaveOut leaves out computed sums that contradict the total due where the
// invoice says nothing else: they would show VAT that nobody has stated.
func (c *calculation) leaveOut() {
	t, said := &c.totals, &c.inv.StatedTotals
	if !said.Gross.given || len(said.Rates) > 0 || addsUp(t.Net.number.Add(t.VAT.number), said.Gross.number, len(t.Fields)) {
		return
	}
	t.Rates, t.Fields = nil, nil
	t.Net, t.VAT, t.VATPLN = Decimal{}, Decimal{}, Decimal{}
}

// addsUp reports whether the sum of so many fields is the total due, but for
// rounding: by a grosz for each field.
func addsUp(sum, due decimal.Decimal, fields int) bool { return !beyond(sum, due, max(1, fields)) }

// statePLN takes the VAT in PLN that the invoice says, where it says it for
// every rate of a field.
func (c *calculation) statePLN() {
	said := c.inv.StatedTotals.Rates
	for i := range said {
		if !said[i].VATPLN.given {
			continue
		}
		p := &c.pln[fieldOf(said[i].Rate.index())]
		p.sum, p.said = p.sum.Add(said[i].VATPLN.number), true
	}
	for i := range said {
		if p := &c.pln[fieldOf(said[i].Rate.index())]; p.said && !said[i].VATPLN.given {
			p.missing = true
		}
	}
}

// statedExchangeRate converts stated VAT of which the invoice does not say the
// amount in PLN.
func (inv *Invoice) statedExchangeRate() Decimal {
	if inv.kind().IsAdvance() {
		return inv.paymentExchangeRate()
	}
	return inv.ExchangeRate
}

// settle takes off what the advance invoices showed (art. 106f(3) of the VAT
// Act). What prepayments without an invoice of their own paid stays in: the
// settlement documents them itself.
func (c *calculation) settle() {
	advances := c.inv.AdvanceInvoices
	var taken rateSums
	for i := range advances {
		if len(advances[i].Rates) == 0 {
			c.missing(pointer("advanceInvoices", i, "rates"), codeAdvanceRatesMissing)
		}
		for j := range advances[i].Rates {
			s := &advances[i].Rates[j]
			rate := s.Rate.index()
			if rate < 0 {
				c.missing(pointer("advanceInvoices", i, "rates", j, "rate"), codeVATRateUnknown, "values", rateNames())
				continue
			}
			taken.add(c.usedRate(rate), money.Grosze(s.Net.number), money.Grosze(s.VAT.number))
		}
	}
	c.sums.subtract(&taken)
	c.settlePLN(&taken)
}

// usedRate is the rate of the lines that an advance at the given rate paid for:
// rates that share a total may be stated as the first of them.
func (c *calculation) usedRate(rate int) int {
	if c.sums[rate].used {
		return rate
	}
	for i := range rates {
		if c.sums[i].used && rates[i].NetField == rates[rate].NetField {
			return i
		}
	}
	return rate
}

// settlePLN: what remains is converted at the exchange rate of the settlement.
// With several rates nobody knows which of them holds for the remainder.
func (c *calculation) settlePLN(taken *rateSums) {
	for i := range taken {
		if !taken[i].used {
			continue
		}
		switch p := &c.pln[fieldOf(i)]; {
		case p.mixed:
			p.missing = true
			c.report.addAt("/statedTotals", codeStatedTotalsNeeded)
		case !p.rate.given:
			p.rate = c.inv.ExchangeRate
		}
	}
}
