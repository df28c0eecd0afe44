package ksef

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/faktupro/faktupro-go/pl"
)

// Rule names what a field of a request did not satisfy.
type Rule string

// The rules by which requests are judged before they are sent.
const (
	RuleRequired Rule = "required" // the field is missing
	RuleLength   Rule = "length"   // too short or too long, in characters
	RuleCount    Rule = "count"    // too few or too many elements
	RuleRange    Rule = "range"    // number or time outside its limits
	RulePattern  Rule = "pattern"  // wrong form, or a wrong check digit
	RuleValue    Rule = "value"    // not one of the values that may stand here
	RuleUnique   Rule = "unique"   // the same value twice
	RuleTogether Rule = "together" // does not go with another field
)

// FieldError reports a request that KSeF would refuse and that therefore was
// not sent. It matches ErrInvalidArgument and holds nothing of the value. It
// comes wrapped in an [*Error] that names the operation.
type FieldError struct {
	// Field is the path of the field in the request, by the names of the API:
	// "invoices[3].description".
	Field string
	Rule  Rule
	// Remedy says what to write instead.
	Remedy string
}

// Error names field, rule and remedy.
func (e *FieldError) Error() string { return e.Field + " (" + string(e.Rule) + "): " + e.Remedy }

// Is matches ErrInvalidArgument.
func (e *FieldError) Is(target error) bool { return target == ErrInvalidArgument }

// checker judges a request and keeps the first fault.
type checker struct {
	op    string
	now   time.Time
	fault *FieldError
}

func (c *checker) err() error {
	if c.fault == nil {
		return nil
	}
	return &Error{Op: c.op, Err: c.fault}
}

func (c *checker) refuse(field string, rule Rule, remedy string) {
	if c.fault == nil {
		c.fault = &FieldError{field, rule, remedy}
	}
}

// need refuses unless ok.
func (c *checker) need(ok bool, field string, rule Rule, remedy string) {
	if !ok {
		c.refuse(field, rule, remedy)
	}
}

// text wants between shortest and longest characters, counted as the server
// counts them, in units of UTF-16.
func (c *checker) text(field, s string, shortest, longest int) {
	n := len(utf16.Encode([]rune(s)))
	switch {
	case n == 0 && shortest > 0:
		c.refuse(field, RuleRequired, "give a text of "+span(shortest, longest, "character"))
	case n < shortest || n > longest:
		c.refuse(field, RuleLength, "write "+span(shortest, longest, "character"))
	}
}

// optional is text for a field that may be empty.
func (c *checker) optional(field, s string, shortest, longest int) {
	if s != "" {
		c.text(field, s, shortest, longest)
	}
}

func (c *checker) count(field string, n, fewest, most int, unit string) {
	switch {
	case n == 0 && fewest > 0:
		c.refuse(field, RuleRequired, "give "+span(fewest, most, unit))
	case n < fewest || n > most:
		c.refuse(field, RuleCount, "give "+span(fewest, most, unit))
	}
}

func (c *checker) number(field string, n, least, most int64) {
	c.need(n >= least && n <= most, field, RuleRange,
		"use a number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10))
}

func (c *checker) nip(field string, n pl.NIP) {
	c.need(n != "", field, RuleRequired, "give the NIP")
	c.need(n.Valid(), field, RulePattern, "write the NIP as ten digits and check them: its check digit is wrong or it is too short")
}

func (c *checker) hash(field string, sum []byte) {
	c.need(len(sum) == 32, field, RuleLength, "give the 32 bytes of a SHA-256")
}

func span(least, most int, unit string) string {
	switch {
	case least == most && most == 1:
		return "1 " + unit
	case least == most:
		return strconv.Itoa(most) + " " + unit + "s"
	case least <= 0:
		return "at most " + strconv.Itoa(most) + " " + unit + "s"
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most) + " " + unit + "s"
}

// oneOf wants one of the values that may stand in the field.
func oneOf[T ~string](c *checker, field string, v T, allowed ...T) {
	c.need(v != "", field, RuleRequired, "choose one of "+list(allowed))
	c.need(slices.Contains(allowed, v), field, RuleValue, "use one of "+list(allowed))
}

// distinct wants values out of allowed, each at most once.
func distinct[T ~string](c *checker, field string, values []T, allowed ...T) {
	for i, v := range values {
		at := index(field, i)
		oneOf(c, at, v, allowed...)
		c.need(!slices.Contains(values[:i], v), at, RuleUnique, "give every value once")
	}
}

func list[T ~string](values []T) string {
	var text string
	for i, v := range values {
		switch {
		case i > 0 && i == len(values)-1:
			text += " or "
		case i > 0:
			text += ", "
		}
		text += string(v)
	}
	return text
}

func index(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// plain reports whether s has between shortest and longest characters, all of
// them out of those that ok accepts.
func plain(s string, shortest, longest int, ok func(byte) bool) bool {
	if len(s) < shortest || len(s) > longest {
		return false
	}
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func digit(b byte) bool    { return b >= '0' && b <= '9' }
func capital(b byte) bool  { return b >= 'A' && b <= 'Z' }
func upperHex(b byte) bool { return digit(b) || b >= 'A' && b <= 'F' }
