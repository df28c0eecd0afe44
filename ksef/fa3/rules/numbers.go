package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// num is a number of the document, if it is there and is one.
type num struct {
	decimal.Decimal
	ok bool
}

var (
	zero    = decimal.Zero
	one     = decimal.NewFromInt(1)
	hundred = decimal.NewFromInt(100)
	grosz   = decimal.New(1, -2)
)

// fastDigits is how many digits certainly fit an int64.
const fastDigits = 18

// parse reads a number. Hostile or malformed text is not a number: the
// validator of the schema reports it.
func parse(text fa3.Decimal) num {
	if text == "" {
		return num{}
	}
	if v, places, ok := parseShort(string(text)); ok {
		return num{decimal.New(v, -places), true}
	}
	v, err := text.Value()
	return num{v, err == nil}
}

// parseShort reads plain numbers of up to 18 characters, which nearly all are,
// without detours.
func parseShort(s string) (v int64, places int32, ok bool) {
	negative := s[0] == '-'
	if negative {
		s = s[1:]
	}
	if s == "" || len(s) > fastDigits || s[0] == '.' || s[len(s)-1] == '.' {
		return 0, 0, false
	}
	point := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = v*10 + int64(c-'0')
		case c == '.' && point < 0:
			point = i
		default:
			return 0, 0, false
		}
	}
	if point >= 0 {
		places = int32(len(s) - point - 1)
	}
	if negative {
		v = -v
	}
	return v, places, true
}

// is0 reports whether the number is absent or zero.
func (n num) is0() bool { return !n.ok || n.IsZero() }

// negative reports whether the number is there and below zero.
func (n num) negative() bool { return n.ok && n.Sign() < 0 }

// positive reports whether the number is there and above zero.
func (n num) positive() bool { return n.ok && n.Sign() > 0 }

// near reports whether two amounts differ by no more than a grosz for each of
// n roundings, at least one.
func near(a, b decimal.Decimal, n int) bool {
	if a.Equal(b) { // nearly always, and cheaper
		return true
	}
	return a.Sub(b).Abs().LessThanOrEqual(decimal.New(int64(max(1, n)), -2))
}

// show writes an amount for a message.
func show(d decimal.Decimal) string { return money.Fixed(money.Grosze(d), 2) }

// share is percent of an amount, not rounded.
func share(amount decimal.Decimal, percent int64) decimal.Decimal {
	return amount.Mul(decimal.New(percent, -2))
}

// included is the tax that a gross amount includes, rounded (art. 106e(7)).
func included(gross decimal.Decimal, percent int64) decimal.Decimal {
	return gross.Mul(decimal.NewFromInt(percent)).DivRound(decimal.NewFromInt(100+percent), 2)
}
