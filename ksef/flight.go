package ksef

import (
	"context"
	"sync"
)

// flight lets concurrent callers share one run of the same work. The work runs
// in the goroutine and under the context of the first of them; when that one
// gives up, one of the others starts over.
type flight[T any] struct {
	mu  sync.Mutex
	run *flightRun[T]
}

type flightRun[T any] struct {
	done      chan struct{}
	value     T
	err       error
	abandoned bool
}

func (f *flight[T]) do(ctx context.Context, work func(context.Context) (T, error)) (T, error) {
	for {
		run, leader := f.join()
		if leader {
			return f.lead(ctx, run, work)
		}
		select {
		case <-run.done:
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
		if !run.abandoned {
			return run.value, run.err
		}
	}
}

func (f *flight[T]) join() (run *flightRun[T], leader bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run != nil {
		return f.run, false
	}
	f.run = &flightRun[T]{done: make(chan struct{}), abandoned: true}
	return f.run, true
}

func (f *flight[T]) lead(ctx context.Context, run *flightRun[T], work func(context.Context) (T, error)) (T, error) {
	defer func() { // also when work panics: the others must not wait for ever
		f.mu.Lock()
		f.run = nil
		f.mu.Unlock()
		close(run.done)
	}()
	run.value, run.err = work(ctx)
	run.abandoned = run.err != nil && ctx.Err() != nil
	return run.value, run.err
}
