package rules

import (
	"strings"
	"testing"
	"unicode"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// TestMessagesQuoteNoStrayText: whatever stands where a code belongs, messages
// stay short, print, and do not repeat names.
func TestMessagesQuoteNoStrayText(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{
		"a name": "Jan Kowalski", "escape codes": "\u009b31mRED\u202e", "a long text": strings.Repeat("x", 900_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := vat()
			f.Fa.KodWaluty = fa3.TKodWaluty(code)
			for _, finding := range Check(f, Config{}) {
				for _, text := range []string{finding.EN, finding.PL} {
					if len(text) > 1000 || strings.Contains(text, "Kowalski") || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
						t.Errorf("%s: %.200q", finding.Rule, text)
					}
				}
			}
		})
	}
	if got := fill("{a}", []string{"a", "1\x1b[2J" + strings.Repeat("9", 100)}); got != "1·[2J"+strings.Repeat("9", longestFact-5)+"…" {
		t.Errorf("filled with %q", got)
	}
}
