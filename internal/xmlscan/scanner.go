// Package xmlscan reads XML documents held in memory as a stream of tokens and
// escapes text for writers.
//
//	s := xmlscan.New(doc, xmlscan.Config{})
//	for {
//		kind, err := s.Next()
//		if err != nil {
//			return err // *xmlscan.SyntaxError
//		}
//		switch kind {
//		case xmlscan.Start:
//			fmt.Printf("%s in %s\n", s.Local(), s.Space())
//		case xmlscan.Text:
//			fmt.Printf("%s\n", s.Text())
//		case xmlscan.EOF:
//			return nil
//		}
//	}
//
// It is a conforming, namespace-aware XML 1.0 (fifth edition) processor for the
// subset that Polish e-invoicing allows: UTF-8 only, no document type
// declaration and therefore no entities beyond the five predefined ones, and no
// processing instructions. Everything else that the specifications call a fatal
// error is one here. Size, depth, attributes and namespaces are bounded, the
// time is linear in the document and plain documents cost no allocation after
// [New].
//
// An empty-element tag yields Start and End. Character data, references and
// CDATA sections between two tags are one Text token; comments are left out
// unless [Config.Comments] asks for them. All slices returned point into the
// document or into a scratch buffer and are valid until the next call of Next.
// A Scanner must not be used by two goroutines at once.
package xmlscan

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens that [Scanner.Next] reports.
const (
	EOF     Kind = iota // the document is complete and well-formed
	Start               // a start tag or the start of an empty-element tag
	End                 // an end tag or the end of an empty-element tag
	Text                // character data, never empty
	Comment             // a comment; only with Config.Comments
)

// Config bounds what a Scanner accepts. Zero values mean the defaults.
type Config struct {
	MaxSize       int  // bytes of the document; default 64 MiB
	MaxDepth      int  // open elements; default 256
	MaxAttributes int  // attributes and namespace declarations of one element; default 256
	MaxNamespaces int  // namespace declarations in scope at once; default 256
	Comments      bool // report comments as tokens
}

// Defaults of Config.
const (
	DefaultMaxSize       = 64 << 20
	DefaultMaxDepth      = 256
	DefaultMaxAttributes = 256
	DefaultMaxNamespaces = 256
)

func (c Config) withDefaults() Config {
	if c.MaxSize <= 0 {
		c.MaxSize = DefaultMaxSize
	}
	if c.MaxDepth <= 0 {
		c.MaxDepth = DefaultMaxDepth
	}
	if c.MaxAttributes <= 0 {
		c.MaxAttributes = DefaultMaxAttributes
	}
	if c.MaxNamespaces <= 0 {
		c.MaxNamespaces = DefaultMaxNamespaces
	}
	return c
}

// Scanner is a pull tokenizer over one document.
type Scanner struct {
	doc []byte
	cfg Config
	pos int   // next byte to read
	err error // sticky

	kind       Kind
	start, end int      // span of the current token
	cur        *element // the current Start or End, in open or just above it
	plain      bool     // current text needs no decoding
	empty      bool     // current Start is an empty-element tag
	none       element  // the current element before the first
	pendingEnd bool
	rootSeen   bool
	begun      bool
	bom        bool

	open     []element
	binds    []Binding
	def      int // binding of the default namespace in scope
	attrs    []Attr
	declared int // binds of the current Start begin here
	scratch  []byte

	openBuf [24]element
	bindBuf [4]Binding
	attrBuf [4]Attr
}

// element is an open element: where its name is and what it is bound to.
type element struct {
	name, colon, nameEnd int // doc[name:nameEnd]; colon < 0 when there is no prefix
	binds                int // number of bindings in scope outside the element
	space                int // index of the binding of its namespace, unbound or builtin
}

// New returns a Scanner over doc, which must not be changed while it is in use.
func New(doc []byte, cfg Config) *Scanner {
	s := new(Scanner)
	s.cfg = cfg.withDefaults()
	s.open = s.openBuf[:0]
	s.binds = s.bindBuf[:0]
	s.attrs = s.attrBuf[:0]
	s.Reset(doc)
	return s
}

// Reset starts again with another document, keeping limits and buffers.
func (s *Scanner) Reset(doc []byte) {
	s.doc, s.pos, s.err = doc, 0, nil
	s.kind, s.start, s.end = EOF, 0, 0
	s.none = element{colon: -1, space: unbound}
	s.cur = &s.none
	s.plain, s.empty, s.pendingEnd = false, false, false
	s.rootSeen, s.begun, s.bom = false, false, false
	s.open, s.binds, s.attrs = s.open[:0], s.binds[:0], s.attrs[:0]
	s.def, s.declared, s.scratch = unbound, 0, s.scratch[:0]
}

// Next reads the next token. After the end of the document it returns EOF, nil;
// after an error it returns the same *[SyntaxError] for ever.
func (s *Scanner) Next() (Kind, error) {
	if s.err != nil {
		return EOF, s.err
	}
	s.kind = s.next()
	if s.err != nil {
		s.kind = EOF
	}
	return s.kind, s.err
}

func (s *Scanner) next() Kind {
	if s.pendingEnd {
		s.pendingEnd = false
		s.start, s.end = s.pos, s.pos
		return s.pop()
	}
	if len(s.open) == 0 {
		return s.outside()
	}
	d, i := s.doc, s.pos
	if i+1 >= len(d) { // even the end tag of the root is longer
		return s.fail(CodeTruncated, len(d))
	}
	if d[i] == '<' {
		switch d[i+1] {
		case '/':
			return s.endTag()
		case '!':
			return s.content()
		case '?':
			return s.fail(CodeInstruction, i)
		}
		return s.startTag()
	}
	return s.content()
}

// push makes room for an element. It is filled in where it stands, because
// copying what has just been written is slow.
func (s *Scanner) push() *element {
	n := len(s.open)
	if n == cap(s.open) {
		s.open = append(s.open, element{})
	}
	s.open = s.open[:n+1]
	return &s.open[n]
}

// pop leaves the innermost element and its namespace declarations.
func (s *Scanner) pop() Kind {
	n := len(s.open) - 1
	s.cur = &s.open[n]
	s.open = s.open[:n]
	s.attrs = s.attrs[:0]
	s.empty = false
	if s.cur.binds != len(s.binds) {
		s.binds = s.binds[:s.cur.binds]
		s.def, _ = s.find(nil)
	}
	s.declared = len(s.binds)
	return End
}

// Offset is the position in bytes where the current token begins.
func (s *Scanner) Offset() int { return s.start }

// EndOffset is the position just after the current token. Both offsets of the End
// of an empty-element tag are the position after the tag.
func (s *Scanner) EndOffset() int { return s.end }

// Depth is the number of elements open after the current token: 1 after the
// root's Start, 0 after its End.
func (s *Scanner) Depth() int { return len(s.open) }

// Empty reports whether the current Start is an empty-element tag.
func (s *Scanner) Empty() bool { return s.empty }

// BOM reports whether the document begins with a UTF-8 byte order mark, which
// XML allows and KSeF refuses. It is known after the first call of Next.
func (s *Scanner) BOM() bool { return s.bom }

// QName is the name of the current Start or End as written, prefix included.
func (s *Scanner) QName() []byte { return s.doc[s.cur.name:s.cur.nameEnd] }

// Local is the name of the current Start or End without prefix.
func (s *Scanner) Local() []byte {
	if s.cur.colon < 0 {
		return s.doc[s.cur.name:s.cur.nameEnd]
	}
	return s.doc[s.cur.colon+1 : s.cur.nameEnd]
}

// Prefix is the namespace prefix of the current Start or End, empty when it has none.
func (s *Scanner) Prefix() []byte {
	if s.cur.colon < 0 {
		return nil
	}
	return s.doc[s.cur.name:s.cur.colon]
}

// Space is the namespace name of the current Start or End, empty when it is in none.
func (s *Scanner) Space() []byte { return s.uri(s.cur.space) }
