// Package qr makes, reads and verifies the links that stand behind the two QR
// codes of a KSeF invoice.
//
//	one, err := qr.NewCodeI(qr.Production, document)
//	link, err := one.Link() // https://qr.ksef.mf.gov.pl/invoice/1234563218/22-11-2026/…
//	fmt.Println(link, qr.Label(""))
//
// Code I (KOD I) leads to the invoice in KSeF; every invoice that is shown to
// somebody outside KSeF carries it (art. 106gb(5) of the VAT Act). Code II
// (KOD II) is for invoices handed over before KSeF has numbered them: signed
// with a KSeF certificate of type Offline it says who issued the document (art.
// 106nda(6) and (7)). The package draws no pictures: it gives the text that the
// code holds and the label that belongs under it.
//
// # What a verified code proves
//
// [CodeI.Verify] proves that the code was made for exactly these bytes. It does
// not prove that KSeF has them: the page behind the link tells that.
//
// [CodeII.Verify] proves that the holder of the key of this certificate signed a
// link with this hash. It does not prove that the certificate was issued by KSeF
// and is not revoked, that its holder may act in the context, that the context
// may invoice for the seller, or that the invoice was ever sent. A code on paper
// can be copied to another paper.
//
// # Limits
//
// A link has at most [MaxLink] bytes and is read strictly: no percent escapes,
// no padding, no unused bits set, so one code has one spelling. Everything is
// linear in its input, an [Error] never holds values, and all functions are safe
// for concurrent use.
package qr
