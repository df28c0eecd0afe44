package invoicing

import (
	"encoding/binary"
	"io"
	"time"
)

// Backoff spaces repeated attempts: the wait doubles from Base to Max, and half
// of it is random, so that many workers do not return at the same moment. More
// than MaxPause is cut down to it.
type Backoff struct {
	Base time.Duration // 0 = 2 s
	Max  time.Duration // 0 = 10 min
}

func (b Backoff) withDefaults() Backoff {
	if b.Base <= 0 {
		b.Base = 2 * time.Second
	}
	if b.Max <= 0 {
		b.Max = 10 * time.Minute
	}
	b.Base = min(b.Base, MaxPause)
	b.Max = min(max(b.Base, b.Max), MaxPause)
	return b
}

// wait is the pause after the given number of failures in a row, from 1 on.
func (b Backoff) wait(failures int, random io.Reader) time.Duration {
	d := b.Base
	for i := 1; i < failures && d < b.Max; i++ {
		d *= 2
	}
	d = min(d, b.Max)
	return d/2 + jitter(d/2, random)
}

// jitter is a random part of d. Without randomness it is all of d: the pause
// gets longer, nothing breaks.
func jitter(d time.Duration, random io.Reader) time.Duration {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil || d <= 0 {
		return d
	}
	return time.Duration(binary.BigEndian.Uint64(b[:]) % uint64(d+1))
}
