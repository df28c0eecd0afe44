package ksef

import (
	"context"
	"errors"
	"sync"
	"time"
)

// leased does something while it holds the lease of a stream. The context ends
// when the lease is lost.
func (s *Sync) leased(ctx context.Context, stream string, work func(context.Context, SyncLease) error) error {
	lease, err := s.cfg.Store.Acquire(ctx, stream, s.cfg.Owner, s.now(), s.now().Add(s.cfg.Lease))
	if err != nil {
		return &Error{Op: opSync, Err: err}
	}
	held, lose := context.WithCancelCause(ctx)
	stop := s.keep(held, lease, lose)
	err = work(held, lease)
	stop()
	if cause := context.Cause(held); err != nil && ctx.Err() == nil && errors.Is(cause, ErrLeaseLost) {
		err = &Error{Op: opSync, Err: cause}
	}
	lose(nil)
	if released := s.cfg.Store.Release(context.WithoutCancel(ctx), lease); err == nil && released != nil {
		err = &Error{Op: opSync, Err: released}
	}
	return err
}

func (s *Sync) now() time.Time { return s.account.client.now() }

// keep renews the lease, three times in its life, until stop is called. A store
// that fails for a while costs nothing as long as nobody else takes the lease:
// saving is fenced.
func (s *Sync) keep(ctx context.Context, lease SyncLease, lose context.CancelCauseFunc) (stop func()) {
	ended := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(s.cfg.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := s.cfg.Store.Renew(ctx, lease, s.now().Add(s.cfg.Lease)); errors.Is(err, ErrLeaseLost) {
					lose(ErrLeaseLost)
					return
				}
			}
		}
	})
	return func() {
		close(ended)
		wg.Wait()
	}
}
