package faktupro

import (
	"strings"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
)

// generator draws invoices of every kind that Validate accepts. They are random
// in everything the rules leave open, and use every field of an Invoice.
type generator struct {
	t *rapid.T
}

// drawValid draws an invoice of any kind.
func drawValid(t *rapid.T) *Invoice {
	return drawKind(t, rapid.SampledFrom(kinds).Draw(t, "kind"))
}

// drawKind draws an invoice of one kind.
func drawKind(t *rapid.T, kind Kind) *Invoice {
	g := generator{t}
	inv := &Invoice{
		Kind:      kind,
		Number:    g.text(),
		IssueDate: pl.NewDate(2026, 10, 20),
		Currency:  pick(g, "", "PLN", "PLN", "EUR", "USD"),
		Pricing:   pick(g, "", PricingNet, PricingGross),
	}
	if inv.foreignCurrency() {
		inv.ExchangeRate = g.number("exchange rate", 1, 9_999_999, 6)
	}
	inv.Seller, inv.Buyer = g.seller(), g.buyer()
	switch kind {
	case KindCorrection, KindSettlementCorrection:
		g.correct(inv)
	case KindAdvance, KindAdvanceCorrection:
		g.advance(inv)
	case KindSettlement:
		inv.Lines = g.lines(inv)
		g.settle(inv)
	case KindSimplified:
		g.simplify(inv)
	default:
		inv.Lines = g.lines(inv)
	}
	g.stated(inv)
	g.marks(inv)
	g.surroundings(inv)
	return inv
}

func pick[V any](g generator, values ...V) V { return rapid.SampledFrom(values).Draw(g.t, "one of") }

// maybe is true once in n times.
func (g generator) maybe(n int) bool { return rapid.IntRange(1, n).Draw(g.t, "maybe") == n }

// some is a number of elements of a list, often none.
func (g generator) some(most int) int { return rapid.IntRange(0, most).Draw(g.t, "count") }

// text is a text as people write them, without superfluous white space.
func (g generator) text() string {
	return pick(g, "A", "Żółta łódź podwodna", "a < b & c > \"d\" 'e'", "50% taniej; 1/2", "Nr 7/10/2026", "]]>", "😀 emoji", strings.Repeat("ż", 20))
}

// optionalText is a text, or none.
func (g generator) optionalText() string {
	if g.maybe(3) {
		return g.text()
	}
	return ""
}

func (g generator) number(label string, low, high int64, places int32) Decimal {
	return exact(decimal.New(rapid.Int64Range(low, high).Draw(g.t, label), -places))
}

func (g generator) amount() Decimal { return g.number("amount", 1, 99_999_999, 2) }

func (g generator) day() pl.Date { return pl.NewDate(2026, 10, rapid.IntRange(1, 20).Draw(g.t, "day")) }

func (g generator) ksefNumber() pl.KSeFNumber {
	return pick[pl.KSeFNumber](g, "1234563218-20260203-0A1B2C3D4E5F-2C", "1234563218-20260310-00AA11BB22CC-9F", "1234563218-20230908-8BEF28-0C8D35-4D")
}

// lines draws lines that have a value.
func (g generator) lines(inv *Invoice) []Line {
	lines := make([]Line, rapid.IntRange(1, 5).Draw(g.t, "lines"))
	byLine := g.maybe(4)
	for i := range lines {
		l := &lines[i]
		*l = g.line(inv, i)
		if byLine && l.VATRate.showsVAT() {
			l.VAT = g.lineVAT(inv, l)
		}
	}
	return lines
}

func (g generator) line(inv *Invoice, i int) Line {
	l := Line{
		Name:    g.text(),
		ID:      g.optionalText(),
		Unit:    pick(g, "szt.", "h", "kg"),
		VATRate: rapid.SampledFrom(rates[:]).Draw(g.t, "rate").Rate,
	}
	if g.maybe(6) {
		l.Number = i + 1 + 10*g.some(3)
	}
	if l.VATRate == VATOSS {
		l.OSSRate = g.foreignRate()
	}
	g.value(&l)
	g.classify(&l)
	if inv.foreignCurrency() && g.maybe(3) {
		l.ExchangeRate = g.number("exchange rate", 1, 9_999_999, 6)
	}
	// A line with amounts on both bases does not tell on which one prices are.
	if (!inv.gross() || l.VATRate == VATMargin) && g.maybe(4) {
		l.Counterpart = Counterpart{UnitPrice: g.number("price", 1, 99_999_999_999, 8), Amount: g.amount()}
	}
	return l
}

func (g generator) foreignRate() Decimal { return pick(g, d("19"), d("21.5"), d("25"), d("0")) }

// value gives a line its value: a price, an amount, or both.
func (g generator) value(l *Line) {
	if g.maybe(4) {
		l.Amount = g.amount()
		return
	}
	l.Quantity = g.number("quantity", 1, 9_999_999_999, 6)
	l.UnitPrice = g.number("price", 1, 99_999_999_999, rapid.SampledFrom([]int32{2, 4, 8}).Draw(g.t, "places"))
	switch {
	case g.maybe(5):
		l.Discount.Percent = g.number("percent", 0, 100_000_000, 6)
	case g.maybe(5):
		l.Discount.PerUnit = exact(money.Round(l.UnitPrice.number.Shift(-1), maxFraction))
	case g.maybe(8):
		l.Amount = g.amount()
	}
}

func (g generator) classify(l *Line) {
	l.GTU, l.PKWiU, l.CN, l.PKOB = pick(g, "", gtuCodes[0], gtuCodes[12]), g.optionalText(), g.optionalText(), g.optionalText()
	l.Procedure, l.Index, l.Annex15 = pick(g, "", "", procedureCodes[0], procedureCodes[5]), g.optionalText(), g.maybe(5)
	l.GTIN = pick(g, "", "5901234123457")
	if g.maybe(6) {
		l.Excise = g.amount()
	}
}

// lineVAT is the VAT of a line, as it comes out.
func (g generator) lineVAT(inv *Invoice, l *Line) Decimal {
	value, _ := l.value()
	percent := rates[l.VATRate.index()].percent()
	if l.VATRate == VATOSS {
		percent = l.OSSRate.number
	}
	return grosze(vatOf(value, percent, inv.gross()))
}

// stated replaces computed totals of some invoices.
func (g generator) stated(inv *Invoice) {
	if !g.maybe(8) || inv.kind() == KindAdvanceCorrection || inv.kind() == KindSettlement {
		return
	}
	s := &inv.StatedTotals
	if !inv.kind().IsAdvance() && g.maybe(2) {
		s.Gross = g.amount()
		return
	}
	s.Rates = nil
	for i := range rates {
		if fieldOf(i) != i || !g.maybe(4) {
			continue
		}
		r := StatedRate{Rate: rates[i].Rate, Net: g.amount()}
		if rates[i].Taxed || rates[i].Rate == VATOSS {
			r.VAT = g.amount()
		}
		if rates[i].Taxed && inv.foreignCurrency() && (g.maybe(2) || !inv.statedExchangeRate().Given()) {
			r.VATPLN = g.amount()
		}
		s.Rates = append(s.Rates, r)
	}
}

// simplify draws a simplified invoice: with values, or with names and its total.
func (g generator) simplify(inv *Invoice) {
	inv.Lines = g.lines(inv)
	if g.maybe(2) {
		return
	}
	inv.StatedTotals.Gross = g.number("total", 1, 45_000, 2)
	for i := range inv.Lines {
		l := &inv.Lines[i]
		*l = Line{Name: l.Name, VATRate: pick(g, VAT23, VAT8, VAT0Domestic)}
	}
}

// correct draws a correction: pairs, differences, storno, or only data.
func (g generator) correct(inv *Invoice) {
	g.correction(inv)
	if inv.kind() == KindSettlementCorrection {
		inv.AdvanceInvoices = g.advanceInvoices()
		inv.Correction.AmountBefore = g.amount()
	}
	original := g.lines(inv)
	switch rapid.IntRange(0, 3).Draw(g.t, "way") {
	case 0: // pairs
		for i, l := range original {
			l.Number = i + 1
			after := g.line(inv, i)
			after.Number = i + 1
			l.VAT = Decimal{}
			l.Before = true
			inv.Lines = append(inv.Lines, l, after)
		}
	case 1: // differences
		inv.Lines = original
	case 2: // storno
		for _, l := range original {
			l.Amount = Decimal{}.Sub(g.amount())
			l.Quantity, l.UnitPrice, l.Discount, l.VAT = Decimal{}, Decimal{}, Discount{}, Decimal{}
			inv.Lines = append(inv.Lines, l)
		}
	default:
		inv.Pricing = ""
	}
}

// settle draws what a settlement settles: parts of its lines.
func (g generator) settle(inv *Invoice) {
	if g.maybe(4) {
		inv.Prepayments = []Prepayment{{Date: g.day(), Amount: d("1.00")}}
		return
	}
	whole := inv.totals(&report{})
	inv.AdvanceInvoices = g.advanceInvoices()
	for i := range inv.AdvanceInvoices {
		for _, f := range whole.Fields {
			r := StatedRate{Rate: rates[rateOfField(f.NetField)].Rate, Net: tenth(f.Net)}
			if f.VATField != "" {
				r.VAT = tenth(f.VAT)
			}
			inv.AdvanceInvoices[i].Rates = append(inv.AdvanceInvoices[i].Rates, r)
		}
	}
	if inv.foreignCurrency() { // with several exchange rates VAT in PLN cannot be known
		for i := range inv.Lines {
			inv.Lines[i].ExchangeRate = Decimal{}
		}
	}
}

func tenth(a Decimal) Decimal { return grosze(a.number.Shift(-1)) }

func (g generator) advanceInvoices() []AdvanceInvoice {
	all := []AdvanceInvoice{{KSeFNumber: "1234563218-20260203-0A1B2C3D4E5F-2C"}, {Number: g.text()}}
	return all[:rapid.IntRange(1, 2).Draw(g.t, "advance invoices")]
}

// advance draws an advance invoice, or the correction of one.
func (g generator) advance(inv *Invoice) {
	inv.Pricing = ""
	inv.Order.Lines = g.orderLines(false)
	inv.Advance = g.number("advance", 1, 99_999, 2)
	if g.maybe(3) {
		inv.Advance = Decimal{}
		for range rapid.IntRange(1, 3).Draw(g.t, "payments") {
			p := Prepayment{Date: g.day(), Amount: g.amount()}
			if inv.foreignCurrency() && g.maybe(2) {
				p.ExchangeRate = g.number("exchange rate", 1, 9_999_999, 6)
			}
			inv.Prepayments = append(inv.Prepayments, p)
		}
	}
	if g.maybe(5) {
		inv.Order.Value = g.amount()
	}
	if inv.kind() != KindAdvanceCorrection {
		return
	}
	g.correction(inv)
	inv.Correction.AmountBefore = g.amount()
	inv.Advance = g.number("change", -99_999, 99_999, 2)
	inv.Prepayments = nil
	inv.Order.Lines = append(inv.Order.Lines, g.orderLines(true)...)
	if inv.foreignCurrency() && g.maybe(3) {
		inv.Correction.ExchangeRateBefore = g.number("exchange rate", 1, 9_999_999, 6)
	}
}

func (g generator) orderLines(before bool) []OrderLine {
	lines := make([]OrderLine, rapid.IntRange(1, 4).Draw(g.t, "order lines"))
	for i := range lines {
		l := OrderLine{
			Number: i + 1, ID: g.optionalText(), Name: g.text(), Unit: "szt.", Before: before,
			VATRate: rapid.SampledFrom(rates[:]).Draw(g.t, "rate").Rate,
			GTU:     pick(g, "", gtuCodes[3]), Procedure: pick(g, "", orderProcedureCodes[0]), Annex15: g.maybe(5),
			PKWiU: g.optionalText(), CN: g.optionalText(), PKOB: g.optionalText(), GTIN: pick(g, "", "5901234123457"), Index: g.optionalText(),
		}
		if l.VATRate == VATMargin { // FA(3) has no mark for it on an order
			l.VATRate = VAT23
		}
		if l.VATRate == VATOSS {
			l.OSSRate = g.foreignRate()
		}
		if g.maybe(3) {
			l.Amount = g.amount()
		} else {
			l.Quantity, l.UnitPrice = g.number("quantity", 1_000_000, 9_999_999, 6), g.number("price", 1_000_000, 99_999_999_999, 8)
		}
		if g.maybe(4) && l.VATRate.showsVAT() {
			l.VAT = g.amount()
		}
		if g.maybe(6) {
			l.Excise = g.amount()
		}
		lines[i] = l
	}
	return lines
}
