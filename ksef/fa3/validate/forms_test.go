package validate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUPO42 is the table that has no official schema at hand: it is that of 4-3
// without the mode of sending, and with KSeF numbers of 35 characters only.
func TestUPO42(t *testing.T) {
	t.Parallel()
	var want []string
	for line := range strings.Lines(factsUPO43) {
		line = strings.Replace(line, "KSeF/v4-3", "KSeF/v4-2", 1)
		if strings.Contains(line, "NumerKSeFDokumentu 1") {
			line = strings.Replace(line, "-?", "", 1)
		}
		if !strings.Contains(line, "TrybWysylki") {
			want = append(want, line)
		}
	}
	if diff := cmp.Diff(want, slices.Collect(strings.Lines(factsUPO42))); diff != "" {
		t.Error(diff)
	}
}

// TestUPOCorpus: confirmations found in public are valid unless they are known
// not to be. Two early examples of 4-2 lack an element, one is an example of 4-3
// with the wrong namespace, two have numbers that were made up.
func TestUPOCorpus(t *testing.T) {
	t.Parallel()
	broken := map[string]Code{
		"invalid/upo-4-2_x_18517a688c94.xml": CodeMissing, "invalid/upo-4-2_x_7a4ea8eac2a5.xml": CodeMissing,
		"invalid/upo-4-2_x_26d69a13baf7.xml": CodeUnexpected,
		"invalid/upo-4-3_x_33194706c39c.xml": CodePattern, "invalid/upo-4-3_x_58a6ebc3fd97.xml": CodePattern,
	}
	n := 0
	for _, d := range corpus(t) {
		if d.Kind != "UPO 4-2" && d.Kind != "UPO 4-3" {
			continue
		}
		n++
		r := Document(d.doc, Config{})
		want := broken[d.File]
		if r.Valid() != (want == "") || Valid(d.doc, Config{}) != (want == "") || want != "" && r.Problems[0].Code != want {
			t.Errorf("%s: %s, want %q", d.File, first(r), want)
		}
	}
	if n == 0 {
		t.Error("nothing compared")
	}
}

// ourUPO are receipts written by package upo.
func ourUPO(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "upo", "testdata", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no receipts", err)
	}
	docs := map[string][]byte{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		docs[filepath.Base(f)] = raw
	}
	return docs
}

// TestUPO: what our simulator hands out is valid, signed, twice the same number
// is not, and strictly neither signature nor suffix is.
func TestUPO(t *testing.T) {
	t.Parallel()
	signature := `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>`
	strict := Config{StrictUPO: true}
	for name, doc := range ourUPO(t) {
		text := string(doc)
		signed := strings.Replace(text, "</Potwierdzenie>", signature+"</Potwierdzenie>", 1)
		early := strings.Replace(text, "<KodFormularza>", signature+"<KodFormularza>", 1)
		suffix := strings.Replace(text, "Ministerstwo Finansów<", "Ministerstwo Finansów - środowisko testowe (TE)<", 1)
		other := strings.Replace(text, "Ministerstwo Finansów<", "Ministerstwo Zdrowia<", 1)
		for _, c := range []struct {
			what string
			doc  string
			cfg  Config
			want bool
		}{
			{"plain", text, strict, true},
			{"signed", signed, Config{}, true},
			{"signed, strictly", signed, strict, false},
			{"signed too early", early, Config{}, false},
			{"suffix", suffix, Config{}, true},
			{"suffix, strictly", suffix, strict, false},
			{"another authority", other, Config{}, false},
		} {
			if r := Document([]byte(c.doc), c.cfg); r.Valid() != c.want || Valid([]byte(c.doc), c.cfg) != c.want {
				t.Errorf("%s, %s: %s", name, c.what, first(r))
			}
		}
		begin, end := strings.Index(text, "<Dokument>"), strings.LastIndex(text, "</Dokument>")+len("</Dokument>")
		twice := text[:end] + text[begin:end] + text[end:]
		if r := Document([]byte(twice), Config{}); r.Valid() || r.Problems[0].Code != CodeDuplicate {
			t.Errorf("%s twice: %s", name, first(r))
		}
	}
}

// TestOtherRoots: documents that are recognised but not judged are never valid.
func TestOtherRoots(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		doc      string
		kind     Kind
		code     Code
		severity Severity
	}{
		{`<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>`, PEF, CodeNotJudged, Info},
		{`<x:CreditNote xmlns:x="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"/>`, PEFKOR, CodeNotJudged, Info},
		{`<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v3-1"/>`, UPOOld, CodeNotJudged, Warning},
		{`<Faktura xmlns="http://crd.gov.pl/wzor/2026/02/17/14164/"/>`, FARRTest, CodeRoot, Error},
		{`<Faktura xmlns="https://crd.gov.pl/wzor/2025/06/25/13775/"/>`, Unknown, CodeRoot, Error},
		{`<faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"/>`, Unknown, CodeRoot, Error},
		{`<html/>`, Unknown, CodeRoot, Error},
	} {
		r := Document([]byte(c.doc), Config{})
		p := r.Problems[0]
		if r.Valid() || r.Judged || Valid([]byte(c.doc), Config{}) || r.Kind != c.kind || p.Code != c.code || p.Severity != c.severity || p.EN == "" || p.PL == "" {
			t.Errorf("%s: %+v", c.doc, r)
		}
	}
}

// TestLayers: each layer can be had alone.
func TestLayers(t *testing.T) {
	t.Parallel()
	doc := []byte("\xEF\xBB\xBF" + strings.Replace(edited("PLN", "pln"), "<NIP>9512120077", "<NIP>9512120078", 1))
	for _, c := range []struct {
		layer Layer
		code  Code
	}{{XML, CodeBOM}, {Schema, CodeEnum}, {Semantic, "nip.checksum"}} {
		r := Document(doc, Config{Layers: []Layer{c.layer}})
		for _, p := range r.Problems {
			if p.Layer != c.layer {
				t.Errorf("%s: %+v", c.layer, p)
			}
		}
		if !has(r, c.code) || r.Kind != FA3 {
			t.Errorf("%s: %+v", c.layer, r.Problems)
		}
	}
	if Valid([]byte("<a><b></a>"), Config{Layers: []Layer{XML}}) || !Valid([]byte("<a/>"), Config{Layers: []Layer{XML}}) {
		t.Error("the layer XML alone")
	}
}

// TestPlaces: findings about the meaning have the line of their element, or of
// the nearest parent.
func TestPlaces(t *testing.T) {
	t.Parallel()
	doc := []byte(sampleText)
	paths := []string{"/Faktura/Fa/FaWiersz[2]/P_11", "/Faktura/Fa/FaWiersz[3]/P_11", "/Faktura/Podmiot2/DaneIdentyfikacyjne/NIP", "/Faktura", "/Inny", "", "/Faktura/Fa/P_2/x[x]"}
	want := []string{"<P_11>234.50", "<Fa>", "<NIP>9512120077", "<Faktura", "", "", "<P_2>"}
	for i, offset := range find(doc, paths) {
		if !strings.HasPrefix(sampleText[offset:], want[i]) || want[i] == "" && offset != 0 {
			t.Errorf("%s: found %.20q", paths[i], sampleText[offset:])
		}
	}
}
