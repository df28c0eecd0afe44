package invoicing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

var errDisk = errors.New("disk failure")

// flaky is a store whose n-th transaction fails: before it commits, or after,
// as when the answer of a database server is lost.
type flaky struct {
	invoicing.Store
	calls  atomic.Int32
	failAt int32
	late   bool
}

func (f *flaky) Update(ctx context.Context, fn func(context.Context, invoicing.Tx) error) error {
	if f.calls.Add(1) != f.failAt {
		return f.Store.Update(ctx, fn)
	}
	if f.late {
		return errors.Join(f.Store.Update(ctx, fn), errDisk)
	}
	return f.Store.Update(ctx, func(ctx context.Context, tx invoicing.Tx) error {
		return errors.Join(fn(ctx, tx), errDisk)
	})
}

// TestStoreFailures lets each transaction of the flow fail in turn. The caller
// repeats what failed, with a key; nothing is lost and nothing is doubled.
func TestStoreFailures(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		for at := int32(1); at <= 6; at++ {
			t.Run(fmt.Sprintf("%d/late=%v", at, late), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, ksefsim.Config{})
				f := &flaky{failAt: at, late: late}
				p := w.start(func(c *invoicing.Config) { f.Store, c.Store, c.Lease = c.Store, f, time.Second })
				opt := invoicing.CreateOptions{Key: "k"}
				rec, err := p.IssueDraft(t.Context(), sample(t), opt)
				if err != nil {
					if !errors.Is(err, errDisk) {
						t.Fatalf("IssueDraft: %v", err)
					}
					if rec, err = p.IssueDraft(t.Context(), sample(t), opt); err != nil {
						t.Fatalf("IssueDraft again: %v", err)
					}
				}
				p.finish(t, rec.ID)
				w.confirmed(p, rec.ID)
				w.acceptedOnce(1)
				w.gapless(p, 1)
				if f.calls.Load() < at {
					t.Fatalf("only %d transactions", f.calls.Load())
				}
			})
		}
	}
}

// TestDiskFull fills the disk while invoices are issued: each either is issued
// with all that belongs to it, or does not exist.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	limitPages(t, p.db, 40)
	issued, refused := 0, 0
	for range 60 {
		_, err := p.IssueDraft(t.Context(), sample(t), invoicing.CreateOptions{})
		switch {
		case err == nil:
			issued++
		case strings.Contains(err.Error(), "full"):
			refused++
		default:
			t.Fatalf("IssueDraft: %v", err)
		}
	}
	if issued == 0 || refused == 0 {
		t.Fatalf("%d issued, %d refused", issued, refused)
	}
	w.gapless(p, issued)
	// Sending works as far as it can and changes nothing for the worse.
	stop := run(t, p)
	limitPages(t, p.db, 1_000_000)
	p.eventually(t, invoicing.StateConfirmed, issued)
	stop()
	w.acceptedOnce(issued)
	w.gapless(p, issued)
}

func limitPages(t *testing.T, db *bun.DB, more int) {
	t.Helper()
	var pages int
	if err := db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+more)); err != nil {
		t.Fatal(err)
	}
}

// TestWithinHostTransaction issues an invoice in the transaction of the host:
// when the host rolls back, the invoice and its number never were.
func TestWithinHostTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	errHost := errors.New("the host changed its mind")
	var id string
	for _, want := range []error{errHost, nil} {
		err := p.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			rec, err := p.Using(p.store.Within(tx)).IssueDraft(ctx, sample(t), invoicing.CreateOptions{})
			if err != nil {
				return err
			}
			id = rec.ID
			return want
		})
		if !errors.Is(err, want) {
			t.Fatalf("transaction: %v", err)
		}
	}
	w.gapless(p, 1)
	p.finish(t, id)
	w.confirmed(p, id)
}

// TestHostCommitsInSilence: nothing is announced before the host has committed,
// because it may not; Wake announces it after that.
func TestHostCommitsInSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	var steps atomic.Int32
	p := w.start(func(c *invoicing.Config) { c.After = func(invoicing.Step) { steps.Add(1) } })
	var id string
	err := p.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		inside := p.Using(p.store.Within(tx))
		draft, err := inside.Create(ctx, sample(t), invoicing.CreateOptions{})
		if err != nil {
			return err
		}
		if _, err := inside.Issue(ctx, draft.ID); err != nil {
			return err
		}
		rec, err := inside.IssueDraft(ctx, sample(t), invoicing.CreateOptions{})
		if err != nil {
			return err
		}
		id = rec.ID
		for name, call := range map[string]func() error{
			"Deliver": func() error { _, err := inside.Deliver(ctx, id); return err },
			"Run":     func() error { return inside.Run(ctx) },
		} {
			if err := call(); !errors.Is(err, invoicing.ErrInTransaction) {
				t.Errorf("%s in a transaction of the host: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := steps.Load(); n != 0 || invoicing.Woken(p.Service) {
		t.Errorf("%d steps announced, Run is woken: %v", n, invoicing.Woken(p.Service))
	}
	if p.Wake(); !invoicing.Woken(p.Service) {
		t.Error("Wake does not wake Run")
	}
	stop := run(t, p)
	p.eventually(t, invoicing.StateConfirmed, 2)
	stop()
	w.confirmed(p, id)
}

// TestFailureInHostTransaction: the host ignores an invoice that was refused,
// and commits. The number that it had is taken by the next one.
func TestFailureInHostTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	err := p.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		inside := p.Using(p.store.Within(tx))
		draft, err := inside.Create(ctx, sample(t), invoicing.CreateOptions{})
		if err != nil {
			return err
		}
		_, err = inside.IssueDraft(ctx, sample(t), invoicing.CreateOptions{Replaces: draft.ID})
		if !errors.Is(err, invoicing.ErrConflict) {
			t.Errorf("replacing a draft: %v", err)
		}
		later := invoicing.WithActor(ctx, audit.Actor{Kind: "nobody"}, "") // the audit event comes last
		if _, err := inside.IssueDraft(later, sample(t), invoicing.CreateOptions{}); !errors.Is(err, audit.ErrInvalidEvent) {
			t.Errorf("issuing for an unknown kind of actor: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p.issue(t, sample(t))
	w.gapless(p, 1)
}

// blind is a store as a database server with many writers is: the first
// transactions do not see yet what another one has just inserted under a key.
type blind struct {
	invoicing.Store
	left atomic.Int32
}

type blindTx struct{ invoicing.Tx }

func (b *blind) Update(ctx context.Context, fn func(context.Context, invoicing.Tx) error) error {
	return b.Store.Update(ctx, func(ctx context.Context, tx invoicing.Tx) error {
		if b.left.Add(-1) >= 0 {
			tx = blindTx{tx}
		}
		return fn(ctx, tx)
	})
}

func (t blindTx) Invoices(ctx context.Context, f invoicing.Filter) ([]*invoicing.Record, error) {
	if f.Key != "" {
		return nil, nil
	}
	return t.Tx.Invoices(ctx, f)
}

// TestRaceForOneKey: of two callers with one key the slower one gets the
// invoice of the faster one, as if it had come later.
func TestRaceForOneKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	var store *blind
	p := w.start(func(c *invoicing.Config) {
		store = &blind{Store: c.Store}
		c.Store = store
	})
	opt := invoicing.CreateOptions{Key: "order-17"}
	first, err := p.IssueDraft(t.Context(), sample(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(context.Context, *faktupro.Invoice, invoicing.CreateOptions) (*invoicing.Record, error){
		"Create": p.Create, "IssueDraft": p.IssueDraft,
	} {
		store.left.Store(1)
		if rec, err := call(t.Context(), sample(t), opt); err != nil || rec.ID != first.ID || rec.Number != first.Number {
			t.Errorf("%s: %+v, %v", name, rec, err)
		}
		store.left.Store(1)
		if _, err := call(t.Context(), numbered(t, "A/1"), opt); !errors.Is(err, invoicing.ErrKeyReused) {
			t.Errorf("%s of another invoice: %v", name, err)
		}
		store.left.Store(9)
		if _, err := call(t.Context(), sample(t), opt); !errors.Is(err, invoicing.ErrKeyTaken) {
			t.Errorf("%s, and the other one is never seen: %v", name, err)
		}
		store.left.Store(0)
	}
	p.issue(t, sample(t))
	w.gapless(p, 2)
}

// TestTwoInvoicesOneNumber lets many callers issue the same number at once.
func TestTwoInvoicesOneNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p, q := w.start(), w.start()
	var issued, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		service := []*process{p, q}[i%2]
		wg.Go(func() {
			_, err := service.IssueDraft(t.Context(), numbered(t, "A/1"), invoicing.CreateOptions{})
			switch {
			case err == nil:
				issued.Add(1)
			case strings.Contains(err.Error(), "number.duplicate"):
				refused.Add(1)
			default:
				t.Errorf("IssueDraft: %v", err)
			}
		})
	}
	wg.Wait()
	if issued.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d issued, %d refused", issued.Load(), refused.Load())
	}
}
