// Package faktupro is a Polish invoice as its seller thinks of it: parties,
// lines, VAT rates, payment. It reads and writes invoices as strict JSON,
// judges them in English and Polish, computes totals by the VAT Act, and maps
// them to and from FA(3), the document of the national e-invoicing system KSeF.
//
//	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
//	if err != nil {
//		return err // *faktupro.ValidationError: every problem of the text
//	}
//	now := time.Now()
//	for _, p := range inv.Validate(faktupro.ValidateOptions{Now: now}) {
//		fmt.Println(p.Path, p.Severity, p.EN)
//	}
//	xml, err := faktupro.EncodeFA3(inv, now) // ready to be sent to KSeF
//
// The package is pure: no network, no files, no clock. The application service
// that numbers, sends and stores invoices is faktupro/invoicing.
//
// # Invoice
//
// An [Invoice] is a plain struct whose zero fields mean "not given"; the field
// comments give lengths, units and the FA(3) element. Every [Kind] of FA(3) is
// there, from the ordinary invoice to the correction of a settlement;
// [NewCorrection] and [NewCancellation] make corrections from what was and what
// should have been. Numbers are [Decimal], never floating point.
//
// # Problems
//
// Everything that is wrong comes back at once as [Problems]: the place as a JSON
// Pointer, a stable code, a severity, and a message in both languages that says
// what to do. Errors forbid issuing the invoice, warnings do not. [Catalogue]
// lists all rules. Neither problems nor errors hold values of the invoice.
//
// # Rounding
//
// Each sum is rounded once, half up, to whole grosze: the value of a line, the
// VAT of a rate. VAT in PLN is the VAT shown times the exchange rate; where the
// lines of a rate have several exchange rates, their exact VAT is converted line
// by line and the sum is rounded once.
package faktupro
