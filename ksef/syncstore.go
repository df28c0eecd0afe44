package ksef

import (
	"context"
	"errors"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// What a [SyncStore] answers, for errors.Is.
var (
	// ErrLeaseHeld: another process receives this stream now.
	ErrLeaseHeld = errors.New("another process is receiving")
	// ErrLeaseLost: the lease ran out and somebody else took it. What was
	// delivered meanwhile is delivered again by the other.
	ErrLeaseLost = errors.New("lease lost to another process")
	// ErrCheckpoint: a stored checkpoint cannot be read.
	ErrCheckpoint = errors.New("stored checkpoint cannot be read")
)

// SyncStore keeps how far receiving has come, for every stream by itself: a
// stream is a context in an environment in one role. Package kseftest has
// the suite that every implementation passes.
//
// A lease keeps processes apart. It ends at its time, so that a process that
// died does not block the others for ever, and it has a number that only grows:
// whoever lost the lease is recognised by the old number and cannot overwrite
// what the next one saved. The clock is that of the callers; a lease that ends
// more than [MaxSyncLease] after now is of a clock that was wrong and does not
// count.
type SyncStore interface {
	// Acquire takes the lease of a stream that nobody has at now, or is
	// ErrLeaseHeld. Its Fence is greater than those of all leases before.
	Acquire(ctx context.Context, stream, owner string, now, until time.Time) (SyncLease, error)
	// Renew makes the lease end later, also when it has run out and nobody took
	// it; ErrLeaseLost when somebody did.
	Renew(ctx context.Context, lease SyncLease, until time.Time) error
	// Release ends the lease. One that is lost already is no error.
	Release(ctx context.Context, lease SyncLease) error
	// Load gives the checkpoint of a stream, the zero SyncCheckpoint if there is
	// none. It needs no lease.
	Load(ctx context.Context, stream string) (SyncCheckpoint, error)
	// Save replaces the checkpoint, durably, or is ErrLeaseLost.
	Save(ctx context.Context, lease SyncLease, c SyncCheckpoint) error
}

// MaxSyncLease is the longest lease that is believed.
const MaxSyncLease = time.Hour

// SyncLease is the right to receive a stream.
type SyncLease struct {
	Stream string
	Owner  string // for people
	Fence  int64
}

// SyncLeaseHeld reports whether a lease that ends at until holds at now, for
// implementations of [SyncStore].
func SyncLeaseHeld(until, now time.Time) bool {
	return until.After(now) && !until.After(now.Add(MaxSyncLease))
}

// SyncCheckpoint is how far receiving a stream has come. It has a form in JSON.
type SyncCheckpoint struct {
	// Position is the time of permanent storage up to which everything was
	// delivered. It never goes back, except by Rewind.
	Position time.Time `json:"position,omitzero"`
	// Recent are the invoices delivered after Position less the overlap, which
	// will be met again.
	Recent []SyncReceipt `json:"recent,omitempty"`
	// Pending is an export that was asked for and not delivered entirely.
	Pending *SyncPending `json:"pending,omitempty"`
	// Delivered counts the invoices given to the sink since the beginning.
	Delivered int64 `json:"delivered,omitempty"`
	// Saved is when the checkpoint was written.
	Saved time.Time `json:"saved,omitzero"`
}

// SyncReceipt is one invoice that the sink confirmed.
type SyncReceipt struct {
	KSeFNumber pl.KSeFNumber `json:"number"`
	Stored     time.Time     `json:"stored,omitzero"` // permanent storage
}

// SyncPending is an export under way.
type SyncPending struct {
	Reference string `json:"reference"`
	// Ticket is the export's ticket, sealed by [SyncConfig.Sealer].
	Ticket []byte `json:"ticket"`
	// From and To are the range that was asked for, To zero for no end; Asked is
	// when.
	From  time.Time `json:"from"`
	To    time.Time `json:"to,omitzero"`
	Asked time.Time `json:"asked"`
}
