package pl

import "strings"

// shape is the form of an identifier: alternatives separated by blanks, with
// one character of pattern for each character of text.
//
//	9 an ASCII digit · h a digit or A-F · a a capital
//	x a capital or a digit · + a capital, a digit, + or *
//
// Anything else stands for itself.
type shape string

func (sh shape) matches(s string) bool {
	for alternative := range strings.SplitSeq(string(sh), " ") {
		if matchShape(alternative, s) {
			return true
		}
	}
	return false
}

func matchShape(pattern, s string) bool {
	if s == "" || len(s) != len(pattern) {
		return false
	}
	for i := range len(s) {
		if !matchClass(pattern[i], s[i]) {
			return false
		}
	}
	return true
}

func matchClass(class, c byte) bool {
	switch class {
	case '9':
		return digit(c)
	case 'h':
		return digit(c) || 'A' <= c && c <= 'F'
	case 'a':
		return upper(c)
	case 'x':
		return digit(c) || upper(c)
	case '+':
		return digit(c) || upper(c) || c == '+' || c == '*'
	}
	return class == c
}
