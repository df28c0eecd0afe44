package upo

import (
	"strings"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/pl"
)

// The patterns of upo-v4-3.xsd.

// shaped reports whether s has a shape: 9 stands for a digit, h for 0-9 A-F, X
// for 0-9 A-Z, A for A-Z, anything else for itself.
func shaped(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		digit, capital := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
		ok := false
		switch shape[i] {
		case '9':
			ok = digit
		case 'h':
			ok = digit || capital && c <= 'F'
		case 'X':
			ok = digit || capital
		case 'A':
			ok = capital
		default:
			ok = c == shape[i]
		}
		if !ok {
			return false
		}
	}
	return true
}

// isNIP is TNip: [1-9]((\d[1-9])|([1-9]\d))\d{7}.
func isNIP(s string) bool {
	return shaped(s, "9999999999") && s[0] != '0' && s[1:3] != "00"
}

// isDay is yyyymmdd from 2020 on; like the schema it knows no calendar.
func isDay(s string) bool {
	return s[:4] >= "2020" && s[4:6] >= "01" && s[4:6] <= "12" && s[6:] >= "01" && s[6:] <= "31"
}

// isReference is TNumerReferencyjny.
func isReference(s string) bool {
	return shaped(s, "99999999-XX-hhhhhhhhhh-hhhhhhhhhh-hh") && isDay(s[:8])
}

// isKSeFNumber is the pattern of NumerKSeFDokumentu. The longer form of KSeF 1.0
// came with version 4-3.
func isKSeFNumber(s string, v Version) bool {
	long := v != V42 && shaped(s, "9999999999-99999999-hhhhhh-hhhhhh-hh")
	if !long && !shaped(s, "9999999999-99999999-hhhhhhhhhhhh-hh") {
		return false
	}
	return isNIP(s[:10]) && isDay(s[11:19])
}

// valid reports whether the value fits the type.
func (c Context) valid() bool {
	switch c.Type {
	case ContextNIP:
		return isNIP(c.Value)
	case ContextInternalID:
		return shaped(c.Value, "9999999999-99999") && isNIP(c.Value[:10])
	case ContextNIPVATUE:
		nip, number, ok := strings.Cut(c.Value, "-")
		if !ok || !isNIP(nip) || strings.HasPrefix(number, "PL") {
			return false
		}
		v, err := pl.ParseVATUE(number)
		return err == nil && v.String() == number
	case ContextPeppolID:
		return shaped(c.Value, "PAA999999")
	}
	return false
}

// isAuthority accepts what the schema fixes and what the environments other
// than production make of it.
func isAuthority(s string) bool {
	rest, ok := strings.CutPrefix(s, Authority)
	return ok && (rest == "" || strings.HasPrefix(rest, " - ") && isToken(s, 240))
}

// isToken reports whether s is an xsd:token of 1 to limit characters.
func isToken(s string, limit int) bool {
	return s != "" && utf8.RuneCountInString(s) <= limit && s == collapse(s) && isClean(s)
}

// isClean reports whether XML has a place for every character of s.
func isClean(s string) bool {
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return utf8.ValidString(s)
}

// collapse is the white space rule of xsd:token.
func collapse(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\r' || r == '\n'
	}), " ")
}
