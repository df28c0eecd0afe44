package invoicing

import (
	"context"
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

// Get returns the record of an invoice.
func (s *Service) Get(ctx context.Context, id string) (*Record, error) {
	rec, err := s.store.Invoice(ctx, id)
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
	rec, err := s.store.Invoice(ctx, id)
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
// ErrNotReady for a draft.
func (s *Service) XML(ctx context.Context, id string) ([]byte, error) {
	doc, err := s.store.Document(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("invoicing: xml: %w", err)
	}
	if len(doc.XML) == 0 {
		return nil, fmt.Errorf("invoicing: xml: the invoice is a draft: %w", ErrNotReady)
	}
	return doc.XML, nil
}

// UPO returns the official receipt as received, with its hash; ErrNotReady
// until the invoice is confirmed.
func (s *Service) UPO(ctx context.Context, id string) (*Receipt, error) {
	rec, err := s.store.Invoice(ctx, id)
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
