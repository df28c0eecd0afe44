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
// give back with the same meaning, and those that only the second one has though
// they do not follow from the first.
func missing(document, again *fa3.Faktura) []string {
	l := lostElements{names: make(map[reflect.Type][]string), contradicts: contradicts(&again.Fa)}
	l.path.push("Faktura")
	l.compare("Faktura", reflect.ValueOf(document).Elem(), reflect.ValueOf(again).Elem())
	return l.found
}

// lostElements compares two values of the FA(3) model, whose fields are named
// after the elements.
type lostElements struct {
	path  pathStack
	found []string
	names map[reflect.Type][]string // of the fields of structs, once looked up
	// contradicts says that the totals do not add up to the total due: those
	// that the document does not have do not follow from it.
	contradicts bool
}

// contradicts reports whether net values and VAT do not add up to the total due.
func contradicts(fa *fa3.Fa) bool {
	sum, fields := zeroAmount, 0
	for i := range rates {
		slot := fieldSlot(fa, rates[i].NetField)
		if fieldOf(i) != i || *slot.net == "" {
			continue
		}
		fields++
		sum = sum.Add(readDecimal(*slot.net).number)
		if slot.vat != nil {
			sum = sum.Add(readDecimal(*slot.vat).number)
		}
	}
	return !addsUp(sum, readDecimal(fa.P_15).number, fields)
}

// invented reports whether a total is added that contradicts the total due. VAT
// in PLN follows from the other VAT.
func (l *lostElements) invented(name string, a, b reflect.Value) bool {
	if !l.contradicts || !isTotal(name) || strings.HasSuffix(name, "W") || !a.IsZero() {
		return false
	}
	total, ok := b.Interface().(fa3.Decimal)
	return ok && readDecimal(total).Sign() != 0
}

// add records the current place as an XPath.
func (l *lostElements) add() {
	if len(l.found) >= maxLost {
		return
	}
	var b strings.Builder
	for _, s := range l.path {
		if s.name == "" {
			b.WriteString("[" + strconv.Itoa(s.index+1) + "]")
			continue
		}
		b.WriteString("/" + s.name)
	}
	l.found = append(l.found, b.String())
}

// compare compares two elements of the given name.
func (l *lostElements) compare(name string, a, b reflect.Value) {
	switch a.Kind() {
	case reflect.Pointer:
		l.pointer(name, a, b)
	case reflect.Slice:
		l.slice(name, a, b)
	case reflect.Struct:
		l.structure(name, a, b)
	default:
		if !sameValue(name, a, b) || l.invented(name, a, b) {
			l.add()
		}
	}
}

func (l *lostElements) pointer(name string, a, b reflect.Value) {
	switch {
	case a.IsNil() && b.IsNil():
	case b.IsNil():
		if !empty(a.Elem()) {
			l.add()
		}
	case a.IsNil():
		l.compare(name, reflect.Zero(b.Type().Elem()), b.Elem())
	default:
		l.compare(name, a.Elem(), b.Elem())
	}
}

func (l *lostElements) slice(name string, a, b reflect.Value) {
	for i := range max(a.Len(), b.Len()) {
		l.path.pushIndex(i)
		switch {
		case i < a.Len() && i < b.Len():
			l.compare(name, a.Index(i), b.Index(i))
		case i < a.Len() && !empty(a.Index(i)), i < b.Len() && !empty(b.Index(i)):
			l.add()
		}
		l.path.pop()
	}
}

func (l *lostElements) structure(name string, a, b reflect.Value) {
	if a.Type() == reflect.TypeFor[pl.Date]() {
		if !a.Equal(b) {
			l.add()
		}
		return
	}
	if name == "Naglowek" { // about the file, not about the invoice
		return
	}
	for i, field := range l.fields(a.Type()) {
		l.path.push(field)
		l.compare(field, a.Field(i), b.Field(i))
		l.path.pop()
	}
}

// fields are the names of the fields of a struct.
func (l *lostElements) fields(t reflect.Type) []string {
	names, known := l.names[t]
	if !known {
		names = make([]string, t.NumField())
		for i := range names {
			names[i] = t.Field(i).Name
		}
		l.names[t] = names
	}
	return names
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

// follows reports whether an element may be there though the document does not
// have it: because it follows from others, or because it denies what is not
// there and every document of the schema has it.
func follows(name string, value reflect.Value) bool {
	switch name {
	case "P_11", "P_11A", "P_11NettoZ", "P_11VatZ", "WartoscZamowienia", "NrWierszaFa", "NrWierszaZam",
		"SumaObciazen", "SumaOdliczen", "DoZaplaty", "DoRozliczenia", "P_15", "PrefiksPodatnika",
		"P_19N", "P_22N", "P_PMarzyN", "NrKSeFN":
		return true
	}
	if no, ok := value.Interface().(fa3.YesNo); ok {
		return no == fa3.No
	}
	return isTotal(name)
}

// isTotal reports whether an element is one of the totals of the VAT rates.
func isTotal(name string) bool {
	return strings.HasPrefix(name, "P_13_") || strings.HasPrefix(name, "P_14_")
}

// sameValue reports whether a simple value comes back.
func sameValue(name string, a, b reflect.Value) bool {
	if a.Equal(b) {
		return true
	}
	if a.IsZero() {
		return follows(name, b)
	}
	switch x := a.Interface().(type) {
	case fa3.Decimal:
		return sameNumber(name, x, b.Interface().(fa3.Decimal))
	case fa3.DateTime:
		return sameInstant(x, b.Interface().(fa3.DateTime))
	case fa3.Integer:
		return sameInteger(x, b.Interface().(fa3.Integer))
	}
	return a.Kind() == reflect.String && sameText(name, a.String(), b.String())
}

// sameText compares texts but for the white space that does not count.
func sameText(name, a, b string) bool {
	switch name {
	case "StopkaFaktury": // white space counts, the kind of line break does not
		return lineBreaks(a) == b
	case "NrRB": // one account number, however it is grouped
		return b != "" && accountBlanks.Replace(a) == b
	}
	return collapse(a) == collapse(b)
}

// sameNumber compares numbers by value; a total of 0 may be left out.
func sameNumber(name string, a, b fa3.Decimal) bool {
	x := readDecimal(a)
	if b == "" {
		return isTotal(name) && x.given && x.Sign() == 0
	}
	return x.given && x.Equal(readDecimal(b))
}

// sameInstant compares instants, in whatever time zones they are written.
func sameInstant(a, b fa3.DateTime) bool {
	x, err := a.Time()
	if err != nil {
		return false
	}
	y, err := b.Time()
	return err == nil && x.Equal(y)
}

// sameInteger compares whole numbers by value.
func sameInteger(a, b fa3.Integer) bool {
	x, err := strconv.Atoi(string(a))
	if err != nil {
		return false
	}
	y, err := strconv.Atoi(string(b))
	return err == nil && x == y
}
