package faktupro

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// maxLost bounds the list of an UnmodelledError.
const maxLost = 100

// missing lists the elements of a document that a second document does not
// give back with the same meaning.
func missing(document, again *fa3.Faktura) []string {
	var l lostElements
	l.compare("/Faktura", "", reflect.ValueOf(*document), reflect.ValueOf(*again))
	return l.paths
}

// lostElements compares two values of the FA(3) model, whose fields are named
// after the elements.
type lostElements struct {
	paths []string
}

func (l *lostElements) add(path string) {
	if len(l.paths) < maxLost {
		l.paths = append(l.paths, path)
	}
}

func (l *lostElements) compare(path, name string, a, b reflect.Value) {
	switch a.Kind() {
	case reflect.Pointer:
		l.pointer(path, name, a, b)
	case reflect.Slice:
		l.slice(path, name, a, b)
	case reflect.Struct:
		l.structure(path, a, b)
	default:
		if !sameValue(name, a, b) {
			l.add(path)
		}
	}
}

func (l *lostElements) pointer(path, name string, a, b reflect.Value) {
	switch {
	case a.IsNil() || empty(a.Elem()):
	case b.IsNil():
		l.add(path)
	default:
		l.compare(path, name, a.Elem(), b.Elem())
	}
}

func (l *lostElements) slice(path, name string, a, b reflect.Value) {
	for i := range a.Len() {
		element := path + "[" + strconv.Itoa(i+1) + "]"
		switch {
		case i < b.Len():
			l.compare(element, name, a.Index(i), b.Index(i))
		case !empty(a.Index(i)):
			l.add(element)
		}
	}
}

func (l *lostElements) structure(path string, a, b reflect.Value) {
	if day, ok := a.Interface().(pl.Date); ok {
		if !day.IsZero() && a.Interface() != b.Interface() {
			l.add(path)
		}
		return
	}
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if name != "Naglowek" { // about the file, not about the invoice
			l.compare(path+"/"+name, name, a.Field(i), b.Field(i))
		}
	}
}

// empty reports whether an element holds nothing: FA(3) has elements that may.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || empty(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !empty(v.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range v.NumField() {
			if !empty(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// sameValue reports whether a simple value comes back, or was not there.
func sameValue(name string, a, b reflect.Value) bool {
	if a.IsZero() {
		return true
	}
	if d, ok := a.Interface().(fa3.Decimal); ok {
		return sameNumber(name, d, b.Interface().(fa3.Decimal))
	}
	if a.Kind() != reflect.String {
		return a.Equal(b)
	}
	x, y := a.String(), b.String()
	switch name {
	case "StopkaFaktury": // white space counts, the kind of line break does not
		return lineBreaks(x) == y
	case "NrRB":
		return accountBlanks.Replace(x) == y
	case "Ilosc":
		return strings.TrimLeft(x, "+0") == y
	}
	return collapse(x) == collapse(y)
}

// sameNumber compares numbers by value; a total of 0 may be left out.
func sameNumber(name string, a, b fa3.Decimal) bool {
	x := readDecimal(a)
	if b == "" {
		total := strings.HasPrefix(name, "P_13_") || strings.HasPrefix(name, "P_14_")
		return total && x.given && x.Sign() == 0
	}
	return x.given && x.Equal(readDecimal(b))
}
