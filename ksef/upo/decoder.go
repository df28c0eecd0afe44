package upo

import (
	"errors"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

const (
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsInstance  = "http://www.w3.org/2001/XMLSchema-instance"
)

var (
	errMissing   = errors.New("this element has to stand here")
	errExtra     = errors.New("an element or text too many")
	errAttribute = errors.New("an attribute that the schema does not have")
)

// decoder walks a receipt with one token of lookahead. The first error sticks
// and makes every later step do nothing.
type decoder struct {
	s         *xmlscan.Scanner
	xml       []byte
	kind      xmlscan.Kind // the current token, never blank text between elements
	namespace string
	parents   []string
	index     int // number of the current Dokument
	err       error
}

func newDecoder(xml []byte) *decoder {
	d := &decoder{s: xmlscan.New(xml, xmlscan.Config{MaxSize: MaxSize, MaxDepth: 64, MaxNamespaces: 64}), xml: xml}
	d.next()
	return d
}

// fail notes an error at the current token, in the child name of the element
// that is open.
func (d *decoder) fail(code Code, name string, err error) {
	if d.err != nil {
		return
	}
	line, column := xmlscan.Position(d.xml, d.s.Offset())
	d.err = &Error{Code: code, Path: d.path(name), Line: line, Column: column, Err: err}
}

func (d *decoder) path(name string) string {
	steps := d.parents
	if name != "" {
		steps = append(steps[:len(steps):len(steps)], name)
	}
	path := strings.Join(steps, "/")
	return strings.Replace(path, "/Dokument", "/Dokument["+strconv.Itoa(d.index)+"]", 1)
}

// next moves to the next token, over blanks.
func (d *decoder) next() {
	if d.err != nil {
		return
	}
	for {
		kind, err := d.s.Next()
		if err != nil {
			d.err = &Error{Code: CodeXML, Path: d.path(""), Err: err}
			return
		}
		d.kind = kind
		if kind != xmlscan.Text || !d.s.Blank() {
			return
		}
	}
}

// at reports whether the current token starts an element of the receipt.
func (d *decoder) at(name string) bool {
	return d.err == nil && d.kind == xmlscan.Start &&
		string(d.s.Local()) == name && string(d.s.Space()) == d.namespace
}

// root reads the start of the root and what it says about the version.
func (d *decoder) root(c *Confirmation) {
	if d.err != nil {
		return
	}
	space := string(d.s.Space())
	c.Version = Version(strings.TrimPrefix(space, namespacePrefix))
	if string(d.s.Local()) != root || space != c.Version.Namespace() || c.Version != V43 && c.Version != V42 {
		d.fail(CodeNamespace, "", errVersions)
		return
	}
	d.namespace = space
	for _, a := range d.s.Attrs() {
		switch {
		case len(a.Space) == 0 && string(a.Local) == "wersjaSchemy":
			c.SchemaVersion = string(a.Value)
		case !isHint(a):
			d.fail(CodeStructure, "", errAttribute)
		}
	}
	d.parents = append(d.parents, root)
	d.next()
}

// open enters an element that has to be next.
func (d *decoder) open(name string) {
	if d.err != nil {
		return
	}
	if !d.at(name) {
		d.fail(CodeStructure, name, errMissing)
		return
	}
	d.noAttributes(name)
	d.parents = append(d.parents, name)
	d.next()
}

// close leaves it.
func (d *decoder) close() {
	if d.err != nil {
		return
	}
	if d.kind != xmlscan.End {
		d.fail(CodeStructure, "", errExtra)
		return
	}
	d.parents = d.parents[:len(d.parents)-1]
	d.next()
}

func (d *decoder) noAttributes(name string) {
	for _, a := range d.s.Attrs() {
		if !isHint(a) {
			d.fail(CodeStructure, name, errAttribute)
		}
	}
}

// isHint reports whether an attribute says where the schema is, which is allowed
// anywhere and means nothing.
func isHint(a xmlscan.Attr) bool {
	return string(a.Space) == nsInstance && (string(a.Local) == "schemaLocation" || string(a.Local) == "noNamespaceSchemaLocation")
}

// text reads an element that holds only text, whose white space at the ends and
// in runs does not count.
func (d *decoder) text(name string) string { return collapse(d.exact(name)) }

// exact reads an element that holds only text, every blank of which counts.
func (d *decoder) exact(name string) string {
	if d.err != nil {
		return ""
	}
	if !d.at(name) {
		d.fail(CodeStructure, name, errMissing)
		return ""
	}
	d.noAttributes(name)
	d.next()
	if d.err != nil {
		return ""
	}
	if d.kind != xmlscan.Text {
		d.fail(CodeStructure, name, errEmpty)
		return ""
	}
	s := string(d.s.Text())
	d.next()
	if d.err == nil && d.kind != xmlscan.End {
		d.fail(CodeStructure, name, errExtra)
	}
	d.next()
	return s
}

// signature skips a ds:Signature.
func (d *decoder) signature() {
	if d.err != nil || d.kind != xmlscan.Start || string(d.s.Local()) != "Signature" || string(d.s.Space()) != nsSignature {
		return
	}
	depth := d.s.Depth()
	for d.err == nil && (d.kind != xmlscan.End || d.s.Depth() >= depth) {
		d.next()
	}
	d.next()
}

// end makes sure that the document is over.
func (d *decoder) end() {
	if d.err == nil && d.kind != xmlscan.EOF {
		d.fail(CodeStructure, "", errExtra)
	}
}
