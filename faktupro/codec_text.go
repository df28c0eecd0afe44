package faktupro

import (
	"slices"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// text is the codec of free text. Lengths count characters.
type text struct {
	max   int
	min   int    // least length of a given text, 1 when 0
	lines bool   // line breaks and blanks are kept (xs:string); else collapsed
	form  string // regular expression of the schema, informative
	fits  func(string) bool
	code  string // problem when fits says no
}

func (t text) decode(d *decoder, v *string) {
	if s, ok := d.nonEmpty(); ok {
		*v = s
	}
}

// nonEmpty reads a string that is not "": what is not known is left out of an
// invoice, not written as nothing.
func (d *decoder) nonEmpty() (string, bool) {
	if d.peek() != '"' {
		d.wrongType("string")
		return "", false
	}
	start := d.pos
	b := d.text()
	if d.fault {
		return "", false
	}
	if len(b) == 0 {
		d.addHere(start, codeTextEmpty)
		return "", false
	}
	return string(b), true
}

func (t text) encode(e *encoder, v *string) { e.text(*v) }
func (t text) given(v *string) bool         { return *v != "" }

func (t text) check(r *report, v *string) {
	length, clean := measure(*v, t.lines)
	switch {
	case !clean:
		r.add(codeTextCharacters)
	case length == 0:
		r.add(codeTextEmpty)
	case length > t.max:
		r.add(codeTextTooLong, "max", strconv.Itoa(t.max))
	case length < t.min:
		r.add(codeTextTooShort, "min", strconv.Itoa(t.min))
	case t.fits != nil && !t.fits(*v):
		r.add(t.code)
	}
}

func (t text) schema(*definitions) schemaObject {
	s := schemaObject{{"type", "string"}, {"minLength", max(t.min, 1)}, {"maxLength", t.max}}
	if t.form != "" {
		s = append(s, schemaMember{"pattern", t.form})
	}
	return s
}

// accountText is the codec of bank account numbers: the blanks and dashes people
// write between the characters are dropped.
type accountText struct{ text }

func (a accountText) decode(d *decoder, v *string) {
	if s, ok := d.nonEmpty(); ok {
		*v = accountBlanks.Replace(s)
	}
}

var accountBlanks = strings.NewReplacer(" ", "", "-", "")

// identifier is the codec of an official number with a type of its own. Texts
// that are no such number are kept as they are, for check to find.
type identifier[S ~string] struct {
	parse func(string) (S, error)
	code  func(error) string
	form  string
}

func (id identifier[S]) decode(d *decoder, v *S) {
	s, ok := d.nonEmpty()
	if !ok {
		return
	}
	parsed, err := id.parse(s)
	if err != nil {
		parsed = S(s)
	}
	*v = parsed
}

func (id identifier[S]) encode(e *encoder, v *S) { e.text(string(*v)) }
func (id identifier[S]) given(v *S) bool         { return *v != "" }

func (id identifier[S]) check(r *report, v *S) {
	parsed, err := id.parse(string(*v))
	if err != nil {
		r.add(id.code(err))
		return
	}
	if parsed != *v { // set by a program in a spelling that FA(3) does not take
		r.add(id.code(pl.ErrFormat))
	}
}

func (id identifier[S]) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"minLength", 1}, {"$comment", id.form}}
}

// vatUE is the codec of an EU VAT number: its prefix and number in one string.
type vatUE struct{}

func (vatUE) decode(d *decoder, v *pl.VATUE) {
	s, ok := d.nonEmpty()
	if !ok {
		return
	}
	parsed, err := pl.ParseVATUE(s)
	if err != nil {
		cut := min(len(s), 2)
		parsed = pl.VATUE{Country: s[:cut], Number: s[cut:]}
	}
	*v = parsed
}

func (vatUE) encode(e *encoder, v *pl.VATUE) { e.text(v.Country + v.Number) }
func (vatUE) given(v *pl.VATUE) bool         { return *v != pl.VATUE{} }

func (vatUE) check(r *report, v *pl.VATUE) {
	// The number after PL is judged by the rules about buyers, which know more
	// to say about it.
	if !v.Valid() && v.Country != "PL" {
		r.add(codeEUVATFormat)
	}
}

func (vatUE) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"minLength", 4}, {"maxLength", 32}}
}

// enum is the codec of a closed list of words.
type enum[S ~string] struct {
	values []S
	code   string // problem with a value outside the list
}

func (en enum[S]) decode(d *decoder, v *S) {
	if s, ok := d.nonEmpty(); ok {
		*v = S(s)
	}
}

func (en enum[S]) encode(e *encoder, v *S) { e.text(string(*v)) }
func (en enum[S]) given(v *S) bool         { return *v != "" }

func (en enum[S]) check(r *report, v *S) {
	if !slices.Contains(en.values, *v) {
		r.add(en.code, "values", join(en.values))
	}
}

func (en enum[S]) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"enum", en.values}}
}

// join lists words with commas.
func join[S ~string](values []S) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

// codeList is the codec of a code from a long list: countries, currencies.
type codeList struct {
	codes string // see hasCode
	code  string
}

func (c codeList) decode(d *decoder, v *string) {
	if s, ok := d.nonEmpty(); ok {
		*v = s
	}
}

func (c codeList) encode(e *encoder, v *string) { e.text(*v) }
func (c codeList) given(v *string) bool         { return *v != "" }

func (c codeList) check(r *report, v *string) {
	if !hasCode(c.codes, *v) {
		r.add(c.code)
	}
}

func (c codeList) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"enum", strings.Fields(c.codes)}}
}

// rateCodec is the codec of VAT rates. Percentages may be written as numbers.
type rateCodec struct{}

func (rateCodec) decode(d *decoder, v *VATRate) {
	if c := d.peek(); c == '-' || isDigit(c) {
		*v = VATRate(d.number())
		return
	}
	if s, ok := d.nonEmpty(); ok {
		*v = VATRate(s)
	}
}

func (rateCodec) encode(e *encoder, v *VATRate) { e.text(string(*v)) }
func (rateCodec) given(v *VATRate) bool         { return *v != "" }

func (rateCodec) check(r *report, v *VATRate) {
	if v.index() >= 0 {
		return
	}
	if known, ok := rateOfCode(string(*v)); ok {
		r.add(codeVATRateOfficial, "value", string(known))
		return
	}
	r.add(codeVATRateUnknown, "values", rateNames())
}

func (rateCodec) schema(*definitions) schemaObject {
	var values []any
	for _, row := range rates {
		values = append(values, row.Rate)
		if row.Taxed {
			values = append(values, row.Percent)
		}
	}
	return schemaObject{{"enum", values}}
}

func rateNames() string {
	names := make([]VATRate, len(rates))
	for i := range rates {
		names[i] = rates[i].Rate
	}
	return join(names)
}
