package validate

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/internal/xsd"
)

// value explains a violation about the value of an element or attribute.
func (j *judge) value(x *xsd.Violation, p *Problem) text {
	e := j.named(x.Decl)
	e.pl = "Element " + e.pl
	if x.Attr != "" {
		e = text{"The attribute " + x.Attr + " of " + x.Decl.Name, "Atrybut " + x.Attr + " elementu " + x.Decl.Name}
	}
	p.Expected = legal(x)
	p.Nearest = nearest(x)
	said := text{}
	if v := shownValue(x); v != "" {
		said = text{" has the value \"" + v + "\", but", " ma wartość „" + v + "”, ale"}
	}
	t := demand(x)
	out := text{e.en + said.en + " " + t.en + ".", e.pl + said.pl + " " + t.pl + "."}
	if p.Nearest != "" && x.Kind != xsd.Fixed {
		out.en += " Probably " + p.Nearest + " is meant."
		out.pl += " Chodzi pewnie o " + p.Nearest + "."
	}
	return out
}

// legal lists the values that are allowed, if they can be listed.
func legal(x *xsd.Violation) []string {
	if x.Fixed != "" {
		return []string{x.Fixed}
	}
	var values []string
	for _, v := range x.Type.Values {
		values = append(values, v.Value)
	}
	return values
}

// demand says what a value must be.
func demand(x *xsd.Violation) text {
	switch {
	case x.Kind == xsd.Duplicate:
		return text{"must differ from all others, and this value occurs twice", "musi się różnić od wszystkich innych, a ta wartość występuje dwa razy"}
	case x.Fixed != "":
		return text{"must be exactly \"" + x.Fixed + "\"", "musi mieć dokładnie wartość „" + x.Fixed + "”"}
	case x.Kind == xsd.Empty:
		return empty(x)
	case x.Kind == xsd.Length:
		return length(x)
	case x.Kind == xsd.Range:
		return span(x)
	case len(x.Type.Values) > 0:
		return oneOf(x)
	}
	if s, ok := shape(x); ok {
		return s
	}
	return plainDemand(x)
}

func empty(x *xsd.Violation) text {
	if x.Attr == "" && x.Decl.Min == 0 {
		return text{"is empty: give a value, or leave the element out", "jest pusty: podaj wartość albo pomiń cały element"}
	}
	return text{"is empty: give a value", "jest pusty: podaj wartość"}
}

func length(x *xsd.Violation) text {
	n, t := utf8.RuneCountInString(x.Value), x.Type
	switch {
	case t.MinLength == t.MaxLength:
		return text{fmt.Sprintf("must have exactly %d characters; it has %d", t.MinLength, n), fmt.Sprintf("musi mieć dokładnie %d znaków; ma %d", t.MinLength, n)}
	case n < t.MinLength:
		return text{fmt.Sprintf("must have at least %d characters; it has %d", t.MinLength, n), fmt.Sprintf("musi mieć co najmniej %d znaków; ma %d", t.MinLength, n)}
	}
	return text{fmt.Sprintf("may have at most %d characters; it has %d", t.MaxLength, n), fmt.Sprintf("może mieć najwyżej %d znaków; ma %d", t.MaxLength, n)}
}

// span explains bounds. Instants are shown as they are compared, in UTC.
func span(x *xsd.Violation) text {
	t := x.Type
	zone := text{}
	if _, clock := t.Date(); clock && !strings.ContainsAny(x.Value, "Z+") {
		zone = text{"; write the time zone, for example Z at the end", "; podaj strefę czasową, na przykład Z na końcu"}
	}
	switch {
	case t.Most == "":
		return text{"must not be less than " + t.Least + zone.en, "nie może mieć wartości mniejszej niż " + t.Least + zone.pl}
	case t.Least == "":
		return text{"must not be more than " + t.Most + zone.en, "nie może mieć wartości większej niż " + t.Most + zone.pl}
	}
	return text{"must be between " + t.Least + " and " + t.Most + zone.en, "musi mieścić się między " + t.Least + " a " + t.Most + zone.pl}
}

// oneOf lists the values of an enumeration, or says what kind of code it is.
func oneOf(x *xsd.Violation) text {
	if len(x.Type.Values) > 2*maxListed {
		if t, ok := lists[x.Type.Name]; ok {
			return t
		}
		return text{"must be a code of the list", "musi być kodem z listy"}
	}
	if len(x.Type.Values) == 1 {
		return text{"must be " + x.Type.Values[0].Value, "musi mieć wartość " + x.Type.Values[0].Value}
	}
	var values []string
	for _, v := range x.Type.Values {
		values = append(values, v.Value)
	}
	last := len(values) - 1
	if last == 1 {
		return text{"must be " + values[0] + " or " + values[1], "musi mieć wartość " + values[0] + " lub " + values[1]}
	}
	all := strings.Join(values[:last], ", ")
	return text{"must be one of " + all + " or " + values[last], "musi mieć jedną z wartości: " + all + " lub " + values[last]}
}

var lists = map[string]text{
	"TKodWaluty":    {"must be a currency code of ISO 4217 in three capital letters, such as PLN or EUR", "musi być kodem waluty ISO 4217 z trzech wielkich liter, np. PLN lub EUR"},
	"TKodKraju":     {"must be a country code of two capital letters, such as PL or DE", "musi być kodem kraju z dwóch wielkich liter, np. PL lub DE"},
	"TKodyKrajowUE": {"must be the VAT prefix of an EU country, such as DE or EL", "musi być prefiksem VAT kraju Unii, np. DE lub EL"},
}

// plainDemand explains what the type of a value is.
func plainDemand(x *xsd.Violation) text {
	t := x.Type
	number, whole := t.Number()
	date, clock := t.Date()
	switch {
	case clock:
		return text{"must be a date and time such as 2026-02-01T10:30:00Z", "musi być datą i godziną, np. 2026-02-01T10:30:00Z"}
	case date:
		return text{"must be an existing date written as 2026-02-01, without time zone", "musi być istniejącą datą w zapisie 2026-02-01, bez strefy czasowej"}
	case whole && x.Kind == xsd.Digits:
		return text{fmt.Sprintf("may have at most %d digits", t.TotalDigits), fmt.Sprintf("może mieć najwyżej %d cyfr", t.TotalDigits)}
	case whole:
		return text{"must be a whole number", "musi być liczbą całkowitą"}
	case number:
		return decimals(t)
	}
	return text{"does not have the required form", "nie ma wymaganej postaci"}
}

func decimals(t *xsd.Type) text {
	if t.FractionDigits < 0 {
		return text{"must be a number such as 1234.50", "musi być liczbą, np. 1234.50"}
	}
	return text{
		fmt.Sprintf("must be a number with a point and at most %d decimal places, without spaces, such as 1234.50", t.FractionDigits),
		fmt.Sprintf("musi być liczbą z kropką i najwyżej %d miejscami po niej, bez odstępów, np. 1234.50", t.FractionDigits),
	}
}
