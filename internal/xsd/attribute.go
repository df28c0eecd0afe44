package xsd

import (
	"bytes"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// Namespaces of XML Schema.
const (
	instanceSpace = "http://www.w3.org/2001/XMLSchema-instance"
	schemaSpace   = "http://www.w3.org/2001/XMLSchema"
)

// attributes checks the attributes of the current start tag. It returns the type
// that xsi:type puts in the place of the declared one, if it is another.
func (v *Validator) attributes(el *Element, start int) (instead *Type) {
	for _, a := range v.scan.Attrs() {
		switch {
		case string(a.Space) == instanceSpace:
			if t := v.instanceAttribute(el, start, a); t != nil {
				instead = t
			}
		case len(a.Space) > 0 || el.attribute(a.Local) == nil:
			v.addAttribute(Attribute, el, start, a, nil)
		default:
			v.attributeValue(el, start, a)
		}
	}
	for i := range el.attrs {
		if want := &el.attrs[i]; want.required && !v.has(want.name) {
			v.add(Violation{Kind: NoAttribute, Elem: start, At: start, Decl: el, Parent: v.parent(), Attr: want.name, Type: want.value, Fixed: want.fixed})
		}
	}
	return instead
}

func (e *Element) attribute(name []byte) *attribute {
	for i := range e.attrs {
		if e.attrs[i].name == string(name) {
			return &e.attrs[i]
		}
	}
	return nil
}

// has reports whether the current start tag has an attribute without namespace.
func (v *Validator) has(name string) bool {
	for _, a := range v.scan.Attrs() {
		if len(a.Space) == 0 && string(a.Local) == name {
			return true
		}
	}
	return false
}

func (v *Validator) addAttribute(kind Kind, el *Element, start int, a xmlscan.Attr, declared *attribute) {
	x := Violation{Kind: kind, Elem: start, At: a.Offset, Decl: el, Parent: v.parent(), Attr: string(a.Local), Space: string(a.Space)}
	if declared != nil {
		x.Type, x.Fixed, x.Value = declared.value, declared.fixed, declared.value.Normalized(a.Value)
	}
	v.add(x)
}

func (v *Validator) attributeValue(el *Element, start int, a xmlscan.Attr) {
	declared := el.attribute(a.Local)
	if fault := declared.value.Check(a.Value, &v.scratch); fault != Valid {
		v.addAttribute(fault, el, start, a, declared)
	} else if declared.fixed != "" && string(a.Value) != declared.fixed && declared.value.Normalized(a.Value) != declared.fixed {
		v.addAttribute(Fixed, el, start, a, declared)
	}
}

// instanceAttribute checks an attribute that XML Schema allows on all elements
// (part 1, 2.6). xsi:nil it allows on none of ours.
func (v *Validator) instanceAttribute(el *Element, start int, a xmlscan.Attr) (instead *Type) {
	switch string(a.Local) {
	case "schemaLocation", "noNamespaceSchemaLocation":
	case "type":
		t, ok := v.namedType(el, a.Value)
		if !ok {
			v.addAttribute(TypeName, el, start, a, nil)
		}
		return t
	case "nil":
		v.addAttribute(Nil, el, start, a, nil)
	default:
		v.addAttribute(Attribute, el, start, a, nil)
	}
	return nil
}

// namedType resolves the name in xsi:type. It must be the type of the element or
// one that restricts it.
func (v *Validator) namedType(el *Element, name []byte) (t *Type, ok bool) {
	prefix, local, found := bytes.Cut(trim(name), []byte(":"))
	if !found {
		prefix, local = nil, prefix
	}
	space, bound := v.scan.Lookup(prefix)
	if !bound || el.typ == "" {
		return nil, false
	}
	if string(space) == schemaSpace {
		return builtin(el, string(local))
	}
	for at := string(local); ; {
		named := v.schema.types[at]
		switch {
		case named == nil, at == string(local) && string(space) != v.schema.spaceOf(named):
			return nil, false
		case at == el.typ:
			return v.schema.types[string(local)].value, true
		}
		at = named.of
	}
}

func (s *Schema) spaceOf(t *namedType) string {
	if t.shared {
		return s.shared
	}
	return s.Namespace
}

// builtin is namedType for a name of XML Schema itself: the type of an element
// that has a built-in type, or a narrower one. Of these only whole numbers occur.
func builtin(el *Element, name string) (t *Type, ok bool) {
	if name == el.typ {
		return nil, el.Value != nil && el.Value.Name == ""
	}
	if el.typ != "integer" || integers[name] == (struct{ least, most string }{}) {
		return nil, false
	}
	t = &Type{Base: name, MaxLength: -1, FractionDigits: -1, TotalDigits: -1}
	return t, t.base() == nil
}
