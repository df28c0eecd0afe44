package audit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/pl"
)

// Shape is the form that a value must have. There is no shape for free text:
// what cannot be told apart from a name or an address is not recorded.
type Shape uint8

// The shapes. ShapeID, ShapeCode and ShapeSeries also refuse a value that is
// as a whole a valid NIP, PESEL or bank account.
const (
	ShapeID        Shape = iota + 1 // 1–128 of A-Z a-z 0-9 . _ : / -
	ShapeCode                       // 1–64 of A-Z a-z 0-9 . _ -
	ShapeNumber                     // 1–9 digits
	ShapeSHA256                     // 64 lower-case hexadecimal digits
	ShapeReference                  // KSeF reference number: 1–64 of A-Z 0-9 -
	ShapeKSeF                       // KSeF number: 35 or 36 of A-F 0-9 -, four or five groups
	ShapeSeries                     // name of a numbering series: 1–64 letters, digits, blanks and . _ : / { } -
)

var shapeRemedy = [...]string{
	ShapeID:        "write 1 to 128 characters A-Z a-z 0-9 . _ : / - that are not a NIP, PESEL or account number",
	ShapeCode:      "write 1 to 64 characters A-Z a-z 0-9 . _ - that are not a NIP, PESEL or account number",
	ShapeNumber:    "write 1 to 9 digits",
	ShapeSHA256:    "write 64 lower-case hexadecimal digits",
	ShapeReference: "write a KSeF reference number: 1 to 64 characters A-Z 0-9 -",
	ShapeKSeF:      "write a KSeF number of 35 or 36 characters",
	ShapeSeries:    "write 1 to 64 letters, digits, blanks or . _ : / { } - that are not a NIP, PESEL or account number",
}

// Valid reports whether v has the shape.
func (s Shape) Valid(v string) bool {
	switch s {
	case ShapeID:
		return all(v, 128, isID) && !personal(v)
	case ShapeCode:
		return all(v, 64, isCode) && !personal(v)
	case ShapeNumber:
		return all(v, 9, isDigit)
	case ShapeSHA256:
		return len(v) == 64 && all(v, 64, isLowerHex)
	case ShapeReference:
		return all(v, 64, isReference)
	case ShapeKSeF:
		return (len(v) == 35 || len(v) == 36) && all(v, 36, isUpperHexDash) && strings.Count(v, "-") >= 3
	case ShapeSeries:
		return validSeries(v) && !personal(v)
	}
	return false
}

// all reports whether v is 1 to limit bytes that are all in the class.
func all(v string, limit int, class func(byte) bool) bool {
	if v == "" || len(v) > limit {
		return false
	}
	for i := range len(v) {
		if !class(v[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isID(c byte) bool { return isCode(c) || c == ':' || c == '/' }
func isCode(c byte) bool {
	return isDigit(c) || isUpper(c) || isLower(c) || c == '.' || c == '_' || c == '-'
}
func isLowerHex(c byte) bool     { return isDigit(c) || 'a' <= c && c <= 'f' }
func isReference(c byte) bool    { return isDigit(c) || isUpper(c) || c == '-' }
func isUpperHexDash(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'F' || c == '-' }
func isWord(c byte) bool         { return isDigit(c) || isLower(c) || c == '_' || c == '.' }

func validSeries(v string) bool {
	if v == "" || len(v) > 64 || !utf8.ValidString(v) {
		return false
	}
	for _, r := range v {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ._:/{}-", r) {
			return false
		}
	}
	return true
}

// personal reports whether the whole of v is a number that names a person or
// a taxpayer. Parts of a value are not searched: one reference number in a
// thousand contains ten digits that pass for a NIP.
func personal(v string) bool {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.TrimPrefix(v, "PL"))
	switch len(digits) {
	case 10:
		return pl.NIP(digits).Valid()
	case 11:
		return pl.PESEL(digits).Valid()
	case 26:
		return pl.NRB(digits).Valid()
	}
	return false
}
