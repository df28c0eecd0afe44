package xsd

import "fmt"

// amount is the shape of the types of amounts, prices and quantities: numbers
// without superfluous zeros in front and with a limited number of digits. Most
// values of an invoice are of these types, and one look at a value tells that it
// is legal, without automaton and comparison.
type amount struct{ whole, fraction int } // digits at most

const amountPattern = `-?([1-9]\d{0,%d}|0)(\.\d{1,%d})?`

// amountShape recognises such a type. Its other facets must not be narrower than
// its pattern.
func (t *Type) amountShape() *amount {
	if t.kind != decimalValue || len(t.Patterns) != 1 || len(t.Values) > 0 || len(t.bounds) > 0 {
		return nil
	}
	var a amount
	_, err := fmt.Sscanf(t.Patterns[0], amountPattern, &a.whole, &a.fraction)
	if err != nil || t.Patterns[0] != fmt.Sprintf(amountPattern, a.whole, a.fraction) {
		return nil
	}
	a.whole++ // the first digit
	if t.FractionDigits >= 0 && t.FractionDigits < a.fraction || t.TotalDigits >= 0 && t.TotalDigits < a.whole+a.fraction {
		return nil
	}
	return &a
}

// fits reports whether b is legal. Other values may be legal in no other way, but
// what is wrong with them is not found here.
func (a *amount) fits(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	if n == 0 || n > a.whole || b[0] == '0' && n > 1 {
		return false
	}
	if n == len(b) {
		return true
	}
	fraction := b[n+1:]
	if b[n] != '.' || len(fraction) == 0 || len(fraction) > a.fraction {
		return false
	}
	for _, c := range fraction {
		if !isDigit(c) {
			return false
		}
	}
	return true
}
