package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// believed is the last instant that is believed at base; absurd the first one
// that is not.
var (
	believed = base.Add(invoicing.MaxAhead)
	absurd   = believed.Add(time.Microsecond)
	years    = base.AddDate(3, 0, 0)
)

func holdAt(t *testing.T, s invoicing.Store, seller pl.NIP, now, until time.Time) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.Hold(ctx, seller, now, until) })
}

// isDue checks what NextDue says at base.
func isDue(t *testing.T, s invoicing.Store, what string, want time.Time) {
	t.Helper()
	got, err := s.NextDue(t.Context(), kind, base)
	if err != nil || !got.Equal(want) {
		t.Errorf("%s: next due %v, %v, want %v", what, got, err, want)
	}
}

func claimsAbsurd(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, believed))
	isDue(t, s, "far ahead", believed)
	equal(t, "claim far ahead", subjects(claim(t, s, claimBy("w", "i", "f1", base))), nil)
	enqueue(t, s, job(2, sellerA, absurd), job(3, sellerA, years), job(4, sellerA, base))
	isDue(t, s, "one is due, others absurd", base)
	equal(t, "claim", subjects(claim(t, s, claimBy("w", "i", "f2", base))), []string{id(4), id(2), id(3)})
	isDue(t, s, "all absurd ones leased", base.Add(time.Minute))
}

func endsAbsurdLeases(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base))
	c := claimBy("w", "i", "f1", base)
	c.Until = believed
	old := claim(t, s, c)
	isDue(t, s, "long lease", believed)
	equal(t, "claim under a long lease", subjects(claim(t, s, claimBy("v", "j", "f2", base))), nil)
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.Extend(ctx, old[0], absurd) })
	isDue(t, s, "absurd lease", base)
	one := claimBy("v", "j", "f3", base)
	one.Subject = id(1)
	equal(t, "claim under an absurd lease", subjects(claim(t, s, one)), []string{id(1)})
	err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.Complete(ctx, old[0]) })
	isError(t, "Complete under the absurd lease", err, invoicing.ErrLeaseLost)
}

func forgetsAbsurdHolds(t *testing.T, s invoicing.Store) {
	enqueue(t, s, job(1, sellerA, base))
	holdAt(t, s, sellerA, base, believed)
	isDue(t, s, "long hold", believed)
	equal(t, "claim under a long hold", subjects(claim(t, s, claimBy("w", "i", "f1", base))), nil)

	holdAt(t, s, sellerA, years, years.Add(time.Hour)) // the clock runs ahead
	isDue(t, s, "absurd hold", base)
	holdAt(t, s, sellerA, base, base.Add(time.Hour)) // the clock is right again
	isDue(t, s, "hold after an absurd one", base.Add(time.Hour))
	equal(t, "claim under the new hold", subjects(claim(t, s, claimBy("w", "i", "f2", base))), nil)
	holdAt(t, s, sellerA, base, base.Add(time.Minute)) // does not shorten
	isDue(t, s, "hold after a longer one", base.Add(time.Hour))

	holdAt(t, s, sellerA, base, absurd)
	equal(t, "claim under an absurd hold", subjects(claim(t, s, claimBy("w", "i", "f3", base))), []string{id(1)})
}
