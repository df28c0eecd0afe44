package faktupro

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

// Decimal is an exact decimal number: an amount, a price, a quantity, an
// exchange rate. It keeps the decimals it was written with ("10.50" stays
// "10.50"). The zero Decimal is "not given", which is not the number 0. Values
// are immutable.
type Decimal struct {
	number decimal.Decimal
	given  bool
}

// Digits any Decimal may have before and after the point: the widest fields of
// FA(3) are amounts with 16 and unit prices with 8.
const (
	maxWhole    = 16
	maxFraction = 8
)

// ErrDecimal means that a text is not a plain decimal number within 16 digits
// before and 8 after the point.
var ErrDecimal = errors.New("faktupro: write a plain decimal number such as 1234.50, with at most 16 digits before and 8 after the point")

// ParseDecimal reads a plain decimal number: an optional minus, digits without
// superfluous leading zeros, optionally a point and digits. Exponents, blanks,
// plus signs and commas are refused. The error is ErrDecimal.
func ParseDecimal(s string) (Decimal, error) {
	d, err := money.Parse(s, maxWhole, maxFraction)
	if err != nil {
		return Decimal{}, fmt.Errorf("%w: %w", ErrDecimal, err)
	}
	return Decimal{number: d, given: true}, nil
}

// MustDecimal is ParseDecimal for constants in programs and tests. It panics
// when s is not a decimal number.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

// DecimalFromInt is the whole number n.
func DecimalFromInt(n int64) Decimal { return exact(decimal.NewFromInt(n)) }

// DecimalFromGrosze is n hundredths: 1050 is 10.50.
func DecimalFromGrosze(n int64) Decimal { return exact(decimal.New(n, -2)) }

// exact wraps the result of a computation.
func exact(d decimal.Decimal) Decimal { return Decimal{number: d, given: true} }

// grosze wraps the result of a computation, rounded to two decimals by the one
// rounding rule.
func grosze(d decimal.Decimal) Decimal { return exact(fixed(money.Grosze(d))) }

// fixed gives d at least two decimals, as amounts are written.
func fixed(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() <= -2 {
		return d
	}
	return d.Add(zeroAmount)
}

// zeroAmount is 0.00: adding it gives a number two decimals.
var zeroAmount = decimal.New(0, -2)

// Given reports whether d is a number at all.
func (d Decimal) Given() bool { return d.given }

// IsZero reports whether d is not given. It makes the omitzero option of
// encoding/json work; use Sign to compare with the number 0.
func (d Decimal) IsZero() bool { return !d.given }

// Sign is -1, 0 or +1 as the number is negative, zero (or not given) or
// positive.
func (d Decimal) Sign() int { return d.number.Sign() }

// Cmp compares the numbers: -1, 0 or +1. A Decimal that is not given counts as 0.
func (d Decimal) Cmp(e Decimal) int { return d.number.Cmp(e.number) }

// Equal reports whether both are the same number, 1.5 and 1.50 included, or
// both not given.
func (d Decimal) Equal(e Decimal) bool { return d.given == e.given && d.number.Equal(e.number) }

// Add is d + e; a Decimal that is not given counts as 0.
func (d Decimal) Add(e Decimal) Decimal { return exact(d.number.Add(e.number)) }

// Sub is d - e; a Decimal that is not given counts as 0.
func (d Decimal) Sub(e Decimal) Decimal { return exact(d.number.Sub(e.number)) }

// Fixed is the number rounded half up to the given number of decimals, such as
// "10.50" for two; "" when not given.
func (d Decimal) Fixed(places int) string {
	if !d.given {
		return ""
	}
	return money.Fixed(d.number, int32(min(max(places, 0), maxFraction)))
}

// String is the number with the decimals it has; "" when not given.
func (d Decimal) String() string { return d.Fixed(d.places()) }

// places is the number of decimals the number is written with.
func (d Decimal) places() int { return max(0, int(-d.number.Exponent())) }

// MarshalText is String as bytes.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDecimal reads; "" is not given.
func (d *Decimal) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Decimal{}
		return nil
	}
	parsed, err := ParseDecimal(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// within reports whether the number has at most the given digits before and
// after the point, the decimals it is written with counted.
func (d Decimal) within(whole, fraction int) bool {
	return d.places() <= fraction && money.Fits(d.number, whole, fraction)
}
