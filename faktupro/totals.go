package faktupro

import (
	"github.com/shopspring/decimal"
)

// Totals are the sums of an invoice, in its currency unless said otherwise.
// Every amount has two decimals, rounded half up once per sum. On a correction
// all sums are differences.
type Totals struct {
	Currency string `json:"currency"`
	// Lines are the values of the lines in their order (P_11, P_11A): net or
	// gross by the invoice's Pricing. A line without a value, such as one of a
	// simplified invoice, has a Decimal that is not given.
	Lines []Decimal `json:"lines"`
	// Order is the value of the order with VAT (WartoscZamowienia); not given
	// without an order.
	Order Decimal `json:"order,omitzero"`
	// Rates are the sums of each VAT rate that occurs, in the order of Rates.
	Rates []RateTotal `json:"rates"`
	// Fields are the sums as FA(3) groups them.
	Fields []FieldTotal `json:"fields"`
	// Net and VAT are not given when the invoice says nothing but the total due,
	// or one that its lines do not add up to: then there are no Rates and Fields.
	Net Decimal `json:"net"`
	VAT Decimal `json:"vat"`
	// Gross is the total due (P_15): the payment on an advance invoice, what
	// remains to pay on a settlement.
	Gross Decimal `json:"gross"`
	// VATPLN is the VAT in PLN of an invoice in a foreign currency; not given
	// otherwise, or when an exchange rate is missing. Foreign VAT (OSS) is no
	// part of it. It is the sum of the fields. Where all lines of a field have
	// one exchange rate the VAT shown, rounded already, is converted; where they
	// have several, the VAT of each line is converted before any rounding, and
	// the sum is rounded once. The two may differ by groszes.
	VATPLN Decimal `json:"vatPLN,omitzero"`
}

// RateTotal is the sum of the supplies at one VAT rate. The supplies under OSS
// are one sum, whatever foreign rates they have.
type RateTotal struct {
	Rate  VATRate `json:"rate"`
	Net   Decimal `json:"net"`
	VAT   Decimal `json:"vat"`
	Gross Decimal `json:"gross"`
}

// FieldTotal is the sum of the rates that share a total in FA(3).
type FieldTotal struct {
	NetField string  `json:"netField"`           // such as P_13_1
	VATField string  `json:"vatField,omitempty"` // such as P_14_1; "" when there is no VAT
	Net      Decimal `json:"net"`
	VAT      Decimal `json:"vat"`
	VATPLN   Decimal `json:"vatPLN,omitzero"` // such as P_14_1W
}

// Totals computes the sums by article 106e of the VAT Act. With net prices the
// VAT of a rate is its net total times the rate; with gross prices it is taken
// out of the gross total.
//
// The lines of a correction that have Before are taken off, each state rounded
// by itself: the difference is what leads from the totals before to those
// after. An advance invoice splits the payment over the VAT rates of its order
// (art. 106f(1)(3)); a settlement takes off what its advance invoices showed
// (art. 106f(3)). What StatedTotals say is not computed.
//
// The error is a *ValidationError when something is missing that the sums are
// computed from, or when a sum outgrows FA(3).
func (inv *Invoice) Totals() (Totals, error) {
	var r report
	t := inv.totals(&r)
	return t, r.problems.sorted().Err()
}

// StatedRates are the sums as a settlement states them for each advance invoice
// (AdvanceInvoice.Rates): those of the totals of the advance invoice. Rates that
// share a total in FA(3) are one entry under the first that occurs.
func (t *Totals) StatedRates() []StatedRate {
	stated := make([]StatedRate, 0, len(t.Fields))
	next := 0
	for i := range t.Fields {
		f := &t.Fields[i]
		stated = append(stated, StatedRate{Rate: t.Rates[next].Rate, Net: f.Net, VAT: f.VAT, VATPLN: f.VATPLN})
		for next < len(t.Rates) && rates[t.Rates[next].Rate.index()].NetField == f.NetField {
			next++
		}
	}
	return stated
}

// totals computes the sums and reports what is missing for them.
func (inv *Invoice) totals(r *report) Totals {
	c := calculation{inv: inv, report: r}
	c.said = inv.StatedTotals.Gross.given || len(inv.StatedTotals.Rates) > 0
	c.totals.Currency = inv.currency()
	c.run()
	return c.totals
}

// calculation computes the totals of one invoice.
type calculation struct {
	inv     *Invoice
	report  *report
	said    bool     // totals are stated: nothing needs to be computed
	unknown bool     // something is missing that totals are computed from
	sums    rateSums // by rate, rounded
	pln     plnSums  // VAT in PLN by field
	totals  Totals
}

// rateSum is net value and VAT at one rate, rounded to grosze.
type rateSum struct {
	net, vat decimal.Decimal
	used     bool
}

// rateSums are the sums of all rates, in the order of the table of rates.
type rateSums [len(rates)]rateSum

func (s *rateSums) add(rate int, net, vat decimal.Decimal) {
	sum := &s[rate]
	if !sum.used {
		*sum = rateSum{net, vat, true}
		return
	}
	sum.net, sum.vat = sum.net.Add(net), sum.vat.Add(vat)
}

// subtract takes other sums off.
func (s *rateSums) subtract(other *rateSums) {
	for i := range other {
		if other[i].used {
			s.add(i, other[i].net.Neg(), other[i].vat.Neg())
		}
	}
}

func (c *calculation) run() {
	c.lines()
	c.order()
	switch kind := c.inv.kind(); {
	case len(c.inv.StatedTotals.Rates) > 0:
		c.state()
	case kind.IsAdvance():
		c.advance()
	case len(c.inv.Lines) == 0 && c.said: // only the total due is known
		c.unknown = true
	case kind == KindSettlement:
		c.settle()
	}
	c.close()
}

// missing records that something is missing that totals would be computed from;
// it is a problem unless totals are stated.
func (c *calculation) missing(path, code string, args ...string) {
	c.unknown = true
	if !c.said {
		c.report.addAt(path, code, args...)
	}
}

// close turns the sums of the rates into totals. Sums of which a part is unknown
// would say something wrong and are left out.
func (c *calculation) close() {
	t := &c.totals
	if !c.unknown {
		net, vat := zeroAmount, zeroAmount
		for i := range c.sums {
			if c.sums[i].used {
				c.rate(i)
				net, vat = net.Add(c.sums[i].net), vat.Add(c.sums[i].vat)
			}
		}
		t.Net, t.VAT, t.Gross = exact(net), exact(vat), exact(net.Add(vat))
		c.sumPLN()
		c.leaveOut()
	}
	c.due()
	c.digits()
}

// due is the total due where it is no sum: what the invoice says, or the payment
// that an advance invoice documents.
func (c *calculation) due() {
	if g := c.inv.StatedTotals.Gross; g.given {
		c.totals.Gross = grosze(g.number)
		return
	}
	if payment, ok := c.inv.payment(); ok && c.inv.kind().IsAdvance() {
		c.totals.Gross = exact(fixed(payment))
	}
}

// rate adds the sum of one rate to the totals. Rates that share a field stand
// next to each other in the table.
func (c *calculation) rate(i int) {
	info, sum := &rates[i], &c.sums[i]
	t := RateTotal{info.Rate, exact(fixed(sum.net)), exact(fixed(sum.vat)), exact(fixed(sum.net.Add(sum.vat)))}
	c.totals.Rates = append(c.totals.Rates, t)
	fields := c.totals.Fields
	if last := len(fields) - 1; last >= 0 && fields[last].NetField == info.NetField {
		fields[last].Net, fields[last].VAT = fields[last].Net.Add(t.Net), fields[last].VAT.Add(t.VAT)
		return
	}
	c.totals.Fields = append(fields, FieldTotal{
		NetField: info.NetField, VATField: info.VATField, Net: t.Net, VAT: t.VAT,
	})
}

// digits reports sums that are wider than the fields of FA(3).
func (c *calculation) digits() {
	t := &c.totals
	wide := false
	for _, sum := range [...]Decimal{t.Order, t.Net, t.VAT, t.Gross, t.VATPLN} {
		wide = wide || !sum.within(maxWhole, 2)
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		wide = wide || !f.Net.within(maxWhole, 2) || !f.VAT.within(maxWhole, 2) || !f.VATPLN.within(maxWhole, 2)
	}
	if wide {
		c.report.addAt("", codeTotalDigits)
	}
}
