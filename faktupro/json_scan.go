package faktupro

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the JSON text.
const (
	// MaxJSONSize is the greatest size of an invoice as JSON, in bytes. FA(3)
	// ends at 1,000,000 bytes, so no invoice that can be sent comes near it.
	MaxJSONSize = 16 << 20
	maxDepth    = 32 // nesting of objects and lists; the invoice itself needs 8
)

// decoder reads JSON text strictly. Problems with single values are recorded
// and reading goes on; a fault of the syntax ends it: from then on every method
// returns at once.
type decoder struct {
	report
	data  []byte
	pos   int
	depth int
	fault bool
	lines lineCounter
}

// peek is the first byte of the next token; 0 at the end or after a fault.
func (d *decoder) peek() byte {
	for d.pos < len(d.data) && !d.fault {
		switch c := d.data[d.pos]; c {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return c
		}
	}
	return 0
}

// addHere records a problem at the current place and the offset in the text.
func (d *decoder) addHere(offset int, code string, args ...string) {
	before := len(d.problems)
	d.add(code, args...)
	if len(d.problems) > before {
		p := &d.problems[before]
		p.Line, p.Column = d.lines.position(d.data, offset)
	}
}

// syntax records a fault of the syntax at the current offset and ends reading.
func (d *decoder) syntax() {
	if d.fault {
		return
	}
	d.addHere(d.pos, codeJSONSyntax)
	d.fault = true
}

// wrongType records that the next value should be of another type, and skips
// it.
func (d *decoder) wrongType(want string) {
	start := d.pos
	null := d.peek() == 'n'
	if d.skip(); d.fault {
		return
	}
	if null {
		d.addHere(start, codeJSONNull)
		return
	}
	d.addHere(start, codeJSONType, "want", want)
}

// open enters an object or a list; otherwise it records what was wanted.
func (d *decoder) open(bracket byte, want string) bool {
	if d.peek() != bracket {
		d.wrongType(want)
		return false
	}
	return d.enter()
}

func (d *decoder) enter() bool {
	if d.depth == maxDepth {
		d.addHere(d.pos, codeJSONDepth, "max", strconv.Itoa(maxDepth))
		d.fault = true
		return false
	}
	d.depth++
	d.pos++
	return true
}

// next reports whether a further member or element follows, and leaves the
// object or list when none does.
func (d *decoder) next(first bool, closing byte) bool {
	c := d.peek()
	switch {
	case c == closing:
		d.pos++
		d.depth--
		return false
	case first && c != 0:
		return true
	case c == ',':
		d.pos++
		if c = d.peek(); c != closing && c != 0 {
			return true
		}
	}
	d.syntax()
	return false
}

// key reads the name of a member and the colon after it.
func (d *decoder) key() ([]byte, bool) {
	if d.peek() != '"' {
		d.syntax()
		return nil, false
	}
	name := d.text()
	if d.peek() != ':' {
		d.syntax()
		return nil, false
	}
	d.pos++
	return name, true
}

// text reads a string whose opening quote is next. Without escapes the result
// is a part of the input.
func (d *decoder) text() []byte {
	d.pos++
	start := d.pos
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			d.pos++
			return d.data[start : d.pos-1]
		case c == '\\':
			return d.escapedText(start)
		case c < ' ':
			d.syntax()
			return nil
		}
		d.pos++
	}
	d.syntax()
	return nil
}

// escapedText reads the rest of a string that has escapes.
func (d *decoder) escapedText(start int) []byte {
	out := bytes.Clone(d.data[start:d.pos])
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			d.pos++
			return out
		case c == '\\':
			r, ok := d.escape()
			if !ok {
				d.syntax()
				return nil
			}
			out = utf8.AppendRune(out, r)
		case c < ' ':
			d.syntax()
			return nil
		default:
			out = append(out, c)
			d.pos++
		}
	}
	d.syntax()
	return nil
}

// escape reads one escape sequence. Halves of surrogate pairs are refused: they
// are no characters.
func (d *decoder) escape() (rune, bool) {
	if d.pos+1 >= len(d.data) {
		return 0, false
	}
	c := d.data[d.pos+1]
	if c == 'u' {
		return d.unicodeEscape()
	}
	i := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if i < 0 {
		return 0, false
	}
	d.pos += 2
	return rune("\"\\/\b\f\n\r\t"[i]), true
}

func (d *decoder) unicodeEscape() (rune, bool) {
	r, ok := d.hex4()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	low, ok := d.hex4()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// hex4 reads \uXXXX.
func (d *decoder) hex4() (rune, bool) {
	if len(d.data)-d.pos < 6 || d.data[d.pos] != '\\' || d.data[d.pos+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range d.data[d.pos+2 : d.pos+6] {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if c < '0' || digit < 0 {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	d.pos += 6
	return r, true
}

// number reads a number as it is written.
func (d *decoder) number() []byte {
	start := d.pos
	if d.data[d.pos] == '-' {
		d.pos++
	}
	if d.pos < len(d.data) && d.data[d.pos] == '0' {
		d.pos++
	} else if !d.digits() {
		return nil
	}
	if d.pos < len(d.data) && d.data[d.pos] == '.' {
		d.pos++
		if !d.digits() {
			return nil
		}
	}
	if d.pos < len(d.data) && d.data[d.pos]|0x20 == 'e' {
		d.pos++
		if d.pos < len(d.data) && (d.data[d.pos] == '+' || d.data[d.pos] == '-') {
			d.pos++
		}
		if !d.digits() {
			return nil
		}
	}
	return d.data[start:d.pos]
}

// digits reads one digit or more.
func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && isDigit(d.data[d.pos]) {
		d.pos++
	}
	if d.pos == start {
		d.syntax()
	}
	return d.pos > start
}

// word reads true, false or null.
func (d *decoder) word(w string) bool {
	if !bytes.HasPrefix(d.data[d.pos:], []byte(w)) {
		d.syntax()
		return false
	}
	d.pos += len(w)
	return true
}

// skip reads a value of any type and forgets it.
func (d *decoder) skip() {
	switch c := d.peek(); {
	case c == '"':
		d.text()
	case c == '{':
		d.skipObject()
	case c == '[':
		d.skipList()
	case c == 't':
		d.word("true")
	case c == 'f':
		d.word("false")
	case c == 'n':
		d.word("null")
	case c == '-' || isDigit(c):
		d.number()
	default:
		d.syntax()
	}
}

func (d *decoder) skipObject() {
	if !d.enter() {
		return
	}
	for first := true; d.next(first, '}'); first = false {
		if _, ok := d.key(); ok {
			d.skip()
		}
	}
}

func (d *decoder) skipList() {
	if !d.enter() {
		return
	}
	for first := true; d.next(first, ']'); first = false {
		d.skip()
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// lineCounter turns offsets into lines and columns. Offsets usually grow, so
// it remembers where it was.
type lineCounter struct {
	offset, line, start int
}

// position is the line and the column (in bytes) of an offset, both from 1.
func (l *lineCounter) position(data []byte, offset int) (line, column int) {
	offset = min(offset, len(data))
	if offset < l.offset {
		*l = lineCounter{}
	}
	for {
		i := bytes.IndexByte(data[l.offset:offset], '\n')
		if i < 0 {
			break
		}
		l.offset += i + 1
		l.line++
		l.start = l.offset
	}
	l.offset = offset
	return l.line + 1, offset - l.start + 1
}
