package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSteps lays out a?, (b | (c, d?))?, e+, f?.
func TestSteps(t *testing.T) {
	t.Parallel()
	one := func(name string, lo, hi int) Item { return Item{Element: &Element{Name: name, Min: lo, Max: hi}} }
	got := steps([]Item{
		one("a", 0, 1),
		{Group: &Group{Choice: true, Min: 0, Max: 1, Items: []Item{
			one("b", 1, 1),
			{Group: &Group{Min: 1, Max: 1, Items: []Item{one("c", 1, 1), one("d", 0, 1)}}},
		}}},
		one("e", 1, Unbounded),
		one("f", 0, 1),
	})
	type row struct {
		Name        string
		Conditional bool
		Follow      []int
		Last        bool
	}
	var rows []row
	for _, st := range got {
		r := row{Conditional: st.conditional, Follow: st.follow, Last: st.last}
		if st.element != nil {
			r.Name = st.element.Name
		}
		rows = append(rows, r)
	}
	want := []row{
		{Follow: []int{1, 2, 3, 5}},
		{Name: "a", Follow: []int{2, 3, 5}},
		{Name: "b", Conditional: true, Follow: []int{5}},
		{Name: "c", Conditional: true, Follow: []int{4, 5}},
		{Name: "d", Conditional: true, Follow: []int{5}},
		{Name: "e", Follow: []int{6}, Last: true},
		{Name: "f", Last: true},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// TestUnsupported: what the generated code could not express is refused.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"repeated group":    "namespace u\nroot\n  R 1 struct\n    group 0..2\n      A 1 string\n",
		"more than one":     "namespace u\nroot\n  R 1 struct\n    A 2..3 string\n",
		"struct in no file": "namespace u\nroot\n  R 1 struct\n    A 1 string\n",
		"file of nothing":   "namespace u\nfile x R S\nroot\n  R 1 struct\n    A 1 string\n",
	} {
		if _, err := generate([]byte(text)); err == nil {
			t.Errorf("%s: generated", name)
		}
	}
}
