package facts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSteps lays out a?, (b | (c, d?))?, e+, f?.
func TestSteps(t *testing.T) {
	t.Parallel()
	one := func(name string, lo, hi int) Item { return Item{Element: &Element{Name: name, Min: lo, Max: hi}} }
	got, choices := Steps([]Item{
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
		r := row{Conditional: st.Conditional, Follow: st.Follow, Last: st.Last}
		if st.Element != nil {
			r.Name = st.Element.Name
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
	if diff := cmp.Diff([]Choice{{First: []int{2, 3}, Branches: [][]int{{2}, {3, 4}}}}, choices); diff != "" {
		t.Error(diff)
	}
}
