package xsd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// Schema is a document type ready to validate documents. It is never changed
// and may be used by several goroutines.
type Schema struct {
	Namespace string
	Root      *Element

	shared string
	types  map[string]*namedType // by name, local types and shared ones alike
	places map[string][]*Element // elements with children by the names of their children
	unique []facts.Unique
}

// namedType is what xsi:type can name.
type namedType struct {
	of     string
	shared bool
	value  *Type // nil for types with children
}

// Element is an element at one place in the document type.
type Element struct {
	Name, Gloss string
	Min, Max    int   // how often it may occur; Max is -1 without limit
	Value       *Type // nil for an element with children
	Fixed       string

	content *content
	attrs   []attribute
	typ     string // named or built-in type; empty for an unnamed one
	unique  bool   // its values must differ
}

// Child is the declaration of a child by its name, nil if there is none.
func (e *Element) Child(name []byte) *Element {
	if e == nil || e.content == nil {
		return nil
	}
	for _, i := range e.content.names[string(name)] {
		return e.content.steps[i].el
	}
	return nil
}

// attribute is an attribute that an element may have.
type attribute struct {
	name, fixed string
	required    bool
	value       *Type
}

// content is the automaton over the children of an element; step 0 is its start.
type content struct {
	steps   []step
	choices []facts.Choice
	names   map[string][]int // steps by name
	reach   []stepSet        // the steps that can still come
}

type step struct {
	el     *Element // nil in step 0
	key    uint64   // of its name
	max    int32
	last   bool // the content may end here
	follow []edge
}

type edge struct {
	key uint64
	to  int32
}

// stepSet is a set of steps. No content has more than maxSteps.
type stepSet [2]uint64

const maxSteps = 128

func (s *stepSet) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *stepSet) has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

// nameKey is a number that tells names apart nearly always and is quick to
// compare.
func nameKey(b []byte) uint64 {
	n := len(b)
	switch {
	case n >= 8:
		return binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[n-8:])*0x9E3779B97F4A7C15 ^ uint64(n)
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<32 ^ uint64(n)
	case n > 0:
		return uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16 | uint64(n)<<24
	}
	return 0
}

// Compile makes a schema of a table of facts.
func Compile(f *facts.Schema) (*Schema, error) {
	c := &compiler{facts: f, contents: map[string]*content{}, schema: &Schema{
		Namespace: f.Namespace, shared: f.Shared, unique: f.Unique,
		types: map[string]*namedType{}, places: map[string][]*Element{},
	}}
	for _, t := range f.Types {
		value, err := compileType(t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
		c.schema.types[t.Name] = &namedType{of: t.Of, shared: t.Shared, value: value}
	}
	for _, t := range f.Structs {
		c.schema.types[t.Name] = &namedType{}
	}
	root, err := c.element(f.Root)
	if err != nil {
		return nil, err
	}
	c.schema.Root = root
	c.markUnique()
	return c.schema, nil
}

type compiler struct {
	facts    *facts.Schema
	schema   *Schema
	contents map[string]*content // of named types
}

func (c *compiler) element(f *facts.Element) (*Element, error) {
	e := &Element{Name: f.Name, Gloss: f.Gloss, Min: f.Min, Max: f.Max, Fixed: f.Fixed}
	if len(f.Facets) == 0 && len(f.Attrs) == 0 && !f.Own {
		e.typ = f.Type
	}
	err := c.attributes(e, f)
	if err != nil {
		return nil, err
	}
	if items, ok := c.facts.Content(f); ok {
		e.content, err = c.content(f.Type, items, e)
	} else {
		e.Value, err = c.value(f)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return e, nil
}

func (c *compiler) attributes(e *Element, f *facts.Element) error {
	for _, a := range f.Attrs {
		value, err := c.value(a)
		if err != nil {
			return fmt.Errorf("%s/@%s: %w", f.Name, a.Name, err)
		}
		e.attrs = append(e.attrs, attribute{name: a.Name, fixed: a.Fixed, required: a.Min > 0, value: value})
	}
	return nil
}

// value finds the simple type of an element, which is a named one unless the
// element restricts it.
func (c *compiler) value(f *facts.Element) (*Type, error) {
	if named := c.schema.types[f.Type]; named != nil && len(f.Facets) == 0 {
		return named.value, nil
	}
	return compileType(c.facts.Simple(f))
}

// content compiles the children of an element, for a named type once.
func (c *compiler) content(typ string, items []facts.Item, parent *Element) (*content, error) {
	if known := c.contents[typ]; known != nil && typ != "" {
		c.place(known, parent)
		return known, nil
	}
	steps, choices := facts.Steps(items)
	made := &content{names: map[string][]int{}, choices: choices, steps: make([]step, len(steps))}
	if len(steps) > maxSteps || !countable(items) {
		return nil, errors.New("content of a kind that is not provided for")
	}
	c.contents[typ] = made
	for i, s := range steps {
		if err := c.step(made, i, s); err != nil {
			return nil, err
		}
	}
	for i := range made.steps {
		for _, n := range steps[i].Follow {
			made.steps[i].follow = append(made.steps[i].follow, edge{made.steps[n].key, int32(n)})
		}
	}
	made.close()
	c.place(made, parent)
	return made, nil
}

func (c *compiler) step(made *content, i int, s facts.Step) error {
	made.steps[i].last = s.Last
	if s.Element == nil {
		return nil
	}
	e, err := c.element(s.Element)
	if err != nil {
		return err
	}
	most := int32(e.Max)
	if e.Max == facts.Unbounded {
		most = 1<<31 - 1
	}
	made.steps[i].el, made.steps[i].key, made.steps[i].max = e, nameKey([]byte(e.Name)), most
	made.names[e.Name] = append(made.names[e.Name], i)
	return nil
}

func (c *compiler) place(made *content, parent *Element) {
	for name := range made.names {
		c.schema.places[name] = append(c.schema.places[name], parent)
	}
}

// countable reports whether nothing but single elements repeats, and no element
// must occur more than once.
func countable(items []facts.Item) bool {
	return !slices.ContainsFunc(items, func(it facts.Item) bool {
		if g := it.Group; g != nil {
			return g.Max != 1 || g.Min > 1 || !countable(g.Items)
		}
		return it.Element.Min > 1
	})
}

// close computes which steps can be reached from which.
func (c *content) close() {
	c.reach = make([]stepSet, len(c.steps))
	for changed := true; changed; {
		changed = false
		for i := range c.steps {
			was := c.reach[i]
			for _, e := range c.steps[i].follow {
				c.reach[i].add(int(e.to))
				for w, bits := range c.reach[e.to] {
					c.reach[i][w] |= bits
				}
			}
			changed = changed || c.reach[i] != was
		}
	}
}

func (c *compiler) markUnique() {
	for _, u := range c.facts.Unique {
		for _, i := range c.schema.Root.content.names[u.Element] {
			child := c.schema.Root.content.steps[i].el
			for _, j := range child.content.names[u.Field] {
				child.content.steps[j].el.unique = true
			}
		}
	}
}
