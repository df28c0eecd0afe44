package facts

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads what Format wrote.
func Parse(text []byte) (*Schema, error) {
	p := &parser{schema: new(Schema)}
	in := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; in.Scan(); n++ {
		if line := in.Text(); strings.TrimSpace(line) != "" && line[0] != '#' {
			if err := p.line(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if p.schema.Root == nil || p.schema.Namespace == "" {
		return nil, errors.New("no root or no namespace")
	}
	return p.schema, nil
}

var errShape = errors.New("cannot read this line")

// parser keeps, for each level of indentation, where items are added.
type parser struct {
	schema *Schema
	lists  []*[]Item // lists[i] takes items indented by i+1 levels
	last   *Element  // takes attributes
	root   []Item
}

func (p *parser) line(line string) error {
	words, meaning, err := split(line)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return errShape
	}
	depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
	if depth == 0 {
		return p.top(words, meaning)
	}
	if words[0] == "value" || words[0] == "codes" {
		return p.value(words, meaning)
	}
	return p.item(depth, words, meaning)
}

// split cuts a line into words and the meaning after a lone "|". Back quotes
// hold a word together.
func split(line string) (words []string, meaning string, err error) {
	rest := strings.TrimSpace(line)
	for rest != "" {
		if after, ok := strings.CutPrefix(rest, "| "); ok {
			return words, after, nil
		}
		end := strings.IndexByte(rest, ' ')
		if q := strings.IndexByte(rest, '`'); q >= 0 && (end < 0 || q < end) {
			n := strings.IndexByte(rest[q+1:], '`')
			if n < 0 {
				return nil, "", errShape
			}
			words = append(words, rest[:q]+rest[q+1:q+1+n])
			rest = strings.TrimLeft(rest[q+n+2:], " ")
			continue
		}
		if end < 0 {
			end = len(rest)
		}
		words = append(words, rest[:end])
		rest = strings.TrimLeft(rest[end:], " ")
	}
	return words, "", nil
}

func (p *parser) top(words []string, meaning string) error {
	s := p.schema
	switch {
	case words[0] == "namespace" && len(words) == 2:
		s.Namespace = words[1]
	case words[0] == sharedWord && len(words) == 2:
		s.Shared = words[1]
	case words[0] == "unique" && len(words) == 3:
		s.Unique = append(s.Unique, Unique{Element: words[1], Field: words[2]})
	case words[0] == "file" && len(words) > 2:
		s.Files = append(s.Files, File{Name: words[1], Structs: words[2:]})
	case words[0] == "type" && len(words) > 2:
		t := &Type{Name: words[1], Base: words[2], Gloss: meaning}
		rest := flag(words[3:], sharedWord, &t.Shared)
		if err := facetWords(rest, &t.Facets, map[string]*string{"as": &t.As, "of": &t.Of}); err != nil {
			return err
		}
		s.Types = append(s.Types, t)
	case words[0] == "struct" && len(words) == 2:
		t := &Struct{Name: words[1], Gloss: meaning}
		s.Structs = append(s.Structs, t)
		p.lists = []*[]Item{&t.Items}
	case words[0] == "root" && len(words) == 1:
		p.lists = []*[]Item{&p.root}
	default:
		return errShape
	}
	return nil
}

func (p *parser) value(words []string, meaning string) error {
	if len(p.schema.Types) == 0 {
		return errShape
	}
	t := p.schema.Types[len(p.schema.Types)-1]
	if words[0] == "codes" {
		for _, w := range words[1:] {
			t.Values = append(t.Values, Value{Value: w})
		}
		return nil
	}
	if len(words) != 3 {
		return errShape
	}
	t.Values = append(t.Values, Value{Value: words[1], Const: words[2], Gloss: meaning})
	return nil
}

func (p *parser) item(depth int, words []string, meaning string) error {
	if depth > len(p.lists) || len(words) < 2 {
		return errShape
	}
	p.lists = p.lists[:depth]
	lo, hi, err := parseCardinality(words[1])
	if err != nil {
		return err
	}
	list := p.lists[depth-1]
	if len(words) == 2 && (words[0] == "group" || words[0] == "choice") {
		g := &Group{Choice: words[0] == "choice", Min: lo, Max: hi}
		*list = append(*list, Item{Group: g})
		p.lists = append(p.lists, &g.Items)
		return nil
	}
	if len(words) < 3 {
		return errShape
	}
	e := &Element{Name: words[0], Min: lo, Max: hi, Type: words[2], Gloss: meaning}
	if e.Type == "struct" {
		e.Type = ""
	}
	rest := flag(words[3:], ownWord, &e.Own)
	if err := facetWords(rest, &e.Facets, map[string]*string{"fixed": &e.Fixed}); err != nil {
		return err
	}
	if name, ok := strings.CutPrefix(e.Name, "@"); ok {
		if p.last == nil {
			return errShape
		}
		e.Name = name
		p.last.Attrs = append(p.last.Attrs, e)
		return nil
	}
	*list = append(*list, Item{Element: e})
	p.last = e
	p.lists = append(p.lists, &e.Items)
	if list == &p.root {
		p.schema.Root = e
	}
	return nil
}

// Words that stand alone.
const (
	sharedWord = "shared"
	ownWord    = "own"
)

// flag takes a word off the front if it is there.
func flag(words []string, word string, set *bool) []string {
	if len(words) > 0 && words[0] == word {
		*set = true
		return words[1:]
	}
	return words
}

// facetWords reads name=value words into facets, or into the extras by name.
func facetWords(words []string, list *[]Facet, extra map[string]*string) error {
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		switch {
		case ok && extra[name] != nil:
			*extra[name] = value
		case ok && slices.Contains(facetOrder, name):
			*list = append(*list, Facet{name, value})
		default:
			return errShape
		}
	}
	return nil
}

func parseCardinality(s string) (lo, hi int, err error) {
	switch s {
	case "1":
		return 1, 1, nil
	case "?":
		return 0, 1, nil
	}
	low, high, ok := strings.Cut(s, "..")
	if !ok {
		return 0, 0, errShape
	}
	if lo, err = strconv.Atoi(low); err != nil {
		return 0, 0, errShape
	}
	if high == "*" {
		return lo, Unbounded, nil
	}
	if hi, err = strconv.Atoi(high); err != nil {
		return 0, 0, errShape
	}
	return lo, hi, nil
}
