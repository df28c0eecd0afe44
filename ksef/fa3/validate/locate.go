package validate

import (
	"slices"
	"strconv"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd"
)

// locate gives problems, in order of their offsets, line, column and path. It
// reads the document once for all of them.
func locate(doc []byte, schema *xsd.Schema, problems []Problem) {
	positions(doc, problems)
	wanted := make([]*Problem, 0, len(problems))
	for i := range problems {
		if p := &problems[i]; p.Path == "" {
			if p.elem < 0 {
				p.elem = p.offset
			}
			wanted = append(wanted, p)
		}
	}
	slices.SortStableFunc(wanted, func(a, b *Problem) int { return a.elem - b.elem })
	w := newWalker(doc, schema)
	for w.next() && len(wanted) > 0 {
		for len(wanted) > 0 && wanted[0].elem < w.reach {
			wanted[0].Path = w.path(wanted[0].attr)
			wanted = wanted[1:]
		}
		w.apply()
	}
	for _, p := range wanted {
		p.Path = w.path(p.attr)
	}
}

// positions counts lines and columns from one offset to the next.
func positions(doc []byte, problems []Problem) {
	line, column, last := 1, 1, 0
	for i := range problems {
		p := &problems[i]
		at := max(last, min(p.offset, len(doc)))
		l, c := xmlscan.Position(doc[last:], at-last)
		if l > 1 {
			line, column = line+l-1, c
		} else {
			column += c - 1
		}
		last = at
		if p.offset >= 0 {
			p.Line, p.Column = line, column
		}
	}
}

// walker follows the path of the innermost open element through a document.
type walker struct {
	scan  *xmlscan.Scanner
	kind  xmlscan.Kind
	root  *xsd.Element
	open  []place
	reach int // offsets below it belong to the element that is open before apply
}

// place is an open element.
type place struct {
	name     string
	index    int // among siblings of its name, from 1
	decl     *xsd.Element
	children map[string]int
}

func newWalker(doc []byte, schema *xsd.Schema) *walker {
	w := &walker{scan: xmlscan.New(doc, xmlscan.Config{})}
	if schema != nil {
		w.root = schema.Root
	}
	return w
}

// next reads the next token and leaves it to apply to follow it. It is false at
// the end.
func (w *walker) next() bool {
	kind, err := w.scan.Next()
	w.kind = kind
	w.reach = w.scan.EndOffset()
	if kind == xmlscan.Start {
		w.reach = w.scan.Offset()
	}
	return err == nil && kind != xmlscan.EOF
}

func (w *walker) apply() {
	switch w.kind {
	case xmlscan.Start:
		w.push(w.scan.Local())
	case xmlscan.End:
		w.open = w.open[:len(w.open)-1]
	}
}

func (w *walker) push(local []byte) {
	p := place{name: string(local), index: 1}
	if len(w.open) == 0 {
		if w.root != nil && w.root.Name == p.name {
			p.decl = w.root
		}
	} else {
		parent := &w.open[len(w.open)-1]
		if parent.children == nil {
			parent.children = map[string]int{}
		}
		parent.children[p.name]++
		p.index = parent.children[p.name]
		p.decl = parent.decl.Child(local)
	}
	w.open = append(w.open, p)
}

// path is the XPath of the innermost open element, or of its attribute. An
// element that may be repeated has an index, and one that is.
func (w *walker) path(attr string) string {
	var b []byte
	for i, p := range w.open {
		b = append(append(b, '/'), shownName(p.name)...)
		if i > 0 && (p.index > 1 || p.decl != nil && p.decl.Max != 1) {
			b = append(strconv.AppendInt(append(b, '['), int64(p.index), 10), ']')
		}
	}
	if attr != "" {
		b = append(append(b, "/@"...), shownName(attr)...)
	}
	return string(b)
}
