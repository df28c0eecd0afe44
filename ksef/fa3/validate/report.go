package validate

import (
	"slices"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
)

// Layer is one of the three ways to look at a document.
type Layer string

// The layers, each of which needs the ones before it.
const (
	XML      Layer = "xml"      // well-formed, and the rules that KSeF has for files
	Schema   Layer = "schema"   // elements, order and values as the schema demands
	Semantic Layer = "semantic" // the meaning: see package rules; FA(3) only
)

// Severity tells how sure it is that something must be changed.
type Severity = rules.Severity

// The severities.
const (
	Error   Severity = rules.Error   // KSeF refuses the document
	Warning Severity = rules.Warning // should be looked into
	Info    Severity = rules.Info    // worth knowing
)

// Code says which rule is broken. Codes are stable. In the layer XML they begin
// with "xml.", in the layer Schema with "schema."; in the layer Semantic they are
// the IDs of rules.
type Code string

// Codes of the layer XML, besides those of documents that are not well-formed
// (xml.markup, xml.mismatch, xml.truncated …).
const (
	CodeEncoding    Code = Code(xmlscan.CodeEncoding)    // not UTF-8
	CodeDoctype     Code = Code(xmlscan.CodeDoctype)     // document type declaration
	CodeInstruction Code = Code(xmlscan.CodeInstruction) // processing instruction
	CodeBOM         Code = "xml.bom"                     // byte order mark
	CodeDiscouraged Code = "xml.discouraged"             // character that XML allows and KSeF refuses
	CodeSize        Code = Code(xmlscan.CodeSize)        // larger than KSeF accepts
)

// Codes of the layer Schema.
const (
	CodeRoot       Code = Code(fa3.CodeRoot)       // another document, or none that is known
	CodeUnexpected Code = Code(fa3.CodeUnexpected) // element unknown at this place
	CodeOrder      Code = "schema.order"           // element in the wrong place among its siblings
	CodeChoice     Code = "schema.choice"          // element that excludes another
	CodeMissing    Code = Code(fa3.CodeMissing)    // required element missing
	CodeTooMany    Code = Code(fa3.CodeTooMany)    // element repeated more often than allowed
	CodeNamespace  Code = Code(fa3.CodeNamespace)  // element of a foreign namespace
	CodeText       Code = Code(fa3.CodeText)       // text where only elements belong
	CodeAttribute  Code = Code(fa3.CodeAttribute)  // attribute unknown, missing or wrong
	CodeEmpty      Code = Code(fa3.CodeEmpty)      // element without value
	CodeType       Code = "schema.type"            // value that is no number, date …
	CodeEnum       Code = "schema.enum"            // value that is not on the list
	CodeLength     Code = "schema.length"          // text too short or too long
	CodePattern    Code = "schema.pattern"         // value of the wrong shape
	CodeDigits     Code = "schema.digits"          // number with too many digits
	CodeRange      Code = "schema.range"           // number or date too small or too large
	CodeFixed      Code = "schema.fixed"           // another value than the only legal one
	CodeDuplicate  Code = "schema.duplicate"       // value that must differ from all others
	CodeNotJudged  Code = "schema.not-judged"      // document whose schema is not built in
)

// Problem is one thing that is wrong, or worth knowing. Its texts contain no
// names, addresses, accounts or identifiers from the document.
type Problem struct {
	Layer    Layer    `json:"layer"`
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Path     string   `json:"path,omitempty"`   // XPath of the element, or of the parent of a missing one; /Faktura/Fa/FaWiersz[3]/P_11
	Line     int      `json:"line,omitempty"`   // from 1; 0 when the place is unknown
	Column   int      `json:"column,omitempty"` // from 1, in characters
	EN       string   `json:"en"`               // what is wrong and what to do
	PL       string   `json:"pl"`               // the same in Polish

	Expected  []string `json:"expected,omitempty"`  // elements or values that could stand there
	Nearest   string   `json:"nearest,omitempty"`   // legal value or name that is probably meant
	Reference string   `json:"reference,omitempty"` // what the rule rests on

	offset int // in bytes, for the order
	elem   int // offset of the start tag of the element of Path
	attr   string
}

// Report is the judgement of one document.
type Report struct {
	Kind      Kind      `json:"kind"`
	Judged    bool      `json:"judged"`    // all layers asked for have been applied
	Problems  []Problem `json:"problems"`  // in the order of the document
	Truncated bool      `json:"truncated"` // there are more problems than were asked for
}

// Valid reports that the document was judged and has no problem of severity
// Error.
func (r *Report) Valid() bool {
	return r.Judged && !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Severity == Error })
}
