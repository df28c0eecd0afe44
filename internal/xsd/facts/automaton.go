package facts

import "slices"

// Step is one element in the content of a struct; step 0 stands for the start
// tag, before any child.
type Step struct {
	Element     *Element
	Conditional bool  // inside a choice or a group that may be absent
	Follow      []int // the steps that may come next, without the step itself
	Last        bool  // the content may end after it
}

// Choice is a choice among the branches of a content, as sets of steps.
type Choice struct {
	Required bool
	First    []int   // the steps with which a branch can begin
	Branches [][]int // all the steps of each branch
}

// Steps lays the content of a struct out as an automaton in the manner of
// Glushkov: one state per element, which works because the schema language
// demands that an element's name decides where it belongs. It also lists the
// choices, inner ones before those around them.
func Steps(items []Item) ([]Step, []Choice) {
	b := &builder{steps: make([]Step, 1)}
	first, last, nullable := b.sequence(items, false)
	b.steps[0].Follow = first
	b.steps[0].Last = nullable
	for _, i := range last {
		b.steps[i].Last = true
	}
	return b.steps, b.choices
}

type builder struct {
	steps   []Step
	choices []Choice
}

// sequence adds items in order and returns the steps that can come first and
// last, and whether the whole may be absent.
func (b *builder) sequence(items []Item, conditional bool) (first, last []int, nullable bool) {
	nullable = true
	for _, it := range items {
		f, l, n := b.item(it, conditional)
		for _, i := range last {
			b.steps[i].Follow = append(b.steps[i].Follow, f...)
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
	var branches [][]int
	for _, it := range items {
		from := len(b.steps)
		f, l, n := b.item(it, true)
		var branch []int
		for i := from; i < len(b.steps); i++ {
			branch = append(branch, i)
		}
		branches = append(branches, branch)
		first, last = append(first, f...), append(last, l...)
		nullable = nullable || n
	}
	b.choices = append(b.choices, Choice{Required: !nullable, First: first, Branches: branches})
	return first, last, nullable
}

func (b *builder) item(it Item, conditional bool) (first, last []int, nullable bool) {
	if e := it.Element; e != nil {
		i := len(b.steps)
		b.steps = append(b.steps, Step{Element: e, Conditional: conditional})
		return []int{i}, []int{i}, e.Min == 0
	}
	g := it.Group
	if g.Choice {
		first, last, nullable = b.choice(g.Items)
		b.choices[len(b.choices)-1].Required = !nullable && g.Min > 0
	} else {
		first, last, nullable = b.sequence(g.Items, conditional || g.Min == 0)
	}
	return first, last, nullable || g.Min == 0
}

// SameSteps reports whether two automata accept the same children with the same
// types.
func SameSteps(a, b []Step) bool {
	return slices.EqualFunc(a, b, func(x, y Step) bool {
		if x.Last != y.Last || !slices.Equal(x.Follow, y.Follow) {
			return false
		}
		p, q := x.Element, y.Element
		if p == nil || q == nil {
			return p == q
		}
		return p.Name == q.Name && p.Min == q.Min && p.Max == q.Max && p.Type == q.Type && p.Type != "" &&
			slices.Equal(p.Facets, q.Facets) && p.Fixed == q.Fixed
	})
}
