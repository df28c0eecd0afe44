package fa3

import (
	"errors"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// schemaInstance is the namespace of the attributes that XML Schema allows on
// every element.
const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

// content is the automaton over the children of one struct: a state for the
// start and one for each child element. A generated table.
type content []step

type step struct {
	name   string
	max    int      // how often in a row at most
	attrs  []string // attributes of the element
	follow []uint8  // the steps that may come next, besides the step itself again
	last   bool     // the parent may end here
}

// frame is an open element with children.
type frame struct {
	content content
	at      int // step of the latest child
	n       int // how many of it in a row
	first   int // where the first of them begins
}

// decoder reads one document. After the first error all its methods do nothing.
type decoder struct {
	scan  *xmlscan.Scanner
	raw   []byte
	text  string // the same bytes; all strings of the result are parts of it
	stack []frame
	at    int // where the value just read begins
	err   *SyntaxError

	variant   Variant // which version is read
	namespace string  // its namespace

	stackBuf [8]frame
}

// Unmarshal reads an FA(3) document of at most [MaxSizeWithAttachment] bytes into
// the full model. Any namespace prefix, comments, CDATA sections and a byte order
// mark are accepted, and numbers in every spelling of XML Schema. Elements that
// the schema does not know at that place, missing or repeated ones, stray text
// and values that the model cannot hold are errors of type *[SyntaxError], so
// that nothing is ever dropped in silence. Limits on lengths, patterns and code
// lists are not checked.
//
// The invoice shares one copy of the document's text: keeping any string of it
// keeps that copy in memory.
func Unmarshal(xml []byte) (*Faktura, error) { return unmarshal(xml, VariantFA3) }

// unmarshal reads a document of FA(3) or, if that is allowed, of an older
// version.
func unmarshal(xml []byte, oldest Variant) (*Faktura, error) {
	d := &decoder{raw: xml, variant: oldest}
	d.scan = xmlscan.New(xml, xmlscan.Config{MaxSize: MaxSizeWithAttachment})
	d.stack = d.stackBuf[:0]
	f := new(Faktura)
	if d.root() {
		d.text = string(xml)
		d.readFaktura(f)
		d.finish()
	}
	if d.err != nil {
		return nil, d.err
	}
	return f, nil
}

// root moves to the root element and checks that it is one of an invoice that
// may be read.
func (d *decoder) root() bool {
	kind, err := d.scan.Next()
	if err != nil || kind != xmlscan.Start {
		d.syntax(err, false)
		return false
	}
	if !d.version() {
		d.fail(CodeRoot, d.scan.Offset(), false)
		d.err.Found = safeName(d.scan.Local())
		d.err.Expected = []string{"Faktura of " + Namespace}
		switch {
		case d.fa2():
			d.err.message = "this is neither an FA(3) nor an FA(2) invoice"
			d.err.Expected = append(d.err.Expected, "Faktura of "+NamespaceFA2)
		case string(d.scan.Space()) == NamespaceFA2:
			d.err.message = "this is an FA(2) invoice, which UnmarshalAny reads"
		}
		return false
	}
	d.checkAttrs(nil)
	return d.err == nil
}

// version finds out which version the document is, among those that may be read.
func (d *decoder) version() bool {
	switch space := d.scan.Space(); {
	case string(d.scan.Local()) != "Faktura":
		return false
	case string(space) == Namespace:
		d.variant, d.namespace = VariantFA3, Namespace
		return true
	case d.fa2() && string(space) == NamespaceFA2:
		d.namespace = NamespaceFA2
		return true
	}
	return false
}

// fa2 reports whether the document is FA(2); before its root is known, whether
// it may be.
func (d *decoder) fa2() bool { return d.variant == VariantFA2 }

// either chooses between what is different in the two versions.
func either[T any](d *decoder, fa3, fa2 T) T {
	if d.fa2() {
		return fa2
	}
	return fa3
}

// finish reads what follows the root element.
func (d *decoder) finish() {
	if d.err != nil {
		return
	}
	if _, err := d.scan.Next(); err != nil {
		d.syntax(err, false)
	}
}

// enter begins reading the children of the current element.
func (d *decoder) enter(c content) {
	d.stack = append(d.stack, frame{content: c})
}

// child moves to the next child of the innermost element and returns its step,
// 0 at the end of the element or after an error.
func (d *decoder) child() int {
	for d.err == nil {
		kind, err := d.scan.Next()
		switch {
		case err != nil:
			d.syntax(err, false)
		case kind == xmlscan.Start:
			return d.match()
		case kind == xmlscan.End:
			d.leave()
			return 0
		case !d.scan.Blank():
			d.fail(CodeText, d.scan.Offset(), false)
		}
	}
	return 0
}

// match finds the step of the current start tag among those that may come next.
func (d *decoder) match() int {
	f := &d.stack[len(d.stack)-1]
	name := d.scan.Local()
	now := &f.content[f.at]
	switch {
	case f.at > 0 && string(name) == now.name:
		if f.n == now.max {
			return d.unexpected(CodeTooMany)
		}
		f.n++
	case f.advance(name, now.follow):
		f.first = d.scan.Offset()
	default:
		return d.unexpected(CodeUnexpected)
	}
	if string(d.scan.Space()) != d.namespace {
		return d.unexpected(CodeNamespace)
	}
	if len(d.scan.Attrs()) > 0 {
		d.checkAttrs(f.content[f.at].attrs)
	}
	return f.at
}

// advance moves to the one of the following steps that has the name.
func (f *frame) advance(name []byte, follow []uint8) bool {
	for _, i := range follow {
		if f.content[i].name == string(name) {
			f.at, f.n = int(i), 1
			return true
		}
	}
	return false
}

// leave ends the innermost element.
func (d *decoder) leave() {
	top := len(d.stack) - 1
	f := &d.stack[top]
	if now := &f.content[f.at]; !now.last {
		d.fail(CodeMissing, d.scan.Offset(), false)
		d.err.Expected = f.content.names(now.follow)
		return
	}
	d.stack = d.stack[:top]
}

func (c content) names(steps []uint8) []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = c[s].name
	}
	return names
}

// unexpected reports the current start tag.
func (d *decoder) unexpected(code Code) int {
	f := &d.stack[len(d.stack)-1]
	d.fail(code, d.scan.Offset(), false)
	d.err.Found = safeName(d.scan.Local())
	d.err.Expected = f.content.names(f.content[f.at].follow)
	return 0
}

// checkAttrs refuses attributes of the current start tag that are neither in
// known nor allowed everywhere (XML Schema part 1, 2.6; xsi:nil is not, because
// no element is nillable).
func (d *decoder) checkAttrs(known []string) {
	for _, a := range d.scan.Attrs() {
		if !allowedAttr(a, known) {
			d.fail(CodeAttribute, a.Offset, true)
			d.err.Found, d.err.Expected = safeName(a.Local), known
			return
		}
	}
}

func allowedAttr(a xmlscan.Attr, known []string) bool {
	if string(a.Space) == schemaInstance {
		switch string(a.Local) {
		case "schemaLocation", "noNamespaceSchemaLocation", "type":
			return true
		}
		return false
	}
	if len(a.Space) > 0 {
		return false
	}
	for _, k := range known {
		if string(a.Local) == k {
			return true
		}
	}
	return false
}

// attr returns a required attribute of the current start tag.
func (d *decoder) attr(name string) string {
	if d.err != nil {
		return ""
	}
	for _, a := range d.scan.Attrs() {
		if len(a.Space) == 0 && string(a.Local) == name {
			return string(a.Value)
		}
	}
	d.fail(CodeAttribute, d.scan.Offset(), true)
	d.err.Expected = []string{name}
	return ""
}

// sameAttr refuses any other value of a required attribute than the only legal
// one.
func (d *decoder) sameAttr(name, want string) {
	if d.attr(name) != want && d.err == nil {
		d.fail(CodeValue, d.scan.Offset(), true)
		d.err.Found = name
	}
}

// more appends an element to a list and returns it. Its start tag is the current
// token.
func more[T any](d *decoder, list *[]T) *T {
	n := len(*list)
	if n > 0 && n == cap(*list) {
		grown := make([]T, n, n+d.expect())
		copy(grown, *list)
		*list = grown
	}
	*list = append(*list, *new(T))
	return &(*list)[n]
}

// expect estimates how many more elements like the latest child there are,
// itself included, from the space that its siblings took. The answer is at least
// a quarter of their number, so that long lists are copied rarely, and at most
// four times it, so that no document can demand much more memory than it has
// elements.
func (d *decoder) expect() int {
	f := &d.stack[len(d.stack)-1]
	had := f.n - 1
	here := d.scan.Offset()
	fit := had * (len(d.raw) - here) / (here - f.first)
	return min(max(fit, had/4)+1, 4*had, f.content[f.at].max-had)
}

// syntax reports an error of the XML layer. inside says whether it happened
// inside the latest child of the innermost open element.
func (d *decoder) syntax(err error, inside bool) {
	if d.err != nil {
		return
	}
	var e *xmlscan.SyntaxError
	if !errors.As(err, &e) { // the stream ended where a tag was due
		d.fail(Code(xmlscan.CodeTruncated), len(d.raw), inside)
		return
	}
	d.err = &SyntaxError{
		Code: Code(e.Code), Path: d.path(inside), Offset: e.Offset, Line: e.Line, Column: e.Column,
		message: e.Code.Message(),
	}
}

// fail reports an error at an offset.
func (d *decoder) fail(code Code, offset int, inside bool) {
	if d.err != nil {
		return
	}
	line, column := xmlscan.Position(d.raw, offset)
	message, ok := schemaMessages[code]
	if !ok {
		message = xmlscan.Code(code).Message()
	}
	d.err = &SyntaxError{Code: code, Path: d.path(inside), Offset: offset, Line: line, Column: column, message: message}
}

// path is the XPath of the innermost open element, or of its latest child.
func (d *decoder) path(inside bool) string {
	if len(d.stack) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("/Faktura")
	for i, f := range d.stack {
		if i == len(d.stack)-1 && !inside || f.at == 0 {
			break
		}
		st := &f.content[f.at]
		b.WriteString("/" + st.name)
		if st.max != 1 {
			b.WriteString("[" + strconv.Itoa(f.n) + "]")
		}
	}
	return b.String()
}
