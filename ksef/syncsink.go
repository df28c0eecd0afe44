package ksef

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"github.com/faktupro/faktupro-go/pl"
)

// SyncSink takes the invoices that a [Sync] receives: a database, a queue, an
// accounting program.
type SyncSink interface {
	// Receive returns nil when it has the invoice for good. It is called once
	// for every invoice in the ordinary case, and again with the same Key when
	// the process died, or the checkpoint could not be saved, after the sink
	// had confirmed: taking the same Key twice must change nothing. An error
	// ends the run; the next one begins with this invoice or an earlier one.
	Receive(ctx context.Context, d SyncDelivery) error
}

// SyncSinkFunc makes a SyncSink of a function.
type SyncSinkFunc func(ctx context.Context, d SyncDelivery) error

// Receive calls the function.
func (f SyncSinkFunc) Receive(ctx context.Context, d SyncDelivery) error { return f(ctx, d) }

// SyncDelivery is one invoice on its way to the sink.
type SyncDelivery struct {
	// Key is the same whenever the same invoice is delivered in the same role
	// and context, and never for another. It is 43 characters long and tells
	// nothing about the invoice.
	Key string
	// Context received the invoice, Role is its role on it. An invoice on which
	// it has several is delivered once for each that is synchronised.
	Context ContextID
	Role    SubjectRole
	Invoice *ReceivedInvoice
}

// SinkError reports a sink that did not take an invoice.
type SinkError struct {
	// Key is that of the delivery.
	Key string
	Err error
}

// Error describes the failure.
func (e *SinkError) Error() string { return "ksef: sink: " + e.Err.Error() }

// Unwrap returns what the sink returned.
func (e *SinkError) Unwrap() error { return e.Err }

// deliveryKey is of the stream and the number.
func deliveryKey(stream string, number pl.KSeFNumber) string {
	sum := sha256.Sum256([]byte(stream + "\x00" + string(number)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
