package validate

import (
	"strings"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/internal/xsd"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// nearest returns the legal value that is probably meant, "" when there is none
// or when the value is one that must not be repeated.
func nearest(x *xsd.Violation) string {
	if x.Fixed != "" {
		return x.Fixed
	}
	number, _ := x.Type.Number()
	date, clock := x.Type.Date()
	var guesses []string
	switch {
	case x.Kind == xsd.Empty, mayIdentify(x.Value):
		return ""
	case len(x.Type.Values) > 0:
		return nearestValue(x.Type, x.Value)
	case number:
		guesses = numberGuesses(x.Type, x.Value)
	case clock:
		guesses = instantGuesses(x.Value)
	case date:
		guesses = dateGuesses(x.Value)
	}
	for _, g := range guesses {
		if g != x.Value && x.Type.Check([]byte(g), new([]byte)) == xsd.Valid {
			return g
		}
	}
	return ""
}

// aliases are other spellings of values, by type. Several values are shown
// together.
var aliases = map[string]map[string]string{
	"TStawkaPodatku": {
		"0": "0 KR / 0 WDT / 0 EX", "0%": "0 KR / 0 WDT / 0 EX", "0kr": "0 KR", "0wdt": "0 WDT", "0ex": "0 EX", "wdt": "0 WDT", "exp": "0 EX", "eks": "0 EX", "eksport": "0 EX",
		"np": "np I / np II", "np.": "np I / np II", "npi": "np I", "npii": "np II", "zwolniony": "zw", "zwol": "zw", "zwolnienie": "zw", "odwrotne obciążenie": "oo",
	},
	"TKodKraju":     {"uk": "GB", "el": "GR", "pol": "PL", "polska": "PL", "poland": "PL", "deu": "DE", "niemcy": "DE", "germany": "DE"},
	"TKodyKrajowUE": {"gr": "EL", "pol": "PL", "polska": "PL", "uk": "XI", "gb": "XI", "deu": "DE"},
	"TKodWaluty":    {"zł": "PLN", "zl": "PLN", "zloty": "PLN", "złoty": "PLN", "euro": "EUR", "€": "EUR", "$": "USD", "£": "GBP"},
	"TRodzajFaktury": {
		"korekta": "KOR", "fvat": "VAT", "fv": "VAT", "faktura": "VAT", "zaliczka": "ZAL", "zaliczkowa": "ZAL", "kor zal": "KOR_ZAL", "kor roz": "KOR_ROZ",
		"korzal": "KOR_ZAL", "korroz": "KOR_ROZ", "rozliczeniowa": "ROZ", "uproszczona": "UPR",
	},
}

// yesNo are words for the marks 1 and 2.
var yesNo = map[string]string{
	"true": "1", "tak": "1", "yes": "1", "t": "1", "y": "1",
	"false": "2", "nie": "2", "no": "2", "n": "2", "0": "2",
}

// nearestValue finds the value of an enumeration that is meant.
func nearestValue(t *xsd.Type, said string) string {
	plain := strings.ToLower(strings.Join(strings.Fields(said), " "))
	if v := aliases[t.Name][plain]; v != "" {
		if strings.Contains(v, "/") || isListed(t, v) {
			return v
		}
		return ""
	}
	bare := strings.TrimRight(plain, ".%, ")
	for _, v := range t.Values {
		if strings.EqualFold(v.Value, plain) || strings.EqualFold(v.Value, bare) {
			return v.Value
		}
	}
	if number, _ := t.Number(); number {
		if v := yesNo[plain]; v != "" && len(t.Values) <= 2 && isListed(t, v) {
			return v
		}
		return byMeaning(t, plain)
	}
	for _, g := range numberGuesses(t, said) { // a rate such as 23.00
		if g = strings.TrimSuffix(g, ".00"); isListed(t, g) {
			return g
		}
	}
	return bySpelling(t, plain)
}

func isListed(t *xsd.Type, value string) bool {
	for _, v := range t.Values {
		if v.Value == value {
			return true
		}
	}
	return false
}

// byMeaning finds the only value whose explanation contains a word.
func byMeaning(t *xsd.Type, word string) string {
	found := ""
	for _, v := range t.Values {
		if len(word) > 3 && strings.Contains(strings.ToLower(v.Gloss), word) {
			if found != "" {
				return ""
			}
			found = v.Value
		}
	}
	return found
}

// bySpelling finds the only value that differs in one letter.
func bySpelling(t *xsd.Type, said string) string {
	found := ""
	for _, v := range t.Values {
		if len(v.Value) >= 4 && xsd.Distance(strings.ToLower(v.Value), strings.ReplaceAll(said, " ", "_")) <= 1 {
			if found != "" {
				return ""
			}
			found = v.Value
		}
	}
	return found
}

// numberGuesses reads a number as people write it: with spaces between
// thousands, a comma, a currency or a percent sign, a plus sign, leading zeros,
// too many decimal places.
func numberGuesses(t *xsd.Type, said string) []string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == '-', r == '.', r == ',':
			return r
		case r == '−', r == '–':
			return '-'
		}
		return -1
	}, said)
	if ambiguous(s) {
		return nil
	}
	if i := strings.LastIndexAny(s, ".,"); i >= 0 {
		s = strings.NewReplacer(".", "", ",", "").Replace(s[:i]) + "." + s[i+1:]
	}
	v, err := fa3.Decimal(s).Value()
	if err != nil || letters(said) > 4 {
		return nil
	}
	if _, whole := t.Number(); whole {
		return []string{money.Trimmed(v, 0, 0)}
	}
	places := int32(max(t.FractionDigits, 2))
	return []string{money.Trimmed(v, 2, places), money.Trimmed(v, 0, places)}
}

// ambiguous reports whether nobody can tell the marks in a number apart: 1.234
// and 1,234 may be a thousand or a bit more than one, in 1.2.3 there is no
// thousand.
func ambiguous(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' || r == '-' })
	if len(parts) == 2 {
		return len(parts[0]) <= 3 && len(parts[1]) == 3
	}
	for i, p := range parts {
		if i > 0 && i < len(parts)-1 && len(p) != 3 {
			return true
		}
	}
	return false
}

// letters counts what is neither digit nor mark: a currency may stand behind an
// amount, a sentence may not.
func letters(s string) (n int) {
	for _, r := range s {
		if !strings.ContainsRune("0123456789 .,-+'", r) {
			n++
		}
	}
	return n
}
