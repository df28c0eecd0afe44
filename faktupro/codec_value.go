package faktupro

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
)

// sign restricts the sign of a number.
type sign uint8

const (
	anySign sign = iota
	notNegative
	positive
)

// number is the codec of a Decimal with a bounded number of digits.
type number struct {
	whole    int // digits before the point
	fraction int // digits after the point
	sign     sign
	max      string // greatest value, "" = by the digits
}

func (n number) decode(d *decoder, v *Decimal) {
	d.peek()
	start := d.pos
	literal, ok := d.decimalText()
	if !ok {
		return
	}
	parsed, err := ParseDecimal(string(literal))
	switch {
	case err == nil:
		*v = parsed
	case errors.Is(err, money.ErrSyntax):
		d.addHere(start, codeDecimalFormat)
	default:
		d.addHere(start, codeDecimalDigits, n.digits()...)
	}
}

// decimalText reads a string or a number as it is written.
func (d *decoder) decimalText() (literal []byte, ok bool) {
	switch c := d.peek(); {
	case c == '"':
		literal = d.text()
	case c == '-' || isDigit(c):
		literal = d.number()
	default:
		d.wrongType("string or number")
		return nil, false
	}
	return literal, !d.fault
}

func (n number) digits() []string {
	return []string{"whole", strconv.Itoa(n.whole), "fraction", strconv.Itoa(n.fraction)}
}

func (n number) encode(e *encoder, v *Decimal) { e.decimal(*v) }
func (n number) given(v *Decimal) bool         { return v.given }

func (n number) check(r *report, v *Decimal) {
	switch {
	case !v.within(n.whole, n.fraction):
		r.add(codeDecimalDigits, n.digits()...)
	case n.sign == positive && v.Sign() <= 0:
		r.add(codeDecimalPositive)
	case n.sign == notNegative && v.Sign() < 0:
		r.add(codeDecimalNegative)
	case n.max != "" && v.Cmp(MustDecimal(n.max)) > 0:
		r.add(codeDecimalTooLarge, "max", n.max)
	}
}

func (n number) schema(*definitions) schemaObject {
	minus := "-?"
	if n.sign != anySign {
		minus = ""
	}
	pattern := fmt.Sprintf(`^%s(0|[1-9][0-9]{0,%d})(\.[0-9]{1,%d})?$`, minus, n.whole-1, n.fraction)
	return schemaObject{{"type", []string{"string", "number"}}, {"pattern", pattern}}
}

// mark is the codec of a yes or no.
type mark struct{}

func (mark) decode(d *decoder, v *bool) {
	switch d.peek() {
	case 't':
		*v = d.word("true")
	case 'f':
		d.word("false")
	default:
		d.wrongType("true or false")
	}
}

func (mark) encode(e *encoder, _ *bool)       { e.dst = append(e.dst, "true"...) }
func (mark) given(v *bool) bool               { return *v }
func (mark) check(*report, *bool)             {}
func (mark) schema(*definitions) schemaObject { return schemaObject{{"type", "boolean"}} }

// whole is the codec of a small whole number; 0 is "not given".
type whole struct {
	min, max int
}

func (w whole) decode(d *decoder, v *int) {
	if c := d.peek(); c != '-' && !isDigit(c) {
		d.wrongType("number")
		return
	}
	start := d.pos
	literal := d.number()
	if d.fault {
		return
	}
	n, err := strconv.Atoi(string(literal))
	if err != nil || n < w.min || n > w.max {
		d.addHere(start, codeWholeRange, w.bounds()...)
		return
	}
	*v = n
}

func (w whole) bounds() []string {
	return []string{"min", strconv.Itoa(w.min), "max", strconv.Itoa(w.max)}
}

func (w whole) encode(e *encoder, v *int) { e.dst = strconv.AppendInt(e.dst, int64(*v), 10) }
func (w whole) given(v *int) bool         { return *v != 0 }

func (w whole) check(r *report, v *int) {
	if *v < w.min || *v > w.max {
		r.add(codeWholeRange, w.bounds()...)
	}
}

func (w whole) schema(*definitions) schemaObject {
	return schemaObject{{"type", "integer"}, {"minimum", w.min}, {"maximum", w.max}}
}

// date is the codec of a day from a first to a last one, as FA(3) bounds them.
type date struct {
	first pl.Date
}

// lastDate is the last day FA(3) knows.
var lastDate = pl.NewDate(2050, 1, 1)

func (c date) decode(d *decoder, v *pl.Date) {
	d.peek()
	start := d.pos
	s, ok := d.nonEmpty()
	if !ok {
		return
	}
	parsed, err := pl.ParseDate(s)
	if err != nil {
		d.addHere(start, codeDateFormat)
		return
	}
	*v = parsed
}

func (c date) encode(e *encoder, v *pl.Date) { e.date(*v) }
func (c date) given(v *pl.Date) bool         { return !v.IsZero() }

func (c date) check(r *report, v *pl.Date) {
	switch {
	case !v.Valid():
		r.add(codeDateFormat)
	case v.Before(c.first) || v.After(lastDate):
		r.add(codeDateRange, "first", c.first.String(), "last", lastDate.String())
	}
}

func (c date) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"format", "date"}}
}
