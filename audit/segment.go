package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A segment header is the magic, the number of the first entry, a random nonce
// and a CRC-32C over these. The nonce goes into the crc of every frame.
const (
	segmentMagic  = "FPAUDIT1"
	segmentHeader = 36
	segmentSuffix = ".segment"
	nonceSize     = 16

	// stride is the distance of entries whose offset is remembered.
	stride = 256
)

// segment is one file of entries. Its name is the number of its first entry.
type segment struct {
	path  string
	first uint64
	seed  uint32 // crc of the nonce, where the crc of each frame starts
	limit int64  // end of what may be read

	// offsets[i] is where entry first+i*stride starts, as far as is known.
	offsets []int64
}

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

// parseSegmentName reads the number of a segment file; other files are not ours.
func parseSegmentName(name string) (first uint64, ok bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok || !all(digits, 20, isDigit) {
		return 0, false
	}
	if _, err := fmt.Sscanf(digits, "%d", &first); err != nil {
		return 0, false
	}
	return first, segmentName(first) == name
}

func newSegmentHeader(first uint64) []byte {
	var nonce [nonceSize]byte
	_, _ = rand.Read(nonce[:]) // never fails; need not be secret or reproducible
	h := append(binary.BigEndian.AppendUint64([]byte(segmentMagic), first), nonce[:]...)
	return binary.BigEndian.AppendUint32(h, crc32.Checksum(h, castagnoli))
}

// parseSegmentHeader returns the seed for the frames of the segment.
func parseSegmentHeader(h []byte, first uint64) (seed uint32, ok bool) {
	if len(h) != segmentHeader || !bytes.HasPrefix(h, []byte(segmentMagic)) {
		return 0, false
	}
	body, crc := h[:segmentHeader-4], binary.BigEndian.Uint32(h[segmentHeader-4:])
	if crc32.Checksum(body, castagnoli) != crc || binary.BigEndian.Uint64(body[8:]) != first {
		return 0, false
	}
	return crc32.Checksum(body[16:], castagnoli), true
}

// createSegment puts an empty segment in place; its name appears only with a
// whole header behind it.
func createSegment(d disk, dir string, first uint64) (*segment, error) {
	h := newSegmentHeader(first)
	path := filepath.Join(dir, segmentName(first))
	if err := writeFile(d, path, h); err != nil {
		return nil, err
	}
	seed, _ := parseSegmentHeader(h, first)
	return &segment{path: path, first: first, seed: seed, limit: segmentHeader}, nil
}

// openSegment reads the header of an existing segment.
func openSegment(d disk, path string, first uint64) (*segment, error) {
	f, err := d.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	h := make([]byte, min(size, segmentHeader))
	if _, err := f.ReadAt(h, 0); err != nil && size >= segmentHeader {
		return nil, err
	}
	seed, ok := parseSegmentHeader(h, first)
	if !ok {
		return nil, tamperedAt(ErrChanged, first, first, "header of a segment file")
	}
	return &segment{path: path, first: first, seed: seed, limit: size}, nil
}

// listSegments opens every segment in a directory in order; a directory that
// does not exist has none. Order and names are checked later, by the numbers of
// the entries.
func listSegments(d disk, dir string) ([]*segment, error) {
	names, err := d.ReadDir(dir) // sorted
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []*segment
	for _, e := range names {
		first, ok := parseSegmentName(e.Name())
		if !ok {
			continue
		}
		seg, err := openSegment(d, filepath.Join(dir, e.Name()), first)
		if err != nil {
			return nil, err
		}
		list = append(list, seg)
	}
	return list, nil
}

// mark remembers where an entry starts.
func (s *segment) mark(seq uint64, off int64) {
	if n := seq - s.first; seq >= s.first && n%stride == 0 && n/stride == uint64(len(s.offsets)) {
		s.offsets = append(s.offsets, off)
	}
}

// seek returns the nearest place known at or before an entry.
func (s *segment) seek(seq uint64) (at uint64, off int64) {
	if seq <= s.first || len(s.offsets) == 0 {
		return s.first, segmentHeader
	}
	i := min(int((seq-s.first)/stride), len(s.offsets)-1)
	return s.first + uint64(i)*stride, s.offsets[i]
}

// tail is what Load finds out about the last segment.
type tail struct {
	end  int64  // behind the last whole batch
	size uint64 // entries up to there
}

// inspect walks a segment to its end and judges what stands there: the file
// ends, or something follows that is not the next record. It returns
// ErrTampered, without details, when a crash cannot have left it so: an entry
// that is missing was acknowledged, or a later commit follows.
func (s *segment) inspect(d disk, acked uint64) (tail, error) {
	file, err := d.OpenFile(s.path, os.O_RDONLY, 0)
	if err != nil {
		return tail{}, err
	}
	defer file.Close()
	r := &frameReader{src: file, seed: s.seed, off: segmentHeader, limit: s.limit}
	t := tail{end: segmentHeader, size: s.first}
	p := progress{next: s.first}
	for {
		f, state, err := r.next()
		if err != nil {
			return t, err
		}
		if state == frameEnd {
			break
		}
		if state != frameGood || !p.accept(f) {
			return t, t.judge(r, f, state, acked)
		}
		s.markFrame(f)
		if p.between() {
			t.end, t.size = r.off, p.next
		}
	}
	if t.size < acked {
		return t, ErrTampered
	}
	return t, nil
}

func (s *segment) markFrame(f frame) {
	if f.kind == kindEntry {
		s.mark(f.seq, f.off)
	}
}

// judge decides about a batch that is not whole and is followed by something. f
// is the frame that breaks the order when the state is good.
func (t *tail) judge(r *frameReader, f frame, state frameState, acked uint64) error {
	if t.size < acked {
		return ErrTampered
	}
	good, next := state == frameGood, r.off
	if !good {
		next++
	}
	for {
		if good && f.start() != t.size {
			return ErrTampered // not of the batch that was being written
		}
		var err error
		if f, good, err = r.resync(next); err != nil {
			return err
		}
		if !good {
			return nil
		}
		next = r.off
	}
}
