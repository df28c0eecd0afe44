package rules

import (
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// finds reports whether a document breaks a rule.
func finds(f *fa3.Faktura, rule string) bool { return slices.Contains(ids(Check(f, Config{})), rule) }

// TestAccountForm: only a transfer inside Poland needs a Polish account, and
// every IBAN is one that a bank can pay to.
func TestAccountForm(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*fa3.Faktura)
		want   bool
	}{
		{"16 digits", account(fa3.TRachunekBankowy{NrRB: "1234567890123456"}), true},
		{"16 digits in groups", account(fa3.TRachunekBankowy{NrRB: "1234 5678 9012 3456"}), true},
		{"letters", account(fa3.TRachunekBankowy{NrRB: "konto-na-stronie"}), true},
		{"Polish bank", account(fa3.TRachunekBankowy{NrRB: "1234567890123456", SWIFT: "BPKOPLPW"}), true},
		{"foreign bank", account(fa3.TRachunekBankowy{NrRB: "1234567890123456", SWIFT: "CHASUS33"}), false},
		{"NRB in groups", account(fa3.TRachunekBankowy{NrRB: "51 9990 0000 0000 0000 1234 5678"}), false},
		{"IBAN", account(fa3.TRachunekBankowy{NrRB: "DE82 9990 0000 0000 0000 01"}), false},
		{"IBAN from far away", account(fa3.TRachunekBankowy{NrRB: "AE999990000000000000001"}), false},
		{"a digit short", account(fa3.TRachunekBankowy{NrRB: "5199900000000000001234567"}), false}, // account.length
		{"cash", func(f *fa3.Faktura) {
			account(fa3.TRachunekBankowy{NrRB: "1234567890123456"})(f)
			f.Fa.Platnosc.FormaPlatnosci = fa3.PaymentCash
		}, false},
		{"buyer abroad", func(f *fa3.Faktura) { account(fa3.TRachunekBankowy{NrRB: "1234567890123456"})(f); german(f) }, false},
		{"factor", func(f *fa3.Faktura) {
			account(fa3.TRachunekBankowy{})(f)
			f.Fa.Platnosc.RachunekBankowyFaktora, f.Fa.Platnosc.RachunekBankowy = []fa3.TRachunekBankowy{{NrRB: "1234567890123456"}}, nil
		}, false},
	} {
		f := vat()
		test.change(f)
		if got := finds(f, "account.form"); got != test.want {
			t.Errorf("%s: found is %v", test.name, got)
		}
	}
	f := euro()
	account(fa3.TRachunekBankowy{NrRB: "1234567890123456"})(f)
	if finds(f, "account.form") {
		t.Error("a transfer in EUR")
	}
}

// TestSplitBuyer: whoever has a NIP, even in the wrong field, can be a taxpayer.
func TestSplitBuyer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*fa3.Faktura)
		want   bool
	}{
		{"NIP", func(*fa3.Faktura) {}, false},
		{"NIP as VAT number", buyerID(fa3.TPodmiot2{KodUE: "PL", NrVatUE: buyerNIP, Nazwa: "Piekarnia"}), false},
		{"consumer", consumer, true},
		{"another EU state", german, true},
		{"elsewhere", func(f *fa3.Faktura) { f.Podmiot2 = export().Podmiot2 }, true},
		{"nothing said", buyerID(fa3.TPodmiot2{Nazwa: "Piekarnia"}), false}, // for the schema to say
		{"consumer without split payment", func(f *fa3.Faktura) { consumer(f); f.Fa.Adnotacje.P_18A = fa3.No }, false},
	} {
		f := split()
		test.change(f)
		if got := finds(f, "split_payment.buyer"); got != test.want {
			t.Errorf("%s: found is %v", test.name, got)
		}
	}
}

// TestBuyerFromAfar: countries that belong to the VAT number of another one are
// no contradiction.
func TestBuyerFromAfar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		prefix  fa3.TKodyKrajowUE
		country fa3.TKodKraju
		want    bool
	}{
		{"DE", "DE", false},
		{"DE", "US", true},
		{"DE", "GB", true},
		{"XI", "GB", false},
		{"FR", "MC", false},
		{"FR", "RE", false},
		{"FI", "AX", false},
		{"DE", "FR", false}, // eu_vat.country
		{"DE", "UK", false}, // for the schema to say
		{"PL", "US", false},
	} {
		f := intraEU()
		f.Podmiot2.DaneIdentyfikacyjne.KodUE, f.Podmiot2.Adres.KodKraju = test.prefix, test.country
		if got := finds(f, "eu_vat.outside"); got != test.want {
			t.Errorf("%s in %s: found is %v", test.prefix, test.country, got)
		}
	}
}

// TestRatesSwapped: a correction of the rate from 7% to 8% by gross amounts
// lowers the net and raises the tax of one total, which is right.
func TestRatesSwapped(t *testing.T) {
	t.Parallel()
	f := correction()
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_2, f.Fa.P_14_2, f.Fa.P_15 = "", "", "-2.64", "2.64", "0.00"
	line := fa3.FaWiersz{NrWierszaFa: 1, P_7: "Mąka", P_8A: "szt.", P_8B: "3", P_9B: "101.67", P_11A: "305.01", P_12: fa3.Rate7, StanPrzed: true}
	after := line
	after.P_12, after.StanPrzed = fa3.Rate8, false
	f.Fa.FaWiersz = []fa3.FaWiersz{line, after}
	for _, x := range Check(f, Config{}) {
		if x.Rule != "rate.historic" { // and the rates themselves are old
			t.Errorf("%s at %s: %s", x.Rule, x.Path, x.EN)
		}
	}
}

// TestSupplyLongAgo: corrections speak of supplies of any age.
func TestSupplyLongAgo(t *testing.T) {
	t.Parallel()
	old := pl.NewDate(2021, 3, 9)
	f := correction()
	f.Fa.P_6 = old
	if finds(f, "supply_date.old") {
		t.Error("on a correction")
	}
	f = settlement()
	f.Fa.P_6, f.Fa.FaWiersz[0].P_6A = pl.Date{}, old
	if !finds(f, "supply_date.old") {
		t.Error("not found on a line")
	}
}

// TestNumberInFile: the number is judged as the file has it.
func TestNumberInFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": false, "FV/17/03/2026": false, "FV/17  03": true, " FV/17": true, "FV\n17": true} {
		got := ids(Check(vat(), Config{Number: text}))
		if slices.Contains(got, "number.spaces") != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := Check(vat(), Config{Number: "a  1", Disable: []string{"number.spaces"}}); len(got) > 0 {
		t.Errorf("switched off: %v", got)
	}
}
