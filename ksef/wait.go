package ksef

import (
	"context"
	"time"
)

// PollConfig paces the loops that wait for an asynchronous result. The first
// wait is Interval, each further one half as long again, up to MaxInterval.
// Loops end with their context; they have no limit of their own.
type PollConfig struct {
	// Interval is 500 ms if zero.
	Interval time.Duration
	// MaxInterval is 3 s if zero: just within the 1,200 status calls an hour
	// that KSeF allows.
	MaxInterval time.Duration
}

func (p PollConfig) withDefaults() PollConfig {
	if p.Interval <= 0 {
		p.Interval = 500 * time.Millisecond
	}
	if p.MaxInterval <= 0 {
		p.MaxInterval = 3 * time.Second
	}
	p.MaxInterval = max(p.MaxInterval, p.Interval)
	return p
}

// poll asks until done. When the context ends first, it returns the last
// answer together with the error.
func poll[T any](ctx context.Context, p PollConfig, op string, ask func(context.Context) (T, error), done func(T) bool) (T, error) {
	var last T
	for wait := p.Interval; ; wait = min(wait+wait/2, p.MaxInterval) {
		answer, err := ask(ctx)
		if err != nil {
			return last, err
		}
		last = answer
		if done(answer) {
			return answer, nil
		}
		if err := sleep(ctx, wait); err != nil {
			return last, &Error{Op: op, Err: err}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
