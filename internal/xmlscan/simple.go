package xmlscan

import "bytes"

// Simple reads on from a Start to the End of the same element, if there is
// nothing but plain text between them, and returns where in the document that
// text is. Most elements are like that, and this is the quickest way to read them.
// Otherwise ok is false and nothing has been read.
func (s *Scanner) Simple() (start, end int, ok bool) {
	if s.kind != Start || s.empty || s.err != nil {
		return 0, 0, false
	}
	d := s.doc
	start = s.pos
	end = plainRun(d, start)
	for end < len(d) && d[end] >= 0x80 { // letters beyond ASCII are plain as well
		next, code := highRune(d, end)
		if code != "" {
			return 0, 0, false
		}
		end = plainRun(d, next)
	}
	name := d[s.cur.name:s.cur.nameEnd]
	after := end + len("</") + len(name)
	if after >= len(d) || d[after] != '>' || d[end] != '<' || d[end+1] != '/' || !bytes.Equal(d[end+2:after], name) {
		return 0, 0, false
	}
	s.start, s.pos, s.end = end, after+1, after+1
	s.kind = s.pop()
	return start, end, true
}
