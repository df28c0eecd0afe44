package xmlscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// tokens lists the tokens of a document with their places, up to its end or an
// error. quick reads what is simple with Simple.
func tokens(doc []byte, quick bool) (list []string) {
	s := New(doc, Config{MaxDepth: 8, MaxNamespaces: 8, MaxAttributes: 8})
	note := func(kind Kind, start, end int, text []byte) {
		list = append(list, fmt.Sprintf("%d %d-%d %q %q in %q depth %d", kind, start, end, text, s.QName(), s.Space(), s.Depth()))
	}
	for {
		kind, err := s.Next()
		if err != nil {
			return append(list, err.Error())
		}
		note(kind, s.Offset(), s.EndOffset(), s.Text())
		if kind == EOF {
			return list
		}
		if kind != Start || !quick {
			continue
		}
		start, end, ok := s.Simple()
		if !ok {
			continue
		}
		if start < end {
			text := fmt.Sprintf("%d %d-%d %q", Text, start, end, doc[start:end])
			list = append(list, text+fmt.Sprintf(" %q in %q depth %d", s.QName(), s.Space(), s.Depth()+1))
		}
		note(End, s.Offset(), s.EndOffset(), s.Text())
	}
}

// simpleDocs are documents with elements that Simple reads and all kinds of
// those that it leaves alone.
var simpleDocs = []string{
	"<a>text</a>", "<a></a>", "<a/>", "<a><b>x</b></a>", "<a>x<b/></a>", "<a>zażółć \U0001F600 gęślą</a>",
	"<p:a xmlns:p='u'>x</p:a>", "<a xmlns='u'><b xmlns='v'>x</b><c>y</c></a>", "<a b='c'>long enough for two words</a>",
	"<a>x</a >", "<a>x</b>", "<a>x</aa>", "<aa>x</a>", "<a>x&amp;y</a>", "<a>x\ny</a>", "<a>x\r\ny</a>", "<a>x]y]]&gt;</a>", "<a>x]]></a>",
	"<a>x<!-- c -->y</a>", "<a>x<![CDATA[y]]></a>", "<a>\x01</a>", "<a>\xff</a>", "<a>\uFFFE</a>", "<a>x\x7F</a>",
	"<a>x", "<a>x<", "<a>x</", "<a>x</a", "<a>", "<a><b>x</b>", "<a>x</a><b/>", "<ż>x</ż>", "<a>x</a>x",
}

// TestSimple: Simple tells the same as Next does.
func TestSimple(t *testing.T) {
	t.Parallel()
	for _, doc := range simpleDocs {
		for pad := range 9 { // at every place in a word
			doc := "<r>" + strings.Repeat(" ", pad) + doc + "</r>"
			if diff := cmp.Diff(tokens([]byte(doc), false), tokens([]byte(doc), true)); diff != "" {
				t.Errorf("%q:\n%s", doc, diff)
			}
		}
	}
}

func TestSimpleIsTaken(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		"<a>text</a>": "text", "<a></a>": "", "<a>zażółć</a>": "zażółć", "<p:a xmlns:p='u' b='c'>x y</p:a>": "x y",
		"<a/>": "no", "<a>x&amp;y</a>": "no", "<a>x<b/></a>": "no", "<a>x</b>": "no", "<a>x</a >": "no", "<a>\xff</a>": "no",
	} {
		s := New([]byte(doc), Config{})
		if _, _, ok := s.Simple(); ok {
			t.Errorf("%q: read before the first token", doc)
		}
		if _, err := s.Next(); err != nil {
			t.Errorf("%q: %v", doc, err)
			continue
		}
		got := "no"
		if start, end, ok := s.Simple(); ok {
			got = doc[start:end]
			if kind, err := s.Next(); kind != EOF || err != nil {
				t.Errorf("%q: then %d, %v", doc, kind, err)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", doc, got, want)
		}
	}
}

// FuzzSimple compares both ways of reading for any document.
func FuzzSimple(f *testing.F) {
	for _, doc := range simpleDocs {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if diff := cmp.Diff(tokens(doc, false), tokens(doc, true)); diff != "" {
			t.Errorf("%q:\n%s", doc, diff)
		}
	})
}

// TestPlainRun compares the look at eight bytes with a look at each.
func TestPlainRun(t *testing.T) {
	t.Parallel()
	bytes := rapid.SliceOfN(rapid.OneOf(
		rapid.ByteRange(0x20, 0x7F),
		rapid.SampledFrom([]byte("<&]=%'\";\x00\x1F !\x7F\x80\x9F\xA0\xBC\xA6\xDD\xFF\t\n\r")),
		rapid.Byte(),
	), 0, 40)
	rapid.Check(t, func(t *rapid.T) {
		doc := bytes.Draw(t, "doc")
		from := rapid.IntRange(0, len(doc)).Draw(t, "from")
		want := from
		for want < len(doc) && (byteClass[doc[want]] == plainByte || byteClass[doc[want]] == quoteByte) {
			want++
		}
		if got := plainRun(doc, from); got != want {
			t.Fatalf("%q from %d: %d, want %d", doc, from, got, want)
		}
	})
}
