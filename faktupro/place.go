package faktupro

import "strings"

// branch is a codec with places below it: an object or a list.
type branch interface {
	// child finds the place below by name or index: its rank among its
	// siblings, and its codec.
	child(segment string) (rank int, below any)
}

func (o *object[T]) child(name string) (rank int, below any) {
	i, known := o.index[name]
	if !known {
		return len(o.properties), nil
	}
	return i, o.properties[i].value()
}

func (l list[V]) child(string) (rank int, below any) { return 0, l.of }

// childOf is child of a codec, if it has places below it.
func childOf(place any, segment string) (rank int, below any) {
	if b, ok := place.(branch); ok {
		return b.child(segment)
	}
	return 0, nil
}

// placeOf is the codec of the value at a JSON Pointer, nil when there is none.
func placeOf(path string) any {
	place := any(invoiceObject)
	for path != "" {
		var segment string
		segment, path = cutSegment(path)
		_, place = childOf(place, segment)
	}
	return place
}

// meant is the path of the property that a misspelt one was likely meant to be;
// false when no name is like it.
func meant(path string) (string, bool) {
	owner, ok := placeOf(parent(path)).(interface{ names() []string })
	if !ok {
		return "", false
	}
	misspelt := path[len(parent(path))+1:]
	name, _, _ := strings.Cut(nearest(misspelt, owner.names()), ",")
	if editDistance(misspelt, name) > slips(misspelt) {
		return "", false
	}
	return parent(path) + "/" + name, true
}

// slips is how many slips of the pen a misspelt name may hold: one in a short
// name, two in a longer one.
func slips(name string) int {
	const short = 6
	if len(name) <= short {
		return 1
	}
	return 2
}
