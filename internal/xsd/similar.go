package xsd

import (
	"slices"
	"strings"
)

// maxNameLength bounds the names that are compared letter by letter.
const maxNameLength = 64

// similar finds the one child whose name is like a name, "" if there is none or
// the choice is open.
func (c *content) similar(name string) string {
	best, distance := "", allowedSlips(name)+1
	for i := range c.steps {
		el := c.steps[i].el
		if el == nil || el.Name == best {
			continue
		}
		if strings.EqualFold(el.Name, name) {
			return el.Name
		}
		switch d := Distance(el.Name, name); {
		case d < distance:
			best, distance = el.Name, d
		case d == distance:
			best = ""
		}
	}
	return best
}

// allowedSlips is how many letters of a name may be wrong.
func allowedSlips(name string) int {
	switch n := len(name); {
	case n <= 3, n > maxNameLength:
		return 0
	case n <= 6:
		return 1
	}
	return 2
}

// isSlip reports whether name is certainly meant for want: different case, or
// one letter of a long name.
func isSlip(name, want string) bool {
	return strings.EqualFold(name, want) || len(want) >= 6 && !strings.ContainsAny(want, "0123456789") && Distance(name, want) <= 2
}

// Distance is the number of letters to insert, delete or replace to make b of a
// (Levenshtein). Long strings are as distant as they are long.
func Distance(a, b string) int {
	if len(a) > maxNameLength || len(b) > maxNameLength {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return slices.Min(row[len(b):])
}
