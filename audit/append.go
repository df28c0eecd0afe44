package audit

import (
	"context"
	"fmt"
	"hash/maphash"
)

// Append records events and returns their sequence numbers. When it returns
// without an error the events are on the disk, covered by a signed checkpoint.
// The events of one call, at most MaxBatch, are stored together or not at all.
//
// An event whose ID is already in the log is not stored again: its number is
// that of the first. A call that failed, or whose answer was lost, is therefore
// repeated with the same IDs.
//
// Errors: *EventError when an event is refused, ErrClosed, ErrBroken when the
// log must be opened again, the error of ctx when the call was still waiting
// when ctx ended, and else that of the disk or the signer, after which the log
// is as before and usable.
func (l *Log) Append(ctx context.Context, events ...Event) ([]uint64, error) {
	if len(events) == 0 {
		return nil, nil
	}
	r, err := l.request(events)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = l.queue.submit(ctx, r, func(batch []*request) { l.commit(context.WithoutCancel(ctx), batch) })
	}
	if err != nil {
		return nil, fmt.Errorf("audit: append: %w", err)
	}
	return r.seqs, nil
}

// request checks and encodes the events, outside of any lock.
func (l *Log) request(events []Event) (*request, error) {
	if len(events) > MaxBatch {
		return nil, &EventError{"events", fmt.Sprintf("append at most %d at once", MaxBatch)}
	}
	r := &request{
		events: make([]pending, len(events)),
		seqs:   make([]uint64, len(events)),
		wake:   make(chan bool, 1),
	}
	for i := range events {
		if err := l.cfg.Catalogue.Check(events[i]); err != nil {
			return nil, err
		}
		ev := complete(events[i], l.cfg.Catalogue, l.cfg.Now())
		tail := appendTail(make([]byte, 0, 320), &ev)
		if len(entryHead)+20+len(tail) > MaxEntry {
			return nil, &EventError{"Details", "the entry would be longer than 32 KiB"}
		}
		r.events[i] = pending{ev.ID, maphash.String(l.index.seed, ev.ID), tail}
		r.bytes += len(tail)
	}
	return r, nil
}

// commit stores the events of some requests and sets their results. Only the
// leader of the queue calls it, so nothing else changes the log meanwhile.
func (l *Log) commit(ctx context.Context, batch []*request) {
	fresh, err := l.number(ctx, batch)
	if err == nil && len(fresh) > 0 {
		err = l.store(ctx, fresh)
	}
	for _, r := range batch {
		r.err = err
	}
}

// number gives every event its sequence number and returns those that are not
// in the log yet.
func (l *Log) number(ctx context.Context, batch []*request) ([]pending, error) {
	var fresh []pending
	var here map[string]uint64 // of this batch
	for _, r := range batch {
		for i, ev := range r.events {
			seq, found, err := l.lookup(ctx, ev)
			if err != nil {
				return nil, err
			}
			if !found {
				seq, found = here[ev.id]
			}
			if !found {
				seq = l.tree.size + uint64(len(fresh))
				fresh = append(fresh, ev)
				if here == nil {
					here = make(map[string]uint64)
				}
				here[ev.id] = seq
			}
			r.seqs[i] = seq
		}
	}
	return fresh, nil
}

func (l *Log) lookup(ctx context.Context, ev pending) (seq uint64, found bool, err error) {
	for _, seq := range l.index.candidates(ev.hash) {
		e, err := l.Entry(ctx, seq)
		if err != nil {
			return 0, false, err
		}
		if e.ID == ev.id {
			return seq, true, nil
		}
	}
	return 0, false, nil
}

// store writes the events with the checkpoint that covers them, then takes
// them into tree and index.
func (l *Log) store(ctx context.Context, fresh []pending) error {
	first, next := l.tree.size, l.tree.peaks
	b := Batch{First: first, Entries: make([][]byte, len(fresh))}
	hashes := make([]hashed, len(fresh))
	var scratch []byte
	for i, ev := range fresh {
		b.Entries[i] = appendEntry(make([]byte, 0, len(entryHead)+20+len(ev.tail)), first+uint64(i), ev.tail)
		hashes[i] = hashed{ev.hash, leafHash(&scratch, b.Entries[i])}
		next.append(hashes[i].leaf)
	}
	var err error
	if b.Checkpoint, err = l.checkpoint(&next).sign(l.cfg.Signer); err != nil {
		return fmt.Errorf("sign checkpoint: %w", err)
	}
	if err := l.cfg.Store.Append(ctx, b); err != nil {
		return err
	}
	l.adopt(first, hashes, b.Checkpoint)
	return nil
}

// hashed is a stored entry as tree and index see it.
type hashed struct {
	id   uint64
	leaf [32]byte
}

func (l *Log) adopt(first uint64, hashes []hashed, head []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, h := range hashes {
		l.tree.append(h.leaf)
		l.index.add(h.id, first+uint64(i))
	}
	l.head = head
}
