package invoicing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/pl"
)

// TestManyAtOnce: 200 invoices by eight callers, two worker processes on one
// database, a line that loses answers, and crashes of the workers.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 25
	w := newWorld(t, ksefsim.Config{ProcessingPolls: 1})
	w.wire.on(reqSend, 7, loseAnswer)
	w.wire.on(reqOpen, 2, loseAnswer)
	w.wire.on(reqClose, 2, loseAnswer)
	w.wire.on(reqUPO, 5, loseRequest)
	var stops []func()
	for i := range 2 {
		p := w.start(func(c *invoicing.Config) { c.Worker, c.Batch = fmt.Sprint("worker-", i), 30 })
		stops = append(stops, run(t, p))
	}
	front := w.start(func(c *invoicing.Config) { c.Audit = nil })
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				if _, err := front.IssueDraft(t.Context(), sample(t), invoicing.CreateOptions{}); err != nil {
					t.Errorf("IssueDraft: %v", err)
				}
			}
		})
	}
	wg.Wait()
	front.eventually(t, invoicing.StateConfirmed, callers*each)
	for _, stop := range stops {
		stop()
	}
	w.acceptedOnce(callers * each)
	w.gapless(front, callers*each)
	records, err := front.store.Invoices(t.Context(), invoicing.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[pl.KSeFNumber]bool{}
	for _, r := range records {
		numbers[r.KSeFNumber] = true
		w.confirmed(front, r.ID)
	}
	if len(numbers) != callers*each {
		t.Errorf("%d KSeF numbers", len(numbers))
	}
	var events uint64
	for _, r := range records {
		events += uint64(r.Version)
	}
	if got := w.log.Size(); got != events {
		t.Errorf("%d audit events, want %d", got, events)
	}
}

// TestStalledWorker: a worker stands still between sending and recording for
// longer than its lease. Another finishes the invoice. When the first comes to
// life again, its writes are refused and it does no harm.
func TestStalledWorker(t *testing.T) {
	t.Parallel()
	for _, step := range []invoicing.Step{
		invoicing.StepClaimed, invoicing.StepSessionOpened, invoicing.StepSessionRecorded, invoicing.StepSent,
		invoicing.StepSentRecorded, invoicing.StepClosed, invoicing.StepAccepted, invoicing.StepUPOFetched,
	} {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			stalled, goOn := make(chan struct{}), make(chan struct{})
			var once sync.Once
			slow := w.start(after(step, func() {
				once.Do(func() { close(stalled); <-goOn })
			}), func(c *invoicing.Config) { c.Worker, c.Lease = "slow", time.Hour }) // never renewed
			rec := slow.issue(t, sample(t))
			done := make(chan error, 1)
			go func() {
				_, err := slow.Deliver(t.Context(), rec.ID)
				done <- err
			}()
			<-stalled
			var clock clock
			clock.advance(2 * time.Hour) // the lease is over
			fast := w.start(func(c *invoicing.Config) { c.Worker, c.Now = "fast", clock.Now })
			fast.finish(t, rec.ID)
			close(goOn)
			if err := <-done; err != nil {
				t.Errorf("the stalled worker: %v", err)
			}
			w.confirmed(fast, rec.ID)
			w.acceptedOnce(1)
		})
	}
}

// TestDeliverWhileRunning: Deliver and Run do not get into each other's way.
func TestDeliverWhileRunning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{ProcessingPolls: 2})
	p := w.start()
	stop := run(t, p)
	var wg sync.WaitGroup
	for range 10 {
		rec := p.issue(t, sample(t))
		for range 2 {
			wg.Go(func() {
				if got, err := p.Deliver(t.Context(), rec.ID); err != nil || got.State != invoicing.StateConfirmed {
					t.Errorf("Deliver: %+v, %v", got, err)
				}
			})
		}
	}
	wg.Wait()
	stop()
	w.acceptedOnce(10)
}

// TestBatching: a backlog goes out in few sessions and is polled as a list.
func TestBatching(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start(func(c *invoicing.Config) { c.Batch, c.Workers = 20, 1 })
	for range 50 {
		p.issue(t, sample(t))
	}
	stop := run(t, p)
	p.eventually(t, invoicing.StateConfirmed, 50)
	stop()
	for pattern, limit := range map[string]int{reqOpen: 3, reqClose: 3, reqSend: 50, reqInvoice: 0, reqList: 6, reqUPO: 50} {
		if n := w.wire.count(pattern); n > limit {
			t.Errorf("%d calls of %s, want at most %d", n, pattern, limit)
		}
	}
}

// TestSellersApart: what holds one seller up does not hold the others.
func TestSellersApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	errLogin := errors.New("no credential")
	p := w.start(func(c *invoicing.Config) {
		good := c.Connect
		c.Connect = invoicing.ConnectorFunc(func(ctx context.Context, nip pl.NIP) (invoicing.Transmitter, error) {
			if nip == seller {
				return nil, errLogin
			}
			return good.Connect(ctx, nip)
		})
		c.Backoff = invoicing.Backoff{Base: time.Hour, Max: time.Hour}
	})
	var stuck []*invoicing.Record
	for range 5 {
		stuck = append(stuck, p.issue(t, sample(t)))
		inv := sample(t)
		inv.Seller.NIP = "7010001453"
		p.issue(t, inv)
	}
	stop := run(t, p)
	p.eventually(t, invoicing.StateConfirmed, 5)
	stop()
	for _, r := range stuck {
		got, err := p.Get(t.Context(), r.ID)
		if err != nil || got.State != invoicing.StateSealed || got.Pending.HeldUntil.IsZero() {
			t.Errorf("stuck invoice %+v, %v", got, err)
		}
	}
	if _, err := p.Deliver(t.Context(), stuck[0].ID); !errors.Is(err, invoicing.ErrUpstream) {
		t.Errorf("Deliver: %v", err)
	}
}

// TestRunEndsGracefully: the batch on its way is finished, nothing new starts.
func TestRunEndsGracefully(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{ProcessingPolls: 2})
	reached := make(chan struct{})
	var once sync.Once
	p := w.start(after(invoicing.StepSessionRecorded, func() { once.Do(func() { close(reached) }) }))
	rec := p.issue(t, sample(t))
	stop := run(t, p)
	<-reached
	stop()
	w.confirmed(p, rec.ID)
}

// TestRunEndsInTime: after the grace, what is on its way is left as it is, and
// the next process finishes it.
func TestRunEndsInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqInvoice, 1e6, rewrite(func(b []byte) []byte {
		return bytes.Replace(b, []byte(`"code":200`), []byte(`"code":150`), 1)
	}))
	reached := make(chan struct{})
	var once sync.Once
	p := w.start(after(invoicing.StepClosed, func() { once.Do(func() { close(reached) }) }), func(c *invoicing.Config) {
		c.Grace, c.Patience = 20*time.Millisecond, time.Hour
	})
	rec := p.issue(t, sample(t))
	stop := run(t, p)
	<-reached
	stop()
	got, err := p.Get(t.Context(), rec.ID)
	if err != nil || got.State != invoicing.StateSent || !got.Pending.LeaseUntil.IsZero() ||
		got.Pending.Failures != 0 || got.Pending.LastError != "" { // to stop is nobody's failure
		t.Errorf("invoice %+v, pending %+v, %v", got, got.Pending, err)
	}
}

// TestLoginsLogInOnce: however many ask at once, a seller has one login.
func TestLoginsLogInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	var calls atomic.Int32
	broken := true
	logins := invoicing.NewLogins(newClient(t, w.base), func(ctx context.Context, nip pl.NIP) (ksef.Credential, error) {
		calls.Add(1)
		if broken {
			return nil, errors.New("no credential")
		}
		return credential(ctx, nip)
	})
	if _, err := logins.Connect(t.Context(), seller); err == nil {
		t.Error("a failed login succeeds")
	}
	broken = false
	calls.Store(0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := logins.Connect(t.Context(), seller); err != nil {
				t.Errorf("Connect: %v", err)
			}
		})
	}
	wg.Wait()
	logins.Forget(seller)
	if _, err := logins.Connect(t.Context(), seller); err != nil {
		t.Errorf("Connect: %v", err)
	}
	if n := calls.Load(); n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}
