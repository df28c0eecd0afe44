// Package upo reads, checks and writes the official confirmation of receipt of
// the KSeF (urzędowe poświadczenie odbioru, UPO): the signed XML that proves
// that an invoice reached the tax administration, when, and under which number.
//
//	c, err := upo.Verify(xml, upo.Trust{Roots: roots})
//	if err != nil {
//		return err // the signature does not hold, or this is no receipt
//	}
//	err = c.Check(upo.Expected{InvoiceHash: sha256.Sum256(invoice), KSeFNumber: number})
//
// [Parse] reads without asking who signed; [Verify] reads only what the
// signature covers; [Confirmation.Check] compares the receipt with the invoice it
// is supposed to be for. All three together make the proof: keep the bytes of
// the receipt as they came.
//
// Versions 4-3 and 4-2 are known. The test and demo environments put a suffix
// behind the name of the ministry, which the schema does not allow and this
// package accepts. Everything else has to follow the schema: elements, order,
// patterns and lengths. Input is bounded by [MaxSize].
//
// [Confirmation.AppendXML] writes receipts for simulators and tests.
//
// A Confirmation may be read by several goroutines at once.
package upo
