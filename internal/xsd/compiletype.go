package xsd

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// integers are the ranges of the whole-number types of XML Schema.
var integers = map[string]struct{ least, most string }{
	"integer":            {},
	"nonPositiveInteger": {most: "0"},
	"negativeInteger":    {most: "-1"},
	"nonNegativeInteger": {least: "0"},
	"positiveInteger":    {least: "1"},
	"long":               {"-9223372036854775808", "9223372036854775807"},
	"int":                {"-2147483648", "2147483647"},
	"short":              {"-32768", "32767"},
	"byte":               {"-128", "127"},
	"unsignedLong":       {"0", "18446744073709551615"},
	"unsignedInt":        {"0", "4294967295"},
	"unsignedShort":      {"0", "65535"},
	"unsignedByte":       {"0", "255"},
}

// compileType makes a type of its facts.
func compileType(f *facts.Type) (*Type, error) {
	t := &Type{Name: f.Name, Base: f.Base, Gloss: f.Gloss, MaxLength: -1, FractionDigits: -1, TotalDigits: -1}
	for _, v := range f.Values {
		t.Values = append(t.Values, Value{v.Value, v.Gloss})
	}
	for _, v := range facts.All(f.Facets, "enum") {
		t.Values = append(t.Values, Value{Value: v})
	}
	if err := t.base(); err != nil {
		return nil, err
	}
	for _, facet := range f.Facets {
		if err := t.facet(facet.Name, facet.Value); err != nil {
			return nil, fmt.Errorf("%s=%s: %w", facet.Name, facet.Value, err)
		}
	}
	if t.Patterns != nil {
		var err error
		if t.match, err = compilePatterns(t.Patterns); err != nil {
			return nil, err
		}
	}
	t.amount = t.amountShape()
	t.enumeration()
	t.plain = t.match == nil && t.enum == nil && t.few == nil
	return t, nil
}

// base sets what comes with the built-in type.
func (t *Type) base() error {
	t.space = collapse
	switch t.Base {
	case "string":
		t.space = preserve
	case "normalizedString":
		t.space = replace
	case "token":
	case "decimal":
		t.kind = decimalValue
	case "date":
		t.kind = dateValue
	case "dateTime":
		t.kind = dateTimeValue
	default:
		span, ok := integers[t.Base]
		if !ok {
			return fmt.Errorf("built-in type %q is not provided for", t.Base)
		}
		t.kind = integerValue
		t.numberBound("minInclusive", span.least)
		t.numberBound("maxInclusive", span.most)
	}
	return nil
}

func (t *Type) facet(name, value string) error {
	number := map[string]*int{
		"minLength": &t.MinLength, "maxLength": &t.MaxLength,
		"totalDigits": &t.TotalDigits, "fractionDigits": &t.FractionDigits,
	}
	switch name {
	case "whiteSpace":
		t.space = uint8(slices.Index([]string{"preserve", "replace", "collapse"}, value))
		return nil
	case "pattern":
		t.Patterns = append(t.Patterns, value)
		return nil
	case "enum":
		return nil
	case "length":
		n, err := strconv.Atoi(value)
		t.MinLength, t.MaxLength = n, n
		return err
	case "minInclusive", "minExclusive", "maxInclusive", "maxExclusive":
		return t.bound(name, value)
	}
	n, err := strconv.Atoi(value)
	if number[name] == nil {
		return fmt.Errorf("facet %q is not provided for", name)
	}
	*number[name] = n
	return err
}

func (t *Type) bound(name, value string) error {
	ok := true
	switch t.kind {
	case textValue:
		ok = false
	case dateValue, dateTimeValue:
		b := newBound(name)
		parse := parseDate
		if t.kind == dateTimeValue {
			parse = parseDateTime
		}
		b.instant, ok = parse([]byte(value))
		t.bounds = append(t.bounds, b)
	default:
		ok = t.numberBound(name, value)
	}
	if !ok {
		return fmt.Errorf("not a bound of %s", t.Base)
	}
	t.note(name, value)
	return nil
}

func newBound(name string) bound {
	return bound{least: name[:3] == "min", strict: name[3:] == "Exclusive"}
}

// numberBound adds a bound unless it is empty.
func (t *Type) numberBound(name, value string) (ok bool) {
	if value == "" {
		return true
	}
	b := newBound(name)
	b.number, ok = parseNumber([]byte(value), true)
	t.bounds = append(t.bounds, b)
	t.note(name, value)
	return ok
}

// note keeps a bound for messages. A whole number above 0 is one from 1.
func (t *Type) note(name, value string) {
	switch {
	case name == "minExclusive" && value == "0" && t.kind == integerValue:
		t.Least = "1"
	case name[:3] == "min":
		t.Least = value
	default:
		t.Most = value
	}
}

// enumeration prepares the search for a value.
func (t *Type) enumeration() {
	if len(t.Values) == 0 {
		return
	}
	for _, v := range t.Values {
		if t.kind == textValue && len(t.Values) > 16 {
			if t.enum == nil {
				t.enum = map[string]struct{}{}
			}
			t.enum[v.Value] = struct{}{}
			continue
		}
		t.few = append(t.few, v.Value)
		if n, ok := parseNumber([]byte(v.Value), true); ok && t.kind != textValue {
			t.values = append(t.values, n)
		}
	}
}
