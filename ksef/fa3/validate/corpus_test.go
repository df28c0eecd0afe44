package validate

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// fileAndSchema are the layers that reference validators and KSeF judge.
var fileAndSchema = Config{Layers: []Layer{XML, Schema}}

// corpusDocument is an entry of the corpus' manifest.
type corpusDocument struct {
	File  string
	Kind  string
	Valid bool
	BOM   bool
	doc   []byte
}

func corpus(t testing.TB) []corpusDocument {
	t.Helper()
	var manifest struct{ Documents []corpusDocument }
	if err := json.Unmarshal(refdata.File(t, "fa3-corpus", "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	for i := range manifest.Documents {
		d := &manifest.Documents[i]
		raw, err := os.ReadFile(filepath.Join(refdata.Dir(t), "fa3-corpus", d.File))
		if err != nil {
			t.Fatal(err)
		}
		d.doc = raw
	}
	return manifest.Documents
}

// mutant is a document on which two reference validators agree.
type mutant struct {
	File     string
	Ops      []string
	Valid    bool     `json:"xsd_valid"`
	Flags    []string `json:"ksef_technical_flags"`
	LibError string   `json:"libxml2_error"`
	doc      []byte
}

func mutants(t testing.TB) []mutant {
	t.Helper()
	var labels struct{ Labels []mutant }
	if err := json.Unmarshal(refdata.File(t, "fa3-mutants", "labels.json"), &labels); err != nil {
		t.Fatal(err)
	}
	archive := unzipped(t, refdata.File(t, "fa3-mutants", "mutants.tar.gz"))
	files := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for i := range labels.Labels {
		labels.Labels[i].doc = files[labels.Labels[i].File]
	}
	return labels.Labels
}

func unzipped(t testing.TB, raw []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tally counts verdicts.
type tally struct{ valid, invalid, wrong int }

// unflagged are encoded in UTF-16 without byte order mark, which KSeF refuses
// like every other encoding than UTF-8, but lack the flag that says so. They are
// the only labels that are not followed.
var unflagged = []string{"xml/076ec999c09fea7a.xml", "xml/0fa18ccba01653d5.xml"}

// TestMutants: a document is accepted exactly when the schema accepts it and it
// has no flag.
func TestMutants(t *testing.T) {
	t.Parallel()
	count := map[string]*tally{}
	for _, m := range mutants(t) {
		want := m.Valid && len(m.Flags) == 0 && !slices.Contains(unflagged, m.File)
		got := Document(m.doc, fileAndSchema)
		wrong := got.Valid() != want || Valid(m.doc, fileAndSchema) != want
		if wrong {
			t.Errorf("%s %v %v: valid is %v, want %v: %s; reference: %s", m.File, m.Ops, m.Flags, got.Valid(), want, first(got), m.LibError)
		}
		for _, op := range m.Ops {
			category, _, _ := strings.Cut(op, ":")
			add(count, category, want, wrong)
		}
		add(count, "(all documents)", want, wrong)
	}
	logTable(t, count)
}

// discouragedInCorpus has U+007F in a name, which KSeF refuses; the manifest knows
// only what the schema says.
const discouragedInCorpus = "valid/fa3_vat_1029995d0bb7.xml"

// TestCorpus does the same with documents found in public. Documents of kinds
// that the reference validator has no schema for are not valid either; a UPO is
// judged to the letter here.
func TestCorpus(t *testing.T) {
	t.Parallel()
	count := map[string]*tally{}
	strict := fileAndSchema
	strict.StrictUPO = true
	for _, d := range corpus(t) {
		want := d.Valid && !d.BOM && d.File != discouragedInCorpus
		if strings.HasPrefix(d.Kind, "UPO 4-2") {
			continue // the reference validator had no schema for it
		}
		got := Document(d.doc, strict)
		wrong := got.Valid() != want || got.Judged && Valid(d.doc, strict) != want
		if wrong {
			t.Errorf("%s: valid is %v, want %v: %s", d.File, got.Valid(), want, first(got))
		}
		add(count, d.Kind, want, wrong)
	}
	logTable(t, count)
}

func add(count map[string]*tally, category string, want, wrong bool) {
	c := count[category]
	if c == nil {
		c = new(tally)
		count[category] = c
	}
	switch {
	case wrong:
		c.wrong++
	case want:
		c.valid++
	default:
		c.invalid++
	}
}

func logTable(t *testing.T, count map[string]*tally) {
	t.Helper()
	if len(count) == 0 {
		t.Error("nothing compared")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-28s %8s %8s %8s\n", "category", "valid", "invalid", "differ")
	for _, name := range slices.SortedFunc(maps.Keys(count), cmp.Compare[string]) {
		c := count[name]
		fmt.Fprintf(&b, "%-28s %8d %8d %8d\n", name, c.valid, c.invalid, c.wrong)
	}
	t.Log(b.String())
}

func first(r *Report) string {
	if len(r.Problems) == 0 {
		return "no problem"
	}
	p := r.Problems[0]
	return fmt.Sprintf("%d:%d %s %s %s", p.Line, p.Column, p.Path, p.Code, p.EN)
}
