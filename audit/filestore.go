package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/faktupro/faktupro-go/internal/filelock"
)

// DefaultSegmentSize is how large a segment file grows, in bytes.
const DefaultSegmentSize = 64 << 20

// FileStore keeps a log in a directory of its own:
//
//	00000000000000000000.segment   entries and their checkpoints, see the format notes in frame.go
//	checkpoint                     the newest checkpoint, a signed note that other tools read
//	lock                           empty; locked while a Log is open
//
// One process writes at a time, the kernel sees to that; others may verify
// meanwhile. The file system must keep what it was asked to make durable and
// must support locks, which some network file systems do not.
type FileStore struct {
	// SegmentSize replaces DefaultSegmentSize when it is set before use.
	SegmentSize int64

	dir     string
	lockDir string // where the lock file is: dir, but for tests
	disk    disk
	release func() error

	mu       sync.RWMutex // guards what Read looks at: segments and their fields
	segments []*segment

	size   uint64
	out    diskFile // last segment, open for writing
	filled int64    // size of its file: zeros behind the data
	head   headFile
	buf    []byte
	broken error
}

// NewFileStore returns a store in a directory, which Lock creates. Reading
// alone neither creates nor changes anything.
func NewFileStore(dir string) *FileStore {
	return &FileStore{dir: dir, lockDir: dir, disk: osDisk{}}
}

// Lock claims the directory and creates it when it is missing.
func (s *FileStore) Lock(context.Context) error {
	if s.release != nil {
		return ErrLocked
	}
	if err := os.MkdirAll(s.lockDir, 0o700); err != nil {
		return err
	}
	release, err := filelock.Take(filepath.Join(s.lockDir, "lock"))
	if errors.Is(err, filelock.ErrHeld) {
		err = ErrLocked
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", s.dir, err)
	}
	s.release = release
	return nil
}

// Head returns the checkpoint file.
func (s *FileStore) Head(context.Context) ([]byte, error) {
	return readHead(s.disk, filepath.Join(s.dir, headName))
}

// Load lists the segments and finds the end of the last.
func (s *FileStore) Load(ctx context.Context, acked uint64) (uint64, error) {
	list, err := listSegments(s.disk, s.dir)
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.segments = list
	s.mu.Unlock()
	if len(list) == 0 {
		if acked > 0 {
			return 0, tamperedAt(ErrTruncated, 0, acked-1, "no segment file")
		}
		return 0, nil
	}
	last := list[len(list)-1]
	t, err := last.inspect(s.disk, acked)
	if err != nil {
		if errors.Is(err, ErrTampered) {
			err = tampered(ErrChanged, "the end of the log cannot be the work of a crash")
		}
		return t.size, err
	}
	if t.size == 0 && t.end < last.limit {
		if err := s.checkUnfinished(ctx, last, t.end); err != nil {
			return 0, err
		}
	}
	s.size, last.limit = t.size, t.end
	if s.release != nil {
		return s.size, s.resume(last, t)
	}
	return s.size, nil
}

// resume opens the last segment for writing and cuts off what a crash left.
func (s *FileStore) resume(last *segment, t tail) error {
	f, err := s.disk.OpenFile(last.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	s.out, s.filled = f, t.end
	size, err := f.Size()
	if err != nil || size == t.end {
		return err
	}
	if err := f.Truncate(t.end); err != nil {
		return err
	}
	return f.Sync()
}

// Read yields records from the files.
func (s *FileStore) Read(ctx context.Context, from uint64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		list := s.view()
		i := 0
		for i+1 < len(list) && list[i+1].first <= from {
			i++
		}
		for ; i < len(list); i++ {
			if !s.readSegment(ctx, &list[i], from, i == len(list)-1, yield) {
				return
			}
		}
	}
}

// view copies the segments as they are now, so that a writer may go on.
func (s *FileStore) view() []segment {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]segment, len(s.segments))
	for i, seg := range s.segments {
		list[i] = *seg
		list[i].offsets = slices.Clip(seg.offsets)
	}
	return list
}

func (s *FileStore) readSegment(ctx context.Context, seg *segment, from uint64, last bool, yield func(Record, error) bool) bool {
	file, err := s.disk.OpenFile(seg.path, os.O_RDONLY, 0)
	if err != nil {
		return yieldError(yield, err)
	}
	defer file.Close()
	seq, off := seg.seek(from)
	c := cursor{
		seg:  seg,
		r:    frameReader{src: file, seed: seg.seed, off: off, limit: seg.limit},
		p:    progress{next: seq},
		from: from, last: last, placed: off == segmentHeader,
	}
	more := c.run(ctx, yield)
	s.learn(seg)
	return more
}

// learn keeps the offsets that a reader came across.
func (s *FileStore) learn(seg *segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, own := range s.segments {
		if own.path == seg.path && len(own.offsets) < len(seg.offsets) {
			own.offsets = seg.offsets
		}
	}
}

func yieldError(yield func(Record, error) bool, err error) bool {
	yield(Record{}, err)
	return false
}

// Append writes a batch behind the last and makes it durable.
func (s *FileStore) Append(_ context.Context, b Batch) error {
	if err := b.check(s.release != nil, s.size); err != nil {
		return err
	}
	if s.broken != nil {
		return s.broken
	}
	if err := s.prepare(b); err != nil {
		return err
	}
	seg := s.segments[len(s.segments)-1]
	s.buf = appendBatch(s.buf[:0], seg.seed, b)
	s.extend(seg.limit + int64(len(s.buf)))
	if _, err := s.out.WriteAt(s.buf, seg.limit); err != nil {
		return s.undo(seg.limit, err)
	}
	if err := s.out.Sync(); err != nil {
		return s.fail(err)
	}
	s.commit(seg, b)
	return nil
}

// prepare catches up with a checkpoint that could not be written last time and
// makes sure that there is a segment with room.
func (s *FileStore) prepare(b Batch) error {
	if err := s.head.flush(); err != nil {
		return err
	}
	if n := len(s.segments); n > 0 && s.segments[n-1].limit < s.segmentSize() {
		return nil
	}
	return s.roll(b.First)
}

func (s *FileStore) segmentSize() int64 {
	if s.SegmentSize > 0 {
		return s.SegmentSize
	}
	return DefaultSegmentSize
}

// roll finishes the last segment and begins a new one.
func (s *FileStore) roll(first uint64) error {
	if s.out != nil && s.size > s.segments[len(s.segments)-1].first {
		if err := s.finish(); err != nil {
			return err
		}
	}
	if n := len(s.segments); n > 0 && s.segments[n-1].first == first {
		return nil // checkpoints alone have filled it; names must differ
	}
	seg, err := createSegment(s.disk, s.dir, first)
	if err != nil {
		return err
	}
	out, err := s.disk.OpenFile(seg.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if s.out != nil {
		_ = s.out.Close()
	}
	s.mu.Lock()
	s.segments = append(s.segments, seg)
	s.mu.Unlock()
	s.out, s.filled = out, segmentHeader
	return nil
}

// finish cuts the zeros off the last segment and makes everything durable.
func (s *FileStore) finish() error {
	end := s.segments[len(s.segments)-1].limit
	if s.filled > end {
		if err := s.out.Truncate(end); err != nil {
			return err
		}
		s.filled = end
	}
	return errors.Join(s.out.Sync(), s.head.sync())
}

var zeros [64 << 10]byte

// extend writes zeros ahead of the data, in larger steps as the file grows:
// making data durable inside them changes no metadata and is faster. It is
// only that; when there is no room for zeros the data may still fit.
func (s *FileStore) extend(need int64) {
	if need <= s.filled {
		return
	}
	goal := need + min(max(need, 64<<10), 4<<20)
	for at := s.filled; at < goal; at += int64(len(zeros)) {
		n := min(int64(len(zeros)), goal-at)
		if _, err := s.out.WriteAt(zeros[:n], at); err != nil {
			_ = s.out.Truncate(s.filled)
			return
		}
	}
	s.filled = goal
}

// undo removes a batch that was written in part, so that nothing of it can
// follow the next one.
func (s *FileStore) undo(end int64, cause error) error {
	if err := s.out.Truncate(end); err != nil {
		return s.fail(errors.Join(cause, err))
	}
	s.filled = end
	return fmt.Errorf("write segment: %w", cause)
}

// fail gives up: after a failed sync the system may have dropped the data, and
// a second sync that succeeds proves nothing.
func (s *FileStore) fail(cause error) error {
	s.broken = fmt.Errorf("%w: %w", ErrBroken, cause)
	return s.broken
}

// commit takes over a durable batch.
func (s *FileStore) commit(seg *segment, b Batch) {
	s.mu.Lock()
	off := seg.limit
	for i, e := range b.Entries {
		seg.mark(b.First+uint64(i), off)
		off += frameHeader + int64(len(e))
	}
	seg.limit += int64(len(s.buf))
	s.mu.Unlock()
	s.filled = max(s.filled, seg.limit)
	s.size += uint64(len(b.Entries))
	s.head.put(s.disk, filepath.Join(s.dir, headName), b.Checkpoint)
}

// Close finishes the last segment and releases the lock.
func (s *FileStore) Close() error {
	var errs []error
	if s.out != nil {
		if s.broken == nil {
			errs = append(errs, s.head.flush(), s.finish())
		}
		errs = append(errs, s.out.Close())
		s.out = nil
	}
	errs = append(errs, s.head.close())
	if s.release != nil {
		errs = append(errs, s.release())
		s.release = nil
	}
	s.mu.Lock()
	s.segments, s.size, s.broken = nil, 0, nil
	s.mu.Unlock()
	return errors.Join(errs...)
}
