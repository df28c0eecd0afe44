package validate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

var bom = []byte("\xEF\xBB\xBF")

// cleanFile reports whether the file has neither a byte order mark nor
// discouraged characters.
func cleanFile(doc []byte) bool {
	return !bytes.HasPrefix(doc, bom) && discouraged(doc, 0) < 0 && len(discouragedReferences(doc, 1)) == 0
}

// file applies the rules that KSeF has for files, besides those that the XML
// reader enforces.
func (j *judge) file() {
	severity := Error
	if j.cfg.Received {
		severity = Warning
	}
	if bytes.HasPrefix(j.doc, bom) {
		j.add(Problem{
			Layer: XML, Code: CodeBOM, Severity: severity, elem: -1, Reference: referenceFile,
			EN: "The file begins with a byte order mark, which KSeF refuses. Save it as UTF-8 without BOM.",
			PL: "Plik zaczyna się od znacznika kolejności bajtów (BOM), którego KSeF nie przyjmuje. Zapisz go jako UTF-8 bez BOM.",
		})
	}
	for n, i := 0, discouraged(j.doc, 0); i >= 0 && n <= j.cfg.max(); n, i = n+1, discouraged(j.doc, i+1) {
		j.add(discouragedProblem(i, severity))
	}
	for _, i := range discouragedReferences(j.doc, j.cfg.max()+1) {
		j.add(discouragedProblem(i, severity))
	}
	if tooLarge(j.doc, j.form) {
		j.add(sizeProblem(len(j.doc)))
	}
}

func discouragedProblem(offset int, severity Severity) Problem {
	return Problem{
		Layer: XML, Code: CodeDiscouraged, Severity: severity, offset: offset, elem: -1, Reference: referenceFile,
		EN: "Here is an invisible control character or a code without character, which KSeF refuses. Delete it; it often comes with text copied from another program.",
		PL: "W tym miejscu jest niewidoczny znak sterujący albo kod bez znaku, którego KSeF nie przyjmuje. Usuń go; zwykle pochodzi z tekstu skopiowanego z innego programu.",
	}
}

func sizeProblem(size int) Problem {
	return Problem{
		Layer: XML, Code: CodeSize, Severity: Error, elem: -1, Reference: referenceFile,
		EN: fmt.Sprintf("The file has %d bytes. KSeF accepts at most %d, or %d with an attachment (Zalacznik).", size, fa3.MaxSize, fa3.MaxSizeWithAttachment),
		PL: fmt.Sprintf("Plik ma %d bajtów. KSeF przyjmuje najwyżej %d, a z załącznikiem (Zalacznik) %d.", size, fa3.MaxSize, fa3.MaxSizeWithAttachment),
	}
}

// tooLarge applies the limits of KSeF, which are for what is sent to it.
func tooLarge(doc []byte, f *form) bool {
	if len(doc) <= fa3.MaxSize || f == nil || !f.invoice {
		return false
	}
	return len(doc) > fa3.MaxSizeWithAttachment || !f.attachment || !hasAttachment(doc)
}

// hasAttachment looks for the element Zalacznik below the root.
func hasAttachment(doc []byte) bool {
	s := xmlscan.New(doc, xmlscan.Config{})
	for {
		kind, err := s.Next()
		if err != nil || kind == xmlscan.EOF {
			return false
		}
		if kind == xmlscan.Start && s.Depth() == 2 && string(s.Local()) == "Zalacznik" {
			return true
		}
	}
}

// isDiscouraged are the characters that KSeF refuses although XML allows them:
// those which the XML recommendation itself discourages, from U+007F on.
func isDiscouraged(r rune) bool {
	switch {
	case r < 0x7F:
		return false
	case r <= 0x9F:
		return r != 0x85
	case r >= 0xFDD0 && r <= 0xFDEF:
		return true
	}
	return r >= 0x1FFFE && r&0xFFFE == 0xFFFE
}

// discouraged finds the first discouraged character from an offset on, -1 if
// there is none.
func discouraged(doc []byte, from int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i := from; i < len(doc); {
		if i+8 <= len(doc) { // eight characters below U+007F stay below U+0080 when one is added
			if x := binary.LittleEndian.Uint64(doc[i:]); (x|(x+ones))&tops == 0 {
				i += 8
				continue
			}
		}
		if c := doc[i]; c != 0x7F && c != 0xC2 && c < 0xEF { // no such character begins so
			i++
			continue
		}
		r, n := utf8.DecodeRune(doc[i:])
		if isDiscouraged(r) {
			return i
		}
		i += n
	}
	return -1
}

var charReference = []byte("&#")

// discouragedReferences finds references to discouraged characters, most of them
// at most.
func discouragedReferences(doc []byte, most int) (found []int) {
	if !mayRefer(doc) {
		return nil
	}
	s := xmlscan.New(doc, xmlscan.Config{})
	for len(found) < most {
		kind, err := s.Next()
		if err != nil || kind == xmlscan.EOF {
			break
		}
		if kind != xmlscan.End {
			found = appendReferences(found, doc, s.Offset(), s.EndOffset())
		}
	}
	return found[:min(len(found), most)]
}

// mayRefer reports whether anything looks like a reference to a discouraged
// character, wherever it stands.
func mayRefer(doc []byte) bool {
	for {
		i := bytes.Index(doc, charReference)
		if i < 0 {
			return false
		}
		doc = doc[i:]
		if isDiscouraged(referredTo(doc)) {
			return true
		}
		doc = doc[len(charReference):]
	}
}

// appendReferences is discouragedReferences for one token: a start tag, or text
// with CDATA sections and comments, in which nothing is a reference.
func appendReferences(found []int, doc []byte, i, end int) []int {
	for i < end {
		rest := doc[i:end]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			i += bytes.Index(rest, []byte("]]>"))
		case bytes.HasPrefix(rest, []byte("<!--")):
			i += bytes.Index(rest, []byte("-->"))
		case bytes.HasPrefix(rest, charReference) && isDiscouraged(referredTo(rest)):
			found = append(found, i)
		}
		i++
	}
	return found
}

// referredTo is the character that the reference at the beginning of b stands
// for, 0 when it is malformed.
func referredTo(b []byte) rune {
	i, base := len(charReference), rune(10)
	if i < len(b) && b[i] == 'x' {
		i, base = i+1, 16
	}
	char := rune(0)
	for ; i < len(b); i++ {
		digit := strings.IndexByte("0123456789abcdef", b[i]|0x20) // digits have that bit set
		if b[i] == ';' {
			return char
		}
		if digit < 0 || rune(digit) >= base {
			return 0
		}
		char = min(char*base+rune(digit), 0x110000)
	}
	return 0
}

func formOfSchema(s *xsd.Schema) *form {
	if s == nil {
		return nil
	}
	return formOf([]byte(s.Namespace), []byte(s.Root.Name))
}
