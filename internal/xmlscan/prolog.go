package xmlscan

import "bytes"

var bomUTF8 = []byte("\xEF\xBB\xBF")

// outside reads what stands before and after the root element: the XML
// declaration, white space and comments.
func (s *Scanner) outside() Kind {
	if !s.begun && !s.begin() {
		return EOF
	}
	d := s.doc
	for {
		i := skipSpace(d, s.pos)
		s.pos = i
		if i >= len(d) {
			s.start, s.end = i, i
			if !s.rootSeen {
				return s.fail(CodeEmpty, i)
			}
			return EOF
		}
		if d[i] != '<' {
			return s.stray(i)
		}
		switch rest := d[i:]; {
		case bytes.HasPrefix(rest, commentOpen):
			if s.cfg.Comments {
				return s.commentToken()
			}
			next := s.comment(i)
			if next < 0 {
				return EOF
			}
			s.pos = next
		case len(rest) > 1 && rest[1] == '?':
			return s.instruction(i)
		case len(rest) > 1 && rest[1] == '!':
			return s.outsideMarkup(i)
		case s.rootSeen:
			return s.fail(CodeOutside, i)
		default:
			s.rootSeen = true
			return s.startTag()
		}
	}
}

// begin checks size and encoding and reads the XML declaration.
func (s *Scanner) begin() bool {
	s.begun = true
	if len(s.doc) > s.cfg.MaxSize {
		return s.bad(CodeSize, s.cfg.MaxSize)
	}
	if bytes.HasPrefix(s.doc, bomUTF8) {
		s.bom, s.pos = true, len(bomUTF8)
	}
	if wideEncoding(s.doc) {
		return s.bad(CodeEncoding, 0)
	}
	if rest := s.doc[s.pos:]; bytes.HasPrefix(rest, []byte("<?xml")) && len(rest) > 5 && nameClass[rest[5]] == 0 {
		return s.declaration()
	}
	return true
}

// wideEncoding recognises UTF-16 and UTF-32 by their first bytes (XML 1.0,
// appendix F): a byte order mark, or NUL bytes around the first "<".
func wideEncoding(d []byte) bool {
	if len(d) < 2 {
		return false
	}
	a, b := d[0], d[1]
	return a == 0xFE && b == 0xFF || a == 0xFF && b == 0xFE || a == 0 && (b == '<' || b == 0) || a == '<' && b == 0
}

// stray reports text outside the root element, or what makes it worse.
func (s *Scanner) stray(i int) Kind {
	switch byteClass[s.doc[i]] {
	case badByte:
		return s.fail(CodeChar, i)
	case highByte:
		if _, code := highRune(s.doc, i); code != "" {
			return s.fail(code, i)
		}
	}
	return s.fail(CodeOutside, i)
}

func (s *Scanner) instruction(i int) Kind {
	if rest := s.doc[i:]; bytes.HasPrefix(rest, []byte("<?xml")) && len(rest) > 5 && nameClass[rest[5]] == 0 {
		return s.fail(CodeDeclaration, i)
	}
	return s.fail(CodeInstruction, i)
}

func (s *Scanner) outsideMarkup(i int) Kind {
	rest := s.doc[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return s.fail(CodeDoctype, i)
	case bytes.HasPrefix(rest, cdataOpen):
		return s.fail(CodeOutside, i)
	case bytes.HasPrefix(commentOpen, rest), bytes.HasPrefix([]byte("<!DOCTYPE"), rest):
		return s.fail(CodeTruncated, len(s.doc))
	}
	return s.fail(CodeMarkup, i)
}

// declaration reads the XML declaration at s.pos (production [23]): version,
// then optionally encoding, then optionally standalone.
func (s *Scanner) declaration() bool {
	i := s.pos + len("<?xml")
	next, value, ok := s.pseudo(i, "version")
	if !ok || string(value) != "1.0" {
		return s.bad(CodeDeclaration, s.pos)
	}
	i = next
	if next, value, ok = s.pseudo(i, "encoding"); ok {
		if !bytes.EqualFold(value, []byte("UTF-8")) {
			return s.bad(CodeEncoding, s.pos)
		}
		i = next
	}
	if next, value, ok = s.pseudo(i, "standalone"); ok {
		if string(value) != "yes" && string(value) != "no" {
			return s.bad(CodeDeclaration, s.pos)
		}
		i = next
	}
	i = skipSpace(s.doc, i)
	if !bytes.HasPrefix(s.doc[i:], []byte("?>")) {
		return s.bad(CodeDeclaration, s.pos)
	}
	s.pos = i + 2
	return true
}

// pseudo reads white space, name, "=" and a quoted value of the XML declaration.
func (s *Scanner) pseudo(i int, name string) (next int, value []byte, ok bool) {
	d := s.doc
	j := skipSpace(d, i)
	if j == i || !bytes.HasPrefix(d[j:], []byte(name)) {
		return i, nil, false
	}
	if j = skipSpace(d, j+len(name)); j >= len(d) || d[j] != '=' {
		return i, nil, false
	}
	j = skipSpace(d, j+1)
	if j >= len(d) || d[j] != '"' && d[j] != '\'' {
		return i, nil, false
	}
	n := bytes.IndexByte(d[j+1:], d[j])
	if n < 0 {
		return i, nil, false
	}
	return j + 1 + n + 1, d[j+1 : j+1+n], true
}
