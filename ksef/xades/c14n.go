package xades

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

// Canonicalization is the identifier of a canonicalisation algorithm, the only
// thing that turns XML into the bytes that are hashed.
type Canonicalization string

// The algorithms that the KSeF accepts. The plain forms leave comments out.
const (
	C14N10                = Canonicalization("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
	C14N10WithComments    = C14N10 + "#WithComments"
	C14N11                = Canonicalization("http://www.w3.org/2006/12/xml-c14n11")
	C14N11WithComments    = C14N11 + "#WithComments"
	Exclusive             = Canonicalization(nsEC)
	ExclusiveWithComments = Exclusive + "WithComments"
)

// Known reports whether c is one of the six algorithms.
func (c Canonicalization) Known() bool {
	switch c {
	case C14N10, C14N10WithComments, C14N11, C14N11WithComments, Exclusive, ExclusiveWithComments:
		return true
	}
	return false
}

func (c Canonicalization) exclusive() bool { return c == Exclusive || c == ExclusiveWithComments }

// Canonicalize returns the canonical form of a whole document: Canonical XML 1.0
// or 1.1, or Exclusive XML Canonicalization 1.0, where prefixes is the
// InclusiveNamespaces PrefixList ("#default" for the default namespace).
//
// Documents are UTF-8, have no DOCTYPE and no processing instructions, and at
// most [DefaultMaxSize] bytes; any other input is an *Error with RuleDocument.
// An unknown method is an *Error with RuleAlgorithm.
func Canonicalize(doc []byte, method Canonicalization, prefixes ...string) ([]byte, error) {
	if !method.Known() {
		return nil, fail(RuleAlgorithm, "unknown canonicalisation")
	}
	t, err := parse(doc, 0)
	if err != nil {
		return nil, err
	}
	c := newCanonicaliser(t, canon{method, prefixes}, make([]byte, 0, len(doc)+len(doc)/8))
	c.comments = strings.HasSuffix(string(method), "WithComments")
	for i := int32(0); i < int32(len(t.nodes)); i = t.nodes[i].end {
		c.top(i)
	}
	return c.dst, nil
}

// canon is a canonicalisation with its parameter.
type canon struct {
	method   Canonicalization
	prefixes []string // InclusiveNamespaces PrefixList
}

// canonicaliser writes one subtree. It keeps what its output has declared so
// far, because that and nothing else decides whether a declaration is repeated.
type canonicaliser struct {
	t         *tree
	canon     canon
	exclusive bool
	comments  bool
	skip      int32 // element left out with all its content; -1 for none

	dst      []byte
	rendered []binding // declarations of the open output elements
}

func newCanonicaliser(t *tree, m canon, dst []byte) *canonicaliser {
	return &canonicaliser{
		t: t, canon: m, exclusive: m.method.exclusive(),
		skip: -1, dst: dst, rendered: make([]binding, 0, 16),
	}
}

// canonical returns the canonical form of the element apex as a part of its
// document, without the element skip (-1 for none). Comments are left out, since
// neither "" nor "#id" as the URI of a reference selects them (XML-DSig 4.4.3.3).
func (t *tree) canonical(apex, skip int32, m canon) ([]byte, error) {
	n := &t.nodes[apex]
	c := newCanonicaliser(t, m, make([]byte, 0, n.stop-n.start+256))
	c.skip = skip
	err := c.apex(apex)
	return c.dst, err
}

// canonicalSignedInfo is the form of SignedInfo that is signed. Here, and only
// here, a method with comments covers them.
func (t *tree) canonicalSignedInfo(info int32, m canon) ([]byte, error) {
	c := newCanonicaliser(t, m, make([]byte, 0, 2048))
	c.comments = strings.HasSuffix(string(m.method), "WithComments")
	err := c.apex(info)
	return c.dst, err
}

var errInheritedBase = errors.New("the signed part inherits xml:base, which C14N 1.1 would rewrite")

// top writes a child of the document node: comments outside the root stand on
// lines of their own.
func (c *canonicaliser) top(i int32) {
	switch {
	case i == c.t.root:
		_ = c.apex(i) // the root inherits nothing
	case !c.comments:
	case i < c.t.root:
		c.comment(i)
		c.dst = append(c.dst, '\n')
	default:
		c.dst = append(c.dst, '\n')
		c.comment(i)
	}
}

func (c *canonicaliser) comment(i int32) {
	c.dst = append(c.dst, "<!--"...)
	c.dst = append(c.dst, c.t.nodes[i].name...)
	c.dst = append(c.dst, "-->"...)
}

// apex writes the topmost element of the output.
func (c *canonicaliser) apex(i int32) error {
	if c.exclusive {
		for _, p := range c.canon.prefixes {
			c.declareListed(i, p)
		}
		c.visible(i, 0)
		return nil
	}
	inherited, err := c.t.inheritedAttributes(i, c.canon.method)
	if err != nil {
		return err
	}
	c.inclusiveApex(i, inherited)
	return nil
}

// declareListed declares a prefix of the PrefixList at the apex, as inclusive
// canonicalisation does with every prefix.
func (c *canonicaliser) declareListed(i int32, prefix string) {
	if prefix == "#default" {
		prefix = ""
	}
	if uri := c.t.lookup(i, prefix); uri != "" {
		c.declare([]byte(prefix), []byte(uri))
	}
}

// below writes an element under the apex.
func (c *canonicaliser) below(i int32) {
	mark := len(c.rendered)
	for _, b := range c.t.bindings(i) {
		if !c.exclusive || c.listed(b.prefix) {
			c.declare(b.prefix, b.uri)
		}
	}
	if c.exclusive {
		c.visible(i, mark)
		return
	}
	c.element(i, mark, c.t.attributes(i))
}

func (c *canonicaliser) listed(prefix []byte) bool {
	return slices.ContainsFunc(c.canon.prefixes, func(p string) bool {
		return p == string(prefix) || p == "#default" && len(prefix) == 0
	})
}

// visible writes an element by Exclusive XML Canonicalization 1.0, section 3: a
// declaration appears where its prefix is visibly used and not in force yet.
func (c *canonicaliser) visible(i int32, mark int) {
	n := &c.t.nodes[i]
	attrs := c.t.attributes(i)
	c.declare(n.prefix(), n.space)
	for k := range attrs {
		if len(attrs[k].prefix) > 0 {
			c.declare(attrs[k].prefix, attrs[k].space)
		}
	}
	c.element(i, mark, attrs)
}

// inclusiveApex writes the topmost element: all that is in scope is declared.
func (c *canonicaliser) inclusiveApex(i int32, inherited []attr) {
	mark := len(c.rendered)
	for a := i; a >= 0; a = c.t.nodes[a].parent {
		for _, b := range c.t.bindings(a) {
			if !c.declared(b.prefix) {
				c.rendered = append(c.rendered, b)
			}
		}
	}
	c.rendered = slices.DeleteFunc(c.rendered, func(b binding) bool {
		return len(b.uri) == 0 || string(b.prefix) == "xml"
	})
	attrs := c.t.attributes(i)
	if len(inherited) > 0 {
		attrs = append(inherited, attrs...)
		sortAttributes(attrs)
	}
	c.element(i, mark, attrs)
}

// inheritedAttributes are the xml: attributes that a subtree takes over from the
// elements around it: all of them in C14N 1.0, xml:lang and xml:space in 1.1,
// where xml:base would have to be recomputed.
func (t *tree) inheritedAttributes(apex int32, method Canonicalization) ([]attr, error) {
	var out []attr
	own := t.attributes(apex)
	for i := t.nodes[apex].parent; i >= 0; i = t.nodes[i].parent {
		for _, a := range t.attributes(i) {
			if string(a.space) != nsXML || hasXMLAttribute(own, a.local) || hasXMLAttribute(out, a.local) {
				continue
			}
			is11 := method == C14N11 || method == C14N11WithComments
			switch name := string(a.local); {
			case is11 && name == "base":
				return nil, errInheritedBase
			case !is11, name == "lang", name == "space":
				out = append(out, a)
			}
		}
	}
	return out, nil
}

func hasXMLAttribute(attrs []attr, local []byte) bool {
	return slices.ContainsFunc(attrs, func(a attr) bool {
		return string(a.space) == nsXML && bytes.Equal(a.local, local)
	})
}

// declare notes a declaration for output unless the same one is in force.
func (c *canonicaliser) declare(prefix, uri []byte) {
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if bytes.Equal(c.rendered[i].prefix, prefix) {
			if !bytes.Equal(c.rendered[i].uri, uri) {
				c.rendered = append(c.rendered, binding{prefix, uri})
			}
			return
		}
	}
	if len(prefix) == 0 && len(uri) == 0 || string(prefix) == "xml" {
		return
	}
	c.rendered = append(c.rendered, binding{prefix, uri})
}

func (c *canonicaliser) declared(prefix []byte) bool {
	return slices.ContainsFunc(c.rendered, func(b binding) bool { return bytes.Equal(b.prefix, prefix) })
}

// element writes tags and content; the declarations from mark on are its own.
func (c *canonicaliser) element(i int32, mark int, attrs []attr) {
	n := &c.t.nodes[i]
	c.dst = append(append(c.dst, '<'), n.name...)
	c.namespaces(c.rendered[mark:])
	for k := range attrs {
		c.dst = append(c.dst, ' ')
		if a := &attrs[k]; len(a.prefix) > 0 {
			c.dst = append(append(c.dst, a.prefix...), ':')
		}
		c.dst = append(append(c.dst, attrs[k].local...), '=', '"')
		c.dst = append(appendAttribute(c.dst, attrs[k].value), '"')
	}
	c.dst = append(c.dst, '>')
	c.content(i)
	c.dst = append(append(append(c.dst, '<', '/'), n.name...), '>')
	c.rendered = c.rendered[:mark]
}

func (c *canonicaliser) namespaces(list []binding) {
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b binding) int { return bytes.Compare(a.prefix, b.prefix) })
	}
	for _, b := range list {
		c.dst = append(c.dst, " xmlns"...)
		if len(b.prefix) > 0 {
			c.dst = append(append(c.dst, ':'), b.prefix...)
		}
		c.dst = append(c.dst, '=', '"')
		c.dst = append(appendAttribute(c.dst, b.uri), '"')
	}
}

func (c *canonicaliser) content(i int32) {
	for k, end := i+1, c.t.nodes[i].end; k < end; k = c.t.nodes[k].end {
		switch c.t.nodes[k].kind {
		case textNode:
			c.dst = appendCharacters(c.dst, c.t.nodes[k].name)
		case commentNode:
			if c.comments {
				c.comment(k)
			}
		case elementNode:
			if k != c.skip {
				c.below(k)
			}
		}
	}
}
