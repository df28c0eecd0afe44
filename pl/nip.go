package pl

// NIP is a Polish tax identification number (numer identyfikacji podatkowej):
// ten digits.
type NIP string

const nipLen = 10

var nipKind = kind{
	name:   "NIP",
	format: "write ten digits; the first is not 0 and the next two are not both 0",
	sum:    "compare the ten digits with the register or the invoice",
}

// ParseNIP reads a NIP with or without "PL" before it and with blanks or
// dashes between the digits. Numbers such as 1111111111 pass: their check digit
// is right and the KSeF test environment uses them.
func ParseNIP(s string) (NIP, error) {
	n := NIP(compact(cutPL(trim(s))))
	if err := nipKind.error(n.check()); err != nil {
		return "", err
	}
	return n, nil
}

// Valid reports whether n is ten digits of the right form with the right check
// digit.
func (n NIP) Valid() bool { return n.check() == nil }

// check applies the pattern that KSeF uses and the check digit of the number:
// weights 6 5 7 2 3 4 5 6 7, modulo 11, where 10 is never given out.
func (n NIP) check() error {
	if !nipPattern(string(n)) {
		return ErrFormat
	}
	if weighted(string(n), "657234567")%11 != int(n[9]-'0') {
		return ErrChecksum
	}
	return nil
}

// nipPattern is the form alone, [1-9]((\d[1-9])|([1-9]\d))\d{7}: identifiers
// that contain a NIP demand no more of it, because the KSeF test environment
// lets in sellers whose check digit is wrong.
func nipPattern(s string) bool {
	return digits(s, nipLen) && s[0] != '0' && s[1:3] != "00"
}
