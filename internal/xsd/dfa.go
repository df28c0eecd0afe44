package xsd

import (
	"fmt"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"
)

// matcher is a pattern as a deterministic automaton. State 0 refuses, state 1 is
// the start.
type matcher struct {
	class   [alphabet]uint8 // letters that no part of the pattern tells apart
	classes int
	next    []uint16 // state*classes + class
	accept  []bool
}

// maxStates bounds the memory of a pattern.
const maxStates = 1 << 14

// compilePatterns makes the automaton that accepts what one of the patterns
// accepts.
func compilePatterns(patterns []string) (*matcher, error) {
	all := &regexp{op: '|'}
	for _, text := range patterns {
		re, err := parsePattern(text)
		if err != nil {
			return nil, err
		}
		all.parts = append(all.parts, re)
	}
	if all.size() > maxStates {
		return nil, fmt.Errorf("patterns %q: %w", patterns, errPattern)
	}
	pos := layOut(all)
	m := new(matcher)
	m.partition(pos.sets)
	if err := m.build(pos); err != nil {
		return nil, fmt.Errorf("patterns %q: %w", patterns, err)
	}
	return m, nil
}

// partition gives the letters that are in the same sets the same class.
func (m *matcher) partition(sets []charSet) {
	known := map[string]uint8{}
	for c := range alphabet {
		signature := make([]byte, len(sets))
		for i, s := range sets {
			if s.has(c) {
				signature[i] = 1
			}
		}
		n, ok := known[string(signature)]
		if !ok {
			n = uint8(len(known))
			known[string(signature)] = n
		}
		m.class[c] = n
	}
	m.classes = len(known)
}

// build makes a state of every set of positions that can be reached.
func (m *matcher) build(pos *positions) error {
	letter := make([]int, m.classes) // one letter of each class
	for c := range alphabet {
		letter[m.class[c]] = c
	}
	known := map[string]uint16{}
	var states [][]int
	state := func(set map[int]bool) uint16 {
		if len(set) == 0 {
			return 0
		}
		sorted := slices.Sorted(maps.Keys(set))
		key := fmt.Sprint(sorted)
		n, ok := known[key]
		if !ok {
			states = append(states, sorted)
			n = uint16(len(states))
			known[key] = n
		}
		return n
	}
	state(map[int]bool{0: true})
	m.next = make([]uint16, m.classes)
	m.accept = []bool{false}
	for i := 0; i < len(states); i++ {
		if len(states) > maxStates {
			return errPattern
		}
		accept := false
		for _, p := range states[i] {
			accept = accept || pos.last[p]
		}
		m.accept = append(m.accept, accept)
		for class := range m.classes {
			m.next = append(m.next, state(pos.after(states[i], letter[class])))
		}
	}
	return nil
}

// after is the set of positions that a letter leads to.
func (p *positions) after(from []int, letter int) map[int]bool {
	to := map[int]bool{}
	for _, i := range from {
		for _, j := range p.follow[i] {
			if p.sets[j].has(letter) {
				to[j] = true
			}
		}
	}
	return to
}

// match reports whether the whole of b, which is valid UTF-8, fits.
func (m *matcher) match(b []byte) bool {
	state := 1
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			state = int(m.next[state*m.classes+int(m.class[c])])
			i++
		} else {
			r, n := utf8.DecodeRune(b[i:])
			state = int(m.next[state*m.classes+int(m.class[letterOf(r)])])
			i += n
		}
		if state == 0 {
			return false
		}
	}
	return m.accept[state]
}

// letterOf is the letter of the alphabet that stands for a character beyond
// ASCII.
func letterOf(r rune) int {
	if unicode.Is(unicode.Nd, r) {
		return otherDigit
	}
	return otherChar
}
