package ksef

import (
	"bytes"
	"context"
	"sync"
)

// LimitStore keeps the records of a limiter where everybody finds them who
// calls KSeF from the same address: the goroutines of a process, the processes
// of a machine, the machines behind one router. NewFileLimitStore keeps them in
// a directory, package kseftest has the suite that an implementation passes.
//
// A record is some kilobytes of which losing costs no more than a 429. Keys are
// plain words of at most 64 letters, digits and dashes.
type LimitStore interface {
	// Update replaces the record of a key by what change makes of it, as if
	// nobody else did anything at that moment. old is nil when there is none.
	// change is quick, touches nothing else, keeps neither slice, and may be
	// called again. When it fails, or returns what it was given, nothing
	// changes; its error is returned as it is.
	Update(ctx context.Context, key string, change func(old []byte) ([]byte, error)) error
}

// MemoryLimitStore is a LimitStore for the goroutines of one process. Clients that
// are given the same one share their limits. The zero value is empty.
type MemoryLimitStore struct {
	mu      sync.Mutex
	records map[string][]byte
}

// Update implements LimitStore.
func (m *MemoryLimitStore) Update(ctx context.Context, key string, change func([]byte) ([]byte, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	record, err := change(bytes.Clone(m.records[key]))
	if err != nil {
		return err
	}
	if m.records == nil {
		m.records = map[string][]byte{}
	}
	m.records[key] = bytes.Clone(record)
	return nil
}
