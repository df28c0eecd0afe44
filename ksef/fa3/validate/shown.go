package validate

import (
	"strings"
	"unicode"

	"github.com/faktupro/faktupro-go/internal/xsd"
)

// shownName returns the name of an element or attribute from a document if it is
// short and plain enough for a message.
func shownName(name string) string {
	if name == "" || len(name) > 64 || strings.IndexFunc(name, notPlain) >= 0 {
		return "(…)"
	}
	return name
}

// shownSpace returns a namespace from a document in the same way.
func shownSpace(uri string) string {
	if uri == "" || len(uri) > 100 || strings.IndexFunc(uri, notPlain) >= 0 {
		return "(…)"
	}
	return uri
}

func notPlain(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '"' }

// maxShown is how many characters of a value a message shows.
const maxShown = 32

// maxDigitsShown keeps numbers that may identify somebody out of messages.
const maxDigitsShown = 8

// shownValue returns a value for a message, or "" when it must not be
// shown: only codes, numbers and dates are, and no long rows of digits.
func shownValue(x *xsd.Violation) string {
	number, _ := x.Type.Number()
	date, _ := x.Type.Date()
	if !number && !date && len(x.Type.Values) == 0 || x.Value == "" {
		return ""
	}
	if mayIdentify(x.Value) {
		return ""
	}
	return excerpt(x.Value)
}

// mayIdentify reports whether a value has a row of digits as long as in the
// number of a person or an account.
func mayIdentify(value string) bool {
	digits := 0
	for _, r := range value {
		digits++
		if !unicode.IsDigit(r) {
			digits = 0
		}
		if digits > maxDigitsShown {
			return true
		}
	}
	return false
}

// excerpt shortens a value and replaces characters that cannot be seen.
func excerpt(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxShown {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}
