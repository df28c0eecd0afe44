package rules

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// nasty are values that a document can hold in any text field, since a model
// can be made by hand: numbers of every size, nothing, and no UTF-8.
var nasty = []string{
	"", "0", "-0", "1", "-1", "00.10", ".5", "5.", "-", ".", "+1.0", "1e9", "100", "23", "0.01", "-12.30", "123.00",
	"123456789012345678", "99999999999999999999.99", strings.Repeat("9", 40), strings.Repeat("9", 200), "0." + strings.Repeat("0", 37) + "1",
	"PLN", "EUR", "PL", "DE", "GR", "EL", "zw", "oo", "np I", "np II", "0 WDT", "0 EX", "8", "22", "5", "4",
	"VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ", "TT_D", "WSTO_EE", "I_42", "GTU_01", "GTU_12",
	"2", "3", "6", "10", "11", "1234563218", "9999999999", "1234563218-00017", "PL1234563218", "123456789٠",
	"1234563218-20260203-0A1B2C3D4E5F-2C", "9999999999-20230908-8BEF28-0C8D35-4D", "1234563218-2026",
	"51999000000000000012345678", "DE82999000000000000001", "PL5", "BPKODEPW", "2026-02-03T08:15:30Z", "2026-02-30T99:00:00",
	"a b", " ", "\u00a0x", "\xff\xfe", "brak", "a@b", "KÅ‚os", "5901234123457", "62.01.11.0", "8708", "\U0001F600", "6 500 km",
	"https://a.example/?IPKSeF=", "art. 43", "dni", "-14",
}

// scribbler fills a document with anything.
type scribbler struct{ t *rapid.T }

func (s scribbler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[pl.Date]() {
			v.Set(reflect.ValueOf(s.date()))
			return
		}
		for i := range v.NumField() {
			s.fill(v.Field(i))
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(s.t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			s.fill(v.Elem())
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(s.t, "count")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			s.fill(v.Index(i))
		}
	case reflect.String:
		v.SetString(rapid.SampledFrom(nasty).Draw(s.t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(s.t, "flag"))
	case reflect.Uint8:
		v.SetUint(uint64(rapid.IntRange(0, 3).Draw(s.t, "yes")))
	case reflect.Int64:
		v.SetInt(rapid.SampledFrom([]int64{0, 1, 2, 3, -1, 1 << 62}).Draw(s.t, "number"))
	}
}

// date draws days around the present, and days that do not exist.
func (s scribbler) date() pl.Date {
	switch rapid.IntRange(0, 9).Draw(s.t, "kind of day") {
	case 0:
		return pl.NewDate(-5, 17, 99)
	case 1, 2, 3:
		return pl.Date{}
	}
	return day(1).AddDays(rapid.IntRange(-500, 500).Draw(s.t, "day"))
}

// configs are the ways to judge a hostile document.
func configs() []Config {
	return []Config{
		{},
		{
			Now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), Test: true, Mode: Online, Attachments: fa3.No, PerRule: 1,
			Issued: func(string, fa3.TRodzajFaktury, string) bool { return true },
			Rate:   func(fa3.TKodWaluty, pl.Date) (decimal.Decimal, bool) { return decimal.New(427, -2), true },
		},
	}
}

// checkHostile: no document makes Check panic, change it, answer differently the
// second time, or speak of places that are not there.
func checkHostile(t *rapid.T) {
	f := new(fa3.Faktura)
	scribbler{t}.fill(reflect.ValueOf(f).Elem())
	before := string(f.AppendXML(nil))
	for _, cfg := range configs() {
		found := Check(f, cfg)
		if diff := cmp.Diff(found, Check(f, cfg)); diff != "" {
			t.Fatalf("another answer the second time:\n%s", diff)
		}
		for _, x := range found {
			if x.Path == "" || x.EN == "" || x.PL == "" || strings.Contains(x.EN+x.PL, "{expected}") {
				t.Fatalf("incomplete finding %v", x)
			}
			if place := placeOf(x.Path); len(place) == 0 {
				t.Fatalf("%s: no such place: %s", x.Rule, x.Path)
			}
		}
	}
	if string(f.AppendXML(nil)) != before {
		t.Fatal("Check changed the document")
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, checkHostile)
}

func FuzzHostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkHostile)) }

// FuzzDocument judges whatever can be decoded.
func FuzzDocument(f *testing.F) {
	for _, sample := range samples() {
		f.Add(sample().AppendXML(nil))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		invoice, err := fa3.Unmarshal(raw)
		if err != nil {
			return
		}
		for _, cfg := range configs() {
			for _, x := range Check(invoice, cfg) {
				if len(placeOf(x.Path)) == 0 {
					t.Fatalf("%s: no such place: %s", x.Rule, x.Path)
				}
			}
		}
	})
}

// TestLinear counts what is allocated for documents that break rules on every
// line and name many invoices: ten times the lines may cost little more than
// ten times as much.
func TestLinear(t *testing.T) {
	cost := func(n int) float64 {
		f := long(n)
		f.Fa.RodzajFaktury = fa3.KindKOR
		for i := range n {
			w := &f.Fa.FaWiersz[i]
			w.NrWierszaFa, w.UU_ID, w.P_11, w.P_7, w.P_12 = 7, "same", "77777.77", "", ""
			f.Fa.DodatkowyOpis = append(f.Fa.DodatkowyOpis, fa3.TKluczWartosc{NrWiersza: 9, Klucz: "a", Wartosc: "b"})
			f.Fa.DaneFaKorygowanej = append(f.Fa.DaneFaKorygowanej, fa3.DaneFaKorygowanej{NrFaKorygowanej: "1", NrKSeFFaKorygowanej: "1234563218-20260203-0A1B2C3D4E5F-00"})
			f.Podmiot3 = append(f.Podmiot3, fa3.Podmiot3{Rola: fa3.RoleAdditionalBuyer, Udzial: "1", IDNabywcy: "x"})
		}
		return testing.AllocsPerRun(1, func() { Check(f, Config{}) })
	}
	small, large := cost(100), cost(1000)
	if large > 12*small {
		t.Errorf("%v allocations for 100 lines and %v for 1000", small, large)
	}
}
