package audit

import (
	"bytes"
	"context"
	"errors"
	"os"
)

// The very first commit of a log is a checkpoint over nothing, and no entry is
// written before the checkpoint file is on the disk. A store without that file
// is therefore one whose first start was interrupted, or one that was touched:
// entries in it, whole or torn, tell them apart.

func errNoCheckpoint() error {
	return tampered(ErrDeleted, "the store has entries but no checkpoint")
}

// vacant reports whether a store that keeps no checkpoint holds nothing that
// the interrupted first start of a log would not have left.
func vacant(ctx context.Context, r Reader) (bool, error) {
	size, err := r.Load(ctx, 0)
	if errors.Is(err, ErrTampered) {
		return false, nil
	}
	return err == nil && size == 0, err
}

// withoutHead verifies a store that keeps no checkpoint.
func (v *verification) withoutHead(ctx context.Context, r Reader, known [][]byte) error {
	empty, err := vacant(ctx, r)
	if err != nil {
		return err
	}
	if !empty {
		return errNoCheckpoint()
	}
	if err := v.compareWith(known); err != nil {
		return err
	}
	if err := v.scan.checkEmpty(); err != nil {
		return err
	}
	return ErrEmpty
}

// checkEmpty compares an empty store with the checkpoints kept elsewhere.
func (s *scan) checkEmpty() error {
	for _, k := range s.known {
		if k.Size > 0 {
			return tamperedAt(ErrRolledBack, 0, k.Size-1, "a checkpoint kept elsewhere covers entries, the store is empty")
		}
	}
	return nil
}

// checkUnfinished refuses what Load would else cut off as the work of a crash:
// the beginning of an entry, in a log without checkpoint file. end is where the
// whole batches of the segment end, none of which has entries.
func (s *FileStore) checkUnfinished(ctx context.Context, seg *segment, end int64) error {
	found, err := seg.findEntry(s.disk, end)
	if err != nil || !found {
		return err
	}
	if head, err := s.Head(ctx); err != nil || head != nil {
		return err
	}
	return errNoCheckpoint()
}

// findEntry reports whether an entry begins at an offset or later, whole or not.
// The bytes of a beginning occur nowhere else: F5 is not in any text.
func (s *segment) findEntry(d disk, off int64) (bool, error) {
	file, err := d.OpenFile(s.path, os.O_RDONLY, 0)
	if err != nil {
		return false, err
	}
	defer file.Close()
	r := &frameReader{src: file, limit: s.limit}
	begin := append(bytes.Clone(frameMagic), kindEntry)
	for {
		b, err := r.peek(off, minWindow)
		if err != nil || len(b) < len(begin) {
			return false, err
		}
		if bytes.Contains(b, begin) {
			return true, nil
		}
		off += int64(len(b) - len(begin) + 1)
	}
}
