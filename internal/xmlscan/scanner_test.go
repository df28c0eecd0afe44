package xmlscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events writes a document's tokens one per line.
func events(doc string, cfg Config) (string, error) {
	var b strings.Builder
	s := New([]byte(doc), cfg)
	for {
		kind, err := s.Next()
		if err != nil {
			return b.String(), err
		}
		switch kind {
		case EOF:
			return b.String(), nil
		case Start:
			fmt.Fprintf(&b, "%d start {%s}%s|%s", s.Offset(), s.Space(), s.Prefix(), s.Local())
			for _, d := range s.Declared() {
				fmt.Fprintf(&b, " xmlns:%s=%s", d.Prefix, d.URI)
			}
			for _, a := range s.Attrs() {
				fmt.Fprintf(&b, " {%s}%s|%s=%q", a.Space, a.Prefix, a.Local, a.Value)
			}
			b.WriteByte('\n')
		case End:
			fmt.Fprintf(&b, "%d end {%s}%s to %d depth %d\n", s.Offset(), s.Space(), s.QName(), s.EndOffset(), s.Depth())
		case Text:
			fmt.Fprintf(&b, "%d text %q plain=%v\n", s.Offset(), s.Text(), s.Plain())
		case Comment:
			fmt.Fprintf(&b, "%d comment %q\n", s.Offset(), s.Text())
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, doc, want string
		cfg             Config
	}{
		{name: "plain", doc: `<a><b>x</b></a>`, want: "0 start {}|a\n3 start {}|b\n6 text \"x\" plain=true\n7 end {}b to 11 depth 1\n11 end {}a to 15 depth 0\n"},
		{name: "empty", doc: `<a/>`, want: "0 start {}|a\n4 end {}a to 4 depth 0\n"},
		{
			name: "namespaces", doc: `<p:a xmlns:p="u" xmlns="d" p:x="1" y='2'><b xmlns=""/><c/></p:a>`,
			want: "0 start {u}p|a xmlns:p=u xmlns:=d {u}p|x=\"1\" {}|y=\"2\"\n" +
				"41 start {}|b xmlns:=\n54 end {}b to 54 depth 1\n54 start {d}|c\n58 end {d}c to 58 depth 1\n58 end {u}p:a to 64 depth 0\n",
		},
		{
			name: "text joined", doc: "<a>x&amp;<![CDATA[<y>]]><!-- c -->&#x41;\r\nz</a>",
			want: "0 start {}|a\n3 text \"x&<y>A\\nz\" plain=false\n43 end {}a to 47 depth 0\n",
		},
		{
			name: "comments", doc: "<!--p--><a>x<!--c-->y</a>", cfg: Config{Comments: true},
			want: "0 comment \"p\"\n8 start {}|a\n11 text \"x\" plain=true\n12 comment \"c\"\n20 text \"y\" plain=true\n21 end {}a to 25 depth 0\n",
		},
		{name: "comment only", doc: "<a><!--c--></a>", want: "0 start {}|a\n11 end {}a to 15 depth 0\n"},
		{name: "attribute value", doc: "<a b='&lt;\t\r\n\n&#10;\"' c=''/>", want: "0 start {}|a {}|b=\"<   \\n\\\"\" {}|c=\"\"\n28 end {}a to 28 depth 0\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := events(tt.doc, tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
