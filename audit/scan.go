package audit

import (
	"context"
	"iter"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// scan reads a whole log and compares it with checkpoints. It is the one piece
// of code that decides whether a log is intact, for Open and for Verify.
type scan struct {
	keys   note.Verifiers
	origin string
	// head is the newest checkpoint kept outside the records; what it covers is
	// proven by its root, what follows must bring signatures of its own.
	head Checkpoint
	// known are checkpoints from elsewhere.
	known []Checkpoint
	// every makes the scan verify all checkpoints, not only those after head.
	every bool
	// onEntry sees every entry that stands at its place.
	onEntry func(seq uint64, rest []byte, h tlog.Hash)

	peaks    peaks
	scratch  []byte
	roots    []tlog.Hash  // of known, computed on the way
	covered  Checkpoint   // newest checkpoint that the records agree with
	last     uint64       // its size, or that of a later checkpoint
	mismatch bool         // the root is not that of head
	stray    *TamperError // a number out of order; the rest tells what it means
}

// run reads the records and returns the first finding.
func (s *scan) run(ctx context.Context, records iter.Seq2[Record, error]) error {
	s.roots = make([]tlog.Hash, len(s.known))
	err := s.pass()
	for rec, rerr := range records {
		if err != nil {
			break
		}
		switch {
		case rerr != nil && s.stray != nil:
			return s.stray
		case rerr != nil:
			return rerr
		case s.stray != nil:
			s.lookFor(rec)
		case rec.Data != nil:
			err = s.entry(rec)
		default:
			err = s.checkpoint(rec)
		}
	}
	if err != nil {
		return err
	}
	if s.stray != nil {
		return s.stray
	}
	return s.end()
}

// entry takes the next entry into the tree.
func (s *scan) entry(rec Record) error {
	want := s.peaks.size
	seq, rest, ok := peekSeq(rec.Data)
	switch {
	case rec.Seq != want:
		s.outOfOrder(rec.Seq)
		return nil
	case !ok:
		return tamperedAt(ErrChanged, want, want, "not an entry")
	case seq != want:
		s.outOfOrder(seq)
		return nil
	}
	h := leafHash(&s.scratch, rec.Data)
	s.peaks.append(h)
	if s.onEntry != nil {
		s.onEntry(seq, rest, h)
	}
	return s.pass()
}

// pass compares the root wherever a checkpoint is known for this size.
func (s *scan) pass() error {
	for i, k := range s.known {
		if k.Size == s.peaks.size {
			s.roots[i] = s.peaks.root()
		}
	}
	if s.head.Size != s.peaks.size || s.head.Origin == "" {
		return nil
	}
	if s.peaks.root() != s.head.Root {
		s.mismatch = true
		return tampered(ErrChanged, rootMismatch)
	}
	s.covered, s.last = s.head, s.head.Size
	return nil
}

const rootMismatch = "the entries do not give the signed root"

// checkpoint looks at a checkpoint among the records.
func (s *scan) checkpoint(rec Record) error {
	if rec.Seq != s.peaks.size {
		s.outOfOrder(rec.Seq)
		return nil
	}
	if !s.every && s.head.Origin != "" && rec.Seq <= s.head.Size {
		return nil
	}
	c, _, err := openCheckpoint(rec.Checkpoint, s.keys)
	if err != nil {
		return s.forged("checkpoint after the entry has no valid signature")
	}
	if c.Size != rec.Seq || c.Origin != s.origin || c.Root != s.peaks.root() {
		return s.forged("checkpoint after the entry belongs to something else")
	}
	s.last = c.Size
	if c.Size >= s.covered.Size {
		s.covered = c
	}
	return nil
}

// forged blames the entries since the last good checkpoint.
func (s *scan) forged(what string) error {
	if s.peaks.size == 0 {
		return tampered(ErrForged, what)
	}
	return tamperedAt(ErrForged, min(s.last, s.peaks.size-1), s.peaks.size-1, what)
}

// outOfOrder notes that number found stands where another should. Whether that
// one is gone or elsewhere shows when the rest has been read.
func (s *scan) outOfOrder(found uint64) {
	want := s.peaks.size
	if found < want {
		s.stray = tamperedAt(ErrReordered, want, want, "an earlier entry stands at its place")
		return
	}
	s.stray = tamperedAt(ErrDeleted, want, found-1, "a later record stands at its place")
}

func (s *scan) lookFor(rec Record) {
	seq, _, ok := peekSeq(rec.Data)
	if want := s.stray.First; rec.Data != nil && (rec.Seq == want || ok && seq == want) {
		s.stray.Kind, s.stray.Last = ErrReordered, want
	}
}

// end judges the size that was reached.
func (s *scan) end() error {
	size := s.peaks.size
	if size < s.head.Size {
		return tamperedAt(ErrTruncated, size, s.head.Size-1, "the log's own checkpoint covers more entries")
	}
	if s.covered.Size < size || s.covered.Origin == "" {
		return s.forged("no signed checkpoint covers the end of the log")
	}
	for i, k := range s.known {
		if k.Size > size {
			return tamperedAt(ErrRolledBack, size, k.Size-1, "a checkpoint kept elsewhere covers more entries")
		}
		if k.Root != s.roots[i] {
			return tampered(ErrForked, "a checkpoint kept elsewhere has another root for the same size")
		}
	}
	return nil
}

// locate narrows down a wrong root: signed checkpoints among the records that
// still hold tell up to where the entries are good.
func (s *scan) locate(ctx context.Context, records iter.Seq2[Record, error]) *TamperError {
	var tree peaks
	good, bad := uint64(0), s.head.Size
	for rec, err := range records {
		if err != nil || rec.Seq > bad {
			break
		}
		if rec.Data != nil {
			tree.append(leafHash(&s.scratch, rec.Data))
			continue
		}
		c, _, err := openCheckpoint(rec.Checkpoint, s.keys)
		if err != nil || c.Size != rec.Seq || c.Size != tree.size || c.Origin != s.origin {
			continue
		}
		if c.Root != tree.root() {
			bad = c.Size
			break
		}
		good = c.Size
	}
	if ctx.Err() != nil || bad <= good {
		return tampered(ErrChanged, rootMismatch)
	}
	return tamperedAt(ErrChanged, good, bad-1, rootMismatch)
}
