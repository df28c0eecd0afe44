package upo

import (
	"errors"
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// Expected is what the holder of an invoice knows about it. InvoiceHash has to
// be given, because only the hash ties a receipt to the bytes of an invoice; the
// other fields are compared unless they are empty.
type Expected struct {
	InvoiceHash      [32]byte // SHA-256 of the invoice as sent
	KSeFNumber       pl.KSeFNumber
	SellerNIP        pl.NIP
	InvoiceNumber    string
	SessionReference string // leave empty for a duplicate: its receipt belongs to the first session
}

// Field names a property that differs.
type Field string

// The fields of a MismatchError.
const (
	FieldKSeFNumber       Field = "KSeF number"
	FieldInvoiceHash      Field = "invoice hash"
	FieldSellerNIP        Field = "seller NIP"
	FieldInvoiceNumber    Field = "invoice number"
	FieldSessionReference Field = "session reference"
)

// ErrMismatch is matched by every MismatchError.
var ErrMismatch = errors.New("the receipt is for something else")

// MismatchError lists everything in which a receipt differs from what was
// expected, without the values.
type MismatchError struct {
	Fields []Field
}

// Error lists the fields.
func (e *MismatchError) Error() string {
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = string(f)
	}
	return "upo: " + ErrMismatch.Error() + ": " + strings.Join(names, ", ")
}

// Is makes errors.Is(err, ErrMismatch) work.
func (e *MismatchError) Is(target error) bool { return target == ErrMismatch }

// Has reports whether a field is among those that differ.
func (e *MismatchError) Has(f Field) bool {
	for _, g := range e.Fields {
		if f == g {
			return true
		}
	}
	return false
}

// Check compares the receipt with an invoice. On a page with many documents it
// is the one with the KSeF number that counts, or with the hash when no number
// is expected. The error is a *MismatchError.
//
// Check says nothing about the signature: call it on what Verify returned.
func (c *Confirmation) Check(want Expected) error {
	var diff MismatchError
	if want.SessionReference != "" && want.SessionReference != c.SessionReference {
		diff.Fields = append(diff.Fields, FieldSessionReference)
	}
	d, missing := c.pick(want)
	if d == nil {
		diff.Fields = append(diff.Fields, missing)
		return &diff
	}
	if want.KSeFNumber != "" && want.KSeFNumber != d.KSeFNumber {
		diff.Fields = append(diff.Fields, FieldKSeFNumber)
	}
	if want.InvoiceHash != d.InvoiceHash || want.InvoiceHash == [32]byte{} {
		diff.Fields = append(diff.Fields, FieldInvoiceHash)
	}
	if want.SellerNIP != "" && want.SellerNIP != d.SellerNIP {
		diff.Fields = append(diff.Fields, FieldSellerNIP)
	}
	if want.InvoiceNumber != "" && want.InvoiceNumber != d.InvoiceNumber {
		diff.Fields = append(diff.Fields, FieldInvoiceNumber)
	}
	if len(diff.Fields) > 0 {
		return &diff
	}
	return nil
}

// pick finds the document that is meant, or names what it was looked up by.
func (c *Confirmation) pick(want Expected) (*Document, Field) {
	if len(c.Documents) == 1 {
		return &c.Documents[0], ""
	}
	if want.KSeFNumber != "" {
		return c.Find(want.KSeFNumber), FieldKSeFNumber
	}
	for i := range c.Documents {
		if c.Documents[i].InvoiceHash == want.InvoiceHash {
			return &c.Documents[i], ""
		}
	}
	return nil, FieldInvoiceHash
}
