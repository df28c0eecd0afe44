package ksef

import (
	"context"
	"errors"
)

// SenderReport is what a [Sender] found when it was closed.
type SenderReport struct {
	// Sessions are the references of all sessions used, for their receipts.
	Sessions []string
	// Resolved are the outcomes of invoices whose Send had ended with
	// DeliveryUnknown. One that is DeliveryNotSent may be sent again.
	Resolved []*Delivery
}

// Close ends the sending: no invoice is taken any more, all sessions are closed,
// and what Send left unknown is resolved. Call it when all Sends have returned.
// With an error some of that is still to be done, and Close may be called
// again for the rest; unknown outcomes in the report have stayed unknown, and
// what one report tells the next does not repeat.
func (s *Sender) Close(ctx context.Context) (*SenderReport, error) {
	s.mu.Lock()
	s.closed = true
	used := s.used
	s.mu.Unlock()
	report := &SenderReport{}
	var errs []error
	for _, x := range used {
		report.Sessions = append(report.Sessions, x.Reference())
		resolved, err := s.reconcile(ctx, x)
		report.Resolved = append(report.Resolved, resolved...)
		errs = append(errs, err)
	}
	return report, errors.Join(errs...)
}

func (s *Sender) reconcile(ctx context.Context, x *sharedSession) ([]*Delivery, error) {
	x.mu.Lock()
	ended := x.ended
	var open []*Delivery
	for o := range x.open {
		open = append(open, o)
	}
	x.mu.Unlock()
	if !ended {
		if err := s.account.closeOnline(ctx, x.Reference()); err != nil {
			return nil, err
		}
		x.end()
	}
	var resolved []*Delivery
	var errs []error
	for _, known := range open {
		o := *known // the caller of Send has the original
		err := s.resolve(ctx, &o, func(ctx context.Context) (listing, error) { return x.finish(ctx, s) })
		if err != nil {
			o.because(DeliveryUnknown, err)
			errs = append(errs, err)
		} else {
			x.settled(known)
		}
		resolved = append(resolved, &o)
	}
	return resolved, errors.Join(errs...)
}
