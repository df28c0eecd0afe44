package pl

import "strings"

// NRB is a Polish bank account number (numer rachunku bankowego): 26 digits.
// It prints masked; string(n) is the full value.
type NRB string

// IBAN is an international bank account number of any country: two letters,
// two check digits, 11 to 30 letters or digits. It prints masked; string(i) is
// the full value.
type IBAN string

var (
	nrbKind = kind{
		name:   "NRB",
		format: "write 26 digits, with or without PL before them",
		sum:    "compare the 26 digits with the bank's document",
	}
	ibanKind = kind{
		name:   "IBAN",
		format: "write the country code, two check digits and the account, 15 to 34 characters (28 in Poland)",
		sum:    "compare the characters with the bank's document",
	}
)

// ParseNRB reads a Polish account with or without "PL" before it and with
// blanks or dashes between the digits.
func ParseNRB(s string) (NRB, error) {
	n := NRB(compact(cutPL(trim(s))))
	if err := nrbKind.error(n.check()); err != nil {
		return "", err
	}
	return n, nil
}

// Valid reports whether n is 26 digits whose remainder modulo 97 is right.
func (n NRB) Valid() bool { return n.check() == nil }

// IBAN is the account with its country code.
func (n NRB) IBAN() IBAN { return "PL" + IBAN(n) }

func (n NRB) check() error {
	s := string(n)
	if !digits(s, 26) || zeros(s) {
		return ErrFormat
	}
	// ISO 13616: the account, then the country, then the check digits.
	r := mod97(mod97(mod97(0, s[2:]), "PL"), s[:2])
	return checkDigits(s[:2], r)
}

// ParseIBAN reads an account of any country with blanks or dashes between the
// characters and letters of any case. It checks the form that all countries
// share and the remainder modulo 97, and for Poland the length; it does not
// know the lengths of other countries.
func ParseIBAN(s string) (IBAN, error) {
	i := IBAN(strings.ToUpper(compact(trim(s))))
	if err := ibanKind.error(i.check()); err != nil {
		return "", err
	}
	return i, nil
}

// Valid reports whether i is written in capitals without blanks and its
// remainder modulo 97 is right.
func (i IBAN) Valid() bool { return i.check() == nil }

// Country is the two-letter country code; "" when i is not valid.
func (i IBAN) Country() string {
	if !i.Valid() {
		return ""
	}
	return string(i[:2])
}

// NRB is the account without its country code, when it is a valid Polish one.
func (i IBAN) NRB() (NRB, bool) {
	if !i.Valid() || i[:2] != "PL" {
		return "", false
	}
	return NRB(i[2:]), true
}

func (i IBAN) check() error {
	s := string(i)
	if len(s) < 15 || len(s) > 34 || !upper(s[0]) || !upper(s[1]) || !digits(s[2:4], 2) {
		return ErrFormat
	}
	if s[:2] == "PL" {
		return NRB(s[2:]).check()
	}
	for k := 4; k < len(s); k++ {
		if !digit(s[k]) && !upper(s[k]) {
			return ErrFormat
		}
	}
	return checkDigits(s[2:4], mod97(mod97(0, s[4:]), s[:4]))
}

// checkDigits judges the remainder. ISO 7064 gives out 02 to 98 only; 00, 01
// and 99 would pass for the accounts of 97, 98 and 02.
func checkDigits(cc string, remainder int64) error {
	if remainder != 1 || cc < "02" || cc > "98" {
		return ErrChecksum
	}
	return nil
}

// mod97 continues a running remainder over digits and capitals, which count
// as 10 to 35. It divides only before the remainder could overflow.
func mod97(r int64, s string) int64 {
	for i := range len(s) {
		if digit(s[i]) {
			r = r*10 + int64(s[i]-'0')
		} else {
			r = r*100 + int64(s[i]-'A') + 10
		}
		if r > 1e15 {
			r %= 97
		}
	}
	return r % 97
}
