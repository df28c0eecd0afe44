package invoicing_test

import (
	"errors"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

const year = 365 * 24 * time.Hour

// TestClockJumpsAheadAndBack: a failure while the clock was years ahead holds
// the seller up no longer than the wrong clock lasts.
func TestClockJumpsAheadAndBack(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"open", "send"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			w.wire.on(requests[call], 1, answer(429, "2700", `{"status":{"code":429,"description":"Too Many Requests"}}`))
			var clock clock
			p := w.start(func(c *invoicing.Config) { c.Now = clock.Now })
			first := p.issue(t, sample(t))
			clock.advance(3 * year)
			if _, err := p.Deliver(t.Context(), first.ID); !errors.Is(err, invoicing.ErrUpstream) {
				t.Fatalf("Deliver under the wrong clock: %v", err)
			}
			clock.advance(-3 * year)
			rec, err := p.Get(t.Context(), first.ID)
			if err != nil || rec.Pending.HeldUntil.After(clock.Now()) || rec.Pending.Due.After(clock.Now()) {
				t.Errorf("under the right clock it waits: %+v, %v", rec.Pending, err)
			}
			second := p.issue(t, sample(t))
			stop := run(t, p)
			p.eventually(t, invoicing.StateConfirmed, 2)
			stop()
			for _, id := range []string{first.ID, second.ID} {
				w.confirmed(p, id)
			}
		})
	}
}

// TestDeliverAfterAClockJump: so it is for Deliver, and for the leases of a
// process that died under the wrong clock.
func TestDeliverAfterAClockJump(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	for _, statement := range []string{
		"INSERT INTO faktupro_holds (seller, not_before) SELECT seller, due_at + 94608000000000 FROM faktupro_outbox",
		"UPDATE faktupro_outbox SET worker = 'dead', fence = 'x', lease_until = due_at + 94608000000000",
		"UPDATE faktupro_outbox SET due_at = due_at + 94608000000000",
	} {
		if _, err := p.db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	page, err := p.List(t.Context(), invoicing.Query{})
	if err != nil || len(page.Records) != 1 {
		t.Fatalf("List: %v, %v", page, err)
	}
	got := page.Records[0].Pending
	if !got.LeaseUntil.IsZero() || !got.HeldUntil.IsZero() || time.Until(got.Due) > 0 {
		t.Errorf("it waits: %+v", got)
	}
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
}

// TestPausesAreBounded: no configuration makes a pause that the queue would
// take for the work of a wrong clock.
func TestPausesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqOpen, 1, answer(429, "94608000", `{"status":{"code":429,"description":"Too Many Requests"}}`))
	p := w.start(func(c *invoicing.Config) {
		c.Lease = year
		c.Backoff = invoicing.Backoff{Base: year, Max: year}
	})
	rec := p.issue(t, sample(t))
	start := time.Now()
	if _, err := p.Deliver(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrUpstream) {
		t.Fatalf("Deliver: %v", err)
	}
	got, err := p.store.Invoice(t.Context(), rec.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, until := range map[string]time.Time{"due": got.Pending.Due, "hold": got.Pending.HeldUntil} {
		if pause := until.Sub(start); pause > invoicing.MaxPause+time.Minute || pause < time.Hour-time.Minute {
			t.Errorf("%s: pause of %v", name, pause)
		}
	}
}
