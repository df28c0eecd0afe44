package audit

import (
	"context"
	"slices"
	"sync"
)

// queue gathers concurrent appends into commits without a goroutine of its
// own. The first to come leads: it commits whatever waits, wakes the others,
// and passes the lead to the first of those that came meanwhile. A lone writer
// commits at once; many share one sync of the disk; nobody waits for a timer.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	leading bool // somebody commits or has been told to
	closed  bool
	idle    sync.Cond // signalled when leading ends
}

// request is one call of Append.
type request struct {
	events []pending
	bytes  int
	seqs   []uint64
	err    error
	wake   chan bool // true: take the lead; false: done
}

// pending is an event that is ready but for its number.
type pending struct {
	id   string
	hash uint64 // of the ID, for the index
	tail []byte
}

// maxCommitBytes bounds the entries of one commit, so that a checkpoint is
// never far behind.
const maxCommitBytes = 4 << 20

// submit has a request committed and returns when that is done. A request that
// still waits when ctx ends is withdrawn.
func (q *queue) submit(ctx context.Context, r *request, commit func([]*request)) error {
	lead, err := q.join(r)
	if err == nil && !lead {
		lead, err = q.await(ctx, r)
	}
	if err != nil {
		return err
	}
	if lead {
		q.lead(r, commit)
	}
	return r.err
}

func (q *queue) join(r *request) (lead bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false, ErrClosed
	}
	q.waiting = append(q.waiting, r)
	lead, q.leading = !q.leading, true
	return lead, nil
}

func (q *queue) await(ctx context.Context, r *request) (lead bool, err error) {
	select {
	case lead = <-r.wake:
		return lead, nil
	case <-ctx.Done():
	}
	if q.withdraw(r) {
		return false, ctx.Err()
	}
	return <-r.wake, nil // being committed, or about to lead: that takes no longer than a commit
}

// withdraw removes a request that nobody has taken yet. The first one stays
// when it has been told to lead.
func (q *queue) withdraw(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, r)
	if i < 0 || len(r.wake) > 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// lead commits what waits, own first, and passes the lead on.
func (q *queue) lead(own *request, commit func([]*request)) {
	batch := q.take()
	commit(batch)
	for _, r := range batch {
		if r != own {
			r.wake <- false
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		q.waiting[0].wake <- true
		return
	}
	q.leading = false
	q.idle.Broadcast()
}

// take removes the requests for one commit.
func (q *queue) take() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, events, bytes := 0, 0, 0
	for _, r := range q.waiting {
		events += len(r.events)
		bytes += r.bytes
		if n > 0 && (events > MaxBatch || bytes > maxCommitBytes) {
			break
		}
		n++
	}
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return batch
}

// close refuses new requests and waits for those at work; false when it had
// been closed before.
func (q *queue) close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	for q.leading {
		q.idle.Wait()
	}
	return true
}
