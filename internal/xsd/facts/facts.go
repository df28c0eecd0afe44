// Package facts holds what we know about an XML document type: which elements
// there are, in what order and how often, and what their values look like.
//
//	schema, err := facts.Parse(table)       // the text of a table of facts
//	items, ok := schema.Content(schema.Root) // what the root may contain
//
// Tables are derived from official schemas by internal/fa3gen, which also writes
// Go code from them; internal/xsd validates documents with them. A table says
// the facts in our own notation and carries our own explanation of each element.
package facts

import (
	"slices"
	"strings"
)

// Unbounded is the Max of something that may be repeated without limit.
const Unbounded = -1

// Schema is everything we know about one document type.
type Schema struct {
	Namespace string
	Shared    string    // namespace of the types that come from another document; empty without any
	Files     []File    // which generated file holds which structs; our own choice
	Types     []*Type   // named simple types in order of name
	Structs   []*Struct // named complex types in order of name
	Root      *Element
	Unique    []Unique
}

// Unique says that among the root's children of one name a child of theirs never
// has the same value twice.
type Unique struct{ Element, Field string }

// File names a generated file and the Go structs in it.
type File struct {
	Name    string
	Structs []string
}

// Type is a named simple type, flattened down to a type built into XML Schema.
type Type struct {
	Name   string
	Base   string // string, token, decimal, date, …
	Facets []Facet
	Values []Value // enumeration
	Of     string  // the named type that this one restricts, if there is one
	Shared bool    // declared in the namespace of shared types
	As     string  // another type whose Go type stands for this one; our own choice
	Gloss  string
}

// Facet is one restriction of a simple type, by its XML Schema name. Several
// pattern facets are alternatives.
type Facet struct{ Name, Value string }

// Value is one legal value of an enumeration.
type Value struct {
	Value string
	Const string // name of the Go constant; empty for lists of codes
	Gloss string
}

// Struct is a named complex type.
type Struct struct {
	Name  string
	Gloss string
	Items []Item
}

// Element is an element where it may occur.
type Element struct {
	Name     string
	Min, Max int
	Type     string  // a named or built-in type; empty when Items says it all
	Own      bool    // of an unnamed type that is like Type without restricting it further
	Facets   []Facet // further restrictions of a simple type, made in place
	Fixed    string
	Attrs    []*Element // attributes; Max is 1
	Items    []Item     // content of a complex type given in place
	Gloss    string
}

// Group is a sequence or a choice that matters: a sequence that may be absent
// or is a branch of a choice.
type Group struct {
	Choice   bool
	Min, Max int
	Items    []Item
}

// Item is an element or a group.
type Item struct {
	Element *Element
	Group   *Group
}

// Type finds a named simple type.
func (s *Schema) Type(name string) *Type {
	for _, t := range s.Types {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Struct finds a named complex type.
func (s *Schema) Struct(name string) *Struct {
	for _, t := range s.Structs {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Content returns what an element may contain; ok is false for simple elements.
func (s *Schema) Content(e *Element) (items []Item, ok bool) {
	if e.Type == "" {
		return e.Items, true
	}
	if named := s.Struct(e.Type); named != nil {
		return named.Items, true
	}
	return nil, false
}

// Simple resolves the simple type of an element: the built-in base and all
// facets, those given in place overriding those of the named type.
func (s *Schema) Simple(e *Element) *Type {
	named := s.Type(e.Type)
	if named == nil {
		return &Type{Base: e.Type, Facets: e.Facets}
	}
	flat := *named
	flat.Facets = Override(named.Facets, e.Facets)
	return &flat
}

// Override returns base with the facets of derived in place of its own of the
// same name.
func Override(base, derived []Facet) []Facet {
	kept := slices.DeleteFunc(slices.Clone(base), func(f Facet) bool {
		return slices.ContainsFunc(derived, func(d Facet) bool { return d.Name == f.Name })
	})
	kept = append(kept, derived...)
	slices.SortStableFunc(kept, func(a, b Facet) int { return Rank(a.Name) - Rank(b.Name) })
	return kept
}

// facetOrder is the order in which facets are written.
var facetOrder = strings.Fields("whiteSpace length minLength maxLength totalDigits fractionDigits " +
	"minExclusive minInclusive maxInclusive maxExclusive pattern enum")

// Rank is the place of a facet in the order in which facets are written, -1 for an
// unknown one.
func Rank(name string) int { return slices.Index(facetOrder, name) }

// All returns the values of the facets of that name.
func All(list []Facet, name string) (values []string) {
	for _, f := range list {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

// First returns the value of the only facet of that name, "" without one.
func First(list []Facet, name string) string {
	if v := All(list, name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Enumeration returns the legal values of a resolved simple type, nil when it
// is not an enumeration.
func Enumeration(t *Type) []string {
	values := All(t.Facets, "enum")
	for _, v := range t.Values {
		values = append(values, v.Value)
	}
	return values
}

// Each calls f for every element below items, in document order.
func Each(items []Item, f func(*Element)) {
	for _, it := range items {
		if it.Group != nil {
			Each(it.Group.Items, f)
			continue
		}
		f(it.Element)
	}
}

// WhiteSpace is the treatment of white space by a built-in type.
func WhiteSpace(builtin string) string {
	switch builtin {
	case "string":
		return "preserve"
	case "normalizedString":
		return "replace"
	}
	return "collapse"
}
