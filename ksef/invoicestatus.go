package ksef

import (
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// InvoiceStatus is the state of an invoice in its session.
type InvoiceStatus struct {
	OrdinalNumber int
	InvoiceNumber string // the seller's number, "" if not readable
	// KSeFNumber is "" until accepted; also for duplicates. It is what KSeF
	// wrote, whatever that is: use its method Valid before trusting its form.
	KSeFNumber      pl.KSeFNumber
	ReferenceNumber string
	FileName        string // of a batch, else ""
	InvoiceHash     [32]byte
	// AcquisitionDate is when the KSeF number was given, InvoicingDate when
	// KSeF took the invoice, PermanentStorageDate when it was stored, which may
	// be unknown for a while after acceptance. Their order is not guaranteed.
	AcquisitionDate      time.Time
	InvoicingDate        time.Time
	PermanentStorageDate time.Time
	// UPODownloadURL gives the receipt without a login until UPOURLExpiresAt.
	// Treat it as a secret.
	UPODownloadURL  string
	UPOURLExpiresAt time.Time
	Mode            InvoicingMode // "" if not decided
	Status          Status
}

// Final reports whether the state will not change any more.
func (s *InvoiceStatus) Final() bool { return s.Status.Final() }

// Accepted reports whether the invoice is in KSeF under its KSeFNumber.
func (s *InvoiceStatus) Accepted() bool { return s.Status.Success() }

// Names of the extensions of status 440.
const (
	extOriginalNumber  = "originalKsefNumber"
	extOriginalSession = "originalSessionReferenceNumber"
)

// Duplicate reports that an invoice with the same seller, kind and number was
// in KSeF before, and under which KSeF number and session. The content may
// differ: compare hashes before taking the original for one's own. The number
// and the session are empty when KSeF does not tell them.
func (s *InvoiceStatus) Duplicate() (original pl.KSeFNumber, session string, ok bool) {
	if s.Status.Code != InvoiceDuplicate {
		return "", "", false
	}
	return pl.KSeFNumber(s.Status.Extensions[extOriginalNumber]), s.Status.Extensions[extOriginalSession], true
}

// Err is nil while the invoice is processed and when it was accepted, else a
// [*StatusError] that matches ErrRejected, ErrDuplicate or ErrUnavailable.
func (s *InvoiceStatus) Err() error {
	return statusError("accept invoice", s.ReferenceNumber, s.Status, invoiceStatuses)
}
