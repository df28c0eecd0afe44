package invoicing

import (
	"context"
	"time"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/pl"
)

// Store keeps invoices. It is safe for concurrent use.
//
// Update runs fn in one transaction that is isolated from all others and is on
// disk when Update returns nil. When fn or the commit fails, nothing of it
// remains. fn may run only once, and calls nothing but tx: not the Store
// itself, because an embedded database has a single writer.
//
// The package storetest checks an implementation.
type Store interface {
	Reader
	Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Reader reads committed state, or inside a transaction the transaction's own.
type Reader interface {
	// Invoice returns one record; ErrNotFound when there is none.
	Invoice(ctx context.Context, id string) (*Record, error)
	// Invoices returns the records that match f, newest first.
	Invoices(ctx context.Context, f Filter) ([]*Record, error)
	// Document returns the content of an invoice; ErrNotFound.
	Document(ctx context.Context, id string) (*Document, error)
	// Receipt returns the stored receipt; ErrNotFound.
	Receipt(ctx context.Context, id string) (*Receipt, error)
	// Attempts returns the attempts at sending, oldest first.
	Attempts(ctx context.Context, id string) ([]Attempt, error)
	// NextDue returns when the earliest queue entry can be claimed, now or an
	// earlier instant when that is at once; zero when the queue is empty.
	NextDue(ctx context.Context, kind string, now time.Time) (time.Time, error)
}

// Filter selects invoices. Empty fields match everything.
type Filter struct {
	IDs    []string
	Seller pl.NIP
	States []State
	Key    string
	Before string // only identifiers that sort before this one
	Limit  int    // 0 = no limit
}

// Tx is a transaction of a Store.
type Tx interface {
	Reader
	Numbers
	Queue

	// InsertInvoice stores a new record with its draft; ErrKeyTaken when
	// another invoice of the seller has its key.
	InsertInvoice(ctx context.Context, r *Record, draft []byte) error
	// UpdateInvoice stores r as version r.Version, if the stored one is
	// r.Version-1; otherwise ErrConflict.
	UpdateInvoice(ctx context.Context, r *Record) error
	// PutDocument replaces the content of an invoice.
	PutDocument(ctx context.Context, id string, d Document) error
	// PutAttempt stores an attempt under (InvoiceID, Seq), replacing it.
	PutAttempt(ctx context.Context, a Attempt) error
	// PutReceipt stores a receipt; a second one for the invoice is ignored.
	PutReceipt(ctx context.Context, r Receipt) error
	// Audit stores events for the audit log; they are relayed in order. An
	// event whose ID is waiting already is ignored.
	Audit(ctx context.Context, events ...audit.Event) error
}

// Numbers hands out invoice numbers. All calls take part in the transaction: a
// rollback gives the numbers back, which is why a series has no gaps.
type Numbers interface {
	// NextNumber takes the next ordinal of a series, from 1 on.
	NextNumber(ctx context.Context, s Series) (int64, error)
	// SkipTo makes next the next ordinal of a series, if it is not beyond.
	SkipTo(ctx context.Context, s Series, next int64) error
	// ClaimNumber reserves a number for an invoice for ever; ErrNumberTaken
	// when another invoice holds it.
	ClaimNumber(ctx context.Context, n Number, id string) error
	// MoveNumber hands a number over from one invoice to another;
	// ErrNumberTaken when from does not hold it.
	MoveNumber(ctx context.Context, n Number, from, to string) error
}

// Series identifies a counter.
type Series struct {
	Seller  pl.NIP
	Pattern faktupro.NumberPattern
	Period  string // as the pattern defines it, e.g. "2026-11"
}

// Number is what must be unique in the whole of KSeF: its own key for
// duplicates is seller, kind and number.
type Number struct {
	Seller pl.NIP
	Kind   faktupro.Kind
	Number string
}

// Queue is the outbox. A claimed job carries a fence; the calls that take a
// job fail with ErrLeaseLost when the stored fence is another one, so a worker
// that slept through its lease can no longer write.
//
// The instants in a queue are believed only up to MaxAhead of the caller's now.
// A later one was written while a clock was wrong: a due time, lease or hold
// like that counts as over, and must not stop a seller for years.
type Queue interface {
	// Enqueue adds a job; one that exists under (Kind, Subject) is replaced.
	Enqueue(ctx context.Context, j Job) error
	// Claim leases due jobs of one seller, the one that waited longest.
	Claim(ctx context.Context, c Claim) ([]Job, error)
	// Extend moves the end of the lease.
	Extend(ctx context.Context, j Job, until time.Time) error
	// Release ends the lease and stores Due, Failures and LastError.
	Release(ctx context.Context, j Job) error
	// Complete removes the job.
	Complete(ctx context.Context, j Job) error
	// Hold keeps all jobs of a seller from being claimed until then. An earlier
	// instant than the stored one is ignored, unless the stored one is more than
	// MaxAhead ahead of now.
	Hold(ctx context.Context, seller pl.NIP, now, until time.Time) error
}

// MaxPause is the longest pause that the service puts into the queue, be it
// demanded by KSeF, which asks for up to some 45 minutes, or its own. Longer
// ones are cut down to it.
const MaxPause = 2 * time.Hour

// MaxAhead is how far ahead of the caller's clock an instant in the queue may
// lie: a MaxPause, and what the clocks of two processes may differ by.
const MaxAhead = MaxPause + time.Hour

// JobTransmit is the kind of the jobs that bring an invoice to KSeF and its
// receipt back.
const JobTransmit = "transmit"

// Job is one entry of the queue.
type Job struct {
	Kind    string
	Subject string // identifier of the invoice
	Seller  pl.NIP
	Due     time.Time

	Failures  int
	LastError string

	Fence      string    // set by Claim
	LeaseUntil time.Time // set by Claim
}

// Claim says which jobs a worker wants. A job can be claimed when it is not
// leased, or the lease has ended, or it is held by an earlier process of the
// same Worker (same name, other Instance), and its seller is not on hold.
// Leases, holds and due times more than MaxAhead ahead of Now count as over.
type Claim struct {
	Kind     string
	Subject  string // only this one, whether due or not; "" = any that is due
	Worker   string
	Instance string // differs between processes of the same Worker
	Fence    string // stored with the jobs; different for every claim
	Now      time.Time
	Until    time.Time // end of the lease
	Limit    int       // at least 1
}
