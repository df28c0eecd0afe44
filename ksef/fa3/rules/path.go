package rules

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// Path is the place of an element below the root, for Findings.Add. Steps are
// names of elements; a number after a name is the index from 0 of a repeated
// one. Path("Fa", "FaWiersz", 2, "P_11") is /Faktura/Fa/FaWiersz[3]/P_11.
func Path(steps ...any) string {
	b := append(make([]byte, 0, 64), "/Faktura"...)
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			if step != "" {
				b = append(append(b, '/'), step...)
			}
		case int:
			b = append(strconv.AppendInt(append(b, '['), int64(step)+1, 10), ']')
		}
	}
	return string(b)
}

// place is where an element stands: for each step of its path the position in
// the parent and the index.
type place []int

// sortByPlace puts findings in the order of the document.
func sortByPlace(list []Finding) {
	if len(list) < 2 {
		return
	}
	type placed struct {
		at      place
		finding Finding
	}
	all := make([]placed, len(list))
	for i := range list {
		all[i] = placed{placeOf(list[i].Path), list[i]}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return slices.Compare(a.at, b.at) })
	for i := range all {
		list[i] = all[i].finding
	}
}

// placeOf follows a path through the types of the model, whose fields stand in
// the order of the schema. It stops at the first step it does not know.
func placeOf(path string) place {
	at := place{}
	typ := reflect.TypeFor[fa3.Faktura]()
	orders := modelOrders()
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/Faktura/"), "/") {
		name, index, _ := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		field, ok := orders[typ][name]
		if !ok {
			return at
		}
		n, err := strconv.Atoi(index)
		if err != nil {
			n = 0
		}
		at = append(at, field.position, n)
		typ = field.typ
	}
	return at
}

// child is a child element: its position among its siblings and its own type.
type child struct {
	position int
	typ      reflect.Type
}

// modelOrders has the children of each struct of the model by name.
var modelOrders = sync.OnceValue(func() map[reflect.Type]map[string]child {
	orders := map[reflect.Type]map[string]child{}
	addOrder(orders, reflect.TypeFor[fa3.Faktura]())
	return orders
})

func addOrder(orders map[reflect.Type]map[string]child, typ reflect.Type) {
	if typ.Kind() != reflect.Struct || orders[typ] != nil {
		return
	}
	children := make(map[string]child, typ.NumField())
	orders[typ] = children
	for i := range typ.NumField() {
		f := typ.Field(i)
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		children[f.Name] = child{i + 1, inner}
		addOrder(orders, inner)
	}
}
