package faktupro

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

func TestNumberPattern(t *testing.T) {
	t.Parallel()
	on := pl.NewDate(2026, 2, 7)
	tests := []struct {
		pattern NumberPattern
		n       int64
		number  string
		period  string
	}{
		{"FV/{n}/{mm}/{yyyy}", 1, "FV/1/02/2026", "2026-02"},
		{"FV/{n:4}/{yyyy}", 17, "FV/0017/2026", "2026"},
		{"{n:9}", 12345678901, "12345678901", ""},
		{"{yy}{mm}{dd}-{n:3}", 12, "260207-012", "2026-02-07"},
		{"Faktura nr {n} z {yyyy} r. (Żółta)", 5, "Faktura nr 5 z 2026 r. (Żółta)", "2026"},
		{"{n}/{yy}", 1000, "1000/26", "2026"},
	}
	for _, tt := range tests {
		if err := tt.pattern.Validate(); err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
		}
		number, err := tt.pattern.Format(tt.n, on)
		if number != tt.number || err != nil {
			t.Errorf("%s: number %q, %v, want %q", tt.pattern, number, err, tt.number)
		}
		if got := tt.pattern.Period(on); got != tt.period {
			t.Errorf("%s: period %q, want %q", tt.pattern, got, tt.period)
		}
	}
}

var badPatterns = []struct {
	pattern NumberPattern
	want    []string
}{
	{"", []string{codePatternNumber}},
	{"FV/{yyyy}", []string{codePatternNumber}},
	{"{n}/{n}", []string{codePatternNumber}},
	{"{n}/{mm}", []string{codePatternDate}},
	{"{n}/{dd}/{yyyy}", []string{codePatternDate}},
	{"{n}/{rok}", []string{codePatternSyntax}},
	{"{n", []string{codePatternNumber, codePatternSyntax}},
	{"}{n}", []string{codePatternNumber, codePatternSyntax}},
	{"{{n}}", []string{codePatternNumber, codePatternSyntax}},
	{"{n:0}", []string{codePatternNumber, codePatternSyntax}},
	{"{n:10}", []string{codePatternNumber, codePatternSyntax}},
	{"{n}{mm:2}{yyyy}", []string{codePatternSyntax}},
	{" {n}", []string{codePatternText}},
	{"FV  {n}", []string{codePatternText}},
	{"FV\u00a0{n}", []string{codePatternText}},
	{"FV\x01{n}", []string{codePatternText}},
	{"\xff{n}", []string{codePatternText}},
	{NumberPattern(strings.Repeat("ż", 247) + "{n}"), []string{codePatternText}},
}

func TestNumberPatternBad(t *testing.T) {
	t.Parallel()
	for _, tt := range badPatterns {
		err := tt.pattern.Validate()
		if diff := cmp.Diff(tt.want, places(problemsOf(t, err))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.pattern, diff)
		}
		if number, err := tt.pattern.Format(1, pl.NewDate(2026, 1, 1)); err == nil {
			t.Errorf("%q gives number %q", tt.pattern, number)
		}
	}
	if err := NumberPattern(strings.Repeat("ż", 246) + "{n}").Validate(); err != nil {
		t.Errorf("a pattern that just fits: %v", err)
	}
}

func TestNumberPatternBadInput(t *testing.T) {
	t.Parallel()
	const pattern = NumberPattern("FV/{n}/{yyyy}")
	for _, n := range []int64{0, -1} {
		if _, err := pattern.Format(n, pl.NewDate(2026, 1, 1)); !errors.Is(err, ErrNumbering) {
			t.Errorf("number %d: %v", n, err)
		}
	}
	if _, err := pattern.Format(1, pl.Date{}); !errors.Is(err, ErrNumbering) {
		t.Errorf("no date: %v", err)
	}
}

// FuzzNumberPattern: a pattern that passes gives numbers that Validate takes,
// and different running numbers give different ones.
func FuzzNumberPattern(f *testing.F) {
	f.Add("FV/{n}/{mm}/{yyyy}", int64(7))
	f.Add("{n:4}{yy}", int64(12345))
	f.Add("{n", int64(1))
	f.Fuzz(func(t *testing.T, s string, n int64) {
		pattern := NumberPattern(s)
		if pattern.Validate() != nil || n < 1 || n > 9_999_999_998 {
			return
		}
		inv := Invoice{}
		var err error
		if inv.Number, err = pattern.Format(n, pl.NewDate(2026, 12, 31)); err != nil {
			t.Fatal(err)
		}
		for _, p := range inv.Validate(ValidateOptions{}) {
			if p.Path == "/number" {
				t.Errorf("pattern %q gives a number with problem %v", s, p)
			}
		}
		next, err := pattern.Format(n+1, pl.NewDate(2026, 12, 31))
		if err != nil || next == inv.Number || utf8.RuneCountInString(next) > maxNumberLength {
			t.Errorf("pattern %q: %q after %q (%v)", s, next, inv.Number, err)
		}
	})
}

func ExampleNumberPattern() {
	series := NumberPattern("FV/{n:3}/{mm}/{yyyy}")
	issued := pl.NewDate(2026, 2, 16)
	number, err := series.Format(14, issued)
	if err != nil {
		panic(err)
	}
	fmt.Println(number)
	fmt.Println("numbered within", series.Period(issued))
	// Output:
	// FV/014/02/2026
	// numbered within 2026-02
}
