package pack

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
)

// PartStore takes the parts of one package. Build calls Begin, then for every
// part Create, Write and Commit, then Finish; after a failure it calls Discard.
// Implementations make sure that nobody sees a package before Finish.
type PartStore interface {
	// Begin prepares for a new package and removes what an earlier build left
	// without finishing. A store that holds a complete package refuses with
	// ErrComplete, one in which another build runs with ErrStoreInUse.
	Begin(ctx context.Context) error
	// Create starts part number n, counted from 1.
	Create(ctx context.Context, n int) (PartWriter, error)
	// Finish makes the package complete, durably.
	Finish(ctx context.Context, m *Manifest) error
	// Discard removes everything since Begin.
	Discard(ctx context.Context) error
}

// PartWriter takes the content of one part.
type PartWriter interface {
	io.Writer
	// Commit ends the part and makes it durable.
	Commit() error
	// Abort gives the part up.
	Abort() error
}

// Parts gives the encrypted parts of a package, counted from 1. [Open] reads
// every part once from its start to its end and closes it, unless what is
// returned has ReadAt as well (as *os.File has): then it is kept open and read
// at any place until [Archive.Close].
type Parts interface {
	Open(ctx context.Context, n int) (io.ReadCloser, error)
}

// PartsFunc makes Parts of a function, for parts that come over the network.
type PartsFunc func(ctx context.Context, n int) (io.ReadCloser, error)

// Open calls the function.
func (f PartsFunc) Open(ctx context.Context, n int) (io.ReadCloser, error) { return f(ctx, n) }

// Memory keeps the parts of one package in memory, for small packages and
// tests. The zero Memory is ready for use.
type Memory struct {
	mu       sync.Mutex
	parts    [][]byte
	manifest *Manifest
	busy     bool
}

var (
	_ PartStore = (*Memory)(nil)
	_ Parts     = (*Memory)(nil)
)

// Begin implements PartStore.
func (m *Memory) Begin(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.manifest != nil:
		return ErrComplete
	case m.busy:
		return ErrStoreInUse
	}
	m.busy, m.parts = true, nil
	return nil
}

// Create implements PartStore.
func (m *Memory) Create(_ context.Context, n int) (PartWriter, error) {
	return &memoryPart{store: m, n: n}, nil
}

// Finish implements PartStore.
func (m *Memory) Finish(_ context.Context, manifest *Manifest) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.manifest, m.busy = manifest, false
	return nil
}

// Discard implements PartStore.
func (m *Memory) Discard(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parts, m.busy = nil, false
	return nil
}

// Open implements Parts.
func (m *Memory) Open(_ context.Context, n int) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.manifest == nil || n < 1 || n > len(m.parts) {
		return nil, fmt.Errorf("pack: open part: %w", ErrNoPackage)
	}
	return memoryReader{bytes.NewReader(m.parts[n-1])}, nil
}

// Manifest returns that of the complete package.
func (m *Memory) Manifest() (*Manifest, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.manifest == nil {
		return nil, fmt.Errorf("pack: manifest: %w", ErrNoPackage)
	}
	return m.manifest, nil
}

type memoryReader struct{ *bytes.Reader }

func (memoryReader) Close() error { return nil }

type memoryPart struct {
	store *Memory
	n     int
	buf   []byte
}

func (p *memoryPart) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	return len(b), nil
}

func (p *memoryPart) Commit() error {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if missing := p.n - len(p.store.parts); missing > 0 {
		p.store.parts = append(p.store.parts, make([][]byte, missing)...)
	}
	p.store.parts[p.n-1] = slices.Clip(p.buf)
	return nil
}

func (p *memoryPart) Abort() error {
	p.buf = nil
	return nil
}
