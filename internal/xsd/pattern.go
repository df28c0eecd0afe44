package xsd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The alphabet of a pattern: every ASCII character by itself, then all other
// decimal digits together, then everything else.
const (
	otherDigit = 128
	otherChar  = 129
	alphabet   = 130
)

// charSet is a set of letters of the alphabet.
type charSet [3]uint64

func (s *charSet) add(c int)      { s[c>>6] |= 1 << (c & 63) }
func (s *charSet) has(c int) bool { return s[c>>6]&(1<<(c&63)) != 0 }
func (s *charSet) addRange(lo, hi int) { // both included
	for c := lo; c <= hi; c++ {
		s.add(c)
	}
}

func (s *charSet) union(o charSet) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *charSet) negated() (n charSet) {
	for c := range alphabet {
		if !s.has(c) {
			n.add(c)
		}
	}
	return n
}

// regexp is a node of a parsed pattern: a set of characters, or an operation on
// its parts.
type regexp struct {
	op    byte // 'c' character, '.' sequence, '|' alternatives, '{' repetition of parts[0]
	set   charSet
	parts []*regexp
	lo    int
	hi    int // -1 without limit
}

var errPattern = errors.New("a pattern of a kind that is not provided for")

// maxRepeat bounds the counts in a pattern, whose expansion costs memory.
const maxRepeat = 1000

// parsePattern reads the part of XML Schema's regular expressions that the
// schemas use: characters, classes with ranges, \d \s and ".", groups, "|" and
// quantifiers.
func parsePattern(text string) (*regexp, error) {
	p := &patternParser{rest: text}
	re, err := p.alternatives()
	if err == nil && p.rest != "" {
		err = errPattern
	}
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", text, err)
	}
	return re, nil
}

type patternParser struct{ rest string }

func (p *patternParser) next() byte {
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *patternParser) eat(c byte) bool {
	if p.next() != c || c == 0 {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *patternParser) alternatives() (*regexp, error) {
	all := &regexp{op: '|'}
	for {
		s, err := p.sequence()
		if err != nil {
			return nil, err
		}
		all.parts = append(all.parts, s)
		if !p.eat('|') {
			return all, nil
		}
	}
}

func (p *patternParser) sequence() (*regexp, error) {
	seq := &regexp{op: '.'}
	for c := p.next(); c != 0 && c != '|' && c != ')'; c = p.next() {
		atom, err := p.atom()
		if err != nil {
			return nil, err
		}
		if atom, err = p.quantified(atom); err != nil {
			return nil, err
		}
		seq.parts = append(seq.parts, atom)
	}
	return seq, nil
}

func (p *patternParser) atom() (*regexp, error) {
	switch {
	case p.eat('('):
		re, err := p.alternatives()
		if err == nil && !p.eat(')') {
			err = errPattern
		}
		return re, err
	case p.eat('['):
		set, err := p.class()
		return &regexp{op: 'c', set: set}, err
	}
	set, err := p.char()
	return &regexp{op: 'c', set: set}, err
}

// char reads one character or escape outside a class.
func (p *patternParser) char() (set charSet, err error) {
	c := p.next()
	switch {
	case p.eat('\\'):
		return p.escape()
	case p.eat('.'):
		set.add('\n')
		set.add('\r')
		return set.negated(), nil
	case c == 0, c >= utf8.RuneSelf, c == '?', c == '*', c == '+', c == '{', c == '}', c == ']':
		return set, errPattern
	}
	p.rest = p.rest[1:]
	set.add(int(c))
	return set, nil
}

// escape reads what follows a backslash.
func (p *patternParser) escape() (set charSet, err error) {
	c := p.next()
	switch c {
	case 'd':
		set.addRange('0', '9')
		set.add(otherDigit)
	case 's':
		for _, space := range " \t\n\r" {
			set.add(int(space))
		}
	case 'n':
		set.add('\n')
	case 'r':
		set.add('\r')
	case 't':
		set.add('\t')
	case '\\', '|', '.', '-', '^', '?', '*', '+', '{', '}', '(', ')', '[', ']':
		set.add(int(c))
	default:
		return set, errPattern
	}
	p.rest = p.rest[1:]
	return set, nil
}

// class reads a class after its opening bracket.
func (p *patternParser) class() (set charSet, err error) {
	negative := p.eat('^')
	for !p.eat(']') {
		member, err := p.member()
		if err != nil {
			return set, err
		}
		set.union(member)
	}
	if negative {
		set = set.negated()
	}
	return set, nil
}

// member reads a character, an escape or a range inside a class.
func (p *patternParser) member() (set charSet, err error) {
	c := p.next()
	switch {
	case p.eat('\\'):
		return p.escape()
	case c == 0, c >= utf8.RuneSelf, c == '[':
		return set, errPattern
	}
	p.rest = p.rest[1:]
	if len(p.rest) < 2 || p.rest[0] != '-' || p.rest[1] == ']' {
		set.add(int(c))
		return set, nil
	}
	hi := p.rest[1]
	if hi >= utf8.RuneSelf || hi < c || hi == '\\' || hi == '[' {
		return set, errPattern
	}
	p.rest = p.rest[2:]
	set.addRange(int(c), int(hi))
	return set, nil
}

func (p *patternParser) quantified(atom *regexp) (*regexp, error) {
	repeat := func(lo, hi int) *regexp { return &regexp{op: '{', parts: []*regexp{atom}, lo: lo, hi: hi} }
	switch {
	case p.eat('?'):
		return repeat(0, 1), nil
	case p.eat('*'):
		return repeat(0, -1), nil
	case p.eat('+'):
		return repeat(1, -1), nil
	case p.eat('{'):
		lo, hi, err := p.counts()
		return repeat(lo, hi), err
	}
	return atom, nil
}

// counts reads "n}", "n,}" or "n,m}".
func (p *patternParser) counts() (lo, hi int, err error) {
	if lo, err = p.number(); err != nil {
		return 0, 0, err
	}
	hi = lo
	if p.eat(',') {
		hi = -1
		if p.next() != '}' {
			if hi, err = p.number(); err != nil {
				return 0, 0, err
			}
		}
	}
	if !p.eat('}') || hi >= 0 && hi < lo {
		return 0, 0, errPattern
	}
	return lo, hi, nil
}

func (p *patternParser) number() (int, error) {
	end := 0
	for end < len(p.rest) && p.rest[end] >= '0' && p.rest[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(p.rest[:end])
	if err != nil || n > maxRepeat {
		return 0, errPattern
	}
	p.rest = p.rest[end:]
	return n, nil
}

// size is the number of positions that the pattern needs, or a number above
// maxStates.
func (re *regexp) size() int {
	n := 0
	if re.op == 'c' {
		n = 1
	}
	for _, part := range re.parts {
		n += part.size()
	}
	if re.op == '{' {
		n *= max(re.lo+1, re.hi)
	}
	return min(n, maxStates+1)
}

// positions is a pattern laid out with one position per character set, after
// Glushkov. Position 0 is the start.
type positions struct {
	sets   []charSet
	follow [][]int
	last   map[int]bool
}

func layOut(re *regexp) *positions {
	p := &positions{sets: make([]charSet, 1), follow: make([][]int, 1), last: map[int]bool{}}
	first, last, empty := p.add(re)
	p.follow[0] = first
	for _, i := range last {
		p.last[i] = true
	}
	if empty {
		p.last[0] = true
	}
	return p
}

func (p *positions) add(re *regexp) (first, last []int, empty bool) {
	switch re.op {
	case 'c':
		p.sets = append(p.sets, re.set)
		p.follow = append(p.follow, nil)
		i := []int{len(p.sets) - 1}
		return i, i, false
	case '|':
		for _, part := range re.parts {
			f, l, e := p.add(part)
			first, last, empty = append(first, f...), append(last, l...), empty || e
		}
		return first, last, empty
	case '{':
		return p.repetition(re)
	}
	return p.sequence(re.parts)
}

func (p *positions) sequence(parts []*regexp) (first, last []int, empty bool) {
	empty = true
	for _, part := range parts {
		f, l, e := p.add(part)
		p.join(last, f)
		if empty {
			first = append(first, f...)
		}
		if !e {
			last = nil
		}
		last, empty = append(last, l...), empty && e
	}
	return first, last, empty
}

// repetition writes x{2,4} as x x x? x? and x{2,} as x x x*.
func (p *positions) repetition(re *regexp) (first, last []int, empty bool) {
	x := re.parts[0]
	if re.hi < 0 && re.lo == 0 {
		first, last, _ = p.add(x)
		p.join(last, first)
		return first, last, true
	}
	if re.lo == 0 && re.hi == 1 {
		first, last, _ = p.add(x)
		return first, last, true
	}
	parts := slices.Repeat([]*regexp{x}, re.lo)
	if re.hi < 0 {
		parts = append(parts, &regexp{op: '{', parts: []*regexp{x}, hi: -1})
	}
	for i := re.lo; i < re.hi; i++ {
		parts = append(parts, &regexp{op: '{', parts: []*regexp{x}, hi: 1})
	}
	return p.sequence(parts)
}

func (p *positions) join(last, first []int) {
	for _, i := range last {
		p.follow[i] = append(p.follow[i], first...)
	}
}
