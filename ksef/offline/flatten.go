package offline

import (
	"errors"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// maxPlaces and maxKey bound what is kept of a document, against documents made
// of nothing but tags or of names without end. The largest invoices have half as
// many places, their longest keys 150 bytes.
const (
	maxPlaces = 250_000
	maxKey    = 500
)

var errPlaces = errors.New("more than 250000 elements and attributes, or a name too long")

// flat is a document as a list of places with values, whatever its layout.
type flat struct {
	order    []string // places with a value, in the order of the document
	value    map[string]string
	repeated map[string]bool // elements that stand more than once in one parent, without index
}

// open is an element being read. Its key has an index on every step.
type open struct {
	key      string
	children map[string]int // nil for none
	text     []byte
}

// flatten lists every element without children, every text beside children and
// every attribute. Comments do not count.
func flatten(doc []byte) (*flat, error) {
	scan := xmlscan.New(doc, xmlscan.Config{MaxSize: fa3.MaxSizeWithAttachment})
	f := &flat{value: map[string]string{}, repeated: map[string]bool{}}
	stack := []*open{{}}
	for {
		kind, err := scan.Next()
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch kind {
		case xmlscan.Start:
			stack = append(stack, f.start(scan, top, len(stack) == 1))
		case xmlscan.Text:
			top.text = scan.AppendText(top.text)
		case xmlscan.End:
			f.end(top)
			stack = stack[:len(stack)-1]
		case xmlscan.EOF:
			return f, nil
		}
		if len(f.order) > maxPlaces || len(stack[len(stack)-1].key) > maxKey {
			return nil, errPlaces
		}
	}
}

func (f *flat) start(scan *xmlscan.Scanner, parent *open, root bool) *open {
	name := string(scan.Local())
	if parent.children == nil {
		parent.children = map[string]int{}
	}
	parent.children[name]++
	n := parent.children[name]
	if n == 2 {
		f.repeated[withoutIndices(parent.key)+"/"+name] = true
	}
	e := &open{key: parent.key + "/" + name + "[" + strconv.Itoa(n) + "]"}
	if root {
		f.add(e.key+"@xmlns", string(scan.Space()))
	}
	for _, a := range scan.Attrs() {
		f.add(e.key+"@"+string(a.Local), string(a.Value))
	}
	return e
}

func (f *flat) end(e *open) {
	text := string(e.text)
	if len(e.children) == 0 || strings.TrimSpace(text) != "" {
		f.add(e.key, text)
	}
}

func (f *flat) add(key, value string) {
	if _, seen := f.value[key]; !seen {
		f.order = append(f.order, key)
	}
	f.value[key] = value
}

// withoutIndices is a key as the schema sees it: /Faktura/Fa/FaWiersz/P_7.
func withoutIndices(key string) string {
	var b strings.Builder
	for step := range strings.SplitSeq(key, "[") {
		if _, rest, indexed := strings.Cut(step, "]"); indexed {
			step = rest
		}
		b.WriteString(step)
	}
	return b.String()
}

// show is a key for people: an index only where elements repeat in one of the
// documents.
func show(key string, a, b *flat) string {
	out, plain := "", ""
	for step := range strings.SplitSeq(strings.TrimPrefix(key, "/"), "/") {
		plain += "/" + withoutIndices(step)
		if element, _, _ := strings.Cut(plain, "@"); a.repeated[element] || b.repeated[element] {
			out += "/" + step
			continue
		}
		out += "/" + withoutIndices(step)
	}
	return out
}
