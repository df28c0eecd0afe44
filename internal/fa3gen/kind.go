package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// kind is how a value is held in Go, written and read.
type kind int

const (
	kindStruct   kind = iota
	kindConst         // one legal value and no choice: the encoder writes it, there is no field
	kindText          // string, white space kept
	kindReplaced      // string, TAB, LF and CR turned into spaces
	kindToken         // string, white space collapsed
	kindCell          // string that may be empty
	kindCode          // enumeration of strings
	kindIntCode       // enumeration of integers
	kindFlag          // 1 or absent
	kindYesNo         // 1 or 2
	kindDecimal
	kindNatural
	kindInteger
	kindDate
	kindDateTime
)

// kindOf decides how a step's element is held.
func (g *generator) kindOf(st facts.Step) kind {
	e := st.Element
	if _, ok := g.schema.Content(e); ok {
		return kindStruct
	}
	t := g.schema.Simple(e)
	values := facts.Enumeration(t)
	if len(values) == 1 && e.Min == 1 && !st.Conditional {
		return kindConst
	}
	switch t.Base {
	case "byte", "integer":
		return integerKind(values)
	case "nonNegativeInteger":
		return kindNatural
	case "decimal":
		return kindDecimal
	case "date":
		return kindDate
	case "dateTime":
		return kindDateTime
	}
	return stringKind(t, values)
}

func integerKind(values []string) kind {
	switch {
	case values == nil:
		return kindInteger
	case slices.Equal(values, []string{"1"}):
		return kindFlag
	case slices.Equal(values, []string{"1", "2"}):
		return kindYesNo
	}
	return kindIntCode
}

func stringKind(t *facts.Type, values []string) kind {
	space := facts.First(t.Facets, "whiteSpace")
	if space == "" {
		space = facts.WhiteSpace(t.Base)
	}
	switch {
	case values != nil && space == "collapse":
		return kindCode
	case space == "replace":
		return kindReplaced
	case space == "preserve":
		return kindText
	case facts.First(t.Facets, "minLength") == "0":
		return kindCell
	}
	return kindToken
}

// goType is the Go type of one value of a step.
func (g *generator) goType(st facts.Step, k kind) string {
	switch k {
	case kindFlag:
		return "Flag"
	case kindYesNo:
		return "YesNo"
	case kindDecimal:
		return "Decimal"
	case kindNatural:
		return "int64"
	case kindInteger:
		return "Integer"
	case kindDate:
		return "pl.Date"
	case kindDateTime:
		return "DateTime"
	}
	if t := g.schema.Type(st.Element.Type); t != nil && t.Values != nil {
		if t.As != "" {
			return t.As
		}
		return t.Name
	}
	return "string"
}

// limits says in a few words what the schema demands of a value.
func (g *generator) limits(e *facts.Element) string {
	t := g.schema.Simple(e)
	var words []string
	lo, hi := facts.First(t.Facets, "minLength"), facts.First(t.Facets, "maxLength")
	if hi != "" && facts.Enumeration(t) == nil {
		words = append(words, fmt.Sprintf("%s to %s characters", lo, hi))
	}
	if n := facts.First(t.Facets, "fractionDigits"); n != "" {
		words = append(words, fmt.Sprintf("at most %s decimal places", n))
	}
	if v := facts.First(t.Facets, "minInclusive"); v != "" {
		words = append(words, fmt.Sprintf("%s to %s", v, facts.First(t.Facets, "maxInclusive")))
	}
	return strings.Join(words, ", ")
}
