package invoicing

import (
	"context"
	"fmt"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/pl"
)

// Retry sends a rejected invoice again, unchanged. It is for refusals whose
// reason lies outside the document: a missing permission, a consent not yet
// registered. A document that is wrong itself is replaced instead, see
// [CreateOptions.Replaces]; one whose number KSeF holds for another document
// can be neither, because it would be refused for ever.
func (s *Service) Retry(ctx context.Context, id string) (*Record, error) {
	var rec *Record
	err := s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		stored, err := tx.Invoice(ctx, id)
		if err != nil {
			return err
		}
		rec, err = s.retry(ctx, tx, stored)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("invoicing: retry: %w", err)
	}
	s.queued()
	return rec, nil
}

func (s *Service) retry(ctx context.Context, tx Tx, stored *Record) (*Record, error) {
	if err := retryable(stored); err != nil {
		return nil, err
	}
	next, event, err := s.move(ctx, stored, StateSealed)
	if err != nil {
		return nil, err
	}
	next.Rejection = nil
	next.Session, next.Reference = "", ""
	if err := tx.UpdateInvoice(ctx, next); err != nil {
		return nil, err
	}
	if err := s.enqueue(ctx, tx, next); err != nil {
		return nil, err
	}
	complete(&event, next, 0)
	return next, tx.Audit(ctx, event)
}

func retryable(r *Record) error {
	refuse := func(reason string) error {
		return &StateError{ID: r.ID, State: r.State, Op: "retry", Reason: reason}
	}
	switch {
	case r.State != StateRejected:
		return refuse("only a rejected invoice can be sent again")
	case r.ReplacedBy != "":
		return refuse("another invoice has taken over its number")
	case r.Rejection != nil && r.Rejection.Duplicate != "":
		return refuse("KSeF holds its number for another document")
	}
	return nil
}

// StartSeries makes next the next ordinal of a series in the period of a day,
// for a company that goes on with numbers it used elsewhere. A series never
// goes back.
func (s *Service) StartSeries(
	ctx context.Context, seller pl.NIP, pattern faktupro.NumberPattern, day pl.Date, next int64,
) error {
	orDefault(&pattern, s.cfg.Series)
	if err := pattern.Validate(); err != nil {
		return fmt.Errorf("invoicing: start series: %w", err)
	}
	if !seller.Valid() || !day.Valid() || next < 1 {
		return fmt.Errorf("invoicing: start series: a valid seller, a day and a number from 1 on are needed")
	}
	series := Series{Seller: seller, Pattern: pattern, Period: pattern.Period(day)}
	err := s.store.Update(ctx, func(ctx context.Context, tx Tx) error { return tx.SkipTo(ctx, series, next) })
	if err != nil {
		return fmt.Errorf("invoicing: start series: %w", err)
	}
	return nil
}
