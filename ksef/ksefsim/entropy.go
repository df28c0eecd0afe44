package ksefsim

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"sync"
)

// entropy is the one source of chance of a simulator: a ChaCha8 stream under a
// seed from Config.Random, so that a test repeats itself exactly.
type entropy struct {
	mu     sync.Mutex
	stream *mathrand.ChaCha8
}

// newEntropy reads the seed. Generation tells apart the runs of a process on one
// directory: with a fixed seed, the second run must not repeat the secrets of
// the first.
func newEntropy(random io.Reader, generation uint64) (*entropy, error) {
	if random == nil {
		random = rand.Reader
	}
	var seed [32]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return nil, fmt.Errorf("ksefsim: read seed: %w", err)
	}
	mixed := sha256.Sum256(binary.BigEndian.AppendUint64(seed[:], generation))
	return &entropy{stream: mathrand.NewChaCha8(mixed)}, nil
}

// Read fills p; it never fails.
func (e *entropy) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stream.Read(p)
}

func (e *entropy) bytes(n int) []byte {
	p := make([]byte, n)
	_, _ = e.Read(p) // never fails
	return p
}

// hex returns 2n lower-case hexadecimal digits.
func (e *entropy) hex(n int) string { return hex.EncodeToString(e.bytes(n)) }

func (e *entropy) uint64() uint64 { return binary.BigEndian.Uint64(e.bytes(8)) }
