package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// encoder writes the method that appends a struct's children.
func (g *generator) encoder(b *bytes.Buffer, s *goStruct) {
	fmt.Fprintf(b, "// appendTo appends the children of the element.\nfunc (v *%s) appendTo(b []byte) []byte {\n", s.name)
	for i, st := range s.steps[1:] {
		k := g.kindOf(st)
		name := st.Element.Name
		switch {
		case k == kindConst:
			g.encodeConst(b, s, i+1)
		case k == kindStruct:
			g.encodeStruct(b, st, s.kids[i+1])
		case st.Element.Max != 1:
			fmt.Fprintf(b, "for _, x := range v.%s {\nb = %s\n}\n", name, appendCall(k, g.goType(st, k), name, "x"))
		default:
			fmt.Fprintf(b, "b = %s\n", appendCall(k, g.goType(st, k), name, "v."+name))
		}
	}
	b.WriteString("return b\n}\n\n")
}

// encodeConst writes the only legal value in each version.
func (g *generator) encodeConst(b *bytes.Buffer, s *goStruct, i int) {
	now := fmt.Sprintf("b = append(b, `%s`...)\n", g.constant(s.steps[i].Element))
	was := g.wasConst(s, i)
	if was == nil {
		b.WriteString(now)
		return
	}
	field := ""
	for n := range s.steps[1:] {
		if g.isVariant(s, n+1) {
			field = s.steps[n+1].Element.Name
		}
	}
	old := &generator{schema: g.earlier}
	fmt.Fprintf(b, "if v.%s == VariantFA2 {\nb = append(b, `%s`...)\n} else {\n%s}\n", field, old.constant(was), now)
}

// constant is the whole element of a kindConst.
func (g *generator) constant(e *facts.Element) string {
	var b strings.Builder
	b.WriteString("<" + e.Name)
	for _, a := range e.Attrs {
		fmt.Fprintf(&b, ` %s="%s"`, a.Name, a.Fixed)
	}
	fmt.Fprintf(&b, ">%s</%s>", facts.Enumeration(g.schema.Simple(e))[0], e.Name)
	return b.String()
}

// appendCall is the call that appends one simple element.
func appendCall(k kind, typ, name, value string) string {
	switch k {
	case kindFlag:
		return fmt.Sprintf("appendFlag(b, \"<%s>1</%s>\", %s)", name, name, value)
	case kindCell:
		return fmt.Sprintf("appendCell(b, \"<%s>\", %s)", name, value)
	case kindYesNo:
		return fmt.Sprintf("appendYesNo(b, \"<%s>\", %s)", name, value)
	case kindNatural:
		return fmt.Sprintf("appendNatural(b, \"<%s>\", %s)", name, value)
	case kindDate:
		return fmt.Sprintf("appendDate(b, \"<%s>\", %s)", name, value)
	}
	if typ != "string" {
		value = "string(" + value + ")"
	}
	return fmt.Sprintf("appendText(b, \"<%s>\", %s)", name, value)
}

func (g *generator) encodeStruct(b *bytes.Buffer, st facts.Step, kid *goStruct) {
	name := st.Element.Name
	switch typ := fieldType(st, kid.name); typ[0] {
	case '[':
		fmt.Fprintf(b, "for i := range v.%s {\n", name)
		openClose(b, kid, name, "v."+name+"[i]")
		b.WriteString("}\n")
	case '*':
		fmt.Fprintf(b, "if v.%s != nil {\n", name)
		openClose(b, kid, name, "v."+name)
		b.WriteString("}\n")
	default:
		openClose(b, kid, name, "v."+name)
	}
}

func openClose(b *bytes.Buffer, kid *goStruct, name, value string) {
	if len(kid.attrs) == 0 {
		fmt.Fprintf(b, "b = append(b, \"<%s>\"...)\n", name)
	} else {
		fmt.Fprintf(b, "b = append(b, \"<%s\"...)\n", name)
		for _, a := range kid.attrs {
			fmt.Fprintf(b, "b = appendAttr(b, ` %s=\"`, string(%s.%s))\n", a.Name, value, a.Name)
		}
		b.WriteString("b = append(b, '>')\n")
	}
	fmt.Fprintf(b, "b = %s.appendTo(b)\nb = append(b, \"</%s>\"...)\n", value, name)
}
