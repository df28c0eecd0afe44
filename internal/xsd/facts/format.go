package facts

import (
	"bytes"
	"fmt"
	"strings"
)

const heading = `# Facts about one XML document type: which elements there are, in what order and
# how often, and what their values look like. Read by internal/xsd, which
# validates documents with it, and by internal/fa3gen, which writes the Go model,
# encoder and decoder from it.
#
#   NAME CARDINALITY TYPE FACET=… | meaning      an element; its content is indented below
#   @NAME CARDINALITY TYPE | meaning             an attribute of the element above
#   group CARDINALITY, choice CARDINALITY        all of these in order, one of these
#   unique NAME FIELD                            no two NAMEs of the root share a FIELD
#
# Of a type: "shared" says that it belongs to the shared namespace, "of" which
# named type it restricts. Of an element: "own" says that its type is unnamed
# although it is like the one given.
#
# Cardinality: 1, ? (0..1), or MIN..MAX with * for no limit. A type without
# facets is a type listed here or built into XML Schema; several patterns are
# alternatives. Meanings, names of constants, files and "as" are written by hand
# and kept when the facts are derived anew.
`

// Format writes a schema as text that Parse reads back.
func Format(s *Schema) []byte {
	var b bytes.Buffer
	b.WriteString(heading)
	fmt.Fprintf(&b, "\nnamespace %s\n", s.Namespace)
	if s.Shared != "" {
		fmt.Fprintf(&b, "shared %s\n", s.Shared)
	}
	for _, u := range s.Unique {
		fmt.Fprintf(&b, "unique %s %s\n", u.Element, u.Field)
	}
	b.WriteByte('\n')
	for _, f := range s.Files {
		fmt.Fprintf(&b, "file %s %s\n", f.Name, strings.Join(f.Structs, " "))
	}
	if len(s.Files) > 0 {
		b.WriteByte('\n')
	}
	for _, t := range s.Types {
		formatType(&b, t)
	}
	for _, t := range s.Structs {
		fmt.Fprintf(&b, "\nstruct %s%s\n", t.Name, gloss(t.Gloss))
		formatItems(&b, t.Items, 1)
	}
	b.WriteString("\nroot\n")
	formatItems(&b, []Item{{Element: s.Root}}, 1)
	return b.Bytes()
}

func formatType(b *bytes.Buffer, t *Type) {
	fmt.Fprintf(b, "type %s %s", t.Name, t.Base)
	if t.Shared {
		b.WriteString(" " + sharedWord)
	}
	if t.Of != "" {
		fmt.Fprintf(b, " of=%s", t.Of)
	}
	b.WriteString(formatFacets(t.Facets))
	if t.As != "" {
		fmt.Fprintf(b, " as=%s", quote(t.As))
	}
	fmt.Fprintf(b, "%s\n", gloss(t.Gloss))
	line := ""
	for _, v := range t.Values {
		if v.Const != "" || v.Gloss != "" {
			fmt.Fprintf(b, "  value %s %s%s\n", quote(v.Value), v.Const, gloss(v.Gloss))
			continue
		}
		if line += " " + quote(v.Value); len(line) > 90 {
			fmt.Fprintf(b, "  codes%s\n", line)
			line = ""
		}
	}
	if line != "" {
		fmt.Fprintf(b, "  codes%s\n", line)
	}
}

func formatItems(b *bytes.Buffer, items []Item, depth int) {
	indent := strings.Repeat("  ", depth)
	for _, it := range items {
		if g := it.Group; g != nil {
			word := "group"
			if g.Choice {
				word = "choice"
			}
			fmt.Fprintf(b, "%s%s %s\n", indent, word, Cardinality(g.Min, g.Max))
			formatItems(b, g.Items, depth+1)
			continue
		}
		formatElement(b, it.Element, indent, "")
		for _, a := range it.Element.Attrs {
			formatElement(b, a, indent+"  ", "@")
		}
		formatItems(b, it.Element.Items, depth+1)
	}
}

func formatElement(b *bytes.Buffer, e *Element, indent, mark string) {
	typ := e.Type
	if typ == "" {
		typ = "struct"
	}
	fmt.Fprintf(b, "%s%s%s %s %s", indent, mark, e.Name, Cardinality(e.Min, e.Max), typ)
	if e.Own {
		b.WriteString(" " + ownWord)
	}
	b.WriteString(formatFacets(e.Facets))
	if e.Fixed != "" {
		fmt.Fprintf(b, " fixed=%s", quote(e.Fixed))
	}
	fmt.Fprintf(b, "%s\n", gloss(e.Gloss))
}

func formatFacets(list []Facet) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, " %s=%s", f.Name, quote(f.Value))
	}
	return b.String()
}

// Cardinality writes how often something may occur.
func Cardinality(lo, hi int) string {
	switch {
	case lo == 1 && hi == 1:
		return "1"
	case lo == 0 && hi == 1:
		return "?"
	case hi == Unbounded:
		return fmt.Sprintf("%d..*", lo)
	}
	return fmt.Sprintf("%d..%d", lo, hi)
}

func gloss(s string) string {
	if s == "" {
		return ""
	}
	return " | " + s
}

// quote puts back quotes around a value that is not a plain word.
func quote(s string) string {
	if s == "" || strings.ContainsAny(s, " |\"\\") {
		return "`" + s + "`"
	}
	return s
}
