package audit

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A segment file is a header followed by frames, one per entry and one per
// checkpoint, then possibly zeros: space written in advance, so that making a
// batch durable need not change the size of the file.
//
//	frame = F5 'f' 'p' kind | length u32 | seq u64 | back u16 | left u16 | crc u32 | data
//
// Numbers are big-endian. seq is the number of the entry, or for a checkpoint
// the number of entries before it; back and left count the frames of the same
// batch before and after. crc is CRC-32C over the nonce of the segment, the
// header up to the crc and the data, so that bytes of another place, another
// segment or another file never pass. F5 does not occur in UTF-8: a frame
// boundary cannot be mistaken for text inside an entry.
const (
	frameHeader = 24
	maxFrame    = MaxEntry // the longest data; checkpoints are shorter

	kindEntry      = 'e'
	kindCheckpoint = 'c'
)

var (
	frameMagic = []byte{0xf5, 'f', 'p'}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

type frame struct {
	kind       byte
	seq        uint64
	back, left uint16
	off        int64 // where it starts in the file
	data       []byte
}

// start is the number of entries before the batch that the frame belongs to.
func (f frame) start() uint64 { return f.seq - uint64(f.back) }

func (f frame) record() Record {
	if f.kind == kindEntry {
		return Record{Seq: f.seq, Data: f.data}
	}
	return Record{Seq: f.seq, Checkpoint: f.data}
}

func appendFrame(dst []byte, seed uint32, f frame) []byte {
	at := len(dst)
	dst = append(append(dst, frameMagic...), f.kind)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(f.data)))
	dst = binary.BigEndian.AppendUint64(dst, f.seq)
	dst = binary.BigEndian.AppendUint16(dst, f.back)
	dst = binary.BigEndian.AppendUint16(dst, f.left)
	crc := crc32.Update(crc32.Update(seed, castagnoli, dst[at:]), castagnoli, f.data)
	dst = binary.BigEndian.AppendUint32(dst, crc)
	return append(dst, f.data...)
}

// appendBatch writes the frames of a batch.
func appendBatch(dst []byte, seed uint32, b Batch) []byte {
	n := len(b.Entries)
	for i, data := range b.Entries {
		dst = appendFrame(dst, seed, frame{kind: kindEntry, seq: b.First + uint64(i),
			back: uint16(i), left: uint16(n - i), data: data})
	}
	return appendFrame(dst, seed, frame{kind: kindCheckpoint, seq: b.First + uint64(n),
		back: uint16(n), data: b.Checkpoint})
}

// Findings of a frameReader at one place.
type frameState uint8

const (
	frameGood frameState = iota
	frameEnd             // the data ends here, with nothing or only zeros behind
	frameCut             // the file ends inside a frame
	frameBad             // no frame, or one whose crc is wrong
)

// frameReader reads frames from a file through a window, which grows as long
// as reading goes on: a single entry should not cost what a whole log does.
type frameReader struct {
	src    io.ReaderAt
	seed   uint32
	off    int64 // next frame
	limit  int64 // end of the file, or of the part to be read
	window []byte
	winOff int64
}

const (
	minWindow = 64 << 10 // holds the longest frame
	maxWindow = 512 << 10
)

// peek returns up to n bytes at off, fewer only at the limit.
func (r *frameReader) peek(off int64, n int) ([]byte, error) {
	if have := r.winOff + int64(len(r.window)); off >= r.winOff && off+int64(n) <= have {
		return r.window[off-r.winOff:][:n], nil
	}
	if err := r.fill(off); err != nil {
		return nil, err
	}
	return r.window[:min(n, len(r.window))], nil
}

func (r *frameReader) fill(off int64) error {
	left := max(0, r.limit-off)
	if size := max(minWindow, min(2*cap(r.window), maxWindow)); size > cap(r.window) && int64(cap(r.window)) < left {
		r.window = make([]byte, 0, min(int64(size), left))
	}
	n, err := r.src.ReadAt(r.window[:min(int64(cap(r.window)), left)], off)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	r.window, r.winOff = r.window[:n], off
	return nil
}

// next returns the frame at off and moves behind it when it is good. The frame
// is valid until the next call. A bad place is read twice from the file, since
// a writer in another process may just be writing it.
func (r *frameReader) next() (frame, frameState, error) {
	f, state, err := r.parse(r.off)
	if err == nil && (state == frameBad || state == frameCut) {
		r.window = r.window[:0]
		f, state, err = r.parse(r.off)
	}
	if state == frameGood && err == nil {
		r.off += frameHeader + int64(len(f.data))
	}
	return f, state, err
}

func (r *frameReader) parse(off int64) (frame, frameState, error) {
	h, err := r.peek(off, frameHeader)
	if err != nil {
		return frame{}, frameBad, err
	}
	if len(h) == 0 || h[0] == 0 {
		state, err := r.zeros(off)
		return frame{}, state, err
	}
	if len(h) < frameHeader {
		return frame{}, frameCut, nil
	}
	size := int(binary.BigEndian.Uint32(h[4:]))
	if !bytes.Equal(h[:3], frameMagic) || size > maxFrame {
		return frame{}, frameBad, nil
	}
	whole, err := r.peek(off, frameHeader+size)
	if err != nil || len(whole) < frameHeader+size {
		return frame{}, frameCut, err
	}
	return decodeFrame(whole, r.seed, off)
}

func decodeFrame(b []byte, seed uint32, off int64) (frame, frameState, error) {
	f := frame{
		kind: b[3],
		seq:  binary.BigEndian.Uint64(b[8:]),
		back: binary.BigEndian.Uint16(b[16:]),
		left: binary.BigEndian.Uint16(b[18:]),
		off:  off,
		data: b[frameHeader:],
	}
	crc := crc32.Update(crc32.Update(seed, castagnoli, b[:20]), castagnoli, f.data)
	if crc != binary.BigEndian.Uint32(b[20:]) || f.kind != kindEntry && f.kind != kindCheckpoint {
		return frame{}, frameBad, nil
	}
	return f, frameGood, nil
}

// zeros reports frameEnd when nothing but zeros follows.
func (r *frameReader) zeros(off int64) (frameState, error) {
	for {
		b, err := r.peek(off, minWindow)
		if err != nil || len(b) == 0 {
			return frameEnd, err
		}
		if len(bytes.TrimLeft(b, "\x00")) > 0 {
			return frameBad, nil
		}
		off += int64(len(b))
	}
}

// resync moves to the next good frame that starts at off or later, or reports
// false.
func (r *frameReader) resync(off int64) (frame, bool, error) {
	for {
		b, err := r.peek(off, minWindow)
		if err != nil || len(b) < frameHeader {
			return frame{}, false, err
		}
		i := bytes.Index(b, frameMagic)
		if i < 0 {
			off += int64(len(b) - len(frameMagic) + 1)
			continue
		}
		off += int64(i)
		f, state, err := r.parse(off)
		if err != nil {
			return frame{}, false, err
		}
		if state == frameGood {
			r.off = off + frameHeader + int64(len(f.data))
			return f, true, nil
		}
		off++
	}
}

// progress follows the frames of a segment and knows what must come next.
type progress struct {
	next uint64 // number of the next entry
	back uint16
	left uint16
}

// accept reports whether f may stand here, and moves on when it may.
func (p *progress) accept(f frame) bool {
	if f.seq != p.next {
		return false
	}
	if first := p.left == 0; first && f.back != 0 || !first && (f.left != p.left-1 || f.back != p.back+1) {
		return false
	}
	if f.kind == kindEntry {
		p.next++
	}
	p.back, p.left = f.back, f.left
	return true
}

// between reports whether a batch ends here.
func (p *progress) between() bool { return p.left == 0 }
