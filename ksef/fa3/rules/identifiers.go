package rules

import (
	"errors"
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// identifierRules are the rules about tax numbers and other identifiers of
// parties.
var identifierRules = []Rule{
	{
		"nip.checksum", Error, KSeFRejects, "KSeF verification of tax numbers (a warning with Config.Test: only production refuses)",
		"The check digit of the NIP is wrong, so at least one digit is mistyped: compare the number with the register of VAT taxpayers.",
		"Cyfra kontrolna numeru NIP jest błędna, więc co najmniej jedna cyfra jest pomylona: porównaj numer z Wykazem podatników VAT.",
		checkNIPs,
	},
	{
		"nip.checksum_other", Warning, LikelyMistake, "construction of the NIP; KSeF does not verify it in this place",
		"The check digit of this NIP is wrong, so at least one digit is mistyped: compare the number with the register of VAT taxpayers.",
		"Cyfra kontrolna tego numeru NIP jest błędna, więc co najmniej jedna cyfra jest pomylona: porównaj numer z Wykazem podatników VAT.",
		checkOtherNIPs,
	},
	{
		"identifier.repdigit", Info, LikelyMistake, "numbers of one repeated digit stand in samples",
		"A NIP or REGON of equal digits belongs to nobody: replace it unless this is a test.",
		"NIP lub REGON złożony z jednakowych cyfr do nikogo nie należy: wpisz właściwy numer, chyba że to próba.",
		checkRepdigits,
	},
	{
		"internal_id.checksum", Warning, LikelyMistake, "construction of the internal identifier (KSeF API documentation)",
		"The last digit of the internal KSeF identifier is wrong: compare it with the identifier shown in KSeF.",
		"Ostatnia cyfra identyfikatora wewnętrznego KSeF jest błędna: porównaj go z identyfikatorem widocznym w KSeF.",
		checkInternalIDs,
	},
	{
		"digits.foreign", Error, LikelyMistake, "numbers are written with the digits 0 to 9",
		"The number holds digits of another script, which the schema lets through and no register knows: type it again with the digits 0 to 9.",
		"Numer zawiera cyfry innego pisma, które schemat przepuszcza, a żaden rejestr ich nie zna: wpisz go ponownie cyframi od 0 do 9.",
		checkDigits,
	},
	{
		"eu_vat.format", Warning, LikelyMistake, "structure of VAT numbers by country (European Commission, VIES)",
		"The number does not have the form of VAT numbers of {country}: check it in VIES and write it without the country prefix.",
		"Numer nie ma postaci numeru VAT kraju {country}: sprawdź go w systemie VIES i wpisz bez prefiksu kraju.",
		checkEUVATForm,
	},
	{
		"eu_vat.prefix", Warning, LikelyMistake, "NrVatUE holds the number without the prefix of KodUE",
		"The country prefix is repeated inside the VAT number: remove its two letters from NrVatUE, KodUE already gives them.",
		"Prefiks kraju powtórzono w numerze VAT: usuń dwie litery z pola NrVatUE, podaje je już KodUE.",
		checkEUVATPrefix,
	},
	{
		"eu_vat.polish", Error, LawRequires, "information sheet on FA(3), NIP of the buyer",
		"A Polish NIP stands in the field for foreign VAT numbers, so KSeF hides the invoice from this party: move the ten digits to NIP.",
		"W polu na zagraniczny numer VAT podano polski NIP, przez co KSeF nie udostępni faktury temu podmiotowi: przenieś dziesięć cyfr do pola NIP.",
		checkEUVATPolish,
	},
	{
		"eu_vat.poland", Warning, LikelyMistake, "information sheet on FA(3), KodUE of the buyer",
		"KodUE is PL: a Polish party is identified by its NIP, so correct the number and move it to NIP, or correct the prefix.",
		"KodUE ma wartość PL: polski podmiot identyfikuje NIP, popraw więc numer i przenieś go do pola NIP albo popraw prefiks.",
		checkEUVATPoland,
	},
	{
		"eu_vat.looks_polish", Warning, LikelyMistake, "information sheet on FA(3), NIP of the buyer",
		"The number does not fit {country} and is a correct Polish NIP: if the party is Polish, move it to NIP, or KSeF hides the invoice from it.",
		"Numer nie pasuje do kraju {country}, a jest poprawnym polskim numerem NIP: jeśli podmiot jest polski, przenieś go do pola NIP, bo inaczej KSeF nie udostępni mu faktury.",
		checkEUVATLooksPolish,
	},
	{
		"foreign_id.polish", Error, LawRequires, "information sheet on FA(3), NIP of the buyer",
		"A Polish NIP stands in the field for foreign tax numbers, so KSeF hides the invoice from this party: move the ten digits to NIP.",
		"W polu na zagraniczny numer podano polski NIP, przez co KSeF nie udostępni faktury temu podmiotowi: przenieś dziesięć cyfr do pola NIP.",
		checkForeignPolish,
	},
	{
		"foreign_id.looks_polish", Info, LikelyMistake, "information sheet on FA(3), NIP of the buyer",
		"The foreign number also is a correct Polish NIP: if the party is Polish, move it to NIP.",
		"Zagraniczny numer jest zarazem poprawnym polskim numerem NIP: jeśli podmiot jest polski, przenieś go do pola NIP.",
		checkForeignLooksPolish,
	},
	{
		"foreign_id.eu_vat", Info, LikelyMistake, "information sheet on FA(3), NrVatUE of the buyer",
		"The number looks like an EU VAT number with its prefix: if it is one, give it in KodUE and NrVatUE.",
		"Numer wygląda na numer VAT UE z prefiksem: jeśli nim jest, podaj go w polach KodUE i NrVatUE.",
		checkForeignEU,
	},
	{
		"regon.checksum", Warning, LikelyMistake, "construction of the REGON",
		"The check digit of the REGON is wrong: compare the number with the REGON register.",
		"Cyfra kontrolna numeru REGON jest błędna: porównaj numer z rejestrem REGON.",
		checkREGON,
	},
	{
		"krs.zero", Warning, LikelyMistake, "numbers of the National Court Register",
		"The KRS number is all zeros: write the number of the register or leave the field out.",
		"Numer KRS składa się z samych zer: wpisz numer z rejestru albo pomiń pole.",
		checkKRS,
	},
	{
		"bdo.format", Warning, LikelyMistake, "numbers of the BDO register have nine digits",
		"A number of the waste register BDO has nine digits: write it with its leading zeros.",
		"Numer w rejestrze BDO ma dziewięć cyfr: wpisz go razem z zerami na początku.",
		checkBDO,
	},
}

// wrongSum reports whether a NIP has the right form and a wrong check digit.
func wrongSum(nip string) bool {
	if len(nip) != 10 {
		return false
	}
	_, err := pl.ParseNIP(nip)
	return errors.Is(err, pl.ErrChecksum)
}

// nipOf is the NIP inside an internal identifier.
func nipOf(internal string) string {
	nip, _, _ := strings.Cut(internal, "-")
	return nip
}

func checkNIPs(d *Document, fs *Findings) {
	severity := Error
	if d.cfg.Test {
		severity = Warning
	}
	for i := range d.people() {
		p := &d.parties[i]
		if !p.judged {
			continue
		}
		if wrongSum(p.id.NIP) {
			fs.addAs(severity, p.idPath("NIP"))
		}
		if wrongSum(nipOf(p.id.IDWew)) {
			fs.addAs(severity, p.idPath("IDWew"))
		}
	}
}

func checkOtherNIPs(d *Document, fs *Findings) {
	for i := range d.people() {
		if p := &d.parties[i]; !p.judged && wrongSum(p.id.NIP) {
			fs.Add(p.idPath("NIP"))
		}
	}
}

// repdigit reports whether a number is one digit repeated.
func repdigit(n string) bool { return digitsOnly(n) && strings.Count(n, n[:1]) == len(n) }

func checkRepdigits(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		if repdigit(p.id.NIP) {
			fs.Add(p.idPath("NIP"))
		}
	}
	d.registers(func(i int, _, regon, _ string) {
		if repdigit(regon) {
			fs.Add(Path("Stopka", "Rejestry", i, "REGON"))
		}
	})
}

func checkInternalIDs(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		if p.id.IDWew == "" {
			continue
		}
		if _, err := pl.ParseInternalID(p.id.IDWew); errors.Is(err, pl.ErrChecksum) {
			fs.Add(p.idPath("IDWew"))
		}
	}
}

// ascii reports whether a text is ASCII only.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func checkDigits(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		for _, field := range [...]struct{ name, value string }{
			{"NIP", p.id.NIP}, {"IDWew", p.id.IDWew}, {"NrVatUE", p.id.NrVatUE},
		} {
			if !ascii(field.value) {
				fs.Add(p.idPath(field.name))
			}
		}
	}
	d.registers(func(i int, krs, regon, _ string) {
		if !ascii(krs) {
			fs.Add(Path("Stopka", "Rejestry", i, "KRS"))
		}
		if !ascii(regon) {
			fs.Add(Path("Stopka", "Rejestry", i, "REGON"))
		}
	})
	for i := range d.fa.DaneFaKorygowanej {
		if !ascii(d.fa.DaneFaKorygowanej[i].NrKSeFFaKorygowanej) {
			fs.Add(Path("Fa", "DaneFaKorygowanej", i, "NrKSeFFaKorygowanej"))
		}
	}
	for i := range d.fa.FakturaZaliczkowa {
		if !ascii(d.fa.FakturaZaliczkowa[i].NrKSeFFaZaliczkowej) {
			fs.Add(Path("Fa", "FakturaZaliczkowa", i, "NrKSeFFaZaliczkowej"))
		}
	}
}

// euCase is what is wrong with an EU VAT number; each number has one fault at
// most.
type euCase int

const (
	euFine euCase = iota
	euPolish
	euPoland
	euLooksPolish
	euPrefix
	euForm
)

func (p *party) euFault() euCase {
	n, country := p.id.NrVatUE, string(p.id.KodUE)
	switch {
	case n == "" || !p.id.KodUE.Valid() || !ascii(n):
		return euFine
	case country == "PL" && polishNIP(n):
		return euPolish
	case country == "PL":
		return euPoland
	case pl.VATUE{Country: country, Number: n}.Valid():
		return euFine
	case polishNIP(n):
		return euLooksPolish
	case pl.VATUE{Country: country, Number: strings.TrimPrefix(n, country)}.Valid():
		return euPrefix
	}
	return euForm
}

// polishNIP reports whether a number is a correct NIP, with or without PL.
func polishNIP(n string) bool {
	_, err := pl.ParseNIP(n)
	return err == nil
}

func (d *Document) eachEU(fs *Findings, fault euCase) {
	for i := range d.people() {
		if p := &d.parties[i]; p.euFault() == fault {
			fs.Add(p.idPath("NrVatUE"), "country", string(p.id.KodUE))
		}
	}
}

func checkEUVATForm(d *Document, fs *Findings)        { d.eachEU(fs, euForm) }
func checkEUVATPrefix(d *Document, fs *Findings)      { d.eachEU(fs, euPrefix) }
func checkEUVATPolish(d *Document, fs *Findings)      { d.eachEU(fs, euPolish) }
func checkEUVATPoland(d *Document, fs *Findings)      { d.eachEU(fs, euPoland) }
func checkEUVATLooksPolish(d *Document, fs *Findings) { d.eachEU(fs, euLooksPolish) }

// foreignPolish reports whether NrID holds a NIP, and whether the rest of the
// document says that it is meant as one.
func (p *party) foreignPolish() (nip, meant bool) {
	if p.id.NrID == "" || !polishNIP(p.id.NrID) {
		return false, false
	}
	home := p.country() == "" || p.country() == "PL"
	prefixed := strings.HasPrefix(strings.ToUpper(p.id.NrID), "PL")
	return true, prefixed || p.id.KodKraju == "PL" || p.id.KodKraju == "" && home
}

func checkForeignPolish(d *Document, fs *Findings) {
	for i := range d.people() {
		if _, meant := d.parties[i].foreignPolish(); meant {
			fs.Add(d.parties[i].idPath("NrID"))
		}
	}
}

func checkForeignLooksPolish(d *Document, fs *Findings) {
	for i := range d.people() {
		if nip, meant := d.parties[i].foreignPolish(); nip && !meant {
			fs.Add(d.parties[i].idPath("NrID"))
		}
	}
}

func checkForeignEU(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		if len(p.id.NrID) < 8 || strings.HasPrefix(p.id.NrID, "PL") {
			continue
		}
		v := pl.VATUE{Country: p.id.NrID[:2], Number: p.id.NrID[2:]}
		if v.Valid() && (p.id.KodKraju == "" || sameCountry(v.Country, string(p.id.KodKraju))) {
			fs.Add(p.idPath("NrID"))
		}
	}
}

// registers calls yield for each entry of the footer.
func (d *Document) registers(yield func(i int, krs, regon, bdo string)) {
	if d.Invoice.Stopka == nil {
		return
	}
	for i := range d.Invoice.Stopka.Rejestry {
		r := &d.Invoice.Stopka.Rejestry[i]
		yield(i, r.KRS, r.REGON, r.BDO)
	}
}

func checkREGON(d *Document, fs *Findings) {
	d.registers(func(i int, _, regon, _ string) {
		if _, err := pl.ParseREGON(regon); regon != "" && !repdigit(regon) && errors.Is(err, pl.ErrChecksum) {
			fs.Add(Path("Stopka", "Rejestry", i, "REGON"))
		}
	})
}

func checkKRS(d *Document, fs *Findings) {
	d.registers(func(i int, krs, _, _ string) {
		if krs == "0000000000" {
			fs.Add(Path("Stopka", "Rejestry", i, "KRS"))
		}
	})
}

func checkBDO(d *Document, fs *Findings) {
	d.registers(func(i int, _, _, bdo string) {
		if bdo != "" && (len(bdo) != 9 || !digitsOnly(bdo)) {
			fs.Add(Path("Stopka", "Rejestry", i, "BDO"))
		}
	})
}
