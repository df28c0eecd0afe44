package faktupro

import (
	"strings"
	"unicode/utf8"
)

// measure counts the characters of a text as FA(3) does: after its white space
// is collapsed, or as it is when keep is set. clean is false when the text is
// not UTF-8 or holds a character that KSeF refuses.
func measure(s string, keep bool) (length int, clean bool) {
	blank := !keep // a blank at the start, or after another, does not count
	ended := false // the last counted character was a blank
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if !allowed(r, size) {
			return 0, false
		}
		i += size
		white := !keep && isSpace(r)
		if white && blank {
			continue
		}
		blank, ended = white, white
		length++
	}
	if ended {
		length--
	}
	return length, true
}

// allowed reports whether KSeF takes the character: XML 1.0 allows it and it is
// not among the discouraged ones (KSeF, "wymagania dla pliku", and the XML
// recommendation, section 2.2).
func allowed(r rune, size int) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0x7F:
		return true
	case r <= 0x9F:
		return r == 0x85
	case r == utf8.RuneError && size == 1: // not UTF-8
		return false
	case r >= 0xFDD0 && r <= 0xFDEF:
		return false
	}
	return r&0xFFFE != 0xFFFE // U+FFFE, U+FFFF and the like in every plane
}

// isSpace is the white space of XML.
func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// collapse trims a text and makes every run of white space one blank, as XML
// readers do with most texts of FA(3).
func collapse(s string) string {
	if collapsed(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, isSpace), " ")
}

// collapsed reports whether collapse would leave s as it is.
func collapsed(s string) bool {
	blank := true
	for i := range len(s) {
		switch s[i] {
		case ' ':
			if blank {
				return false
			}
			blank = true
		case '\t', '\n', '\r':
			return false
		default:
			blank = false
		}
	}
	return s == "" || !blank
}

// lineBreaks makes every line break a line feed: XML readers turn the others
// into it anyway.
func lineBreaks(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
