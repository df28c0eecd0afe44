package xsd

import "unicode/utf8"

// Treatment of white space.
const (
	preserve = iota
	replace
	collapse
)

// What a value is read as.
const (
	textValue = iota
	decimalValue
	integerValue
	dateValue
	dateTimeValue
)

// Type is a simple type ready to check values.
type Type struct {
	Name   string // of the named type; empty for an unnamed one
	Base   string // type built into XML Schema
	Gloss  string
	Values []Value // enumeration, in the order of the table

	MinLength, MaxLength        int    // characters; MaxLength < 0 without limit
	FractionDigits, TotalDigits int    // -1 without limit
	Least, Most                 string // bounds as the table writes them; empty without
	Patterns                    []string

	kind   uint8
	space  uint8
	plain  bool // text without enumeration and pattern
	enum   map[string]struct{}
	few    []string // a short enumeration instead
	values []number // enumeration of a number type
	match  *matcher
	amount *amount // decimal numbers of the usual shape
	bounds []bound
}

// Number reports whether values are numbers, whole whether only whole ones.
func (t *Type) Number() (number, whole bool) {
	return t.kind == decimalValue || t.kind == integerValue, t.kind == integerValue
}

// Date reports whether values are dates, clock whether with a time of day.
func (t *Type) Date() (date, clock bool) {
	return t.kind == dateValue || t.kind == dateTimeValue, t.kind == dateTimeValue
}

// Value is one legal value of an enumeration.
type Value struct{ Value, Gloss string }

// bound is one of the four facets that compare values. Least says that values
// must not be less.
type bound struct {
	least, strict bool
	number        number
	instant       instant
}

// Check says what is wrong with a value, Valid if nothing is. It allocates
// nothing but scratch, which is for white space that has to be changed.
func (t *Type) Check(b []byte, scratch *[]byte) Kind {
	if t.space == collapse {
		b = trim(b)
	}
	fault := t.check(b, scratch)
	if fault != Valid && len(b) == 0 {
		return Empty
	}
	return fault
}

func (t *Type) check(b []byte, scratch *[]byte) Kind {
	switch t.kind {
	case decimalValue, integerValue:
		return t.checkNumber(b)
	case dateValue:
		v, ok := parseDate(b)
		return t.checkInstant(b, v, ok)
	case dateTimeValue:
		v, ok := parseDateTime(b)
		return t.checkInstant(b, v, ok)
	}
	return t.checkText(b, scratch)
}

func (t *Type) checkText(b []byte, scratch *[]byte) Kind {
	if t.plain && t.MinLength <= 1 && len(b) >= t.MinLength && (len(b) <= t.MaxLength || t.MaxLength < 0) {
		return Valid // white space inside and long characters only make it shorter
	}
	if t.space != preserve {
		b = t.normalized(b, scratch)
	}
	if t.listed(b) {
		return Enum
	}
	if n := utf8.RuneCount(b); n < t.MinLength || n > t.MaxLength && t.MaxLength >= 0 {
		return Length
	}
	if t.match != nil && !t.match.match(b) {
		return Pattern
	}
	return Valid
}

// listed reports whether there is an enumeration that lacks the value.
func (t *Type) listed(b []byte) (missing bool) {
	if t.enum != nil {
		_, ok := t.enum[string(b)]
		return !ok
	}
	for _, v := range t.few {
		if v == string(b) {
			return false
		}
	}
	return t.few != nil
}

func (t *Type) checkNumber(b []byte) Kind {
	for _, v := range t.few { // the usual spelling
		if v == string(b) {
			return Valid
		}
	}
	if t.amount != nil && t.amount.fits(b) {
		return Valid
	}
	n, ok := parseNumber(b, t.kind == decimalValue)
	if !ok {
		return Lexical
	}
	if t.values != nil && !t.amongValues(&n) {
		return Enum
	}
	if t.FractionDigits >= 0 && len(n.frac) > t.FractionDigits || t.TotalDigits >= 0 && n.totalDigits() > t.TotalDigits {
		return Digits
	}
	for i := range t.bounds {
		if !t.bounds[i].allows(n.compare(&t.bounds[i].number)) {
			return Range
		}
	}
	if t.match != nil && !t.match.match(b) {
		return Pattern
	}
	return Valid
}

func (t *Type) amongValues(n *number) bool {
	for i := range t.values {
		if n.compare(&t.values[i]) == 0 {
			return true
		}
	}
	return false
}

// allows takes how the value compares with the bound.
func (b *bound) allows(c int) bool {
	if b.least {
		return c > 0 || c == 0 && !b.strict
	}
	return c < 0 || c == 0 && !b.strict
}

func (t *Type) checkInstant(b []byte, v instant, ok bool) Kind {
	if !ok {
		return Lexical
	}
	for i := range t.bounds {
		bound := &t.bounds[i]
		ok := bound.least && v.atLeast(&bound.instant, bound.strict) || !bound.least && bound.instant.atLeast(&v, bound.strict)
		if !ok {
			return Range
		}
	}
	if t.match != nil && !t.match.match(b) {
		return Pattern
	}
	return Valid
}

func isSpace(c byte) bool { return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r') }

func trim(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// normalized returns b with its white space replaced by spaces and, to collapse,
// each run of them by one. A trimmed b is expected then.
func (t *Type) normalized(b []byte, scratch *[]byte) []byte {
	if !t.changes(b) {
		return b
	}
	out := (*scratch)[:0]
	for i, c := range b {
		if isSpace(c) {
			if t.space == collapse && isSpace(b[i-1]) {
				continue
			}
			c = ' '
		}
		out = append(out, c)
	}
	*scratch = out
	return out
}

// changes reports whether the white space in b is not as the type demands.
func (t *Type) changes(b []byte) bool {
	for i, c := range b {
		if c <= ' ' && (c != ' ' || t.space == collapse && i > 0 && b[i-1] == ' ') {
			return true
		}
	}
	return false
}

// Normalized returns a value with white space treated as the type demands.
func (t *Type) Normalized(b []byte) string {
	if t.space == collapse {
		b = trim(b)
	}
	if t.space != preserve {
		b = t.normalized(b, new([]byte))
	}
	return string(b)
}
