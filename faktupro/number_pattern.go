package faktupro

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/pl"
)

// NumberPattern is the pattern of an invoice series, such as
// "FV/{n}/{mm}/{yyyy}". {n} is the running number, {n:4} the same with leading
// zeros; {yyyy}, {yy}, {mm} and {dd} are year, month and day of the issue date.
//
// The running number starts again when the date in the pattern changes: every
// month with {mm}, every year with a year alone, never without a date.
type NumberPattern string

// maxNumberLength is the length of P_2 in FA(3).
const maxNumberLength = 256

// runningDigits is the greatest number of digits a running number is expected
// to reach.
const runningDigits = 10

// ErrNumbering means that a running number or a date cannot be put into a
// pattern: the number is below 1 or the date is not in the calendar.
var ErrNumbering = errors.New("faktupro: a running number starts at 1 and needs a date of the calendar")

// Validate says what is wrong with the pattern: the error is a
// *ValidationError.
func (p NumberPattern) Validate() error {
	parsed := p.parse()
	return parsed.problems.sorted().Err()
}

// Format is the number of the n-th invoice of its period, issued on the day.
// The error is a *ValidationError for a bad pattern, or ErrNumbering.
func (p NumberPattern) Format(n int64, day pl.Date) (string, error) {
	parsed := p.parse()
	if err := parsed.problems.sorted().Err(); err != nil {
		return "", err
	}
	if n < 1 || !day.Valid() {
		return "", ErrNumbering
	}
	var b strings.Builder
	for _, t := range parsed.tokens {
		b.WriteString(t.format(n, day))
	}
	return b.String(), nil
}

// Period names the period whose invoices are numbered together with that of the
// day: "2026-02-01", "2026-02", "2026", or "" when the numbers never start
// again.
func (p NumberPattern) Period(day pl.Date) string {
	parsed := p.parse()
	s := day.String()
	switch {
	case parsed.has["dd"]:
		return s
	case parsed.has["mm"]:
		return s[:min(len(s), len("2006-01"))]
	case parsed.has["yyyy"] || parsed.has["yy"]:
		return s[:min(len(s), len("2006"))]
	}
	return ""
}

// patternToken is literal text, or a placeholder by its name.
type patternToken struct {
	literal string
	name    string
	width   int // least digits of the running number
}

func (t patternToken) format(n int64, day pl.Date) string {
	switch t.name {
	case "n":
		return pad(strconv.FormatInt(n, 10), t.width)
	case "yyyy":
		return pad(strconv.Itoa(day.Year), 4)
	case "yy":
		return pad(strconv.Itoa(day.Year%100), 2)
	case "mm":
		return pad(strconv.Itoa(int(day.Month)), 2)
	case "dd":
		return pad(strconv.Itoa(day.Day), 2)
	}
	return t.literal
}

func pad(digits string, width int) string {
	return strings.Repeat("0", max(0, width-len(digits))) + digits
}

// parsedPattern is a pattern taken apart.
type parsedPattern struct {
	report
	tokens []patternToken
	has    map[string]bool
}

func (p NumberPattern) parse() *parsedPattern {
	parsed := &parsedPattern{has: map[string]bool{}}
	rest := string(p)
	for rest != "" {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			parsed.literal(rest)
			break
		}
		parsed.literal(rest[:open])
		end := strings.IndexByte(rest, '}')
		if rest[open] == '}' || end < 0 {
			parsed.add(codePatternSyntax)
			break
		}
		parsed.placeholder(rest[open+1 : end])
		rest = rest[end+1:]
	}
	parsed.judge()
	return parsed
}

func (p *parsedPattern) literal(s string) {
	if s != "" {
		p.tokens = append(p.tokens, patternToken{literal: s})
	}
}

func (p *parsedPattern) placeholder(s string) {
	name, width, padded := strings.Cut(s, ":")
	t := patternToken{name: name}
	if padded {
		digits := len(width) == 1 && '1' <= width[0] && width[0] <= '9'
		if name != "n" || !digits {
			p.add(codePatternSyntax)
			return
		}
		t.width = int(width[0] - '0')
	}
	switch name {
	case "n", "yyyy", "yy", "mm", "dd":
	default:
		p.add(codePatternSyntax)
		return
	}
	if p.has[name] && name == "n" {
		p.add(codePatternNumber)
	}
	p.has[name] = true
	p.tokens = append(p.tokens, t)
}

// judge looks at the pattern as a whole.
func (p *parsedPattern) judge() {
	if !p.has["n"] {
		p.add(codePatternNumber)
	}
	year := p.has["yyyy"] || p.has["yy"]
	if p.has["mm"] && !year || p.has["dd"] && !p.has["mm"] {
		p.add(codePatternDate)
	}
	if len(p.problems) > 0 {
		return
	}
	longest := p.longest()
	if _, clean := measure(longest, false); !clean || oddSpaces(longest) {
		p.add(codePatternText)
	}
	if utf8.RuneCountInString(longest) > maxNumberLength {
		p.add(codePatternText)
	}
}

// longest is a number as long as the pattern can make it.
func (p *parsedPattern) longest() string {
	var b strings.Builder
	for _, t := range p.tokens {
		t.width = max(t.width, runningDigits)
		b.WriteString(t.format(1, pl.NewDate(2026, 1, 1)))
	}
	return b.String()
}
