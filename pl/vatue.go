package pl

import "strings"

// VATUE is a VAT number for trade within the European Union (numer VAT UE):
// the country prefix and the number without it. Greece has the prefix EL,
// Northern Ireland XI.
type VATUE struct {
	Country string // two capitals, one of 28
	Number  string // 2 to 12 characters: digits, capitals, + and *
}

var vatueKind = kind{
	name:   "VAT-UE number",
	format: "write the country prefix (Greece is EL, Northern Ireland XI) and the number in the form of that country",
	sum:    "compare the number after PL with the register: it must be a valid NIP",
}

// ParseVATUE reads a number with its country prefix, blanks or dashes between
// the characters and letters of any case. It checks the form that KSeF demands
// for the country, and for PL the check digit of the NIP; check digits of other
// countries are theirs to judge (VIES).
func ParseVATUE(s string) (VATUE, error) {
	s = strings.ToUpper(compact(trim(s)))
	if len(s) < 2 {
		return VATUE{}, vatueKind.error(ErrFormat)
	}
	v := VATUE{Country: s[:2], Number: s[2:]}
	if err := vatueKind.error(v.check()); err != nil {
		return VATUE{}, err
	}
	return v, nil
}

// Valid reports whether the number has the form of its country.
func (v VATUE) Valid() bool { return v.check() == nil }

// IsZero reports whether v is no number.
func (v VATUE) IsZero() bool { return v == VATUE{} }

// String is the number with its prefix.
func (v VATUE) String() string { return v.Country + v.Number }

// MarshalText is the number with its prefix, or "" for no number.
func (v VATUE) MarshalText() ([]byte, error) {
	if !v.IsZero() && !v.Valid() {
		return nil, vatueKind.error(v.check())
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads what ParseVATUE reads; "" is no number.
func (v *VATUE) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*v = VATUE{}
		return nil
	}
	if len(text) > maxInput {
		return vatueKind.error(ErrFormat)
	}
	parsed, err := ParseVATUE(string(text))
	if err != nil {
		return err
	}
	*v = parsed
	return nil
}

func (v VATUE) check() error {
	if !vatShapes[v.Country].matches(v.Number) {
		return ErrFormat
	}
	if v.Country == "PL" {
		return NIP(v.Number).check()
	}
	return nil
}

// vatShapes follows the pattern NipVatUe of the KSeF API; the number after PL
// is a NIP.
var vatShapes = map[string]shape{
	"AT": "U99999999",
	"BE": "0999999999 1999999999",
	"BG": "999999999 9999999999",
	"CY": "99999999a",
	"CZ": "99999999 999999999 9999999999",
	"DE": "999999999",
	"DK": "99999999",
	"EE": "999999999",
	"EL": "999999999",
	"ES": "a99999999 99999999a a9999999a",
	"FI": "99999999",
	"FR": "xx999999999",
	"HR": "99999999999",
	"HU": "99999999",
	"IE": "9999999aa 9+99999a",
	"IT": "99999999999",
	"LT": "999999999 999999999999",
	"LU": "99999999",
	"LV": "99999999999",
	"MT": "99999999",
	"NL": "++++++++++++",
	"PL": "9999999999",
	"PT": "999999999",
	"RO": "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999",
	"SE": "999999999999",
	"SI": "99999999",
	"SK": "9999999999",
	"XI": "999999999 999999999999 GD999 HA999",
}
