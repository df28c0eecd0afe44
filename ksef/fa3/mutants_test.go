package fa3

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

type mutant struct {
	File     string
	Valid    bool     `json:"xsd_valid"`
	Flags    []string `json:"ksef_technical_flags"`
	LibError string   `json:"libxml2_error"`
	doc      []byte
}

// mutants are documents on which two reference validators agree.
func mutants(t *testing.T) []mutant {
	t.Helper()
	var labels struct{ Labels []mutant }
	if err := json.Unmarshal(refdata.File(t, "fa3-mutants", "labels.json"), &labels); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(refdata.File(t, "fa3-mutants", "mutants.tar.gz")))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
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

// structural recognises the reference validator's complaints about elements,
// attributes and stray text, in contrast to those about values.
var structural = regexp.MustCompile(`element is not expected|Missing child element|Character content|attribute .* not allowed|attribute .* required|No matching global declaration`)

// TestMutants: what is valid can be read, what breaks the structure cannot.
func TestMutants(t *testing.T) {
	t.Parallel()
	readable, broken, values := 0, 0, 0
	for _, m := range mutants(t) {
		_, err := Unmarshal(m.doc)
		var syntax *SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%s: untyped error %v", m.File, err)
		}
		refused := bytes.IndexByte(m.doc, 0) >= 0 || slices.ContainsFunc(m.Flags, func(f string) bool {
			return f == "doctype" || f == "processing-instruction" || f == "encoding-not-utf8"
		})
		switch {
		case m.Valid && !refused:
			readable++
			if err != nil {
				t.Errorf("%s: valid, but %v", m.File, err)
			}
		case refused || structural.MatchString(m.LibError):
			broken++
			if err == nil {
				t.Errorf("%s: read although %s %v", m.File, m.LibError, m.Flags)
			}
		case err == nil:
			values++
		}
	}
	if readable == 0 || broken == 0 {
		t.Error("nothing compared")
	}
	t.Logf("%d read, %d of broken structure refused, %d read with values that the schema does not allow", readable, broken, values)
}
