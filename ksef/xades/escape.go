package xades

// The escapes of Canonical XML 1.0, section 2.3, which differ from those of an
// ordinary writer: quotes stay in text, ">" stays in attributes, and carriage
// returns, tabs and line feeds have hexadecimal references.

// appendCharacters appends a run of text.
func appendCharacters(dst, text []byte) []byte {
	from := 0
	for i, b := range text {
		esc := ""
		switch b {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '\r':
			esc = "&#xD;"
		default:
			continue
		}
		dst = append(append(dst, text[from:i]...), esc...)
		from = i + 1
	}
	return append(dst, text[from:]...)
}

// appendAttribute appends the inside of an attribute value.
func appendAttribute(dst, value []byte) []byte {
	from := 0
	for i, b := range value {
		esc := ""
		switch b {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '"':
			esc = "&quot;"
		case '\t':
			esc = "&#x9;"
		case '\n':
			esc = "&#xA;"
		case '\r':
			esc = "&#xD;"
		default:
			continue
		}
		dst = append(append(dst, value[from:i]...), esc...)
		from = i + 1
	}
	return append(dst, value[from:]...)
}
