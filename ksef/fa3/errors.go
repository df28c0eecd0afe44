package fa3

import (
	"fmt"
	"strings"
)

// Code says what is wrong with a document. Codes are stable. Those beginning
// with "xml." come from the XML layer: the document is not well-formed, is not
// UTF-8, contains what KSeF refuses (document type declaration, processing
// instruction), or exceeds a limit.
type Code string

// The codes of the schema layer.
const (
	CodeRoot       Code = "schema.root"       // not an FA(3) document: another root element or namespace
	CodeUnexpected Code = "schema.unexpected" // element unknown here or out of order
	CodeNamespace  Code = "schema.namespace"  // element of another namespace
	CodeTooMany    Code = "schema.too-many"   // element repeated more often than allowed
	CodeMissing    Code = "schema.missing"    // required element missing before the end of its parent
	CodeText       Code = "schema.text"       // text where only elements belong
	CodeAttribute  Code = "schema.attribute"  // attribute unknown or missing
	CodeEmpty      Code = "schema.empty"      // element without value
	CodeValue      Code = "schema.value"      // value that its type cannot hold
)

var schemaMessages = map[Code]string{
	CodeRoot:       "this is not an FA(3) invoice",
	CodeUnexpected: "element not expected here",
	CodeNamespace:  "element of a foreign namespace",
	CodeTooMany:    "element repeated too often",
	CodeMissing:    "required element missing",
	CodeText:       "text where only elements belong",
	CodeAttribute:  "attribute unknown or missing",
	CodeEmpty:      "element without value",
	CodeValue:      "value not of the element's type",
}

// SyntaxError says why a document cannot be read as an FA(3) invoice and where.
// It contains no values of the document.
type SyntaxError struct {
	Code     Code
	Path     string   // XPath of the innermost element concerned, such as /Faktura/Fa/FaWiersz[3]/P_7
	Offset   int      // bytes from the start of the document
	Line     int      // from 1
	Column   int      // from 1, in characters
	Found    string   // name of the element or attribute found, if that is what is wrong
	Expected []string // names that could stand there instead

	message string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fa3: line %d, column %d: ", e.Line, e.Column)
	if e.Path != "" {
		fmt.Fprintf(&b, "%s: ", e.Path)
	}
	b.WriteString(e.message)
	if e.Found != "" {
		fmt.Fprintf(&b, ": %s", e.Found)
	}
	if len(e.Expected) > 0 {
		fmt.Fprintf(&b, "; expected %s", strings.Join(e.Expected, ", "))
	}
	return b.String()
}

// safeName returns a name from a document if it is short and plain enough for a
// message, otherwise a placeholder.
func safeName(name []byte) string {
	if len(name) > 64 {
		return "(long name)"
	}
	for _, c := range name {
		if c > 0x7E {
			return "(name with other than ASCII letters)"
		}
	}
	return string(name)
}
