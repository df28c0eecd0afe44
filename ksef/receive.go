package ksef

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/faktupro/faktupro-go/pl"
)

// ReceivedInvoice is an invoice as KSeF gave it, with what KSeF says about it.
type ReceivedInvoice struct {
	KSeFNumber pl.KSeFNumber
	// XML is the invoice, byte for byte as its issuer sent it; nil when only
	// metadata were asked for.
	XML []byte
	// SHA256 of XML, compared with the hash in Metadata.
	SHA256   [sha256.Size]byte
	Metadata *InvoiceMetadata
}

// String leaves the content out.
func (r *ReceivedInvoice) String() string { return fmt.Sprintf("invoice of %d bytes", len(r.XML)) }

// GoString keeps the content out of %#v.
func (r *ReceivedInvoice) GoString() string { return r.String() }

// received joins a document with its metadata. The hash decides: it is what the
// seller's confirmation and the code on the invoice name.
func received(xml []byte, sum [sha256.Size]byte, m *InvoiceMetadata) (*ReceivedInvoice, error) {
	if subtle.ConstantTimeCompare(sum[:], m.InvoiceHash) != 1 {
		return nil, fmt.Errorf("invoice and its metadata: %w", ErrHashMismatch)
	}
	return &ReceivedInvoice{KSeFNumber: m.KSeFNumber, XML: xml, SHA256: sum, Metadata: m}, nil
}
