package rules

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// unquotable are texts that no message may repeat: with control characters,
// turning the direction of writing, of the size of a file, personal, and with
// the sign of a fact.
var unquotable = []string{
	"EUR\u009B31m", "\u202ERUE", strings.Repeat("Ł", 450_000), "Jan Kowalski", "44051401359", "eur", "{expected}", "{field}", "\xff\xfe",
}

// TestQuoted: values that the schema does not list are never repeated.
func TestQuoted(t *testing.T) {
	t.Parallel()
	fields := map[string]func(*fa3.Faktura, string){
		"currency":        func(f *fa3.Faktura, v string) { f.Fa.KodWaluty = fa3.TKodWaluty(v) },
		"buyer's country": func(f *fa3.Faktura, v string) { f.Podmiot2.Adres.KodKraju = fa3.TKodKraju(v) },
		"seller's country": func(f *fa3.Faktura, v string) {
			f.Podmiot1.Adres.KodKraju = fa3.TKodKraju(v)
		},
		"VAT prefix": func(f *fa3.Faktura, v string) {
			f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodUE: fa3.TKodyKrajowUE(v), NrVatUE: "DE123456788", Nazwa: "Sonne"}
		},
		"country of the number": func(f *fa3.Faktura, v string) {
			f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodKraju: fa3.TKodKraju(v), NrID: "CHE-1", Nazwa: "Mühle"}
		},
		"rate":      func(f *fa3.Faktura, v string) { f.Fa.FaWiersz[0].P_12 = fa3.TStawkaPodatku(v) },
		"foreign":   func(f *fa3.Faktura, v string) { f.Fa.FaWiersz[0].P_12_XII = fa3.Decimal(v) },
		"group":     func(f *fa3.Faktura, v string) { f.Fa.FaWiersz[0].GTU, f.Fa.FaWiersz[0].CN = fa3.TGTU(v), "1101 00 11" },
		"procedure": func(f *fa3.Faktura, v string) { f.Fa.FaWiersz[0].Procedura = fa3.TOznaczenieProcedury(v) },
		"unit":      func(f *fa3.Faktura, v string) { f.Fa.FaWiersz[0].P_8A = v },
		"number":    func(f *fa3.Faktura, v string) { f.Fa.P_2 = v },
		"role":      func(f *fa3.Faktura, v string) { f.Podmiot3 = []fa3.Podmiot3{{RolaInna: true, OpisRoli: v}} },
		"SWIFT":     func(f *fa3.Faktura, v string) { f.Fa.Platnosc.RachunekBankowy[0].SWIFT = v },
		"payment":   func(f *fa3.Faktura, v string) { f.Fa.Platnosc.OpisPlatnosci = v },
		"column": func(f *fa3.Faktura, v string) {
			f.Zalacznik = attached().Zalacznik
			f.Zalacznik.BlokDanych[0].Tabela[0].TNaglowek.Kol[1].Typ = fa3.KolTyp(v)
		},
	}
	official := func(fa3.TKodWaluty, pl.Date) (decimal.Decimal, bool) { return decimal.New(427, -2), true }
	for name, set := range fields {
		for _, kind := range []fa3.TRodzajFaktury{fa3.KindVAT, fa3.KindUPR} {
			for _, value := range unquotable {
				f := euro()
				f.Fa.RodzajFaktury, f.Fa.P_14_1W = kind, "-98.21"
				f.Fa.FaWiersz[0].KursWaluty = "0.2"
				set(f, value)
				for _, x := range Check(f, Config{Rate: official}) {
					if text := x.EN + x.PL; !presentable(text) || value != "44051401359" && strings.Contains(text, value) {
						t.Errorf("%s %.40q: %s: %.200q", name, value, x.Rule, text)
					}
				}
			}
		}
	}
}

// presentable reports whether a message can be shown to anybody.
func presentable(text string) bool {
	return len(text) < 1200 && utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) &&
		!strings.ContainsAny(text, "{}")
}

// TestCurrencyUnlisted: what is wrong with a code that the schema does not list
// is for the schema to say, and nothing follows from it.
func TestCurrencyUnlisted(t *testing.T) {
	t.Parallel()
	for _, code := range []fa3.TKodWaluty{"eur", "pln", "", "Jan Kowalski"} {
		f := euro()
		f.Fa.KodWaluty, f.Fa.P_14_1W = code, "-98.21"
		f.Fa.FaWiersz[0].KursWaluty = "0.2"
		for _, x := range Check(f, Config{}) {
			if x.Rule != "vat_pln.sign" || strings.Contains(x.EN, "eur") {
				t.Errorf("%q: %s: %s", code, x.Rule, x.EN)
			}
		}
	}
}

// TestFill: a fact is short, can be seen, and is no text with facts of its own.
func TestFill(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ value, want string }{
		{"100.00", "<100.00> <b>"},
		{"", "<> <b>"},
		{"{b}", "<·b·> <b>"},
		{"Łódź i Świnoujście razem", "<Łódź i Świnoujście razem> <b>"},
		{"Łódź i Świnoujście razem!", "<Łódź i Świnoujście razem…> <b>"},
		{"a\u009Bb\u202Ec\nd\u00A0e", "<a·b·c·d·e> <b>"},
		{strings.Repeat("9", 900_000), "<" + strings.Repeat("9", 24) + "…> <b>"},
	} {
		if got := fill("<{a}> <{b}>", []string{"a", test.value, "b", "b"}); got != test.want {
			t.Errorf("%.40q: %.200q, want %q", test.value, got, test.want)
		}
	}
}
