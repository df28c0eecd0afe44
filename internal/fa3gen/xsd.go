package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// node is an element of a schema document; annotations are dropped on reading.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// usePrefix makes the document say prefix for a namespace in names of types, in
// place of what it declares.
func (n *node) usePrefix(namespace, prefix string) {
	for declared, uri := range n.attrs {
		if uri == namespace && declared != "targetNamespace" {
			n.replacePrefix(declared+":", prefix+":")
		}
	}
}

func (n *node) replacePrefix(from, to string) {
	for _, a := range []string{"type", "base"} {
		if rest, ok := strings.CutPrefix(n.attrs[a], from); ok {
			n.attrs[a] = to + rest
		}
	}
	for _, c := range n.children {
		c.replacePrefix(from, to)
	}
}

// readNode reads one schema document.
func readNode(file string) (*node, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	top := new(node)
	stack := []*node{top}
	for len(stack) > 1 || len(top.children) == 0 {
		tok, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if t.Name.Local == "annotation" {
				if err := d.Skip(); err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
				continue
			}
			n := &node{name: t.Name.Local, attrs: map[string]string{}}
			for _, a := range t.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			parent := stack[len(stack)-1]
			parent.children = append(parent.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	return top.children[0], nil
}

// source is a schema with everything it imports, by prefixed name. The prefixes
// of the Ministry's schemas are the same in all files: tns for the document's
// own namespace, etd for the shared types.
type source struct {
	simple, complex map[string]*node
	schema          *facts.Schema
	used            map[string]bool
}

// ReadXSD derives the facts from a schema file. Imported files are looked for by
// base name beside it and in its folder bazowe.
func ReadXSD(file string) (*facts.Schema, error) {
	top, err := readNode(file)
	if err != nil {
		return nil, err
	}
	src := &source{simple: map[string]*node{}, complex: map[string]*node{}, used: map[string]bool{}}
	src.schema = &facts.Schema{Namespace: top.attrs["targetNamespace"]}
	top.usePrefix(src.schema.Namespace, "tns")
	if err := src.collect(top, "tns:", filepath.Dir(file)); err != nil {
		return nil, err
	}
	root := top.child("element")
	if root == nil {
		return nil, errors.New("the schema declares no element")
	}
	src.schema.Root, err = src.element(root)
	if err != nil {
		return nil, err
	}
	src.unique(root)
	if err := src.named(); err != nil {
		return nil, err
	}
	return src.schema, nil
}

// collect indexes the named types of a schema document and of what it imports.
func (src *source) collect(top *node, prefix, dir string) error {
	for _, n := range top.children {
		switch n.name {
		case "simpleType":
			src.simple[prefix+n.attrs["name"]] = n
		case "complexType":
			src.complex[prefix+n.attrs["name"]] = n
		case "import", "include":
			next, err := readImported(n.attrs["schemaLocation"], dir)
			if err != nil {
				return err
			}
			p := prefix
			if n.name == "import" {
				p = "etd:"
				src.schema.Shared = n.attrs["namespace"]
			}
			if err := src.collect(next, p, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func readImported(location, dir string) (*node, error) {
	base := path.Base(location)
	n, err := readNode(filepath.Join(dir, "bazowe", base))
	if errors.Is(err, os.ErrNotExist) {
		return readNode(filepath.Join(dir, base))
	}
	return n, err
}

// named adds the named types that the document uses, and what those use.
func (src *source) named() error {
	done := map[string]bool{}
	for len(done) < len(src.used) {
		src.useDerived()
		for _, name := range slices.Sorted(maps.Keys(src.used)) {
			if done[name] {
				continue
			}
			done[name] = true
			if err := src.add(name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	s := src.schema
	for _, t := range s.Types {
		t.Of = src.restricts(qualified(t))
	}
	slices.SortFunc(s.Types, func(a, b *facts.Type) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Structs, func(a, b *facts.Struct) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// useDerived adds the types that restrict a used one: xsi:type may name them.
func (src *source) useDerived() {
	for name := range src.simple {
		if of := src.restricts(name); of != "" {
			src.used[name] = true
		}
	}
}

// qualified is the name of a type as the schema document says it.
func qualified(t *facts.Type) string {
	if t.Shared {
		return "etd:" + t.Name
	}
	return "tns:" + t.Name
}

// restricts returns the used named type that a simple type restricts, "" if
// there is none.
func (src *source) restricts(name string) string {
	n := src.simple[name]
	if n == nil { // an enumeration of an attribute
		return ""
	}
	r := n.child("restriction")
	if r == nil || !src.used[r.attrs["base"]] {
		return ""
	}
	_, plain, _ := strings.Cut(r.attrs["base"], ":")
	return plain
}

// unique reads a constraint that the root declares.
func (src *source) unique(root *node) {
	if u := root.child("unique"); u != nil {
		_, element, _ := strings.Cut(u.child("selector").attrs["xpath"], ":")
		_, field, _ := strings.Cut(u.child("field").attrs["xpath"], ":")
		src.schema.Unique = append(src.schema.Unique, facts.Unique{Element: element, Field: field})
	}
}

func (src *source) add(name string) error {
	plain := name[strings.IndexByte(name, ':')+1:]
	if n := src.complex[name]; n != nil {
		e := new(facts.Element)
		if err := src.complexType(n, e); err != nil {
			return err
		}
		src.schema.Structs = append(src.schema.Structs, &facts.Struct{Name: plain, Items: e.Items})
		return nil
	}
	t, err := src.flatten(name)
	if err != nil {
		return err
	}
	if src.schema.Type(plain) != nil {
		return errors.New("two types of that name are used")
	}
	t.Name, t.Shared = plain, strings.HasPrefix(name, "etd:")
	src.schema.Types = append(src.schema.Types, t)
	return nil
}

// flatten follows restrictions down to a built-in type.
func (src *source) flatten(name string) (*facts.Type, error) {
	n := src.simple[name]
	if n == nil {
		if strings.HasPrefix(name, "tns:") || strings.HasPrefix(name, "etd:") {
			return nil, errors.New("no such type")
		}
		return &facts.Type{Base: name[strings.IndexByte(name, ':')+1:]}, nil
	}
	return src.restriction(n)
}

// restriction reads a simpleType node.
func (src *source) restriction(n *node) (*facts.Type, error) {
	if u := n.child("union"); u != nil {
		return src.union(u)
	}
	r := n.child("restriction")
	if r == nil {
		return nil, errors.New("a simple type that is neither restriction nor union")
	}
	base, err := src.flatten(r.attrs["base"])
	if err != nil {
		return nil, err
	}
	own := ownFacets(r, base.Base)
	if facts.First(own, "pattern") != "" && facts.First(base.Facets, "pattern") != "" {
		return nil, errors.New("patterns on two levels")
	}
	base.Facets = facts.Override(base.Facets, own)
	if values := facts.All(own, "enum"); values != nil {
		base.Facets = slices.DeleteFunc(base.Facets, func(f facts.Facet) bool { return f.Name == "enum" })
		base.Values = nil
		for _, v := range values {
			base.Values = append(base.Values, facts.Value{Value: v})
		}
	}
	return base, nil
}

// union joins member types that differ only in their patterns.
func (src *source) union(u *node) (*facts.Type, error) {
	var joined *facts.Type
	for _, c := range u.children {
		t, err := src.restriction(c)
		if err != nil {
			return nil, err
		}
		if joined == nil {
			joined = t
			continue
		}
		if t.Base != joined.Base || len(t.Facets) != 1 || t.Facets[0].Name != "pattern" {
			return nil, errors.New("a union of more than patterns")
		}
		joined.Facets = append(joined.Facets, t.Facets...)
	}
	return joined, nil
}

// ownFacets reads the facets of one restriction, leaving out a whiteSpace that
// the built-in type has anyway.
func ownFacets(r *node, builtin string) (list []facts.Facet) {
	for _, c := range r.children {
		f := facts.Facet{Name: c.name, Value: c.attrs["value"]}
		switch {
		case c.name == "enumeration":
			f.Name = "enum"
		case facts.Rank(c.name) < 0:
			continue
		case c.name == "whiteSpace" && facts.WhiteSpace(builtin) == f.Value:
			continue
		}
		list = append(list, f)
	}
	return list
}
