package xsd

import (
	stdregexp "regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// reference is a pattern for the standard library that means the same as ours:
// anchored, \d for the digits of all scripts.
func reference(pattern string) *stdregexp.Regexp {
	in, out := false, strings.Builder{}
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && pattern[i+1] == 'd':
			out.WriteString(map[bool]string{false: `[\p{Nd}]`, true: `\p{Nd}`}[in])
			i++
		case c == '\\' && pattern[i+1] == 's':
			out.WriteString(map[bool]string{false: `[ \t\n\r]`, true: ` \t\n\r`}[in])
			i++
		case c == '\\':
			out.WriteString(pattern[i : i+2])
			i++
		case c == '.' && !in:
			out.WriteString(`[^\n\r]`)
		case c == '^' && !in || c == '$':
			out.WriteString(`\` + string(c))
		default:
			in = c == '[' || in && c != ']'
			out.WriteByte(c)
		}
	}
	return stdregexp.MustCompile(`\A(?:` + out.String() + `)\z`)
}

var patterns = []string{
	"", "a", "a|b", "(a|b)*c", "a{3}", "a{2,4}", "a{2,}", "a?b+c*", "(ab?){1,3}", `\d+`, `[1-9]((\d[1-9])|([1-9]\d))\d{7}`, `-?([1-9]\d{0,3}|0)(\.\d{1,2})?`,
	"(.)+@(.)+", "[^a-c]x", `[\d\-.]+`, "[a-]", `\.\\\(\)\[\]\{\}\|\*\+\?\^\-`, `(\d|[A-Z]|\+|\*){1,12}`, `[^\s?#]*(#.*)?`, "()", "(|a)b", "((a*)*)*", "$^",
	`(20[2-9][0-9]|2[1-9][0-9]{2})(0[1-9]|1[0-2])-([0-9A-F]{2})`,
}

// TestPatterns compares the automaton with the standard library on texts made of
// the characters that patterns are about.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, p := range patterns {
		m, err := compilePatterns([]string{p})
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		want := reference(p)
		text := rapid.StringOf(rapid.RuneFrom([]rune("abcxAZ0123459.-+*@ \n\r\t#?^$\\|(){}[]٣ż𝟘")))
		rapid.Check(t, func(t *rapid.T) {
			s := text.Draw(t, "text")
			if rapid.Bool().Draw(t, "matching") {
				s = rapid.StringMatching(want.String()).Draw(t, "match")
			}
			if got := m.match([]byte(s)); got != want.MatchString(s) && utf8.ValidString(s) {
				t.Fatalf("%s on %q: %v", p, s, got)
			}
		})
	}
}

// TestAlternativePatterns: several pattern facets are alternatives.
func TestAlternativePatterns(t *testing.T) {
	t.Parallel()
	m, err := compilePatterns([]string{`\d{2}`, `\d{4}`})
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]bool{"12": true, "123": false, "1234": true, "": false, "12345": false} {
		if m.match([]byte(s)) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	t.Parallel()
	for _, p := range []string{
		"(", ")", "a)", "[", "[a", "a{", "a{x}", "a{2", "a{3,2}", "*", "a**", "?", "}", "]", `\`, `\p{L}`, `\w`, `[a-[b]]`, "[z-a]", `[a-\d]`, "ż", "[ż]", "a{99999}",
		"((a{1000}){1000}){1000}", "(a|b)*a(a|b){20}",
	} {
		if _, err := compilePatterns([]string{p}); err == nil {
			t.Errorf("%q compiled", p)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, p := range patterns {
		f.Add(p, "a1")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 40 || strings.Count(pattern, "{") > 2 || !utf8.ValidString(text) {
			return
		}
		m, err := compilePatterns([]string{pattern})
		if err != nil {
			return
		}
		if strings.ContainsAny(pattern, `\[`) {
			m.match([]byte(text)) // the notations differ in rare spellings
			return
		}
		if got, want := m.match([]byte(text)), reference(pattern).MatchString(text); got != want {
			t.Fatalf("%q on %q: %v, want %v", pattern, text, got, want)
		}
	})
}
