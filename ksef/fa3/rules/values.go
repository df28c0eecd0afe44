package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// valueRules are the rules about the arithmetic of a line.
var valueRules = []Rule{
	{
		"line.amount_differs", Warning, LikelyMistake, "art. 106e(1)(11) of the VAT Act; P_11 is P_8B times P_9A less discount",
		"Quantity times price gives {expected} and the line says {found}: correct whichever is wrong.",
		"Ilość pomnożona przez cenę daje {expected}, a w wierszu jest {found}: popraw to, co błędne.",
		checkAmount,
	},
	{
		"line.amount_rounding", Info, LikelyMistake, "information sheet on FA(3), P_9A has up to 8 decimal places",
		"Quantity times price gives {expected} and the line says {found}; rounding of the unit price can explain it: give the price with more decimal places.",
		"Ilość pomnożona przez cenę daje {expected}, a w wierszu jest {found}; może to wynikać z zaokrąglenia ceny: podaj cenę z większą liczbą miejsc po przecinku.",
		checkAmountRounding,
	},
	{
		"line.tax_differs", Warning, LawRequires, "art. 106e(10) of the VAT Act",
		"The tax of the line should be {expected} at its rate and the line says {found}: correct P_11Vat, the value or the rate.",
		"Podatek w wierszu powinien wynosić {expected} według stawki, a jest {found}: popraw P_11Vat, wartość albo stawkę.",
		checkLineTax,
	},
	{
		"line.gross_differs", Warning, LikelyMistake, "P_11 and P_11A of one line",
		"Net value and rate give {expected} gross and P_11A says {found}: correct whichever is wrong, or leave one of the values out.",
		"Wartość netto i stawka dają {expected} brutto, a P_11A wynosi {found}: popraw to, co błędne, albo pomiń jedną z wartości.",
		checkLineGross,
	},
	{
		"line.tax_untaxed", Warning, LikelyMistake, "P_11Vat on a line without Polish tax",
		"The line shows tax though its rate has none: remove P_11Vat, or correct the rate.",
		"Wiersz wykazuje podatek, choć przy jego stawce podatku nie ma: usuń P_11Vat albo popraw stawkę.",
		checkTaxUntaxed,
	},
	{
		"line.negative_quantity", Warning, LikelyMistake, "quantities below zero belong on corrections",
		"The quantity is negative: use a discount, or a correction of the earlier invoice.",
		"Ilość jest ujemna: zastosuj rabat albo wystaw korektę wcześniejszej faktury.",
		checkNegativeQuantity,
	},
	{
		"line.negative_value", Info, LikelyMistake, "values below zero belong on corrections",
		"The value of the line is negative, as discounts are sometimes shown: check that it is not a return, which needs a correction.",
		"Wartość wiersza jest ujemna, jak bywa przy rabatach: sprawdź, czy to nie zwrot, który wymaga korekty.",
		checkNegativeValue,
	},
	{
		"line.two_negatives", Warning, LikelyMistake, "signs of P_8B and P_9A",
		"Quantity and price are both negative, which makes the value positive: keep one minus sign.",
		"Ilość i cena są jednocześnie ujemne, co daje wartość dodatnią: zostaw jeden minus.",
		checkTwoNegatives,
	},
	{
		"line.zero_quantity", Info, LikelyMistake, "a quantity of zero belongs on corrections",
		"The quantity is zero: write the quantity, or remove the line.",
		"Ilość jest równa zeru: wpisz ilość albo usuń wiersz.",
		checkZeroQuantity,
	},
	{
		"discount.sign", Warning, LikelyMistake, "information sheet on FA(3), P_10",
		"The discount is negative, which raises the price: write P_10 without the minus sign.",
		"Rabat jest ujemny, co podnosi cenę: wpisz P_10 bez minusa.",
		checkDiscountSign,
	},
	{
		"discount.too_large", Warning, LikelyMistake, "information sheet on FA(3), P_10",
		"The discount is greater than the value of the line before it: check P_10.",
		"Rabat przekracza wartość wiersza przed rabatem: sprawdź P_10.",
		checkDiscountSize,
	},
	{
		"excise.amount", Warning, LikelyMistake, "information sheet on FA(3), KwotaAkcyzy: excise contained in the price",
		"The excise is negative or greater than the value of the line that contains it: check KwotaAkcyzy.",
		"Akcyza jest ujemna lub większa niż wartość wiersza, który ją zawiera: sprawdź KwotaAkcyzy.",
		checkExcise,
	},
}

// product is what a line should be worth.
type product struct {
	field           string
	found, expected decimal.Decimal
	slack           decimal.Decimal // what rounding of the unit price can explain
	ok              bool            // found is within a grosz of expected
}

// products compares P_11 with the net price, or P_11A with the gross price. A
// discount is accepted per unit, as an official sample has it, and per line.
func (l *line) product() (p product, ok bool) {
	price := l.price
	switch {
	case l.net.ok && l.price.ok:
		p.field, p.found = "P_11", l.net.Decimal
	case l.value.ok && l.gross.ok:
		p.field, p.found, price = "P_11A", l.value.Decimal, l.gross
	default:
		return p, false
	}
	if !l.quantity.ok {
		return p, false
	}
	worth := l.quantity.Mul(price.Decimal)
	p.expected = worth
	p.ok = near(money.Grosze(worth), p.found, 1)
	if discount := parse(l.P_10); !p.ok && discount.ok {
		p.expected = worth.Sub(l.quantity.Mul(discount.Decimal))
		p.ok = near(money.Grosze(p.expected), p.found, 1) || near(money.Grosze(worth.Sub(discount.Decimal)), p.found, 1)
	}
	if !p.ok {
		// Half a unit of the price's last place, for each piece.
		p.slack = l.quantity.Mul(decimal.New(5, min(price.Exponent(), 0)-1)).Abs().Add(grosz)
	}
	return p, true
}

// offLine is a line whose value is not that of quantity and price.
type offLine struct {
	product
	index int
}

// offLines are the lines whose value is off, found once.
func (d *Document) offLines() []offLine {
	if d.offReady {
		return d.off
	}
	d.offReady = true
	rows := d.rows()
	for i := range rows {
		if p, ok := rows[i].product(); ok && !p.ok {
			d.off = append(d.off, offLine{p, i})
		}
	}
	return d.off
}

// eachProduct reports the lines whose value is off, by what a rounded price
// explains or by more.
func (d *Document) eachProduct(fs *Findings, rounding bool) {
	for _, p := range d.offLines() {
		explained := p.found.Sub(p.expected).Abs().LessThanOrEqual(p.slack)
		if explained == rounding {
			fs.Add(Path("Fa", "FaWiersz", p.index, p.field), "expected", show(p.expected), "found", show(p.found))
		}
	}
}

func checkAmount(d *Document, fs *Findings)         { d.eachProduct(fs, false) }
func checkAmountRounding(d *Document, fs *Findings) { d.eachProduct(fs, true) }

func checkLineTax(d *Document, fs *Findings) {
	for i := range d.rows() {
		l := &d.lines[i]
		rate, taxed := percent(l.P_12)
		if l.P_11Vat == "" || !taxed {
			continue
		}
		tax := parse(l.P_11Vat)
		var options []decimal.Decimal
		if l.net.ok {
			options = append(options, money.Grosze(share(l.net.Decimal, rate)))
		}
		if l.value.ok {
			options = append(options, included(l.value.Decimal, rate))
		}
		if tax.ok && len(options) > 0 && !near(options[0], tax.Decimal, 2) && !near(options[len(options)-1], tax.Decimal, 2) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_11Vat"), "expected", show(options[0]), "found", show(tax.Decimal))
		}
	}
}

func checkLineGross(d *Document, fs *Findings) {
	for i := range d.rows() {
		l := &d.lines[i]
		if !l.net.ok || !l.value.ok || l.P_12 == "" {
			continue
		}
		rate, _ := percent(l.P_12)
		expected := l.net.Add(money.Grosze(share(l.net.Decimal, rate)))
		if tax := parse(l.P_11Vat); tax.ok && near(l.net.Add(tax.Decimal), l.value.Decimal, 2) {
			continue
		}
		if !near(expected, l.value.Decimal, 2) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_11A"), "expected", show(expected), "found", show(l.value.Decimal))
		}
	}
}

func checkTaxUntaxed(d *Document, fs *Findings) {
	d.eachLine(fs, "P_11Vat", func(l *line) bool {
		if l.P_11Vat == "" || l.P_12 == "" {
			return false
		}
		_, taxed := percent(l.P_12)
		return !taxed && bucketOfRate(l.P_12) >= 0 && !parse(l.P_11Vat).is0()
	})
}

// uncorrected reports whether negative amounts are out of place.
func (d *Document) uncorrected() bool {
	return d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindROZ, fa3.KindUPR)
}

func checkNegativeQuantity(d *Document, fs *Findings) {
	if d.uncorrected() {
		d.eachLine(fs, "P_8B", func(l *line) bool {
			return l.quantity.negative() && !l.price.negative() && !l.gross.negative()
		})
	}
}

func checkNegativeValue(d *Document, fs *Findings) {
	if d.uncorrected() {
		d.eachLine(fs, "", func(l *line) bool {
			return (l.net.negative() || l.value.negative()) && !l.quantity.negative()
		})
	}
}

func checkTwoNegatives(d *Document, fs *Findings) {
	d.eachLine(fs, "P_8B", func(l *line) bool {
		return l.quantity.negative() && (l.price.negative() || l.gross.negative())
	})
}

func checkZeroQuantity(d *Document, fs *Findings) {
	if d.uncorrected() {
		d.eachLine(fs, "P_8B", func(l *line) bool { return l.quantity.ok && l.quantity.IsZero() })
	}
}

func checkDiscountSign(d *Document, fs *Findings) {
	if d.uncorrected() {
		d.eachLine(fs, "P_10", func(l *line) bool { return l.P_10 != "" && parse(l.P_10).negative() })
	}
}

// checkDiscountSize: whichever way the discount is meant, it is not more than
// price times quantity.
func checkDiscountSize(d *Document, fs *Findings) {
	d.eachLine(fs, "P_10", func(l *line) bool {
		if l.P_10 == "" || !l.quantity.ok {
			return false
		}
		price := l.price
		if !price.ok {
			price = l.gross
		}
		discount := parse(l.P_10)
		return discount.positive() && price.positive() &&
			discount.GreaterThan(price.Decimal) && discount.GreaterThan(l.quantity.Mul(price.Decimal).Abs())
	})
}

func checkExcise(d *Document, fs *Findings) {
	if !d.uncorrected() {
		return
	}
	d.eachLine(fs, "KwotaAkcyzy", func(l *line) bool {
		if l.KwotaAkcyzy == "" {
			return false
		}
		excise := parse(l.KwotaAkcyzy)
		return excise.negative() || excise.ok && l.net.positive() && excise.GreaterThan(l.net.Decimal)
	})
}
