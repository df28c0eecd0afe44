package money

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"
)

// Why a text is no acceptable number, for errors.Is.
var (
	// ErrSyntax means that the text is not a plain decimal number: digits,
	// optionally a minus before them and a point and digits after them, no
	// superfluous leading zero, no exponent, no plus, no blanks.
	ErrSyntax = errors.New("money: not a plain decimal number")
	// ErrTooLarge means more digits before the point than allowed.
	ErrTooLarge = errors.New("money: too many digits before the decimal point")
	// ErrTooPrecise means more digits after the point than allowed.
	ErrTooPrecise = errors.New("money: too many digits after the decimal point")
)

// Parse reads a plain decimal number of at most maxInt digits before the point
// and maxFrac after it. The bounds are checked before anything is computed, so
// hostile input costs no more than reading it once. Zeros at the end count: the
// number of places is kept as written.
func Parse(s string, maxInt, maxFrac int) (decimal.Decimal, error) {
	whole, fraction, err := split(s, maxInt, maxFrac)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if len(whole)+len(fraction) > maxDigits {
		return decimal.NewFromString(s)
	}
	coefficient := digitsValue(digitsValue(0, whole), fraction)
	if s[0] == '-' {
		coefficient = -coefficient
	}
	return decimal.New(coefficient, -int32(len(fraction))), nil
}

// split checks form and bounds and returns the digits of both parts.
func split(s string, maxInt, maxFrac int) (whole, fraction string, err error) {
	unsigned := strings.TrimPrefix(s, "-")
	if len(unsigned) > maxInt+maxFrac+1 {
		return "", "", bound(unsigned, maxInt)
	}
	whole, fraction, point := strings.Cut(unsigned, ".")
	if !allDigits(whole) || point && !allDigits(fraction) || len(whole) > 1 && whole[0] == '0' {
		return "", "", ErrSyntax
	}
	if len(whole) > maxInt {
		return "", "", ErrTooLarge
	}
	if len(fraction) > maxFrac {
		return "", "", ErrTooPrecise
	}
	return whole, fraction, nil
}

// bound tells which bound a text that is too long broke, as far as the allowed
// part of it shows.
func bound(unsigned string, maxInt int) error {
	for i := range min(maxInt+1, len(unsigned)) {
		if c := unsigned[i]; c == '.' {
			return ErrTooPrecise
		} else if c < '0' || c > '9' {
			return ErrSyntax
		}
	}
	return ErrTooLarge
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// digitsValue continues n by the digits of s.
func digitsValue(n int64, s string) int64 {
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// Fits reports whether d can be written with at most maxInt digits before the
// point and maxFrac after it, without rounding.
func Fits(d decimal.Decimal, maxInt, maxFrac int) bool {
	if d.IsZero() {
		return true
	}
	length := int64(d.NumDigits())
	if length+int64(d.Exponent()) > int64(maxInt) {
		return false
	}
	drop := -int64(d.Exponent()) - int64(maxFrac)
	if drop <= 0 {
		return true
	}
	return drop < length && d.Equal(d.Truncate(int32(maxFrac)))
}
