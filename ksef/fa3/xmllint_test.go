package fa3

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"pgregory.net/rapid"
)

// officialSchemas are the files of the official schemas.
var officialSchemas = map[Variant]string{VariantFA3: "schemat_FA(3)_v1-0E.xsd", VariantFA2: "schemat_FA(2)_v1-0E.xsd"}

// officialSchema copies an official schema to a temporary folder where it finds
// its parts without a network, and returns its path.
func officialSchema(t *testing.T, variant Variant) string {
	t.Helper()
	schema := officialSchemas[variant]
	dir := t.TempDir()
	location := regexp.MustCompile(`schemaLocation="[^"]*"`)
	for _, name := range []string{
		schema, "bazowe/StrukturyDanych_v10-0E.xsd",
		"bazowe/ElementarneTypyDanych_v10-0E.xsd", "bazowe/KodyKrajow_v10-0E.xsd",
	} {
		text := refdata.File(t, "ksef-xsd", "schemy", "FA", filepath.FromSlash(name))
		local := location.ReplaceAllFunc(text, func(m []byte) []byte {
			base := strings.TrimPrefix(path.Base(strings.TrimSuffix(string(m), `"`)), `schemaLocation="`)
			return fmt.Appendf(nil, `schemaLocation="%s"`, base)
		})
		if err := os.WriteFile(filepath.Join(dir, path.Base(name)), local, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, schema)
}

// xmllint validates documents against an official schema. The test is skipped
// without xmllint or schema.
func xmllint(t *testing.T, variant Variant, docs map[string][]byte) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with the official schema skipped")
	}
	schema := officialSchema(t, variant)
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", schema}
	for name, doc := range docs {
		file := filepath.Join(dir, strings.NewReplacer("/", "_", " ", "_").Replace(name)+".xml")
		if err := os.WriteFile(file, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if err == nil && bytes.Count(out, []byte(" validates\n")) == len(docs) {
		return
	}
	for line := range strings.Lines(string(out)) {
		if !strings.HasSuffix(line, " validates\n") {
			t.Error(strings.TrimSpace(strings.ReplaceAll(line, dir, "")))
		}
	}
}

func TestWrittenCorpusIsValid(t *testing.T) {
	t.Parallel()
	for variant, kind := range map[Variant]string{VariantFA3: "FA(3)", VariantFA2: "FA(2)"} {
		dir, documents := corpusOf(t, kind)
		docs := map[string][]byte{}
		for _, doc := range documents {
			if !doc.Valid {
				continue
			}
			raw, err := os.ReadFile(filepath.Join(dir, doc.File))
			if err != nil {
				t.Fatal(err)
			}
			f, err := UnmarshalAny(raw)
			if err != nil {
				t.Fatal(err)
			}
			docs[doc.File] = f.AppendXML(nil)
		}
		xmllint(t, variant, docs)
	}
}

func TestSamplesAreValid(t *testing.T) {
	t.Parallel()
	docs := map[string][]byte{}
	for name, f := range samples() {
		docs[name] = f.AppendXML(nil)
	}
	xmllint(t, VariantFA3, docs)
}

// TestRandomDocumentsAreValid draws documents until every element of the schema
// has been written, and has all of them validated.
func TestRandomDocumentsAreValid(t *testing.T) {
	t.Parallel()
	for _, variant := range []Variant{VariantFA3, VariantFA2} {
		missing := elementNames(variant)
		docs := map[string][]byte{}
		generator := rapid.Custom(func(t *rapid.T) *Faktura { return drawFaktura(t, variant) })
		for seed := 0; len(missing) > 0 && seed < 2000; seed++ {
			doc := generator.Example(seed).AppendXML(nil)
			if elements(t, doc, missing) || seed < 100 {
				docs[fmt.Sprint("random", seed)] = doc
			}
		}
		if len(missing) > 0 {
			t.Errorf("variant %d: elements never written: %v", variant, missing)
		}
		t.Logf("%d documents", len(docs))
		xmllint(t, variant, docs)
	}
}

// elementNames are the names of all elements of a version.
func elementNames(variant Variant) map[string]bool {
	names := map[string]bool{}
	for _, c := range contentOf {
		for _, st := range c[1:] {
			names[st.name] = true
		}
	}
	if variant == VariantFA2 { // what FA(3) added
		for _, name := range strings.Fields("JST GV LinkDoPlatnosci IPKSeF Ilosc Jednostka ZdarzeniePoczatkowe Zalacznik " +
			"BlokDanych ZNaglowek MetaDane ZKlucz ZWartosc Tekst Akapit Tabela TMetaDane TKlucz TWartosc Opis TNaglowek Kol NKom Wiersz WKom Suma SKom") {
			delete(names, name)
		}
	}
	return names
}

// elements takes the names of a document's elements off a set and reports
// whether there were any.
func elements(t *testing.T, doc []byte, missing map[string]bool) (found bool) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		tok, err := d.Token()
		if tok == nil {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := tok.(xml.StartElement); ok && missing[start.Name.Local] {
			delete(missing, start.Name.Local)
			found = true
		}
	}
}
