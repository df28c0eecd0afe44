package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// currencyRules are the rules about currencies and exchange rates.
var currencyRules = []Rule{
	{
		"vat_pln.missing", Warning, LawRequires, "art. 106e(11) of the VAT Act; information sheet on FA(3), P_14_1W to P_14_4W",
		"Tax in {currency} must also be shown in PLN: fill in {field}.",
		"Podatek w walucie {currency} trzeba wykazać także w złotych: uzupełnij {field}.",
		checkPLNMissing,
	},
	{
		"vat_pln.in_pln", Warning, LawRequires, "information sheet on FA(3), P_14_1W to P_14_4W",
		"The invoice is in PLN already: leave {field} out, or correct the currency.",
		"Faktura jest już w złotych: pomiń {field} albo popraw walutę.",
		checkPLNInPLN,
	},
	{
		"vat_pln.differs", Warning, LawRequires, "art. 31a and art. 106e(11) of the VAT Act",
		"The tax at the exchange rate given is {expected} PLN and {field} says {found}: correct the rate or the amount.",
		"Podatek przeliczony po podanym kursie wynosi {expected} zł, a {field} ma {found}: popraw kurs albo kwotę.",
		checkPLNDiffers,
	},
	{
		"vat_pln.sign", Warning, LikelyMistake, "signs of P_14 and P_14W",
		"The tax in PLN and the tax in {currency} have opposite signs: correct {field}.",
		"Podatek w złotych i podatek w walucie {currency} mają przeciwne znaki: popraw {field}.",
		checkPLNSign,
	},
	{
		"exchange_rate.in_pln", Warning, LawRequires, "information sheet on FA(3), KursWaluty",
		"An invoice in PLN has no exchange rate: remove it, or correct the currency.",
		"Faktura w złotych nie ma kursu waluty: usuń go albo popraw walutę.",
		checkRateInPLN,
	},
	{
		"exchange_rate.missing", Info, Advice, "information sheet on FA(3), KursWaluty; art. 31a of the VAT Act",
		"The exchange rate behind the tax in PLN is not shown: give it in KursWaluty on each taxed line (KursWalutyZ on an advance invoice).",
		"Nie podano kursu, po którym przeliczono podatek na złote: wpisz go w KursWaluty w każdym opodatkowanym wierszu (na fakturze zaliczkowej w KursWalutyZ).",
		checkRateMissing,
	},
	{
		"exchange_rate.partial", Info, LikelyMistake, "information sheet on FA(3), KursWaluty",
		"Some taxed lines have an exchange rate and this one has none: give it on all of them.",
		"Część opodatkowanych wierszy ma kurs waluty, a ten nie: podaj kurs we wszystkich.",
		checkRatePartial,
	},
	{
		"exchange_rate.positive", Warning, LikelyMistake, "exchange rates are above zero",
		"The exchange rate is zero or negative: write the PLN for one unit of the currency.",
		"Kurs waluty jest równy zeru lub ujemny: wpisz, ile złotych kosztuje jednostka waluty.",
		checkRatePositive,
	},
	{
		"exchange_rate.inverted", Warning, LikelyMistake, "exchange rates are PLN for one unit of the currency",
		"One {currency} does not cost {found} PLN; the rate looks turned round or misplaced: write the PLN for one unit of the currency.",
		"Jednostka {currency} nie kosztuje {found} zł; kurs wygląda na odwrócony lub pomylony: wpisz, ile złotych kosztuje jednostka waluty.",
		checkRateInverted,
	},
	{
		"exchange_rate.official", Warning, LawRequires, "art. 31a of the VAT Act (only with Config.Rate)",
		"The exchange rate {found} differs from the rate {expected} that holds for the tax point: check the day of the rate.",
		"Kurs {found} różni się od kursu {expected} właściwego dla obowiązku podatkowego: sprawdź dzień kursu.",
		checkRateOfficial,
	},
	{
		"agreed_rate.currency", Error, LawRequires, "information sheet on FA(3), WalutaUmowna",
		"The agreed currency must be a foreign one, never PLN: correct WalutaUmowna, or remove it with KursUmowny.",
		"Waluta umowna musi być walutą obcą, nigdy PLN: popraw WalutaUmowna albo usuń ją razem z KursUmowny.",
		checkAgreedCurrency,
	},
	{
		"agreed_rate.kind", Warning, LawRequires, "information sheet on FA(3), KursUmowny",
		"An agreed exchange rate is for invoices in PLN: on an invoice in another currency give KursWaluty instead.",
		"Kurs umowny dotyczy faktur w złotych: na fakturze w innej walucie podaj zamiast niego KursWaluty.",
		checkAgreedKind,
	},
	{
		"currency.withdrawn", Warning, LikelyMistake, "currencies that others have replaced (HRK and BGN by EUR, ANG by XCG, CUC by CUP), and XXX for none",
		"{currency} is not a currency in use: check KodWaluty.",
		"{currency} nie jest używaną walutą: sprawdź KodWaluty.",
		checkCurrencyWithdrawn,
	},
}

func checkPLNMissing(d *Document, fs *Findings) {
	if !d.foreign() {
		return
	}
	for b := range taxed {
		if t := &d.totals[b]; !t.tax.is0() && !t.pln.ok {
			fs.Add(Path("Fa", totalNames[b].tax), "currency", string(d.fa.KodWaluty), "field", totalNames[b].pln)
		}
	}
}

func checkPLNInPLN(d *Document, fs *Findings) {
	if !d.domestic() {
		return
	}
	for b := range taxed {
		if d.totals[b].pln.ok {
			fs.Add(Path("Fa", totalNames[b].pln), "field", totalNames[b].pln)
		}
	}
}

// oneRate is the exchange rate of the invoice, when it shows just one.
func (d *Document) oneRate() (decimal.Decimal, bool) {
	found := num{}
	for _, r := range d.rates() {
		if found.ok && !found.Equal(r.value.Decimal) {
			return zero, false
		}
		found = r.value
	}
	return found.Decimal, found.ok && found.positive()
}

// exchange is an exchange rate in the document.
type exchange struct {
	value   num
	element string // FaWiersz, ZaliczkaCzesciowa or "" for the whole invoice
	index   int
	field   string
}

func (e *exchange) path() string {
	if e.element == "" {
		return Path("Fa", e.field)
	}
	return Path("Fa", e.element, e.index, e.field)
}

// rates are the exchange rates used for the tax, in the order of the document.
func (d *Document) rates() []exchange {
	if d.ratesReady {
		return d.exchanges
	}
	d.ratesReady = true
	add := func(text fa3.Decimal, element string, index int, field string) {
		if text == "" {
			return
		}
		if v := parse(text); v.ok {
			d.exchanges = append(d.exchanges, exchange{v, element, index, field})
		}
	}
	add(d.fa.KursWalutyZ, "", 0, "KursWalutyZ")
	add(d.fa.KursWalutyZK, "", 0, "KursWalutyZK")
	for i := range d.fa.ZaliczkaCzesciowa {
		add(d.fa.ZaliczkaCzesciowa[i].KursWalutyZW, "ZaliczkaCzesciowa", i, "KursWalutyZW")
	}
	for i := range d.fa.FaWiersz {
		add(d.fa.FaWiersz[i].KursWaluty, "FaWiersz", i, "KursWaluty")
	}
	return d.exchanges
}

// checkPLNDiffers converts the tax of the lines and adds up before rounding, as
// the Ministry does, when every line of the total has net value and rate.
func checkPLNDiffers(d *Document, fs *Findings) {
	if !d.foreign() || !d.kind(fa3.KindVAT, fa3.KindUPR) || len(d.rates()) == 0 {
		return
	}
	for b := range taxed {
		t := &d.totals[b]
		expected, n, ok := d.taxInPLN(b)
		if ok && t.pln.ok && !near(expected, t.pln.Decimal, n+d.roundings(t, expected)) {
			fs.Add(Path("Fa", totalNames[b].pln), "field", totalNames[b].pln, "expected", show(expected), "found", show(t.pln.Decimal))
		}
	}
}

// roundings is how many grosze more the tax in PLN can be off because the tax
// was rounded before it was converted: half a unit times the exchange rate.
func (d *Document) roundings(t *total, pln decimal.Decimal) int {
	if t.tax.is0() {
		return 1
	}
	rate := pln.DivRound(t.tax.Decimal, 0).Abs()
	if !rate.LessThan(hundred) {
		return 100
	}
	return int(rate.IntPart()) + 1
}

func (d *Document) taxInPLN(b int) (sum decimal.Decimal, n int, ok bool) {
	for i := range d.rows() {
		l := &d.lines[i]
		if l.bucket != b {
			continue
		}
		exchange := parse(l.KursWaluty)
		rate, _ := percent(l.P_12)
		if !exchange.ok || !l.net.ok {
			return zero, 0, false
		}
		sum = sum.Add(share(l.net.Decimal, rate).Mul(exchange.Decimal))
		n++
	}
	return sum, n, n > 0
}

func checkPLNSign(d *Document, fs *Findings) {
	if !d.fa.KodWaluty.Valid() {
		return // the message names it
	}
	for b := range taxed {
		if t := &d.totals[b]; t.tax.Sign()*t.pln.Sign() < 0 {
			fs.Add(Path("Fa", totalNames[b].pln), "field", totalNames[b].pln, "currency", string(d.fa.KodWaluty))
		}
	}
}

func checkRateInPLN(d *Document, fs *Findings) {
	if !d.domestic() {
		return
	}
	rates := d.rates()
	for i := range rates {
		fs.Add(rates[i].path())
	}
}

func checkRateMissing(d *Document, fs *Findings) {
	if !d.foreign() || len(d.rates()) > 0 || d.Correction() {
		return
	}
	for b := range taxed {
		if !d.totals[b].tax.is0() {
			fs.Add(Path("Fa", totalNames[b].tax))
			return
		}
	}
}

func checkRatePartial(d *Document, fs *Findings) {
	if !d.foreign() {
		return
	}
	some := false
	for i := range d.rows() {
		some = some || d.lines[i].KursWaluty != ""
	}
	if some {
		d.eachLine(fs, "", func(l *line) bool { return l.KursWaluty == "" && l.bucket >= 0 && l.bucket < taxed })
	}
}

func checkRatePositive(d *Document, fs *Findings) {
	rates := d.rates()
	for i := range rates {
		if rates[i].value.Sign() <= 0 {
			fs.Add(rates[i].path())
		}
	}
}

// strong are currencies that have cost more than one and less than twenty
// złotys since the złoty was redenominated in 1995.
func strong(currency fa3.TKodWaluty) bool {
	return currency == "EUR" || currency == "USD" || currency == "GBP" || currency == "CHF"
}

var twenty = decimal.NewFromInt(20)

func checkRateInverted(d *Document, fs *Findings) {
	if !strong(d.fa.KodWaluty) {
		return
	}
	rates := d.rates()
	for i := range rates {
		if v := rates[i].value; v.positive() && (v.LessThanOrEqual(one) || v.GreaterThanOrEqual(twenty)) {
			fs.Add(rates[i].path(), "currency", string(d.fa.KodWaluty), "found", v.String())
		}
	}
}

func checkAgreedCurrency(d *Document, fs *Findings) {
	if w := d.fa.WarunkiTransakcji; w != nil && w.WalutaUmowna == "PLN" {
		fs.Add(Path("Fa", "WarunkiTransakcji", "WalutaUmowna"))
	}
}

func checkAgreedKind(d *Document, fs *Findings) {
	if w := d.fa.WarunkiTransakcji; w != nil && w.KursUmowny != "" && d.foreign() {
		fs.Add(Path("Fa", "WarunkiTransakcji", "KursUmowny"))
	}
}

func checkCurrencyWithdrawn(d *Document, fs *Findings) {
	if d.Correction() {
		return // of an invoice from the time when it was in use
	}
	switch d.fa.KodWaluty {
	case "HRK", "BGN", "CUC", "ANG", "XXX":
		fs.Add(Path("Fa", "KodWaluty"), "currency", string(d.fa.KodWaluty))
	}
}
