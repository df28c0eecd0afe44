package pack

import (
	"io"
	"sync"
)

// chunkSize is small enough to waste little on a small job.
const chunkSize = 16 << 10

// chunkPool shares buffers among the jobs of a build, so that growing makes no
// garbage.
type chunkPool struct {
	mu   sync.Mutex
	free [][]byte
}

func (p *chunkPool) get() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		return c
	}
	return make([]byte, chunkSize)
}

func (p *chunkPool) put(chunks [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, chunks...)
}

// chunks takes bytes of any number.
type chunks struct {
	pool *chunkPool
	list [][]byte
	size int
}

// Write implements io.Writer.
func (c *chunks) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		at := c.size % chunkSize
		if at == 0 {
			c.list = append(c.list, c.pool.get())
		}
		n := copy(c.list[len(c.list)-1][at:], rest)
		c.size += n
		rest = rest[n:]
	}
	return len(p), nil
}

// send writes the bytes from one place up to another.
func (c *chunks) send(w io.Writer, from, to int) error {
	for from < to {
		at := from % chunkSize
		n := min(chunkSize-at, to-from)
		if _, err := w.Write(c.list[from/chunkSize][at : at+n]); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// reset gives everything back.
func (c *chunks) reset() {
	c.pool.put(c.list)
	c.list, c.size = c.list[:0], 0
}
