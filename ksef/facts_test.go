package ksef

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The committed table of facts about the contract: testdata/contract. It is
// what the types and calls of this package are held to; where the original
// contract is at hand, the table itself is held to that (openapi_test.go).

// operationFact is a line of operations.txt.
type operationFact struct {
	op, success, token string
	permissions        []string
	group, class       string
}

// property is a line of properties.txt.
type property struct {
	op   string
	path string // ">" before properties of the request, "<" of the answer, "?" of the query
	kind string // string, time, date, bytes, integer, number, boolean, object, array, map
	need bool   // required
	rule string // length, items, value, form, one of
}

func (p property) String() string {
	need := "optional"
	if p.need {
		need = "required"
	}
	return strings.TrimSuffix(strings.Join([]string{p.op, p.path, p.kind, need, p.rule}, " | "), " | ")
}

func (p property) key() string { return p.op + " " + p.path }

// parent is the path of what the property is in.
func (p property) parent() string {
	i := strings.LastIndexAny(p.path, ".[")
	if i < 0 {
		return ""
	}
	return p.path[:i]
}

const (
	operationsFile = "testdata/contract/operations.txt"
	propertiesFile = "testdata/contract/properties.txt"
)

func tableLines(t testing.TB, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, strings.Split(line, " | "))
		}
	}
	return lines
}

func operationFacts(t testing.TB) []operationFact {
	t.Helper()
	var facts []operationFact
	for _, f := range tableLines(t, operationsFile) {
		if len(f) != 7 {
			t.Fatalf("%s: %q", operationsFile, f)
		}
		fact := operationFact{op: f[0], success: f[1], token: f[2], group: f[4], class: f[5]}
		if f[3] != "-" {
			fact.permissions = strings.Fields(f[3])
		}
		facts = append(facts, fact)
	}
	return facts
}

func propertyFacts(t testing.TB) []property {
	t.Helper()
	var facts []property
	for _, f := range tableLines(t, propertiesFile) {
		if len(f) < 4 {
			t.Fatalf("%s: %q", propertiesFile, f)
		}
		p := property{op: f[0], path: f[1], kind: f[2], need: f[3] == "required"}
		if len(f) > 4 {
			p.rule = f[4]
		}
		facts = append(facts, p)
	}
	return facts
}

// of are the properties of one operation that begin with a mark.
func of(facts []property, op, mark string) []property {
	var out []property
	for _, p := range facts {
		if p.op == op && strings.HasPrefix(p.path, mark) {
			out = append(out, p)
		}
	}
	return out
}

// values are those of a "one of" rule.
func (p property) values() []string {
	rest, ok := strings.CutPrefix(p.rule, "one of ")
	if !ok {
		return nil
	}
	return strings.Fields(rest)
}

// limits reads a rule such as "length 5..256"; ok is false for other rules.
func (p property) limits(name string) (least, most int64, ok bool) {
	for part := range strings.SplitSeq(p.rule, ", ") {
		rest, found := strings.CutPrefix(part, name+" ")
		if !found {
			continue
		}
		least, most = -1, -1
		from, to, _ := strings.Cut(rest, "..")
		_, _ = fmt.Sscan(from, &least)
		_, _ = fmt.Sscan(to, &most)
		return least, most, true
	}
	return 0, 0, false
}

func sortProperties(list []property) {
	slices.SortStableFunc(list, func(a, b property) int {
		if a.op != b.op {
			_, pa, _ := strings.Cut(a.op, " ")
			_, pb, _ := strings.Cut(b.op, " ")
			return strings.Compare(pa+a.op, pb+b.op)
		}
		return strings.Compare(a.path, b.path)
	})
}
