package invoicing

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
)

// CreateOptions are the optional facts about a new invoice.
type CreateOptions struct {
	// Key makes creation repeatable: a second call for the seller with the same
	// key and the same invoice returns the first one's record, with another
	// invoice it fails with ErrKeyReused. "" = none; at most 128 characters.
	Key string
	// Series numbers the invoice if it brings no number; "" = Config.Series.
	Series faktupro.NumberPattern
	// Replaces is the identifier of a rejected invoice of the same seller and
	// kind. KSeF never took it in, so its number was never used: the new
	// invoice takes the number over, and the rejected one stays as evidence.
	// That is refused when KSeF holds the number for another document (status
	// 440); such a sale needs a new number.
	Replaces string
}

const maxKeyLen = 128

// Create stores a draft. The invoice is validated as far as a draft can be: a
// *faktupro.ValidationError lists what is wrong.
func (s *Service) Create(ctx context.Context, inv *faktupro.Invoice, opt CreateOptions) (*Record, error) {
	d, err := s.newDraft(inv, opt)
	if err != nil {
		return nil, fmt.Errorf("invoicing: create: %w", err)
	}
	if err := s.fits(d); err != nil {
		return nil, fmt.Errorf("invoicing: create: %w", err)
	}
	rec, err := s.insert(ctx, d, s.insertDraft)
	if err != nil {
		return nil, fmt.Errorf("invoicing: create: %w", err)
	}
	s.announce(StepCreated)
	return rec, nil
}

// IssueDraft creates and issues an invoice in one transaction: either it is
// sealed when IssueDraft returns, or nothing of it exists.
func (s *Service) IssueDraft(ctx context.Context, inv *faktupro.Invoice, opt CreateOptions) (*Record, error) {
	d, err := s.newDraft(inv, opt)
	if err != nil {
		return nil, fmt.Errorf("invoicing: issue: %w", err)
	}
	rec, err := s.insert(ctx, d, s.insertSealed)
	if err != nil {
		return nil, fmt.Errorf("invoicing: issue: %w", err)
	}
	if rec.State == StateDraft { // the key's earlier call only created it
		return s.Issue(ctx, rec.ID)
	}
	s.sealed()
	return rec, nil
}

// draft is a new invoice on its way into the store.
type draft struct {
	rec  *Record
	inv  *faktupro.Invoice
	json []byte
}

func (s *Service) newDraft(inv *faktupro.Invoice, opt CreateOptions) (*draft, error) {
	if inv == nil {
		return nil, errors.New("no invoice")
	}
	if len(opt.Key) > maxKeyLen {
		return nil, fmt.Errorf("key is longer than %d characters", maxKeyLen)
	}
	orDefault(&opt.Series, s.cfg.Series)
	if err := opt.Series.Validate(); err != nil {
		return nil, err
	}
	if err := inv.Validate(faktupro.ValidateOptions{Now: s.now(), Draft: true}).Err(); err != nil {
		return nil, err
	}
	text, err := faktupro.EncodeInvoice(inv)
	if err != nil {
		return nil, err
	}
	id, err := newID(s.now(), s.cfg.Random)
	if err != nil {
		return nil, err
	}
	now := s.now()
	rec := &Record{
		ID: id, Version: 1, State: StateDraft, Series: opt.Series, Key: opt.Key, Replaces: opt.Replaces,
		Created: now, Updated: now,
	}
	// The stored draft is read back, so that what is sealed later is what was
	// stored and nothing else.
	if inv, err = faktupro.DecodeInvoice(text); err != nil {
		return nil, err
	}
	if err := rec.describe(inv); err != nil {
		return nil, err
	}
	return &draft{rec: rec, inv: inv, json: text}, nil
}

// fits refuses a draft that is too large for KSeF whatever number and date it
// gets. All else that a draft may lack is judged when it is issued.
func (s *Service) fits(d *draft) error {
	inv := *d.inv
	orDefault(&inv.Number, "1")
	orDefault(&inv.IssueDate, s.today())
	_, err := faktupro.EncodeFA3(&inv, s.now())
	if v, ok := errors.AsType[*faktupro.ValidationError](err); ok && v.Problems.Has("document.size") {
		return err
	}
	return nil
}

// describe copies into r what lists show of the invoice.
func (r *Record) describe(inv *faktupro.Invoice) error {
	totals, err := inv.Totals()
	if err != nil {
		return err
	}
	r.Seller, r.Kind, r.Number, r.IssueDate = inv.Seller.NIP, inv.Kind, inv.Number, inv.IssueDate
	r.Currency = inv.Currency
	orDefault(&r.Kind, faktupro.KindVAT)
	orDefault(&r.Currency, faktupro.DefaultCurrency)
	r.Net, r.VAT, r.Gross = totals.Net, totals.VAT, totals.Gross
	return nil
}

// insert stores a new invoice with fn, unless its key was used before. Where
// transactions run side by side, another one may insert the key between our
// look and our insert; ours is undone then, and a second look finds the other.
func (s *Service) insert(
	ctx context.Context, d *draft, fn func(context.Context, Tx, *draft) (*Record, error),
) (*Record, error) {
	rec, err := s.insertNew(ctx, d, fn)
	if !errors.Is(err, ErrKeyTaken) {
		return rec, err
	}
	return s.insertNew(ctx, d, func(context.Context, Tx, *draft) (*Record, error) { return nil, err })
}

func (s *Service) insertNew(
	ctx context.Context, d *draft, fn func(context.Context, Tx, *draft) (*Record, error),
) (*Record, error) {
	var rec *Record
	err := s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		earlier, err := byKey(ctx, tx, d)
		if err != nil || earlier != nil {
			rec = earlier
			return err
		}
		rec, err = fn(ctx, tx, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rec, nil
}

// byKey finds the invoice that was created under the same key.
func byKey(ctx context.Context, tx Tx, d *draft) (*Record, error) {
	if d.rec.Key == "" {
		return nil, nil
	}
	found, err := tx.Invoices(ctx, Filter{Seller: d.rec.Seller, Key: d.rec.Key, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	doc, err := tx.Document(ctx, found[0].ID)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(doc.Draft, d.json) {
		return nil, ErrKeyReused
	}
	return found[0], nil
}

func (s *Service) insertDraft(ctx context.Context, tx Tx, d *draft) (*Record, error) {
	if err := tx.InsertInvoice(ctx, d.rec, d.json); err != nil {
		return nil, err
	}
	return d.rec, tx.Audit(ctx, s.event(ctx, d.rec, audit.TypeInvoiceDrafted))
}
