package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// model writes the Go struct.
func (g *generator) model(b *bytes.Buffer, s *goStruct) {
	fmt.Fprintf(b, "// %s is %s: %s.\ntype %s struct {\n", s.name, s.origin, s.gloss, s.name)
	for _, a := range s.attrs {
		fmt.Fprintf(b, "%s %s // attribute: %s\n", a.Name, a.Type, a.Gloss)
	}
	for i, st := range s.steps[1:] {
		k := g.kindOf(st)
		if g.isVariant(s, i+1) {
			fmt.Fprintf(b, "%s Variant // which version this is, FA(3) when zero\n", st.Element.Name)
		}
		if k == kindConst {
			continue
		}
		typ := ""
		if kid := s.kids[i+1]; kid != nil {
			typ = fieldType(st, kid.name)
		} else {
			typ = g.goType(st, k)
			if st.Element.Max != 1 {
				typ = "[]" + typ
			}
		}
		fmt.Fprintf(b, "%s %s // %s\n", st.Element.Name, typ, g.comment(st, k))
	}
	b.WriteString("}\n\n")
}

// fieldType is the type of a field that holds a struct.
func fieldType(st facts.Step, name string) string {
	switch {
	case st.Element.Max != 1:
		return "[]" + name
	case st.Element.Min == 0 || st.Conditional:
		return "*" + name
	}
	return name
}

// comment is a field's meaning with what the schema demands.
func (g *generator) comment(st facts.Step, k kind) string {
	e := st.Element
	words := []string{}
	switch {
	case e.Max == facts.Unbounded:
		words = append(words, "any number")
	case e.Max > 1:
		words = append(words, fmt.Sprintf("at most %d", e.Max))
	case e.Min == 0 || st.Conditional:
	default:
		words = append(words, "required")
	}
	if k != kindStruct {
		if l := g.limits(e); l != "" {
			words = append(words, l)
		}
	}
	if e.Fixed != "" {
		words = append(words, "always "+e.Fixed)
	}
	if len(words) == 0 {
		return e.Gloss
	}
	return fmt.Sprintf("%s [%s]", e.Gloss, strings.Join(words, "; "))
}

// values writes the enumerations.
func (g *generator) values() []byte {
	var b bytes.Buffer
	for _, t := range g.schema.Types {
		if !g.enumerated(t) {
			continue
		}
		g.enumType(&b, t)
	}
	return b.Bytes()
}

// enumerated reports whether a type becomes a Go type with values of its own.
func (g *generator) enumerated(t *facts.Type) bool {
	if len(t.Values) < 2 || t.As != "" {
		return false
	}
	return t.Base != "byte"
}

func (g *generator) enumType(b *bytes.Buffer, t *facts.Type) {
	fmt.Fprintf(b, "// %s is the schema's type of that name: %s.\ntype %s string\n\n", t.Name, t.Gloss, t.Name)
	if t.Values[0].Const != "" {
		fmt.Fprintf(b, "// Values of %s.\nconst (\n", t.Name)
		for _, v := range t.Values {
			fmt.Fprintf(b, "%s %s = %q // %s\n", v.Const, t.Name, v.Value, v.Gloss)
		}
		b.WriteString(")\n\n")
	}
	fmt.Fprintf(b, "// Valid reports whether the schema lists v.\nfunc (v %s) Valid() bool {\nswitch v {\ncase ", t.Name)
	for i, v := range t.Values {
		switch {
		case i == 0:
		case i%8 == 0:
			b.WriteString(",\n")
		default:
			b.WriteString(", ")
		}
		if v.Const != "" {
			b.WriteString(v.Const)
		} else {
			fmt.Fprintf(b, "%q", v.Value)
		}
	}
	b.WriteString(":\nreturn true\n}\nreturn false\n}\n\n")
}
