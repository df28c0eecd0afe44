package main

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// The decoder reads documents of the version before, FA(2), into the model of
// this one. Their automata are written with the step numbers of this version, so
// that the code that reads the children is the same.

// stepsBefore lays out the content of an element of the version before, nil for
// an element without children or none at all.
func (g *generator) stepsBefore(e *facts.Element) []facts.Step {
	if e == nil {
		return nil
	}
	items, ok := g.earlier.Content(e)
	if !ok {
		return nil
	}
	steps, _ := facts.Steps(items)
	return steps
}

func elementOf(steps []facts.Step, name string) *facts.Element {
	if i := stepOf(steps, name); i > 0 {
		return steps[i].Element
	}
	return nil
}

// stepOf is the number of the step of that name, 0 if there is none.
func stepOf(steps []facts.Step, name string) int {
	return max(0, slices.IndexFunc(steps, func(s facts.Step) bool { return s.Element != nil && s.Element.Name == name }))
}

// compare numbers the steps of the version before as those of this one and
// refuses what the model has no place for.
func (g *generator) compare() error {
	for _, s := range g.structs {
		if s.before == nil {
			continue
		}
		s.was = make([]facts.Step, len(s.steps))
		for _, b := range s.before {
			now := 0
			if b.Element != nil {
				now = stepOf(s.steps, b.Element.Name)
			}
			if now == 0 && b.Element != nil {
				return fmt.Errorf("%s had a %s, for which there is no field", s.name, b.Element.Name)
			}
			if err := g.sameKind(s, now, b); err != nil {
				return err
			}
			s.was[now] = s.renumbered(b)
		}
	}
	return nil
}

// renumbered gives the followers of a step of the version before their numbers.
func (s *goStruct) renumbered(b facts.Step) facts.Step {
	b.Follow = slices.Clone(b.Follow)
	for i, n := range b.Follow {
		b.Follow[i] = stepOf(s.steps, s.before[n].Element.Name)
	}
	return b
}

// sameKind refuses a value of another kind than the field holds. A plain text in
// the place of a struct is read by a function written by hand.
func (g *generator) sameKind(s *goStruct, now int, b facts.Step) error {
	if b.Element == nil {
		return nil
	}
	old := &generator{schema: g.earlier}
	is, was := g.kindOf(s.steps[now]), old.kindOf(b)
	switch {
	case is == was, is == kindYesNo && was == kindFlag, is == kindStruct && was == kindToken:
		return nil
	}
	return fmt.Errorf("%s/%s was of another kind", s.name, b.Element.Name)
}

// differs reports whether other children may stand in the struct in the version
// before.
func (s *goStruct) differs() bool {
	if s.was == nil {
		return false
	}
	return !slices.EqualFunc(s.steps, s.was, func(a, b facts.Step) bool {
		return a.Last == b.Last && slices.Equal(a.Follow, b.Follow) && sameLimit(a.Element, b.Element)
	})
}

// manyEnough is a limit that no document of the size that is read can reach.
const manyEnough = 50_000

func sameLimit(a, b *facts.Element) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Max == b.Max || a.Max >= manyEnough && b.Max == facts.Unbounded
}

// contentBefore writes the automaton of the version before if it differs.
func contentBefore(b *bytes.Buffer, s *goStruct) {
	if !s.differs() {
		return
	}
	fmt.Fprintf(b, "// content%sFA2 is the same for FA(2), with the same numbers.\n", s.name)
	fmt.Fprintf(b, "var content%sFA2 = content{\n", s.name)
	for _, st := range s.was {
		contentStep(b, st)
	}
	b.WriteString("}\n\n")
}

// wasConst returns the only legal value of a step in the version before with its
// attributes, nil when it is no other than now.
func (g *generator) wasConst(s *goStruct, step int) *facts.Element {
	if s.was == nil || s.was[step].Element == nil {
		return nil
	}
	old := &generator{schema: g.earlier}
	if old.constant(s.was[step].Element) == g.constant(s.steps[step].Element) {
		return nil
	}
	return s.was[step].Element
}

// isVariant reports whether a step is the number that tells the versions apart.
// It has a field although it has one legal value in each of them.
func (g *generator) isVariant(s *goStruct, step int) bool {
	e := s.steps[step].Element
	return g.kindOf(s.steps[step]) == kindConst && len(e.Attrs) == 0 && g.wasConst(s, step) != nil
}

// wasText reports whether a struct was a plain text in the version before.
func (s *goStruct) wasText(step int) bool {
	return s.was != nil && s.was[step].Element != nil && s.kids[step] != nil && s.kids[step].before == nil
}
