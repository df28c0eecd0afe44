package faktupro

import (
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// cell is the codec of a cell of a table: a text that may be empty.
type cell struct{}

func (cell) decode(d *decoder, v *string) {
	if d.peek() != '"' {
		d.wrongType("string")
		return
	}
	if b := d.text(); !d.fault {
		*v = string(b)
	}
}

func (cell) encode(e *encoder, v *string) { e.text(*v) }
func (cell) given(*string) bool           { return true }

func (cell) check(r *report, v *string) {
	if *v != "" {
		text256.check(r, v)
	}
}

func (cell) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"maxLength", text256.max}}
}

// instant is the codec of a point in time, written by RFC 3339 with its zone.
type instant struct{}

// The instants that FA(3) allows on transports (TDataCzas).
var (
	firstInstant = time.Date(2021, 10, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(2050, 1, 1, 23, 59, 59, 0, time.UTC)
)

func (instant) decode(d *decoder, v *time.Time) {
	d.peek()
	start := d.pos
	s, ok := d.nonEmpty()
	if !ok {
		return
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		d.addHere(start, codeInstantFormat)
		return
	}
	*v = t.UTC()
}

func (instant) encode(e *encoder, v *time.Time) { e.text(v.UTC().Format(time.RFC3339Nano)) }
func (instant) given(v *time.Time) bool         { return !v.IsZero() }

func (instant) check(r *report, v *time.Time) {
	if v.Before(firstInstant) || v.After(lastInstant) {
		r.add(codeInstantRange, "first", firstInstant.Format(time.RFC3339), "last", lastInstant.Format(time.RFC3339))
	}
}

func (instant) schema(*definitions) schemaObject {
	return schemaObject{{"type", "string"}, {"format", "date-time"}}
}

// ksefNumber is the codec of a reference to another invoice in KSeF. Its form is
// checked; its check digits are not, because KSeF does not check them either
// and older numbers have others. A rule warns instead.
var ksefNumber = identifier[pl.KSeFNumber]{parseKSeFReference, checkCode(codeKSeFNumberFormat, codeKSeFNumberFormat), "KSeF number of 35 characters, 36 for invoices from before February 2026"}

func parseKSeFReference(s string) (pl.KSeFNumber, error) {
	if !ksefNumberPattern.MatchString(s) {
		return "", pl.ErrFormat
	}
	return pl.KSeFNumber(s), nil
}
