package offline

import (
	"crypto/x509"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/qr"
	"github.com/faktupro/faktupro-go/pl"
)

// Session is the kind of session an invoice is sent in.
type Session int

// The kinds of session.
const (
	Online Session = iota // interactive, one invoice at a time
	Batch                 // a package
)

// Sending is how the client must send the document.
type Sending struct {
	OfflineMode bool // always true: send with offlineMode
	// Corrected is the hash to name as that of the corrected invoice
	// (hashOfCorrectedInvoice); no hash unless this is a technical correction.
	Corrected Hash
}

// Answer is what KSeF says of a sent invoice.
type Answer struct {
	Status int           // status code of the invoice in its session
	Number pl.KSeFNumber // with status 200
	// Original and OriginalHash are number and hash of the invoice that is
	// already there, with status 440. Fetch the hash by the number: the same
	// number of an invoice does not mean the same invoice.
	Original     pl.KSeFNumber
	OriginalHash Hash
}

// Coded takes Code II, made for the current bytes and signed with the
// certificate, which must be of type Offline and valid at the given time. It is
// possible until the invoice has its KSeF number. The error is ErrCode, an
// *OrderError or a *qr.Error.
func (d Document) Coded(code qr.CodeII, certificate *x509.Certificate, at time.Time) (Document, error) {
	if err := d.allow(stepCode); err != nil {
		return d, err
	}
	if Hash(code.Hash) != d.Hash || code.Seller != d.Seller {
		return d, fmt.Errorf("offline: take Code II: %w", ErrCode)
	}
	if err := code.VerifyIssuer(certificate, at); err != nil {
		return d, fmt.Errorf("offline: take Code II: %w", err)
	}
	link, err := code.Link()
	if err != nil {
		return d, fmt.Errorf("offline: take Code II: %w", err)
	}
	d.CodeII = link
	return d, nil
}

// GivenToBuyer records that the buyer was given the invoice outside KSeF. That
// needs both codes on it (art. 106nda(6)); Code I can always be made, Code II must
// have been taken by Coded. An invoice that the buyer receives in KSeF needs
// neither.
func (d Document) GivenToBuyer(at time.Time) (Document, error) {
	if err := d.allow(stepHand); err != nil {
		return d, err
	}
	if d.CodeII == "" {
		return d, refuse(stepHand, d.State)
	}
	if d.HandedOver.IsZero() {
		d.HandedOver = at.UTC()
	}
	return d, nil
}

// Sent records, before the call, that the document is being sent, and says how.
// A missed deadline is no reason not to send: KSeF takes invoices of any age. The
// error is ErrFuture when it is not yet the date of issue, else an *OrderError.
func (d Document) Sent(session Session, at time.Time) (Document, Sending, error) {
	if err := d.allow(stepSend); err != nil {
		return d, Sending{}, err
	}
	if session != Online && !d.Corrects.IsZero() {
		return d, Sending{}, refuse(stepSend, d.State)
	}
	if d.Issued.After(pl.DateOf(at)) {
		return d, Sending{}, fmt.Errorf("offline: send: %w", ErrFuture)
	}
	d.State, d.SentAt, d.Status = StateSent, at.UTC(), 0
	return d, Sending{OfflineMode: true, Corrected: d.Corrects}, nil
}

// NeverArrived records that a sending did not reach KSeF: the call failed before
// it, or the session's list of invoices does not have it.
func (d Document) NeverArrived() (Document, error) {
	if err := d.allow(stepAnswer); err != nil {
		return d, err
	}
	d.State, d.SentAt = StateIssued, time.Time{}
	return d, nil
}

// Answered records what became of a sent invoice. The error is ErrUnresolved when
// the answer leaves open whether this document is in KSeF: accepted without a
// number, or a duplicate of an invoice whose hash is not told. So is a refused
// call: when KSeF says that another technical correction was accepted (code 21166)
// or that the invoice itself was (21167), find its number and answer with status
// 200.
func (d Document) Answered(a Answer) (Document, error) {
	if err := d.allow(stepAnswer); err != nil {
		return d, err
	}
	switch VerdictOf(a.Status) {
	case VerdictPending:
		return d, nil
	case VerdictAccepted:
		return d.accept(a.Number)
	case VerdictDuplicate:
		return d.duplicate(a)
	case VerdictTechnical:
		return d.stop(StateRejected, a.Status), nil
	case VerdictAgain:
		return d.stop(StateIssued, a.Status), nil
	}
	return d.stop(StateBlocked, a.Status), nil
}

func (d Document) stop(state State, status int) Document {
	d.State, d.Status = state, status
	return d
}

func (d Document) accept(number pl.KSeFNumber) (Document, error) {
	if number == "" {
		return d, fmt.Errorf("offline: accepted without a KSeF number: %w", ErrUnresolved)
	}
	d.KSeFNumber = number
	return d.stop(StateAccepted, 0), nil
}

// duplicate: the same bytes in KSeF are this invoice, sent before; others are
// another invoice that has the same number.
func (d Document) duplicate(a Answer) (Document, error) {
	switch {
	case a.OriginalHash.IsZero():
		return d, fmt.Errorf("offline: duplicate of an invoice with unknown hash: %w", ErrUnresolved)
	case a.OriginalHash == d.Hash:
		return d.accept(a.Original)
	}
	return d.stop(StateRejected, a.Status), nil
}

// Released records that a total failure has cancelled the duty to send. The
// invoice stays outside KSeF.
func (d Document) Released(events []Event) (Document, error) {
	if err := d.allow(stepRelease); err != nil {
		return d, err
	}
	deadline, err := d.Deadline(events)
	if err != nil {
		return d, err
	}
	if deadline.Duty != DutyNone {
		return d, refuse(stepRelease, d.State)
	}
	return d.stop(StateReleased, 0), nil
}

// MayBeCorrected reports whether a correcting invoice (faktura korygująca) may be
// issued for this one: an *OrderError until it has its KSeF number. A technical
// correction is another thing, see Corrected.
func (d Document) MayBeCorrected() error { return d.allow(stepCredit) }
