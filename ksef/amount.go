package ksef

import (
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"
)

var errAmount = errors.New("amount is not a plain number")

// wireAmount is a number of the API, which writes amounts as JSON numbers.
type wireAmount struct{ decimal.Decimal }

// Bounds of an amount: nothing that is money needs more, and an exponent
// without bound would make a short text a long number.
const (
	maxAmountText     = 40
	maxAmountExponent = 30
)

func (w *wireAmount) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var n json.Number
	if len(data) > maxAmountText || json.Unmarshal(data, &n) != nil {
		return errAmount
	}
	d, err := decimal.NewFromString(n.String())
	if err != nil || d.Exponent() > maxAmountExponent || d.Exponent() < -maxAmountExponent {
		return errAmount
	}
	w.Decimal = d
	return nil
}

// MarshalJSON writes a number, not a text.
func (w wireAmount) MarshalJSON() ([]byte, error) { return []byte(w.String()), nil }
