package pl

import "time"

// PESEL is the number of a natural person in the Polish population register:
// eleven digits that contain the date of birth. It prints masked; string(p) is
// the full value.
type PESEL string

var peselKind = kind{
	name:   "PESEL",
	format: "write eleven digits; the first six are a date of birth",
	sum:    "compare the eleven digits with the document",
}

// ParsePESEL reads a PESEL with blanks or dashes between the digits.
func ParsePESEL(s string) (PESEL, error) {
	p := PESEL(compact(trim(s)))
	if err := peselKind.error(p.check()); err != nil {
		return "", err
	}
	return p, nil
}

// Valid reports whether p is eleven digits with a real date of birth and the
// right check digit.
func (p PESEL) Valid() bool { return p.check() == nil }

// BirthDate is the date of birth in the number; the zero Date when p is not
// valid.
func (p PESEL) BirthDate() Date {
	if !p.Valid() {
		return Date{}
	}
	return p.born()
}

func (p PESEL) check() error {
	if !digits(string(p), 11) || !p.born().Valid() {
		return ErrFormat
	}
	sum := weighted(string(p), "1379137913")
	if (10-sum%10)%10 != int(p[10]-'0') {
		return ErrChecksum
	}
	return nil
}

// born reads the date; the century is added to the month in steps of twenty.
func (p PESEL) born() Date {
	year, month := number(string(p[0:2])), number(string(p[2:4]))
	century := [...]int{1900, 2000, 2100, 2200, 1800}[month/20]
	return Date{Year: century + year, Month: time.Month(month % 20), Day: number(string(p[4:6]))}
}

// number is the value of a short run of ASCII digits.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
