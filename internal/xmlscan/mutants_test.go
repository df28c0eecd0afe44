package xmlscan

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// scanAll reads a document to its end.
func scanAll(doc []byte) error {
	s := New(doc, Config{})
	for {
		if kind, err := s.Next(); err != nil || kind == EOF {
			return err
		}
	}
}

// TestMutants compares the verdict on documents that two conforming processors
// agree about. What KSeF refuses besides ill-formed documents is refused here
// too, except discouraged characters and a byte order mark.
func TestMutants(t *testing.T) {
	t.Parallel()
	var labels struct {
		Labels []struct {
			File       string
			WellFormed bool     `json:"well_formed"`
			Flags      []string `json:"ksef_technical_flags"`
		}
	}
	if err := json.Unmarshal(refdata.File(t, "fa3-mutants", "labels.json"), &labels); err != nil {
		t.Fatal(err)
	}
	docs := untar(t, refdata.File(t, "fa3-mutants", "mutants.tar.gz"))
	count := map[bool]int{}
	for _, l := range labels.Labels {
		refused := slices.ContainsFunc(l.Flags, func(f string) bool {
			return f == "doctype" || f == "processing-instruction" || f == "encoding-not-utf8"
		})
		utf16 := bytes.IndexByte(docs[l.File], 0) >= 0 // two such mutants carry no flag
		want := l.WellFormed && !refused && !utf16
		err := scanAll(docs[l.File])
		if (err == nil) != want {
			t.Errorf("%s (well-formed %v, flags %v): %v", l.File, l.WellFormed, l.Flags, err)
		}
		count[want]++
	}
	if count[true] == 0 || count[false] == 0 {
		t.Errorf("documents to accept and to refuse: %v", count)
	}
	t.Logf("accepted %d, refused %d", count[true], count[false])
}

func untar(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}
