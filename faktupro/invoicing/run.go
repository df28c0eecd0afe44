package invoicing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Run works on the queue until ctx ends: it sends what is issued, finds out
// what is unknown, fetches receipts, and relays audit events. It wakes when
// this Service issues an invoice, when an attempt falls due, and every
// Config.Interval for the work of other processes. After ctx ends, batches on
// their way get Config.Grace to finish. Run returns nil then.
//
// Any number of processes may call Run on one store; one process calls it once.
func (s *Service) Run(ctx context.Context) error {
	if s.hosted {
		return fmt.Errorf("invoicing: run: %w", ErrInTransaction)
	}
	if s.cfg.Connect == nil {
		return errors.New("invoicing: run: no connector configured")
	}
	work, cancel := s.graceful(ctx)
	defer cancel()
	slots := make(chan struct{}, s.cfg.Workers)
	var batches sync.WaitGroup
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			continue
		}
		jobs := s.claimDue(ctx)
		if len(jobs) == 0 {
			<-slots
			s.relay(work)
			s.idle(ctx)
			continue
		}
		batches.Go(func() {
			s.runBatch(work, jobs)
			<-slots
			s.signal() // there may be more
		})
	}
	batches.Wait()
	s.relay(work)
	return nil
}

// graceful is a context that outlives ctx by the grace.
func (s *Service) graceful(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		_ = pause(work, s.cfg.Grace)
		cancel()
	})
	return work, func() { stop(); cancel() }
}

func (s *Service) claimDue(ctx context.Context) []Job {
	jobs, err := s.claim(ctx, "")
	if err != nil && ctx.Err() == nil {
		s.cfg.Logger.Error("cannot claim invoices", slog.Any("error", err))
	}
	return jobs
}

func (s *Service) runBatch(ctx context.Context, jobs []Job) {
	b, err := s.process(ctx, jobs)
	if err != nil {
		s.cfg.Logger.Error("cannot record the state of invoices", slog.Any("error", err))
	}
	if b != nil {
		b.log()
	}
	s.relay(ctx)
}

// log reports the failures of a batch, each kind once.
func (b *batch) log() {
	seen := map[string]bool{}
	for _, it := range b.items {
		if it.err == nil || seen[it.err.Error()] {
			continue
		}
		seen[it.err.Error()] = true
		b.s.cfg.Logger.Warn("invoice is delayed", slog.String("invoice", it.job.Subject),
			slog.String("state", string(it.rec.State)), slog.Any("error", it.err))
	}
}

func (s *Service) relay(ctx context.Context) {
	if err := s.flushAudit(ctx); err != nil && ctx.Err() == nil {
		s.cfg.Logger.Error("cannot write the audit log", slog.Any("error", err))
	}
}

// idle waits for new work: announced, due, or found by looking now and then.
func (s *Service) idle(ctx context.Context) {
	timer := time.NewTimer(s.untilDue(ctx))
	defer timer.Stop()
	select {
	case <-s.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// minIdle keeps a clock that stands still from making a busy loop.
const minIdle = 10 * time.Millisecond

func (s *Service) untilDue(ctx context.Context) time.Duration {
	now := s.now()
	next, err := s.store.NextDue(ctx, JobTransmit, now)
	if err != nil || next.IsZero() {
		return s.cfg.Interval
	}
	return min(max(next.Sub(now), minIdle), s.cfg.Interval)
}
