package fa3

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
	"github.com/shopspring/decimal"
)

// Flag is a mark that is either set, written as 1, or absent (TWybor1).
type Flag bool

// YesNo is an answer that the schema wants to be explicit: 1 for yes, 2 for no
// (TWybor1_2). Its zero value means that the element is absent.
type YesNo uint8

// The answers.
const (
	Yes YesNo = 1
	No  YesNo = 2
)

// YesIf is Yes if b is true and No otherwise.
func YesIf(b bool) YesNo {
	if b {
		return Yes
	}
	return No
}

// Integer is a whole number of any size as decimal text, for example "-14".
// Empty means that the element is absent.
type Integer string

// Decimal is a decimal number as the exact text of the document, for example
// "1230.50". Empty means that the element is absent. Amounts (TKwotowy) have at
// most 2 decimal places, quantities and exchange rates (TIlosci) 6, unit prices
// (TKwotowy2) 8.
type Decimal string

// Amount writes an amount of money: rounded half away from zero to two decimal
// places, always both of them.
func Amount(d decimal.Decimal) Decimal { return Decimal(money.Fixed(money.Round(d, 2), 2)) }

// UnitPrice writes a unit price: rounded to at most 8 decimal places, at least
// two of them.
func UnitPrice(d decimal.Decimal) Decimal { return Decimal(money.Trimmed(d, 2, 8)) }

// Quantity writes a quantity or an exchange rate: rounded to at most 6 decimal
// places, without zeros at the end.
func Quantity(d decimal.Decimal) Decimal { return Decimal(money.Trimmed(d, 0, 6)) }

// ErrDecimal is returned for text that is no decimal number or has more digits
// than any number on an invoice.
var ErrDecimal = errors.New("fa3: not a decimal number of at most 40 digits")

// maxDigits bounds the text that Value hands to decimal arithmetic, whose cost
// grows faster than the number of digits.
const maxDigits = 40

// Value reads the number. Besides plain numbers it takes what XML Schema allows:
// a plus sign, leading zeros, a missing digit before or after the point.
func (d Decimal) Value() (decimal.Decimal, error) {
	s := string(d)
	if !isDecimal(s) {
		return decimal.Zero, ErrDecimal
	}
	sign := ""
	switch s[0] {
	case '-':
		sign, s = "-", s[1:]
	case '+':
		s = s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > maxDigits {
		return decimal.Zero, ErrDecimal
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	v, err := decimal.NewFromString(sign + whole)
	if err != nil {
		return decimal.Zero, ErrDecimal
	}
	return v, nil
}

// isDecimal reports whether s is in the lexical space of xs:decimal.
func isDecimal(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, points := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && points == 0:
			points++
		default:
			return false
		}
	}
	return digits > 0
}

// DateTime is an instant as the text of the document, for example
// "2026-02-01T10:30:00Z". Empty means that the element is absent.
type DateTime string

// NewDateTime writes an instant in UTC to the second. KSeF's schema does not
// accept a value without time zone reliably, so one is always written.
func NewDateTime(t time.Time) DateTime {
	return DateTime(t.UTC().Format("2006-01-02T15:04:05Z"))
}

// ErrDateTime is returned for text that is no xs:dateTime.
var ErrDateTime = errors.New("fa3: not a date with time")

// Time reads the instant in UTC. A value without time zone is read as Polish
// time. Fractions of a second beyond nanoseconds are cut off.
func (d DateTime) Time() (time.Time, error) {
	day, clock, zone, ok := splitDateTime(string(d))
	if !ok {
		return time.Time{}, ErrDateTime
	}
	date, err := pl.ParseDate(day)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", ErrDateTime, err)
	}
	if len(clock) > len("15:04:05.999999999") {
		clock = clock[:len("15:04:05.999999999")]
	}
	next := strings.HasPrefix(clock, "24")
	if next { // 24:00:00 is the first instant of the next day
		clock = "00:00:00"
	}
	layout, loc := "2006-01-02T15:04:05", pl.Warsaw()
	if zone != "" {
		layout += "Z07:00"
	}
	t, err := time.ParseInLocation(layout, date.String()+"T"+clock+zone, loc)
	if err != nil {
		return time.Time{}, ErrDateTime
	}
	if next {
		t = t.AddDate(0, 0, 1)
	}
	return t.UTC(), nil
}

// splitDateTime cuts an xs:dateTime with a year of four digits into date, time
// of day and zone (empty, "Z" or "+hh:mm") and checks the lexical form and the
// ranges of hour, minute, second and zone.
func splitDateTime(s string) (day, clock, zone string, ok bool) {
	day, rest, ok := strings.Cut(s, "T")
	if !ok {
		return "", "", "", false
	}
	clock = rest
	if i := strings.IndexAny(rest, "Z+-"); i >= 0 {
		clock, zone = rest[:i], rest[i:]
	}
	return day, clock, zone, isClock(clock) && isZone(zone)
}

// isClock checks hh:mm:ss with an optional fraction; 24:00:00 is allowed.
func isClock(s string) bool {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return false
	}
	h, m, sec := twoDigits(s), twoDigits(s[3:]), twoDigits(s[6:])
	fraction := s[8:]
	if fraction != "" && (fraction[0] != '.' || len(fraction) == 1 || strings.Trim(fraction[1:], "0123456789") != "") {
		return false
	}
	if h == 24 {
		return m == 0 && sec == 0 && strings.Trim(fraction, ".0") == ""
	}
	return h >= 0 && h < 24 && m >= 0 && m < 60 && sec >= 0 && sec < 60
}

// isZone checks nothing, Z, or an offset of at most 14 hours.
func isZone(s string) bool {
	if s == "" || s == "Z" {
		return true
	}
	if len(s) != 6 || s[3] != ':' {
		return false
	}
	h, m := twoDigits(s[1:]), twoDigits(s[4:])
	return h >= 0 && m >= 0 && m < 60 && (h < 14 || h == 14 && m == 0)
}

// twoDigits is the value of the first two bytes of s, -1 if they are no digits.
func twoDigits(s string) int {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}
