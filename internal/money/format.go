package money

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Fixed is d rounded to exactly the given number of decimal places, such as
// "1234.50" for two.
func Fixed(d decimal.Decimal, places int32) string {
	var buf [32]byte
	return string(AppendFixed(buf[:0], d, places))
}

// AppendFixed appends what Fixed returns.
func AppendFixed(dst []byte, d decimal.Decimal, places int32) []byte {
	d = Round(d, places)
	coefficient, ok := small(d)
	have := -d.Exponent()
	if !ok || places < 0 || places > maxDigits || have < 0 {
		return append(dst, d.StringFixed(places)...)
	}
	return appendPlaces(dst, coefficient, int(have), int(places))
}

// appendPlaces writes n·10^-have with places ≥ have decimal places.
func appendPlaces(dst []byte, n int64, have, places int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/pow10[have], 10)
	if places == 0 {
		return dst
	}
	dst = append(dst, '.')
	rest := n % pow10[have]
	for i := have - 1; i >= 0; i-- {
		dst = append(dst, '0'+byte(rest/pow10[i]%10))
	}
	for range places - have {
		dst = append(dst, '0')
	}
	return dst
}

// Trimmed is d rounded to at most maxPlaces decimal places, without the zeros at
// the end beyond minPlaces: "1.5" and "1.2345" for quantities (0 to 6), "10.00"
// and "10.125" for unit prices (2 to 8).
func Trimmed(d decimal.Decimal, minPlaces, maxPlaces int32) string {
	s := Fixed(d, maxPlaces)
	point := strings.IndexByte(s, '.')
	if point < 0 {
		return s
	}
	end := len(s)
	for end > point+1+int(minPlaces) && s[end-1] == '0' {
		end--
	}
	return strings.TrimSuffix(s[:end], ".")
}
