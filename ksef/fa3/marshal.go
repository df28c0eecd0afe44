package fa3

import (
	"errors"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// Namespace is the XML namespace of FA(3), schema version 1-0E.
const Namespace = "http://crd.gov.pl/wzor/2025/06/25/13775/"

// KSeF's limits for one document in bytes (KSeF API documentation, "Limits").
const (
	MaxSize               = 1_000_000 // without attachment
	MaxSizeWithAttachment = 3_000_000 // with Zalacznik
)

// Errors of Marshal.
var (
	ErrSize      = errors.New("fa3: the document is larger than KSeF accepts: split the invoice or shorten its texts")
	ErrVersion   = errors.New("fa3: KSeF takes no FA(2) invoices since 1 February 2026: make an FA(3) of it")
	ErrCharacter = errors.New("fa3: a text contains bytes that are no UTF-8 or characters that XML does not allow: remove them")
)

const (
	declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	rootOpen    = `<Faktura xmlns="` + Namespace + `">`
	rootClose   = `</Faktura>`
)

// AppendXML appends the document to dst: XML declaration, one default namespace,
// no white space between elements, fields in the order of the schema, zero
// values left out. The same invoice always gives the same bytes. Texts are
// escaped, and nothing is checked; see [Marshal]. An invoice that was read from
// FA(2) is written as FA(2).
func (f *Faktura) AppendXML(dst []byte) []byte {
	if f.Naglowek.WariantFormularza == VariantFA2 {
		return f.appendFA2(dst)
	}
	dst = append(dst, declaration...)
	dst = append(dst, rootOpen...)
	dst = f.appendTo(dst)
	return append(dst, rootClose...)
}

// Marshal returns the document that [Faktura.AppendXML] writes. It returns
// ErrVersion, ErrSize or ErrCharacter instead of a document that KSeF could not
// read. Whether the values are right is not its concern.
func Marshal(f *Faktura) ([]byte, error) {
	if f.Naglowek.WariantFormularza != VariantFA3 {
		return nil, ErrVersion
	}
	doc := f.AppendXML(make([]byte, 0, f.sizeHint()))
	limit := MaxSize
	if f.Zalacznik != nil {
		limit = MaxSizeWithAttachment
	}
	if len(doc) > limit {
		return nil, ErrSize
	}
	if !xmlscan.ValidChars(doc) {
		return nil, ErrCharacter
	}
	return doc, nil
}

// sizeHint is a capacity that most documents need no more than.
func (f *Faktura) sizeHint() int {
	hint := 3072 + 256*len(f.Fa.FaWiersz)
	if f.Fa.Zamowienie != nil {
		hint += 256 * len(f.Fa.Zamowienie.ZamowienieWiersz)
	}
	return min(hint, MaxSizeWithAttachment)
}
