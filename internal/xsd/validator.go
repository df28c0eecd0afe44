package xsd

import (
	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// Options are what one run depends on.
type Options struct {
	// Choose finds the schema by the name of the root element.
	Choose func(space, local []byte) *Schema
	// Forgive is asked about each violation. What it forgives is not recorded; an
	// unknown element is then passed over with all that is in it.
	Forgive func(*Violation) bool
	// Max is the number of violations to record. With 1 the run ends at the first.
	Max int
}

// Validator validates documents one after another with the same buffers.
type Validator struct {
	scan   *xmlscan.Scanner
	opts   Options
	schema *Schema
	doc    []byte
	stack  []frame
	found  []Violation
	cut    bool
	err    error

	scratch  []byte
	space    *byte               // the schema's namespace where it was last declared
	values   map[string]struct{} // values of unique elements
	foreign  string              // the foreign namespace already reported
	ahead    *xmlscan.Scanner    // looks ahead among siblings
	lookups  int                 // how often it may
	aheadCfg xmlscan.Config
}

// frame is an open element with children.
type frame struct {
	el     *Element
	start  int   // offset of its start tag
	at     int   // step of the latest child in its place
	n      int32 // how many of it in a row
	seen   stepSet
	astray stepSet // steps that occurred in the wrong place
	over   stepSet // steps reported as too many
	stray  bool    // text reported

	later map[string]int // offset of the last child of each name, once looked up
}

// New returns a Validator that reads documents within the limits.
func New(limits xmlscan.Config) *Validator {
	return &Validator{scan: xmlscan.New(nil, limits), aheadCfg: limits}
}

// maxLookups bounds how often the siblings of a fault are looked up, each time by
// reading the document anew.
const maxLookups = 16

// Run validates a document. The error is the *xmlscan.SyntaxError of a document
// that is not well-formed, for which the violations are those before the error.
func (v *Validator) Run(doc []byte, opts Options) error {
	v.scan.Reset(doc)
	v.doc, v.opts, v.schema, v.err = doc, opts, nil, nil
	v.stack, v.found, v.cut, v.foreign, v.lookups = v.stack[:0], v.found[:0], false, "", maxLookups
	v.space = nil
	clear(v.values)
	if v.next() == xmlscan.Start {
		v.root()
		v.children()
	}
	if v.opts.Max != 1 || len(v.found) == 0 {
		v.drain()
	}
	v.doc, v.opts, v.space = nil, Options{}, nil
	v.scan.Reset(nil)
	return v.err
}

// Schema is the schema that the last document was validated against, nil if its
// root is unknown.
func (v *Validator) Schema() *Schema { return v.schema }

// Violations are those of the last run in the order of discovery, valid until
// the next. cut says that there were more.
func (v *Validator) Violations() (found []Violation, cut bool) { return v.found, v.cut }

// next reads a token. After an error of the XML layer it is EOF for ever.
func (v *Validator) next() xmlscan.Kind {
	kind, err := v.scan.Next()
	if err != nil {
		v.err = err
	}
	return kind
}

// drain reads the rest of the document for its well-formedness.
func (v *Validator) drain() {
	for v.next() != xmlscan.EOF {
	}
}

func (v *Validator) root() {
	local, space, start := v.scan.Local(), v.scan.Space(), v.scan.Offset()
	v.schema = v.opts.Choose(space, local)
	if v.schema == nil || string(local) != v.schema.Root.Name {
		v.schema = nil
		v.add(Violation{Kind: Root, Elem: start, At: start, Found: string(local), Space: string(space)})
		return
	}
	if len(v.scan.Attrs()) > 0 || len(v.schema.Root.attrs) > 0 {
		v.attributes(v.schema.Root, start)
	}
	v.push(v.schema.Root, start)
}

func (v *Validator) push(el *Element, start int) {
	if len(v.stack) < cap(v.stack) {
		v.stack = v.stack[:len(v.stack)+1]
		f := &v.stack[len(v.stack)-1]
		f.el, f.start, f.at, f.n, f.stray, f.later = el, start, 0, 0, false, nil
		f.seen, f.astray, f.over = stepSet{}, stepSet{}, stepSet{}
		return
	}
	v.stack = append(v.stack, frame{el: el, start: start})
}

// children reads what is inside the open elements with children.
func (v *Validator) children() {
	for len(v.stack) > 0 && !v.stopped() {
		switch v.next() {
		case xmlscan.Start:
			v.child()
		case xmlscan.End:
			v.leave()
		case xmlscan.Text:
			if !v.scan.Blank() {
				v.strayText()
			}
		case xmlscan.EOF:
			return
		}
	}
}

// child follows the automaton to the element whose start tag is the current
// token.
func (v *Validator) child() {
	f := &v.stack[len(v.stack)-1]
	local := v.scan.Local()
	key := nameKey(local)
	steps := f.el.content.steps
	now := &steps[f.at]
	if now.key == key && f.n < now.max && f.at > 0 && string(local) == now.el.Name {
		f.n++
		v.open(now.el)
		return
	}
	for _, e := range now.follow {
		if e.key == key && string(local) == steps[e.to].el.Name {
			f.at, f.n = int(e.to), 1
			f.seen.add(f.at)
			v.open(steps[e.to].el)
			return
		}
	}
	v.misplaced(local)
}

// open checks the element of the current start tag as what it is declared.
func (v *Validator) open(el *Element) {
	if !v.native() && !v.foreignName(el) {
		return
	}
	start, value := v.scan.Offset(), el.Value
	if len(v.scan.Attrs()) > 0 || len(el.attrs) > 0 {
		if t := v.attributes(el, start); t != nil {
			value = t
		}
	}
	if value == nil {
		v.push(el, start)
		return
	}
	v.value(el, value, start)
}

// native reports whether the current start tag is in the schema's namespace.
// Nearly always it is bound by the same declaration as the one before, which the
// place in memory tells sooner than the text.
func (v *Validator) native() bool {
	space := v.scan.Space()
	if len(space) == 0 {
		return v.schema.Namespace == ""
	}
	if &space[0] == v.space {
		return true
	}
	if string(space) != v.schema.Namespace {
		return false
	}
	v.space = &space[0]
	return true
}

// leave ends an element with children.
func (v *Validator) leave() {
	f := &v.stack[len(v.stack)-1]
	if !f.el.content.steps[f.at].last {
		v.incomplete(f)
	}
	v.stack = v.stack[:len(v.stack)-1]
}

// value checks the value of the element whose start tag is the current token, to
// its end tag.
func (v *Validator) value(el *Element, t *Type, start int) {
	if from, to, ok := v.scan.Simple(); ok {
		v.checkValue(el, t, start, v.doc[from:to])
		return
	}
	before := len(v.found)
	var text []byte
	kind := v.next()
	if kind == xmlscan.Text {
		text = v.scan.Text()
	}
	if kind == xmlscan.Text || kind == xmlscan.End {
		v.checkValue(el, t, start, text)
	}
	if kind == xmlscan.Text {
		kind = v.next()
	}
	if kind == xmlscan.Start {
		v.found = v.found[:before] // a value that is no value
		at := v.scan.Offset()
		v.add(Violation{Kind: Inside, Elem: start, At: at, Decl: el, Parent: v.parent(), Found: string(v.scan.Local())})
		v.skip(2)
	}
}

// checkValue checks the text of an element. Without text an element with a fixed
// value has that (XML Schema part 1, 3.3.1).
func (v *Validator) checkValue(el *Element, t *Type, start int, text []byte) {
	if len(text) == 0 && el.Fixed != "" {
		return
	}
	if fault := t.Check(text, &v.scratch); fault != Valid && !(fault == Empty && v.saidNil(start)) {
		v.addValue(fault, el, t, start, text)
	} else if el.Fixed != "" || el.unique {
		v.special(el, t, start, text)
	}
}

func (v *Validator) addValue(fault Kind, el *Element, t *Type, start int, text []byte) {
	v.add(Violation{Kind: fault, Elem: start, At: start, Decl: el, Parent: v.parent(), Type: t, Value: t.Normalized(text), Fixed: el.Fixed})
}

// saidNil reports whether xsi:nil of the element has just been reported, which
// explains why it is empty.
func (v *Validator) saidNil(start int) bool {
	n := len(v.found)
	return n > 0 && v.found[n-1].Kind == Nil && v.found[n-1].Elem == start
}

// special checks fixed and unique values.
func (v *Validator) special(el *Element, t *Type, start int, text []byte) {
	if el.Fixed != "" && string(text) != el.Fixed && t.Normalized(text) != el.Fixed {
		v.addValue(Fixed, el, t, start, text)
	}
	if !el.unique {
		return
	}
	value := t.Normalized(text)
	if _, twice := v.values[value]; twice {
		v.addValue(Duplicate, el, t, start, text)
		return
	}
	if v.values == nil {
		v.values = map[string]struct{}{}
	}
	v.values[value] = struct{}{}
}

// parent is the innermost open element with children.
func (v *Validator) parent() *Element {
	if len(v.stack) == 0 {
		return nil
	}
	return v.stack[len(v.stack)-1].el
}

// skip passes over the rest of the innermost open elements, so many of them.
func (v *Validator) skip(levels int) {
	for depth := v.scan.Depth() - levels; v.scan.Depth() > depth; {
		if v.next() == xmlscan.EOF {
			return
		}
	}
}
