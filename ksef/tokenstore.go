package ksef

import (
	"bytes"
	"context"
	"sync"
)

// TokenStore keeps logins for the processes that share them, sealed: it cannot
// read them. NewFileTokenStore keeps them in a directory, package kseftest has
// the suite that an implementation passes. Keys are plain words of at most 64
// letters, digits and dashes.
type TokenStore interface {
	// Load returns what was saved last, nil if there is nothing.
	Load(ctx context.Context, key string) ([]byte, error)
	// Save replaces it; nil removes it. Whoever loads sees all of it or nothing.
	Save(ctx context.Context, key string, sealed []byte) error
	// Lock waits until nobody else holds the lock of the key, here or in
	// another process. unlock is called once; when a process dies, its lock is
	// given up, at once or after some minutes. Load and Save do not need it.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// MemoryTokenStore is a TokenStore for the goroutines of one process: clients that
// are given the same one share their logins. The zero value is empty.
type MemoryTokenStore struct {
	mu     sync.Mutex
	sealed map[string][]byte
	locks  map[string]chan struct{}
}

// Load implements TokenStore.
func (m *MemoryTokenStore) Load(ctx context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.sealed[key]), ctx.Err()
}

// Save implements TokenStore.
func (m *MemoryTokenStore) Save(ctx context.Context, key string, sealed []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sealed == nil {
		m.sealed = map[string][]byte{}
	}
	if sealed == nil {
		delete(m.sealed, key)
		return nil
	}
	m.sealed[key] = bytes.Clone(sealed)
	return nil
}

// Lock implements TokenStore.
func (m *MemoryTokenStore) Lock(ctx context.Context, key string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock := m.lock(key)
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *MemoryTokenStore) lock(key string) chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locks == nil {
		m.locks = map[string]chan struct{}{}
	}
	if m.locks[key] == nil {
		m.locks[key] = make(chan struct{}, 1)
	}
	return m.locks[key]
}
