package fa3

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/google/go-cmp/cmp"
)

// corpusDocument is an entry of the corpus' manifest.
type corpusDocument struct {
	File  string
	Kind  string
	Valid bool
	BOM   bool
}

func corpus(t testing.TB) (dir string, documents []corpusDocument) { return corpusOf(t, "FA(3)") }

func corpusOf(t testing.TB, kind string) (dir string, documents []corpusDocument) {
	t.Helper()
	var manifest struct{ Documents []corpusDocument }
	if err := json.Unmarshal(refdata.File(t, "fa3-corpus", "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	for _, d := range manifest.Documents {
		if d.Kind == kind {
			documents = append(documents, d)
		}
	}
	return filepath.Join(refdata.Dir(t), "fa3-corpus"), documents
}

func TestCorpusRoundTrip(t *testing.T) {
	t.Parallel()
	dir, documents := corpus(t)
	valid := 0
	for _, doc := range documents {
		raw, err := os.ReadFile(filepath.Join(dir, doc.File))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Unmarshal(raw)
		if err != nil {
			var syntax *SyntaxError
			if doc.Valid || !errors.As(err, &syntax) {
				t.Errorf("%s: %v", doc.File, err)
			}
			continue
		}
		if doc.Valid {
			valid++
		}
		again, err := Unmarshal(f.AppendXML(nil))
		if err != nil {
			t.Errorf("%s: written: %v", doc.File, err)
			continue
		}
		if diff := cmp.Diff(f, again); diff != "" {
			t.Errorf("%s: changed by writing and reading:\n%s", doc.File, diff)
		}
	}
	if valid == 0 {
		t.Error("no valid document in the corpus")
	}
	t.Logf("%d valid documents of %d", valid, len(documents))
}
