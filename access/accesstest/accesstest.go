// Package accesstest holds the conformance suite that every implementation of
// access.Store passes.
//
//	func TestStore(t *testing.T) {
//		accesstest.TestStore(t, func(t *testing.T) access.Store { return openEmptyStore(t) })
//	}
package accesstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/access"
)

// TestStore runs the suite. open returns a new, empty store for every subtest
// and registers its own clean-up.
func TestStore(t *testing.T, open func(*testing.T) access.Store) {
	tests := []struct {
		name string
		run  func(*testing.T, access.Store)
	}{
		{"keeps what was added", keeps},
		{"refuses a taken identifier", refusesTaken},
		{"does not find what is not there", findsNothing},
		{"revokes once", revokesOnce},
		{"lists by identifier", lists},
		{"stops listing early", stopsListing},
		{"gives out copies", copies},
		{"obeys a cancelled context", obeysContext},
		{"adds one of many at the same time", addsOnce},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
	}
}

// created is an instant with microseconds, which stores must keep.
var created = time.Date(2026, time.February, 1, 10, 11, 12, 123456000, time.UTC)

func record(id string) access.KeyRecord {
	return access.KeyRecord{
		ID:          id,
		Environment: access.Live,
		Label:       "księgowość „A” " + id,
		Scopes:      access.Scopes{access.ScopeInvoicesWrite, access.ScopeInvoicesRead},
		Hash:        access.Hash{0: 0xff, 1: 0, 31: 7},
		CreatedAt:   created,
		ExpiresAt:   created.Add(access.DefaultLifetime),
	}
}

func add(t *testing.T, s access.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := s.AddKey(t.Context(), record(id)); err != nil {
			t.Fatalf("AddKey(%s): %v", id, err)
		}
	}
}

func equal(t *testing.T, s access.Store, want access.KeyRecord) {
	t.Helper()
	got, err := s.Key(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Key(%s): %v", want.ID, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Key(%s) (-want +got):\n%s", want.ID, diff)
	}
}

func keeps(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1", "aaaaaaa1")
	equal(t, s, record("AAAAAAA1"))
	equal(t, s, record("aaaaaaa1")) // identifiers differ by case
}

func refusesTaken(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1")
	other := record("AAAAAAA1")
	other.Label = "another"
	if err := s.AddKey(t.Context(), other); !errors.Is(err, access.ErrKeyExists) {
		t.Errorf("AddKey of a taken identifier: %v", err)
	}
	equal(t, s, record("AAAAAAA1"))
}

func findsNothing(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1")
	for _, id := range []string{"", "AAAAAAA2", "AAAAAAA", "AAAAAAA1 ", "%", "' OR ''='"} {
		if rec, err := s.Key(t.Context(), id); !errors.Is(err, access.ErrKeyNotFound) || rec.ID != "" {
			t.Errorf("Key(%q) = %v, %v", id, rec, err)
		}
		if err := s.RevokeKey(t.Context(), id, created, ""); !errors.Is(err, access.ErrKeyNotFound) {
			t.Errorf("RevokeKey(%q): %v", id, err)
		}
	}
}

func revokesOnce(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1", "AAAAAAA2")
	want := record("AAAAAAA1")
	want.RevokedAt, want.RevokedReason = created.Add(time.Hour), "leaked"
	for _, attempt := range []struct {
		at     time.Time
		reason string
	}{{want.RevokedAt, want.RevokedReason}, {created.Add(2 * time.Hour), "again"}} {
		if err := s.RevokeKey(t.Context(), "AAAAAAA1", attempt.at, attempt.reason); err != nil {
			t.Fatalf("RevokeKey: %v", err)
		}
		equal(t, s, want)
	}
	equal(t, s, record("AAAAAAA2"))
}

func lists(t *testing.T, s access.Store) {
	for _, err := range s.Keys(t.Context()) {
		t.Fatalf("an empty store lists something, error %v", err)
	}
	add(t, s, "CCCCCCC1", "AAAAAAA1", "BBBBBBB1")
	var got []access.KeyRecord
	for rec, err := range s.Keys(t.Context()) {
		if err != nil {
			t.Fatalf("Keys: %v", err)
		}
		got = append(got, rec)
	}
	want := []access.KeyRecord{record("AAAAAAA1"), record("BBBBBBB1"), record("CCCCCCC1")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Keys (-want +got):\n%s", diff)
	}
}

func stopsListing(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1", "BBBBBBB1")
	for range 50 { // a store that leaks a connection each time runs dry
		for range s.Keys(t.Context()) {
			break
		}
	}
	equal(t, s, record("BBBBBBB1"))
}

func copies(t *testing.T, s access.Store) {
	rec := record("AAAAAAA1")
	if err := s.AddKey(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	rec.Scopes[0] = access.ScopeAuditRead
	got, err := s.Key(t.Context(), rec.ID)
	if err != nil {
		t.Fatal(err)
	}
	got.Scopes[1] = access.ScopeAuditRead
	for listed := range s.Keys(t.Context()) {
		listed.Scopes[0] = access.ScopeAuditRead
	}
	equal(t, s, record("AAAAAAA1"))
}

func obeysContext(t *testing.T, s access.Store) {
	add(t, s, "AAAAAAA1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.AddKey(ctx, record("AAAAAAA2")); !errors.Is(err, context.Canceled) {
		t.Errorf("AddKey after cancel: %v", err)
	}
	if _, err := s.Key(ctx, "AAAAAAA1"); !errors.Is(err, context.Canceled) {
		t.Errorf("Key after cancel: %v", err)
	}
	if err := s.RevokeKey(ctx, "AAAAAAA1", created, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("RevokeKey after cancel: %v", err)
	}
	var last error
	for _, err := range s.Keys(ctx) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("Keys after cancel: %v", last)
	}
}

func addsOnce(t *testing.T, s access.Store) {
	const writers = 8
	results := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			rec := record("AAAAAAA1")
			rec.Label = fmt.Sprint(i)
			results[i] = s.AddKey(t.Context(), rec)
		})
	}
	wg.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner >= 0:
			t.Errorf("writers %d and %d both took the identifier", winner, i)
		case err == nil:
			winner = i
		case !errors.Is(err, access.ErrKeyExists):
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if winner < 0 {
		t.Fatal("nobody took the identifier")
	}
	want := record("AAAAAAA1")
	want.Label = fmt.Sprint(winner)
	equal(t, s, want)
}
