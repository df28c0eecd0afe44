package rules

import (
	"errors"
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// accountRules are the rules about bank accounts.
var accountRules = []Rule{
	{
		"account.checksum", Warning, LikelyMistake, "construction of Polish account numbers (NRB)",
		"The check digits of the Polish account number are wrong, so no bank would accept the transfer: compare the 26 digits with the bank's document.",
		"Cyfry kontrolne polskiego numeru rachunku są błędne, więc żaden bank nie przyjmie przelewu: porównaj 26 cyfr z dokumentem banku.",
		checkNRB,
	},
	{
		"account.iban", Warning, LikelyMistake, "ISO 13616, construction of the IBAN",
		"The check digits of the IBAN are wrong: compare the number with the bank's document.",
		"Cyfry kontrolne numeru IBAN są błędne: porównaj numer z dokumentem banku.",
		checkIBAN,
	},
	{
		"account.length", Warning, LikelyMistake, "construction of Polish account numbers (NRB)",
		"A Polish account number has 26 digits, and this one has {found}: compare it with the bank's document.",
		"Polski numer rachunku ma 26 cyfr, a ten ma {found}: porównaj go z dokumentem banku.",
		checkAccountLength,
	},
	{
		"account.swift_country", Warning, LikelyMistake, "ISO 9362, country inside the SWIFT code",
		"The SWIFT code is of a bank in {found} and the account in {expected}: check both.",
		"Kod SWIFT należy do banku w kraju {found}, a rachunek jest w kraju {expected}: sprawdź oba.",
		checkSWIFT,
	},
	{
		"account.repeated", Info, LikelyMistake, "RachunekBankowy and RachunekBankowyFaktora",
		"The same account is given twice: remove one of them.",
		"Ten sam rachunek podano dwukrotnie: usuń jeden z nich.",
		checkAccountRepeated,
	},
	{
		"factor.account_kind", Info, Advice, "information sheet on FA(3), RachunekWlasnyBanku",
		"A factor's account is usually one on which a bank collects for others: RachunekWlasnyBanku would say so (2).",
		"Rachunek faktora to zwykle rachunek, na którym bank pobiera należności dla innych: wskazuje to RachunekWlasnyBanku (2).",
		checkFactorKind,
	},
}

// compact is an account number without blanks and dashes.
func compact(s string) string {
	if !strings.ContainsAny(s, " -\u00A0") {
		return s
	}
	return strings.NewReplacer(" ", "", "-", "", "\u00A0", "").Replace(s)
}

// eachAccount calls yield for every account.
func (d *Document) eachAccount(yield func(list string, i int, a *fa3.TRachunekBankowy)) {
	p := d.fa.Platnosc
	if p == nil {
		return
	}
	for i := range p.RachunekBankowy {
		yield("RachunekBankowy", i, &p.RachunekBankowy[i])
	}
	for i := range p.RachunekBankowyFaktora {
		yield("RachunekBankowyFaktora", i, &p.RachunekBankowyFaktora[i])
	}
}

func accountPath(list string, i int, field string) string {
	return Path("Fa", "Platnosc", list, i, field)
}

func checkNRB(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		if _, err := pl.ParseNRB(a.NrRB); errors.Is(err, pl.ErrChecksum) {
			fs.Add(accountPath(list, i, "NrRB"))
		}
	})
}

// ibanCountry is the country an account names, "" for none that is sure to use
// the IBAN.
func ibanCountry(account string) string {
	if len(account) < 15 || !ascii(account) {
		return ""
	}
	switch country := strings.ToUpper(account[:2]); {
	case !digitsOnly(account[2:4]):
		return ""
	case fa3.TKodyKrajowUE(country).Valid() && country != "EL" && country != "XI",
		country == "GR", country == "GB", country == "CH", country == "NO":
		return country
	}
	return ""
}

func checkIBAN(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		account := compact(a.NrRB)
		if country := ibanCountry(account); country == "" || country == "PL" {
			return
		}
		if _, err := pl.ParseIBAN(account); errors.Is(err, pl.ErrChecksum) {
			fs.Add(accountPath(list, i, "NrRB"))
		}
	})
}

func checkAccountLength(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		account := compact(a.NrRB)
		rest, polish := strings.CutPrefix(strings.ToUpper(account), "PL")
		close := len(rest) >= 24 && len(rest) <= 28 // nearer to an NRB than to any other account
		if digitsOnly(rest) && len(rest) != 26 && (polish || close) {
			fs.Add(accountPath(list, i, "NrRB"), "found", decimalOf(len(rest)))
		}
	})
}

func checkSWIFT(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		account := compact(a.NrRB)
		country := ibanCountry(account)
		if len(account) == 26 && digitsOnly(account) && pl.NRB(account).Valid() {
			country = "PL"
		}
		if country != "" && len(a.SWIFT) >= 6 && a.SWIFT[4:6] != country {
			fs.Add(accountPath(list, i, "SWIFT"), "found", a.SWIFT[4:6], "expected", country)
		}
	})
}

func checkAccountRepeated(d *Document, fs *Findings) {
	var before seen[string]
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		if before.add(compact(a.NrRB)) {
			fs.Add(accountPath(list, i, "NrRB"))
		}
	})
}

func checkFactorKind(d *Document, fs *Findings) {
	if d.fa.Platnosc == nil {
		return
	}
	for i := range d.fa.Platnosc.RachunekBankowyFaktora {
		if d.fa.Platnosc.RachunekBankowyFaktora[i].RachunekWlasnyBanku == "" {
			fs.Add(accountPath("RachunekBankowyFaktora", i, ""))
		}
	}
}
