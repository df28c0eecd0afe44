package xmlscan

// predefined are the entities that need no declaration (XML 1.0, 4.6).
var predefined = [...]struct {
	name string
	char rune
}{{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}}

// reference reads the reference at d[i] == '&'. It returns the position after it
// and the character it stands for. When ok is false, end is where it goes wrong:
// len(d) if the document ends inside it.
func reference(d []byte, i int) (end int, r rune, ok bool) {
	begin := i + 1
	if begin < len(d) && d[begin] == '#' {
		return charReference(d, i)
	}
	rest := d[begin:]
	for _, e := range predefined {
		n := len(e.name)
		if len(rest) >= n && string(rest[:n]) == e.name {
			return begin + n, e.char, true
		}
		if len(rest) < n && string(rest) == e.name[:len(rest)] {
			return len(d), 0, false
		}
	}
	return i, 0, false
}

// charReference reads &#…; or &#x…; at i.
func charReference(d []byte, i int) (end int, r rune, ok bool) {
	j, base := i+2, rune(10)
	if j < len(d) && d[j] == 'x' {
		j, base = j+1, 16
	}
	begin := j
	for ; j < len(d) && d[j] != ';'; j++ {
		v := digit(d[j])
		if v >= base {
			return i, 0, false
		}
		if r <= 0x10FFFF { // further digits cannot make it valid again
			r = r*base + v
		}
	}
	switch {
	case j >= len(d):
		return len(d), 0, false
	case j == begin || !isChar(r):
		return i, 0, false
	}
	return j + 1, r, true
}

// digit is the value of a hexadecimal digit, 99 for anything else.
func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return 99
}
