package pl

import "strings"

// maxInput is the longest text any parser looks at, in bytes. The longest
// identifier (a KSeF number of the old form) has 36; an account number written
// in groups of two has less than 50.
const maxInput = 64

// compact removes blanks and dashes between characters. Text that has none is
// returned as it is, without allocation.
func compact(s string) string {
	if strings.IndexByte(s, ' ') < 0 && strings.IndexByte(s, '-') < 0 {
		return s
	}
	var buf [maxInput]byte
	n := 0
	for i := 0; i < len(s) && n < len(buf); i++ {
		if s[i] != ' ' && s[i] != '-' {
			buf[n] = s[i]
			n++
		}
	}
	return string(buf[:n])
}

// trim removes ASCII white space at both ends, or returns "" for text beyond
// the bound, which no parser accepts.
func trim(s string) string {
	if len(s) > maxInput {
		return ""
	}
	return strings.Trim(s, " \t\r\n")
}

// cutPL removes the country prefix people put before a NIP or an account.
func cutPL(s string) string {
	if len(s) >= 2 && s[0]|0x20 == 'p' && s[1]|0x20 == 'l' {
		return strings.TrimLeft(s[2:], " -")
	}
	return s
}

// digits reports whether s is n ASCII digits.
func digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func upper(c byte) bool { return 'A' <= c && c <= 'Z' }

// zeros reports whether s is nothing but zeros: the value people type to get
// past a form.
func zeros(s string) bool { return strings.Trim(s, "0") == "" }

// weighted is the sum of the digits of s, each times its weight; weights
// shorter than s leave the rest out.
func weighted(s, weights string) int {
	sum := 0
	for i := range len(weights) {
		sum += int(s[i]-'0') * int(weights[i]-'0')
	}
	return sum
}
