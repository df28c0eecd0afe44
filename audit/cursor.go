package audit

import "context"

// cursor yields the records of one segment.
type cursor struct {
	seg     *segment // copy that the cursor may extend
	r       frameReader
	p       progress
	from    uint64 // first entry wanted
	last    bool   // the segment is the last one
	placed  bool   // p describes what must come next
	started bool   // a record was yielded
	strayed bool   // numbers are out of order; whoever reads finds out how
}

// run yields until the segment ends; false means that the reader has enough or
// got an error.
func (c *cursor) run(ctx context.Context, yield func(Record, error) bool) bool {
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return yieldError(yield, ctx.Err())
		}
		f, state, err := c.r.next()
		switch {
		case err != nil:
			return yieldError(yield, err)
		case state == frameEnd:
			return true
		case state != frameGood:
			return yieldError(yield, c.damage(state))
		case !c.take(f):
			return yieldError(yield, c.outOfPlace(f))
		}
		if c.skip(f) {
			continue
		}
		c.started = true
		if !yield(f.record(), nil) {
			return false
		}
	}
}

// take follows the order. A wrong number is left to the reader, who sees the
// whole log; a right number in a wrong batch is not.
func (c *cursor) take(f frame) bool {
	switch {
	case c.strayed:
		return true
	case f.seq != c.p.next:
		c.strayed = true
		return true
	case !c.placed: // an offset may lead into the middle of a batch
		c.p.back, c.p.left = f.back, f.left+1
		if f.back > 0 {
			c.p.back--
		} else {
			c.p.left = 0
		}
	}
	c.placed = true
	c.seg.markFrame(f)
	return c.p.accept(f)
}

// skip passes over what stands before the first record wanted: earlier
// entries, and checkpoints that belong to them.
func (c *cursor) skip(f frame) bool {
	if c.started || c.from == 0 {
		return false
	}
	return f.seq < c.from || f.seq == c.from && f.kind == kindCheckpoint
}

// damage names the record that should stand where the bad bytes are.
func (c *cursor) damage(state frameState) error {
	kind := ErrChanged
	if state == frameCut && c.last {
		kind = ErrTruncated
	} else if state == frameCut {
		kind = ErrDeleted
	}
	if c.p.left == 1 && c.p.next > 0 {
		return tamperedAt(kind, c.p.next-1, c.p.next-1, "checkpoint after the entry")
	}
	return tamperedAt(kind, c.p.next, c.p.next, "stored record")
}

func (c *cursor) outOfPlace(f frame) error {
	if c.p.left == 1 && f.back == 0 && f.seq > 0 {
		return tamperedAt(ErrDeleted, f.seq-1, f.seq-1, "checkpoint after the entry")
	}
	return tamperedAt(ErrReordered, f.seq, f.seq, "record of another commit")
}
