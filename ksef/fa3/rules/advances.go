package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// advanceRules are the rules about advances and their settlement.
var advanceRules = []Rule{
	{
		"advance_payments.sum", Warning, LawRequires, "information sheet on FA(3), ZaliczkaCzesciowa",
		"The payments add up to {found} and P_15 of the advance invoice is {expected}: make them equal.",
		"Wpłaty dają razem {found}, a P_15 faktury zaliczkowej wynosi {expected}: powinny być równe.",
		checkPaymentsSum,
	},
	{
		"advance_payments.too_much", Warning, LikelyMistake, "information sheet on FA(3), ZaliczkaCzesciowa",
		"The payments add up to {found}, more than the {expected} of P_15: check them.",
		"Wpłaty dają razem {found}, czyli więcej niż P_15 równe {expected}: sprawdź je.",
		checkPaymentsTooMuch,
	},
	{
		"advance_payments.one", Info, Advice, "information sheet on FA(3), ZaliczkaCzesciowa",
		"There is only one payment: give its date in P_6 instead of ZaliczkaCzesciowa.",
		"Jest tylko jedna wpłata: podaj jej datę w polu P_6 zamiast elementu ZaliczkaCzesciowa.",
		checkPaymentsOne,
	},
	{
		"advance_payments.kind", Warning, LikelyMistake, "information sheet on FA(3), ZaliczkaCzesciowa",
		"ZaliczkaCzesciowa belongs on advance and settlement invoices: remove it, or choose another kind.",
		"Element ZaliczkaCzesciowa występuje na fakturach zaliczkowych i rozliczeniowych: usuń go albo wybierz inny rodzaj faktury.",
		checkPaymentsKind,
	},
	{
		"advance_payments.positive", Warning, LikelyMistake, "information sheet on FA(3), P_15Z",
		"A payment is not greater than zero: write the amount received.",
		"Wpłata nie jest większa od zera: wpisz otrzymaną kwotę.",
		checkPaymentsPositive,
	},
	{
		"advance_payments.repeated", Info, LikelyMistake, "ZaliczkaCzesciowa",
		"The same payment (day and amount) is listed twice: check whether there were two.",
		"Tę samą wpłatę (dzień i kwota) podano dwukrotnie: sprawdź, czy były dwie.",
		checkPaymentsRepeated,
	},
	{
		"advance.exceeds_order", Warning, LikelyMistake, "P_15 and WartoscZamowienia",
		"The advance of {found} is greater than the order of {expected}: check both.",
		"Zaliczka {found} przekracza wartość zamówienia {expected}: sprawdź obie kwoty.",
		checkAdvanceExceeds,
	},
	{
		"advance.intra_eu", Warning, LawRequires, "art. 106b(1)(4) of the VAT Act: no invoice for payments on intra-EU supplies",
		"An advance for an intra-EU supply needs no invoice, and the 0% rate for intra-EU supplies never stands on one: issue an ordinary invoice on delivery.",
		"Zaliczki na wewnątrzwspólnotową dostawę nie dokumentuje się fakturą, a stawka 0% WDT nigdy na niej nie występuje: wystaw zwykłą fakturę przy dostawie.",
		checkAdvanceIntraEU,
	},
	{
		"advance.lines", Info, Advice, "information sheet on FA(3), FaWiersz and Zamowienie",
		"An advance invoice describes the goods in Zamowienie: lines are not needed.",
		"Faktura zaliczkowa opisuje towary w elemencie Zamowienie: wiersze nie są potrzebne.",
		checkAdvanceLines,
	},
	{
		"settlement.too_much", Warning, LikelyMistake, "art. 106f(3) of the VAT Act",
		"The lines are worth {expected} and {found} is still due after the advances: check P_15, it is what remains to be paid.",
		"Wiersze mają wartość {expected}, a po zaliczkach do zapłaty zostaje {found}: sprawdź P_15, to kwota pozostała do zapłaty.",
		checkSettlementTooMuch,
	},
	{
		"settlement.nothing_settled", Info, LikelyMistake, "art. 106f(3) of the VAT Act",
		"The amount due equals the whole value of the lines, as if nothing had been paid before: subtract the advances.",
		"Kwota do zapłaty równa się całej wartości wierszy, jakby nie było zaliczek: odejmij zaliczki.",
		checkSettlementNothing,
	},
	{
		"exchange_rate.advance_kind", Warning, LawRequires, "information sheet on FA(3), KursWalutyZ",
		"KursWalutyZ is for advance invoices: give the rate of each line in KursWaluty.",
		"Pole KursWalutyZ dotyczy faktur zaliczkowych: podaj kurs każdego wiersza w polu KursWaluty.",
		checkAdvanceRateKind,
	},
}

// received adds up the payments of an advance; ok is false when there are none
// or one is no number.
func (d *Document) received() (sum decimal.Decimal, ok bool) {
	for i := range d.fa.ZaliczkaCzesciowa {
		p := parse(d.fa.ZaliczkaCzesciowa[i].P_15Z)
		if !p.ok {
			return zero, false
		}
		sum = sum.Add(p.Decimal)
	}
	return sum, len(d.fa.ZaliczkaCzesciowa) > 0 && d.gross.ok
}

func checkPaymentsSum(d *Document, fs *Findings) {
	sum, ok := d.received()
	if ok && d.kind(fa3.KindZAL) && !near(sum, d.gross.Decimal, 1) {
		fs.Add(Path("Fa", "P_15"), "found", show(sum), "expected", show(d.gross.Decimal))
	}
}

func checkPaymentsTooMuch(d *Document, fs *Findings) {
	sum, ok := d.received()
	if ok && d.kind(fa3.KindROZ) && sum.GreaterThan(d.gross.Add(grosz)) {
		fs.Add(Path("Fa", "P_15"), "found", show(sum), "expected", show(d.gross.Decimal))
	}
}

func checkPaymentsOne(d *Document, fs *Findings) {
	if d.kind(fa3.KindZAL) && len(d.fa.ZaliczkaCzesciowa) == 1 {
		fs.Add(Path("Fa", "ZaliczkaCzesciowa", 0))
	}
}

func checkPaymentsKind(d *Document, fs *Findings) {
	if len(d.fa.ZaliczkaCzesciowa) > 0 && d.kind(fa3.KindVAT, fa3.KindUPR, fa3.KindKOR) {
		fs.Add(Path("Fa", "ZaliczkaCzesciowa", 0))
	}
}

func checkPaymentsPositive(d *Document, fs *Findings) {
	if d.Correction() {
		return
	}
	for i := range d.fa.ZaliczkaCzesciowa {
		if p := parse(d.fa.ZaliczkaCzesciowa[i].P_15Z); p.ok && p.Sign() <= 0 {
			fs.Add(Path("Fa", "ZaliczkaCzesciowa", i, "P_15Z"))
		}
	}
}

func checkPaymentsRepeated(d *Document, fs *Findings) {
	var before seen[fa3.ZaliczkaCzesciowa]
	for i, p := range d.fa.ZaliczkaCzesciowa {
		if before.add(p) {
			fs.Add(Path("Fa", "ZaliczkaCzesciowa", i))
		}
	}
}

func checkAdvanceExceeds(d *Document, fs *Findings) {
	if !d.kind(fa3.KindZAL) || d.fa.Zamowienie == nil || !d.gross.ok {
		return
	}
	if worth := parse(d.fa.Zamowienie.WartoscZamowienia); worth.ok && d.gross.GreaterThan(worth.Add(grosz)) {
		fs.Add(Path("Fa", "P_15"), "found", show(d.gross.Decimal), "expected", show(worth.Decimal))
	}
}

func checkAdvanceIntraEU(d *Document, fs *Findings) {
	if !d.kind(fa3.KindZAL, fa3.KindKOR_ZAL) {
		return
	}
	if !d.totals[zeroIntraEU].net.is0() {
		fs.Add(Path("Fa", "P_13_6_2"))
	}
	if o := d.fa.Zamowienie; o != nil {
		for i := range o.ZamowienieWiersz {
			if o.ZamowienieWiersz[i].P_12Z == fa3.Rate0IntraEU {
				fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "P_12Z"))
			}
		}
	}
}

func checkAdvanceLines(d *Document, fs *Findings) {
	if d.kind(fa3.KindZAL) && len(d.fa.FaWiersz) > 0 {
		fs.Add(Path("Fa", "FaWiersz", 0))
	}
}

// worth is the gross value of all lines, false when a line does not say.
func (d *Document) worth() (sum decimal.Decimal, ok bool) {
	for i := range d.rows() {
		l := &d.lines[i]
		rate, _ := percent(l.P_12)
		switch {
		case l.value.ok:
			sum = sum.Add(l.value.Decimal)
		case l.net.ok && l.bucket >= 0 && l.bucket != oss:
			sum = sum.Add(l.net.Decimal).Add(share(l.net.Decimal, rate))
		default:
			return zero, false
		}
	}
	return sum, len(d.lines) > 0
}

func checkSettlementTooMuch(d *Document, fs *Findings) {
	if !d.kind(fa3.KindROZ) || !d.gross.ok {
		return
	}
	if worth, ok := d.worth(); ok && d.gross.GreaterThan(worth) && !near(worth, d.gross.Decimal, len(d.lines)) {
		fs.Add(Path("Fa", "P_15"), "expected", show(worth), "found", show(d.gross.Decimal))
	}
}

func checkSettlementNothing(d *Document, fs *Findings) {
	if !d.kind(fa3.KindROZ) || len(d.fa.FakturaZaliczkowa) == 0 || d.gross.is0() {
		return
	}
	if worth, ok := d.worth(); ok && near(worth, d.gross.Decimal, len(d.lines)) {
		fs.Add(Path("Fa", "P_15"))
	}
}

func checkAdvanceRateKind(d *Document, fs *Findings) {
	if d.fa.KursWalutyZ != "" && !d.kind(fa3.KindZAL, fa3.KindKOR_ZAL) && d.foreign() {
		fs.Add(Path("Fa", "KursWalutyZ"))
	}
}
