package faktupro

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// Totals are the sums of an invoice, in its currency unless said otherwise.
// Every amount has two decimals, rounded half up once per sum.
type Totals struct {
	Currency string `json:"currency"`
	// Lines are the values of the lines in their order (P_11, P_11A): net or
	// gross by the invoice's Pricing.
	Lines []Decimal `json:"lines"`
	// Rates are the sums of each VAT rate that occurs, in the order of Rates.
	Rates []RateTotal `json:"rates"`
	// Fields are the sums as FA(3) groups them.
	Fields []FieldTotal `json:"fields"`
	Net    Decimal      `json:"net"`
	VAT    Decimal      `json:"vat"`
	// Gross is the total due (P_15).
	Gross Decimal `json:"gross"`
	// VATPLN is the VAT in PLN of an invoice in a foreign currency; not given
	// otherwise, or when an exchange rate is missing.
	VATPLN Decimal `json:"vatPLN,omitzero"`
}

// RateTotal is the sum of the lines at one VAT rate.
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
// out of the gross total. The error is a *ValidationError when a line has no
// value or no known rate, or when a sum outgrows FA(3).
func (inv *Invoice) Totals() (Totals, error) {
	var r report
	t := inv.totals(&r)
	return t, r.problems.sorted().Err()
}

// totals computes the sums and reports lines that cannot be part of them.
func (inv *Invoice) totals(r *report) Totals {
	a := adder{inv: inv, totals: Totals{Currency: inv.currency(), Lines: make([]Decimal, len(inv.Lines))}}
	for i := range inv.Lines {
		a.line(r, i)
	}
	a.sum(r)
	return a.totals
}

// adder adds up the lines of one invoice.
type adder struct {
	inv    *Invoice
	values [len(rates)]decimal.Decimal // sum of line values by rate
	used   [len(rates)]bool
	pln    [len(rates)]plnSum // VAT in PLN by field, at the field's first rate
	totals Totals
}

// line adds one line.
func (a *adder) line(r *report, i int) {
	l := &a.inv.Lines[i]
	value, ok := l.value()
	rate := l.VATRate.index()
	a.totals.Lines[i] = exact(fixed(value))
	switch {
	case !ok:
		r.addAt(pointer("lines", i), codeLineValueMissing)
	case !money.Fits(value, maxWhole, 2):
		r.addAt(pointer("lines", i), codeTotalDigits)
	case rate < 0:
		r.addAt(pointer("lines", i, "vatRate"), codeVATRateUnknown, "values", rateNames())
	default:
		a.add(rate, value, l)
	}
}

func (a *adder) add(rate int, value decimal.Decimal, l *Line) {
	a.values[rate] = a.values[rate].Add(value)
	a.used[rate] = true
	if rates[rate].Taxed && a.inv.foreignCurrency() {
		a.pln[fieldOf(rate)].add(a.vatOf(rate, value), a.inv.lineExchangeRate(l))
	}
}

// sum turns the sums of line values into totals.
func (a *adder) sum(r *report) {
	for i := range rates {
		if a.used[i] {
			a.rate(i)
		}
	}
	t := &a.totals
	net, vat := zeroAmount, zeroAmount
	for _, f := range t.Fields {
		net, vat = net.Add(f.Net.number), vat.Add(f.VAT.number)
	}
	t.Net, t.VAT, t.Gross = exact(net), exact(vat), exact(net.Add(vat))
	a.sumPLN()
	for _, sum := range [...]Decimal{t.Net, t.VAT, t.Gross, t.VATPLN} {
		if !sum.within(maxWhole, 2) {
			r.addAt("", codeTotalDigits)
		}
	}
}

// rate closes the sum of one rate and adds it to its field. Rates that share a
// field stand next to each other in the table.
func (a *adder) rate(i int) {
	info := &rates[i]
	vat := money.Grosze(a.vatOf(i, a.values[i]))
	net := a.values[i]
	if a.inv.gross() {
		net = net.Sub(vat)
	}
	t := RateTotal{info.Rate, exact(fixed(net)), exact(fixed(vat)), exact(fixed(net.Add(vat)))}
	a.totals.Rates = append(a.totals.Rates, t)
	fields := a.totals.Fields
	if last := len(fields) - 1; last >= 0 && fields[last].NetField == info.NetField {
		fields[last].Net, fields[last].VAT = fields[last].Net.Add(t.Net), fields[last].VAT.Add(t.VAT)
		return
	}
	a.totals.Fields = append(fields, FieldTotal{
		NetField: info.NetField, VATField: info.VATField, Net: t.Net, VAT: t.VAT,
	})
}

var hundred = decimal.NewFromInt(100)

// vatPrecision is the number of decimals of a quotient that is rounded later.
const vatPrecision = 20

// vatOf is the VAT of a value at a rate, not rounded.
func (a *adder) vatOf(rate int, value decimal.Decimal) decimal.Decimal {
	if !rates[rate].Taxed {
		return decimal.Zero
	}
	percent := decimal.NewFromInt(int64(rates[rate].Percent))
	if !a.inv.gross() {
		return value.Mul(percent).Shift(-2)
	}
	return value.Mul(percent).DivRound(percent.Add(hundred), vatPrecision)
}

// value is the value of the line: what Amount says, or quantity times price
// less discount, rounded to two decimals.
func (l *Line) value() (decimal.Decimal, bool) {
	if l.Amount.given {
		return money.Grosze(l.Amount.number), true
	}
	return l.product()
}

// product is quantity times price less discount, rounded to two decimals.
func (l *Line) product() (decimal.Decimal, bool) {
	if !l.Quantity.given || !l.UnitPrice.given {
		return decimal.Zero, false
	}
	price := l.UnitPrice.number
	if off := l.perUnit(); off.given {
		price = price.Sub(off.number)
	}
	return money.Grosze(l.Quantity.number.Mul(price)), true
}

// perUnit is the discount as an amount per unit (P_10); not given when there is
// no discount.
func (l *Line) perUnit() Decimal {
	if !l.Discount.Percent.given {
		return l.Discount.PerUnit
	}
	off := l.UnitPrice.number.Mul(l.Discount.Percent.number).Shift(-2)
	return exact(money.Round(off, maxFraction))
}
