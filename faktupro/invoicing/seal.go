package invoicing

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
	"github.com/faktupro/faktupro-go/pl"
)

// Issue gives a draft its number and its document and puts it into the queue,
// all in one transaction: the number is taken from the series or, if the
// invoice brings its own, reserved; the invoice is validated again with today's
// date; the FA(3) document is encoded and hashed. From here on nothing of it
// changes. Issuing an invoice that is issued already returns its record.
//
// An invoice without an issue date is dated today, in Warsaw.
func (s *Service) Issue(ctx context.Context, id string) (*Record, error) {
	var rec *Record
	err := s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		stored, err := tx.Invoice(ctx, id)
		if err != nil || stored.State.Sealed() {
			rec = stored.believe(s.now())
			return err
		}
		rec, err = s.sealStored(ctx, tx, stored)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("invoicing: issue: %w", err)
	}
	s.sealed()
	return rec, nil
}

// sealed announces committed work.
func (s *Service) sealed() {
	s.announce(StepSealed)
	s.queued()
}

func (s *Service) sealStored(ctx context.Context, tx Tx, stored *Record) (*Record, error) {
	doc, err := tx.Document(ctx, stored.ID)
	if err != nil {
		return nil, err
	}
	inv, err := faktupro.DecodeInvoice(doc.Draft)
	if err != nil {
		return nil, err
	}
	next, event, err := s.move(ctx, stored, StateSealed)
	if err != nil {
		return nil, err
	}
	d := &draft{rec: next, inv: inv, json: doc.Draft}
	return next, s.seal(ctx, tx, d, event, func() error { return tx.UpdateInvoice(ctx, next) })
}

// insertSealed stores a new invoice that was never a draft.
func (s *Service) insertSealed(ctx context.Context, tx Tx, d *draft) (*Record, error) {
	rec := d.rec
	rec.State = StateSealed
	rec.stamp(StateSealed)
	event := s.event(ctx, rec, audit.TypeInvoiceSealed)
	return rec, s.seal(ctx, tx, d, event, func() error { return tx.InsertInvoice(ctx, rec, d.json) })
}

// seal completes d.rec and writes all that belongs to an issued invoice; put
// writes the record itself.
func (s *Service) seal(ctx context.Context, tx Tx, d *draft, event audit.Event, put func() error) error {
	rec, inv := d.rec, d.inv
	orDefault(&inv.IssueDate, s.today())
	rec.IssueDate = inv.IssueDate
	if err := s.takeNumber(ctx, tx, rec, inv); err != nil {
		return err
	}
	xml, err := s.encode(inv)
	if err != nil {
		return err
	}
	rec.SHA256 = sha256.Sum256(xml)
	if err := put(); err != nil {
		return err
	}
	if err := tx.PutDocument(ctx, rec.ID, Document{Draft: d.json, XML: xml}); err != nil {
		return err
	}
	if err := s.enqueue(ctx, tx, rec); err != nil {
		return err
	}
	complete(&event, rec, 0)
	describe(&event, audit.DetailSeries, string(rec.Series))
	return tx.Audit(ctx, event)
}

// encode validates the whole invoice and writes its document. Judging the
// document by the schema is the last guard: what we seal must be what KSeF takes.
func (s *Service) encode(inv *faktupro.Invoice) ([]byte, error) {
	xml, err := faktupro.EncodeFA3(inv, s.now())
	if err != nil {
		return nil, err
	}
	if !validate.Valid(xml, validate.Config{}) {
		first := validate.Document(xml, validate.Config{Max: 1}).Problems[0]
		return nil, fmt.Errorf("the encoded document does not follow the schema: %s in %s", first.Code, first.Path)
	}
	return xml, nil
}

func (s *Service) enqueue(ctx context.Context, tx Tx, rec *Record) error {
	due := s.now()
	rec.Pending = &Pending{Due: due}
	return tx.Enqueue(ctx, Job{Kind: JobTransmit, Subject: rec.ID, Seller: rec.Seller, Due: due})
}

// today is the current day in Warsaw, which the law counts by.
func (s *Service) today() pl.Date { return pl.DateOf(s.now()) }

// numberOf is the key under which the number of r is unique.
func numberOf(r *Record) Number { return Number{Seller: r.Seller, Kind: r.Kind, Number: r.Number} }

// takeNumber gives the invoice its number and reserves it.
func (s *Service) takeNumber(ctx context.Context, tx Tx, rec *Record, inv *faktupro.Invoice) error {
	if rec.Replaces != "" {
		return s.takeOver(ctx, tx, rec, inv)
	}
	if inv.Number == "" {
		return s.nextNumber(ctx, tx, rec, inv)
	}
	rec.Number = inv.Number
	err := tx.ClaimNumber(ctx, numberOf(rec), rec.ID)
	if errors.Is(err, ErrNumberTaken) {
		return invalid(numberDuplicate)
	}
	return err
}

// maxSkipped is how many numbers of a series in a row may be in use already,
// because invoices brought them as their own.
const maxSkipped = 10_000

// nextNumber takes the next number of the series that is free.
func (s *Service) nextNumber(ctx context.Context, tx Tx, rec *Record, inv *faktupro.Invoice) error {
	series := Series{Seller: rec.Seller, Pattern: rec.Series, Period: rec.Series.Period(rec.IssueDate)}
	for range maxSkipped {
		n, err := tx.NextNumber(ctx, series)
		if err != nil {
			return err
		}
		if rec.Number, err = rec.Series.Format(n, rec.IssueDate); err != nil {
			return err
		}
		err = tx.ClaimNumber(ctx, numberOf(rec), rec.ID)
		if errors.Is(err, ErrNumberTaken) {
			continue
		}
		inv.Number = rec.Number
		return err
	}
	return invalid(numberSeriesUsed)
}

// takeOver gives the invoice the number of the rejected one it replaces.
func (s *Service) takeOver(ctx context.Context, tx Tx, rec *Record, inv *faktupro.Invoice) error {
	old, err := replaced(ctx, tx, rec, inv)
	if err != nil {
		return err
	}
	rec.Number, inv.Number = old.Number, old.Number
	if err := tx.MoveNumber(ctx, numberOf(rec), old.ID, rec.ID); err != nil {
		return err
	}
	next, event := s.touch(ctx, old, audit.TypeInvoiceReplaced)
	next.ReplacedBy = rec.ID
	describe(&event, audit.DetailInvoice, rec.ID)
	if err := tx.UpdateInvoice(ctx, next); err != nil {
		return err
	}
	return tx.Audit(ctx, event)
}

// replaced is the rejected invoice that rec may replace.
func replaced(ctx context.Context, tx Tx, rec *Record, inv *faktupro.Invoice) (*Record, error) {
	old, err := tx.Invoice(ctx, rec.Replaces)
	if errors.Is(err, ErrNotFound) {
		return nil, invalid(replacesNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("replaced invoice: %w", err)
	}
	if err := replaceable(old, rec); err != nil {
		return nil, err
	}
	if inv.Number != "" && inv.Number != old.Number {
		return nil, invalid(numberReplaced)
	}
	return old, nil
}

func replaceable(old, rec *Record) error {
	refuse := func(reason string) error {
		return &StateError{ID: old.ID, State: old.State, Op: "replace", Reason: reason}
	}
	switch {
	case old.State != StateRejected:
		return refuse("only a rejected invoice can be replaced")
	case old.ReplacedBy != "":
		return refuse("it is replaced already")
	case old.Rejection != nil && old.Rejection.Duplicate != "":
		return refuse("KSeF holds its number for another document; issue the sale under a new number")
	case old.Seller != rec.Seller || old.Kind != rec.Kind:
		return refuse("seller or kind differ, so the number is another one")
	}
	return nil
}
