package main

import (
	"slices"
	"strings"
)

// Unbounded is the Max of something that may be repeated without limit.
const Unbounded = -1

// Schema is everything we know about one document type.
type Schema struct {
	Namespace string
	Files     []File    // which generated file holds which structs; our own choice
	Types     []*Type   // named simple types in order of name
	Structs   []*Struct // named complex types in order of name
	Root      *Element
}

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
	flat.Facets = override(named.Facets, e.Facets)
	return &flat
}

// override returns base with the facets of derived in place of its own of the
// same name.
func override(base, derived []Facet) []Facet {
	kept := slices.DeleteFunc(slices.Clone(base), func(f Facet) bool {
		return slices.ContainsFunc(derived, func(d Facet) bool { return d.Name == f.Name })
	})
	kept = append(kept, derived...)
	slices.SortStableFunc(kept, func(a, b Facet) int { return facetRank(a.Name) - facetRank(b.Name) })
	return kept
}

// facetOrder is the order in which facets are written.
var facetOrder = strings.Fields("whiteSpace length minLength maxLength totalDigits fractionDigits " +
	"minExclusive minInclusive maxInclusive maxExclusive pattern enum")

func facetRank(name string) int { return slices.Index(facetOrder, name) }

// facets returns the values of the facets of that name.
func facets(list []Facet, name string) (values []string) {
	for _, f := range list {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

// facet returns the value of the only facet of that name, "" without one.
func facet(list []Facet, name string) string {
	if v := facets(list, name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// enumeration returns the legal values of a resolved simple type, nil when it
// is not an enumeration.
func enumeration(t *Type) []string {
	values := facets(t.Facets, "enum")
	for _, v := range t.Values {
		values = append(values, v.Value)
	}
	return values
}

// each calls f for every element below items, in document order.
func each(items []Item, f func(*Element)) {
	for _, it := range items {
		if it.Group != nil {
			each(it.Group.Items, f)
			continue
		}
		f(it.Element)
	}
}
