package ksefsim

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// TestCorpus judges public documents: every valid FA(3) passes, every other form
// is rejected.
func TestCorpus(t *testing.T) {
	t.Parallel()
	var manifest struct {
		Documents []struct {
			File  string `json:"file"`
			Kind  string `json:"kind"`
			Valid bool   `json:"valid"`
			BOM   bool   `json:"bom"`
		} `json:"documents"`
	}
	if err := json.Unmarshal(refdata.File(t, "fa3-corpus", "manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, d := range manifest.Documents {
		raw, err := os.ReadFile(filepath.Join(refdata.Dir(t), "fa3-corpus", d.File))
		if err != nil {
			continue // the large ones are compressed
		}
		found, verdict := judgeFA3(raw)
		switch {
		case d.Kind != "FA(3)" && verdict.Code == 0:
			t.Errorf("%s: a document of kind %s passed", d.File, d.Kind)
		case d.Kind == "FA(3)" && d.Valid && !d.BOM && verdict.Code != 0 && !outside(raw):
			t.Errorf("%s: %d %v", d.File, verdict.Code, verdict.Details)
		case verdict.Code == 0:
			passed++
			if !isNIP(string(found.Seller)) || found.Number == "" || !found.Issued.Valid() {
				t.Errorf("%s: facts %+v", d.File, found)
			}
		}
	}
	if passed < 50 {
		t.Errorf("only %d documents passed", passed)
	}
}

// outside reports whether KSeF refuses a document that its schema accepts: an
// encoding without a zero byte is UTF-8, digits are ASCII, control characters and
// processing instructions are not wanted.
func outside(raw []byte) bool {
	return strings.Contains(string(raw), "<?xml-stylesheet") || strings.ContainsFunc(string(raw), func(r rune) bool {
		return r == 0 || r > 0x7F && unicode.IsDigit(r) || r >= 0x7F && r <= 0x9F && r != 0x85
	})
}

// TestMutants: whatever KSeF's rules for files forbid is rejected as a file, and
// what is valid passes.
func TestMutants(t *testing.T) {
	t.Parallel()
	var labels struct {
		Labels []struct {
			File  string   `json:"file"`
			Valid bool     `json:"xsd_valid"`
			Flags []string `json:"ksef_technical_flags"`
			Well  bool     `json:"well_formed"`
		} `json:"labels"`
	}
	if err := json.Unmarshal(refdata.File(t, "fa3-mutants", "labels.json"), &labels); err != nil {
		t.Fatal(err)
	}
	documents := mutants(t)
	checked := 0
	for _, l := range labels.Labels {
		raw, known := documents[l.File]
		if !known {
			t.Fatalf("%s is missing", l.File)
		}
		_, verdict := judgeFA3(raw)
		switch {
		case len(l.Flags) > 0 || !l.Well:
			if checked++; verdict.Code != invoiceFile {
				t.Errorf("%s %v: status %d", l.File, l.Flags, verdict.Code)
			}
		case l.Valid && verdict.Code != 0 && !outside(raw):
			t.Errorf("%s is valid: %d %v", l.File, verdict.Code, verdict.Details)
		}
	}
	if checked == 0 {
		t.Error("no document breaks the rules for files")
	}
}

// mutants unpacks the archive of mutated documents.
func mutants(t *testing.T) map[string][]byte {
	t.Helper()
	file, err := os.Open(filepath.Join(refdata.Dir(t), "fa3-mutants", "mutants.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	documents := make(map[string][]byte)
	for archive := tar.NewReader(packed); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return documents
		}
		if err != nil {
			t.Fatal(err)
		}
		if documents[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}
