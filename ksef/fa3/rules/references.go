package rules

import (
	"errors"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// referenceRules are the rules about the invoices that an invoice refers to.
var referenceRules = []Rule{
	{
		"ksef_number.checksum", Warning, LikelyMistake, "KSeF API documentation, checksum of the KSeF number; KSeF does not verify it inside a document",
		"The checksum of the KSeF number is wrong, so at least one character is mistyped: copy the number from the confirmation of receipt (UPO).",
		"Suma kontrolna numeru KSeF jest błędna, więc co najmniej jeden znak jest pomylony: skopiuj numer z urzędowego poświadczenia odbioru (UPO).",
		checkKSeFSums,
	},
	{
		"ksef_number.seller", Warning, LikelyMistake, "KSeF API documentation, a KSeF number begins with the seller's NIP",
		"The KSeF number belongs to an invoice of another seller: check it; only legal succession explains it, and then a third party with role 3 names the predecessor.",
		"Numer KSeF należy do faktury innego sprzedawcy: sprawdź go; uzasadnia to tylko następstwo prawne, a wtedy poprzednika wskazuje podmiot trzeci z rolą 3.",
		checkKSeFSeller,
	},
	{
		"ksef_number.date", Warning, LikelyMistake, "KSeF API documentation, a KSeF number holds the day of receipt; P_1 is never later",
		"The KSeF number was given before the date of issue stated here: check number and date.",
		"Numer KSeF nadano przed podaną tu datą wystawienia: sprawdź numer i datę.",
		checkKSeFDate,
	},
	{
		"ksef_number.after_issue", Warning, LikelyMistake, "KSeF API documentation, a KSeF number holds the day of receipt",
		"The KSeF number was given after this correction was issued, though the correction quotes it: check number and date of issue.",
		"Numer KSeF nadano po wystawieniu tej korekty, choć korekta go podaje: sprawdź numer i datę wystawienia.",
		checkKSeFAfter,
	},
	{
		"ksef_number.missing", Warning, LikelyMistake, "information sheet on FA(3), NrKSeF and NrKSeFN",
		"The corrected invoice dates from the time of obligatory KSeF and is marked as issued outside it: give its KSeF number, unless the seller or the sale was exempt from KSeF.",
		"Korygowana faktura pochodzi z czasu obowiązkowego KSeF, a oznaczono ją jako wystawioną poza nim: podaj jej numer KSeF, chyba że sprzedawca lub sprzedaż byli z KSeF zwolnieni.",
		checkKSeFMissing,
	},
	{
		"correction.date", Warning, LikelyMistake, "DataWystFaKorygowanej and P_1",
		"The corrected invoice is dated after the correction: check both dates.",
		"Korygowana faktura ma datę późniejszą niż korekta: sprawdź obie daty.",
		checkCorrectionDate,
	},
	{
		"correction.itself", Warning, LikelyMistake, "NrFaKorygowanej and P_2",
		"The correction names its own number and date as the corrected invoice: write those of the invoice it corrects.",
		"Korekta podaje jako korygowaną fakturę swój własny numer i datę: wpisz numer i datę faktury, którą koryguje.",
		checkCorrectionItself,
	},
	{
		"correction.repeated", Warning, LikelyMistake, "DaneFaKorygowanej",
		"The corrected invoice is already listed above: remove one of the two.",
		"Tę korygowaną fakturę podano już wyżej: usuń jedną z pozycji.",
		checkCorrectionRepeated,
	},
	{
		"correction.number_same", Warning, LikelyMistake, "information sheet on FA(3), NrFaKorygowany",
		"The right number is the same as the wrong one: write the wrong number in NrFaKorygowanej and the right one in NrFaKorygowany.",
		"Prawidłowy numer jest taki sam jak błędny: wpisz błędny numer w NrFaKorygowanej, a prawidłowy w NrFaKorygowany.",
		checkNumberSame,
	},
	{
		"correction.number_several", Warning, LikelyMistake, "information sheet on FA(3), NrFaKorygowany",
		"One right number is given for several corrected invoices: correct the numbers one by one.",
		"Podano jeden prawidłowy numer dla kilku korygowanych faktur: koryguj numery pojedynczo.",
		checkNumberSeveral,
	},
	{
		"advance.repeated", Warning, LikelyMistake, "FakturaZaliczkowa",
		"The advance invoice is already listed above, so it would be settled twice: remove one of the two.",
		"Tę fakturę zaliczkową podano już wyżej, więc zostałaby rozliczona dwukrotnie: usuń jedną z pozycji.",
		checkAdvanceRepeated,
	},
	{
		"advance.ksef_date", Warning, LikelyMistake, "KSeF API documentation, a KSeF number holds the day of receipt",
		"The KSeF number of the advance invoice was given after this invoice's date of issue: check number and date.",
		"Numer KSeF faktury zaliczkowej nadano po dacie wystawienia tej faktury: sprawdź numer i datę.",
		checkAdvanceDate,
	},
}

// ksefNumber is a KSeF number in the document.
type ksefNumber struct {
	element string
	index   int
	field   string
	text    string
	number  pl.KSeFNumber // "" when its form or checksum is wrong
	corrupt bool          // right form, wrong checksum
	day     pl.Date       // day of receipt inside, also when the checksum is wrong
}

func (k *ksefNumber) path() string { return Path("Fa", k.element, k.index, k.field) }

// ksefNumbers calls yield for each KSeF number.
func (d *Document) ksefNumbers(yield func(*ksefNumber)) {
	for i := range d.fa.DaneFaKorygowanej {
		if text := d.fa.DaneFaKorygowanej[i].NrKSeFFaKorygowanej; text != "" {
			yield(readKSeF("DaneFaKorygowanej", i, "NrKSeFFaKorygowanej", text))
		}
	}
	for i := range d.fa.FakturaZaliczkowa {
		if text := d.fa.FakturaZaliczkowa[i].NrKSeFFaZaliczkowej; text != "" {
			yield(readKSeF("FakturaZaliczkowa", i, "NrKSeFFaZaliczkowej", text))
		}
	}
}

func readKSeF(element string, index int, field, text string) *ksefNumber {
	k := &ksefNumber{element: element, index: index, field: field, text: text}
	number, err := pl.ParseKSeFNumber(text)
	k.number, k.corrupt = number, errors.Is(err, pl.ErrChecksum)
	if len(text) >= 19 && ascii(text) {
		if day, err := pl.ParseDate(text[11:15] + "-" + text[15:17] + "-" + text[17:19]); err == nil {
			k.day = day
		}
	}
	return k
}

func checkKSeFSums(d *Document, fs *Findings) {
	d.ksefNumbers(func(k *ksefNumber) {
		// The older form of 36 characters has no published checksum.
		if k.corrupt && len(k.text) == 35 {
			fs.Add(k.path())
		}
	})
}

// sellers are the NIPs under which the seller may have issued earlier invoices.
func (d *Document) sellers() map[string]bool {
	nips := map[string]bool{d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP: true}
	if k := d.fa.Podmiot1K; k != nil {
		nips[k.DaneIdentyfikacyjne.NIP] = true
	}
	for i := range d.Invoice.Podmiot3 {
		if t := &d.Invoice.Podmiot3[i]; t.Rola == fa3.RoleOriginalEntity {
			nips[t.DaneIdentyfikacyjne.NIP] = true
		}
	}
	return nips
}

func checkKSeFSeller(d *Document, fs *Findings) {
	if d.advances()+len(d.fa.DaneFaKorygowanej) == 0 {
		return
	}
	nips := d.sellers()
	d.ksefNumbers(func(k *ksefNumber) {
		if len(k.text) >= 10 && digitsOnly(k.text[:10]) && !nips[k.text[:10]] {
			fs.Add(k.path())
		}
	})
}

func checkKSeFDate(d *Document, fs *Findings) {
	for i := range d.fa.DaneFaKorygowanej {
		c := &d.fa.DaneFaKorygowanej[i]
		if c.NrKSeFFaKorygowanej == "" {
			continue
		}
		k := readKSeF("DaneFaKorygowanej", i, "NrKSeFFaKorygowanej", c.NrKSeFFaKorygowanej)
		// A mistyped number tells no day.
		if !k.corrupt && days(k.day, c.DataWystFaKorygowanej) < 0 {
			fs.Add(k.path())
		}
	}
}

func checkKSeFAfter(d *Document, fs *Findings) {
	d.ksefNumbers(func(k *ksefNumber) {
		if k.element == "DaneFaKorygowanej" && !k.corrupt && days(k.day, d.fa.P_1) > 0 {
			fs.Add(k.path())
		}
	})
}

func checkKSeFMissing(d *Document, fs *Findings) {
	if d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP == "" {
		return
	}
	for i := range d.fa.DaneFaKorygowanej {
		c := &d.fa.DaneFaKorygowanej[i]
		if bool(c.NrKSeFN) && !c.DataWystFaKorygowanej.Before(ksefEra) {
			fs.Add(Path("Fa", "DaneFaKorygowanej", i, "NrKSeFN"))
		}
	}
}

func checkCorrectionDate(d *Document, fs *Findings) {
	for i := range d.fa.DaneFaKorygowanej {
		if days(d.fa.DaneFaKorygowanej[i].DataWystFaKorygowanej, d.fa.P_1) > 0 {
			fs.Add(Path("Fa", "DaneFaKorygowanej", i, "DataWystFaKorygowanej"))
		}
	}
}

// checkCorrectionItself compares the date as well: a correction and the invoice
// it corrects may have the same number.
func checkCorrectionItself(d *Document, fs *Findings) {
	for i := range d.fa.DaneFaKorygowanej {
		c := &d.fa.DaneFaKorygowanej[i]
		if c.NrFaKorygowanej == d.fa.P_2 && c.DataWystFaKorygowanej == d.fa.P_1 && !c.DataWystFaKorygowanej.IsZero() {
			fs.Add(Path("Fa", "DaneFaKorygowanej", i, "NrFaKorygowanej"))
		}
	}
}

func checkCorrectionRepeated(d *Document, fs *Findings) {
	type key struct {
		day    pl.Date
		number string
	}
	var keys seen[key]
	var numbers seen[string]
	for i := range d.fa.DaneFaKorygowanej {
		c := &d.fa.DaneFaKorygowanej[i]
		again := keys.add(key{c.DataWystFaKorygowanej, c.NrFaKorygowanej})
		if c.NrKSeFFaKorygowanej != "" && numbers.add(c.NrKSeFFaKorygowanej) || again {
			fs.Add(Path("Fa", "DaneFaKorygowanej", i))
		}
	}
}

func checkNumberSame(d *Document, fs *Findings) {
	right := d.fa.NrFaKorygowany
	if right != "" && len(d.fa.DaneFaKorygowanej) == 1 && d.fa.DaneFaKorygowanej[0].NrFaKorygowanej == right {
		fs.Add(Path("Fa", "NrFaKorygowany"))
	}
}

func checkNumberSeveral(d *Document, fs *Findings) {
	if d.fa.NrFaKorygowany != "" && len(d.fa.DaneFaKorygowanej) > 1 {
		fs.Add(Path("Fa", "NrFaKorygowany"))
	}
}

func checkAdvanceRepeated(d *Document, fs *Findings) {
	var before seen[fa3.FakturaZaliczkowa]
	for i, a := range d.fa.FakturaZaliczkowa {
		if a != (fa3.FakturaZaliczkowa{}) && before.add(a) {
			fs.Add(Path("Fa", "FakturaZaliczkowa", i))
		}
	}
}

func checkAdvanceDate(d *Document, fs *Findings) {
	for i := range d.fa.FakturaZaliczkowa {
		text := d.fa.FakturaZaliczkowa[i].NrKSeFFaZaliczkowej
		if text == "" {
			continue
		}
		k := readKSeF("FakturaZaliczkowa", i, "NrKSeFFaZaliczkowej", text)
		if !k.corrupt && days(k.day, d.fa.P_1) > 0 {
			fs.Add(k.path())
		}
	}
}
