package invoicing

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/pl"
)

// Record is what the service knows about one invoice. Instants are UTC with
// microseconds; a zero instant means "has not happened".
type Record struct {
	ID      string // "inv_" and 26 characters; sorts by time of creation
	Version int64  // 1 at creation, one more with every change
	State   State

	Seller    pl.NIP
	Kind      faktupro.Kind // kind of the document (RodzajFaktury)
	Number    string        // invoice number (P_2); "" while a draft waits for one
	Series    faktupro.NumberPattern
	IssueDate pl.Date // P_1
	Currency  string  // ISO 4217

	// Totals in Currency, two decimal places.
	Net, VAT, Gross faktupro.Decimal

	SHA256     [32]byte // of the XML; zero while a draft
	KSeFNumber pl.KSeFNumber
	Rejection  *Rejection // set in StateRejected only

	// Key is the caller's own key, unique per seller; "" = none.
	Key string
	// Replaces is the rejected invoice whose number this one takes over;
	// ReplacedBy is the reverse.
	Replaces, ReplacedBy string

	// The current attempt at sending: its ordinal from 1 on, the session and
	// the invoice's reference inside it.
	Attempt            int
	Session, Reference string
	// Origin is set when KSeF called the document a duplicate.
	Origin Origin

	Created, Sealed, Sent, Accepted, Settled, Updated time.Time

	// Pending is the queue entry; nil when there is nothing left to do.
	Pending *Pending
}

// Rejection is KSeF's refusal of a document.
type Rejection struct {
	Code        int    // status of the invoice in its session, e.g. 450
	Description string // as KSeF wrote it; may be Polish
	Details     []string
	// Duplicate is the KSeF number of the other document that holds the same
	// seller, kind and number; set with code 440.
	Duplicate pl.KSeFNumber
}

// Origin names the document that KSeF already holds under our number.
type Origin struct {
	Number  pl.KSeFNumber
	Session string
}

// Pending is the state of the work that is left for an invoice. The service
// leaves out of it what was written under a wrong clock, see [MaxAhead].
type Pending struct {
	Due        time.Time // earliest next attempt
	Failures   int       // failed attempts in a row
	LastError  string    // of the last one; no personal data
	LeaseUntil time.Time // a worker holds it until then; zero = nobody
	HeldUntil  time.Time // KSeF asked not to be called for this seller before
}

// believe makes of the instants of r what the queue makes of them: those that
// lie too far ahead count as over.
func (r *Record) believe(now time.Time) *Record {
	if r == nil || r.Pending == nil {
		return r
	}
	p, last := r.Pending, now.Add(MaxAhead)
	if p.Due.After(last) {
		p.Due = now
	}
	for _, until := range []*time.Time{&p.LeaseUntil, &p.HeldUntil} {
		if until.After(last) {
			*until = time.Time{}
		}
	}
	return r
}

// Outcome is how far one attempt at sending came.
type Outcome string

// Outcomes of an attempt.
const (
	OutcomeIntended    Outcome = "intended"     // recorded before sending
	OutcomeSent        Outcome = "sent"         // taken in by KSeF
	OutcomeUnknown     Outcome = "unknown"      // answer lost
	OutcomeNotReceived Outcome = "not-received" // proven not to have arrived
	OutcomeFailed      Outcome = "failed"       // taken in, but KSeF failed at it
	OutcomeAccepted    Outcome = "accepted"     // ended with a KSeF number
	OutcomeRejected    Outcome = "rejected"     // ended with a refusal
)

// Attempt is one attempt at sending an invoice. They are kept as evidence.
type Attempt struct {
	InvoiceID string
	Seq       int    // 1, 2, 3, …
	Session   string // reference of the online session
	Reference string // of the invoice inside the session; "" while unknown
	Outcome   Outcome
	Code      int // status code or error code KSeF gave; 0 = none
	Reason    string
	Origin    Origin
	Started   time.Time
	Updated   time.Time
}

// Receipt is the official confirmation of receipt (UPO) exactly as received.
type Receipt struct {
	InvoiceID  string
	KSeFNumber pl.KSeFNumber
	Session    string // the session it speaks of
	XML        []byte
	SHA256     [32]byte
	Received   time.Time
}

// Document is the content of an invoice: the draft as JSON and, once sealed,
// the exact bytes that are sent to KSeF.
type Document struct {
	Draft []byte
	XML   []byte
}

// EventIDs returns the identifiers of the audit events of the invoice, oldest
// first: one for each version.
func (r *Record) EventIDs() []string {
	ids := make([]string, r.Version)
	for i := range ids {
		ids[i] = eventID(r.ID, int64(i+1))
	}
	return ids
}

// LastEventID returns the identifier of the audit event of the latest change,
// the key under which an audit log proves it.
func (r *Record) LastEventID() string { return eventID(r.ID, r.Version) }

func eventID(id string, version int64) string { return fmt.Sprintf("%s.%d", id, version) }

// clone copies r so that a failed transaction leaves the original as it was.
func (r *Record) clone() *Record {
	c := *r
	if r.Rejection != nil {
		rejection := *r.Rejection
		rejection.Details = append([]string(nil), r.Rejection.Details...)
		c.Rejection = &rejection
	}
	if r.Pending != nil {
		pending := *r.Pending
		c.Pending = &pending
	}
	return &c
}
