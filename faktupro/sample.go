package faktupro

import (
	"bytes"
	_ "embed" // sample.json
)

//go:embed sample.json
var sample []byte

// Sample is the JSON of an invoice to start from: two VAT rates, a discount,
// payment by transfer until a day. Its parties are invented; their numbers have
// right check digits.
func Sample() []byte { return bytes.Clone(sample) }
