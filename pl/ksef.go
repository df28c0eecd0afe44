package pl

import (
	"encoding/hex"
	"strings"
)

// KSeFNumber identifies an invoice in KSeF, the national e-invoicing system:
// seller's NIP, day of acceptance, twelve hexadecimal digits, checksum, as in
// 1234563218-20260201-0100001AF629-CC. The form of KSeF 1.0 has one dash more,
// between the sixth and seventh hexadecimal digit.
type KSeFNumber string

// InternalID identifies a unit of a company in KSeF (identyfikator wewnętrzny):
// the company's NIP, a dash, four digits and a check digit.
type InternalID string

const (
	ksefLen       = 35
	ksefLegacyLen = 36

	ksefShape     shape = "9999999999-99999999-hhhhhhhhhhhh-hh 9999999999-99999999-hhhhhh-hhhhhh-hh"
	internalShape shape = "9999999999-99999"
)

var (
	ksefKind = kind{
		name:   "KSeF number",
		format: "write 35 characters: NIP, date as yyyymmdd, 12 digits 0-9 A-F, 2 digits 0-9 A-F, with dashes between the parts",
		sum:    "compare the number with the confirmation of receipt (UPO)",
	}
	internalKind = kind{
		name:   "internal ID",
		format: "write the NIP of the company, a dash and five digits",
		sum:    "compare the last digit with the identifier shown in KSeF",
	}
)

// ParseKSeFNumber reads a KSeF number of 35 characters or of 36 (KSeF 1.0). It
// checks the form, the day and the checksum; the check digit of the NIP inside
// is not judged, because the KSeF test environment accepts any.
func ParseKSeFNumber(s string) (KSeFNumber, error) {
	k := KSeFNumber(trim(s))
	if err := ksefKind.error(k.check()); err != nil {
		return "", err
	}
	return k, nil
}

// NewKSeFNumber composes the number of an invoice and computes its checksum.
// Only KSeF gives out numbers; this is for simulators and tests. The result is
// not Valid when seller or day are not.
func NewKSeFNumber(seller NIP, day Date, unique [6]byte) KSeFNumber {
	b := make([]byte, 0, ksefLen)
	b = append(b, seller...)
	b = append(b, '-')
	b = day.appendCompact(b)
	b = append(b, '-')
	b = appendHex(b, unique[:]...)
	sum := crc8(0, b)
	b = append(b, '-')
	return KSeFNumber(appendHex(b, sum))
}

// Valid reports whether k has one of the two forms, a day of the calendar from
// 2020 on and the right checksum.
func (k KSeFNumber) Valid() bool { return k.check() == nil }

// Seller is the NIP the number starts with; "" when k is not valid. Its own
// check digit is not judged.
func (k KSeFNumber) Seller() NIP {
	if !k.Valid() {
		return ""
	}
	return NIP(k[:nipLen])
}

// Date is the day on which KSeF accepted the invoice for processing; the zero
// Date when k is not valid.
func (k KSeFNumber) Date() Date {
	if !k.Valid() {
		return Date{}
	}
	return ksefDay(string(k))
}

// Legacy reports whether k is written in the form of KSeF 1.0.
func (k KSeFNumber) Legacy() bool { return len(k) == ksefLegacyLen }

// check follows the schema KsefNumber of the KSeF API. The published rule for
// the checksum speaks of the 35-character form. None is published for the older
// form, so the sum over its text with and without the extra dash are accepted.
func (k KSeFNumber) check() error {
	s := string(k)
	if !ksefShape.matches(s) || !nipPattern(s[:nipLen]) {
		return ErrFormat
	}
	if d := ksefDay(s); !d.Valid() || d.Year < 2020 {
		return ErrFormat
	}
	body, sum := s[:len(s)-3], hexByte(s[len(s)-2:])
	if sum == CRC8(body) || k.Legacy() && sum == crc8(CRC8(body[:26]), body[27:]) {
		return nil
	}
	return ErrChecksum
}

func ksefDay(s string) Date { return compactDate(s[11:19]) }

// ParseInternalID reads an identifier of a unit. The check digit of the NIP
// inside is not judged, as KSeF does not judge it either.
func ParseInternalID(s string) (InternalID, error) {
	id := InternalID(trim(s))
	if err := internalKind.error(id.check()); err != nil {
		return "", err
	}
	return id, nil
}

// Valid reports whether id has the right form and check digit.
func (id InternalID) Valid() bool { return id.check() == nil }

// NIP is the company's number, which id starts with; "" when id is not valid.
func (id InternalID) NIP() NIP {
	if !id.Valid() {
		return ""
	}
	return NIP(id[:nipLen])
}

// check: the fourteen leading digits have the weights 1 and 3 in turn; the
// last digit is the sum modulo 10.
func (id InternalID) check() error {
	s := string(id)
	if !internalShape.matches(s) || !nipPattern(s[:nipLen]) {
		return ErrFormat
	}
	sum := weighted(s, "1313131313") + weighted(s[11:], "1313")
	if sum%10 != int(s[15]-'0') {
		return ErrChecksum
	}
	return nil
}

// hexByte is the value of two hexadecimal digits.
func hexByte(s string) byte { return hexValue(s[0])<<4 | hexValue(s[1]) }

func hexValue(c byte) byte {
	if digit(c) {
		return c - '0'
	}
	return c - 'A' + 10
}

func appendHex(dst []byte, bytes ...byte) []byte {
	return append(dst, strings.ToUpper(hex.EncodeToString(bytes))...)
}
