package main

import "slices"

// step is one element in the content of a struct; step 0 stands for the start
// tag, before any child.
type step struct {
	element     *Element
	conditional bool  // inside a choice or a group that may be absent
	follow      []int // the steps that may come next, without the step itself
	last        bool  // the content may end after it
}

// steps lays the content of a struct out as an automaton in the manner of
// Glushkov: one state per element, which works because the schema language
// demands that an element's name decides where it belongs.
func steps(items []Item) []step {
	b := &builder{steps: make([]step, 1)}
	first, last, nullable := b.sequence(items, false)
	b.steps[0].follow = first
	b.steps[0].last = nullable
	for _, i := range last {
		b.steps[i].last = true
	}
	return b.steps
}

type builder struct{ steps []step }

// sequence adds items in order and returns the steps that can come first and
// last, and whether the whole may be absent.
func (b *builder) sequence(items []Item, conditional bool) (first, last []int, nullable bool) {
	nullable = true
	for _, it := range items {
		f, l, n := b.item(it, conditional)
		for _, i := range last {
			b.steps[i].follow = append(b.steps[i].follow, f...)
		}
		if nullable {
			first = append(first, f...)
		}
		if !n {
			last = nil
		}
		last = append(last, l...)
		nullable = nullable && n
	}
	return first, last, nullable
}

func (b *builder) choice(items []Item) (first, last []int, nullable bool) {
	for _, it := range items {
		f, l, n := b.item(it, true)
		first, last = append(first, f...), append(last, l...)
		nullable = nullable || n
	}
	return first, last, nullable
}

func (b *builder) item(it Item, conditional bool) (first, last []int, nullable bool) {
	if e := it.Element; e != nil {
		i := len(b.steps)
		b.steps = append(b.steps, step{element: e, conditional: conditional})
		return []int{i}, []int{i}, e.Min == 0
	}
	g := it.Group
	if g.Choice {
		first, last, nullable = b.choice(g.Items)
	} else {
		first, last, nullable = b.sequence(g.Items, conditional || g.Min == 0)
	}
	return first, last, nullable || g.Min == 0
}

// sameSteps reports whether two automata accept the same children with the same
// types.
func sameSteps(a, b []step) bool {
	return slices.EqualFunc(a, b, func(x, y step) bool {
		if x.last != y.last || !slices.Equal(x.follow, y.follow) {
			return false
		}
		p, q := x.element, y.element
		if p == nil || q == nil {
			return p == q
		}
		return p.Name == q.Name && p.Min == q.Min && p.Max == q.Max && p.Type == q.Type && p.Type != "" &&
			slices.Equal(p.Facets, q.Facets) && p.Fixed == q.Fixed
	})
}
