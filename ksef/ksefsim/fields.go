package ksefsim

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/pl"
)

// one reads a property that holds one of the listed words, in any case.
func (k *checker) one(name, value string, allowed ...string) string {
	if !k.require(name, value != "") {
		return ""
	}
	return k.maybeOne(name, value, allowed...)
}

// maybeOne is one for a property that may be absent.
func (k *checker) maybeOne(name, value string, allowed ...string) string {
	if value == "" {
		return ""
	}
	found, known := canonical(value, allowed...)
	k.check(known, "The value '%s' is not valid for '%s'.", clip(value), name)
	return found
}

// set reads a property that holds a list of different words.
func (k *checker) set(name string, values []string, allowed ...string) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		word := k.one(name, v, allowed...)
		k.check(!slices.Contains(out, word), "'%s' must not contain the value '%s' more than once.", name, word)
		out = append(out, word)
	}
	return out
}

// length faults a text that is shorter or longer than allowed, in characters.
func (k *checker) length(name, value string, low, high int) {
	n := utf8.RuneCountInString(value)
	if low > 0 && !k.require(name, n > 0) {
		return
	}
	k.check(low <= n && n <= high, "'%s' must be between %d and %d characters. You entered %d characters.", name, low, high, n)
}

// description reads the text that most grants and tokens need.
func (k *checker) description(value string) { k.length("description", value, 5, 256) }

// Types of identifiers that name no single party.
const (
	typeAllPartners = "AllPartners"
	typeSystem      = "System"
)

// party reads an identifier that has to be there and of one of the listed types.
func (k *checker) party(name string, id *identifier, types ...string) identifier {
	if !k.require(name, id != nil) {
		return identifier{}
	}
	kind := k.one(name+".type", id.Type, types...)
	if kind == "" {
		return identifier{}
	}
	out := identifier{kind, id.Value}
	if kind == typeAllPartners || kind == typeSystem {
		out.Value = ""
		return out
	}
	k.check(out.wellFormed(), "'%s.value' is not in the correct format.", name)
	return out
}

// maybeParty is party for an identifier that may be absent.
func (k *checker) maybeParty(name string, id *identifier, types ...string) *identifier {
	if id == nil {
		return nil
	}
	out := k.party(name, id, types...)
	return &out
}

// wellFormed reports whether the value of an identifier fits its type. Check
// digits are not judged: the test environment does not.
func (id identifier) wellFormed() bool {
	switch id.Type {
	case typePESEL:
		return isPESEL(id.Value)
	case typeFingerprint:
		return isFingerprint(id.Value)
	}
	_, valid := contextOf(id.Type, id.Value)
	return valid
}

// isPESEL is eleven digits with a month, its century added, from 1 to 92.
func isPESEL(s string) bool {
	if len(s) != 11 || !isDigits(s) {
		return false
	}
	month, _ := strconv.Atoi(s[2:4]) // two digits
	return month%20 >= 1 && month%20 <= 12
}

// isFingerprint is a SHA-256 in upper-case hexadecimal digits.
func isFingerprint(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64 && strings.ToUpper(s) == s
}

// instant reads a date-time of a body. Without an offset it is Polish time.
func (k *checker) instant(name, text string) time.Time {
	return k.instantParam(url.Values{name: {text}}, name)
}

// date reads a date of a body.
func (k *checker) date(name, text string) pl.Date {
	if text == "" {
		return pl.Date{}
	}
	d, err := pl.ParseDate(text)
	k.check(err == nil, "The value '%s' is not valid for '%s'.", clip(text), name)
	return d
}

// sheet is one page of a list that is asked for by its number.
type sheet struct{ offset, size int }

// sheet reads pageOffset and pageSize.
func (k *checker) sheet(q url.Values, low, high int) sheet {
	s := sheet{size: k.pageSize(q, low, high)}
	if text := q.Get("pageOffset"); text != "" {
		n, err := strconv.Atoi(text)
		k.check(err == nil && n >= 0, "'pageOffset' must be greater than or equal to '0'.")
		s.offset = max(n, 0)
	}
	return s
}

// maxSheet keeps the product of number and size of a page a small number.
const maxSheet = 1 << 24

// cut returns the elements on a page and whether there are more behind it.
func cut[T any](list []T, s sheet) ([]T, bool) {
	from := min(min(s.offset, maxSheet)*s.size, len(list))
	to := min(from+s.size, len(list))
	return append([]T{}, list[from:to]...), to < len(list) // a list even when empty
}

// sheetOf reads the page that a request asks for, of 10 to most elements.
func (c *call) sheetOf(most int) (sheet, error) {
	var k checker
	s := k.sheet(c.request.URL.Query(), 10, most)
	return s, k.err()
}
