package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/google/go-cmp/cmp"
)

// resolved is an element or group of the machine-readable model that stands
// beside the official schema, made independently of our reader.
type resolved struct {
	K        string
	Name     string
	Min, Max int
	Items    []*resolved
	Content  *resolved
	Fixed    string
	Simple   *resolvedType
	Attrs    []*resolved
}

type resolvedType struct {
	Base    string
	Members []resolvedType
	Facets  struct {
		Enum                                                     []string
		Patterns                                                 [][]string
		MinLength, MaxLength, TotalDigits, FractionDigits        string
		MinInclusive, MaxInclusive, MinExclusive, WhiteSpaceName string
	}
}

// TestFactsMatchTheModel compares the committed table element by element with
// that model: order, cardinality, choices, types and facets.
func TestFactsMatchTheModel(t *testing.T) {
	t.Parallel()
	var model struct {
		Namespace string
		Root      *resolved
	}
	if err := json.Unmarshal(refdata.File(t, "fa3-model.json"), &model); err != nil {
		t.Fatal(err)
	}
	s := parsed(t)
	var want, got []string
	theirFacts(&want, "", model.Root)
	ourFacts(s, &got, "", s.Root)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if model.Namespace != s.Namespace || len(got) < 400 {
		t.Errorf("namespace %s, %d facts", s.Namespace, len(got))
	}
}

// fact describes an element in one line.
func fact(path string, lo, hi int, branch, fixed, typ string) string {
	return path + " " + facts.Cardinality(lo, hi) + " " + branch + " " + fixed + " " + typ
}

func theirFacts(list *[]string, path string, e *resolved, branch ...string) {
	path += "/" + e.Name
	*list = append(*list, fact(path, e.Min, e.Max, strings.Join(branch, ""), e.Fixed, theirType(e.Simple)))
	for _, a := range e.Attrs {
		*list = append(*list, path+"/@"+a.Name+" "+a.Fixed+" "+theirType(a.Simple))
	}
	var walk func(items []*resolved, branch string)
	walk = func(items []*resolved, branch string) {
		for _, it := range items {
			if it.K == "el" {
				theirFacts(list, path, it, branch)
				continue
			}
			walk(it.Items, branch+mark(it.K == "choice", it.Min))
		}
	}
	if e.Content != nil {
		walk([]*resolved{e.Content}, "")
	}
}

func ourFacts(s *facts.Schema, list *[]string, path string, e *facts.Element, branch ...string) {
	path += "/" + e.Name
	items, _ := s.Content(e)
	typ := ""
	if items == nil {
		typ = ourType(s.Simple(e))
	}
	*list = append(*list, fact(path, e.Min, e.Max, strings.Join(branch, ""), e.Fixed, typ))
	for _, a := range e.Attrs {
		*list = append(*list, path+"/@"+a.Name+" "+a.Fixed+" "+ourType(s.Simple(a)))
	}
	var walk func(items []facts.Item, branch string)
	walk = func(items []facts.Item, branch string) {
		for _, it := range items {
			if it.Element != nil {
				ourFacts(s, list, path, it.Element, branch)
				continue
			}
			g := it.Group
			walk(g.Items, branch+mark(g.Choice, g.Min))
		}
	}
	walk(items, "")
}

// mark stands for a group in the description of what is inside it. Sequences
// that must occur once say nothing that a choice around them does not.
func mark(choice bool, lo int) string {
	switch {
	case choice:
		return "|" + strconv.Itoa(lo)
	case lo == 0:
		return "?"
	}
	return ""
}

func theirType(t *resolvedType) string {
	if t == nil {
		return ""
	}
	f := t.Facets
	patterns := slices.Concat(f.Patterns...)
	base := t.Base
	for _, m := range t.Members {
		base = m.Base
		patterns = append(patterns, slices.Concat(m.Facets.Patterns...)...)
	}
	return describe(base, f.Enum, patterns, f.MinLength, f.MaxLength, f.TotalDigits, f.FractionDigits, f.MinInclusive, f.MaxInclusive, f.MinExclusive)
}

func ourType(t *facts.Type) string {
	f := t.Facets
	var values []string
	if len(t.Values) > 0 || facts.First(f, "enum") != "" {
		values = facts.Enumeration(t)
	}
	return describe(t.Base, values, facts.All(f, "pattern"), facts.First(f, "minLength"), facts.First(f, "maxLength"), facts.First(f, "totalDigits"),
		facts.First(f, "fractionDigits"), facts.First(f, "minInclusive"), facts.First(f, "maxInclusive"), facts.First(f, "minExclusive"))
}

func describe(base string, enum, patterns []string, facets ...string) string {
	return base + " {" + strings.Join(enum, ",") + "} " + strings.Join(patterns, " OR ") + " " + strings.Join(facets, ",")
}
