package audit

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// MemoryStore keeps a log in memory, for tests and for programs that do not
// need evidence after they end. It survives Close.
type MemoryStore struct {
	mu      sync.RWMutex
	locked  bool
	size    uint64
	records []Record
	head    []byte
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore { return new(MemoryStore) }

// Lock claims the store for one Log.
func (s *MemoryStore) Lock(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locked {
		return ErrLocked
	}
	s.locked = true
	return nil
}

// Head returns the newest checkpoint.
func (s *MemoryStore) Head(context.Context) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return bytes.Clone(s.head), nil
}

// Load returns the number of entries.
func (s *MemoryStore) Load(_ context.Context, acked uint64) (uint64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.size < acked {
		return s.size, tamperedAt(ErrTruncated, s.size, acked-1, "fewer entries than the checkpoint covers")
	}
	return s.size, nil
}

// Read yields the records from an entry on.
func (s *MemoryStore) Read(ctx context.Context, from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		s.mu.RLock()
		records := s.records
		s.mu.RUnlock()
		for i, _ := slices.BinarySearchFunc(records, from, startsBefore); i < len(records); i++ {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(records[i], nil) {
				return
			}
		}
	}
}

// startsBefore orders records for finding the first that Read(from) yields: a
// checkpoint that stands right before the entry belongs to what came earlier,
// unless everything is wanted.
func startsBefore(r Record, from uint64) int {
	if r.Seq < from || r.Seq == from && r.Data == nil && from > 0 {
		return -1
	}
	return 1
}

// Append stores a batch.
func (s *MemoryStore) Append(_ context.Context, b Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := b.check(s.locked, s.size); err != nil {
		return err
	}
	for i, data := range b.Entries {
		s.records = append(s.records, Record{Seq: b.First + uint64(i), Data: bytes.Clone(data)})
	}
	s.size += uint64(len(b.Entries))
	s.head = bytes.Clone(b.Checkpoint)
	s.records = append(s.records, Record{Seq: s.size, Checkpoint: s.head})
	return nil
}

// Close releases the lock; the data stay.
func (s *MemoryStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked = false
	return nil
}

// check refuses a batch that a store must not take, whoever asks.
func (b Batch) check(locked bool, size uint64) error {
	switch {
	case !locked:
		return fmt.Errorf("store: %w: not locked", ErrClosed)
	case b.First != size:
		return fmt.Errorf("store: batch starts at %d, the store ends at %d", b.First, size)
	case len(b.Entries) > MaxBatch:
		return fmt.Errorf("store: more than %d entries", MaxBatch)
	case len(b.Checkpoint) == 0 || len(b.Checkpoint) > maxCheckpoint:
		return fmt.Errorf("store: checkpoint of %d bytes", len(b.Checkpoint))
	}
	for _, e := range b.Entries {
		if len(e) == 0 || len(e) > MaxEntry {
			return fmt.Errorf("store: entry of %d bytes", len(e))
		}
	}
	return nil
}
