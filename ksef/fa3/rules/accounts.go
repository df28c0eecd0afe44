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
		"account.form", Warning, LikelyMistake, "construction of Polish account numbers (NRB) and of the IBAN",
		"The invoice asks for a transfer between Polish parties in PLN, and this is neither a Polish account number of 26 digits nor an IBAN: compare it with the bank's document.",
		"Faktura przewiduje przelew w złotych między polskimi stronami, a ten numer nie jest ani polskim numerem rachunku z 26 cyfr, ani numerem IBAN: porównaj go z dokumentem banku.",
		checkAccountForm,
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

// nearNRB reports whether an account is meant for an NRB: digits after PL, or
// about as many digits as an NRB has and no other account.
func nearNRB(account string) bool {
	rest, polish := strings.CutPrefix(strings.ToUpper(account), "PL")
	return digitsOnly(rest) && (polish || len(rest) >= 24 && len(rest) <= 28)
}

func checkAccountLength(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		account := compact(a.NrRB)
		digits := len(strings.TrimPrefix(strings.ToUpper(account), "PL"))
		if nearNRB(account) && digits != 26 {
			fs.Add(accountPath(list, i, "NrRB"), "found", decimalOf(digits))
		}
	})
}

// bankCountry is the country inside a SWIFT code, "" for none that exists.
func bankCountry(swift string) string {
	if len(swift) < 6 || !fa3.TKodKraju(swift[4:6]).Valid() {
		return ""
	}
	return swift[4:6]
}

// likeIBAN reports whether an account begins with a country and check digits
// and is as long as the shortest IBAN.
func likeIBAN(account string) bool {
	return len(account) >= 15 && fa3.TKodKraju(strings.ToUpper(account[:2])).Valid() && digitsOnly(account[2:4])
}

// inPoland reports whether seller and buyer are in Poland and the amounts in PLN.
func (d *Document) inPoland() bool {
	people := d.people()
	buyer := people[1].country()
	return d.domestic() && people[0].country() == "PL" && people[1].id.NIP != "" && (buyer == "PL" || buyer == "")
}

// checkAccountForm leaves out what account.length speaks of, and the account of
// a factor, who may be anywhere.
func checkAccountForm(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil || p.FormaPlatnosci != fa3.PaymentTransfer || !d.inPoland() {
		return
	}
	for i := range p.RachunekBankowy {
		a := &p.RachunekBankowy[i]
		account, bank := compact(a.NrRB), bankCountry(a.SWIFT)
		abroad := bank != "" && bank != "PL"
		if account != "" && !abroad && !likeIBAN(account) && !nearNRB(account) {
			fs.Add(accountPath("RachunekBankowy", i, "NrRB"))
		}
	}
}

func checkSWIFT(d *Document, fs *Findings) {
	d.eachAccount(func(list string, i int, a *fa3.TRachunekBankowy) {
		account := compact(a.NrRB)
		country := ibanCountry(account)
		if len(account) == 26 && digitsOnly(account) && pl.NRB(account).Valid() {
			country = "PL"
		}
		if bank := bankCountry(a.SWIFT); country != "" && bank != "" && bank != country {
			fs.Add(accountPath(list, i, "SWIFT"), "found", bank, "expected", country)
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
