package kseftest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
)

// TestTokenStore runs the suite. open returns a new, empty store for every
// subtest and registers its own clean-up.
func TestTokenStore(t *testing.T, open func(*testing.T) ksef.TokenStore) {
	tests := []struct {
		name string
		run  func(*testing.T, ksef.TokenStore)
	}{
		{"keeps what was saved", tokenKeeps},
		{"removes", tokenRemoves},
		{"keeps keys apart", tokenKeys},
		{"gives and takes copies", tokenCopies},
		{"obeys a cancelled context", tokenContext},
		{"locks one at a time", tokenLocks},
		{"locks keys apart and not against saving", tokenLockKeys},
		{"gives up waiting with the context", tokenLockContext},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
	}
}

func save(t *testing.T, s ksef.TokenStore, key string, sealed []byte) {
	t.Helper()
	if err := s.Save(t.Context(), key, sealed); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

func load(t *testing.T, s ksef.TokenStore, key string) []byte {
	t.Helper()
	sealed, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return sealed
}

func tokenKeeps(t *testing.T, s ksef.TokenStore) {
	save(t, s, key, []byte("first"))
	save(t, s, key, bytesOfAllKinds)
	if !bytes.Equal(load(t, s, key), bytesOfAllKinds) {
		t.Error("what was loaded is not what was saved last")
	}
}

func tokenRemoves(t *testing.T, s ksef.TokenStore) {
	if got := load(t, s, key); got != nil {
		t.Errorf("what is not there is %q, not nil", got)
	}
	save(t, s, key, nil)
	save(t, s, key, []byte("x"))
	save(t, s, key, nil)
	if got := load(t, s, key); got != nil {
		t.Errorf("what was removed is %q", got)
	}
}

func tokenKeys(t *testing.T, s ksef.TokenStore) {
	save(t, s, "a", []byte("one"))
	save(t, s, "a-b", []byte("two"))
	if string(load(t, s, "a")) != "one" || string(load(t, s, "a-b")) != "two" || load(t, s, "b") != nil {
		t.Error("keys are mixed up")
	}
}

func tokenCopies(t *testing.T, s ksef.TokenStore) {
	mine := []byte("abc")
	save(t, s, key, mine)
	mine[0] = 'X'
	load(t, s, key)[1] = 'X'
	if string(load(t, s, key)) != "abc" {
		t.Error("what is saved shares memory with the caller")
	}
}

func tokenContext(t *testing.T, s ksef.TokenStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Save(ctx, key, []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("Save = %v", err)
	}
	if _, err := s.Load(ctx, key); !errors.Is(err, context.Canceled) {
		t.Errorf("Load = %v", err)
	}
	if _, err := s.Lock(ctx, key); !errors.Is(err, context.Canceled) {
		t.Errorf("Lock = %v", err)
	}
	if load(t, s, key) != nil {
		t.Error("a cancelled Save saved")
	}
}

func tokenLocks(t *testing.T, s ksef.TokenStore) {
	var inside, turns atomic.Int32
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			unlock, err := s.Lock(t.Context(), key)
			if err != nil {
				t.Errorf("Lock: %v", err)
				return
			}
			defer unlock()
			if inside.Add(1) != 1 {
				t.Error("two hold the lock")
			}
			turns.Add(1)
			inside.Add(-1)
		})
	}
	wg.Wait()
	if turns.Load() != 6 {
		t.Errorf("%d of 6 got their turn", turns.Load())
	}
}

func tokenLockKeys(t *testing.T, s ksef.TokenStore) {
	unlock, err := s.Lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	other, err := s.Lock(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	defer other()
	save(t, s, "a", []byte("x"))
	if string(load(t, s, "a")) != "x" {
		t.Error("the holder of the lock cannot save")
	}
}

func tokenLockContext(t *testing.T, s ksef.TokenStore) {
	unlock, err := s.Lock(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Lock(ctx, key); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Lock = %v, want context.DeadlineExceeded", err)
	}
	unlock()
	again, err := s.Lock(t.Context(), key)
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	again()
}
