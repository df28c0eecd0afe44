package validate

import (
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
)

// TestRawNumber: blanks in the number are seen although the schema takes them
// out of its value.
func TestRawNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"FV/17/02/2026":              false,
		"FV/17 02":                   false,
		"S/1  /2026":                 true,
		" FV/17":                     true,
		"FV/17\n    ":                true,
		"FV/17&#9;2026":              true,
		"FV/17<!-- a  b -->/2026":    false,
		"<![CDATA[FV/17  ]]>/2026":   true,
		"FV/17\u00A02026":            true,
		"<!-- a -->FV/17<!-- b --> ": true,
	} {
		doc := []byte(edited("FV/17/02/2026", text))
		r := Document(doc, Config{})
		var found []Problem
		for _, p := range r.Problems {
			if p.Code == "number.spaces" {
				found = append(found, p)
			}
		}
		if len(found) > 1 || (len(found) == 1) != want || !r.Valid() {
			t.Errorf("%q: %+v", text, r.Problems)
		}
		if want && (found[0].Path != "/Faktura/Fa/P_2" || found[0].Line != 34 || found[0].Severity != Warning) {
			t.Errorf("%q: %+v", text, found[0])
		}
		off := Document(doc, Config{Rules: rules.Config{Disable: []string{"number.spaces"}}})
		if slices.ContainsFunc(off.Problems, func(p Problem) bool { return p.Code == "number.spaces" }) {
			t.Errorf("%q: found although switched off", text)
		}
	}
}

// TestNumberOfOthers: only the number of the invoice counts.
func TestNumberOfOthers(t *testing.T) {
	t.Parallel()
	if got := rawNumber([]byte(`<Faktura><x><P_2> a</P_2></x><Fa><x><P_2> b</P_2></x><P_2/></Fa></Faktura>`)); got != "" {
		t.Errorf("%q", got)
	}
	if got := rawNumber([]byte(`<Faktura><Fa><P_2> c `)); got != "" {
		t.Errorf("%q", got)
	}
}
