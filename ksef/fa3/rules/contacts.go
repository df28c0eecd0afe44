package rules

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// contactRules are the rules about addresses and other ways to reach a party.
var contactRules = []Rule{
	{
		"eu_vat.country", Warning, LikelyMistake, "KodUE and KodKraju of the address",
		"The prefix of the VAT number ({prefix}) does not fit the country of the address ({country}): check both (Greece is EL and GR, Northern Ireland XI and GB).",
		"Prefiks numeru VAT ({prefix}) nie pasuje do kraju w adresie ({country}): sprawdź oba (Grecja to EL i GR, Irlandia Północna to XI i GB).",
		checkEUVATCountry,
	},
	{
		"eu_vat.outside", Info, LikelyMistake, "KodUE and KodKraju of the buyer's address",
		"The buyer has a VAT number of the EU ({prefix}) and an address outside it ({country}): check both, and that the buyer uses this number for the purchase.",
		"Nabywca ma numer VAT UE ({prefix}) i adres poza Unią ({country}): sprawdź oba oraz to, czy nabywca kupuje pod tym numerem.",
		checkEUVATOutside,
	},
	{
		"foreign_id.country", Info, LikelyMistake, "KodKraju of the identifier and of the address",
		"The country that gave the tax number ({prefix}) is not the country of the address ({country}): check both.",
		"Kraj, który nadał numer podatkowy ({prefix}), nie jest krajem z adresu ({country}): sprawdź oba.",
		checkForeignCountry,
	},
	{
		"nip.country", Info, LikelyMistake, "NIP and KodKraju of the address",
		"The party has a NIP and an address in {country}: check that it uses its Polish registration for this sale.",
		"Podmiot ma NIP i adres w kraju {country}: sprawdź, czy w tej transakcji działa pod polską rejestracją.",
		checkNIPCountry,
	},
	{
		"address.postal_code", Info, Advice, "Polish addresses have a postal code",
		"The Polish address has no postal code such as 00-950: add it to one of the lines.",
		"W polskim adresie brakuje kodu pocztowego, np. 00-950: dopisz go w jednej z linii.",
		checkPostalCode,
	},
	{
		"address.mail_same", Info, Advice, "AdresKoresp is for another address",
		"The mailing address is the same as the address: leave it out.",
		"Adres korespondencyjny jest taki sam jak adres: pomiń go.",
		checkMailSame,
	},
	{
		"gln.checksum", Warning, LikelyMistake, "GS1, construction of the global location number",
		"The check digit of the global location number (GLN) is wrong: compare it with the GS1 register.",
		"Cyfra kontrolna globalnego numeru lokalizacyjnego (GLN) jest błędna: porównaj go z rejestrem GS1.",
		checkGLN,
	},
	{
		"gln.format", Info, LikelyMistake, "GS1, construction of the global location number",
		"A global location number (GLN) has 13 digits: write it so, or leave it out.",
		"Globalny numer lokalizacyjny (GLN) ma 13 cyfr: zapisz go tak albo pomiń.",
		checkGLNForm,
	},
	{
		"email.format", Warning, LikelyMistake, "form of e-mail addresses",
		"This is not one e-mail address: write a single address such as office@example.com in each DaneKontaktowe.",
		"To nie jest pojedynczy adres e-mail: wpisz jeden adres, np. biuro@example.com, w każdym elemencie DaneKontaktowe.",
		checkEmail,
	},
	{
		"phone.format", Info, LikelyMistake, "form of telephone numbers",
		"This is no telephone number: write its digits, with the country code for numbers abroad.",
		"To nie jest numer telefonu: wpisz jego cyfry, a przy numerach zagranicznych także kod kraju.",
		checkPhone,
	},
}

// sameCountry reports whether a VAT prefix belongs to the country of an
// address.
func sameCountry(prefix, country string) bool {
	switch prefix {
	case "EL":
		return country == "GR"
	case "XI":
		return country == "GB" || country == "XI"
	case "FR": // Monaco is part of the French VAT territory
		return country == "FR" || country == "MC" || frenchOverseas(country)
	case "FI":
		return country == "FI" || country == "AX"
	}
	return prefix == country
}

// frenchOverseas reports whether a country of an address is a part of France
// with a code of its own.
func frenchOverseas(country string) bool {
	switch country {
	case "GF", "GP", "MF", "MQ", "RE", "YT":
		return true
	}
	return false
}

// inEU reports whether a country of an address has VAT numbers of the EU. A
// firm from elsewhere may well be registered in the EU.
func inEU(country fa3.TKodKraju) bool {
	return country == "GR" || country != "XI" && fa3.TKodyKrajowUE(country).Valid()
}

func checkEUVATCountry(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		prefix, country := string(p.id.KodUE), p.country()
		if p.id.KodUE.Valid() && prefix != "PL" && inEU(country) && !sameCountry(prefix, string(country)) {
			fs.Add(p.idPath("KodUE"), "prefix", prefix, "country", string(country))
		}
	}
}

// checkEUVATOutside is about the buyer, whose number decides on the tax.
func checkEUVATOutside(d *Document, fs *Findings) {
	buyer := &d.people()[1]
	prefix, country := buyer.id.KodUE, buyer.country()
	if !prefix.Valid() || prefix == "PL" || !country.Valid() || inEU(country) {
		return
	}
	if !sameCountry(string(prefix), string(country)) {
		fs.Add(buyer.idPath("KodUE"), "prefix", string(prefix), "country", string(country))
	}
}

func checkForeignCountry(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		given, country := p.id.KodKraju, p.country()
		if p.id.NrID != "" && given.Valid() && country.Valid() && given != country {
			fs.Add(p.idPath("KodKraju"), "prefix", string(given), "country", string(country))
		}
	}
}

func checkNIPCountry(d *Document, fs *Findings) {
	for i := range d.people() {
		p := &d.parties[i]
		if country := p.country(); p.id.NIP != "" && country.Valid() && country != "PL" {
			fs.Add(p.addressPath("KodKraju"), "country", string(country))
		}
	}
}

// hasPostalCode looks for two digits, a dash and three digits.
func hasPostalCode(s string) bool {
	for i := strings.IndexByte(s, '-'); i >= 0; {
		if i >= 2 && len(s) >= i+4 && digitsOnly(s[i-2:i]) && digitsOnly(s[i+1:i+4]) {
			return true
		}
		next := strings.IndexByte(s[i+1:], '-')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func checkPostalCode(d *Document, fs *Findings) {
	for i := range min(2, len(d.people())) {
		p := &d.parties[i]
		if p.country() == "PL" && !hasPostalCode(p.address.AdresL1) && !hasPostalCode(p.address.AdresL2) {
			fs.Add(p.path("Adres"))
		}
	}
}

func checkMailSame(d *Document, fs *Findings) {
	for i := range d.people() {
		if p := &d.parties[i]; p.mail != nil && p.address != nil && *p.mail == *p.address {
			fs.Add(p.path("AdresKoresp"))
		}
	}
}

// glnLength is the length of a global location number.
const glnLength = 13

// eachGLN reports the location numbers that are bad.
func (d *Document) eachGLN(fs *Findings, bad func(gln string, formed bool) bool) {
	for i := range d.people() {
		p := &d.parties[i]
		if p.address == nil || p.address.GLN == "" {
			continue
		}
		if gln := p.address.GLN; bad(gln, len(gln) == glnLength && digitsOnly(gln)) {
			fs.Add(p.addressPath("GLN"))
		}
	}
}

func checkGLN(d *Document, fs *Findings) {
	d.eachGLN(fs, func(gln string, formed bool) bool { return formed && !gs1(gln, glnLength) })
}

func checkGLNForm(d *Document, fs *Findings) {
	d.eachGLN(fs, func(_ string, formed bool) bool { return !formed })
}

// badEmail reports whether a text is not one plain e-mail address.
func badEmail(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return s != "" && (!ok || name == "" || strings.ContainsAny(s, " ,;<>\t\n") ||
		strings.Contains(domain, "@") || !strings.Contains(strings.Trim(domain, "."), "."))
}

// badPhone reports whether a text is no telephone number: letters other than
// those of an extension, or fewer than six digits.
func badPhone(s string) bool {
	return s != "" && (digitCount(s) < 6 || strings.ContainsAny(s, "@,;"))
}

func checkEmail(d *Document, fs *Findings) { d.eachContact(fs, "Email", badEmail) }
func checkPhone(d *Document, fs *Findings) { d.eachContact(fs, "Telefon", badPhone) }

// eachContact reports the e-mail addresses or telephone numbers that are bad.
func (d *Document) eachContact(fs *Findings, field string, bad func(string) bool) {
	f := d.Invoice
	ways := func(element string, index int, list []fa3.DaneKontaktowe) {
		for i, c := range list {
			value := c.Telefon
			if field == "Email" {
				value = c.Email
			}
			if !bad(value) {
				continue
			}
			if index < 0 {
				fs.Add(Path(element, "DaneKontaktowe", i, field))
			} else {
				fs.Add(Path(element, index, "DaneKontaktowe", i, field))
			}
		}
	}
	ways("Podmiot1", -1, f.Podmiot1.DaneKontaktowe)
	ways("Podmiot2", -1, f.Podmiot2.DaneKontaktowe)
	for i := range f.Podmiot3 {
		ways("Podmiot3", i, f.Podmiot3[i].DaneKontaktowe)
	}
	if a := f.PodmiotUpowazniony; a != nil {
		for i, c := range a.DaneKontaktowe {
			value := c.TelefonPU
			if field == "Email" {
				value = c.EmailPU
			}
			if bad(value) {
				fs.Add(Path("PodmiotUpowazniony", "DaneKontaktowe", i, field+"PU"))
			}
		}
	}
}
