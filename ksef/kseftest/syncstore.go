package kseftest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef"
)

// syncBase is when the suite plays.
var syncBase = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

const syncStream, syncOther = "test|Nip:5265877635|Subject2", "test|Nip:5265877635|Subject1"

// TestSyncStore runs the suite. open returns a new, empty store for every subtest
// and registers its own clean-up.
func TestSyncStore(t *testing.T, open func(*testing.T) ksef.SyncStore) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, ksef.SyncStore)
	}{
		{"an empty store has no checkpoint", syncEmpty},
		{"what was saved is loaded, entirely and exactly", syncKeeps},
		{"streams do not know each other", syncStreams},
		{"one process has the lease until it ends", syncExcludes},
		{"a lease of a clock that was wrong does not count", syncAbsurd},
		{"whoever lost the lease cannot saveSync or renew", syncFences},
		{"a lease that ran out and nobody took still serves", syncRevives},
		{"a released lease is free at once and has no power", syncReleases},
		{"made-up leases have no power", syncForged},
		{"the store and its callers do not share memory", syncCopies},
		{"of many that want the lease at once one gets it", syncRaces},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

func syncCheckpoint(n int64) ksef.SyncCheckpoint {
	at := syncBase.Add(time.Duration(n) * time.Second).Add(123456700 * time.Nanosecond)
	return ksef.SyncCheckpoint{
		Position: at,
		Recent: []ksef.SyncReceipt{
			{KSeFNumber: "5265877635-20261122-0100001AF629-AF", Stored: at.Add(-time.Millisecond)},
			{KSeFNumber: "5265877635-20261122-0100001AF62A-A6", Stored: at},
		},
		Pending: &ksef.SyncPending{
			Reference: "20261122-EH-2F67776000-97273B191A-65", Ticket: []byte{0, 1, 254, 255},
			From: at.Add(-time.Hour), To: at.Add(time.Hour), Asked: at,
		},
		Delivered: n, Saved: at,
	}
}

func acquireSync(t *testing.T, s ksef.SyncStore, name string, now time.Time) ksef.SyncLease {
	t.Helper()
	lease, err := s.Acquire(t.Context(), name, "worker", now, now.Add(time.Minute))
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	if lease.Stream != name || lease.Owner != "worker" || lease.Fence < 1 {
		t.Fatalf("Acquire = %+v", lease)
	}
	return lease
}

func saveSync(t *testing.T, s ksef.SyncStore, lease ksef.SyncLease, c ksef.SyncCheckpoint) {
	t.Helper()
	if err := s.Save(t.Context(), lease, c); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

func syncHolds(t *testing.T, s ksef.SyncStore, name string, want ksef.SyncCheckpoint) {
	t.Helper()
	got, err := s.Load(t.Context(), name)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
}

func syncHeld(t *testing.T, s ksef.SyncStore, name string, now time.Time) {
	t.Helper()
	if _, err := s.Acquire(t.Context(), name, "thief", now, now.Add(time.Minute)); !errors.Is(err, ksef.ErrLeaseHeld) {
		t.Errorf("Acquire of a held lease: %v", err)
	}
}

func syncEmpty(t *testing.T, s ksef.SyncStore) {
	syncHolds(t, s, syncStream, ksef.SyncCheckpoint{})
	lease := acquireSync(t, s, syncStream, syncBase)
	syncHolds(t, s, syncStream, ksef.SyncCheckpoint{})
	if err := s.Release(t.Context(), lease); err != nil {
		t.Error(err)
	}
}

func syncKeeps(t *testing.T, s ksef.SyncStore) {
	lease := acquireSync(t, s, syncStream, syncBase)
	for n := range int64(3) {
		saveSync(t, s, lease, syncCheckpoint(n))
		syncHolds(t, s, syncStream, syncCheckpoint(n))
	}
	bare := ksef.SyncCheckpoint{Position: syncBase}
	saveSync(t, s, lease, bare)
	syncHolds(t, s, syncStream, bare)
}

func syncStreams(t *testing.T, s ksef.SyncStore) {
	a, b := acquireSync(t, s, syncStream, syncBase), acquireSync(t, s, syncOther, syncBase)
	saveSync(t, s, a, syncCheckpoint(1))
	saveSync(t, s, b, syncCheckpoint(2))
	syncHolds(t, s, syncStream, syncCheckpoint(1))
	syncHolds(t, s, syncOther, syncCheckpoint(2))
	if err := s.Release(t.Context(), a); err != nil {
		t.Error(err)
	}
	syncHeld(t, s, syncOther, syncBase)
}

func syncExcludes(t *testing.T, s ksef.SyncStore) {
	lease := acquireSync(t, s, syncStream, syncBase)
	syncHeld(t, s, syncStream, syncBase)
	syncHeld(t, s, syncStream, syncBase.Add(time.Minute-time.Nanosecond))
	if err := s.Renew(t.Context(), lease, syncBase.Add(3*time.Minute)); err != nil {
		t.Fatalf("Renew: %v", err)
	}
	syncHeld(t, s, syncStream, syncBase.Add(2*time.Minute))
	if next := acquireSync(t, s, syncStream, syncBase.Add(3*time.Minute)); next.Fence <= lease.Fence {
		t.Errorf("fence %d after %d", next.Fence, lease.Fence)
	}
}

func syncAbsurd(t *testing.T, s ksef.SyncStore) {
	ahead := syncBase.AddDate(3, 0, 0)
	acquireSync(t, s, syncStream, ahead)
	acquireSync(t, s, syncStream, syncBase)
}

func syncFences(t *testing.T, s ksef.SyncStore) {
	old := acquireSync(t, s, syncStream, syncBase)
	saveSync(t, s, old, syncCheckpoint(1))
	next := acquireSync(t, s, syncStream, syncBase.Add(2*time.Minute))
	for name, err := range map[string]error{
		"Save":  s.Save(t.Context(), old, syncCheckpoint(2)),
		"Renew": s.Renew(t.Context(), old, syncBase.Add(time.Hour)),
	} {
		if !errors.Is(err, ksef.ErrLeaseLost) {
			t.Errorf("%s with a lost lease: %v", name, err)
		}
	}
	if err := s.Release(t.Context(), old); err != nil {
		t.Errorf("Release of a lost lease: %v", err)
	}
	syncHeld(t, s, syncStream, syncBase.Add(2*time.Minute))
	syncHolds(t, s, syncStream, syncCheckpoint(1))
	saveSync(t, s, next, syncCheckpoint(3))
}

func syncRevives(t *testing.T, s ksef.SyncStore) {
	lease := acquireSync(t, s, syncStream, syncBase)
	saveSync(t, s, lease, syncCheckpoint(1))
	if err := s.Renew(t.Context(), lease, syncBase.Add(time.Hour)); err != nil {
		t.Errorf("Renew: %v", err)
	}
	syncHeld(t, s, syncStream, syncBase.Add(30*time.Minute))
}

func syncReleases(t *testing.T, s ksef.SyncStore) {
	lease := acquireSync(t, s, syncStream, syncBase)
	saveSync(t, s, lease, syncCheckpoint(1))
	if err := s.Release(t.Context(), lease); err != nil {
		t.Fatalf("Release: %v", err)
	}
	next := acquireSync(t, s, syncStream, syncBase)
	if err := s.Save(t.Context(), lease, syncCheckpoint(2)); !errors.Is(err, ksef.ErrLeaseLost) {
		t.Errorf("Save with a released lease: %v", err)
	}
	syncHolds(t, s, syncStream, syncCheckpoint(1))
	if next.Fence <= lease.Fence {
		t.Errorf("fence %d after %d", next.Fence, lease.Fence)
	}
}

func syncForged(t *testing.T, s ksef.SyncStore) {
	for _, forged := range []ksef.SyncLease{{Stream: syncStream}, {Stream: syncStream, Fence: 7}, {}} {
		if err := s.Save(t.Context(), forged, syncCheckpoint(1)); !errors.Is(err, ksef.ErrLeaseLost) {
			t.Errorf("Save with a made-up lease: %v", err)
		}
		if err := s.Renew(t.Context(), forged, syncBase.Add(time.Minute)); !errors.Is(err, ksef.ErrLeaseLost) {
			t.Errorf("Renew of a made-up lease: %v", err)
		}
		if err := s.Release(t.Context(), forged); err != nil {
			t.Errorf("Release of a made-up lease: %v", err)
		}
	}
	syncHolds(t, s, syncStream, ksef.SyncCheckpoint{})
	acquireSync(t, s, syncStream, syncBase)
}

func syncCopies(t *testing.T, s ksef.SyncStore) {
	lease, c := acquireSync(t, s, syncStream, syncBase), syncCheckpoint(1)
	saveSync(t, s, lease, c)
	c.Recent[0].KSeFNumber, c.Pending.Reference, c.Pending.Ticket[0] = "changed", "changed", 9
	syncHolds(t, s, syncStream, syncCheckpoint(1))
	got, err := s.Load(t.Context(), syncStream)
	if err != nil {
		t.Fatal(err)
	}
	got.Recent[0].KSeFNumber, got.Pending.Ticket[0] = "changed", 9
	syncHolds(t, s, syncStream, syncCheckpoint(1))
}

func syncRaces(t *testing.T, s ksef.SyncStore) {
	const workers = 8
	results := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			_, results[i] = s.Acquire(context.WithoutCancel(t.Context()), syncStream, "worker", syncBase, syncBase.Add(time.Minute))
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, ksef.ErrLeaseHeld):
			t.Errorf("Acquire: %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d workers have the lease", won)
	}
}
