package main

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// decoder writes the method that reads a struct's children.
func (g *generator) decoder(b *bytes.Buffer, s *goStruct) {
	fmt.Fprintf(b, "// read%s reads the element whose start tag is the current token.\n", s.name)
	fmt.Fprintf(b, "func (d *decoder) read%s(v *%s) {\n", s.name, s.name)
	for _, a := range s.attrs {
		fmt.Fprintf(b, "v.%s = %s(d.attr(%q))\n", a.Name, a.Type, a.Name)
	}
	automaton := "content" + s.name
	if s.differs() {
		automaton = fmt.Sprintf("either(d, content%s, content%sFA2)", s.name, s.name)
	}
	fmt.Fprintf(b, "d.enter(%s)\nfor {\nswitch d.child() {\n", automaton)
	for i := range s.steps[1:] {
		fmt.Fprintf(b, "case %d:\n", i+1)
		g.decodeStep(b, s, i+1)
	}
	b.WriteString("default:\nreturn\n}\n}\n}\n\n")
}

func (g *generator) decodeStep(b *bytes.Buffer, s *goStruct, i int) {
	st := s.steps[i]
	e := st.Element
	k := g.kindOf(st)
	switch {
	case k == kindConst:
		g.decodeConst(b, s, i)
	case k == kindStruct && s.wasText(i):
		fmt.Fprintf(b, "v.%s = new(%s)\nif d.fa2() {\nd.read%sFA2(v.%s)\ncontinue\n}\n", e.Name, s.kids[i].name, e.Name, e.Name)
		fmt.Fprintf(b, "d.read%s(v.%s)\n", s.kids[i].name, e.Name)
	case k == kindStruct:
		decodeStruct(b, st, s.kids[i])
	case e.Max != 1:
		fmt.Fprintf(b, "v.%s = append(v.%s, %s)\n", e.Name, e.Name, g.readCall(st, k))
	default:
		fmt.Fprintf(b, "v.%s = %s\n", e.Name, g.readCall(st, k))
	}
}

// decodeConst writes the check of the only legal value in each version.
func (g *generator) decodeConst(b *bytes.Buffer, s *goStruct, i int) {
	e := s.steps[i].Element
	was := g.wasConst(s, i)
	for n, a := range e.Attrs {
		want := strconv.Quote(a.Fixed)
		if was != nil && was.Attrs[n].Fixed != a.Fixed {
			want = fmt.Sprintf("either(d, %q, %q)", a.Fixed, was.Attrs[n].Fixed)
		}
		fmt.Fprintf(b, "d.sameAttr(%q, %s)\n", a.Name, want)
	}
	t := g.schema.Simple(e)
	call := "textValue()"
	if t.Base == "byte" || t.Base == "integer" {
		call = "intCode()"
	}
	want := strconv.Quote(facts.Enumeration(t)[0])
	if g.isVariant(s, i) {
		fmt.Fprintf(b, "v.%s = d.variant\n", e.Name)
		want = fmt.Sprintf("either(d, %s, %q)", want, facts.Enumeration(g.earlier.Simple(was))[0])
	}
	fmt.Fprintf(b, "d.same(d.%s, %s)\n", call, want)
}

func decodeStruct(b *bytes.Buffer, st facts.Step, kid *goStruct) {
	name := st.Element.Name
	switch fieldType(st, kid.name)[0] {
	case '[':
		fmt.Fprintf(b, "d.read%s(more(d, &v.%s))\n", kid.name, name)
	case '*':
		fmt.Fprintf(b, "v.%s = new(%s)\nd.read%s(v.%s)\n", name, kid.name, kid.name, name)
	default:
		fmt.Fprintf(b, "d.read%s(&v.%s)\n", kid.name, name)
	}
}

// readCall is the expression that reads one simple value.
func (g *generator) readCall(st facts.Step, k kind) string {
	call := map[kind]string{
		kindText: "textValue()", kindReplaced: "replaced()", kindToken: "token()", kindCell: "cell()",
		kindCode: "token()", kindIntCode: "intCode()", kindFlag: "flag()", kindYesNo: "yesNo()",
		kindDecimal: "decimal()", kindNatural: "natural()", kindInteger: "integer()",
		kindDate: "date()", kindDateTime: "dateTime()",
	}[k]
	if st.Element.Fixed != "" {
		call = fmt.Sprintf("fixed(%q)", st.Element.Fixed)
	}
	typ := g.goType(st, k)
	switch k {
	case kindText, kindReplaced, kindToken, kindCell, kindCode, kindIntCode:
		if typ != "string" {
			return fmt.Sprintf("%s(d.%s)", typ, call)
		}
	}
	return "d." + call
}

// content writes the automaton that the decoder runs over a struct's children.
func content(b *bytes.Buffer, s *goStruct) {
	fmt.Fprintf(b, "// content%s says which children of %s may follow which.\n", s.name, s.name)
	fmt.Fprintf(b, "var content%s = content{\n", s.name)
	for _, st := range s.steps {
		contentStep(b, st)
	}
	b.WriteString("}\n\n")
}

func contentStep(b *bytes.Buffer, st facts.Step) {
	b.WriteString("{")
	if e := st.Element; e != nil {
		limit := e.Max
		if limit == facts.Unbounded {
			limit = math.MaxInt32
		}
		fmt.Fprintf(b, "name: %q, max: %d, ", e.Name, limit)
	}
	if e := st.Element; e != nil && len(e.Attrs) > 0 {
		b.WriteString("attrs: []string{")
		for _, a := range e.Attrs {
			fmt.Fprintf(b, "%q,", a.Name)
		}
		b.WriteString("}, ")
	}
	if len(st.Follow) > 0 {
		b.WriteString("follow: []uint8{")
		for i, n := range st.Follow {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "%d", n)
		}
		b.WriteString("}, ")
	}
	if st.Last {
		b.WriteString("last: true")
	}
	b.WriteString("},\n")
}
