package fa3

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFA2Corpus reads the FA(2) documents found in public: everything that stands
// in them is there again when they are written, and they are not taken for FA(3).
func TestFA2Corpus(t *testing.T) {
	t.Parallel()
	dir, documents := corpusOf(t, "FA(2)")
	valid, converted := 0, 0
	for _, doc := range documents {
		raw, err := os.ReadFile(filepath.Join(dir, doc.File))
		if err != nil {
			t.Fatal(err)
		}
		var syntax *SyntaxError
		if _, err := Unmarshal(raw); !errors.As(err, &syntax) {
			t.Errorf("%s: Unmarshal: %v", doc.File, err)
		}
		f, err := UnmarshalAny(raw)
		if !doc.Valid {
			if err != nil && !errors.As(err, &syntax) {
				t.Errorf("%s: %v", doc.File, err)
			}
			continue
		}
		if err != nil || f.Naglowek.WariantFormularza != VariantFA2 {
			t.Errorf("%s: %v", doc.File, err)
			continue
		}
		valid++
		if diff := cmp.Diff(leaves(t, raw), leaves(t, f.AppendXML(nil))); diff != "" {
			t.Errorf("%s: %s", doc.File, diff)
		}
		if _, err := FromFA2(f); err == nil {
			converted++
		}
	}
	if valid == 0 {
		t.Error("no valid document in the corpus")
	}
	t.Logf("%d valid documents of %d, %d can become FA(3)", valid, len(documents), converted)
}

// asFA2 is a sample as it would have been in FA(2).
func asFA2(change func(*Faktura)) *Faktura {
	f := sample(2)
	f.Naglowek.WariantFormularza = VariantFA2
	f.Podmiot2.JST, f.Podmiot2.GV = 0, 0
	f.Fa.Platnosc = &Platnosc{TerminPlatnosci: []TerminPlatnosci{{
		Termin: f.Fa.P_1, TerminOpis: &TerminOpis{ZdarzeniePoczatkowe: "14 dni od <dostawy> & montażu"},
	}}}
	if change != nil {
		change(f)
	}
	return f
}

func TestUnmarshalAny(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*Faktura{"FA(3)": sample(2), "FA(2)": asFA2(nil)} {
		got, err := UnmarshalAny(f.AppendXML(nil))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	doc := asFA2(nil).AppendXML(nil)
	for _, want := range []string{
		`<Faktura xmlns="` + NamespaceFA2 + `">`, `kodSystemowy="FA (2)"`, "<WariantFormularza>2</WariantFormularza>",
		"<TerminOpis>14 dni od &lt;dostawy&gt; &amp; montażu</TerminOpis>",
	} {
		if !bytes.Contains(doc, []byte(want)) {
			t.Errorf("%s is missing in\n%s", want, doc)
		}
	}
}

// TestVersionsAreNotMixed: what belongs to one version is refused in the other.
func TestVersionsAreNotMixed(t *testing.T) {
	t.Parallel()
	fa2, fa3 := asFA2(nil).AppendXML(nil), sample(2).AppendXML(nil)
	replace := func(doc []byte, old, now string) []byte {
		changed := bytes.Replace(doc, []byte(old), []byte(now), 1)
		if bytes.Equal(changed, doc) {
			t.Fatalf("%s is not in the sample", old)
		}
		return changed
	}
	for name, tt := range map[string]struct {
		doc  []byte
		code Code
		path string
	}{
		"another namespace":   {replace(fa2, NamespaceFA2, "http://example.test/"), CodeRoot, ""},
		"another root":        {[]byte(`<Potwierdzenie xmlns="` + NamespaceFA2 + `"/>`), CodeRoot, ""},
		"FA(2) says FA (3)":   {replace(fa2, "FA (2)", "FA (3)"), CodeValue, "/Faktura/Naglowek/KodFormularza"},
		"FA(2) says 3":        {replace(fa2, "larza>2<", "larza>3<"), CodeValue, "/Faktura/Naglowek/WariantFormularza"},
		"FA(3) says 2":        {replace(fa3, "larza>3<", "larza>2<"), CodeValue, "/Faktura/Naglowek/WariantFormularza"},
		"JST in FA(2)":        {replace(fa2, "</Podmiot2>", "<JST>2</JST></Podmiot2>"), CodeUnexpected, "/Faktura/Podmiot2"},
		"attachment in FA(2)": {replace(fa2, "</Faktura>", "<Zalacznik/></Faktura>"), CodeUnexpected, "/Faktura"},
		"structure in FA(2)":  {replace(fa2, "<TerminOpis>14", "<TerminOpis><Ilosc>14</Ilosc>"), CodeUnexpected, "/Faktura/Fa/Platnosc/TerminPlatnosci[1]/TerminOpis"},
		"text in FA(3)":       {replace(fa3, "<Termin>", "<TerminOpis>od razu</TerminOpis><Termin>"), CodeText, "/Faktura/Fa/Platnosc/TerminPlatnosci[1]/TerminOpis"},
		"no JST in FA(3)":     {replace(fa3, "<JST>2</JST>", ""), CodeUnexpected, "/Faktura/Podmiot2"},
		"namespace changes":   {replace(fa2, "<Fa>", `<Fa xmlns="`+Namespace+`">`), CodeNamespace, "/Faktura"},
	} {
		f, err := UnmarshalAny(tt.doc)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || f != nil || syntax.Code != tt.code || syntax.Path != tt.path && tt.path != "/Faktura" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMarshalRefusesFA2(t *testing.T) {
	t.Parallel()
	doc, err := Marshal(asFA2(nil))
	if !errors.Is(err, ErrVersion) || doc != nil {
		t.Errorf("got %d bytes, %v", len(doc), err)
	}
}

func TestFromFA2(t *testing.T) {
	t.Parallel()
	line := func(rate TStawkaPodatku, totals func(*Fa)) *Faktura {
		return asFA2(func(f *Faktura) {
			f.Fa.FaWiersz[1].P_12 = rate
			totals(&f.Fa)
		})
	}
	words := func(text string) *Faktura {
		return asFA2(func(f *Faktura) { f.Fa.Platnosc.TerminPlatnosci[0].TerminOpis.ZdarzeniePoczatkowe = text })
	}
	for name, tt := range map[string]struct {
		fa2  *Faktura
		want func(*Faktura) bool
		open []string
	}{
		"nobody special":  {asFA2(nil), func(f *Faktura) bool { return f.Podmiot2.JST == No && f.Podmiot2.GV == No }, nil},
		"local unit":      {asFA2(func(f *Faktura) { f.Podmiot3 = []Podmiot3{{Rola: RoleLocalUnitRecipient}} }), func(f *Faktura) bool { return f.Podmiot2.JST == Yes && f.Podmiot2.GV == No }, nil},
		"group member":    {asFA2(func(f *Faktura) { f.Podmiot3 = []Podmiot3{{Rola: RoleVATGroupRecipient}} }), func(f *Faktura) bool { return f.Podmiot2.JST == No && f.Podmiot2.GV == Yes }, nil},
		"0 domestic":      {line("0", func(fa *Fa) { fa.P_13_6_1 = "10" }), func(f *Faktura) bool { return f.Fa.FaWiersz[1].P_12 == Rate0Domestic }, nil},
		"0 intra-EU":      {line("0", func(fa *Fa) { fa.P_13_6_2 = "10" }), func(f *Faktura) bool { return f.Fa.FaWiersz[1].P_12 == Rate0IntraEU }, nil},
		"0 export":        {line("0", func(fa *Fa) { fa.P_13_6_3 = "10" }), func(f *Faktura) bool { return f.Fa.FaWiersz[1].P_12 == Rate0Export }, nil},
		"0 of two kinds":  {line("0", func(fa *Fa) { fa.P_13_6_1, fa.P_13_6_3 = "10", "5" }), nil, []string{"/Faktura/Fa/FaWiersz[2]/P_12"}},
		"0 without total": {line("0", func(*Fa) {}), nil, []string{"/Faktura/Fa/FaWiersz[2]/P_12"}},
		"outside I":       {line("np", func(fa *Fa) { fa.P_13_8 = "10" }), func(f *Faktura) bool { return f.Fa.FaWiersz[1].P_12 == RateOutsideI }, nil},
		"outside II":      {line("np", func(fa *Fa) { fa.P_13_9 = "10" }), func(f *Faktura) bool { return f.Fa.FaWiersz[1].P_12 == RateOutsideII }, nil},
		"order": {asFA2(func(f *Faktura) {
			f.Fa.P_13_6_3 = "10"
			f.Fa.Zamowienie = &Zamowienie{ZamowienieWiersz: []ZamowienieWiersz{{P_12Z: "0"}, {P_12Z: "np"}}}
		}), nil, []string{"/Faktura/Fa/Zamowienie/ZamowienieWiersz[2]/P_12Z"}},
		"words": {words("30 dni roboczych od dnia dostawy"), func(f *Faktura) bool {
			return *f.Fa.Platnosc.TerminPlatnosci[0].TerminOpis == TerminOpis{Ilosc: "30", Jednostka: "dni roboczych", ZdarzeniePoczatkowe: "od dnia dostawy"}
		}, nil},
		"other words": {words("po dostawie"), nil, []string{"/Faktura/Fa/Platnosc/TerminPlatnosci[1]/TerminOpis"}},
	} {
		before := tt.fa2.AppendXML(nil)
		got, err := FromFA2(tt.fa2)
		if !bytes.Equal(before, tt.fa2.AppendXML(nil)) {
			t.Errorf("%s: the argument is changed", name)
		}
		if tt.open != nil {
			var open *ConversionError
			if !errors.As(err, &open) || got != nil || !cmp.Equal(open.Paths, tt.open) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || !tt.want(got) || got.Naglowek.WariantFormularza != VariantFA3 {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := sample(1)
	if got, err := FromFA2(f); got != f || err != nil {
		t.Error("an FA(3) did not stay the same")
	}
}
