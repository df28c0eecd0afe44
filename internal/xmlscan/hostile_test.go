package xmlscan

import (
	"fmt"
	"strings"
	"testing"
)

// hostileSize is large enough for anything quadratic to exceed the time limit of
// the test binary by far.
const hostileSize = 1_000_000

// hostile are documents meant to cost more than their size.
func hostile() map[string]string {
	fill := func(unit string) string { return strings.Repeat(unit, hostileSize/len(unit)) }
	spaces := ""
	for i := range 200 {
		spaces += fmt.Sprintf(" xmlns:p%d='u%d'", i, i)
	}
	attrs := ""
	for i := range 250 {
		attrs += fmt.Sprintf(" a%d=''", i)
	}
	return map[string]string{
		"deep":                fill("<a>"),
		"many attributes":     "<r>" + fill("<a"+attrs+"/>") + "</r>",
		"many namespaces":     "<r" + spaces + ">" + fill("<q:a/>"),
		"first namespace":     "<r" + spaces + ">" + fill("<p0:a/>") + "</r>",
		"duplicate at end":    "<a" + attrs + " a0=''/>",
		"endless attribute":   "<a b='" + fill("x"),
		"endless name":        "<" + fill("a"),
		"endless comment":     "<a><!--" + fill("- "),
		"open comments":       "<a>" + fill("<!-- "),
		"closed comments":     "<a>" + fill("<!---->") + "</a>",
		"closed sections":     "<a>" + fill("<![CDATA[]]>") + "</a>",
		"open sections":       "<a>" + fill("<![CDATA["),
		"references":          "<a>" + fill("&amp;") + "</a>",
		"long reference":      "<a>&#" + fill("0") + "1;</a>",
		"open references":     "<a b='" + fill("&#"),
		"brackets":            "<a>" + fill("]") + "</a>",
		"entities":            "<!DOCTYPE a [<!ENTITY x '" + fill("&y;") + "'>]><a>&x;</a>",
		"external entity":     "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
		"NUL":                 fill("\x00"),
		"spaces":              fill(" "),
		"redeclared on every": "<r>" + fill("<a xmlns='u'/>") + "</r>",
	}
}

func TestHostileInputIsLinear(t *testing.T) {
	t.Parallel()
	for name, doc := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New([]byte(doc), Config{MaxSize: 2 * hostileSize})
			for {
				kind, err := s.Next()
				if err != nil || kind == EOF {
					return
				}
				s.Text()
				if len(s.open) > s.cfg.MaxDepth || len(s.binds) > s.cfg.MaxNamespaces || len(s.attrs) > s.cfg.MaxAttributes {
					t.Fatalf("grew to %d elements, %d namespaces, %d attributes", len(s.open), len(s.binds), len(s.attrs))
				}
			}
		})
	}
}

func TestPlainDocumentDoesNotAllocate(t *testing.T) {
	doc := []byte("<?xml version='1.0'?><f xmlns='u'>" + strings.Repeat("<a b='1'><c>zażółć</c>\n</a>", 50) + "</f>")
	s := New(doc, Config{})
	if n := testing.AllocsPerRun(20, func() {
		s.Reset(doc)
		for {
			kind, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if kind == EOF {
				return
			}
			_, _, _, _ = s.Local(), s.Space(), s.Attrs(), s.Blank()
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
