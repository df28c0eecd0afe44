package xades

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"
)

var errName = errors.New("the issuer name is not a sequence of attributes")

// issuerName renders a raw X.501 name as RFC 2253 asks: last element first,
// keywords only for the types of its table, any other type as OID=#hex. That is
// the form that every XML parser of names reads; OpenSSL's /C=PL/… is refused by
// the KSeF. Names are rendered from their encoding because the hexadecimal form
// shows it.
func issuerName(raw []byte) (string, error) {
	name, rest, err := expectDER(raw, tagSequence)
	if err != nil || len(rest) > 0 {
		return "", errName
	}
	var sets [][]byte
	for b := name.content; len(b) > 0; {
		var set element
		if set, b, err = expectDER(b, tagSet); err != nil {
			return "", errName
		}
		sets = append(sets, set.content)
	}
	out := make([]byte, 0, 2*len(raw))
	for i := len(sets) - 1; i >= 0; i-- {
		if out, err = appendRDN(out, sets[i]); err != nil {
			return "", errName
		}
		if i > 0 {
			out = append(out, ',')
		}
	}
	return string(out), nil
}

// appendRDN appends the attributes of one relative name, joined by "+".
func appendRDN(dst, set []byte) ([]byte, error) {
	for first := true; first || len(set) > 0; first = false {
		pair, rest, err := expectDER(set, tagSequence)
		if err != nil {
			return nil, err
		}
		if !first {
			dst = append(dst, '+')
		}
		if dst, err = appendAttributeValue(dst, pair.content); err != nil {
			return nil, err
		}
		set = rest
	}
	return dst, nil
}

func appendAttributeValue(dst, pair []byte) ([]byte, error) {
	oid, rest, err := expectDER(pair, tagOID)
	if err != nil {
		return nil, err
	}
	value, rest, err := readDER(rest)
	if err != nil || len(rest) > 0 {
		return nil, errDER
	}
	key, known := keyword(oid.content)
	if !known {
		if dst, err = appendOID(dst, oid.content); err != nil {
			return nil, err
		}
	}
	dst = append(append(dst, key...), '=')
	if known && isText(value) {
		return appendEscaped(dst, value.content), nil
	}
	return hex.AppendEncode(append(dst, '#'), value.full), nil
}

// keyword is the table of RFC 2253, section 2.3, by encoded object identifier.
func keyword(oid []byte) (string, bool) {
	switch string(oid) {
	case "\x55\x04\x03": // 2.5.4.3
		return "CN", true
	case "\x55\x04\x07":
		return "L", true
	case "\x55\x04\x08":
		return "ST", true
	case "\x55\x04\x0a":
		return "O", true
	case "\x55\x04\x0b":
		return "OU", true
	case "\x55\x04\x06":
		return "C", true
	case "\x55\x04\x09":
		return "STREET", true
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19": // 0.9.2342.19200300.100.1.25
		return "DC", true
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01":
		return "UID", true
	}
	return "", false
}

// isText reports whether a value can be written as characters: its type is a
// superset of ASCII or UTF-8, and XML has a place for every character. Any other
// value is shown in hexadecimal, which is always right.
func isText(v element) bool {
	switch v.tag {
	case tagUTF8String, tagNumericString, tagPrintableString, tagIA5String:
	default:
		return false
	}
	if !utf8.Valid(v.content) {
		return false
	}
	for _, r := range string(v.content) {
		if r < 0x20 || r == 0x7f || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return true
}

// appendEscaped applies the backslashes of RFC 2253, section 2.4.
func appendEscaped(dst, s []byte) []byte {
	for i, c := range s {
		edge := c == ' ' && (i == 0 || i == len(s)-1) || c == '#' && i == 0
		if edge || strings.IndexByte(`,+"\<>;`, c) >= 0 {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return dst
}

var (
	oidSurname      = asn1.ObjectIdentifier{2, 5, 4, 4}
	oidSerialNumber = asn1.ObjectIdentifier{2, 5, 4, 5}
	oidGivenName    = asn1.ObjectIdentifier{2, 5, 4, 42}
	oidOrganization = asn1.ObjectIdentifier{2, 5, 4, 97}
)

// attribute returns the values of one attribute type in a parsed name.
func attribute(name pkix.Name, oid asn1.ObjectIdentifier) []string {
	var out []string
	for _, atv := range name.Names {
		if s, ok := atv.Value.(string); ok && atv.Type.Equal(oid) {
			out = append(out, s)
		}
	}
	return out
}
