package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

const kind = "transmit"

func enqueue(t *testing.T, s invoicing.Store, jobs ...invoicing.Job) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(ctx, j); err != nil {
				return err
			}
		}
		return nil
	})
}

func job(n int, seller pl.NIP, due time.Time) invoicing.Job {
	return invoicing.Job{Kind: kind, Subject: id(n), Seller: seller, Due: due}
}

// claimBy is what a worker claims at an instant, with a lease of a minute.
func claimBy(worker, instance, fence string, now time.Time) invoicing.Claim {
	return invoicing.Claim{
		Kind: kind, Worker: worker, Instance: instance, Fence: fence, Now: now, Until: now.Add(time.Minute), Limit: 10,
	}
}

func claim(t *testing.T, s invoicing.Store, c invoicing.Claim) (jobs []invoicing.Job) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx invoicing.Tx) (err error) {
		jobs, err = tx.Claim(ctx, c)
		return err
	})
	return jobs
}

func subjects(jobs []invoicing.Job) (ids []string) {
	for _, j := range jobs {
		ids = append(ids, j.Subject)
	}
	return ids
}

func claimsDue(t *testing.T, s invoicing.Store) {
	enqueue(t, s,
		job(1, sellerA, base.Add(-time.Second)), job(2, sellerA, base.Add(-time.Hour)), job(3, sellerA, base.Add(time.Microsecond)),
		job(4, sellerB, base.Add(-time.Minute)), job(5, sellerA, base),
		invoicing.Job{Kind: "other", Subject: id(6), Seller: sellerA, Due: base.Add(-time.Hour)})
	c := claimBy("w", "i", "f1", base)
	c.Limit = 2
	got := claim(t, s, c)
	equal(t, "first claim: the seller that waited longest, oldest first", got, []invoicing.Job{
		{Kind: kind, Subject: id(2), Seller: sellerA, Due: base.Add(-time.Hour), Fence: "f1", LeaseUntil: c.Until},
		{Kind: kind, Subject: id(1), Seller: sellerA, Due: base.Add(-time.Second), Fence: "f1", LeaseUntil: c.Until},
	})
	equal(t, "second claim", subjects(claim(t, s, claimBy("w", "i", "f2", base))), []string{id(4)})
	equal(t, "third claim", subjects(claim(t, s, claimBy("w", "i", "f3", base))), []string{id(5)})
	equal(t, "nothing left", subjects(claim(t, s, claimBy("w", "i", "f4", base))), nil)
}

func claimsSubject(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base), job(2, sellerA, base.Add(time.Hour)))
	c := claimBy("w", "i", "f", base)
	c.Subject = id(2)
	equal(t, "claim before it is due", subjects(claim(t, s, c)), []string{id(2)})
	c.Instance, c.Worker = "j", "v"
	equal(t, "claim while leased", subjects(claim(t, s, c)), nil)
	c.Subject = id(9)
	equal(t, "claim of nothing", subjects(claim(t, s, c)), nil)
}

func leasesExclusively(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base))
	equal(t, "claim", subjects(claim(t, s, claimBy("w", "i", "f1", base))), []string{id(1)})
	for _, now := range []time.Time{base, base.Add(time.Minute - time.Microsecond)} {
		equal(t, "claim by another", subjects(claim(t, s, claimBy("v", "j", "f2", now))), nil)
		equal(t, "claim by the holder", subjects(claim(t, s, claimBy("w", "i", "f2", now))), nil)
	}
	equal(t, "claim at the end of the lease", subjects(claim(t, s, claimBy("v", "j", "f3", base.Add(time.Minute)))), []string{id(1)})
}

func takesOver(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base))
	claim(t, s, claimBy("w", "old", "f1", base))
	got := claim(t, s, claimBy("w", "new", "f2", base))
	equal(t, "claim by the successor", subjects(got), []string{id(1)})
	equal(t, "claim by the dead", subjects(claim(t, s, claimBy("v", "old", "f3", base))), nil)
}

func fences(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base))
	old := claim(t, s, claimBy("w", "i", "f1", base))[0]
	now := base.Add(2 * time.Minute)
	held := claim(t, s, claimBy("v", "j", "f2", now))[0]
	writes := map[string]func(ctx context.Context, tx invoicing.Tx, j invoicing.Job) error{
		"Extend": func(ctx context.Context, tx invoicing.Tx, j invoicing.Job) error {
			return tx.Extend(ctx, j, now.Add(time.Hour))
		},
		"Release":  func(ctx context.Context, tx invoicing.Tx, j invoicing.Job) error { return tx.Release(ctx, j) },
		"Complete": func(ctx context.Context, tx invoicing.Tx, j invoicing.Job) error { return tx.Complete(ctx, j) },
	}
	try := func(name string, j invoicing.Job) error {
		return s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return writes[name](ctx, tx, j) })
	}
	for name := range writes {
		isError(t, name+" with an old lease", try(name, old), invoicing.ErrLeaseLost)
	}
	isError(t, "Extend", try("Extend", held), nil)
	equal(t, "claim while extended", subjects(claim(t, s, claimBy("u", "k", "f3", now.Add(time.Minute)))), nil)

	held.Due, held.Failures, held.LastError = now.Add(time.Hour), 3, "ż\x00"
	isError(t, "Release", try("Release", held), nil)
	isError(t, "Release again", try("Release", held), invoicing.ErrLeaseLost)
	equal(t, "claim before it is due", subjects(claim(t, s, claimBy("u", "k", "f4", now))), nil)
	again := claim(t, s, claimBy("u", "k", "f5", now.Add(time.Hour)))
	if len(again) != 1 || again[0].Failures != 3 || again[0].LastError != "ż\uFFFD" {
		t.Fatalf("after release: %+v", again)
	}
	isError(t, "Complete", try("Complete", again[0]), nil)
	equal(t, "claim when complete", subjects(claim(t, s, claimBy("u", "k", "f6", now.Add(9*time.Hour)))), nil)
	for name := range writes {
		isError(t, name+" when complete", try(name, again[0]), invoicing.ErrLeaseLost)
	}
}

func holds(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base), job(2, sellerB, base.Add(time.Second)))
	hold := func(seller pl.NIP, until time.Time) {
		update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.Hold(ctx, seller, base, until) })
	}
	hold(sellerA, base.Add(time.Hour))
	hold(sellerA, base.Add(time.Minute)) // does not shorten
	now := base.Add(30 * time.Minute)
	one := claimBy("w", "i", "f0", now)
	one.Subject = id(1)
	equal(t, "claim of a held one", subjects(claim(t, s, one)), nil)
	enqueue(t, s, job(3, sellerA, base)) // new ones wait as well
	equal(t, "claim", subjects(claim(t, s, claimBy("w", "i", "f1", now))), []string{id(2)})
	equal(t, "claim of the rest", subjects(claim(t, s, claimBy("w", "i", "f2", now))), nil)
	equal(t, "claim after the hold", subjects(claim(t, s, claimBy("w", "i", "f3", base.Add(time.Hour)))), []string{id(1), id(3)})
}

func tellsNextDue(t *testing.T, s invoicing.Store) {
	check := func(what string, want time.Time) {
		t.Helper()
		got, err := s.NextDue(t.Context(), kind, base)
		if err != nil || !got.Equal(want) {
			t.Errorf("%s: next due %v, %v, want %v", what, got, err, want)
		}
	}
	check("empty", time.Time{})
	enqueue(t, s, job(1, sellerA, base.Add(time.Hour)), job(2, sellerB, base.Add(2*time.Hour)),
		invoicing.Job{Kind: "other", Subject: id(3), Seller: sellerA, Due: base})
	check("due", base.Add(time.Hour))
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error {
		return tx.Hold(ctx, sellerA, base, base.Add(3*time.Hour))
	})
	check("one held", base.Add(2*time.Hour))
	claim(t, s, claimBy("w", "i", "f", base.Add(2*time.Hour)))
	check("one leased", base.Add(2*time.Hour+time.Minute))
}

func claimsConcurrently(t *testing.T, s invoicing.Store) {
	const jobs, workers = 40, 4
	for n := range jobs {
		enqueue(t, s, job(n, sellerA, base))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := 0; ; i++ {
				c := claimBy(fmt.Sprint("w", w), fmt.Sprint("i", w), fmt.Sprint(w, "-", i), base)
				c.Limit = 3
				got := claim(t, s, c)
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, j := range got {
					seen[j.Subject]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for n := range jobs {
		if seen[id(n)] != 1 {
			t.Errorf("job %d was leased %d times", n, seen[id(n)])
		}
	}
}
