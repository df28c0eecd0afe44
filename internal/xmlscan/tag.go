package xmlscan

import "bytes"

// Attr is one attribute of a Start that is no namespace declaration.
type Attr struct {
	Prefix, Local []byte
	Space         []byte // namespace name; empty for an attribute without prefix
	Value         []byte // references resolved, white space normalised
	Offset        int    // where its name begins
}

// Attrs are the attributes of the current Start in document order, without
// namespace declarations.
func (s *Scanner) Attrs() []Attr { return s.attrs }

// startTag reads the start tag or empty-element tag at s.pos.
func (s *Scanner) startTag() Kind {
	d := s.doc
	s.start = s.pos
	end, colon := asciiName(d, s.pos+1), -1
	if end >= len(d) || d[end] != '>' || end == s.pos+1 {
		var ok bool
		if end, colon, ok = qname(d, s.pos+1); !ok {
			return s.fail(CodeName, end)
		}
	}
	if len(s.open) >= s.cfg.MaxDepth {
		return s.fail(CodeDepth, s.start)
	}
	e := s.push()
	s.cur = e
	e.name, e.colon, e.nameEnd, e.binds = s.start+1, colon, end, len(s.binds)
	s.attrs, s.declared, s.scratch = s.attrs[:0], len(s.binds), s.scratch[:0]
	s.pos = end
	if end >= len(d) || d[end] != '>' {
		if !s.attributes() {
			return EOF
		}
	} else {
		s.pos++
		s.empty = false
	}
	if colon < 0 {
		e.space = s.def
	} else if !s.bindElement() {
		return EOF
	}
	s.end = s.pos
	s.pendingEnd = s.empty
	return Start
}

// attributes reads what follows the element name up to and including ">".
func (s *Scanner) attributes() bool {
	d, i := s.doc, s.pos
	count := 0
	for {
		j := skipSpace(d, i)
		if j >= len(d) {
			return s.bad(CodeTruncated, j)
		}
		switch d[j] {
		case '>':
			s.pos, s.empty = j+1, false
			return s.bindAttributes()
		case '/':
			if j+1 >= len(d) || d[j+1] != '>' {
				return s.bad(CodeMarkup, j+1)
			}
			s.pos, s.empty = j+2, true
			return s.bindAttributes()
		}
		if j == i { // white space must separate attributes
			return s.bad(CodeMarkup, j)
		}
		if count++; count > s.cfg.MaxAttributes {
			return s.bad(CodeAttributes, j)
		}
		if i = s.attribute(j); i < 0 {
			return false
		}
	}
}

// attribute reads one attribute at i and returns the position after it, -1 on error.
func (s *Scanner) attribute(i int) int {
	d := s.doc
	end, colon, ok := qname(d, i)
	if !ok {
		s.fail(CodeName, end)
		return -1
	}
	j := skipSpace(d, end)
	if j >= len(d) || d[j] != '=' {
		s.fail(CodeMarkup, j)
		return -1
	}
	j = skipSpace(d, j+1)
	if j >= len(d) || d[j] != '"' && d[j] != '\'' {
		s.fail(CodeMarkup, j)
		return -1
	}
	value, next := s.attrValue(j)
	if next < 0 {
		return -1
	}
	a := Attr{Local: d[i:end], Value: value, Offset: i}
	if colon >= 0 {
		a.Prefix, a.Local = d[i:colon], d[colon+1:end]
	}
	if declaresNamespace(&a) {
		if !s.declare(&a) {
			return -1
		}
		return next
	}
	s.attrs = append(s.attrs, a)
	return next
}

// attrValue reads the quoted value at i and returns it normalised (XML 1.0,
// 3.3.3) with the position after the closing quote, -1 on error.
func (s *Scanner) attrValue(i int) (value []byte, next int) {
	d, quote := s.doc, s.doc[i]
	i++
	begin, plain := i, true
	for i < len(d) {
		switch byteClass[d[i]] {
		case plainByte, brackByte:
			i++
		case quoteByte:
			if d[i] == quote {
				return s.attrText(begin, i, plain), i + 1
			}
			i++
		case blankByte, crByte:
			plain = false
			i++
		case ampByte:
			plain = false
			n, _, ok := reference(d, i)
			if !ok {
				s.fail(CodeReference, n)
				return nil, -1
			}
			i = n
		case highByte:
			n, code := highRune(d, i)
			if code != "" {
				s.fail(code, i)
				return nil, -1
			}
			i = n
		case lessByte:
			s.fail(CodeMarkup, i)
			return nil, -1
		default:
			s.fail(CodeChar, i)
			return nil, -1
		}
	}
	s.fail(CodeTruncated, i)
	return nil, -1
}

func (s *Scanner) attrText(begin, end int, plain bool) []byte {
	if plain {
		return s.doc[begin:end]
	}
	from := len(s.scratch)
	s.scratch = appendDecoded(s.scratch, s.doc[begin:end], true)
	return s.scratch[from:len(s.scratch):len(s.scratch)]
}

// endTag reads the end tag at s.pos.
func (s *Scanner) endTag() Kind {
	d := s.doc
	s.start = s.pos
	open := &s.open[len(s.open)-1]
	name := d[open.name:open.nameEnd]
	i := s.pos + 2
	j := i + len(name)
	if j > len(d) || !bytes.Equal(d[i:j], name) {
		return s.endMismatch(i)
	}
	if j < len(d) && d[j] != '>' {
		if nameClass[d[j]] != 0 {
			return s.endMismatch(i)
		}
		if j = skipSpace(d, j); j < len(d) && d[j] != '>' {
			return s.fail(CodeMarkup, j)
		}
	}
	if j >= len(d) {
		return s.fail(CodeTruncated, j)
	}
	s.pos, s.end = j+1, j+1
	return s.pop()
}

func (s *Scanner) endMismatch(i int) Kind {
	end, _, ok := qname(s.doc, i)
	if end >= len(s.doc) {
		return s.fail(CodeTruncated, end)
	}
	if !ok {
		return s.fail(CodeName, end)
	}
	return s.fail(CodeMismatch, i)
}

// bad is fail for functions that return whether they succeeded.
func (s *Scanner) bad(code Code, at int) bool {
	s.fail(code, at)
	return false
}
