package xsd

import "bytes"

// number is a decimal number of any size: its digits without superfluous zeros.
type number struct {
	negative    bool
	whole, frac []byte
}

// parseNumber reads the lexical space of xs:decimal, or of xs:integer when point
// is false.
func parseNumber(b []byte, point bool) (n number, ok bool) {
	i := 0
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		n.negative = b[0] == '-'
		i = 1
	}
	begin := i
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	n.whole = b[begin:i]
	digits := i - begin
	if i < len(b) && b[i] == '.' && point {
		begin = i + 1
		for i = begin; i < len(b) && isDigit(b[i]); i++ {
		}
		n.frac = b[begin:i]
		digits += i - begin
	}
	if i < len(b) || digits == 0 {
		return n, false
	}
	for len(n.whole) > 0 && n.whole[0] == '0' {
		n.whole = n.whole[1:]
	}
	for len(n.frac) > 0 && n.frac[len(n.frac)-1] == '0' {
		n.frac = n.frac[:len(n.frac)-1]
	}
	if len(n.whole)+len(n.frac) == 0 {
		n.negative = false
	}
	return n, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// compare is negative, zero or positive as n is less than, equal to or greater
// than m.
func (n *number) compare(m *number) int {
	if n.negative != m.negative {
		if n.negative {
			return -1
		}
		return 1
	}
	c := len(n.whole) - len(m.whole)
	if c == 0 {
		c = bytes.Compare(n.whole, m.whole)
	}
	if c == 0 {
		c = bytes.Compare(n.frac, m.frac)
	}
	if n.negative {
		return -c
	}
	return c
}

// totalDigits is the smallest number of digits that can write n (XML Schema part
// 2, 4.3.11): zeros between the point and the first other digit do not count.
func (n *number) totalDigits() int {
	if len(n.whole) > 0 {
		return len(n.whole) + len(n.frac)
	}
	return len(bytes.TrimLeft(n.frac, "0"))
}
