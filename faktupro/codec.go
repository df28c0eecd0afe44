package faktupro

import "strconv"

// A codec is everything there is to know about one Go type V in an invoice:
// how it is read from JSON, written to JSON, judged on its own, and described
// in the JSON Schema. The tables in tables.go name each property of an invoice
// once and give it its codec; decoder, encoder, validation and schema all walk
// these tables and so cannot disagree.
type codec[V any] interface {
	// decode reads the next value. What does not fit is recorded and skipped.
	decode(d *decoder, v *V)
	// encode writes the value.
	encode(e *encoder, v *V)
	// given reports whether there is a value; others are left out.
	given(v *V) bool
	// check judges a given value by itself.
	check(r *report, v *V)
	// schema describes the value.
	schema(defs *definitions) schemaObject
}

// property is one property of the object T.
type property[T any] interface {
	facts() *propertyFacts
	value() any // its codec
	decode(d *decoder, t *T)
	encode(e *encoder, t *T)
	given(t *T) bool
	check(r *report, t *T)
	schema(defs *definitions) schemaObject
}

// propertyFacts are what is known of a property besides its codec.
type propertyFacts struct {
	name     string
	required bool
	doc      string // description in the schema
}

// optional is a property that may be left out.
func optional[T, V any](name string, at func(*T) *V, c codec[V], doc string) property[T] {
	return &boundProperty[T, V]{propertyFacts{name, false, doc}, at, c}
}

// required is a property without which the object is wrong.
func required[T, V any](name string, at func(*T) *V, c codec[V], doc string) property[T] {
	return &boundProperty[T, V]{propertyFacts{name, true, doc}, at, c}
}

// boundProperty binds a codec to a field of T.
type boundProperty[T, V any] struct {
	propertyFacts
	at    func(*T) *V
	codec codec[V]
}

func (p *boundProperty[T, V]) facts() *propertyFacts                 { return &p.propertyFacts }
func (p *boundProperty[T, V]) value() any                            { return p.codec }
func (p *boundProperty[T, V]) decode(d *decoder, t *T)               { p.codec.decode(d, p.at(t)) }
func (p *boundProperty[T, V]) encode(e *encoder, t *T)               { p.codec.encode(e, p.at(t)) }
func (p *boundProperty[T, V]) given(t *T) bool                       { return p.codec.given(p.at(t)) }
func (p *boundProperty[T, V]) check(r *report, t *T)                 { p.codec.check(r, p.at(t)) }
func (p *boundProperty[T, V]) schema(defs *definitions) schemaObject { return p.codec.schema(defs) }

// object is the codec of a struct.
type object[T any] struct {
	name       string // in the schema
	properties []property[T]
	index      map[string]int
}

// newObject makes the codec of a struct with at most 64 properties.
func newObject[T any](name string, properties ...property[T]) *object[T] {
	o := &object[T]{name, properties, make(map[string]int, len(properties))}
	for i, p := range properties {
		o.index[p.facts().name] = i
	}
	return o
}

func (o *object[T]) decode(d *decoder, v *T) {
	if !d.open('{', "object") {
		return
	}
	var seen uint64 // bit i: property i was met
	for first := true; d.next(first, '}'); first = false {
		start := d.pos
		name, ok := d.key()
		if !ok {
			return
		}
		i, known := o.index[string(name)]
		if !known {
			o.unknown(d, start, string(name))
			continue
		}
		d.path.push(o.properties[i].facts().name)
		if seen&(1<<i) != 0 {
			d.addHere(start, codeJSONDuplicate)
			d.skip()
		} else {
			seen |= 1 << i
			o.properties[i].decode(d, v)
		}
		d.path.pop()
	}
}

// unknown refuses a property that the object does not have.
func (o *object[T]) unknown(d *decoder, start int, name string) {
	if !d.full(codeJSONUnknownField) {
		d.path.push(name)
		d.addHere(start, codeJSONUnknownField, "names", nearest(name, o.names()))
		d.path.pop()
	}
	d.skip()
}

func (o *object[T]) names() []string {
	names := make([]string, len(o.properties))
	for i, p := range o.properties {
		names[i] = p.facts().name
	}
	return names
}

func (o *object[T]) encode(e *encoder, v *T) {
	e.raw('{')
	first := true
	for _, p := range o.properties {
		if !p.given(v) {
			continue
		}
		if !first {
			e.raw(',')
		}
		first = false
		e.text(p.facts().name)
		e.raw(':')
		p.encode(e, v)
	}
	e.raw('}')
}

func (o *object[T]) given(v *T) bool {
	for _, p := range o.properties {
		if p.given(v) {
			return true
		}
	}
	return false
}

func (o *object[T]) check(r *report, v *T) {
	for _, p := range o.properties {
		f := p.facts()
		given := p.given(v)
		if !given && !f.required {
			continue
		}
		r.path.push(f.name)
		if given {
			p.check(r, v)
		} else {
			r.add(codeRequired, "field", f.name)
		}
		r.path.pop()
	}
}

// list is the codec of a slice.
type list[V any] struct {
	of  codec[V]
	max int
}

func (l list[V]) decode(d *decoder, v *[]V) {
	if !d.open('[', "array") {
		return
	}
	n := 0
	for first := true; d.next(first, ']'); first = false {
		n++
		if n > l.max {
			l.overflow(d, n)
			continue
		}
		var none V
		*v = append(*v, none) // decoded in place: lines are large
		d.path.pushIndex(n - 1)
		l.of.decode(d, &(*v)[len(*v)-1])
		d.path.pop()
	}
}

// overflow reports a list that is too long, once, and skips the element.
func (l list[V]) overflow(d *decoder, n int) {
	if n == l.max+1 {
		d.addHere(d.pos, codeListTooLong, "max", strconv.Itoa(l.max))
	}
	d.skip()
}

func (l list[V]) encode(e *encoder, v *[]V) {
	e.raw('[')
	for i := range *v {
		if i > 0 {
			e.raw(',')
		}
		l.of.encode(e, &(*v)[i])
	}
	e.raw(']')
}

func (l list[V]) given(v *[]V) bool { return len(*v) > 0 }

func (l list[V]) check(r *report, v *[]V) {
	if len(*v) > l.max {
		r.add(codeListTooLong, "max", strconv.Itoa(l.max))
		return
	}
	for i := range *v {
		r.path.pushIndex(i)
		l.of.check(r, &(*v)[i])
		r.path.pop()
	}
}
