package xsd

// Kind says which rule is broken.
type Kind uint8

// The kinds of violations.
const (
	Valid       Kind = iota
	Root             // the root is none that is known
	Unexpected       // an element that does not belong into its parent
	Inside           // an element inside a value
	TooEarly         // an element that belongs further down in its parent
	TooLate          // an element that belongs further up in its parent
	Excluded         // an element that excludes one that is there already
	TooMany          // an element repeated more often than allowed
	Missing          // a required element
	Namespace        // an element of a foreign namespace
	Text             // text where only elements belong
	Attribute        // an attribute that does not belong there
	NoAttribute      // a required attribute
	Nil              // xsi:nil
	TypeName         // xsi:type that names no suitable type
	Empty            // an element or attribute without value
	Lexical          // a value that is no number, no date …
	Enum             // a value that is not listed
	Length           // a text too short or too long
	Pattern          // a value of the wrong shape
	Digits           // a number with too many digits
	Range            // a number or date too small or too large
	Fixed            // another value than the only legal one
	Duplicate        // a value that must be unique
)

// Violation is one broken rule. Found and Value come from the document: they may
// be long, personal or both.
type Violation struct {
	Kind   Kind
	Elem   int      // offset of the start tag of the element concerned; of its parent when it is missing
	At     int      // offset of what is wrong
	Decl   *Element // the element concerned; nil when it is unknown
	Parent *Element // the element around it; nil for the root
	Attr   string   // the attribute concerned
	Type   *Type    // type of the value
	Value  string   // the value with its white space treated as its type demands
	Fixed  string   // the only legal value

	Found    string   // local name of the element that is wrong
	Space    string   // its namespace
	Complete bool     // nothing is missing before it
	Near     string   // a declared name that Found may be meant for
	Names    []string // elements that could stand there instead
	Parents  []string // elements that may contain Found
	Relative string   // TooEarly: what must come first; TooLate, Excluded: what stands before it
	Limit    int      // TooMany: how often it may occur
}

// add records a violation unless it is forgiven. When the list is full the rest
// of the document is only read.
func (v *Validator) add(x Violation) (recorded bool) {
	switch {
	case v.opts.Forgive != nil && v.opts.Forgive(&x):
		return false
	case len(v.found) >= v.opts.Max:
		v.cut = true
	default:
		v.found = append(v.found, x)
	}
	return true
}

// stopped reports whether further violations are of no interest.
func (v *Validator) stopped() bool { return v.cut || v.opts.Max == 1 && len(v.found) == 1 }
