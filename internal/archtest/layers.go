package archtest

// room is a directory with a place in the house.
type room struct {
	dir   string // the room of every package in it and below, unless a longer one fits
	layer int
}

// rooms is the map of the house, with the rooms that are not built yet.
var rooms = []room{
	{"pl", 0},
	{"internal", 0},
	{"crypto", 1},
	{"access", 1},
	{"audit", 2},
	{"ksef", 3},
	{"gus", 3},
	{"vatlist", 3},
	{"appstore", 3},
	{"ai", 3},
	{"backup", 4},
	{"faktupro", 5},
	{"faktupro/invoicing", 6},
	{"faktupro/store", 6},
	{"gateway", 7},
	{"examples", 7},
}

const layerOfLeaves = 3

// layer finds the place of a package by the longest room that fits.
func layer(pkg string) (int, bool) {
	best := room{layer: -1}
	for _, r := range rooms {
		if within(pkg, r.dir) && len(r.dir) > len(best.dir) {
			best = r
		}
	}
	return best.layer, best.layer >= 0
}

func checkLayers(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		from, ok := layer(f.pkg)
		if !ok {
			found = append(found, t.violation(f.ast.Package, "%s is in no room: give it one in the table of internal/archtest/layers.go", f.pkg))
			continue
		}
		for _, e := range f.imports {
			if message := edgeProblem(f, e, from); message != "" {
				found = append(found, t.violation(e.pos, "%s", message))
			}
		}
	}
	return found
}

// edgeProblem judges one import; "" is no problem. Tests may use everything in
// the lowest layer, which has the helpers for tests.
func edgeProblem(f *file, e edge, from int) string {
	if e.local == "" || top(e.local) == top(f.pkg) {
		return ""
	}
	to, ok := layer(e.local)
	switch {
	case top(e.local) == "gateway":
		return f.pkg + " imports " + e.local + ": nothing imports the gateway; move what is needed down into the library"
	case !ok:
		return f.pkg + " imports " + e.local + ", which is in no room of internal/archtest/layers.go"
	case to < from, f.test && to == 0:
		return ""
	case to == from && to == layerOfLeaves:
		return f.pkg + " imports " + e.local + ": leaves do not know each other; pass plain values, or join them one layer up"
	case to == from:
		return f.pkg + " imports " + e.local + " of the same layer: only lower layers may be imported"
	}
	return f.pkg + " imports " + e.local + " of a higher layer: declare a small interface where it is used instead"
}
