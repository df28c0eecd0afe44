package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// element reads an element declaration.
func (src *source) element(n *node) (*facts.Element, error) {
	e := &facts.Element{Name: n.attrs["name"], Fixed: n.attrs["fixed"]}
	var err error
	if e.Min, e.Max, err = occurs(n); err != nil {
		return nil, err
	}
	if name := n.attrs["type"]; name != "" {
		e.Type = src.use(name)
		return e, nil
	}
	if c := n.child("complexType"); c != nil {
		err = src.complexType(c, e)
	} else if c := n.child("simpleType"); c != nil {
		err = src.inPlace(c, e)
	} else {
		err = errors.New("an element without type")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	return e, nil
}

// use notes that a named type is needed and returns its name without prefix.
func (src *source) use(name string) string {
	if src.simple[name] != nil || src.complex[name] != nil {
		src.used[name] = true
	}
	return name[strings.IndexByte(name, ':')+1:]
}

// inPlace reads a simple type declared inside an element. A base that another
// type of the same name hides is flattened.
func (src *source) inPlace(n *node, e *facts.Element) error {
	r := n.child("restriction")
	if r == nil {
		return errors.New("not a restriction")
	}
	base := r.attrs["base"]
	if plain, ok := strings.CutPrefix(base, "etd:"); ok && src.simple["tns:"+plain] != nil {
		t, err := src.restriction(n)
		if err != nil {
			return err
		}
		e.Type, e.Facets = t.Base, t.Facets
		return nil
	}
	flat, err := src.flatten(base)
	if err != nil {
		return err
	}
	e.Type, e.Facets = src.use(base), ownFacets(r, flat.Base)
	e.Own = len(e.Facets) == 0
	return nil
}

// complexType reads the content and the attributes of a complex type into e.
func (src *source) complexType(n *node, e *facts.Element) error {
	for _, c := range n.children {
		switch c.name {
		case "sequence", "choice":
			g, err := src.group(c)
			if err != nil {
				return err
			}
			if !g.Choice && g.Min == 1 && g.Max == 1 {
				e.Items = g.Items
			} else {
				e.Items = []facts.Item{{Group: g}}
			}
		case "attribute":
			if err := src.attribute(c, e); err != nil {
				return err
			}
		case "simpleContent", "complexContent":
			ext := c.child("extension")
			if ext == nil {
				return errors.New("content that is no extension")
			}
			e.Type = src.use(ext.attrs["base"])
			for _, a := range ext.children {
				if a.name != "attribute" {
					return errors.New("an extension by elements")
				}
				if err := src.attribute(a, e); err != nil {
					return err
				}
			}
			e.Own = len(e.Attrs) == 0
		default:
			return fmt.Errorf("unexpected %s in a complex type", c.name)
		}
	}
	return nil
}

// attribute reads an attribute. An enumeration declared in place becomes a named
// type, called after element and attribute.
func (src *source) attribute(n *node, e *facts.Element) error {
	a := &facts.Element{Name: n.attrs["name"], Max: 1, Fixed: n.attrs["fixed"], Type: "string"}
	if n.attrs["use"] == "required" {
		a.Min = 1
	}
	if c := n.child("simpleType"); c != nil {
		t, err := src.restriction(c)
		if err != nil {
			return err
		}
		t.Name = e.Name + a.Name
		a.Type = t.Name
		src.schema.Types = append(src.schema.Types, t)
	} else if name := n.attrs["type"]; name != "" {
		a.Type = src.use(name)
	}
	e.Attrs = append(e.Attrs, a)
	return nil
}

// group reads a sequence or a choice. A sequence of exactly one occurrence
// directly inside another sequence dissolves in it.
func (src *source) group(n *node) (*facts.Group, error) {
	g := &facts.Group{Choice: n.name == "choice"}
	var err error
	if g.Min, g.Max, err = occurs(n); err != nil {
		return nil, err
	}
	for _, c := range n.children {
		if c.name == "element" {
			e, err := src.element(c)
			if err != nil {
				return nil, err
			}
			g.Items = append(g.Items, facts.Item{Element: e})
			continue
		}
		inner, err := src.group(c)
		if err != nil {
			return nil, err
		}
		if once := inner.Min == 1 && inner.Max == 1; once && !inner.Choice && (!g.Choice || len(inner.Items) == 1) {
			g.Items = append(g.Items, inner.Items...)
			continue
		}
		g.Items = append(g.Items, facts.Item{Group: inner})
	}
	return g, nil
}

func occurs(n *node) (lo, hi int, err error) {
	lo, hi = 1, 1
	if v := n.attrs["minOccurs"]; v != "" {
		if lo, err = strconv.Atoi(v); err != nil {
			return 0, 0, err
		}
	}
	switch v := n.attrs["maxOccurs"]; v {
	case "":
	case "unbounded":
		hi = facts.Unbounded
	default:
		hi, err = strconv.Atoi(v)
	}
	return lo, hi, err
}
