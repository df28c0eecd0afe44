package xmlscan

import "bytes"

// Names that the namespace recommendation reserves.
const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// Binding is a namespace declaration: xmlns:Prefix="URI", or xmlns="URI" with an
// empty Prefix. An empty URI takes the default namespace away.
type Binding struct {
	Prefix, URI []byte
	Offset      int // where the attribute's name begins
}

// Declared are the namespace declarations of the current Start in document order.
func (s *Scanner) Declared() []Binding { return s.binds[s.declared:] }

// Lookup returns the namespace name bound to a prefix (empty: the default
// namespace) at the current token. For an unprefixed name without a default
// namespace it returns nil, true; ok is false for an unbound prefix. Right after
// an End the element's own declarations are no longer in scope.
func (s *Scanner) Lookup(prefix []byte) (uri []byte, ok bool) {
	i, ok := s.find(prefix)
	return s.uri(i), ok
}

// What stands in place of the index of a binding.
const (
	unbound = -1 // in no namespace
	builtin = -2 // the namespace of the prefix xml, which needs no declaration
)

// find returns the index of the binding of a prefix.
func (s *Scanner) find(prefix []byte) (i int, ok bool) {
	for i := len(s.binds) - 1; i >= 0; i-- {
		if bytes.Equal(s.binds[i].Prefix, prefix) {
			return i, true
		}
	}
	if string(prefix) == "xml" {
		return builtin, true
	}
	return unbound, len(prefix) == 0
}

// uri is the namespace name of a binding, which may have gone out of scope with
// the current End.
func (s *Scanner) uri(i int) []byte {
	switch i {
	case unbound:
		return nil
	case builtin:
		return []byte(xmlSpace)
	}
	return s.binds[:i+1][i].URI
}

func declaresNamespace(a *Attr) bool {
	return len(a.Prefix) == 0 && string(a.Local) == "xmlns" || string(a.Prefix) == "xmlns"
}

// declare brings a namespace declaration into scope after the constraints of
// Namespaces in XML 1.0, section 3.
func (s *Scanner) declare(a *Attr) bool {
	b := Binding{URI: a.Value, Offset: a.Offset}
	if len(a.Prefix) != 0 {
		b.Prefix = a.Local
	}
	isXML := string(b.Prefix) == "xml"
	switch {
	case string(b.Prefix) == "xmlns",
		string(b.URI) == xmlnsSpace,
		isXML != (string(b.URI) == xmlSpace),
		len(b.Prefix) != 0 && len(b.URI) == 0:
		return s.bad(CodePrefix, a.Offset)
	}
	for i := range s.binds[s.declared:] {
		if bytes.Equal(s.binds[s.declared+i].Prefix, b.Prefix) {
			return s.bad(CodeDuplicate, a.Offset)
		}
	}
	if len(s.binds) >= s.cfg.MaxNamespaces {
		return s.bad(CodeNamespaces, a.Offset)
	}
	if len(s.scratch) > 0 { // a decoded URI outlives the scratch buffer
		b.URI = bytes.Clone(b.URI)
	}
	s.binds = append(s.binds, b)
	if len(b.Prefix) == 0 {
		s.def = len(s.binds) - 1
	}
	return true
}

// bindElement resolves the prefix of the current Start.
func (s *Scanner) bindElement() bool {
	prefix := s.Prefix()
	i, ok := s.find(prefix)
	if !ok || string(prefix) == "xmlns" {
		return s.bad(CodePrefix, s.cur.name)
	}
	s.cur.space = i
	return true
}

// bindAttributes resolves the prefixes of the attributes and refuses duplicates,
// by name as written or by expanded name.
func (s *Scanner) bindAttributes() bool {
	for i := range s.attrs {
		a := &s.attrs[i]
		if len(a.Prefix) != 0 {
			uri, ok := s.Lookup(a.Prefix)
			if !ok {
				return s.bad(CodePrefix, a.Offset)
			}
			a.Space = uri
		}
		for j := range s.attrs[:i] {
			b := &s.attrs[j]
			if bytes.Equal(a.Local, b.Local) && bytes.Equal(a.Space, b.Space) {
				return s.bad(CodeDuplicate, a.Offset)
			}
		}
	}
	return true
}
