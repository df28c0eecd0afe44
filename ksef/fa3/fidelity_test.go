package fa3

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// leaves lists a document's elements and attributes with their texts in document
// order, read by the standard library. White space is collapsed, and the
// spellings of a number that the encoder unifies are unified.
func leaves(t *testing.T, doc []byte) (list []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	var path []string
	var text strings.Builder
	for {
		tok, err := d.Token()
		if tok == nil {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := tok.(type) {
		case xml.StartElement:
			path = append(path, v.Name.Local)
			text.Reset()
			slices.SortFunc(v.Attr, func(a, b xml.Attr) int { return strings.Compare(a.Name.Local, b.Name.Local) })
			for _, a := range v.Attr {
				if a.Name.Space == "" && a.Name.Local != "xmlns" {
					list = append(list, strings.Join(path, "/")+"/@"+a.Name.Local+"="+a.Value)
				}
			}
		case xml.CharData:
			text.Write(v)
		case xml.EndElement:
			value := strings.Join(strings.Fields(text.String()), " ")
			list = append(list, strings.Join(path, "/")+"="+unified(path[len(path)-1], value))
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}

// unified drops a plus sign and leading zeros of a line number or of a mark, and
// writes out the fixed value of an empty element.
func unified(name, s string) string {
	digits := strings.TrimPrefix(s, "+")
	switch {
	case name == "PrefiksPodatnika" && s == "":
		return "PL"
	case strings.Trim(digits, "0123456789") != "", len(digits) > 4 && !strings.Contains(name, "NrWiersza"):
		return s
	}
	return strings.TrimLeft(digits, "0")
}

// TestNothingDropped compares what stands in a document before and after reading
// and writing it.
func TestNothingDropped(t *testing.T) {
	t.Parallel()
	docs := map[string][]byte{}
	dir, documents := corpus(t)
	for _, doc := range documents {
		if !doc.Valid {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, doc.File))
		if err != nil {
			t.Fatal(err)
		}
		docs[doc.File] = raw
	}
	for _, m := range mutants(t) {
		if m.Valid {
			docs[m.File] = m.doc
		}
	}
	compared := 0
	for name, raw := range docs {
		f, err := Unmarshal(raw)
		if err != nil {
			continue // TestMutants knows which may fail
		}
		compared++
		if diff := cmp.Diff(leaves(t, raw), leaves(t, f.AppendXML(nil))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	t.Logf("%d documents", compared)
}
