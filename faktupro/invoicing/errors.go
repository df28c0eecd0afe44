package invoicing

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers branch on, with errors.Is. What is wrong with an invoice
// itself comes as a *faktupro.ValidationError instead.
var (
	// ErrNotFound: there is no invoice with this identifier.
	ErrNotFound = errors.New("invoice not found")
	// ErrConflict: the invoice is in a state that does not allow this, or
	// somebody else changed it meanwhile. A [StateError] says which.
	ErrConflict = errors.New("conflict with the state of the invoice")
	// ErrNotReady: the XML or the receipt asked for does not exist yet.
	ErrNotReady = errors.New("not ready yet")
	// ErrCursor: the cursor was not made by List.
	ErrCursor = errors.New("unknown cursor")
	// ErrUpstream: KSeF, or the way to it, failed for now. The invoice stays in
	// the queue and is tried again by Run. An [UpstreamError] says when.
	ErrUpstream = errors.New("KSeF is not available for now")
	// ErrInTransaction: a Service from [Service.Using] was asked to transmit. What
	// it issued is not committed, and KSeF must not see it before.
	ErrInTransaction = errors.New("no transmitting inside the host's transaction; commit it, then call the outer service")
	// ErrKeyReused: the key of [CreateOptions] was used for a different invoice,
	// or for the same one with another Series or Replaces.
	ErrKeyReused = errors.New("key was used for a different invoice")
	// ErrDamaged: the stored document or receipt does not match the hash that was
	// recorded with it. It is neither sent nor handed out; the true bytes are to
	// be restored from a backup, or from KSeF once it has accepted the invoice.
	ErrDamaged = errors.New("stored document does not match its hash")
)

// Errors that a [Store] reports and the service translates.
var (
	// ErrNumberTaken: another invoice of the seller holds the number.
	ErrNumberTaken = errors.New("number is taken")
	// ErrKeyTaken: another invoice of the seller has the key.
	ErrKeyTaken = errors.New("key is taken")
	// ErrLeaseLost: the lease ran out and another worker took the entry over.
	ErrLeaseLost = errors.New("lease is lost")
	// ErrText: a text contains a NUL byte, which no database column can hold.
	ErrText = errors.New("text contains a NUL byte")
)

// StateError is an operation refused because of the state of an invoice.
// errors.Is(err, ErrConflict) holds.
type StateError struct {
	ID     string
	State  State  // the state it is in
	Op     string // what was asked, e.g. "retry"
	Reason string // why the state does not allow it
}

// Error names the operation, the invoice, its state and the reason.
func (e *StateError) Error() string {
	return fmt.Sprintf("%s invoice %s: it is %s: %s", e.Op, e.ID, e.State, e.Reason)
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *StateError) Is(target error) bool { return target == ErrConflict }

// UpstreamError is a failure of KSeF or of the way to it that time may heal.
// errors.Is(err, ErrUpstream) holds, and the cause is in the chain.
type UpstreamError struct {
	Op    string    // what was tried, e.g. "open session"
	Until time.Time // when it is tried again; zero when unknown
	Err   error
}

// Error names the operation and its cause.
func (e *UpstreamError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %v, next attempt at %s", e.Op, ErrUpstream, e.Until.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("%s: %v", e.Op, e.Err)
}

// Unwrap returns the cause.
func (e *UpstreamError) Unwrap() error { return e.Err }

// Is makes errors.Is(err, ErrUpstream) true.
func (e *UpstreamError) Is(target error) bool { return target == ErrUpstream }
