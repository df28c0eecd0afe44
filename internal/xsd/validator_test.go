package xsd

import (
	"fmt"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd/facts"
	"github.com/google/go-cmp/cmp"
)

// library is a small document type with everything that content can be made of.
const library = `namespace urn:library
shared urn:shared
unique book isbn

type Code token shared of=Word minLength=1 maxLength=3
type Word token shared minLength=1 maxLength=10

struct Person | a person
  name 1 Word | name
  born ? date | day of birth

root
  library 1 struct | the books of a library
    @kind ? string fixed=public | kind
    owner 1 Person | who owns it
    choice 1
      open 1 Word | opening hours
      group 1
        closed 1 Word | why it is closed
        until ? date | until when
    book 0..3 struct | a book
      @lang 1 string enum=pl enum=en | language
      isbn 1 Code | number
      author 1..* Person | author
      group ?
        lent 1 integer | times lent
        back 1 date | when it comes back
      place ? Word fixed=shelf | where it stands
    note ? string | a note
`

func compiled(t testing.TB) *Schema {
	t.Helper()
	table, err := facts.Parse([]byte(library))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Compile(table)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judge returns the violations of a library with this inside, in a short form.
func judge(t testing.TB, v *Validator, schema *Schema, inside string, max int) []string {
	t.Helper()
	doc := `<library xmlns="urn:library" xmlns:l="urn:library" xmlns:s="urn:shared" xmlns:o="urn:other" xmlns:x="` + schemaSpace + `" xmlns:i="` + instanceSpace + `">` + inside + `</library>`
	err := v.Run([]byte(doc), Options{Choose: func(space, local []byte) *Schema { return schema }, Max: max})
	if err != nil {
		t.Fatalf("%s: %v", inside, err)
	}
	var found []string
	list, _ := v.Violations()
	for _, x := range list {
		s := fmt.Sprint(kindNames[x.Kind])
		if x.Decl != nil {
			s += " " + x.Decl.Name
		}
		for _, detail := range []string{x.Attr, x.Relative, strings.Join(x.Names, ","), x.Near} {
			if detail != "" {
				s += " " + detail
			}
		}
		found = append(found, s)
	}
	return found
}

var kindNames = map[Kind]string{
	Root: "root", Unexpected: "unexpected", Inside: "inside", TooEarly: "early", TooLate: "late", Excluded: "excluded", TooMany: "many", Missing: "missing", Namespace: "namespace",
	Text: "text", Attribute: "attribute", NoAttribute: "no attribute", Nil: "nil", TypeName: "type", Empty: "empty", Lexical: "lexical", Enum: "enum", Length: "length",
	Pattern: "pattern", Digits: "digits", Range: "range", Fixed: "fixed", Duplicate: "duplicate",
}

func TestValidator(t *testing.T) {
	t.Parallel()
	v, schema := New(xmlscan.Config{}), compiled(t)
	owner, open := "<owner><name>A</name></owner>", "<open>8-16</open>"
	book := func(inside string) string {
		return owner + open + `<book lang="pl"><isbn>1</isbn><author><name>B</name></author>` + inside + "</book>"
	}
	for inside, want := range map[string][]string{
		owner + open: nil,
		owner + "<closed>fire</closed><until>2026-01-01</until><note/>": nil,
		"<l:owner><l:name>A</l:name></l:owner>" + open:                  nil,
		" \n" + owner + "<!-- c -->" + open + "\t<![CDATA[ ]]>":         nil,
		book("<place/>"):                                nil,
		book("<place>shelf</place>"):                    nil,
		book("<place> shelf\n</place>"):                 nil,
		book("<lent>-14</lent><back>2026-01-01</back>"): nil,
		"":                  {"missing owner owner", "missing open open,closed"},
		owner:               {"missing open open,closed"},
		open:                {"missing owner owner"},
		open + owner:        {"early open owner"},
		owner + open + open: {"many open"},
		owner + open + "<closed>x</closed><until>2026-01-01</until>":                                      {"excluded closed open", "excluded until open"},
		owner + "<until>2026-01-01</until>":                                                               {"missing closed open,closed"},
		owner + open + "<note/>" + `<book lang="pl"><isbn>1</isbn><author><name>B</name></author></book>`: {"late book note"},
		book("<back>2026-01-01</back>"):                                                                   {"missing lent lent"},
		book("<lent>1</lent>"):                                                                            {"missing back back"},
		book("<back>2026-01-01</back><lent>1</lent>"):                                                     {"early back lent"},
		book("<place>table</place>"):                                                                      {"fixed place"},
		book("<place> </place>"):                                                                          {"empty place"},
		book("<lend>1</lend>"):                                                                            {"unexpected author,lent,place lent"},
		book("<LENT>1</LENT><back>x</back>"):                                                              {"unexpected author,lent,place lent", "lexical back"},
		book("<note>x</note>"):                                                                            {"unexpected author,lent,place"},
		book("<lent><b/>7</lent><back>2026-01-01</back>"):                                                 {"inside lent"},
		book("<lent>x<b><c/></b></lent><back>2026-01-01</back>"):                                          {"inside lent"},
		book("words"):                             {"text book"},
		book("words<place/>more words"):           {"text book"},
		book("<o:place/>"):                        {"namespace place"},
		book("<o:thing><o:x/></o:thing><place/>"): {"namespace author,lent,place"},
		owner + open + `<book><isbn>1</isbn><author><name>B</name></author></book>`:                               {"no attribute book lang"},
		owner + open + `<book lang="de" x="1" xml:lang="pl"><isbn>1</isbn><author><name>B</name></author></book>`: {"enum book lang", "attribute book x", "attribute book lang"},
		owner + open + `<book lang="pl"><author/></book>`:                                                         {"missing isbn isbn", "missing name name"},
		book("") + `<book lang="en"><isbn> 1 </isbn><author><name>C</name></author></book>`:                       {"duplicate isbn"},
		owner + open + strings.Repeat(`<book lang="pl"/>`, 5):                                                     {"missing isbn isbn", "missing author author", "missing isbn isbn", "missing author author", "missing isbn isbn", "missing author author", "many book", "missing isbn isbn", "missing author author", "missing isbn isbn", "missing author author"},
		`<owner i:type="l:Person"><name>A</name></owner>` + open:                                                  nil,
		`<owner i:type="s:Person"><name>A</name></owner>` + open:                                                  {"type owner type"},
		`<owner i:type="Person" i:schemaLocation="a b"><name i:type="s:Word">A</name></owner>` + open:             nil,
		`<owner><name i:type=" s:Code ">ABC</name></owner>` + open:                                                nil,
		`<owner><name i:type="s:Code">ABCD</name></owner>` + open:                                                 {"length name"},
		`<owner><name i:type="Code">ABC</name></owner>` + open:                                                    {"type name type"},
		`<owner><name i:type="u:Code">ABC</name></owner>` + open:                                                  {"type name type"},
		`<owner><name i:type="x:token">ABC</name></owner>` + open:                                                 {"type name type"},
		`<owner><name>A</name><born i:type="x:date">2000-01-01</born></owner>` + open:                             nil,
		`<owner><name i:nil="false">A</name></owner>` + open:                                                      {"nil name nil"},
		`<owner><name i:nil="true"/></owner>` + open:                                                              {"nil name nil"},
		`<owner><name i:foo="1">A</name></owner>` + open:                                                          {"attribute name foo"},
		book(`<lent i:type="x:short">7</lent><back>2026-01-01</back>`):                                            nil,
		book(`<lent i:type="x:short">70000</lent><back>2026-01-01</back>`):                                        {"range lent"},
		book(`<lent i:type="x:decimal">7</lent><back>2026-01-01</back>`):                                          {"type lent type"},
		book(`<place i:type="s:Word">shelf</place>`):                                                              nil,
	} {
		if diff := cmp.Diff(want, judge(t, v, schema, inside, 100)); diff != "" {
			t.Errorf("%s\n%s", inside, diff)
		}
		if quick := judge(t, v, schema, inside, 1); len(quick) != min(len(want), 1) {
			t.Errorf("%s: quickly %v, else %v", inside, quick, want)
		}
	}
}

// TestForeignNamespaceOnce: one wrong prefix is reported once, not for every
// element.
func TestForeignNamespaceOnce(t *testing.T) {
	t.Parallel()
	got := judge(t, New(xmlscan.Config{}), compiled(t), `<owner xmlns=""><name>A</name><born>x</born></owner><open xmlns="">x</open>`, 100)
	if diff := cmp.Diff([]string{"namespace owner", "lexical born"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestForgive(t *testing.T) {
	t.Parallel()
	schema, v := compiled(t), New(xmlscan.Config{})
	doc := `<library xmlns="urn:library"><owner><name>A</name></owner><open>x</open><x:extra xmlns:x="urn:x"><x:y/></x:extra></library>`
	run := func(forgive func(*Violation) bool) int {
		if err := v.Run([]byte(doc), Options{Choose: func(_, _ []byte) *Schema { return schema }, Forgive: forgive, Max: 10}); err != nil {
			t.Fatal(err)
		}
		found, _ := v.Violations()
		return len(found)
	}
	if n := run(nil); n != 1 {
		t.Errorf("%d violations", n)
	}
	if n := run(func(x *Violation) bool { return x.Space == "urn:x" && x.Complete }); n != 0 {
		t.Errorf("%d violations, although forgiven", n)
	}
}

func TestRoots(t *testing.T) {
	t.Parallel()
	schema, v := compiled(t), New(xmlscan.Config{})
	for doc, want := range map[string]bool{`<library xmlns="urn:library"/>`: true, `<book xmlns="urn:library"/>`: false, `<other/>`: false} {
		choose := func(space, _ []byte) *Schema {
			if string(space) == "urn:library" {
				return schema
			}
			return nil
		}
		if err := v.Run([]byte(doc), Options{Choose: choose, Max: 10}); err != nil {
			t.Fatal(err)
		}
		found, _ := v.Violations()
		if known := v.Schema() != nil; known != want || !known && (len(found) != 1 || found[0].Kind != Root) {
			t.Errorf("%s: %+v", doc, found)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"P_15", "P_15", 0}, {"NIP", "Nip", 2}, {strings.Repeat("a", 100), "a", 100}} {
		if got := Distance(c.a, c.b); got != c.want || Distance(c.b, c.a) != got {
			t.Errorf("%s %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
