package faktupro

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// DecodeInvoice reads an invoice from JSON (see Schema) strictly: unknown and
// repeated fields, null, wrong types, text after the invoice and anything that
// is not UTF-8 are refused. Amounts may be strings or plain JSON numbers and
// are read from their text, never through binary floating point.
//
// The error is a *ValidationError that lists all problems of the text at once,
// with line and column. Tax rules are not judged here: call Validate, or use
// DecodeAndValidate to see everything together.
func DecodeInvoice(data []byte) (*Invoice, error) {
	inv, problems := decodeInvoice(data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return inv, nil
}

// decodeInvoice reads what can be read and reports what cannot.
func decodeInvoice(data []byte) (*Invoice, Problems) {
	d := &decoder{data: data}
	inv := new(Invoice)
	switch {
	case len(data) > MaxJSONSize:
		d.add(codeJSONSize, "max", strconv.Itoa(MaxJSONSize))
	case bytes.HasPrefix(data, []byte("\ufeff")):
		d.addHere(0, codeJSONEncoding)
	case !utf8.Valid(data):
		d.addHere(validPrefix(data), codeJSONEncoding)
	default:
		invoiceObject.decode(d, inv)
		d.end()
	}
	inv.setDefaults()
	return inv, d.problems.sorted()
}

// end makes sure that nothing follows the invoice.
func (d *decoder) end() {
	if d.peek() != 0 || d.pos < len(d.data) && !d.fault {
		d.addHere(d.pos, codeJSONTrailing)
	}
}

// validPrefix is the length of the part that is UTF-8.
func validPrefix(data []byte) int {
	n := 0
	for n < len(data) {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	return n
}

// setDefaults makes the meaning of empty fields explicit.
func (inv *Invoice) setDefaults() {
	if inv.Kind == "" {
		inv.Kind = KindVAT
	}
	if inv.Pricing == "" {
		inv.Pricing = PricingNet
	}
	inv.Currency = inv.currency()
}

// errEncode is all an invoice can be refused for here.
var errEncode = errors.New("faktupro: encode invoice: a text is not UTF-8 or a date is not in the calendar; Validate tells which")

// EncodeInvoice writes the invoice as canonical JSON: fields in a fixed order,
// nothing that is not given, amounts as strings, no blanks. DecodeInvoice reads
// it back when the invoice passes Validate. The error says that a text is not
// UTF-8 or a date not in the calendar.
func EncodeInvoice(inv *Invoice) ([]byte, error) {
	whole := *inv
	whole.setDefaults()
	var e encoder
	invoiceObject.encode(&e, &whole)
	if e.bad {
		return nil, errEncode
	}
	return e.dst, nil
}

// MarshalJSON is EncodeInvoice, for encoding/json.
func (inv Invoice) MarshalJSON() ([]byte, error) { return EncodeInvoice(&inv) }

// UnmarshalJSON is DecodeInvoice, for encoding/json. Lines and columns in its
// errors count from the start of the invoice.
func (inv *Invoice) UnmarshalJSON(data []byte) error {
	decoded, err := DecodeInvoice(data)
	if err != nil {
		return err
	}
	*inv = *decoded
	return nil
}
