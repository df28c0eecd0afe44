package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// orderRules are the rules about the order behind an advance payment.
var orderRules = []Rule{
	{
		"order.value", Warning, LawRequires, "information sheet on FA(3), WartoscZamowienia",
		"The lines of the order add up to {expected} with tax and WartoscZamowienia says {found}: correct whichever is wrong.",
		"Wiersze zamówienia dają razem {expected} z podatkiem, a WartoscZamowienia wynosi {found}: popraw to, co błędne.",
		checkOrderValue,
	},
	{
		"order_line.name_missing", Warning, LawRequires, "art. 106f(1)(4) of the VAT Act",
		"The line of the order has no name of goods or service: fill in P_7Z.",
		"Wiersz zamówienia nie ma nazwy towaru lub usługi: uzupełnij P_7Z.",
		checkOrderName,
	},
	{
		"order_line.rate_missing", Warning, LawRequires, "art. 106f(1)(4) of the VAT Act",
		"The line of the order has no VAT rate: fill in P_12Z.",
		"Wiersz zamówienia nie ma stawki VAT: uzupełnij P_12Z.",
		checkOrderRate,
	},
	{
		"order_line.amount_differs", Warning, LikelyMistake, "art. 106f(1)(4) of the VAT Act",
		"Quantity times price gives {expected} and the line of the order says {found}: correct whichever is wrong.",
		"Ilość pomnożona przez cenę daje {expected}, a w wierszu zamówienia jest {found}: popraw to, co błędne.",
		checkOrderAmount,
	},
	{
		"order_line.tax_differs", Warning, LawRequires, "art. 106f(1)(4) of the VAT Act",
		"The tax of the line of the order should be {expected} at its rate and P_11VatZ says {found}: correct P_11VatZ, the value or the rate.",
		"Podatek w wierszu zamówienia powinien wynosić {expected} według stawki, a P_11VatZ wynosi {found}: popraw P_11VatZ, wartość albo stawkę.",
		checkOrderTax,
	},
	{
		"rate.historic", Warning, LikelyMistake, "art. 41 and art. 146ef of the VAT Act: 23%, 8% and 5%; 4% for taxis",
		"The rate {rate}% has not applied for years: check it (today 23%, 8% and 5%, and 4% for taxis under the flat rate).",
		"Stawka {rate}% nie obowiązuje od lat: sprawdź ją (dziś 23%, 8% i 5%, a 4% dla taksówek na ryczałcie).",
		checkHistoricRate,
	},
}

// orderLines are the lines of the order, nil when there is none.
func (d *Document) orderLines() []fa3.ZamowienieWiersz {
	if d.fa.Zamowienie == nil {
		return nil
	}
	return d.fa.Zamowienie.ZamowienieWiersz
}

func checkOrderValue(d *Document, fs *Findings) {
	lines := d.orderLines()
	var sum decimal.Decimal
	n := 0
	for i := range lines {
		w := &lines[i]
		if w.StanPrzedZ {
			continue
		}
		net := parse(w.P_11NettoZ)
		if !net.ok || w.P_12Z_XII != "" {
			return
		}
		sum = sum.Add(net.Decimal).Add(parse(w.P_11VatZ).Decimal)
		n++
	}
	if n == 0 {
		return
	}
	if worth := parse(d.fa.Zamowienie.WartoscZamowienia); worth.ok && !near(sum, worth.Decimal, n) {
		fs.Add(Path("Fa", "Zamowienie", "WartoscZamowienia"), "expected", show(sum), "found", show(worth.Decimal))
	}
}

// eachOrderLine reports the lines of the order that are bad.
func (d *Document) eachOrderLine(fs *Findings, bad func(*fa3.ZamowienieWiersz) bool) {
	lines := d.orderLines()
	for i := range lines {
		if bad(&lines[i]) {
			fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i))
		}
	}
}

func checkOrderName(d *Document, fs *Findings) {
	d.eachOrderLine(fs, func(w *fa3.ZamowienieWiersz) bool { return w.P_7Z == "" })
}

func checkOrderRate(d *Document, fs *Findings) {
	if !d.margins() {
		d.eachOrderLine(fs, func(w *fa3.ZamowienieWiersz) bool { return w.P_12Z == "" && w.P_12Z_XII == "" })
	}
}

func checkOrderAmount(d *Document, fs *Findings) {
	lines := d.orderLines()
	for i := range lines {
		w := &lines[i]
		l := line{net: parse(w.P_11NettoZ), quantity: parse(w.P_8BZ), price: parse(w.P_9AZ), FaWiersz: &fa3.FaWiersz{}}
		p, ok := l.product()
		if ok && !p.ok && p.found.Sub(p.expected).Abs().GreaterThan(p.slack) {
			fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "P_11NettoZ"), "expected", show(p.expected), "found", show(p.found))
		}
	}
}

func checkOrderTax(d *Document, fs *Findings) {
	lines := d.orderLines()
	for i := range lines {
		w := &lines[i]
		net, tax := parse(w.P_11NettoZ), parse(w.P_11VatZ)
		rate, taxed := percent(w.P_12Z)
		if !net.ok || !tax.ok || !taxed && bucketOfRate(w.P_12Z) < 0 {
			continue
		}
		expected := money.Grosze(share(net.Decimal, rate))
		if !near(expected, tax.Decimal, 2) {
			fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "P_11VatZ"), "expected", show(expected), "found", show(tax.Decimal))
		}
	}
}

func historic(rate fa3.TStawkaPodatku) bool {
	return rate == fa3.Rate22 || rate == fa3.Rate7 || rate == fa3.Rate3
}

func checkHistoricRate(d *Document, fs *Findings) {
	for i := range d.fa.FaWiersz {
		if rate := d.fa.FaWiersz[i].P_12; historic(rate) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_12"), "rate", string(rate))
		}
	}
	lines := d.orderLines()
	for i := range lines {
		if rate := lines[i].P_12Z; historic(rate) {
			fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "P_12Z"), "rate", string(rate))
		}
	}
}
