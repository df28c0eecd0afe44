package audittest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/faktupro/faktupro-go/audit"
)

func newKey(t *testing.T) *audit.Key {
	t.Helper()
	key, err := audit.GenerateKey("example.com/audit", nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func open(t *testing.T, s audit.Store, key *audit.Key) *audit.Log {
	t.Helper()
	l, err := audit.Open(context.Background(), audit.Config{Store: s, Signer: key})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func event(n int) audit.Event {
	return audit.Event{
		ID:      fmt.Sprintf("event-%d", n),
		Type:    audit.TypeInvoiceSealed,
		Object:  audit.Object{Kind: "invoice", ID: fmt.Sprintf("inv-%d", n)},
		Details: map[string]string{audit.DetailSeries: "FV/2026"},
	}
}

// verify checks the log as it is open: entries, proofs, search.
func verify(t *testing.T, l *audit.Log, want int) {
	t.Helper()
	ctx := context.Background()
	report, err := l.Verify(ctx)
	if err != nil || report.Size != uint64(want) || report.Checkpoint.Size != uint64(want) {
		t.Fatalf("Verify = %+v, %v; want %d entries", report, err, want)
	}
	n := uint64(0)
	for e, err := range l.Entries(ctx, 0) {
		if err != nil || e.Seq != n {
			t.Fatalf("Entries yields %d, %v; want %d", e.Seq, err, n)
		}
		found, ok, err := l.Find(ctx, e.ID)
		if err != nil || !ok || found.Seq != n {
			t.Fatalf("Find(%s) = %d, %v, %v; want %d", e.ID, found.Seq, ok, err, n)
		}
		n++
	}
	if n != uint64(want) {
		t.Fatalf("Entries yields %d, want %d", n, want)
	}
	for _, seq := range []uint64{0, n / 2, n - 1} {
		p, err := l.Prove(ctx, seq)
		if err != nil {
			t.Fatalf("Prove(%d): %v", seq, err)
		}
		if e, err := audit.VerifyProof(p, l.VerifierKey()); err != nil || e.Seq != seq {
			t.Fatalf("VerifyProof(%d) = %d, %v", seq, e.Seq, err)
		}
	}
	if _, err := l.Prove(ctx, n); !errors.Is(err, audit.ErrNotFound) {
		t.Errorf("Prove behind the end: %v, want ErrNotFound", err)
	}
}

func testLog(t *testing.T, handle func() audit.Store) {
	key := newKey(t)
	l := open(t, handle(), key)
	for i := range 700 {
		seqs, err := l.Append(context.Background(), event(i))
		if err != nil || seqs[0] != uint64(i) {
			t.Fatalf("Append = %v, %v; want %d", seqs, err, i)
		}
	}
	verify(t, l, 700)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(context.Background(), event(700)); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("Append after Close: %v, want ErrClosed", err)
	}
	l = open(t, handle(), key)
	verify(t, l, 700)
	if _, err := audit.Open(context.Background(), audit.Config{Store: handle(), Signer: key}); !errors.Is(err, audit.ErrLocked) {
		t.Errorf("second Open: %v, want ErrLocked", err)
	}
}

func testExactlyOnce(t *testing.T, handle func() audit.Store) {
	key := newKey(t)
	l := open(t, handle(), key)
	for round, want := range [][]uint64{{0, 1, 1, 2, 0}, {0, 1, 1, 2, 0}} {
		seqs, err := l.Append(context.Background(), event(0), event(1), event(1), event(2), event(0))
		if err != nil || fmt.Sprint(seqs) != fmt.Sprint(want) {
			t.Fatalf("round %d: %v, %v; want %v", round, seqs, err, want)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, handle(), key)
	seqs, err := l.Append(context.Background(), event(2), event(3))
	if err != nil || fmt.Sprint(seqs) != "[2 3]" {
		t.Fatalf("after reopening: %v, %v; want [2 3]", seqs, err)
	}
	verify(t, l, 4)
}

// testConcurrent lets writers race for the same events: each is stored once
// and all are told the same number.
func testConcurrent(t *testing.T, handle func() audit.Store) {
	const writers, events = 8, 60
	l := open(t, handle(), newKey(t))
	var got [writers][events]uint64
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range events {
				n := (i*7 + w*13) % events
				seqs, err := l.Append(context.Background(), event(n))
				if err != nil {
					t.Error(err)
					return
				}
				got[w][n] = seqs[0]
			}
		})
	}
	wg.Wait()
	for w := range writers {
		if got[w] != got[0] {
			t.Errorf("writer %d was told other numbers than writer 0", w)
		}
	}
	verify(t, l, events)
}
