package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// totalRules are the rules about the totals of the invoice.
var totalRules = []Rule{
	{
		"totals.net", Warning, LawRequires, "art. 106e(1)(13) of the VAT Act; information sheet on FA(3), P_13",
		"The lines of this rate add up to {expected} and {field} says {found}: correct the lines or the total.",
		"Wiersze tej stawki dają razem {expected}, a {field} wynosi {found}: popraw wiersze albo sumę.",
		checkNet,
	},
	{
		"totals.tax", Warning, LawRequires, "art. 106e(1)(14) and (7) to (10) of the VAT Act",
		"The tax on {net} should be {expected} and {field} says {found}: correct the tax or the net total.",
		"Podatek od {net} powinien wynosić {expected}, a {field} wynosi {found}: popraw podatek albo sumę netto.",
		checkTax,
	},
	{
		"totals.gross", Warning, LawRequires, "art. 106e(1)(15) of the VAT Act; information sheet on FA(3), P_15",
		"The totals by rate add up to {expected} and P_15 says {found}: correct whichever is wrong.",
		"Sumy według stawek dają razem {expected}, a P_15 wynosi {found}: popraw to, co błędne.",
		checkGross,
	},
	{
		"totals.sign", Warning, LikelyMistake, "signs of P_13 and P_14",
		"{field} and the net total it belongs to have opposite signs: check both.",
		"{field} i suma netto, do której należy, mają przeciwne znaki: sprawdź obie kwoty.",
		checkSign,
	},
	{
		"total.missing", Warning, LawRequires, "art. 106e(1)(13) of the VAT Act; information sheet on FA(3), P_13",
		"The line has a rate whose total {field} is missing: fill in {field}, or correct the rate.",
		"Wiersz ma stawkę, dla której brakuje sumy {field}: uzupełnij {field} albo popraw stawkę.",
		checkTotalMissing,
	},
	{
		"total.line_missing", Warning, LikelyMistake, "information sheet on FA(3), P_12 and P_13",
		"{field} shows sales and no line has a rate that belongs to it: correct the rates or the totals.",
		"Pole {field} wykazuje sprzedaż, a żaden wiersz nie ma należącej do niego stawki: popraw stawki albo sumy.",
		checkTotalLine,
	},
	{
		"total.negative", Warning, LikelyMistake, "amounts below zero belong on corrections",
		"The total of this kind of invoice is negative: lower the discounts, or issue a correction of the earlier invoice.",
		"Suma takiej faktury jest ujemna: zmniejsz rabaty albo wystaw korektę wcześniejszej faktury.",
		checkTotalNegative,
	},
	{
		"total.rate_negative", Warning, LikelyMistake, "amounts below zero belong on corrections",
		"The total of one rate is negative: a return of earlier sales needs a correction of the earlier invoice.",
		"Suma jednej stawki jest ujemna: zwrot wcześniejszej sprzedaży wymaga korekty wcześniejszej faktury.",
		checkRateNegative,
	},
	{
		"total.zero", Info, LikelyMistake, "an invoice over nothing",
		"The total is zero: check that an invoice is needed at all.",
		"Suma faktury jest równa zeru: sprawdź, czy faktura jest w ogóle potrzebna.",
		checkTotalZero,
	},
}

// checkNet compares totals with lines. Settlements, advances and corrections
// follow other rules, and a line without rate may belong anywhere.
func checkNet(d *Document, fs *Findings) {
	if !d.kind(fa3.KindVAT, fa3.KindUPR) || len(d.rows()) == 0 || !d.rated {
		return
	}
	sums := d.changes()
	for b := range sums {
		s, t := &sums[b], &d.totals[b]
		if s.n == 0 || !t.net.ok {
			continue
		}
		expected, found, ok := d.compare(b, s)
		if ok && !near(expected, found, s.n) {
			fs.Add(Path("Fa", totalNames[b].net), "field", totalNames[b].net, "expected", show(expected), "found", show(found))
		}
	}
}

// checkTax compares the tax of each total with its rates. Corrections may be
// about nothing but the tax.
func checkTax(d *Document, fs *Findings) {
	if !d.uncorrected() {
		return
	}
	for b := range taxed {
		t := &d.totals[b]
		if !t.net.ok || !t.tax.ok {
			continue
		}
		options := d.taxOptions(b)
		n := max(1, d.count[b]) + d.advances()
		fits := len(options) == 0
		for _, expected := range options {
			fits = fits || near(expected, t.tax.Decimal, n)
		}
		if !fits {
			fs.Add(
				Path("Fa", totalNames[b].tax), "field", totalNames[b].tax,
				"net", show(t.net.Decimal), "expected", show(options[0]), "found", show(t.tax.Decimal),
			)
		}
	}
}

// bucketRates are the two rates that share a total, today's first.
var bucketRates = [taxed][]int64{{23, 22}, {8, 7}, {5}, {4, 3}}

// taxOptions are the amounts that the tax of a total can have: that of its
// lines' rate, or of both rates when no line tells. None means not known.
func (d *Document) taxOptions(b int) []decimal.Decimal {
	net := d.totals[b].net.Decimal
	rates := d.ratesOf(b)
	if len(rates) > 1 && d.count[b] > 0 {
		return d.mixedTax(b)
	}
	options := make([]decimal.Decimal, len(rates))
	for i, rate := range rates {
		options[i] = money.Grosze(share(net, rate))
	}
	return options
}

// ratesOf are the rates of the lines of a total, or those it can have.
func (d *Document) ratesOf(b int) []int64 {
	d.rows()
	if d.count[b] == 0 {
		return bucketRates[b]
	}
	var used []int64
	for _, rate := range bucketRates[b] {
		for i := range d.lines {
			if p, ok := percent(d.lines[i].P_12); ok && p == rate {
				used = append(used, rate)
				break
			}
		}
	}
	return used
}

// mixedTax is the tax of lines with both rates of a total, where the total is
// that of the lines.
func (d *Document) mixedTax(b int) []decimal.Decimal {
	if !d.kind(fa3.KindVAT, fa3.KindUPR) {
		return nil
	}
	sum := zero
	for i := range d.lines {
		l := &d.lines[i]
		rate, ok := percent(l.P_12)
		switch {
		case !ok || l.bucket != b:
		case l.net.ok:
			sum = sum.Add(share(l.net.Decimal, rate))
		case l.value.ok:
			sum = sum.Add(included(l.value.Decimal, rate))
		default:
			return nil
		}
	}
	return []decimal.Decimal{money.Grosze(sum)}
}

// checkGross leaves out invoices that give P_15 alone, as simplified ones and
// their corrections may, and those of which total.missing speaks.
func checkGross(d *Document, fs *Findings) {
	sum, n := d.sumOfTotals()
	told := d.kind(fa3.KindVAT) && len(d.rows()) > 0
	if !d.gross.ok || n == 0 && (told || d.kind(fa3.KindUPR) || d.Correction()) {
		return
	}
	if !near(sum, d.gross.Decimal, n) {
		fs.Add(Path("Fa", "P_15"), "expected", show(sum), "found", show(d.gross.Decimal))
	}
}

// checkSign leaves corrections out: where one raises a rate and keeps the gross
// amounts, the net falls and the tax of the same total rises.
func checkSign(d *Document, fs *Findings) {
	if d.Correction() {
		return
	}
	for b := range d.totals {
		if t := &d.totals[b]; t.net.Sign()*t.tax.Sign() < 0 {
			fs.Add(Path("Fa", totalNames[b].tax), "field", totalNames[b].tax)
		}
	}
}

func checkTotalMissing(d *Document, fs *Findings) {
	if !d.kind(fa3.KindVAT) {
		return
	}
	var told [buckets]bool
	for i := range d.rows() {
		l := &d.lines[i]
		b := l.bucket
		if b < 0 || b == margin || told[b] || d.totals[b].net.ok || l.net.is0() && l.value.is0() {
			continue
		}
		told[b] = true
		fs.Add(Path("Fa", "FaWiersz", i), "field", totalNames[b].net)
	}
}

func checkTotalLine(d *Document, fs *Findings) {
	if !d.kind(fa3.KindVAT) || len(d.rows()) == 0 || !d.rated {
		return
	}
	for b := range d.totals {
		if b != margin && !d.totals[b].net.is0() && d.count[b] == 0 {
			fs.Add(Path("Fa", totalNames[b].net), "field", totalNames[b].net)
		}
	}
}

func checkTotalNegative(d *Document, fs *Findings) {
	if d.uncorrected() && d.gross.negative() {
		fs.Add(Path("Fa", "P_15"))
	}
}

func checkRateNegative(d *Document, fs *Findings) {
	if !d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindUPR) || d.gross.negative() {
		return
	}
	for b := range d.totals {
		if d.totals[b].net.negative() {
			fs.Add(Path("Fa", totalNames[b].net))
		}
	}
}

func checkTotalZero(d *Document, fs *Findings) {
	if d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindUPR) && d.gross.ok && d.gross.IsZero() {
		fs.Add(Path("Fa", "P_15"))
	}
}
