package rules

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// marginRules are the rules about margin schemes.
var marginRules = []Rule{
	{
		"margin.total", Error, LawRequires, "art. 106e(2) and (3) of the VAT Act; information sheet on FA(3), PMarzy and P_13_11",
		"A margin scheme is marked but P_13_11 is missing: write the value of the sales under the scheme there, or set P_PMarzyN to 1.",
		"Oznaczono procedurę marży, ale brakuje P_13_11: wpisz tam wartość sprzedaży w tej procedurze albo ustaw P_PMarzyN na 1.",
		checkMarginTotal,
	},
	{
		"margin.mark", Error, LawRequires, "art. 106e(2) and (3) of the VAT Act; information sheet on FA(3), PMarzy and P_13_11",
		"P_13_11 shows sales under a margin scheme that is not marked: set P_PMarzy and the mark of the scheme to 1.",
		"P_13_11 wykazuje sprzedaż w procedurze marży, której nie oznaczono: ustaw P_PMarzy i oznaczenie procedury na 1.",
		checkMarginMark,
	},
	{
		"margin.rate", Warning, LawRequires, "information sheet on FA(3), P_12 under margin schemes",
		"A margin scheme is marked and every line has a VAT rate: leave P_12 out on the lines under the scheme.",
		"Oznaczono procedurę marży, a każdy wiersz ma stawkę VAT: pomiń P_12 w wierszach objętych procedurą.",
		checkMarginRate,
	},
	{
		"margin.tax", Warning, LawRequires, "art. 106e(2) and (3) of the VAT Act: the tax is not shown",
		"The line under a margin scheme shows tax: leave P_11Vat out.",
		"Wiersz w procedurze marży wykazuje podatek: pomiń P_11Vat.",
		checkMarginTax,
	},
	{
		"margin.net", Info, LikelyMistake, "information sheet on FA(3), P_9B and P_11A under margin schemes",
		"The line under a margin scheme gives net amounts: write the price and value of the sale in P_9B and P_11A.",
		"Wiersz w procedurze marży podaje kwoty netto: wpisz cenę i wartość sprzedaży w P_9B i P_11A.",
		checkMarginNet,
	},
}

// splitRules are the rules about the split payment mechanism.
var splitRules = []Rule{
	{
		"split_payment.amount", Warning, LikelyMistake, "art. 106e(1)(18a) and art. 108a(1a) of the VAT Act",
		"Split payment is obligatory only above 15,000 PLN gross: set P_18A to 2 unless the mark is voluntary.",
		"Mechanizm podzielonej płatności jest obowiązkowy dopiero powyżej 15 000 zł brutto: ustaw P_18A na 2, chyba że oznaczenie jest dobrowolne.",
		checkSplitAmount,
	},
	{
		"split_payment.lines", Warning, LikelyMistake, "art. 108a(1a) of the VAT Act and annex 15; information sheet on FA(3), P_12_Zal_15",
		"Split payment is marked but no line is listed in annex 15: set P_12_Zal_15 to 1 on the lines it concerns, or P_18A to 2.",
		"Oznaczono mechanizm podzielonej płatności, a żaden wiersz nie dotyczy załącznika nr 15: ustaw P_12_Zal_15 na 1 w odpowiednich wierszach albo P_18A na 2.",
		checkSplitLines,
	},
	{
		"split_payment.missing", Warning, LawRequires, "art. 106e(1)(18a) and art. 108a(1a) of the VAT Act",
		"The invoice is above 15,000 PLN, a line is listed in annex 15 and the buyer is a taxpayer: set P_18A to 1.",
		"Faktura przekracza 15 000 zł, zawiera wiersz z załącznika nr 15, a nabywca jest podatnikiem: ustaw P_18A na 1.",
		checkSplitMissing,
	},
	{
		"split_payment.buyer", Warning, LawRequires, "art. 106e(1)(18a) and art. 108a(1) and (1a) of the VAT Act: between taxpayers",
		"Split payment is for purchases by a taxpayer, and the buyer has no NIP: give the buyer's NIP, or set P_18A to 2.",
		"Mechanizm podzielonej płatności dotyczy zakupów podatnika, a nabywca nie ma NIP: podaj NIP nabywcy albo ustaw P_18A na 2.",
		checkSplitBuyer,
	},
	{
		"split_payment.form", Warning, LawRequires, "art. 108a(3) of the VAT Act: by transfer",
		"A split payment is made by transfer, and another form of payment is given: set FormaPlatnosci to 6.",
		"Podzielonej płatności dokonuje się przelewem, a podano inną formę płatności: ustaw FormaPlatnosci na 6.",
		checkSplitForm,
	},
	{
		"split_payment.account", Warning, LawRequires, "art. 108a(3) of the VAT Act: to an account of a Polish bank",
		"A split payment goes to an account at a Polish bank, and no Polish account is given: add one to RachunekBankowy.",
		"Podzieloną płatność kieruje się na rachunek w polskim banku, a takiego nie podano: dodaj go w RachunekBankowy.",
		checkSplitAccount,
	},
}

// vehicleRules are the rules about new means of transport.
var vehicleRules = []Rule{
	{
		"vehicle.line", Warning, LawRequires, "art. 106e(1)(22) of the VAT Act; information sheet on FA(3), P_NrWierszaNST",
		"The vehicle belongs to a line that does not exist: write the number of its line in P_NrWierszaNST.",
		"Pojazd odnosi się do wiersza, którego nie ma: wpisz w P_NrWierszaNST numer jego wiersza.",
		checkVehicleLine,
	},
	{
		"vehicle.rate", Warning, LikelyMistake, "art. 13(1) and (2)(4), art. 42 of the VAT Act",
		"The line of a new means of transport that goes to another EU state has another rate than 0 WDT: check it.",
		"Wiersz nowego środka transportu wywożonego do innego państwa UE ma stawkę inną niż 0 WDT: sprawdź ją.",
		checkVehicleRate,
	},
	{
		"vehicle.first_use", Warning, LikelyMistake, "P_22A and P_1",
		"The vehicle was first used after the issue date: check P_22A.",
		"Pojazd dopuszczono do użytku po dacie wystawienia: sprawdź P_22A.",
		checkVehicleUse,
	},
	{
		"vehicle.age", Warning, LawRequires, "art. 2(10) of the VAT Act",
		"By its first use and by its mileage or hours this is no new means of transport any more: check both, or set P_22N to 1.",
		"Według daty pierwszego użycia oraz przebiegu lub godzin pracy nie jest to już nowy środek transportu: sprawdź dane albo ustaw P_22N na 1.",
		checkVehicleAge,
	},
	{
		"vehicle.vin", Info, LikelyMistake, "ISO 3779: 17 characters without I, O and Q",
		"A VIN has 17 letters and digits, never I, O or Q: compare it with the vehicle's documents.",
		"Numer VIN ma 17 liter i cyfr, bez I, O i Q: porównaj go z dokumentami pojazdu.",
		checkVIN,
	},
}

func checkMarginTotal(d *Document, fs *Findings) {
	if d.margins() && !d.totals[margin].net.ok && d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindROZ) {
		fs.Add(Path("Fa", "Adnotacje", "PMarzy"))
	}
}

func checkMarginMark(d *Document, fs *Findings) {
	if !d.margins() && !d.totals[margin].net.is0() {
		fs.addAs(d.unlessCorrected(), Path("Fa", "P_13_11"))
	}
}

func checkMarginRate(d *Document, fs *Findings) {
	d.rows()
	if d.margins() && d.kind(fa3.KindVAT) && len(d.lines) > 0 && d.count[margin] == 0 {
		fs.Add(Path("Fa", "FaWiersz", 0, "P_12"))
	}
}

func checkMarginTax(d *Document, fs *Findings) {
	d.eachLine(fs, "P_11Vat", func(l *line) bool { return l.bucket == margin && l.P_11Vat != "" })
}

func checkMarginNet(d *Document, fs *Findings) {
	d.eachLine(fs, "", func(l *line) bool { return l.bucket == margin && l.net.ok && !l.value.ok })
}

// splitLimit is the gross amount in PLN above which split payment is
// obligatory.
var splitLimit = decimal.NewFromInt(15_000)

// aboveLimit reports whether the amount due is above the limit for split
// payment; known is false when the invoice does not show its whole value or the
// exchange rate.
func (d *Document) aboveLimit() (above, known bool) {
	if !d.gross.ok || !d.kind(fa3.KindVAT, fa3.KindZAL) {
		return false, false
	}
	pln := d.gross.Decimal
	if !d.domestic() {
		rate, ok := d.oneRate()
		if !ok {
			return false, false
		}
		pln = pln.Mul(rate)
	}
	return pln.GreaterThan(splitLimit), true
}

// listed reports whether a line, or a line of the order, is in annex 15.
func (d *Document) listed() bool {
	for i := range d.fa.FaWiersz {
		if d.fa.FaWiersz[i].P_12_Zal_15 {
			return true
		}
	}
	lines := d.orderLines()
	for i := range lines {
		if lines[i].P_12Z_Zal_15 {
			return true
		}
	}
	return false
}

func (d *Document) split() bool { return d.fa.Adnotacje.P_18A == fa3.Yes }

func checkSplitAmount(d *Document, fs *Findings) {
	if !d.split() {
		return
	}
	if above, known := d.aboveLimit(); known && !above {
		fs.Add(Path("Fa", "Adnotacje", "P_18A"))
	}
}

func checkSplitLines(d *Document, fs *Findings) {
	if d.split() && d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindROZ) && !d.listed() {
		fs.Add(Path("Fa", "Adnotacje", "P_18A"))
	}
}

func checkSplitMissing(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_18A != fa3.No || d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP == "" || !d.listed() {
		return
	}
	if above, known := d.aboveLimit(); known && above {
		fs.Add(Path("Fa", "Adnotacje", "P_18A"))
	}
}

// checkSplitBuyer leaves a NIP in a wrong field to the rules about that, and a
// buyer of whom nothing is said to the schema.
func checkSplitBuyer(d *Document, fs *Findings) {
	id := &d.Invoice.Podmiot2.DaneIdentyfikacyjne
	other := d.buyerEU() || id.NrID != "" && !polishNIP(id.NrID) || bool(id.BrakID)
	if d.split() && id.NIP == "" && other {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkSplitForm(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if !d.split() || p == nil || bool(p.Zaplacono) {
		return
	}
	switch p.FormaPlatnosci {
	case fa3.PaymentCash, fa3.PaymentCard, fa3.PaymentCheque, fa3.PaymentMobile:
		fs.Add(Path("Fa", "Platnosc", "FormaPlatnosci"))
	}
}

func checkSplitAccount(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if !d.split() || p == nil || bool(p.Zaplacono) || len(p.RachunekBankowyFaktora) > 0 || len(p.RachunekBankowy) == 0 {
		return
	}
	for i := range p.RachunekBankowy {
		if account := compact(p.RachunekBankowy[i].NrRB); digitsOnly(account) || strings.HasPrefix(account, "PL") {
			return
		}
	}
	fs.Add(Path("Fa", "Platnosc", "RachunekBankowy", 0, "NrRB"))
}

// eachVehicle calls yield for every vehicle with its line, nil when there is
// none.
func (d *Document) eachVehicle(yield func(i int, v *fa3.NowySrodekTransportu, w *fa3.FaWiersz)) {
	list := d.fa.Adnotacje.NoweSrodkiTransportu.NowySrodekTransportu
	if len(list) == 0 {
		return
	}
	lines := make(map[int64]*fa3.FaWiersz, len(d.fa.FaWiersz))
	for i := range d.fa.FaWiersz {
		lines[d.fa.FaWiersz[i].NrWierszaFa] = &d.fa.FaWiersz[i]
	}
	for i := range list {
		yield(i, &list[i], lines[list[i].P_NrWierszaNST])
	}
}

func vehiclePath(i int, field string) string {
	return Path("Fa", "Adnotacje", "NoweSrodkiTransportu", "NowySrodekTransportu", i, field)
}

func checkVehicleLine(d *Document, fs *Findings) {
	d.eachVehicle(func(i int, _ *fa3.NowySrodekTransportu, w *fa3.FaWiersz) {
		if w == nil && len(d.fa.FaWiersz) > 0 {
			fs.Add(vehiclePath(i, "P_NrWierszaNST"))
		}
	})
}

func checkVehicleRate(d *Document, fs *Findings) {
	d.eachVehicle(func(i int, _ *fa3.NowySrodekTransportu, w *fa3.FaWiersz) {
		if w != nil && w.P_12 != "" && w.P_12 != fa3.Rate0IntraEU {
			fs.Add(vehiclePath(i, "P_NrWierszaNST"))
		}
	})
}

func checkVehicleUse(d *Document, fs *Findings) {
	d.eachVehicle(func(i int, v *fa3.NowySrodekTransportu, _ *fa3.FaWiersz) {
		if days(v.P_22A, d.fa.P_1) > 0 {
			fs.Add(vehiclePath(i, "P_22A"))
		}
	})
}

// Limits of art. 2(10): a means of transport is new while it is below either.
var (
	newKilometres    = decimal.NewFromInt(6000)
	newVesselHours   = decimal.NewFromInt(100)
	newAircraftHours = decimal.NewFromInt(40)
)

const (
	newLandMonths  = 6
	newOtherMonths = 3
)

func checkVehicleAge(d *Document, fs *Findings) {
	if !d.fa.P_1.Valid() {
		return
	}
	supplied := d.fa.P_1
	if d.fa.P_6.Valid() && d.fa.P_6.Before(supplied) {
		supplied = d.fa.P_6
	}
	d.eachVehicle(func(i int, v *fa3.NowySrodekTransportu, _ *fa3.FaWiersz) {
		if !v.P_22A.Valid() {
			return
		}
		for _, m := range [...]struct {
			field, text string
			limit       decimal.Decimal
			months      int
		}{
			{"P_22B", v.P_22B, newKilometres, newLandMonths},
			{"P_22C", v.P_22C, newVesselHours, newOtherMonths},
			{"P_22D", v.P_22D, newAircraftHours, newOtherMonths},
		} {
			used := measure(m.text)
			if used.ok && used.GreaterThan(m.limit) && old(v.P_22A, supplied, m.months) {
				fs.Add(vehiclePath(i, m.field))
			}
		}
	})
}

func old(first, supplied pl.Date, months int) bool { return first.AddMonths(months).Before(supplied) }

// measure reads the number at the start of a text such as "6 500 km".
func measure(text string) num {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ' ') {
		end++
	}
	if rest := strings.TrimSpace(text[end:]); strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ",") {
		return num{} // a fraction or a thousands mark: not certain
	}
	return parse(fa3.Decimal(strings.ReplaceAll(text[:end], " ", "")))
}

func checkVIN(d *Document, fs *Findings) {
	d.eachVehicle(func(i int, v *fa3.NowySrodekTransportu, _ *fa3.FaWiersz) {
		vin := strings.ToUpper(v.P_22B1)
		if vin != "" && (len(vin) != 17 || strings.ContainsAny(vin, "IOQ -") || !ascii(vin)) {
			fs.Add(vehiclePath(i, "P_22B1"))
		}
	})
}
