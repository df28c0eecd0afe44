package faktupro

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a Problem forbids issuing the invoice.
type Severity string

const (
	// SeverityError forbids issuing the invoice.
	SeverityError Severity = "error"
	// SeverityWarning deserves a second look; the invoice may be issued.
	SeverityWarning Severity = "warning"
)

// Problem is one thing that is wrong with an invoice. It never holds the value
// that is wrong, so it can be logged.
type Problem struct {
	// Path is the JSON Pointer (RFC 6901) of the place; "" is the invoice.
	Path string `json:"path"`
	// Code is the stable name of the rule, as listed by Catalogue.
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// EN and PL say what is wrong and what to do, in English and in Polish.
	EN string `json:"en"`
	PL string `json:"pl"`
	// Line and Column, from 1, say where the place is in the JSON text; 0 when
	// the problem is not about a text. Column counts bytes.
	Line   int `json:"line,omitzero"`
	Column int `json:"column,omitzero"`
}

// String is the problem in English on one line.
func (p Problem) String() string {
	if p.Path == "" {
		return p.EN + " (" + p.Code + ")"
	}
	return p.Path + ": " + p.EN + " (" + p.Code + ")"
}

// Problems is a list of problems in the order of the document, each path and
// code once.
type Problems []Problem

// MaxProblems is the greatest number of errors, and of warnings, reported at
// once; a hostile document could hold millions.
const MaxProblems = 500

// Err is a *ValidationError when the list holds an error, nil when it holds
// warnings only or nothing.
func (ps Problems) Err() error {
	if len(ps.Errors()) == 0 {
		return nil
	}
	return &ValidationError{Problems: ps}
}

// Errors are the problems that forbid issuing the invoice.
func (ps Problems) Errors() Problems { return ps.filter(SeverityError) }

// Warnings are the problems that do not forbid issuing the invoice.
func (ps Problems) Warnings() Problems { return ps.filter(SeverityWarning) }

// Has reports whether the list holds a problem with the code.
func (ps Problems) Has(code string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Code == code })
}

func (ps Problems) filter(s Severity) Problems {
	var kept Problems
	for _, p := range ps {
		if p.Severity == s {
			kept = append(kept, p)
		}
	}
	return kept
}

// sorted orders the list as the document is ordered: as Schema lists the
// properties, array elements by number, what an invoice does not have last. It
// drops repeated pairs of path and code.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(comparePaths(a.Path, b.Path), cmp.Compare(a.Code, b.Code))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool {
		return a.Path == b.Path && a.Code == b.Code
	})
}

// comparePaths compares JSON Pointers by the places they lead to; what contains
// another place comes before it.
func comparePaths(a, b string) int {
	place := any(invoiceObject)
	for a != "" && b != "" {
		var x, y string
		x, a = cutSegment(a)
		y, b = cutSegment(b)
		first, below := childOf(place, x)
		if x != y {
			second, _ := childOf(place, y)
			return cmp.Or(cmp.Compare(first, second), compareSegments(x, y))
		}
		place = below
	}
	return cmp.Compare(len(a), len(b))
}

func cutSegment(path string) (segment, rest string) {
	path = path[1:]
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// compareSegments compares indexes as numbers and names as texts.
func compareSegments(a, b string) int {
	if isIndex(a) && isIndex(b) {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func isIndex(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// ValidationError says that an invoice cannot be accepted, with every problem
// found. Its text holds no values, so it can be logged.
type ValidationError struct {
	Problems Problems
}

// Error says what the first error is and what to do, and lists the next ones by
// path and code.
func (e *ValidationError) Error() string {
	const shown = 3
	var b strings.Builder
	errs := e.Problems.Errors()
	fmt.Fprintf(&b, "faktupro: invoice refused, %d error(s)", len(errs))
	for i, p := range errs {
		switch {
		case i == 0:
			fmt.Fprintf(&b, ": %s", p)
		case i < shown:
			fmt.Fprintf(&b, "%s %s (%s)", separator(i), cmp.Or(p.Path, "/"), p.Code)
		default:
			return b.String() + ", …"
		}
	}
	return b.String()
}

func separator(i int) string {
	if i == 1 {
		return ";"
	}
	return ","
}
