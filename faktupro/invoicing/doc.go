// Package invoicing issues invoices and brings them to KSeF, the Polish national
// e-invoicing system, so that a crash at any moment loses nothing and doubles
// nothing.
//
//	service, err := invoicing.New(invoicing.Config{
//		Store:   st,                                       // see package store
//		Connect: invoicing.NewLogins(client, credentials), // see package ksef
//		Trust:   upo.Trust{Certificates: ministry},
//	})
//	go service.Run(ctx)
//	rec, err := service.IssueDraft(ctx, inv, invoicing.CreateOptions{})
//	rec, err = service.Deliver(ctx, rec.ID) // or leave it to Run
//	fmt.Println(rec.Number, rec.KSeFNumber, rec.State)
//
// # The life of an invoice
//
// An invoice is a draft until [Service.Issue] seals it: in one transaction it
// gets its number, is validated with the date of the day, encoded as FA(3) and
// hashed, and is put into the queue. From then on its bytes never change. A
// worker opens a session, records which, sends, records KSeF's reference, reads
// the verdict, and fetches the official receipt (UPO), whose signature and
// hash it verifies before it stores it as received. [Transitions] lists all
// changes of state; each is committed together with its audit event.
//
// # What happens when something breaks
//
// KSeF has no idempotency key, so the question after every lost answer is
// whether KSeF has the invoice. The session is recorded before anything is sent
// in it; whoever finds the invoice later, be it the same process or its
// successor, looks for the document's hash in that session. If it is there, the
// invoice is adopted. If not, the session is closed, so that no delayed request
// can arrive in it any more, and only when KSeF says that it is over and does
// not hold the hash, the invoice is sent again in another one. While KSeF does
// not answer, the invoice stays in [StateUnknown], as long as it takes.
//
// When KSeF calls an invoice a duplicate (status 440), the original decides: if
// it has the same hash, an earlier attempt was taken in and the invoice takes
// over its KSeF number and its receipt; otherwise somebody else used the number
// and the invoice is rejected.
//
// Technical failures of KSeF (405, 435, 500, 550) say nothing of the document;
// it is sent again after a pause. A receipt that does not verify is not stored
// and is asked for again; the invoice stays accepted meanwhile.
//
// # Rejected invoices
//
// A rejected invoice stays as it is, with code and reasons, as evidence. KSeF
// never took it in, so it was not issued and its number was not used. Two ways
// lead on: [Service.Retry] sends the same bytes again, when the reason lay
// outside the document; [CreateOptions.Replaces] issues a corrected document
// that takes over the number, once. A number that KSeF holds for another
// document is lost to both: the sale needs a new number.
//
// # Numbers
//
// A number is unique per seller and kind, as it is in KSeF. A series hands out
// its ordinals without gaps, because they are taken in the transaction that
// issues the invoice, and skips numbers that an invoice brought as its own.
//
// # In the host's transaction
//
// [Service.Using] issues invoices in a transaction that the host commits,
// together with an order for instance. Nothing is announced or sent before that
// commit; the host calls [Service.Wake] after it, or Run finds the invoices by
// itself. Until the transaction ends, call only the Service from Using.
//
// # Workers
//
// Any number of processes work on one store. An invoice is leased to one worker
// at a time; a write under a lease that was lost is refused. A dead worker's
// invoices are taken over when their leases end, or at once by a process with
// the same Config.Worker. Failures are repeated with exponential backoff; a
// pause that KSeF demands (Retry-After) holds all invoices of the seller, for at
// most [MaxPause]. What a wrong clock wrote into the queue, a lease or a pause
// that ends in some years, is over as soon as the clock is right again.
//
// # Errors
//
// A wrong invoice is a *faktupro.ValidationError, a wrong state a [*StateError]
// (ErrConflict), a failure that time may heal an [*UpstreamError] (ErrUpstream).
// Stored bytes that do not match their hash are ErrDamaged and leave the store
// for nobody.
// Their texts hold no personal data.
package invoicing
