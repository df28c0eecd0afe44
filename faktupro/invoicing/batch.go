package invoicing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/pl"
)

// batch is one turn of work on claimed invoices of one seller. Every stage
// takes the items that are in its state as far as it can; what cannot go on is
// released with the time of its next attempt.
type batch struct {
	s      *Service
	seller pl.NIP
	tm     Transmitter
	items  []*item
	closed map[string]bool // sessions closed in this turn
}

// item is an invoice in a batch.
type item struct {
	job      Job // as claimed; shared with the renewal of leases
	rec      *Record
	failures int         // attempts in a row without progress
	over     atomic.Bool // nothing more happens in this turn
	err      error       // why it stopped, when something failed
}

// process does one turn of work. The error is one of the store; what happened
// to each invoice is in its item.
func (s *Service) process(ctx context.Context, jobs []Job) (*batch, error) {
	b, err := s.load(ctx, jobs)
	if err != nil {
		return nil, err
	}
	s.cfg.After(StepClaimed)
	stop := b.keepLeases(ctx)
	defer stop()
	if err := b.work(ctx); err != nil {
		// The store failed. What it holds is the truth, and the next turn starts
		// from there; if it lets us, the jobs need not wait for their leases.
		_ = b.rest(ctx)
		return b, err
	}
	return b, nil
}

// work takes the batch through the stages.
func (b *batch) work(ctx context.Context) (err error) {
	if b.tm, err = b.s.cfg.Connect.Connect(ctx, b.seller); err != nil {
		return b.upstream(ctx, b.open(), "connect", err, true)
	}
	for _, stage := range []func(context.Context) error{
		b.interrupted, b.reconcile, b.transmit, b.reconcile, b.poll, b.reconcile, b.receipts, b.rest,
	} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return nil
}

// load reads the records of claimed jobs; a job without work is removed.
func (s *Service) load(ctx context.Context, jobs []Job) (*batch, error) {
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.Subject
	}
	records, err := s.store.Invoices(ctx, Filter{IDs: ids})
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*Record, len(records))
	for _, r := range records {
		byID[r.ID] = r
	}
	b := &batch{s: s, seller: jobs[0].Seller, closed: map[string]bool{}}
	var idle []change
	for _, j := range jobs {
		it := &item{job: j, rec: byID[j.Subject], failures: j.Failures}
		if it.rec == nil || it.rec.State.Final() || !it.rec.State.Sealed() {
			idle = append(idle, change{item: it, done: true})
			continue
		}
		b.items = append(b.items, it)
	}
	return b, b.commit(ctx, idle, time.Time{})
}

// open returns the items that are still worked on.
func (b *batch) open() []*item { return b.in("") }

// in returns the items in a state that are still worked on.
func (b *batch) in(state State) []*item {
	var items []*item
	for _, it := range b.items {
		if !it.over.Load() && (state == "" || it.rec.State == state) {
			items = append(items, it)
		}
	}
	return items
}

// change is what one transaction does to one item.
type change struct {
	item    *item
	next    *Record // nil = the record stays
	event   audit.Event
	attempt *Attempt
	receipt *Receipt

	done    bool     // the job is complete
	release *Pending // the job goes back into the queue
}

// commit writes changes in one transaction, each only under its own lease; an
// item whose lease is lost is dropped from the batch and left to its new
// holder. A hold, if not zero, keeps the seller's jobs in the queue till then.
func (b *batch) commit(ctx context.Context, changes []change, hold time.Time) error {
	if len(changes) == 0 && hold.IsZero() {
		return nil
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	lost := map[*item]bool{}
	err := b.s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		for _, c := range changes {
			err := b.apply(ctx, tx, c)
			if errors.Is(err, ErrLeaseLost) {
				lost[c.item] = true
				continue
			}
			if err != nil {
				return fmt.Errorf("record %s: %w", c.item.job.Subject, err)
			}
		}
		if hold.IsZero() {
			return nil
		}
		return tx.Hold(ctx, b.seller, b.s.now(), hold)
	})
	if err != nil {
		return err
	}
	for _, c := range changes {
		c.settle(lost[c.item])
	}
	return nil
}

// apply checks the lease first: without it nothing of the change is written.
func (b *batch) apply(ctx context.Context, tx Tx, c change) error {
	if err := b.applyJob(ctx, tx, c); err != nil {
		return err
	}
	if c.attempt != nil {
		if err := tx.PutAttempt(ctx, *c.attempt); err != nil {
			return err
		}
	}
	if c.receipt != nil {
		if err := tx.PutReceipt(ctx, *c.receipt); err != nil {
			return err
		}
	}
	if c.next == nil {
		return nil
	}
	if err := tx.UpdateInvoice(ctx, c.next); err != nil {
		return err
	}
	return tx.Audit(ctx, c.event)
}

func (b *batch) applyJob(ctx context.Context, tx Tx, c change) error {
	j := c.item.job
	switch {
	case c.done:
		return tx.Complete(ctx, j)
	case c.release != nil:
		j.Due, j.Failures, j.LastError = c.release.Due, c.release.Failures, c.release.LastError
		return tx.Release(ctx, j)
	}
	return tx.Extend(ctx, j, b.s.now().Add(b.s.cfg.Lease))
}

// settle brings the item up to date after a commit.
func (c change) settle(lost bool) {
	if lost {
		c.item.err = ErrLeaseLost
		c.item.over.Store(true)
		return
	}
	if c.next != nil {
		c.item.rec = c.next
		if c.next.State == StateSent || c.next.State == StateAccepted {
			c.item.failures = 0 // that was progress
		}
	}
	if c.done || c.release != nil {
		if c.item.rec != nil {
			c.item.rec.Pending = c.release
		}
		c.item.over.Store(true)
	}
}

// keepLeases renews the leases of the batch until stop is called.
func (b *batch) keepLeases(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(max(b.s.cfg.Lease/3, time.Millisecond))
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				b.renew(ctx)
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

// renew extends the leases. A failure is no harm yet: the next renewal comes
// before the lease ends, and a write without a lease is refused.
func (b *batch) renew(ctx context.Context) {
	_ = b.s.store.Update(ctx, func(ctx context.Context, tx Tx) error {
		until := b.s.now().Add(b.s.cfg.Lease)
		for _, it := range b.items {
			if it.over.Load() {
				continue
			}
			if err := tx.Extend(ctx, it.job, until); err != nil && !errors.Is(err, ErrLeaseLost) {
				return err
			}
		}
		return nil
	})
}

// upstream releases items after a failure of KSeF or of the way to it. With
// all, or when the failure is a general one, the seller's other invoices wait
// as long.
func (b *batch) upstream(ctx context.Context, items []*item, op string, err error, all bool) error {
	if len(items) == 0 {
		return nil
	}
	pause := b.s.now().Add(demanded(err))
	hold := pause
	changes := make([]change, len(items))
	for i, it := range items {
		release := b.again(ctx, it, op+": "+reasonOf(err))
		release.Due = later(release.Due, pause)
		it.err = &UpstreamError{Op: op, Until: release.Due, Err: err}
		changes[i] = change{item: it, release: release}
		if demanded(err) == 0 {
			hold = release.Due
		}
	}
	if ctx.Err() != nil || !all && !general(err) {
		hold = time.Time{}
	}
	return b.commit(ctx, changes, hold)
}

// rest releases what is left: KSeF needs more time, or another session has to
// be opened.
func (b *batch) rest(ctx context.Context) error {
	var changes []change
	for _, it := range b.open() {
		changes = append(changes, change{item: it, release: b.again(ctx, it, "")})
	}
	return b.commit(ctx, changes, time.Time{})
}

// again is the queue entry of an item that is to be looked at later. When we
// are told to stop, that is nobody's failure and the item stays due.
func (b *batch) again(ctx context.Context, it *item, reason string) *Pending {
	if ctx.Err() != nil {
		return &Pending{Due: b.s.now(), Failures: it.failures, LastError: it.job.LastError}
	}
	failures := it.failures + 1
	wait := b.s.cfg.Backoff.wait(failures, b.s.cfg.Random)
	return &Pending{Due: b.s.now().Add(wait), Failures: failures, LastError: reason}
}
