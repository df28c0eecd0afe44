package validate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// node is an element of a generated document. Its facts are nil for elements
// that no schema knows.
type node struct {
	name  string
	attrs [][2]string
	text  string
	kids  []*node
	facts *facts.Element
}

func (n *node) append(b []byte, namespace string) []byte {
	b = append(append(b, '<'), n.name...)
	if namespace != "" {
		b = append(append(append(b, ` xmlns="`...), namespace...), '"')
	}
	for _, a := range n.attrs {
		b = append(append(append(append(b, ' '), a[0]...), `="`...), xmlscan.AppendAttr(nil, a[1])...)
		b = append(b, '"')
	}
	b = xmlscan.AppendText(append(b, '>'), n.text)
	for _, k := range n.kids {
		b = k.append(b, "")
	}
	return append(append(append(b, "</"...), n.name...), '>')
}

func (n *node) clone() *node {
	c := *n
	c.attrs, c.kids = slices.Clone(n.attrs), make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = k.clone()
	}
	return &c
}

// each calls f for n and everything below it with the parent.
func (n *node) each(f func(parent, n *node)) {
	for _, k := range slices.Clone(n.kids) {
		f(n, k)
		k.each(f)
	}
}

// generator makes documents of a table of facts.
type generator struct {
	schema *facts.Schema
	branch int  // which branch of every choice
	full   bool // with everything that is optional
	rng    *rand.Rand
	n      int // values that must differ
}

func (g *generator) document() *node { return g.element(g.schema.Root)[0] }

// element makes the element as often as it should occur.
func (g *generator) element(e *facts.Element) (made []*node) {
	n := &node{name: e.Name, facts: e}
	for _, a := range e.Attrs {
		n.attrs = append(n.attrs, [2]string{a.Name, g.value(a)})
	}
	if items, ok := g.schema.Content(e); ok {
		n.kids = g.items(items)
	} else {
		n.text = g.value(e)
	}
	made = append(made, n)
	if g.rng != nil && e.Max != 1 && g.rng.IntN(3) == 0 {
		again := *g
		again.rng = nil
		made = append(made, again.element(e)...)
		g.n = again.n
	}
	return made
}

func (g *generator) items(items []facts.Item) (made []*node) {
	for _, it := range items {
		lo := 0
		if it.Element != nil {
			lo = it.Element.Min
		} else {
			lo = it.Group.Min
		}
		switch {
		case lo == 0 && !g.wants():
		case it.Element != nil:
			made = append(made, g.element(it.Element)...)
		case it.Group.Choice:
			made = append(made, g.items(it.Group.Items[g.pick(len(it.Group.Items)):][:1])...)
		default:
			made = append(made, g.items(it.Group.Items)...)
		}
	}
	return made
}

func (g *generator) wants() bool {
	if g.rng != nil {
		return g.rng.IntN(3) == 0
	}
	return g.full
}

func (g *generator) pick(n int) int {
	if g.rng != nil {
		return g.rng.IntN(n)
	}
	return g.branch % n
}

// values of types that have a pattern.
var patterned = map[string]string{
	"TNrNIP": "5265877635", "TNip": "5265877635", "TNIPIdWew": "5265877635-12345", "TIdWewnetrzny": "5265877635-12345",
	"TNrVatUE": "123456789", "TNrKRS": "0000123456", "TNrREGON": "123456785", "SWIFT_Type": "BREXPLPW", "TNrRB": "12345678901234567890123456",
	"TAdresEmail": "a@b.pl", "TNumerKSeF": "5265877635-20260201-010040741B3E-46", "IPKSeF": "123abcDEF4567",
	"LinkDoPlatnosci": "https://plac.example.pl/x?a=1&IPKSeF=123abcDEF4567", "NrID": "AB12", "TNrIdentyfikacjiPodatkowej": "AB12",
	"TNumerReferencyjny": "20260201-EE-1234567890-ABCDEF1234-0A",
	"TIdZlozonyVatUE":    "5265877635-DE123456789", "TIdDostawcyUslugPeppol": "PPL000001",
	"TSkrotDokumentu": "kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno=",
}

// value makes a legal value.
func (g *generator) value(e *facts.Element) string {
	if e.Fixed != "" {
		return e.Fixed
	}
	t := g.schema.Simple(e)
	if values := facts.Enumeration(t); len(values) > 0 {
		return values[g.pick(len(values))]
	}
	if e.Name == "NumerKSeFDokumentu" {
		g.n++
		return fmt.Sprintf("5265877635-20260201-%06d741B3E-46", g.n)
	}
	for _, name := range []string{e.Name, e.Type} {
		if v := patterned[name]; v != "" {
			return v
		}
	}
	switch t.Base {
	case "decimal":
		return "12.5"
	case "date":
		return "2026-02-01"
	case "dateTime":
		return "2026-02-01T10:30:00Z"
	case "integer", "nonNegativeInteger", "positiveInteger", "byte":
		return "7"
	}
	return "Zażółć ż"
}

// tables are the schemas that documents are generated for.
func tables(t testing.TB) map[Kind]*facts.Schema {
	t.Helper()
	made := map[Kind]*facts.Schema{}
	for _, f := range forms {
		schema, err := facts.Parse([]byte(f.facts()))
		if err != nil {
			t.Fatal(err)
		}
		made[f.kind] = schema
	}
	return made
}

// generated are documents that between them have every element and every branch
// of every choice: the smallest, the largest, and random ones.
func generated(schema *facts.Schema, random int) (docs []*node) {
	for branch := range 6 {
		docs = append(docs, (&generator{schema: schema, branch: branch}).document(), (&generator{schema: schema, branch: branch, full: true}).document())
	}
	for seed := range random {
		docs = append(docs, (&generator{schema: schema, rng: rand.New(rand.NewPCG(uint64(seed), 7))}).document())
	}
	return docs
}

// TestGenerated: what is made of the table is valid by the table.
func TestGenerated(t *testing.T) {
	t.Parallel()
	for kind, schema := range tables(t) {
		seen := map[string]bool{}
		for i, n := range generated(schema, 1500) {
			doc := n.append(nil, schema.Namespace)
			r := Document(doc, fileAndSchema)
			if r.Kind != kind || !r.Valid() || !Valid(doc, fileAndSchema) {
				t.Errorf("%s document %d: %s", kind, i, first(r))
			}
			n.each(func(parent, n *node) { seen[parent.name+"/"+n.name] = true })
		}
		if missing := unseen(schema, seen); len(missing) > 0 {
			t.Errorf("%s: never generated: %s", kind, strings.Join(missing, ", "))
		}
	}
}

func unseen(schema *facts.Schema, seen map[string]bool) (missing []string) {
	var walk func(e *facts.Element)
	walk = func(e *facts.Element) {
		items, _ := schema.Content(e)
		facts.Each(items, func(k *facts.Element) {
			if name := e.Name + "/" + k.Name; !seen[name] {
				missing = append(missing, name)
			}
			walk(k)
		})
	}
	walk(schema.Root)
	return missing
}
