package pl

// REGON is a number of the Polish register of business entities: nine digits
// of the entity or fourteen of one of its local units.
type REGON string

var regonKind = kind{
	name:   "REGON",
	format: "write nine or fourteen digits, with the leading zeros",
	sum:    "compare the digits with the register",
}

// ParseREGON reads a REGON of nine or fourteen digits with blanks or dashes
// between them. The form <nine digits>00000, by which older registers mean the
// entity itself, becomes the nine digits.
func ParseREGON(s string) (REGON, error) {
	r := REGON(compact(trim(s)))
	if digits(string(r), 14) && r[9:] == "00000" {
		r = r[:9]
	}
	if err := regonKind.error(r.check()); err != nil {
		return "", err
	}
	return r, nil
}

// Valid reports whether r has the canonical form and the right check digits.
func (r REGON) Valid() bool { return r.check() == nil }

// Entity is the nine-digit number of the entity that r or its local unit
// belongs to; "" when r is not valid.
func (r REGON) Entity() REGON {
	if !r.Valid() {
		return ""
	}
	return r[:9]
}

func (r REGON) check() error {
	s := string(r)
	if !digits(s, 9) && !digits(s, 14) || zeros(s[:9]) {
		return ErrFormat
	}
	if !regonSum(s[:9], "89234567") {
		return ErrChecksum
	}
	if len(s) == 14 && !regonSum(s, "2485097361248") {
		return ErrChecksum
	}
	return nil
}

// regonSum compares the last digit with the weighted sum modulo 11, where 10
// is written 0.
func regonSum(s, weights string) bool {
	return weighted(s, weights)%11%10 == int(s[len(s)-1]-'0')
}
