package fa3

import "bytes"

// NamespaceFA2 is the XML namespace of FA(2), schema version 1-0E.
const NamespaceFA2 = "http://crd.gov.pl/wzor/2023/06/29/12648/"

// Variant tells the versions of the invoice apart (WariantFormularza).
type Variant uint8

// The versions. The zero value is what KSeF accepts today.
const (
	VariantFA3 Variant = 0 // FA(3), in force since 1 February 2026
	VariantFA2 Variant = 2 // FA(2), in archives only
)

// Values of P_12 in FA(2). FA(3) tells them apart further, and therefore
// [TStawkaPodatku.Valid] does not know them.
const (
	Rate0FA2       TStawkaPodatku = "0"  // 0%, now "0 KR", "0 WDT" or "0 EX"
	RateOutsideFA2 TStawkaPodatku = "np" // outside Poland, now "np I" or "np II"
)

// UnmarshalAny reads an invoice as [Unmarshal] does, and FA(2) too: invoices that
// KSeF took until 31 January 2026 are of that version for ever. Which one it was
// stands in Naglowek.WariantFormularza.
//
// An FA(2) document fits into the model as it is, with three things to know:
//
//   - Podmiot2 has neither JST nor GV; both are zero.
//   - P_12 may be [Rate0FA2] and [RateOutsideFA2].
//   - TerminOpis is one text there; it stands in ZdarzeniePoczatkowe, and Ilosc
//     and Jednostka are empty.
//
// Marshal refuses the invoice. AppendXML writes FA(2) again, and [FromFA2] makes
// an FA(3) of it.
func UnmarshalAny(xml []byte) (*Faktura, error) { return unmarshal(xml, VariantFA2) }

// readTerminOpisFA2 reads a due date described in words.
func (d *decoder) readTerminOpisFA2(v *TerminOpis) { v.ZdarzeniePoczatkowe = d.token() }

const rootOpenFA2 = `<Faktura xmlns="` + NamespaceFA2 + `">`

// The tags around a due date that is described in words only, in FA(3) and FA(2).
// Texts are escaped, so that nothing else looks like them.
var (
	wordsOpen, wordsOpenFA2   = []byte("<TerminOpis><ZdarzeniePoczatkowe>"), []byte("<TerminOpis>")
	wordsClose, wordsCloseFA2 = []byte("</ZdarzeniePoczatkowe></TerminOpis>"), []byte("</TerminOpis>")
)

// appendFA2 appends an FA(2) document.
func (f *Faktura) appendFA2(dst []byte) []byte {
	body := f.appendTo(nil)
	body = bytes.ReplaceAll(body, wordsOpen, wordsOpenFA2)
	body = bytes.ReplaceAll(body, wordsClose, wordsCloseFA2)
	dst = append(append(dst, declaration...), rootOpenFA2...)
	return append(append(dst, body...), rootClose...)
}
