package invoicing

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deliver drives one issued invoice to its end now: confirmed or rejected. It
// waits as long as KSeF is at work and as long as another worker has the
// invoice. It does not wait for an outage to end: then it returns the record as
// it stands with an error for which errors.Is(err, ErrUpstream) holds, and Run
// goes on later. When ctx ends, the invoice stays where it is; nothing is lost.
//
// A rejection is an outcome, not an error: look at Record.State. When the audit
// events cannot be relayed to their log, Deliver says so in its error; the
// record it returns with it holds all the same.
func (s *Service) Deliver(ctx context.Context, id string) (*Record, error) {
	if s.hosted {
		return nil, fmt.Errorf("invoicing: deliver: %w", ErrInTransaction)
	}
	for i := 0; ; i++ {
		rec, done, err := s.deliverOnce(ctx, id)
		if done || err != nil {
			if err != nil {
				err = fmt.Errorf("invoicing: deliver: %w", err)
			}
			return rec, errors.Join(err, s.flushAudit(ctx))
		}
		if err := pause(ctx, s.untilNext(rec, i)); err != nil {
			return rec, fmt.Errorf("invoicing: deliver: %w", err)
		}
	}
}

// deliverOnce takes one turn.
func (s *Service) deliverOnce(ctx context.Context, id string) (rec *Record, done bool, err error) {
	if rec, err = s.record(ctx, id); err != nil {
		return nil, true, err
	}
	if done, err = s.undeliverable(rec); done || err != nil {
		return rec, done, err
	}
	jobs, err := s.claim(ctx, id)
	if err != nil || len(jobs) == 0 {
		return rec, false, err
	}
	b, err := s.process(ctx, jobs)
	if err != nil {
		return rec, false, err
	}
	if rec, err = s.record(ctx, id); err != nil {
		return nil, true, err
	}
	return rec, rec.State.Final(), b.failure()
}

// undeliverable reports an invoice for which there is nothing to do, or nothing
// to do now.
func (s *Service) undeliverable(rec *Record) (done bool, err error) {
	switch {
	case rec.State.Final():
		return true, nil
	case rec.State == StateDraft:
		return true, &StateError{ID: rec.ID, State: rec.State, Op: "deliver", Reason: "issue it first"}
	case s.cfg.Connect == nil:
		return true, errors.New("no connector configured")
	case rec.Pending == nil:
		return true, &StateError{ID: rec.ID, State: rec.State, Op: "deliver", Reason: "it is missing from the queue"}
	case rec.Pending.HeldUntil.After(s.now()):
		return true, &UpstreamError{Op: "deliver", Until: rec.Pending.HeldUntil}
	}
	return false, nil
}

// failure is why the only item of a batch did not get to its end, if that was
// a failure. A lost lease is none: somebody else is at work.
func (b *batch) failure() error {
	for _, it := range b.items {
		if !it.rec.State.Final() && errors.Is(it.err, ErrUpstream) {
			return it.err
		}
	}
	return nil
}

// untilNext is how long Deliver waits before it looks again: for the invoice to
// become due, or a little when another worker has it.
func (s *Service) untilNext(rec *Record, i int) time.Duration {
	short := s.pace(i)
	if rec.Pending == nil || rec.Pending.LeaseUntil.After(s.now()) {
		return short
	}
	return max(short, min(rec.Pending.Due.Sub(s.now()), s.cfg.Backoff.Base))
}

// claim leases jobs: of one invoice, or those that are due.
func (s *Service) claim(ctx context.Context, id string) ([]Job, error) {
	fence, err := s.token()
	if err != nil {
		return nil, err
	}
	now := s.now()
	c := Claim{
		Kind: JobTransmit, Subject: id, Worker: s.cfg.Worker, Instance: s.instance, Fence: fence,
		Now: now, Until: now.Add(s.cfg.Lease), Limit: s.cfg.Batch,
	}
	var jobs []Job
	err = s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		jobs, err = tx.Claim(ctx, c)
		return err
	})
	return jobs, err
}

// pause waits, or returns the error of the context.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
