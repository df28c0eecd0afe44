package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

var (
	cdataOpen    = []byte("<![CDATA[")
	cdataClose   = []byte("]]>")
	commentOpen  = []byte("<!--")
	commentClose = []byte("-->")
)

// content reads character data from s.pos up to the next tag: text, references,
// CDATA sections, and comments unless they are reported. Where there is no
// character at all it goes on to the tag.
func (s *Scanner) content() Kind {
	s.start, s.plain, s.scratch = s.pos, true, s.scratch[:0]
	filled := false
	i := s.pos
	for {
		n := s.run(i)
		if n < 0 {
			return EOF
		}
		filled = filled || n > i
		next, chars := s.section(n)
		if next < 0 {
			return EOF
		}
		if next == n { // a tag, or a comment to report
			s.pos, s.end = n, n
			if filled {
				return Text
			}
			return s.markup()
		}
		filled = filled || chars
		s.plain = false
		i = next
	}
}

// markup reads the tag or the reported comment at s.pos.
func (s *Scanner) markup() Kind {
	if s.cfg.Comments && bytes.HasPrefix(s.doc[s.pos:], commentOpen) {
		return s.commentToken()
	}
	return s.next()
}

// run reads characters and references from i up to the next "<" and returns its
// position, -1 on error.
func (s *Scanner) run(i int) int {
	d := s.doc
	for {
		if i < len(d) && d[i] <= ' ' {
			i = s.indent(i)
		}
		if i < len(d) && d[i] != '<' {
			i = plainRun(d, i)
		}
		switch {
		case i >= len(d):
			s.fail(CodeTruncated, i)
			return -1
		case d[i] == '<':
			return i
		case isSpace(d[i]):
			continue
		}
		if i = s.special(i); i < 0 {
			return -1
		}
	}
}

// indent skips white space from i on, as it stands between elements.
func (s *Scanner) indent(i int) int {
	d := s.doc
	for i < len(d) && isSpace(d[i]) {
		if d[i] == '\r' {
			s.plain = false
		}
		i++
	}
	return i
}

// special reads the character or reference at i that is not plain and no "<",
// and returns the position after it, -1 on error.
func (s *Scanner) special(i int) int {
	d := s.doc
	switch byteClass[d[i]] {
	case highByte:
		n, code := highRune(d, i)
		if code != "" {
			s.fail(code, i)
			return -1
		}
		return n
	case ampByte:
		n, _, ok := reference(d, i)
		if !ok {
			s.fail(CodeReference, n)
			return -1
		}
		s.plain = false
		return n
	case brackByte:
		if bytes.HasPrefix(d[i:], cdataClose) {
			s.fail(CodeCDATAEnd, i)
			return -1
		}
	case badByte:
		s.fail(CodeChar, i)
		return -1
	}
	return i + 1
}

// section reads the CDATA section or the unreported comment at i and returns the
// position after it and whether it held characters; i itself when there is
// neither, -1 on error.
func (s *Scanner) section(i int) (next int, chars bool) {
	d := s.doc
	if i+1 >= len(d) || d[i+1] != '!' {
		return i, false
	}
	rest := d[i:]
	switch {
	case bytes.HasPrefix(rest, cdataOpen):
		next = s.cdata(i)
		return next, next-i > len(cdataOpen)+len(cdataClose)
	case bytes.HasPrefix(rest, commentOpen):
		if s.cfg.Comments {
			return i, false
		}
		return s.comment(i), false
	case bytes.HasPrefix(cdataOpen, rest), bytes.HasPrefix(commentOpen, rest):
		s.fail(CodeTruncated, len(d))
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		s.fail(CodeDoctype, i)
	default:
		s.fail(CodeMarkup, i)
	}
	return -1, false
}

// cdata checks the CDATA section at i and returns the position after it.
func (s *Scanner) cdata(i int) int {
	begin := i + len(cdataOpen)
	n := bytes.Index(s.doc[begin:], cdataClose)
	if n < 0 {
		return s.unclosed(begin)
	}
	if !s.chars(begin, begin+n) {
		return -1
	}
	return begin + n + len(cdataClose)
}

// comment checks the comment at i and returns the position after it.
func (s *Scanner) comment(i int) int {
	begin := i + len(commentOpen)
	n := bytes.Index(s.doc[begin:], commentClose[:2])
	if n < 0 {
		return s.unclosed(begin)
	}
	if !s.chars(begin, begin+n) {
		return -1
	}
	if end := begin + n + 2; end >= len(s.doc) || s.doc[end] != '>' {
		s.fail(CodeComment, end)
		return -1
	}
	return begin + n + len(commentClose)
}

// unclosed reports a section without end, or the bad character before the end of
// the document.
func (s *Scanner) unclosed(begin int) int {
	if s.chars(begin, len(s.doc)) {
		s.fail(CodeTruncated, len(s.doc))
	}
	return -1
}

// chars checks that doc[i:end] consists of characters that XML allows.
func (s *Scanner) chars(i, end int) bool {
	d := s.doc[:end]
	for i < end {
		switch byteClass[d[i]] {
		default:
			i++
		case highByte:
			n, code := highRune(d, i)
			if code != "" {
				return s.bad(code, i)
			}
			i = n
		case badByte:
			return s.bad(CodeChar, i)
		}
	}
	return true
}

// commentToken reports the comment at s.pos.
func (s *Scanner) commentToken() Kind {
	s.start = s.pos
	next := s.comment(s.pos)
	if next < 0 {
		return EOF
	}
	s.pos, s.end = next, next
	return Comment
}

// Plain reports whether the current Text stands in the document exactly as its
// decoded value, so that offsets into the document may be used in its place.
func (s *Scanner) Plain() bool { return s.plain }

// Text is the character data of the current Text, or what is inside the current
// Comment: references resolved, CDATA sections opened, line ends normalised to
// LF. It is valid until the next call of Next or Text.
func (s *Scanner) Text() []byte {
	if s.kind == Text && s.plain {
		return s.doc[s.start:s.end]
	}
	s.scratch = s.AppendText(s.scratch[:0])
	return s.scratch
}

// AppendText appends what [Scanner.Text] returns to dst.
func (s *Scanner) AppendText(dst []byte) []byte {
	switch s.kind {
	case Text:
		return appendDecoded(dst, s.doc[s.start:s.end], false)
	case Comment:
		return appendLines(dst, s.doc[s.start+len(commentOpen):s.end-len(commentClose)])
	}
	return dst
}

// Blank reports whether the current Text is white space only.
func (s *Scanner) Blank() bool {
	raw := s.doc[s.start:s.end]
	if n := skipSpace(raw, 0); n == len(raw) || s.plain {
		return n == len(raw)
	}
	text := s.Text() // references to white space are white space
	return skipSpace(text, 0) == len(text)
}

// appendDecoded appends the value of checked character data. In attribute values
// white space characters, but not references to them, become spaces.
func appendDecoded(dst, raw []byte, attr bool) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '&':
			n, r, _ := reference(raw, i)
			dst = utf8.AppendRune(dst, r)
			i = n
			continue
		case c == '<' && !attr:
			dst, i = appendSection(dst, raw, i)
			continue
		case c == '\r':
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
			c = '\n'
			if attr {
				c = ' '
			}
		case attr && (c == '\n' || c == '\t'):
			c = ' '
		}
		dst = append(dst, c)
		i++
	}
	return dst
}

// appendSection appends the characters of the CDATA section at i, or nothing for
// a comment, and returns the position after it.
func appendSection(dst, raw []byte, i int) ([]byte, int) {
	if bytes.HasPrefix(raw[i:], cdataOpen) {
		begin := i + len(cdataOpen)
		n := bytes.Index(raw[begin:], cdataClose)
		return appendLines(dst, raw[begin:begin+n]), begin + n + len(cdataClose)
	}
	begin := i + len(commentOpen)
	return dst, begin + bytes.Index(raw[begin:], commentClose) + len(commentClose)
}

// appendLines appends raw with its line ends normalised (XML 1.0, 2.11).
func appendLines(dst, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '\r' {
			if i+1 < len(raw) && raw[i+1] == '\n' {
				continue
			}
			c = '\n'
		}
		dst = append(dst, c)
	}
	return dst
}
