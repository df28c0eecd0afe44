package ksef

import (
	"context"
	"slices"
	"sync"
	"time"
)

// MemorySyncStore is a [SyncStore] that forgets when the process ends. The zero
// MemorySyncStore is ready for use.
type MemorySyncStore struct {
	mu      sync.Mutex
	streams map[string]*syncRecord
}

// syncRecord is all that is known of a stream.
type syncRecord struct {
	Stream     string         `json:"stream"`
	Owner      string         `json:"owner,omitempty"`
	Fence      int64          `json:"fence"`
	Until      time.Time      `json:"until,omitzero"`
	Checkpoint SyncCheckpoint `json:"checkpoint"`
}

func (r *syncRecord) acquire(stream, owner string, now, until time.Time) (SyncLease, error) {
	if SyncLeaseHeld(r.Until, now) {
		return SyncLease{}, ErrLeaseHeld
	}
	r.Stream, r.Owner, r.Until = stream, owner, until
	r.Fence++
	return SyncLease{stream, owner, r.Fence}, nil
}

func (r *syncRecord) is(lease SyncLease) bool { return lease.Fence > 0 && r.Fence == lease.Fence }

func (r *syncRecord) renew(lease SyncLease, until time.Time) error {
	if !r.is(lease) {
		return ErrLeaseLost
	}
	r.Until = until
	return nil
}

// release lets the next one in at once; the fence stays.
func (r *syncRecord) release(lease SyncLease) error {
	if r.is(lease) {
		r.Owner, r.Until = "", time.Time{}
	}
	return nil
}

func (r *syncRecord) save(lease SyncLease, c SyncCheckpoint) error {
	if !r.is(lease) {
		return ErrLeaseLost
	}
	r.Checkpoint = c.clone()
	return nil
}

func (c SyncCheckpoint) clone() SyncCheckpoint {
	c.Recent = slices.Clone(c.Recent)
	if c.Pending != nil {
		p := *c.Pending
		p.Ticket = slices.Clone(p.Ticket)
		c.Pending = &p
	}
	return c
}

func (s *MemorySyncStore) record(stream string) *syncRecord {
	if s.streams == nil {
		s.streams = map[string]*syncRecord{}
	}
	if s.streams[stream] == nil {
		s.streams[stream] = &syncRecord{}
	}
	return s.streams[stream]
}

// Acquire implements [SyncStore].
func (s *MemorySyncStore) Acquire(_ context.Context, stream, owner string, now, until time.Time) (SyncLease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record(stream).acquire(stream, owner, now, until)
}

// Renew implements [SyncStore].
func (s *MemorySyncStore) Renew(_ context.Context, lease SyncLease, until time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record(lease.Stream).renew(lease, until)
}

// Release implements [SyncStore].
func (s *MemorySyncStore) Release(_ context.Context, lease SyncLease) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record(lease.Stream).release(lease)
}

// Load implements [SyncStore].
func (s *MemorySyncStore) Load(_ context.Context, stream string) (SyncCheckpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record(stream).Checkpoint.clone(), nil
}

// Save implements [SyncStore].
func (s *MemorySyncStore) Save(_ context.Context, lease SyncLease, c SyncCheckpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record(lease.Stream).save(lease, c)
}
