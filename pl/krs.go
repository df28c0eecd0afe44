package pl

// KRS is a number of the National Court Register (Krajowy Rejestr Sądowy): ten
// digits, leading zeros included. It has no check digit.
type KRS string

var krsKind = kind{name: "KRS", format: "write ten digits, with the leading zeros"}

// ParseKRS reads a KRS number with blanks or dashes between the digits.
func ParseKRS(s string) (KRS, error) {
	k := KRS(compact(trim(s)))
	if !k.Valid() {
		return "", krsKind.error(ErrFormat)
	}
	return k, nil
}

// Valid reports whether k is ten digits that are not all zero.
func (k KRS) Valid() bool { return digits(string(k), 10) && !zeros(string(k)) }
