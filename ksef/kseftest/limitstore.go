package kseftest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/faktupro/faktupro-go/ksef"
)

// TestLimitStore runs the suite. open returns a new, empty store for every
// subtest and registers its own clean-up.
func TestLimitStore(t *testing.T, open func(*testing.T) ksef.LimitStore) {
	tests := []struct {
		name string
		run  func(*testing.T, ksef.LimitStore)
	}{
		{"keeps what was written", limitKeeps},
		{"gives nil for what is not there", limitNothing},
		{"keeps keys apart", limitKeys},
		{"changes nothing when the change fails", limitRefuses},
		{"gives and takes copies", limitCopies},
		{"obeys a cancelled context", limitContext},
		{"changes one after the other", limitOrder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
	}
}

// key is as long as a key may be.
var key = "limit-" + strings.Repeat("0aZ-", 14) + "xy"

func put(t *testing.T, s ksef.LimitStore, key string, record []byte) {
	t.Helper()
	err := s.Update(t.Context(), key, func([]byte) ([]byte, error) { return record, nil })
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func look(t *testing.T, s ksef.LimitStore, key string) []byte {
	t.Helper()
	var found []byte
	err := s.Update(t.Context(), key, func(old []byte) ([]byte, error) {
		found = old
		if old != nil {
			found = bytes.Clone(old)
		}
		return old, nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	return found
}

// bytesOfAllKinds has zeros, what is no text, and some kilobytes.
var bytesOfAllKinds = bytes.Repeat([]byte{0, 0xff, '\n', 'a', 0x80}, 2000)

func limitKeeps(t *testing.T, s ksef.LimitStore) {
	put(t, s, key, []byte("first"))
	put(t, s, key, bytesOfAllKinds)
	if !bytes.Equal(look(t, s, key), bytesOfAllKinds) {
		t.Error("the record is not what was written last")
	}
}

func limitNothing(t *testing.T, s ksef.LimitStore) {
	if got := look(t, s, key); got != nil {
		t.Errorf("a record that is not there is %q, not nil", got)
	}
}

func limitKeys(t *testing.T, s ksef.LimitStore) {
	put(t, s, "a", []byte("one"))
	put(t, s, "a-b", []byte("two"))
	if string(look(t, s, "a")) != "one" || string(look(t, s, "a-b")) != "two" || look(t, s, "b") != nil {
		t.Error("keys are mixed up")
	}
}

var errChange = errors.New("change failed")

func limitRefuses(t *testing.T, s ksef.LimitStore) {
	put(t, s, key, []byte("kept"))
	err := s.Update(t.Context(), key, func([]byte) ([]byte, error) { return []byte("lost"), errChange })
	if !errors.Is(err, errChange) {
		t.Errorf("Update = %v, want the error of change", err)
	}
	if got := look(t, s, key); string(got) != "kept" {
		t.Errorf("the record became %q", got)
	}
}

func limitCopies(t *testing.T, s ksef.LimitStore) {
	mine := []byte("abc")
	put(t, s, key, mine)
	mine[0] = 'X'
	err := s.Update(t.Context(), key, func(old []byte) ([]byte, error) {
		old[1] = 'X'
		return nil, errChange
	})
	if !errors.Is(err, errChange) || string(look(t, s, key)) != "abc" {
		t.Error("the record shares memory with the caller")
	}
}

func limitContext(t *testing.T, s ksef.LimitStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Update(ctx, key, func([]byte) ([]byte, error) { return []byte("x"), nil })
	if !errors.Is(err, context.Canceled) || look(t, s, key) != nil {
		t.Errorf("Update = %v, want context.Canceled and no change", err)
	}
}

func limitOrder(t *testing.T, s ksef.LimitStore) {
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := s.Update(t.Context(), key, func(old []byte) ([]byte, error) { return append(old, '.'), nil })
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(look(t, s, key)); got != writers*each {
		t.Errorf("%d of %d changes survived", got, writers*each)
	}
}
