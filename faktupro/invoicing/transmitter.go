package invoicing

import (
	"context"
	"iter"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// Connector finds the way to KSeF for a seller. It is called for every batch,
// so it keeps its logins; it is safe for concurrent use.
type Connector interface {
	Connect(ctx context.Context, seller pl.NIP) (Transmitter, error)
}

// ConnectorFunc is a function as a Connector.
type ConnectorFunc func(ctx context.Context, seller pl.NIP) (Transmitter, error)

// Connect calls f.
func (f ConnectorFunc) Connect(ctx context.Context, seller pl.NIP) (Transmitter, error) {
	return f(ctx, seller)
}

// Transmitter is what the service needs of KSeF in the context of one seller.
// It is safe for concurrent use.
//
// Errors are those of package ksef, because their distinctions decide: an error
// of Send for which errors.Is(err, ksef.ErrOutcomeUnknown) holds, or that is no
// *ksef.Error at all, counts as "may have arrived".
type Transmitter interface {
	// Open opens an online session.
	Open(ctx context.Context) (Session, error)
	// Close closes a session by its reference.
	Close(ctx context.Context, session string) error
	// Status returns the status of a session.
	Status(ctx context.Context, session string) (*ksef.SessionStatus, error)
	// Invoice returns the status of one invoice of a session.
	Invoice(ctx context.Context, session, reference string) (*ksef.InvoiceStatus, error)
	// Invoices yields the status of all invoices of a session.
	Invoices(ctx context.Context, session string) iter.Seq2[*ksef.InvoiceStatus, error]
	// Receipt returns the receipt (UPO) of an invoice exactly as KSeF wrote it,
	// by its reference, or by its KSeF number when reference is "".
	Receipt(ctx context.Context, session, reference string, number pl.KSeFNumber) ([]byte, error)
	// Download returns the document that KSeF holds under a number.
	Download(ctx context.Context, number pl.KSeFNumber) ([]byte, error)
}

// Session is an open online session.
type Session interface {
	Reference() string
	// Send hands over one document and returns its reference in the session.
	Send(ctx context.Context, xml []byte) (reference string, err error)
}
