package invoicing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
)

// CreateOptions are the optional facts about a new invoice.
type CreateOptions struct {
	// Key makes creation repeatable: a second call for the seller with the same
	// key, invoice, Series and Replaces returns the first one's record; when any
	// of them differs it fails with ErrKeyReused. "" = none; at most 128
	// characters of UTF-8, none of them a control character.
	Key string
	// Series numbers the invoice if it brings no number; "" = Config.Series, or
	// Config.KindSeries of its kind.
	Series faktupro.NumberPattern
	// Replaces is the identifier of a rejected invoice of the same seller and
	// kind. KSeF never took it in, so its number was never used: the new
	// invoice takes the number over, and the rejected one stays as evidence.
	// That is refused when KSeF holds the number for another document (status
	// 440); such a sale needs a new number. It is checked by Create and, because
	// another invoice may be faster, again by Issue.
	Replaces string
}

const maxKeyLen = 128

// Create stores a draft. What [Service.Check] finds in the invoice is refused,
// as are a broken key or series and an invoice to be replaced that does not
// exist, with a *faktupro.ValidationError that lists what is wrong; one that
// cannot be replaced is a [*StateError].
func (s *Service) Create(ctx context.Context, inv *faktupro.Invoice, opt CreateOptions) (*Record, error) {
	c, err := s.check(inv)
	if err != nil {
		return nil, fmt.Errorf("invoicing: create: %w", err)
	}
	d, err := s.newDraft(c, opt)
	if err != nil {
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
	c, err := s.read(inv) // its size is judged when it is sealed
	if err != nil {
		return nil, fmt.Errorf("invoicing: issue: %w", err)
	}
	d, err := s.newDraft(c, opt)
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

// newDraft makes the record of an invoice.
func (s *Service) newDraft(c *content, opt CreateOptions) (*draft, error) {
	if err := checkKey(opt.Key); err != nil {
		return nil, err
	}
	orDefault(&opt.Series, s.cfg.series(c.inv.Kind))
	if err := opt.Series.Validate(); err != nil {
		return nil, err
	}
	now := s.now()
	id, err := newID(now, s.cfg.Random)
	if err != nil {
		return nil, err
	}
	rec := &Record{
		ID: id, Version: 1, State: StateDraft, Series: opt.Series, Key: opt.Key, Replaces: opt.Replaces,
		Created: now, Updated: now,
	}
	rec.describe(c)
	return &draft{rec: rec, inv: c.inv, json: c.json}, nil
}

// checkKey refuses what is no key.
func checkKey(key string) error {
	switch {
	case !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsControl):
		return invalid(keyCharacters)
	case utf8.RuneCountInString(key) > maxKeyLen:
		return invalid(keyLength)
	}
	return nil
}

// describe copies into r what lists show of the invoice.
func (r *Record) describe(c *content) {
	inv := c.inv
	r.Seller, r.Kind, r.Number, r.IssueDate = inv.Seller.NIP, inv.Kind, inv.Number, inv.IssueDate
	r.Currency = inv.Currency
	orDefault(&r.Kind, faktupro.KindVAT)
	orDefault(&r.Currency, faktupro.DefaultCurrency)
	r.Net, r.VAT, r.Gross = c.totals.Net, c.totals.VAT, c.totals.Gross
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
			rec = earlier.believe(s.now())
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
	if found[0].Series != d.rec.Series || found[0].Replaces != d.rec.Replaces {
		return nil, ErrKeyReused
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
	if d.rec.Replaces != "" {
		if _, err := replaced(ctx, tx, d.rec, d.inv); err != nil {
			return nil, err
		}
	}
	if err := tx.InsertInvoice(ctx, d.rec, d.json); err != nil {
		return nil, err
	}
	return d.rec, tx.Audit(ctx, s.event(ctx, d.rec, audit.TypeInvoiceDrafted))
}
