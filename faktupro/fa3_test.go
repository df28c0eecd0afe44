package faktupro

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		if none := row.Rate == VATOSS || row.Rate == VATMargin; none != (row.Code == "") || !none && !fa3.TStawkaPodatku(row.Code).Valid() {
			t.Errorf("rate %s has the code %q in FA(3)", row.Rate, row.Code)
		}
	}
	for _, kind := range kinds {
		if !fa3.TRodzajFaktury(kind).Valid() {
			t.Errorf("kind %s", kind)
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
	for _, code := range orderProcedureCodes {
		if !fa3.TOznaczenieProcedury(code).Valid() || code == "I_42" || code == "I_63" {
			t.Errorf("procedure of an order %s", code)
		}
	}
	for _, code := range columnTypes {
		if !fa3.KolTyp(code).Valid() {
			t.Errorf("type of a column %s", code)
		}
	}
	for i := range 30 {
		code := fmt.Sprint(i)
		if (roles.word(code) != "") != fa3.TRolaPodmiotu3(code).Valid() ||
			(sellerStatuses.word(code) != "") != fa3.TStatusInfoPodatnika(code).Valid() ||
			(paymentMethods.word(code) != "") != fa3.TFormaPlatnosci(code).Valid() ||
			(bankOwnAccounts.word(code) != "") != fa3.TRachunekWlasnyBanku(code).Valid() ||
			(transportModes.word(code) != "") != fa3.TRodzajTransportu(code).Valid() ||
			(loadKinds.word(code) != "") != fa3.TLadunek(code).Valid() ||
			(authorisedRoles.word(code) != "") != fa3.TRolaPodmiotuUpowaznionego(code).Valid() ||
			(correctionEffects.word(code) != "") != fa3.TTypKorekty(code).Valid() {
			t.Errorf("code %s is in one list only", code)
		}
	}
}

// TestRatesAreExhaustive: every rate goes to the total its row names.
func TestRatesAreExhaustive(t *testing.T) {
	t.Parallel()
	if len(rates) != 16 {
		t.Fatalf("%d rates", len(rates))
	}
	for i, row := range Rates() {
		if row.Rate.index() != i {
			t.Errorf("rate %s stands twice in the table", row.Rate)
		}
		if row.Taxed != (row.Percent > 0) || (row.Taxed || row.Rate == VATOSS) != (row.VATField != "") {
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
		{"rate that is none", func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_12 = "24" }, []string{"/Faktura/Fa/FaWiersz[2]/P_12"}},
		{"margin without a scheme", func(f *fa3.Faktura) { f.Fa.Adnotacje.PMarzy = fa3.PMarzy{P_PMarzy: true} }, []string{"/Faktura/Fa/Adnotacje/PMarzy/P_PMarzy"}},
		{"two margin schemes", func(f *fa3.Faktura) {
			f.Fa.Adnotacje.PMarzy = fa3.PMarzy{P_PMarzy: true, P_PMarzy_2: true, P_PMarzy_3_3: true}
		}, []string{"/Faktura/Fa/Adnotacje/PMarzy/P_PMarzy_3_3"}},
		{"exemption without a basis", func(f *fa3.Faktura) { f.Fa.Adnotacje.Zwolnienie = fa3.Zwolnienie{P_19: true} }, []string{"/Faktura/Fa/Adnotacje/Zwolnienie/P_19"}},
		{"exchange rate of an advance on a correction without lines", func(f *fa3.Faktura) {
			f.Fa.RodzajFaktury, f.Fa.FaWiersz, f.Fa.KursWalutyZ = fa3.KindKOR, nil, "4.21"
		}, []string{"/Faktura/Fa/KursWalutyZ"}},
		{"account of dashes", func(f *fa3.Faktura) { f.Fa.Platnosc.RachunekBankowy[0].NrRB = "-- -- -- --" }, []string{"/Faktura/Fa/Platnosc/RachunekBankowy[1]/NrRB"}},
		{"exchange rate of an advance beside lines", func(f *fa3.Faktura) { f.Fa.KursWalutyZ = "4.21" }, []string{"/Faktura/Fa/KursWalutyZ"}},
		{"corrected invoice inside and outside KSeF", func(f *fa3.Faktura) {
			f.Fa.DaneFaKorygowanej = []fa3.DaneFaKorygowanej{{NrFaKorygowanej: "x", NrKSeF: true, NrKSeFN: true}}
		}, []string{"/Faktura/Fa/DaneFaKorygowanej[1]/NrKSeF"}},
		{"form of payment that is none", func(f *fa3.Faktura) { f.Fa.Platnosc.FormaPlatnosci = "9" }, []string{"/Faktura/Fa/Platnosc/FormaPlatnosci"}},
		{"paid without a day", func(f *fa3.Faktura) { f.Fa.Platnosc.Zaplacono = true }, []string{"/Faktura/Fa/Platnosc/Zaplacono"}},
		{"day of payment without the mark", func(f *fa3.Faktura) { f.Fa.Platnosc.DataZaplaty = day("2026-02-01") }, []string{"/Faktura/Fa/Platnosc/Zaplacono"}},
		{"count without end", func(f *fa3.Faktura) {
			f.Fa.Platnosc.TerminPlatnosci[0].TerminOpis = &fa3.TerminOpis{Ilosc: "99999999999999999999", Jednostka: "dni", ZdarzeniePoczatkowe: "x"}
		}, []string{"/Faktura/Fa/Platnosc/TerminPlatnosci[1]/TerminOpis/Ilosc"}},
		{"mark of part payments", func(f *fa3.Faktura) {
			f.Fa.Platnosc.ZnacznikZaplatyCzesciowej = 2
			f.Fa.Platnosc.ZaplataCzesciowa = []fa3.ZaplataCzesciowa{{KwotaZaplatyCzesciowej: "1", DataZaplatyCzesciowej: day("2026-02-01")}}
		}, []string{"/Faktura/Fa/Platnosc/ZnacznikZaplatyCzesciowej"}},

		{"both prices", func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_9B = "391.76" }, nil},
		{"VAT of a line", func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_11Vat = "1.00" }, nil},
		{"total of its own", func(f *fa3.Faktura) { f.Fa.P_15 = "3355.74" }, nil},
		{"VAT of its own", func(f *fa3.Faktura) { f.Fa.P_14_1 = "1.00" }, nil},
		{"total that no line has", func(f *fa3.Faktura) { f.Fa.P_13_5, f.Fa.P_14_5 = "100.00", "" }, nil},
		{"line numbers", func(f *fa3.Faktura) { f.Fa.FaWiersz[2].NrWierszaFa = 30 }, nil},
		{"lines without rates", func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_12, f.Fa.FaWiersz[2].P_12 = "", "" }, nil},
		{"lines without values", func(f *fa3.Faktura) { f.Fa.FaWiersz[0] = fa3.FaWiersz{NrWierszaFa: 1, P_7: "x"} }, nil},
		{"prices on both bases", func(f *fa3.Faktura) {
			f.Fa.FaWiersz[0].P_9A, f.Fa.FaWiersz[0].P_11, f.Fa.FaWiersz[0].P_11A = "", "", "100.00"
		}, nil},
		{"another kind", func(f *fa3.Faktura) { f.Fa.RodzajFaktury = fa3.KindKOR }, nil},
		{"advance by its lines", func(f *fa3.Faktura) { f.Fa.RodzajFaktury, f.Fa.KursWalutyZ = fa3.KindZAL, "4.21" }, nil},
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
		{"account with dashes", func(f *fa3.Faktura) { f.Fa.Platnosc.RachunekBankowy[0].NrRB = "38-99990001-0000-000012345678" }, nil},
		{"only the total due", func(f *fa3.Faktura) { onlyDue(&f.Fa) }, nil},
		{"only another total due", func(f *fa3.Faktura) { onlyDue(&f.Fa); f.Fa.P_15 = "3072.15" }, nil},
		{"rates of the lines and another total due", func(f *fa3.Faktura) { f.Fa.P_15 = "3072.15" }, nil},
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
		f.Fa.FaWiersz = append(f.Fa.FaWiersz, fa3.FaWiersz{NrWierszaFa: int64(i), P_12: "5.0"})
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
