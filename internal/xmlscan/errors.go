package xmlscan

import (
	"fmt"
	"unicode/utf8"
)

// Code says which rule a document broke. Codes are stable.
type Code string

// The codes of a [SyntaxError].
const (
	CodeSize        Code = "xml.size"        // larger than the limit
	CodeDepth       Code = "xml.depth"       // nested deeper than the limit
	CodeAttributes  Code = "xml.attributes"  // more attributes on one element than the limit
	CodeNamespaces  Code = "xml.namespaces"  // more namespace declarations in scope than the limit
	CodeEncoding    Code = "xml.encoding"    // not UTF-8 by its declaration or its first bytes
	CodeUTF8        Code = "xml.utf8"        // malformed UTF-8
	CodeChar        Code = "xml.char"        // character that XML does not allow
	CodeDeclaration Code = "xml.declaration" // malformed or misplaced XML declaration
	CodeDoctype     Code = "xml.doctype"     // document type declaration
	CodeInstruction Code = "xml.instruction" // processing instruction
	CodeComment     Code = "xml.comment"     // malformed comment
	CodeMarkup      Code = "xml.markup"      // malformed tag or other markup
	CodeName        Code = "xml.name"        // malformed name
	CodeMismatch    Code = "xml.mismatch"    // end tag of another element
	CodeDuplicate   Code = "xml.duplicate"   // attribute given twice
	CodePrefix      Code = "xml.prefix"      // namespace prefix unbound or wrongly bound
	CodeReference   Code = "xml.reference"   // malformed or unknown reference
	CodeCDATAEnd    Code = "xml.cdata-end"   // "]]>" in character data
	CodeOutside     Code = "xml.outside"     // content outside the root element
	CodeEmpty       Code = "xml.empty"       // no root element
	CodeTruncated   Code = "xml.truncated"   // the document ends too early
)

var messages = map[Code]string{
	CodeSize:        "the document is larger than allowed",
	CodeDepth:       "elements are nested deeper than allowed",
	CodeAttributes:  "an element has more attributes than allowed",
	CodeNamespaces:  "more namespace declarations are in scope than allowed",
	CodeEncoding:    "the document is not encoded in UTF-8",
	CodeUTF8:        "malformed UTF-8",
	CodeChar:        "character not allowed in XML",
	CodeDeclaration: "malformed or misplaced XML declaration",
	CodeDoctype:     "a document type declaration is not allowed",
	CodeInstruction: "a processing instruction is not allowed",
	CodeComment:     "malformed comment",
	CodeMarkup:      "malformed markup",
	CodeName:        "malformed name",
	CodeMismatch:    "the end tag does not match the open element",
	CodeDuplicate:   "attribute given twice",
	CodePrefix:      "namespace prefix unbound or wrongly bound",
	CodeReference:   "malformed or unknown reference",
	CodeCDATAEnd:    `"]]>" is not allowed in text`,
	CodeOutside:     "content outside the root element",
	CodeEmpty:       "the document has no root element",
	CodeTruncated:   "the document ends too early",
}

// Message is the rule in a few English words.
func (c Code) Message() string { return messages[c] }

// SyntaxError says that a document is not well-formed or exceeds a limit. It
// holds no part of the document.
type SyntaxError struct {
	Code   Code
	Offset int // bytes from the start of the document
	Line   int // from 1
	Column int // from 1, in characters
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("xml: line %d, column %d: %s", e.Line, e.Column, e.Code.Message())
}

// fail makes a SyntaxError sticky and ends the stream. Running out of input is
// always reported as CodeTruncated.
func (s *Scanner) fail(code Code, at int) Kind {
	if at >= len(s.doc) && code != CodeEmpty && code != CodeSize {
		code, at = CodeTruncated, len(s.doc)
	}
	if s.err == nil {
		line, column := Position(s.doc, at)
		s.err = &SyntaxError{Code: code, Offset: at, Line: line, Column: column}
	}
	return EOF
}

// Position turns a byte offset into a line and a column, both from 1. Lines end
// with LF, CR LF or a lone CR, columns count characters; a malformed byte counts
// as one character.
func Position(doc []byte, offset int) (line, column int) {
	offset = max(0, min(offset, len(doc)))
	line, begin := 1, 0
	for i, c := range doc[:offset] {
		if c == '\n' || c == '\r' && (i+1 >= len(doc) || doc[i+1] != '\n') {
			line++
			begin = i + 1
		}
	}
	return line, utf8.RuneCount(doc[begin:offset]) + 1
}
