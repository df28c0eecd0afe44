package ksefsim

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// invoiceSchema is the status of a document that breaks the schema. The tables
// of the contract name 430; the field knows cases of 450 as well.
const invoiceSchema = invoiceFile

// judgeFA3 reads an FA (3) document: first what KSeF asks of any file, then the
// structure, then the values that the system works with.
func judgeFA3(xml []byte) (facts, outcome) {
	if detail := fileFault(xml); detail != "" {
		return facts{}, rejected(invoiceFile, detail)
	}
	f, err := fa3.Unmarshal(xml)
	if err != nil {
		return glance(xml), documentFault(err)
	}
	found := factsOf(f)
	if detail := valueFault(f); detail != "" {
		return found, rejected(invoiceSchema, detail)
	}
	return found, outcome{}
}

// documentFault is the outcome of a document that cannot be read.
func documentFault(err error) outcome {
	var syntax *fa3.SyntaxError
	if !errors.As(err, &syntax) {
		return rejected(invoiceFile, "Plik nie jest poprawnym dokumentem XML.")
	}
	where := fmt.Sprintf(" (wiersz %d, kolumna %d)", syntax.Line, syntax.Column)
	if strings.HasPrefix(string(syntax.Code), "xml.") {
		return rejected(invoiceFile, "Plik nie jest poprawnym dokumentem XML: "+string(syntax.Code)+where)
	}
	detail := "Dokument nie jest zgodny ze schemą (xsd): " + string(syntax.Code) + " " + syntax.Path + where
	if len(syntax.Expected) > 0 {
		detail += "; oczekiwano: " + strings.Join(syntax.Expected, ", ")
	}
	return rejected(invoiceSchema, detail)
}

// glance reads the number from a document that does not follow the schema, so
// that its sender recognises it.
func glance(xml []byte) facts {
	sum, err := fa3.Peek(xml)
	if err != nil {
		return facts{}
	}
	return facts{Number: shorten(sum.P_2)}
}

// maxNumber is the length of an invoice number in characters.
const maxNumber = 256

func shorten(s string) string {
	if r := []rune(s); len(r) > maxNumber {
		s = string(r[:maxNumber])
	}
	return strings.Clone(s)
}

// valueFault checks the values on which the system relies: the model holds any
// text where the schema has patterns and lists.
func valueFault(f *fa3.Faktura) string {
	switch {
	case !isNIP(f.Podmiot1.DaneIdentyfikacyjne.NIP):
		return "Wartość elementu Podmiot1/DaneIdentyfikacyjne/NIP nie jest zgodna ze wzorcem."
	case f.Podmiot2.DaneIdentyfikacyjne.NIP != "" && !isNIP(f.Podmiot2.DaneIdentyfikacyjne.NIP):
		return "Wartość elementu Podmiot2/DaneIdentyfikacyjne/NIP nie jest zgodna ze wzorcem."
	case utf8.RuneCountInString(f.Fa.P_2) > maxNumber:
		return "Wartość elementu Fa/P_2 jest dłuższa niż 256 znaków."
	case !f.Fa.RodzajFaktury.Valid():
		return "Wartość elementu Fa/RodzajFaktury nie znajduje się na liście."
	case !f.Fa.KodWaluty.Valid():
		return "Wartość elementu Fa/KodWaluty nie znajduje się na liście."
	case f.Fa.P_1.Year < 2006 || f.Fa.P_1.After(pl.NewDate(2050, 1, 1)):
		return "Wartość elementu Fa/P_1 jest poza dozwolonym zakresem."
	}
	return ""
}

// factsOf collects what the system works with. The model's strings are parts of
// the whole text, which must not be kept for their sake.
func factsOf(f *fa3.Faktura) facts {
	out := facts{
		Seller: pl.NIP(strings.Clone(f.Podmiot1.DaneIdentyfikacyjne.NIP)),
		Number: shorten(f.Fa.P_2),
		Kind:   strings.Clone(string(f.Fa.RodzajFaktury)),
		Issued: f.Fa.P_1,
		Annex:  f.Zalacznik != nil,
	}
	out.party(f.Podmiot1.DaneIdentyfikacyjne.NIP)
	out.party(f.Podmiot2.DaneIdentyfikacyjne.NIP)
	for i := range f.Podmiot3 {
		out.party(f.Podmiot3[i].DaneIdentyfikacyjne.NIP)
		out.unit(f.Podmiot3[i].DaneIdentyfikacyjne.IDWew)
	}
	if f.PodmiotUpowazniony != nil {
		out.party(f.PodmiotUpowazniony.DaneIdentyfikacyjne.NIP)
	}
	return out
}

func (f *facts) party(nip string) {
	if nip == "" || slices.Contains(f.Parties, pl.NIP(nip)) {
		return
	}
	f.Parties = append(f.Parties, pl.NIP(strings.Clone(nip)))
	f.Wrong = f.Wrong || !pl.NIP(nip).Valid()
}

func (f *facts) unit(id string) {
	if id == "" {
		return
	}
	f.Units = append(f.Units, strings.Clone(id))
	f.Wrong = f.Wrong || !pl.InternalID(id).Valid() || !pl.NIP(id[:10]).Valid()
}

// fileFault checks what KSeF asks of a file before it looks at the document: no
// byte order mark and none of the characters that XML discourages. What is not
// XML at all is found by the reader of the document.
func fileFault(xml []byte) string {
	if bytes.HasPrefix(xml, bom) {
		return "Plik zawiera znacznik kolejności bajtów (BOM)."
	}
	if discouragedIn(xml) || bytes.Contains(xml, []byte("&#")) && discouragedReference(xml) {
		return "Plik zawiera niedozwolone znaki Unicode."
	}
	return ""
}

func discouragedIn(text []byte) bool {
	for i := 0; i < len(text); {
		if text[i] < 0x7F {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if discouraged(r) && size > 0 && r != utf8.RuneError {
			return true
		}
		i += size
	}
	return false
}

// discouraged reports whether XML 1.0 advises against a character: controls but
// for U+0085, the block U+FDD0 and the last two of every plane above the first.
func discouraged(r rune) bool {
	switch {
	case r >= 0x7F && r <= 0x84, r >= 0x86 && r <= 0x9F, r >= 0xFDD0 && r <= 0xFDEF:
		return true
	}
	return r > 0xFFFF && r&0xFFFE == 0xFFFE
}

// discouragedReference finds such characters written as references.
func discouragedReference(xml []byte) bool {
	scan := xmlscan.New(xml, xmlscan.Config{MaxSize: maxInvoiceAttachmentBytes})
	for {
		kind, err := scan.Next()
		if err != nil || kind == xmlscan.EOF {
			return false // what is not XML is refused elsewhere
		}
		if kind == xmlscan.Text && discouragedIn(scan.Text()) {
			return true
		}
	}
}
