// Package offline knows the offline modes of KSeF: when an invoice may be issued
// outside the system, until when it must be sent, and what may be done with it in
// between.
//
//	invoice, err := offline.New(offline.Issue{Mode: offline.Offline24, Document: xml, At: now})
//	invoice, err = invoice.Coded(codeII, certificate, now) // made with package qr
//	invoice, err = invoice.GivenToBuyer(now)               // on paper, for example
//	deadline, err := invoice.Deadline(events)              // next working day, or later
//	invoice, how, err := invoice.Sent(offline.Online, now) // then send as how says
//	invoice, err = invoice.Answered(offline.Answer{Status: 200, Number: number})
//
// Everything is a plain value: no clock, no network, no storage. Times come from
// the caller, days are counted in Warsaw, a [Document] is kept by the caller as
// JSON between two steps.
//
// # The law
//
// The modes and their terms are those of articles 106nda, 106nf, 106ng and 106nh
// of the VAT Act; [Rules] lists them. A failure announced while a term runs moves
// it to seven working days after the failure's end, and again with every further
// failure (art. 106nf(5), 106nh(3)(1)); for offline24, on which the act is
// silent, the Ministry's description of the offline modes says the same. A total
// failure announced meanwhile cancels the duty to send (art. 106nf(7),
// 106nh(3)(2)). A planned unavailability moves nothing but the term of invoices
// issued during it.
//
// Only what the Ministry announces counts. [Events] reads the announcements of
// Latarnia, the availability service; that a call failed, or that Latarnia itself
// does not answer, is no event.
package offline
