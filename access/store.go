package access

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// KeyRecord is what is kept of a key. It holds no secret.
type KeyRecord struct {
	ID            string      // 8 characters, primary key
	Environment   Environment // part of the key's text
	Label         string      // what the key is for; at most MaxLabel bytes
	Scopes        Scopes      // what its bearer may do
	Hash          Hash        // of the secret
	CreatedAt     time.Time   // UTC
	ExpiresAt     time.Time   // UTC; from this instant on the key is refused
	RevokedAt     time.Time   // UTC; zero = not revoked
	RevokedReason string      // for the audit; at most MaxLabel bytes
}

// Revoked reports whether the key was revoked.
func (r KeyRecord) Revoked() bool { return !r.RevokedAt.IsZero() }

// Expired reports whether the key has run out at the instant.
func (r KeyRecord) Expired(now time.Time) bool { return !now.Before(r.ExpiresAt) }

// What a Store answers, for errors.Is.
var (
	// ErrKeyNotFound means that there is no record with the identifier.
	ErrKeyNotFound = errors.New("access: API key not found")
	// ErrKeyExists means that the identifier is taken.
	ErrKeyExists = errors.New("access: API key identifier is taken")
)

// Store keeps the records. Implementations are safe for concurrent use, share
// no memory with their callers, return what was stored to the microsecond and
// pass the suite of package accesstest.
type Store interface {
	// AddKey stores a new record, durably when it returns. The error is
	// ErrKeyExists when the identifier is taken.
	AddKey(ctx context.Context, rec KeyRecord) error
	// Key returns a record. The error is ErrKeyNotFound when there is none.
	Key(ctx context.Context, id string) (KeyRecord, error)
	// RevokeKey marks a record as revoked; every later Key shows it. A record
	// that is revoked already stays as it is, without error. The error is
	// ErrKeyNotFound when there is none.
	RevokeKey(ctx context.Context, id string, at time.Time, reason string) error
	// Keys lists all records by identifier. An error is the last element.
	Keys(ctx context.Context) iter.Seq2[KeyRecord, error]
}

// MemoryStore is a Store that lives as long as the process.
type MemoryStore struct {
	mu   sync.RWMutex
	keys map[string]KeyRecord
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore { return &MemoryStore{keys: map[string]KeyRecord{}} }

// AddKey implements [Store].
func (s *MemoryStore) AddKey(ctx context.Context, rec KeyRecord) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, taken := s.keys[rec.ID]; taken {
		return ErrKeyExists
	}
	s.keys[rec.ID] = rec.clone()
	return nil
}

// Key implements [Store].
func (s *MemoryStore) Key(ctx context.Context, id string) (KeyRecord, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return KeyRecord{}, err
	}
	rec, ok := s.keys[id]
	if !ok {
		return KeyRecord{}, ErrKeyNotFound
	}
	return rec.clone(), nil
}

// RevokeKey implements [Store].
func (s *MemoryStore) RevokeKey(ctx context.Context, id string, at time.Time, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	rec, ok := s.keys[id]
	if !ok {
		return ErrKeyNotFound
	}
	if !rec.Revoked() {
		rec.RevokedAt, rec.RevokedReason = at, reason
		s.keys[id] = rec
	}
	return nil
}

// Keys implements [Store]. It lists the records of the moment it starts.
func (s *MemoryStore) Keys(ctx context.Context) iter.Seq2[KeyRecord, error] {
	return func(yield func(KeyRecord, error) bool) {
		for _, rec := range s.snapshot() {
			if err := ctx.Err(); err != nil {
				yield(KeyRecord{}, err)
				return
			}
			if !yield(rec.clone(), nil) {
				return
			}
		}
	}
}

func (s *MemoryStore) snapshot() []KeyRecord {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.keys), func(a, b KeyRecord) int { return strings.Compare(a.ID, b.ID) })
}

// clone keeps callers from changing each other's scopes.
func (r KeyRecord) clone() KeyRecord {
	r.Scopes = slices.Clone(r.Scopes)
	return r
}
