package faktupro

import (
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/pl"
)

// encoder writes canonical JSON: properties in the order of the tables, no
// blanks, amounts as strings.
type encoder struct {
	dst []byte
	bad bool // something could not be written so that it can be read back
}

func (e *encoder) raw(c byte) { e.dst = append(e.dst, c) }

func (e *encoder) decimal(d Decimal) {
	e.raw('"')
	e.dst = append(e.dst, d.String()...)
	e.raw('"')
}

func (e *encoder) date(d pl.Date) {
	var err error
	e.raw('"')
	if e.dst, err = d.AppendText(e.dst); err != nil {
		e.bad = true
	}
	e.raw('"')
}

const hexDigits = "0123456789abcdef"

// text writes a string. Only what JSON demands is escaped.
func (e *encoder) text(s string) {
	if !utf8.ValidString(s) {
		e.bad = true
	}
	e.raw('"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		e.dst = append(e.dst, s[start:i]...)
		start = i + 1
		e.escape(c)
	}
	e.dst = append(e.dst, s[start:]...)
	e.raw('"')
}

func (e *encoder) escape(c byte) {
	switch c {
	case '"', '\\':
		e.dst = append(e.dst, '\\', c)
	case '\n':
		e.dst = append(e.dst, `\n`...)
	case '\r':
		e.dst = append(e.dst, `\r`...)
	case '\t':
		e.dst = append(e.dst, `\t`...)
	default:
		e.dst = append(e.dst, `\u00`...)
		e.dst = append(e.dst, hexDigits[c>>4], hexDigits[c&15])
	}
}
