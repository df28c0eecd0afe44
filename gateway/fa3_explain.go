package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

// explain writes a judgement for people: each problem with its line of the
// document, what is wrong and what to do.
func (v *fa3Validate) explain(name string, doc []byte, report *validate.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s\n", printable(name), report.Kind, v.summary(report))
	lines := bytes.Split(doc, []byte("\n"))
	for _, p := range report.Problems {
		v.problem(&b, lines, p)
	}
	if report.Truncated {
		fmt.Fprintf(&b, "  … and more; --max lists more than %d\n", v.max)
	}
	if len(report.Problems) > 0 {
		b.WriteByte('\n')
	}
	_, err := v.out.Write([]byte(b.String()))
	return err
}

// summary says how a document fared in a few words.
func (v *fa3Validate) summary(report *validate.Report) string {
	count := map[validate.Severity]int{}
	for _, p := range report.Problems {
		count[p.Severity]++
	}
	said := "not valid"
	if report.Valid() {
		said = "valid"
	} else if !report.Judged && count[validate.Error] == 0 {
		said = "not judged"
	}
	for _, s := range []validate.Severity{validate.Error, validate.Warning, validate.Info} {
		if count[s] > 0 {
			said += fmt.Sprintf(", %d %s", count[s], plural(string(s), count[s]))
		}
	}
	return said
}

// plural is the word for n things.
func plural(word string, n int) string {
	if n == 1 || word == string(validate.Info) {
		return word
	}
	return word + "s"
}

func (v *fa3Validate) problem(b *strings.Builder, lines [][]byte, p validate.Problem) {
	fmt.Fprintf(b, "\n  %s", p.Severity)
	if p.Path != "" {
		fmt.Fprintf(b, " in %s", p.Path)
	}
	fmt.Fprintf(b, "  [%s]\n", p.Code)
	if p.Line > 0 && p.Line <= len(lines) {
		excerpt, at := excerptOf(lines[p.Line-1], p.Column)
		label := fmt.Sprintf("%d:%d", p.Line, p.Column)
		fmt.Fprintf(b, "    %s | %s\n    %*s | %*s^\n", label, excerpt, len(label), "", at, "")
	}
	for _, text := range v.messages(p) {
		fmt.Fprintf(b, "    %s\n", printable(text))
	}
	if p.Reference != "" {
		fmt.Fprintf(b, "    (%s)\n", p.Reference)
	}
}

// Widths of an excerpt: characters before and after the place of the problem.
const (
	excerptBefore = 30
	excerptAfter  = 70
)

// excerptOf is the part of a line around a column, in characters from 1, and
// where the column is in it. Whole documents may stand on one line. What does
// not print, or could steer a terminal, is shown as a dot.
func excerptOf(line []byte, column int) (excerpt string, at int) {
	skip := max(0, column-1-excerptBefore)
	for range skip {
		_, size := utf8.DecodeRune(line)
		line = line[size:]
	}
	var b strings.Builder
	if skip > 0 {
		b.WriteString("…")
	}
	at = min(column-1, excerptBefore) + utf8.RuneCountInString(b.String())
	n := 0
	for ; len(line) > 0 && n < excerptBefore+excerptAfter; n++ {
		r, size := utf8.DecodeRune(line)
		if !unicode.IsPrint(r) {
			r = '·'
		}
		b.WriteRune(r)
		line = line[size:]
	}
	if len(line) > 0 {
		b.WriteString("…")
	}
	return b.String(), max(0, at)
}
