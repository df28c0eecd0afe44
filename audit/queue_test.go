package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
)

// gateStore lets a test hold commits.
type gateStore struct {
	Store
	gate    chan struct{} // a commit takes one from here; nil lets all pass
	commits []int         // entries of each
}

func (s *gateStore) Append(ctx context.Context, b Batch) error {
	if s.gate != nil {
		<-s.gate
	}
	s.commits = append(s.commits, len(b.Entries))
	return s.Store.Append(ctx, b)
}

func gated(t *testing.T) (*Log, *gateStore) {
	s := &gateStore{Store: NewMemoryStore()}
	l := testOpen(t, Config{Store: s})
	s.gate, s.commits = make(chan struct{}), nil
	return l, s
}

// TestGroupCommit: those who come while a commit runs share the next one.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := gated(t)
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if _, err := l.Append(t.Context(), testEvents(fmt.Sprint(i), 2)...); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		close(s.gate)
		wg.Wait()
		if fmt.Sprint(s.commits) != "[2 38]" {
			t.Errorf("entries per commit: %v, want [2 38]", s.commits)
		}
	})
}

// TestCommitBound: no commit takes more than MaxBatch entries.
func TestCommitBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := gated(t)
		var wg sync.WaitGroup
		for i := range 7 {
			wg.Go(func() {
				if _, err := l.Append(t.Context(), testEvents(fmt.Sprint(i), 400)...); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		close(s.gate)
		wg.Wait()
		if fmt.Sprint(s.commits) != "[400 800 800 800]" {
			t.Errorf("entries per commit: %v", s.commits)
		}
	})
}

// TestCancel: who still waits when its context ends is not stored; who is
// being committed gets its answer; the lead is never lost.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := gated(t)
		results := map[string]error{}
		var mu sync.Mutex
		start := func(id string) context.CancelFunc {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				_, err := l.Append(ctx, testEvent(id))
				mu.Lock()
				defer mu.Unlock()
				results[id] = err
			}()
			synctest.Wait()
			return cancel
		}
		cancelLeader := start("leader")
		cancelWaiting := start("waiting")
		start("patient")
		cancelLeader()
		cancelWaiting()
		synctest.Wait()
		if err := results["waiting"]; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled while waiting: %v", err)
		}
		close(s.gate)
		synctest.Wait()
		for id, want := range map[string]bool{"leader": true, "waiting": false, "patient": true} {
			if _, ok, err := l.Find(t.Context(), id); ok != want || err != nil {
				t.Errorf("%s: stored %v, %v; want %v", id, ok, err, want)
			}
		}
		if results["leader"] != nil || results["patient"] != nil {
			t.Errorf("results: %v", results)
		}
	})
}

// TestCancelNextLeader cancels a request that has been told to lead and has
// not woken up yet: it leads all the same.
func TestCancelNextLeader(t *testing.T) {
	var q queue
	q.idle.L = &q.mu
	r := &request{wake: make(chan bool, 1)}
	q.leading, q.waiting = true, []*request{r}
	r.wake <- true
	if q.withdraw(r) {
		t.Fatal("the next leader was withdrawn: nobody would lead")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if lead, err := q.await(ctx, r); !lead || err != nil {
		t.Fatalf("await = %v, %v; want to lead", lead, err)
	}
}

// TestCloseWaits: Close lets running and waiting appends finish.
func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := gated(t)
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				if _, err := l.Append(t.Context(), testEvent(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		closed := false
		go func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			closed = true
		}()
		synctest.Wait()
		if closed {
			t.Fatal("Close did not wait")
		}
		if _, err := l.Append(t.Context(), testEvent("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("Append during Close: %v, want ErrClosed", err)
		}
		close(s.gate)
		wg.Wait()
		synctest.Wait()
		if !closed || l.Size() != 3 {
			t.Errorf("closed %v, %d entries", closed, l.Size())
		}
		if err := l.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

// TestAppendCancelled: a context that has ended stores nothing.
func TestAppendCancelled(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Append(ctx, testEvent("a")); !errors.Is(err, context.Canceled) || l.Size() != 0 {
		t.Errorf("%v, %d entries", err, l.Size())
	}
	if seqs, err := l.Append(ctx); seqs != nil || err != nil {
		t.Errorf("no events: %v, %v", seqs, err)
	}
}

// failingSigner is a signer on another machine that does not answer.
type failingSigner struct {
	*Key
	err error
}

func (s *failingSigner) Sign(msg []byte) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.Key.Sign(msg)
}

// TestSignerError: without a signature nothing is stored, and the log goes on.
func TestSignerError(t *testing.T) {
	s := &failingSigner{Key: testKey(t, "example.com/audit", 1)}
	l := testOpen(t, Config{Store: NewMemoryStore(), Signer: s})
	s.err = errors.New("no answer")
	if _, err := l.Append(t.Context(), testEvent("a")); !errors.Is(err, s.err) || l.Size() != 0 {
		t.Errorf("%v, %d entries", err, l.Size())
	}
	s.err = nil
	if seqs := mustAppend(t, l, testEvent("a")); seqs[0] != 0 {
		t.Errorf("sequence number %d", seqs[0])
	}
}
