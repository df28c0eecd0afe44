package faktupro

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// sampleDocument is the published sample as FA(3).
func sampleDocument(t *testing.T) *fa3.Faktura {
	t.Helper()
	inv := mustDecode(t, Sample())
	f, err := inv.FA3(noon(inv.IssueDate))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestTablesEqualFA3: our lists of words and codes are those of the schema.
func TestTablesEqualFA3(t *testing.T) {
	t.Parallel()
	letters := "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, a := range letters {
		for _, b := range letters {
			code := string(a) + string(b)
			if hasCode(countryCodes, code) != fa3.TKodKraju(code).Valid() {
				t.Errorf("country %s: %v", code, hasCode(countryCodes, code))
			}
			for _, c := range letters {
				code := code + string(c)
				if hasCode(currencyCodes, code) != fa3.TKodWaluty(code).Valid() {
					t.Errorf("currency %s: %v", code, hasCode(currencyCodes, code))
				}
			}
		}
	}
	for _, row := range rates {
		if !fa3.TStawkaPodatku(row.Code).Valid() {
			t.Errorf("rate %s has no code in FA(3)", row.Rate)
		}
	}
	for _, code := range gtuCodes {
		if !fa3.TGTU(code).Valid() {
			t.Errorf("GTU %s", code)
		}
	}
	for _, code := range procedureCodes {
		if !fa3.TOznaczenieProcedury(code).Valid() {
			t.Errorf("procedure %s", code)
		}
	}
	for i := range 20 {
		code := fmt.Sprint(i)
		if (roles.word(code) != "") != fa3.TRolaPodmiotu3(code).Valid() ||
			(sellerStatuses.word(code) != "") != fa3.TStatusInfoPodatnika(code).Valid() ||
			(paymentMethods.word(code) != "") != fa3.TFormaPlatnosci(code).Valid() ||
			(bankOwnAccounts.word(code) != "") != fa3.TRachunekWlasnyBanku(code).Valid() {
			t.Errorf("code %s is in one list only", code)
		}
	}
}

// TestRatesAreExhaustive: every rate goes to the total its row names.
func TestRatesAreExhaustive(t *testing.T) {
	t.Parallel()
	if len(rates) != 14 {
		t.Fatalf("%d rates", len(rates))
	}
	for i, row := range Rates() {
		if row.Rate.index() != i {
			t.Errorf("rate %s stands twice in the table", row.Rate)
		}
		if row.Taxed != (row.Percent > 0) || row.Taxed != (row.VATField != "") {
			t.Errorf("rate %s: percent %d, VAT field %q", row.Rate, row.Percent, row.VATField)
		}
		inv := &Invoice{Lines: []Line{worth("100.00", row.Rate)}}
		f, err := inv.FA3(firstCreated)
		if err != nil {
			t.Fatal(err)
		}
		document, err := xml.Marshal(f.Fa)
		if err != nil {
			t.Fatal(err)
		}
		if want := "<" + row.NetField + ">100.00<"; !strings.Contains(string(document), want) {
			t.Errorf("rate %s: no %s in %s", row.Rate, want, document)
		}
	}
}

func TestFromFA3Unmodelled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(f *fa3.Faktura)
		want []string
	}{
		{"another kind", func(f *fa3.Faktura) { f.Fa.RodzajFaktury = fa3.KindKOR }, []string{"/Faktura/Fa/RodzajFaktury"}},
		{"attachment", func(f *fa3.Faktura) { f.Zalacznik = &fa3.Zalacznik{BlokDanych: []fa3.BlokDanych{{ZNaglowek: "x"}}} }, []string{"/Faktura/Zalacznik"}},
		{"authorised body", func(f *fa3.Faktura) { f.PodmiotUpowazniony = &fa3.PodmiotUpowazniony{NrEORI: "x"} }, []string{"/Faktura/PodmiotUpowazniony"}},
		{"settlement", func(f *fa3.Faktura) { f.Fa.Rozliczenie = &fa3.Rozliczenie{DoZaplaty: "0"} }, []string{"/Faktura/Fa/Rozliczenie"}},
		{"VAT of a line", func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_11Vat = "1.00" }, []string{"/Faktura/Fa/FaWiersz[2]/P_11Vat"}},
		{"OSS", func(f *fa3.Faktura) {
			f.Fa.FaWiersz[1].P_12, f.Fa.FaWiersz[1].P_12_XII = "", "19"
		}, []string{"/Faktura/Fa/P_13_1", "/Faktura/Fa/P_14_1", "/Faktura/Fa/P_15", "/Faktura/Fa/FaWiersz[2]/P_12_XII"}},
		{"total of its own", func(f *fa3.Faktura) { f.Fa.P_15 = "3355.74" }, []string{"/Faktura/Fa/P_15"}},
		{"line numbers", func(f *fa3.Faktura) { f.Fa.FaWiersz[2].NrWierszaFa = 30 }, []string{"/Faktura/Fa/FaWiersz[3]/NrWierszaFa"}},
		{"margin", func(f *fa3.Faktura) { f.Fa.Adnotacje.PMarzy = fa3.PMarzy{P_PMarzy: true, P_PMarzy_2: true} }, []string{"/Faktura/Fa/Adnotacje/PMarzy/P_PMarzy", "/Faktura/Fa/Adnotacje/PMarzy/P_PMarzy_2"}},
		{"count without end", func(f *fa3.Faktura) {
			f.Fa.Platnosc.TerminPlatnosci[0].TerminOpis = &fa3.TerminOpis{Ilosc: "99999999999999999999", Jednostka: "dni", ZdarzeniePoczatkowe: "x"}
		}, []string{"/Faktura/Fa/Platnosc/TerminPlatnosci[1]/TerminOpis/Ilosc"}},
		{"mark of part payments", func(f *fa3.Faktura) {
			f.Fa.Platnosc.ZnacznikZaplatyCzesciowej = 2
			f.Fa.Platnosc.ZaplataCzesciowa = []fa3.ZaplataCzesciowa{{KwotaZaplatyCzesciowej: "1", DataZaplatyCzesciowej: day("2026-02-01")}}
		}, []string{"/Faktura/Fa/Platnosc/ZnacznikZaplatyCzesciowej"}},
		{"both prices", func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_9B = "391.76" }, []string{"/Faktura/Fa/FaWiersz[2]/P_9B"}},

		{"another program", func(f *fa3.Faktura) { f.Naglowek.SystemInfo = "x" }, nil},
		{"totals of zero", func(f *fa3.Faktura) { f.Fa.P_13_2, f.Fa.P_14_2, f.Fa.P_13_7 = "0", "0.00", "0" }, nil},
		{"other spelling of numbers", func(f *fa3.Faktura) { f.Fa.P_15, f.Fa.FaWiersz[0].P_8B = "3355.730", "40.000" }, nil},
		{"empty elements", func(f *fa3.Faktura) {
			f.Fa.WarunkiTransakcji.Umowy = []fa3.Umowy{{}}
			f.Fa.Rozliczenie = &fa3.Rozliczenie{}
			f.Stopka.Informacje = append(f.Stopka.Informacje, fa3.Informacje{})
		}, nil},
		{"account with blanks", func(f *fa3.Faktura) {
			f.Fa.Platnosc.RachunekBankowy[0].NrRB = "38 9999 0001 0000 0000 1234 5678"
		}, nil},
		{"line value that is no product", func(f *fa3.Faktura) { f.Fa.FaWiersz[2].P_9A = "96.754" }, nil},
		{"discount per line", func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_10 = "259.60" }, nil},
		{"break in a note", func(f *fa3.Faktura) { f.Stopka.Informacje[0].StopkaFaktury = "a\r\nb" }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := sampleDocument(t)
			tt.edit(f)
			inv, err := FromFA3(f)
			var got []string
			if u, ok := errors.AsType[*UnmodelledError](err); ok {
				got = u.Elements
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || (inv == nil) != (err != nil) {
				t.Errorf("lost elements (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

func TestFromFA3ManyUnmodelled(t *testing.T) {
	t.Parallel()
	f := sampleDocument(t)
	for i := range 500 {
		f.Fa.FaWiersz = append(f.Fa.FaWiersz, fa3.FaWiersz{NrWierszaFa: int64(i), P_12_XII: "5"})
	}
	_, err := FromFA3(f)
	u, ok := errors.AsType[*UnmodelledError](err)
	if !ok || len(u.Elements) != maxLost {
		t.Fatalf("error %v", err)
	}
	if text := err.Error(); len(text) > 500 || !strings.HasSuffix(text, ", …") {
		t.Errorf("error text: %s", text)
	}
}

// TestCorpus reads public documents: each becomes an invoice that gives the same
// document back, or is refused with the elements that would be lost.
func TestCorpus(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(refdata.Dir(t), "fa3-corpus", "valid", "*fa3_*.xml"))
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d documents (%v)", len(paths), err)
	}
	read := 0
	for _, path := range paths {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := fa3.Unmarshal(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		inv, err := FromFA3(f)
		if err != nil {
			if u, ok := errors.AsType[*UnmodelledError](err); !ok || len(u.Elements) == 0 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		read++
		sameAgain(t, name, f, inv)
	}
	if read < 20 {
		t.Errorf("only %d of %d documents could be read", read, len(paths))
	}
}

// sameAgain writes an invoice that was read, as FA(3) and as JSON, and compares.
func sameAgain(t *testing.T, name string, f *fa3.Faktura, inv *Invoice) {
	t.Helper()
	again, err := inv.FA3(firstCreated)
	if err != nil {
		t.Errorf("%s: FA3: %v", name, err)
		return
	}
	// Totals are compared as text here, element by element, apart from FromFA3.
	for field, pair := range map[string][2]fa3.Decimal{
		"P_13_1": {f.Fa.P_13_1, again.Fa.P_13_1}, "P_14_1": {f.Fa.P_14_1, again.Fa.P_14_1}, "P_14_1W": {f.Fa.P_14_1W, again.Fa.P_14_1W},
		"P_13_2": {f.Fa.P_13_2, again.Fa.P_13_2}, "P_14_2": {f.Fa.P_14_2, again.Fa.P_14_2}, "P_15": {f.Fa.P_15, again.Fa.P_15},
	} {
		if pair[0] != "" && readDecimal(pair[0]).Fixed(2) != cmpOr(string(pair[1]), "0.00") {
			t.Errorf("%s: %s was %s and is %s", name, field, pair[0], pair[1])
		}
	}
	data, err := EncodeInvoice(inv)
	if err != nil {
		t.Errorf("%s: EncodeInvoice: %v", name, err)
		return
	}
	back, err := DecodeInvoice(data)
	if err != nil {
		t.Errorf("%s: DecodeInvoice: %v", name, err)
		return
	}
	if diff := cmp.Diff(inv, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: changed in JSON:\n%s", name, diff)
	}
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// TestEUPrefix: the prefix appears where a rate demands it and where it is
// asked for, and an invoice that was read does not ask for it twice.
func TestEUPrefix(t *testing.T) {
	t.Parallel()
	for _, row := range rates {
		inv := &Invoice{Lines: []Line{worth("1.00", row.Rate)}}
		got := inv.seller().PrefiksPodatnika != ""
		if want := slices.Contains([]VATRate{VAT0IntraEU, VATEUService}, row.Rate); got != want {
			t.Errorf("rate %s: prefix %v, want %v", row.Rate, got, want)
		}
	}
	inv := &Invoice{Seller: Seller{EUPrefix: true, NIP: "1234563218"}, IssueDate: pl.NewDate(2026, 2, 1), Lines: []Line{worth("1.00", VAT23)}}
	f, err := inv.FA3(firstCreated)
	if err != nil {
		t.Fatal(err)
	}
	back, err := FromFA3(f)
	if err != nil || !back.Seller.EUPrefix {
		t.Errorf("prefix lost: %v", err)
	}
}

// TestFromFA3Percent: the one number of FA(3) without a pattern.
func TestFromFA3Percent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"+1.50": "1.5", ".5": "0.5", "5.": "5", "007": "7", "100.0000000": "100", "": ""} {
		f := sampleDocument(t)
		f.Podmiot3 = []fa3.Podmiot3{{Rola: fa3.RoleAdditionalBuyer, Udzial: fa3.Decimal(text)}}
		inv, err := FromFA3(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := inv.ThirdParties[0].Share.String(); got != want {
			t.Errorf("share %q is %q, want %q", text, got, want)
		}
	}
}

// FuzzFromFA3: whatever document can be read becomes an invoice that gives it
// back, or is refused; nothing crashes.
func FuzzFromFA3(f *testing.F) {
	for _, s := range samples(f) {
		document, err := os.ReadFile(filepath.Join("testdata", "invoices", s.name+".xml"))
		if err != nil {
			f.Fatal(err)
		}
		if len(document) < 8192 { // longer ones only slow the search down
			f.Add(document)
		}
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		read, err := fa3.Unmarshal(document)
		if err != nil {
			return
		}
		inv, err := FromFA3(read)
		if err != nil {
			if u, ok := errors.AsType[*UnmodelledError](err); !ok || len(u.Elements) == 0 {
				t.Fatalf("error %v", err)
			}
			return
		}
		inv.Validate(ValidateOptions{})
		var r report
		totals := inv.totals(&r)
		if lost := missing(read, inv.document(&totals, firstCreated)); len(lost) > 0 {
			t.Fatalf("lost: %v", lost)
		}
	})
}
