package xmlscan

import "unicode/utf8"

// Classes of bytes in character data and attribute values.
const (
	plainByte  = iota
	lessByte   // <
	ampByte    // &
	brackByte  // ]
	crByte     // CR, normalised on decoding
	blankByte  // TAB and LF: plain in text, a space in attribute values
	highByte   // first byte of a longer UTF-8 sequence, or malformed
	badByte    // control character
	quoteByte  // " and ', which end an attribute value
	nameStart  = 1
	namePart   = 2
	colonPart  = 4
	highInName = 8
)

var byteClass = makeByteClass()

func makeByteClass() (t [256]uint8) {
	for i := range t {
		switch {
		case i < 0x20:
			t[i] = badByte
		case i >= 0x80:
			t[i] = highByte
		}
	}
	t['\t'], t['\n'], t['\r'] = blankByte, blankByte, crByte
	t['<'], t['&'], t[']'] = lessByte, ampByte, brackByte
	t['"'], t['\''] = quoteByte, quoteByte
	return t
}

var nameClass = makeNameClass()

func makeNameClass() (t [256]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c] = nameStart | namePart
		t[c-'a'+'A'] = nameStart | namePart
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = namePart
	}
	t['_'] = nameStart | namePart
	t['-'], t['.'] = namePart, namePart
	t[':'] = colonPart
	for i := 0x80; i < 256; i++ {
		t[i] = highInName
	}
	return t
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r'
}

// skipSpace returns the position of the first byte from i on that is no white space.
func skipSpace(d []byte, i int) int {
	for i < len(d) && isSpace(d[i]) {
		i++
	}
	return i
}

// highRune checks the UTF-8 sequence at d[i] (d[i] >= 0x80) and returns the
// position after it, or 0 and the code of what is wrong.
func highRune(d []byte, i int) (int, Code) {
	if c := d[i]; c >= 0xC2 && c <= 0xDF && i+1 < len(d) && d[i+1]&0xC0 == 0x80 {
		return i + 2, ""
	}
	r, n := utf8.DecodeRune(d[i:])
	if r == utf8.RuneError && n <= 1 {
		return 0, CodeUTF8
	}
	if !isChar(r) {
		return 0, CodeChar
	}
	return i + n, ""
}

// isChar is production [2] Char of XML 1.0.
func isChar(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r <= 0xD7FF:
		return true
	case r < 0xE000:
		return false
	case r <= 0xFFFD:
		return true
	}
	return r >= 0x10000 && r <= 0x10FFFF
}

// nameStartRanges is production [4] NameStartChar beyond ASCII, nameExtraRanges
// what production [4a] NameChar adds to it.
var (
	nameStartRanges = [...][2]rune{
		{0xC0, 0xD6},
		{0xD8, 0xF6},
		{0xF8, 0x2FF},
		{0x370, 0x37D},
		{0x37F, 0x1FFF},
		{0x200C, 0x200D},
		{0x2070, 0x218F},
		{0x2C00, 0x2FEF},
		{0x3001, 0xD7FF},
		{0xF900, 0xFDCF},
		{0xFDF0, 0xFFFD},
		{0x10000, 0xEFFFF},
	}
	nameExtraRanges = [...][2]rune{{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}
)

func isNameRune(r rune, first bool) bool {
	for _, x := range nameStartRanges {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	if first {
		return false
	}
	for _, x := range nameExtraRanges {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	return false
}

// asciiName returns the position after the name of ASCII letters at i, i itself
// when there is none.
func asciiName(d []byte, i int) int {
	if i >= len(d) || nameClass[d[i]]&nameStart == 0 {
		return i
	}
	for i++; i < len(d) && nameClass[d[i]]&namePart != 0; i++ {
	}
	return i
}

// qname reads a qualified name at i. It returns the position after it and that
// of its colon (-1 without one); ok is false when there is no well-formed name.
func qname(d []byte, i int) (end, colon int, ok bool) {
	colon = -1
	begin := i // of the prefix or the local part
	for i < len(d) {
		class := nameClass[d[i]]
		switch {
		case class&nameStart != 0, class&namePart != 0 && i > begin:
			i++
		case class&highInName != 0:
			r, n := utf8.DecodeRune(d[i:])
			if r == utf8.RuneError && n <= 1 || !isNameRune(r, i == begin) {
				return i, colon, false
			}
			i += n
		case class&colonPart != 0 && colon < 0 && i > begin:
			colon, begin = i, i+1
			i++
		case class != 0: // a second colon, or a part that starts with a digit
			return i, colon, false
		default:
			return i, colon, i > begin
		}
	}
	return i, colon, i > begin
}
