package fa3

import (
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/pl"
)

// value reads a simple element up to its end tag and returns its text as it is.
func (d *decoder) value() string {
	if d.err != nil {
		return ""
	}
	if start, end, ok := d.scan.Simple(); ok {
		d.at = start
		return d.text[start:end]
	}
	kind, err := d.scan.Next()
	d.at = d.scan.Offset()
	v := ""
	if kind == xmlscan.Text {
		if d.scan.Plain() {
			v = d.text[d.scan.Offset():d.scan.EndOffset()]
		} else {
			v = string(d.scan.Text())
		}
		kind, err = d.scan.Next()
	}
	if kind == xmlscan.End {
		return v
	}
	if err != nil || kind != xmlscan.Start {
		d.syntax(err, true)
		return ""
	}
	d.fail(CodeUnexpected, d.scan.Offset(), true)
	d.err.Found = safeName(d.scan.Local())
	return ""
}

// invalid reports the value just read.
func (d *decoder) invalid(code Code) { d.fail(code, d.at, true) }

// filled refuses an empty value, which the model could not tell from an absent
// element. No type of the schema read this way allows one.
func (d *decoder) filled(v string) string {
	if v == "" {
		d.invalid(CodeEmpty)
	}
	return v
}

// textValue reads a value with its white space.
func (d *decoder) textValue() string { return d.filled(d.value()) }

// replaced reads a value of a type with whiteSpace "replace".
func (d *decoder) replaced() string { return d.filled(replaceSpace(d.value())) }

// token reads a value of a type with whiteSpace "collapse".
func (d *decoder) token() string { return d.filled(collapseSpace(d.value())) }

// cell reads a value of a type with whiteSpace "collapse" that may be empty.
func (d *decoder) cell() string { return collapseSpace(d.value()) }

// fixed reads a value with whiteSpace "replace" for which an empty element
// stands for a fixed value (XML Schema part 1, 3.3.1).
func (d *decoder) fixed(value string) string {
	if v := replaceSpace(d.value()); v != "" {
		return v
	}
	return value
}

// same refuses any other value than the only legal one.
func (d *decoder) same(got, want string) {
	if got != want {
		d.invalid(CodeValue)
	}
}

// intCode reads an enumeration of integers, whose values may be spelled with
// sign and leading zeros.
func (d *decoder) intCode() string {
	v := d.token()
	sign, digits, ok := splitInteger(v)
	if !ok {
		d.invalid(CodeValue)
		return ""
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	if sign == "-" {
		return v[:1] + digits
	}
	return digits
}

func (d *decoder) flag() Flag {
	v := d.intCode()
	d.same(v, "1")
	return v == "1"
}

func (d *decoder) yesNo() YesNo {
	switch d.intCode() {
	case "1":
		return Yes
	case "2":
		return No
	}
	d.invalid(CodeValue)
	return 0
}

// natural reads a positive number of at most 14 digits (TNaturalny).
func (d *decoder) natural() (n int64) {
	v := d.intCode()
	if len(v) > 14 || v == "" || v == "0" || v[0] == '-' {
		d.invalid(CodeValue)
		return 0
	}
	for i := range len(v) {
		n = n*10 + int64(v[i]-'0')
	}
	return n
}

func (d *decoder) integer() Integer {
	v := d.token()
	if _, _, ok := splitInteger(v); !ok {
		d.invalid(CodeValue)
	}
	return Integer(v)
}

func (d *decoder) decimal() Decimal {
	v := d.token()
	if !isDecimal(v) {
		d.invalid(CodeValue)
	}
	return Decimal(v)
}

func (d *decoder) date() pl.Date {
	v, err := pl.ParseDate(d.token())
	if err != nil {
		d.invalid(CodeValue)
	}
	return v
}

func (d *decoder) dateTime() DateTime {
	v := d.token()
	day, _, _, ok := splitDateTime(v)
	if ok {
		_, err := pl.ParseDate(day)
		ok = err == nil
	}
	if !ok {
		d.invalid(CodeValue)
	}
	return DateTime(v)
}

// splitInteger checks the lexical form of xs:integer.
func splitInteger(s string) (sign, digits string, ok bool) {
	digits = s
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, digits = s[:1], s[1:]
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return "", "", false
		}
	}
	return sign, digits, digits != ""
}

// collapseSpace trims white space and turns runs of it into one space.
func collapseSpace(s string) string {
	space := true // at the start, or the byte before was a space
	for i := range len(s) {
		switch s[i] {
		case '\t', '\n', '\r':
			return squeeze(s)
		case ' ':
			if space {
				return squeeze(s)
			}
			space = true
		default:
			space = false
		}
	}
	if space && s != "" {
		return s[:len(s)-1]
	}
	return s
}

// squeeze is collapseSpace for text that does contain superfluous white space.
func squeeze(s string) string {
	s = strings.Trim(s, " \t\n\r")
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c == '\t' || c == '\n' || c == '\r' {
			c = ' '
		}
		if c != ' ' || b[len(b)-1] != ' ' {
			b = append(b, c)
		}
	}
	return string(b)
}

// replaceSpace turns every white space character into a space.
func replaceSpace(s string) string {
	if !strings.ContainsAny(s, "\t\n\r") {
		return s
	}
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s)
}
