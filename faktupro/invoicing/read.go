package invoicing

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/pl"
)

// Page sizes of List.
const (
	DefaultPageSize = 50
	MaxPageSize     = 500
)

// Query selects invoices for List. Empty fields match everything.
type Query struct {
	Seller pl.NIP
	States []State
	Limit  int    // 0 = DefaultPageSize; more than MaxPageSize is cut down to it
	Cursor string // Page.Next of the page before; "" = the newest
}

// Page is a part of a list, newest first.
type Page struct {
	Records []*Record
	Next    string // cursor of the next page; "" = this is the last
}

// record reads a record for the world outside.
func (s *Service) record(ctx context.Context, id string) (*Record, error) {
	rec, err := s.store.Invoice(ctx, id)
	if err != nil {
		return nil, err
	}
	return rec.believe(s.now()), nil
}

// Get returns the record of an invoice.
func (s *Service) Get(ctx context.Context, id string) (*Record, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: get: %w", err)
	}
	return rec, nil
}

// List returns a page of invoices, newest first. Invoices that are created
// while somebody turns pages do not shift them.
func (s *Service) List(ctx context.Context, q Query) (*Page, error) {
	before, err := decodeCursor(q.Cursor)
	if err != nil {
		return nil, fmt.Errorf("invoicing: list: %w", err)
	}
	limit := min(q.Limit, MaxPageSize)
	if limit <= 0 {
		limit = DefaultPageSize
	}
	records, err := s.store.Invoices(ctx, Filter{Seller: q.Seller, States: q.States, Before: before, Limit: limit + 1})
	if err != nil {
		return nil, fmt.Errorf("invoicing: list: %w", err)
	}
	for _, r := range records {
		r.believe(s.now())
	}
	page := &Page{Records: records}
	if len(records) > limit {
		page.Records = records[:limit]
		page.Next = encodeCursor(records[limit-1].ID)
	}
	return page, nil
}

// Invoice returns the content of an invoice, with number and date once it is
// issued.
func (s *Service) Invoice(ctx context.Context, id string) (*faktupro.Invoice, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: invoice: %w", err)
	}
	doc, err := s.store.Document(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: invoice: %w", err)
	}
	inv, err := faktupro.DecodeInvoice(doc.Draft)
	if err != nil {
		return nil, fmt.Errorf("invoicing: invoice: %w", err)
	}
	orDefault(&inv.Number, rec.Number)
	orDefault(&inv.IssueDate, rec.IssueDate)
	return inv, nil
}

// XML returns the document of an issued invoice, byte for byte what KSeF gets;
// ErrNotReady for a draft, ErrDamaged when the stored bytes are not those that
// were sealed.
func (s *Service) XML(ctx context.Context, id string) ([]byte, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: xml: %w", err)
	}
	if !rec.State.Sealed() {
		return nil, fmt.Errorf("invoicing: xml: the invoice is a draft: %w", ErrNotReady)
	}
	xml, err := s.sealedXML(ctx, rec)
	if err != nil {
		return nil, fmt.Errorf("invoicing: xml: %w", err)
	}
	return xml, nil
}

// sealedXML reads the sealed bytes and checks that they are the sealed ones.
func (s *Service) sealedXML(ctx context.Context, rec *Record) ([]byte, error) {
	doc, err := s.store.Document(ctx, rec.ID)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(doc.XML) != rec.SHA256 {
		return nil, ErrDamaged
	}
	return doc.XML, nil
}

// UPO returns the official receipt as received, with its hash; ErrNotReady
// until the invoice is confirmed, ErrDamaged when the stored bytes are not those
// that were received.
func (s *Service) UPO(ctx context.Context, id string) (*Receipt, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: upo: %w", err)
	}
	if rec.State != StateConfirmed {
		return nil, fmt.Errorf("invoicing: upo: the invoice is %s: %w", rec.State, ErrNotReady)
	}
	receipt, err := s.store.Receipt(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: upo: %w", err)
	}
	if sha256.Sum256(receipt.XML) != receipt.SHA256 {
		return nil, fmt.Errorf("invoicing: upo: %w", ErrDamaged)
	}
	return receipt, nil
}

// Attempts returns the attempts at sending an invoice, oldest first.
func (s *Service) Attempts(ctx context.Context, id string) ([]Attempt, error) {
	attempts, err := s.store.Attempts(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: attempts: %w", err)
	}
	return attempts, nil
}
