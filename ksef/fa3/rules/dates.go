package rules

import (
	"strings"
	"time"
	"unicode"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// numberRules are the rules about the number of the invoice.
var numberRules = []Rule{
	{
		"number.spaces", Warning, KSeFRejects, "KSeF compares numbers after white space is collapsed",
		"The invoice number has spaces at its ends, several in a row, or blanks of another kind, visible or not: write single ordinary spaces only inside it.",
		"Numer faktury ma odstępy na początku lub końcu, kilka odstępów z rzędu albo nietypowe lub niewidoczne odstępy: używaj tylko pojedynczych zwykłych spacji wewnątrz numeru.",
		checkNumberSpaces,
	},
	{
		"number.repeated", Error, KSeFRejects, "KSeF verification of uniqueness: seller, kind and number, for ten years (status 440)",
		"The seller has already issued an invoice of this kind with this number, so KSeF refuses it: give the next free number.",
		"Sprzedawca wystawił już fakturę tego rodzaju o tym numerze, więc KSeF ją odrzuci: nadaj kolejny wolny numer.",
		checkNumberRepeated,
	},
	{
		"number.digitless", Info, LawRequires, "art. 106e(1)(2) of the VAT Act: a number of one or more series",
		"The invoice number holds no digit, though it must come from a running series: check it.",
		"Numer faktury nie zawiera żadnej cyfry, choć powinien pochodzić z kolejnej serii: sprawdź go.",
		checkNumberDigits,
	},
}

// dateRules are the rules about dates of issue, supply and making of the file.
var dateRules = []Rule{
	{
		"issue_date.future", Error, KSeFRejects, "KSeF verification of P_1",
		"The issue date lies in the future, which KSeF refuses: write today's date or an earlier one.",
		"Data wystawienia jest z przyszłości, a KSeF takich faktur nie przyjmuje: wpisz datę dzisiejszą lub wcześniejszą.",
		checkIssueFuture,
	},
	{
		"issue_date.past", Info, KSeFRejects, "KSeF marks an invoice as offline when P_1 is before the day of receipt",
		"The issue date lies before today, so KSeF will mark the invoice as issued offline: write today's date unless it really was issued offline.",
		"Data wystawienia jest wcześniejsza niż dzisiejsza, więc KSeF oznaczy fakturę jako wystawioną offline: wpisz dzisiejszą datę, chyba że fakturę naprawdę wystawiono offline.",
		checkIssuePast,
	},
	{
		"issue_date.far", Warning, LikelyMistake, "P_1 and DataWytworzeniaFa of one document",
		"The issue date is more than a year away from the day the file was made: check the year.",
		"Data wystawienia różni się o ponad rok od dnia wytworzenia pliku: sprawdź rok.",
		checkIssueFar,
	},
	{
		"document.time", Info, LikelyMistake, "DataWytworzeniaFa is the time at which the file is made",
		"The file says that it was made at another time than now, by {days} days or more: set the clock of the program that makes it.",
		"Według pliku powstał on kiedy indziej niż teraz, z różnicą co najmniej {days} dni: ustaw zegar programu, który go tworzy.",
		checkDocumentTime,
	},
	{
		"document.zone", Info, Advice, "XML Schema leaves a time without zone undecided near the limits",
		"DataWytworzeniaFa has no time zone: write it in UTC with a Z at the end.",
		"DataWytworzeniaFa nie ma strefy czasowej: zapisz czas UTC z literą Z na końcu.",
		checkDocumentZone,
	},
	{
		"period.order", Warning, LikelyMistake, "OkresFa",
		"The period ends before it begins: swap the two dates.",
		"Okres kończy się przed swoim początkiem: zamień daty.",
		checkPeriodOrder,
	},
	{
		"period.long", Info, LikelyMistake, "OkresFa; art. 19a(4) of the VAT Act",
		"The period is longer than a year: check the years.",
		"Okres jest dłuższy niż rok: sprawdź lata w datach.",
		checkPeriodLong,
	},
	{
		"supply_date.twice", Error, LawRequires, "information sheet on FA(3), P_6 and P_6A",
		"The date of supply is given for the invoice and again on a line: give either one for the whole invoice or one on each line.",
		"Datę dostawy podano dla całej faktury i ponownie w wierszu: podaj albo jedną dla całej faktury, albo osobną w każdym wierszu.",
		checkSupplyTwice,
	},
	{
		"supply_date.same_lines", Info, Advice, "information sheet on FA(3), P_6A",
		"All lines have the same date of supply: give it once in P_6.",
		"Wszystkie wiersze mają tę samą datę dostawy: podaj ją raz w polu P_6.",
		checkSupplySame,
	},
	{
		"supply_date.superfluous", Info, Advice, "art. 106e(1)(6) of the VAT Act: the date of supply is given if it differs",
		"The date of supply is the date of issue: P_6 can be left out.",
		"Data dostawy jest taka sama jak data wystawienia: pole P_6 można pominąć.",
		checkSupplySuperfluous,
	},
	{
		"supply_date.ahead", Warning, LawRequires, "art. 106i(7) of the VAT Act: not earlier than 60 days before the supply",
		"The supply lies more than 60 days after the issue date: check both dates; an invoice may be issued at most 60 days ahead, except for periodic settlements and utilities.",
		"Dostawa przypada ponad 60 dni po dacie wystawienia: sprawdź obie daty; fakturę można wystawić najwyżej 60 dni wcześniej, z wyjątkiem rozliczeń okresowych i mediów.",
		checkSupplyAhead,
	},
	{
		"supply_date.old", Warning, LikelyMistake, "tax falls under limitation five years after the year in which it was due (art. 70(1) of the Tax Ordinance)",
		"The supply lies more than five years before the issue date: check the years of both dates.",
		"Dostawa miała miejsce ponad pięć lat przed datą wystawienia: sprawdź lata w obu datach.",
		checkSupplyOld,
	},
	{
		"supply_date.late", Info, LawRequires, "art. 106i(1) of the VAT Act: by the 15th of the month after the supply",
		"The invoice is issued after the 15th of the month that follows the supply: check the dates; if no special term applies it is late, but must still be issued.",
		"Fakturę wystawiono po 15. dniu miesiąca następującego po dostawie: sprawdź daty; jeśli nie obowiązuje termin szczególny, jest spóźniona, ale i tak trzeba ją wystawić.",
		checkSupplyLate,
	},
}

func checkNumberSpaces(d *Document, fs *Findings) {
	n := d.cfg.Number
	if n == "" {
		n = d.fa.P_2
	}
	bad := oddSpaces(n) || strings.Contains(n, "  ") || strings.ContainsFunc(n, func(r rune) bool {
		return r != ' ' && unicode.IsSpace(r)
	})
	if bad {
		fs.Add(Path("Fa", "P_2"))
	}
}

func checkNumberRepeated(d *Document, fs *Findings) {
	if d.cfg.Issued == nil {
		return
	}
	if d.cfg.Issued(d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP, d.fa.RodzajFaktury, d.fa.P_2) {
		fs.Add(Path("Fa", "P_2"))
	}
}

func checkNumberDigits(d *Document, fs *Findings) {
	if n := d.fa.P_2; n != "" && !strings.ContainsFunc(n, unicode.IsDigit) {
		fs.Add(Path("Fa", "P_2"))
	}
}

func checkIssueFuture(d *Document, fs *Findings) {
	if !d.today.IsZero() && d.fa.P_1.After(d.today) {
		fs.Add(Path("Fa", "P_1"))
	}
}

func checkIssuePast(d *Document, fs *Findings) {
	if !d.today.IsZero() && !d.fa.P_1.IsZero() && d.fa.P_1.Before(d.today) {
		fs.Add(Path("Fa", "P_1"))
	}
}

// madeOn is the day the file was made, the zero Date when it does not say.
func (d *Document) madeOn() pl.Date {
	t, err := d.Invoice.Naglowek.DataWytworzeniaFa.Time()
	if err != nil {
		return pl.Date{}
	}
	return pl.DateOf(t)
}

// days is the distance between two days, 0 when one is not known.
func days(a, b pl.Date) int {
	if !a.Valid() || !b.Valid() {
		return 0
	}
	return a.DaysSince(b)
}

// year is more than any year has days.
const year = 366

func checkIssueFar(d *Document, fs *Findings) {
	if n := days(d.fa.P_1, d.madeOn()); n > year || n < -year {
		fs.Add(Path("Fa", "P_1"))
	}
}

// farDays is a distance from the present that no delay of sending explains.
const farDays = 30

func checkDocumentTime(d *Document, fs *Findings) {
	t, err := d.Invoice.Naglowek.DataWytworzeniaFa.Time()
	if err != nil || d.cfg.Now.IsZero() {
		return
	}
	if away := d.cfg.Now.Sub(t).Abs(); away > farDays*24*time.Hour {
		fs.Add(Path("Naglowek", "DataWytworzeniaFa"), "days", "30")
	}
}

func checkDocumentZone(d *Document, fs *Findings) {
	text := string(d.Invoice.Naglowek.DataWytworzeniaFa)
	_, clock, ok := strings.Cut(text, "T")
	if ok && !strings.ContainsAny(clock, "Z+-") {
		fs.Add(Path("Naglowek", "DataWytworzeniaFa"))
	}
}

func checkPeriodOrder(d *Document, fs *Findings) {
	if p := d.fa.OkresFa; p != nil && days(p.P_6_Do, p.P_6_Od) < 0 {
		fs.Add(Path("Fa", "OkresFa"))
	}
}

func checkPeriodLong(d *Document, fs *Findings) {
	if p := d.fa.OkresFa; p != nil && days(p.P_6_Do, p.P_6_Od) > year {
		fs.Add(Path("Fa", "OkresFa"))
	}
}

func checkSupplyTwice(d *Document, fs *Findings) {
	if d.fa.P_6.IsZero() {
		return
	}
	for i := range d.fa.FaWiersz {
		if !d.fa.FaWiersz[i].P_6A.IsZero() {
			fs.Add(Path("Fa", "FaWiersz", i, "P_6A"))
		}
	}
}

func checkSupplySame(d *Document, fs *Findings) {
	lines := d.fa.FaWiersz
	if len(lines) < 2 || lines[0].P_6A.IsZero() || !d.fa.P_6.IsZero() {
		return
	}
	for i := range lines {
		if lines[i].P_6A != lines[0].P_6A {
			return
		}
	}
	fs.Add(Path("Fa", "FaWiersz", 0, "P_6A"))
}

func checkSupplySuperfluous(d *Document, fs *Findings) {
	if !d.fa.P_6.IsZero() && d.fa.P_6 == d.fa.P_1 {
		fs.Add(Path("Fa", "P_6"))
	}
}

// maxAhead is how many days an invoice may come before the supply.
const maxAhead = 60

func checkSupplyAhead(d *Document, fs *Findings) {
	if d.Correction() {
		return
	}
	if days(d.fa.P_6, d.fa.P_1) > maxAhead {
		fs.Add(Path("Fa", "P_6"))
	}
	for i := range d.fa.FaWiersz {
		if days(d.fa.FaWiersz[i].P_6A, d.fa.P_1) > maxAhead {
			fs.Add(Path("Fa", "FaWiersz", i, "P_6A"))
		}
	}
}

// maxAge is the age of a supply, in months, from which a slip in the year is
// likelier than a late invoice.
const maxAge = 60

// checkSupplyOld: corrections may be about supplies of any age.
func checkSupplyOld(d *Document, fs *Findings) {
	if d.Correction() || !d.fa.P_1.Valid() {
		return
	}
	oldest := d.fa.P_1.AddMonths(-maxAge)
	if p := d.fa.P_6; p.Valid() && p.Before(oldest) {
		fs.Add(Path("Fa", "P_6"))
	}
	for i := range d.fa.FaWiersz {
		if p := d.fa.FaWiersz[i].P_6A; p.Valid() && p.Before(oldest) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_6A"))
		}
	}
}

func checkSupplyLate(d *Document, fs *Findings) {
	p := d.fa.P_6
	if !p.Valid() || !d.kind(fa3.KindVAT, fa3.KindUPR, fa3.KindZAL) {
		return
	}
	last := pl.NewDate(p.Year, p.Month, 15).AddMonths(1)
	if d.fa.P_1.After(last) {
		fs.Add(Path("Fa", "P_6"))
	}
}
