package xmlscan

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// flat turns the white space of an attribute value into spaces: encoding/xml
// does not normalise it.
var flat = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// ours and theirs write a document's content in a common form: names with
// namespaces, attributes, text joined between tags.
func ours(doc []byte) (string, error) {
	var b strings.Builder
	s := New(doc, Config{})
	for {
		kind, err := s.Next()
		switch {
		case err != nil:
			return "", err
		case kind == EOF:
			return b.String(), nil
		case kind == Start:
			fmt.Fprintf(&b, "<{%s}%s", s.Space(), s.Local())
			for _, a := range s.Attrs() {
				fmt.Fprintf(&b, " {%s}%s=%q", a.Space, a.Local, flat.Replace(string(a.Value)))
			}
			b.WriteString(">\n")
		case kind == End:
			fmt.Fprintf(&b, "</{%s}%s>\n", s.Space(), s.Local())
		case kind == Text:
			fmt.Fprintf(&b, "%q\n", s.Text())
		}
	}
}

func theirs(doc []byte) (string, error) {
	var b strings.Builder
	var text []byte
	d := xml.NewDecoder(bytes.NewReader(doc))
	for depth := 0; ; {
		tok, err := d.Token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		if data, ok := tok.(xml.CharData); ok && depth > 0 {
			text = append(text, data...)
			continue
		}
		if len(text) > 0 && !isComment(tok) {
			fmt.Fprintf(&b, "%q\n", text)
			text = text[:0]
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			fmt.Fprintf(&b, "<{%s}%s", t.Name.Space, t.Name.Local)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
					fmt.Fprintf(&b, " {%s}%s=%q", a.Name.Space, a.Name.Local, flat.Replace(a.Value))
				}
			}
			b.WriteString(">\n")
		case xml.EndElement:
			depth--
			fmt.Fprintf(&b, "</{%s}%s>\n", t.Name.Space, t.Name.Local)
		}
	}
}

func isComment(tok xml.Token) bool {
	_, ok := tok.(xml.Comment)
	return ok
}

// FuzzAgainstStandardLibrary compares the content of documents that both
// readers accept. The standard library accepts more.
func FuzzAgainstStandardLibrary(f *testing.F) {
	for _, doc := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><a xmlns="u" xmlns:p="v"><p:b p:c="1" d='&lt;"'/>text</a>`,
		"<a>x&amp;<![CDATA[<y>]]><!-- c -->&#x41;\r\nz\r</a>",
		"<a b='\t&#10;\r\n'/>", "<zażółć>\U0001F600</zażółć>", "<a><b xmlns=''/>]]&gt;</a>",
		"<a></a ><!-- x -->", "<a xml:space='preserve'> </a>",
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := ours(doc)
		if err != nil {
			return
		}
		want, err := theirs(doc)
		if err != nil {
			return
		}
		if got != want {
			t.Errorf("%q:\nours:\n%s\ntheirs:\n%s", doc, got, want)
		}
	})
}

// FuzzEscape checks that any text survives writing and reading, in an element
// and in an attribute.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a & b < c > d", "\r\n\t \"'", "]]>", "&#13;", "zażółć", "\x00", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := append([]byte(nil), `<a b="`...)
		doc = append(AppendAttr(doc, text), `">x`...)
		doc = append(AppendText(doc, text), `</a>`...)
		s := New(doc, Config{})
		_, err := s.Next()
		if ok := ValidChars([]byte(text)); ok != (err == nil) {
			t.Fatalf("%q: valid %v, error %v", text, ok, err)
		}
		if err != nil {
			return
		}
		if got := string(s.Attrs()[0].Value); got != text {
			t.Errorf("attribute %q came back as %q", text, got)
		}
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		if got := string(s.Text()); got != "x"+text {
			t.Errorf("text %q came back as %q", text, got)
		}
	})
}
