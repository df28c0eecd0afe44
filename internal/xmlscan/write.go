package xmlscan

import "encoding/binary"

// AppendText appends s to dst as character data: "&", "<", ">" and CR are
// written as references, so that a reader gets back exactly s. Characters that
// XML does not allow are the caller's concern; see [ValidChars].
func AppendText(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		esc := ""
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '\r':
			esc = "&#13;"
		default:
			continue
		}
		dst = append(append(dst, s[from:i]...), esc...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// AppendAttr appends s to dst as the inside of an attribute value in double
// quotes: what [AppendText] escapes, the quote, TAB and LF are written as
// references.
func AppendAttr(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		esc := ""
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&quot;"
		case '\t':
			esc = "&#9;"
		case '\n':
			esc = "&#10;"
		case '\r':
			esc = "&#13;"
		default:
			continue
		}
		dst = append(append(dst, s[from:i]...), esc...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// ValidChars reports whether doc is well-formed UTF-8 of characters that XML
// allows.
func ValidChars(doc []byte) bool {
	for i := 0; i < len(doc); {
		if i+8 <= len(doc) && printable(binary.LittleEndian.Uint64(doc[i:])) {
			i += 8
			continue
		}
		switch byteClass[doc[i]] {
		case badByte:
			return false
		case highByte:
			n, code := highRune(doc, i)
			if code != "" {
				return false
			}
			i = n
		default:
			i++
		}
	}
	return true
}
