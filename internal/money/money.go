// Package money holds the one rounding rule of FaktuPro and the bounded way in
// and out of decimal numbers.
//
//	net, err := money.Parse("100.35", 16, 2)
//	if err != nil {
//		return err
//	}
//	tax := money.Grosze(net.Mul(decimal.NewFromInt(23)).Shift(-2))
//	fmt.Println(money.Fixed(tax, 2)) // 23.08
//
// All functions are pure and safe for concurrent use. No function uses binary
// floating point.
package money

import "github.com/shopspring/decimal"

// Round rounds to the given number of decimal places, halves away from zero:
// the rule of article 106e(11) of the VAT Act for grosze ("half a grosz and
// more is rounded up") applied alike to the negative amounts of corrections.
// Negative places round to tens, hundreds and so on. A number that has no more
// places than asked for is returned unchanged.
func Round(d decimal.Decimal, places int32) decimal.Decimal {
	drop := -int64(d.Exponent()) - int64(places)
	if drop <= 0 {
		return d
	}
	if drop > int64(d.NumDigits()) {
		return decimal.Zero // less than a tenth of the last place
	}
	if coefficient, ok := small(d); ok {
		return decimal.New(roundAway(coefficient, pow10[drop]), -places)
	}
	return d.Round(places)
}

// Grosze rounds to two decimal places, the hundredth parts of the złoty.
func Grosze(d decimal.Decimal) decimal.Decimal { return Round(d, 2) }

// roundAway is n/unit, halves away from zero; |n| and unit are at most 10^18.
func roundAway(n, unit int64) int64 {
	quotient, rest := n/unit, n%unit
	switch {
	case 2*rest >= unit:
		return quotient + 1
	case 2*rest <= -unit:
		return quotient - 1
	}
	return quotient
}

// maxDigits is the number of decimal digits that always fit an int64; numbers
// within it take the path without big integers.
const maxDigits = 18

// small is the coefficient of a number within maxDigits.
func small(d decimal.Decimal) (coefficient int64, ok bool) {
	if d.NumDigits() > maxDigits {
		return 0, false
	}
	return d.CoefficientInt64(), true
}

var pow10 = [maxDigits + 1]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
}
