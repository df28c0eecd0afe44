package upo

import (
	"strconv"
	"strings"
)

// Code says what is wrong with a receipt.
type Code string

// The codes of an Error. They are stable.
const (
	CodeXML       Code = "xml"       // not well-formed, not UTF-8, DOCTYPE, too large
	CodeNamespace Code = "namespace" // not a Potwierdzenie of a known version
	CodeStructure Code = "structure" // an element or attribute missing, out of place or twice
	CodeValue     Code = "value"     // a value outside the schema
	CodeSignature Code = "signature" // the signature does not hold, or nobody trusted made it
)

// Error says what is wrong with a receipt and where. It never holds values.
// Under CodeSignature it wraps an *xades.Error with the broken rule.
type Error struct {
	Code   Code
	Path   string // elements from the root, such as Potwierdzenie/Dokument[2]/NumerFaktury
	Line   int    // from 1; 0 when the place is not known
	Column int
	Err    error
}

// Error is code, place and cause in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("upo: ")
	b.WriteString(string(e.Code))
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	if e.Line > 0 {
		b.WriteString(": line " + strconv.Itoa(e.Line) + ", column " + strconv.Itoa(e.Column))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
