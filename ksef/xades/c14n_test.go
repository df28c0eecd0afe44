package xades_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// canonDocs are documents that exercise one rule of canonicalisation each.
var canonDocs = []string{
	`<a/>`,
	`<?xml version="1.0" encoding="UTF-8"?>` + "\n<a>\n</a>\n",
	`<a b="1" a="2" c='3'><d z="1" y="2"/></a>`,
	`<a xmlns="urn:a" xmlns:b="urn:b"><b:c xmlns:b="urn:b" b:x="1" a:x="2" x="3" xmlns:a="urn:a"/></a>`,
	`<a xmlns="urn:a"><b xmlns=""><c xmlns="urn:a"><d xmlns=""/></c></b></a>`,
	`<p:a xmlns:p="urn:1"><b/><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"/></p:b></p:a>`,
	`<a xmlns:x="urn:x" xmlns:y="urn:x"><x:b y:k="1"/><y:b x:k="2"/></a>`,
	`<a xmlns:unused="urn:u"><b xmlns:unused="urn:v"><unused:c/></b></a>`,
	`<a xmlns:z="urn:a" xmlns:b="urn:z" b:a="1" z:b="2" z:a="3" plain="4"/>`,
	`<!-- before --><a><!-- inside --><b>x<!-- split -->y</b></a><!-- after -->`,
	"<!-- one -->\n<!-- two -->\n<a/>\n<!-- three -->\n<!-- four -->",
	`<a><![CDATA[ <x> & ]]>]]&gt;<![CDATA[]]></a>`,
	`<a>&amp;&lt;&gt;&quot;&apos;"'</a>`,
	`<a b="&amp;&lt;&gt;&quot;&apos;'" c='"'/>`,
	`<a b="&#9;&#10;&#13;&#32;" c="tab	nl
end">&#9;&#10;&#13;</a>`,
	"<a>\r\n<b>\r</b>\r\n</a>",
	"<a b='x\r\ny\rz'/>",
	`<a xml:lang="pl" xml:space="preserve" xml:id="i" xml:base="http://example.org/"> <b xml:lang="en"/> </a>`,
	`<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="pl"/>`,
	`<ż ą="ę">ćńó€𝄞&#x1D11E;&#243;</ż>`,
	`<a   b = "1"   ><c   /></a  >`,
	`<x xmlns="urn:d"><y:z xmlns:y="urn:y"><w/></y:z><w y:q="1" xmlns:y="urn:y2"/></x>`,
	`<a xmlns:b="urn:b"><c xmlns:d="urn:d"><d:e b:f="1" g="2"><b:h/><h/></d:e></c></a>`,
	`<a xmlns="urn:1"><b:b xmlns:b="urn:b"><c xmlns=""/></b:b></a>`,
	`<a><b xmlns="urn:1"/><b xmlns=""/></a>`,
	`<n0:r xmlns:n0="urn:0" xmlns:n10="urn:10" xmlns:n2="urn:2" xmlns="urn:d"><n10:e n2:a="1" n0:b="2"/></n0:r>`,
	`<Faktura xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:faktura"><Naglowek><Kod kodSystemowy="FA (3)" wersja="1-0E">FA</Kod></Naglowek></Faktura>`,
}

var lintMethods = map[string]xades.Canonicalization{
	"--c14n":     xades.C14N10WithComments,
	"--c14n11":   xades.C14N11WithComments,
	"--exc-c14n": xades.ExclusiveWithComments,
}

// TestCanonicalizeAgainstXmllint compares every document with libxml2, which
// writes the forms with comments.
func TestCanonicalizeAgainstXmllint(t *testing.T) {
	t.Parallel()
	lint := tool(t, "xmllint")
	for flag, method := range lintMethods {
		for i, doc := range canonDocs {
			path := filepath.Join(t.TempDir(), "doc.xml")
			if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
				t.Fatal(err)
			}
			want, err := exec.Command(lint, flag, path).Output()
			if err != nil {
				t.Fatalf("%s of document %d: %v", flag, i, err)
			}
			got, err := xades.Canonicalize([]byte(doc), method)
			if err != nil {
				t.Errorf("document %d: %v", i, err)
				continue
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s of document %d (-xmllint +ours):\n%s", flag, i, diff)
			}
		}
	}
}

// TestCanonicalizeRandomAgainstXmllint compares documents that nobody thought
// of: random trees with prefixes declared, redeclared and undeclared at random.
func TestCanonicalizeRandomAgainstXmllint(t *testing.T) {
	t.Parallel()
	lint := tool(t, "xmllint")
	const documents = 300
	random := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	var paths []string
	var docs [][]byte
	for i := range documents {
		doc := []byte("<!-- c -->" + randomElement(random, 5, map[string]bool{}) + "\n")
		path := filepath.Join(dir, fmt.Sprintf("%03d.xml", i))
		if err := os.WriteFile(path, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		paths, docs = append(paths, path), append(docs, doc)
	}
	for flag, method := range lintMethods {
		want, err := exec.Command(lint, append([]string{flag}, paths...)...).Output()
		if err != nil {
			t.Fatalf("%s: %v", flag, err)
		}
		for i, doc := range docs {
			got, err := xades.Canonicalize(doc, method)
			if err != nil {
				t.Fatalf("%s: %v", doc, err)
			}
			if !bytes.HasPrefix(want, got) {
				t.Fatalf("%s of document %d, %s\nours:    %s\nxmllint: %s", flag, i, doc, got, want[:min(len(want), len(got)+100)])
			}
			want = want[len(got):]
		}
		if len(want) > 0 {
			t.Fatalf("%s: xmllint wrote %d bytes more", flag, len(want))
		}
	}
}

// randomElement writes an element and its content; bound are the prefixes in
// scope.
func randomElement(r *rand.Rand, depth int, bound map[string]bool) string {
	scope := maps.Clone(bound)
	var declarations strings.Builder
	for _, p := range []string{"a", "b", "c", "A"} {
		if r.IntN(4) == 0 {
			fmt.Fprintf(&declarations, ` xmlns:%s="urn:%d"`, p, r.IntN(3))
			scope[p] = true
		}
	}
	if r.IntN(3) == 0 {
		declarations.WriteString([]string{` xmlns="urn:0"`, ` xmlns="urn:9"`, ` xmlns=""`}[r.IntN(3)])
	}
	prefixes := append(slices.Sorted(maps.Keys(scope)), "")
	name := func() string {
		if p := prefixes[r.IntN(len(prefixes))]; p != "" {
			return p + ":"
		}
		return ""
	}
	tag := name() + string("xyz"[r.IntN(3)])
	attributes := ""
	for i := range r.IntN(4) { // the local names differ, so that no expanded name comes twice
		value := []string{"", "1", "&lt;&amp;&gt;", "&#9;&#10;&#13;", "\t\n", "'", "&quot;", "ż"}[r.IntN(8)]
		attributes += fmt.Sprintf(` %s%c="%s"`, name(), "zcma"[i], value)
	}
	if r.IntN(8) == 0 {
		attributes += ` xml:lang="pl"`
	}
	content := ""
	for range r.IntN(5) {
		switch n := r.IntN(7); {
		case n < 3 && depth > 0:
			content += randomElement(r, depth-1, scope)
		case n == 3:
			content += "<!-- -\r\n<x> -->"
		case n == 4:
			content += "<![CDATA[<&]]>"
		default:
			content += []string{" ", "\r\n", "\r", "text", "&amp;&lt;&gt;&#13;", "\"'", "𝄞"}[r.IntN(7)]
		}
	}
	return "<" + tag + attributes + declarations.String() + ">" + content + "</" + tag + ">"
}

func TestCanonicalizeWithoutComments(t *testing.T) {
	for _, m := range []xades.Canonicalization{xades.C14N10, xades.C14N11, xades.Exclusive} {
		got, err := xades.Canonicalize([]byte(canonDocs[9]), m)
		if err != nil {
			t.Fatal(err)
		}
		if want := `<a><b>xy</b></a>`; string(got) != want {
			t.Errorf("%s: got %s, want %s", m, got, want)
		}
	}
}

// TestCanonicalizeEscapesNamespaces: a declaration is written like an attribute
// (Canonical XML 1.0, 2.3). Libxml2 forgets the escapes, hence the own test.
func TestCanonicalizeEscapesNamespaces(t *testing.T) {
	const doc = `<n:a xmlns:n="urn:x?a&amp;b=&quot;&lt;"/>`
	for _, m := range []xades.Canonicalization{xades.C14N10, xades.Exclusive} {
		got, err := xades.Canonicalize([]byte(doc), m)
		if err != nil {
			t.Fatal(err)
		}
		if want := `<n:a xmlns:n="urn:x?a&amp;b=&quot;&lt;"></n:a>`; string(got) != want {
			t.Errorf("%s: got %s, want %s", m, got, want)
		}
	}
}

func TestCanonicalizePrefixList(t *testing.T) {
	const doc = `<a xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><p:b><q:c xmlns:r="urn:r" xmlns:p="urn:p2"/></p:b></a>`
	tests := []struct {
		name     string
		prefixes []string
		want     string
	}{
		{
			"none", nil,
			`<a xmlns="urn:d"><p:b xmlns:p="urn:p"><q:c xmlns:q="urn:q"></q:c></p:b></a>`,
		},
		{
			"one at the root",
			[]string{"q"},
			`<a xmlns="urn:d" xmlns:q="urn:q"><p:b xmlns:p="urn:p"><q:c></q:c></p:b></a>`,
		},
		{
			"redeclared below",
			[]string{"p"},
			`<a xmlns="urn:d" xmlns:p="urn:p"><p:b><q:c xmlns:p="urn:p2" xmlns:q="urn:q"></q:c></p:b></a>`,
		},
		{
			"declared below",
			[]string{"r", "#default", "unbound"},
			`<a xmlns="urn:d"><p:b xmlns:p="urn:p"><q:c xmlns:q="urn:q" xmlns:r="urn:r"></q:c></p:b></a>`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := xades.Canonicalize([]byte(doc), xades.Exclusive, tt.prefixes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCanonicalizeRefuses(t *testing.T) {
	tests := []struct {
		name, doc string
		method    xades.Canonicalization
		rule      xades.Rule
	}{
		{"unknown method", `<a/>`, "urn:c14n", xades.RuleAlgorithm},
		{"doctype", `<!DOCTYPE a><a/>`, xades.Exclusive, xades.RuleDocument},
		{"instruction", `<a><?x y?></a>`, xades.Exclusive, xades.RuleDocument},
		{"unbound prefix", `<p:a/>`, xades.Exclusive, xades.RuleDocument},
		{"too deep", strings.Repeat("<a>", 5000), xades.Exclusive, xades.RuleDocument},
		{"empty", ``, xades.Exclusive, xades.RuleDocument},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := xades.Canonicalize([]byte(tt.doc), tt.method)
			wantRule(t, err, tt.rule)
		})
	}
}

// FuzzCanonicalize holds that a canonical form is its own canonical form.
func FuzzCanonicalize(f *testing.F) {
	for _, d := range canonDocs {
		f.Add([]byte(d))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, m := range []xades.Canonicalization{
			xades.C14N10, xades.C14N10WithComments, xades.C14N11, xades.Exclusive, xades.ExclusiveWithComments,
		} {
			once, err := xades.Canonicalize(doc, m)
			if err != nil {
				return
			}
			twice, err := xades.Canonicalize(once, m)
			if err != nil {
				t.Fatalf("%s: the canonical form is refused: %v\n%s", m, err, once)
			}
			if !bytes.Equal(once, twice) {
				t.Fatalf("%s: not stable:\n%s\n%s", m, once, twice)
			}
		}
	})
}
