package xades

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"slices"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

type nodeKind uint8

const (
	elementNode nodeKind = iota
	textNode
	commentNode
)

// node is an element, a run of text or a comment. Nodes stand in document order,
// so that a subtree is the slice from a node to its end.
type node struct {
	name            []byte // an element's name as written; the characters of the others
	space           []byte // an element's namespace
	start, stop     int32  // where it stands in the document, in bytes
	content         int32  // where the start tag ends
	parent, end     int32  // node numbers; the parent of the root is -1
	attrs, attrsEnd int32
	binds, bindsEnd int32
	colon           int32 // in name, -1 without a prefix
	kind            nodeKind
	selfClosed      bool
}

func (n *node) prefix() []byte {
	if n.colon < 0 {
		return nil
	}
	return n.name[:n.colon]
}

func (n *node) local() []byte { return n.name[n.colon+1:] }

func (n *node) is(space, local string) bool {
	return n.kind == elementNode && string(n.local()) == local && string(n.space) == space
}

// attr is an attribute; namespace declarations are bindings instead.
type attr struct {
	prefix, local, space, value []byte
}

type binding struct {
	prefix, uri []byte
}

// tree is a document, held as a flat array of nodes without pointers.
type tree struct {
	doc   []byte
	nodes []node
	attrs []attr
	binds []binding
	arena []byte // decoded values
	root  int32
	bom   bool
}

// maxNodes bounds the memory that a document of many tiny elements takes: a full
// receipt page of 10,000 documents has about 300,000.
const maxNodes = 1 << 20

var errTooManyNodes = errors.New("the document has too many elements")

// parse reads a document whole, comments included.
func parse(doc []byte, maxSize int) (*tree, error) {
	if maxSize <= 0 {
		maxSize = DefaultMaxSize
	}
	s := xmlscan.New(doc, xmlscan.Config{
		MaxSize:       min(maxSize, 1<<30), // positions are 32 bits wide
		MaxNamespaces: maxNamespaces,
		Comments:      true,
	})
	t := &tree{
		doc:   doc,
		nodes: make([]node, 0, min(bytes.Count(doc, []byte{'<'}), len(doc)/8, 1<<18)+4),
		arena: make([]byte, 0, 256),
		root:  -1,
	}
	parent := int32(-1)
	for {
		kind, err := s.Next()
		switch {
		case err != nil:
			return nil, &Error{Rule: RuleDocument, Err: err}
		case kind == xmlscan.EOF:
			t.bom = s.BOM()
			return t, nil
		case len(t.nodes) >= maxNodes:
			return nil, &Error{Rule: RuleDocument, Err: errTooManyNodes}
		}
		parent = t.add(s, kind, parent)
	}
}

// add appends the current token and returns the element that is open after it.
func (t *tree) add(s *xmlscan.Scanner, kind xmlscan.Kind, parent int32) int32 {
	i := int32(len(t.nodes))
	switch kind {
	case xmlscan.Start:
		if parent < 0 {
			t.root = i
		}
		t.addElement(s, parent)
		return i
	case xmlscan.End:
		n := &t.nodes[parent]
		n.end, n.stop = i, int32(s.EndOffset())
		return n.parent
	case xmlscan.Text, xmlscan.Comment:
		n := node{kind: textNode, parent: parent, end: i + 1, start: int32(s.Offset()), stop: int32(s.EndOffset())}
		if kind == xmlscan.Comment {
			n.kind = commentNode
		}
		if kind == xmlscan.Text && s.Plain() {
			n.name = t.doc[n.start:n.stop]
		} else {
			n.name = t.keep(s.Text())
		}
		t.nodes = append(t.nodes, n)
	}
	return parent
}

func (t *tree) addElement(s *xmlscan.Scanner, parent int32) {
	n := node{
		parent: parent, name: s.QName(), space: s.Space(),
		start: int32(s.Offset()), content: int32(s.EndOffset()),
		attrs: int32(len(t.attrs)), binds: int32(len(t.binds)),
		colon: -1, selfClosed: s.Empty(),
	}
	if prefix := s.Prefix(); len(prefix) > 0 {
		n.colon = int32(len(prefix))
	}
	for _, b := range s.Declared() {
		t.binds = append(t.binds, binding{b.Prefix, b.URI})
	}
	for _, a := range s.Attrs() {
		t.attrs = append(t.attrs, attr{a.Prefix, a.Local, a.Space, t.keep(a.Value)})
	}
	n.attrsEnd, n.bindsEnd = int32(len(t.attrs)), int32(len(t.binds))
	sortAttributes(t.attrs[n.attrs:])
	t.nodes = append(t.nodes, n)
}

// keep copies a value that lives only until the scanner's next step.
func (t *tree) keep(v []byte) []byte {
	from := len(t.arena)
	t.arena = append(t.arena, v...)
	return t.arena[from:len(t.arena):len(t.arena)]
}

// sortAttributes brings attributes into canonical order: namespace, then name,
// those without a namespace first.
func sortAttributes(a []attr) {
	if len(a) < 2 {
		return
	}
	slices.SortFunc(a, func(x, y attr) int {
		return cmp.Or(bytes.Compare(x.space, y.space), bytes.Compare(x.local, y.local))
	})
}

func (t *tree) attributes(i int32) []attr {
	n := &t.nodes[i]
	return t.attrs[n.attrs:n.attrsEnd]
}

func (t *tree) bindings(i int32) []binding {
	n := &t.nodes[i]
	return t.binds[n.binds:n.bindsEnd]
}

// attribute returns the value of an attribute without a namespace.
func (t *tree) attribute(i int32, local string) (string, bool) {
	for _, a := range t.attributes(i) {
		if len(a.space) == 0 && string(a.local) == local {
			return string(a.value), true
		}
	}
	return "", false
}

// children yields the nodes directly below i.
func (t *tree) children(i int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for c, end := i+1, t.nodes[i].end; c < end; c = t.nodes[c].end {
			if !yield(c) {
				return
			}
		}
	}
}

// inside reports whether i is in the subtree of top.
func (t *tree) inside(i, top int32) bool { return i >= top && i < t.nodes[top].end }

// lookup resolves a prefix (empty: the default namespace) where i stands.
func (t *tree) lookup(i int32, prefix string) string {
	for ; i >= 0; i = t.nodes[i].parent {
		for _, b := range t.bindings(i) {
			if string(b.prefix) == prefix {
				return string(b.uri)
			}
		}
	}
	return ""
}
