package fa3

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/pl"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shapes are values for elements whose type has a pattern.
var shapes = map[string][]string{
	"NIP":                    {"1234563218", "9999999999"},
	"IDWew":                  {"1234563218-00017"},
	"NrVatUE":                {"U12345678", "+*1"},
	"Email":                  {"a@b", "biuro@mlyn.example"},
	"EmailPU":                {"a@b"},
	"NrRB":                   {"51999000000000000012345678", "DE00999000000000000001"},
	"SWIFT":                  {"BPKOPLPW", "BPKOPLPWXXX"},
	"KRS":                    {"0000123456"},
	"REGON":                  {"123456785", "12345678512347"},
	"BDO":                    {"000123456"},
	"IPKSeF":                 {"123abcDEF0123"},
	"IDNabywcy":              {"K-1"},
	"GLN":                    {"5901234123457"},
	"Telefon":                {"+48 600 000 001"},
	"TelefonPU":              {"600000001"},
	"NrID":                   {"US-99 1/2"},
	"GTIN":                   {"5901234123457"},
	"GTINZ":                  {"5901234123457"},
	"SystemInfo":             {"FaktuPro"},
	"LinkDoPlatnosci":        {"https://pay.example/x?IPKSeF=123abcDEF0123&lang=pl"},
	"NrKSeFFaKorygowanej":    {"1234563218-20260203-0A1B2C3D4E5F-2C"},
	"NrKSeFFaZaliczkowej":    {"1234563218-20260203-0A1B2C3D4E5F-2C"},
	"PrefiksPodatnika":       {"PL"},
	"DataWytworzeniaFa":      {"2026-02-03T08:15:30Z"},
	"DataGodzRozpTransportu": {"2026-02-03T08:15:30.5+01:00"},
	"DataGodzZakTransportu":  {"2026-02-04T24:00:00Z"},
}

// shapesFA2 take their place for elements of which FA(2) demands something else.
var shapesFA2 = map[string][]string{
	"NrID":  {"US99"},
	"NrRB":  {"51999000000000000012345678"},
	"P_12":  {"23", string(Rate0FA2)},
	"P_12Z": {string(RateOutsideFA2), "5"},
	"Rola":  {"1", "10"},
}

// texts go where any short text may stand: no white space at the ends, no runs
// of it.
var texts = []string{"x", "Młyn & syn <Poznań> \"1\" 'a'", "]]>", "a b", "\U0001F600", "0", "ąćęłńóśźż"}

// codes are some values of each code list.
var codes = map[reflect.Type][]string{
	reflect.TypeFor[KolTyp]():                     {"date", "txt"},
	reflect.TypeFor[TFormaPlatnosci]():            {"1", "7"},
	reflect.TypeFor[TGTU]():                       {"GTU_01", "GTU_13"},
	reflect.TypeFor[TKodKraju]():                  {"PL", "XI"},
	reflect.TypeFor[TKodWaluty]():                 {"PLN", "EUR"},
	reflect.TypeFor[TKodyKrajowUE]():              {"PL", "EL"},
	reflect.TypeFor[TLadunek]():                   {"1", "20"},
	reflect.TypeFor[TOznaczenieProcedury]():       {"TT_D", "B_SPV"},
	reflect.TypeFor[TRachunekWlasnyBanku]():       {"2"},
	reflect.TypeFor[TRodzajFaktury]():             {"VAT", "KOR_ROZ"},
	reflect.TypeFor[TRodzajTransportu]():          {"3", "8"},
	reflect.TypeFor[TRolaPodmiotu3]():             {"1", "11"},
	reflect.TypeFor[TRolaPodmiotuUpowaznionego](): {"3"},
	reflect.TypeFor[TStatusInfoPodatnika]():       {"4"},
	reflect.TypeFor[TStawkaPodatku]():             {"23", "0 WDT", "np II"},
	reflect.TypeFor[TTypKorekty]():                {"3"},
}

// filler makes structurally valid invoices by walking the automata.
type filler struct {
	t       *rapid.T
	variant Variant
}

func (fl filler) pick(values []string) string {
	return rapid.SampledFrom(values).Draw(fl.t, "value")
}

// fill draws the children of a struct.
func (fl filler) fill(v reflect.Value) {
	c := contentOf[v.Type()]
	if before := contentBefore[v.Type()]; before != nil && fl.variant == VariantFA2 {
		c = before
	}
	if f := v.FieldByName("Typ"); f.IsValid() {
		fl.value(f, "Typ")
	}
	for at := 0; ; {
		now := c[at]
		if now.last && (len(now.follow) == 0 || rapid.IntRange(0, 9).Draw(fl.t, "stop") == 0) {
			return
		}
		at = int(rapid.SampledFrom(now.follow).Draw(fl.t, "next"))
		if f := v.FieldByName(c[at].name); f.IsValid() {
			fl.field(f, c[at])
		}
	}
}

// field draws the value or the values of one element.
func (fl filler) field(f reflect.Value, st step) {
	if f.Kind() == reflect.Slice {
		n := rapid.IntRange(1, min(3, st.max)).Draw(fl.t, "repeat")
		f.Set(reflect.MakeSlice(f.Type(), n, n))
		for i := range n {
			fl.value(f.Index(i), st.name)
		}
		return
	}
	fl.value(f, st.name)
}

func (fl filler) value(f reflect.Value, name string) {
	switch f.Kind() {
	case reflect.Pointer:
		f.Set(reflect.New(f.Type().Elem()))
		if words, ok := f.Interface().(*TerminOpis); ok && fl.variant == VariantFA2 {
			words.ZdarzeniePoczatkowe = fl.pick(texts)
			return
		}
		fl.fill(f.Elem())
	case reflect.Bool:
		f.SetBool(true)
	case reflect.Uint8:
		if f.Type() == reflect.TypeFor[Variant]() {
			f.SetUint(uint64(fl.variant))
			return
		}
		if name == "ZnacznikZaplatyCzesciowej" && fl.variant == VariantFA2 {
			f.SetUint(1)
			return
		}
		f.SetUint(uint64(rapid.IntRange(1, 2).Draw(fl.t, "yes")))
	case reflect.Int64:
		f.SetInt(rapid.Int64Range(1, 99_999_999_999_999).Draw(fl.t, "number"))
	case reflect.String:
		f.SetString(fl.text(f.Type(), name))
	case reflect.Struct:
		if f.Type() == reflect.TypeFor[pl.Date]() {
			day := pl.NewDate(2016, 7, 1).AddDays(rapid.IntRange(0, 12000).Draw(fl.t, "day"))
			f.Set(reflect.ValueOf(day))
			return
		}
		fl.fill(f)
	}
}

func (fl filler) text(typ reflect.Type, name string) string {
	if s := shapesFA2[name]; s != nil && fl.variant == VariantFA2 {
		return fl.pick(s)
	}
	if s := shapes[name]; s != nil {
		return fl.pick(s)
	}
	if s := codes[typ]; s != nil {
		return fl.pick(s)
	}
	switch typ {
	case reflect.TypeFor[Decimal]():
		if strings.HasSuffix(name, "_XII") || name == "Udzial" {
			return fl.pick([]string{"0", "21", "33.333333"})
		}
		return fl.pick([]string{"0", "-12.5", "123456789012.34", "0.00"})
	case reflect.TypeFor[Integer]():
		return fl.pick([]string{"-14", "0", "30"})
	}
	return fl.pick(texts)
}

// drawFaktura is a generator of whole invoices.
func drawFaktura(t *rapid.T, variant Variant) *Faktura {
	f := new(Faktura)
	filler{t, variant}.fill(reflect.ValueOf(f).Elem())
	return f
}

// checkRoundTrip checks decode(encode(f)) == f and that the bytes are stable.
func checkRoundTrip(t *rapid.T) {
	f := drawFaktura(t, rapid.SampledFrom([]Variant{VariantFA3, VariantFA3, VariantFA2}).Draw(t, "variant"))
	doc := f.AppendXML(nil)
	again, err := UnmarshalAny(doc)
	if err != nil {
		t.Fatalf("%v in\n%s", err, doc)
	}
	if diff := cmp.Diff(f, again); diff != "" {
		t.Fatalf("changed by writing and reading:\n%s\n%s", diff, doc)
	}
	if !bytes.Equal(doc, again.AppendXML(nil)) {
		t.Fatal("the same invoice gave other bytes")
	}
	strict, err := Unmarshal(doc)
	if (err == nil) != (f.Naglowek.WariantFormularza == VariantFA3) || err == nil && !cmp.Equal(f, strict) {
		t.Fatalf("Unmarshal: %v", err)
	}
}

func TestRoundTrip(t *testing.T) { rapid.Check(t, checkRoundTrip) }

func FuzzRoundTrip(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkRoundTrip)) }
