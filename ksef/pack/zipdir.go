package pack

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// zipEntry is what the central directory says about an entry.
type zipEntry struct {
	name         string
	size, packed int64
	offset       int64
	crc          uint32
	method       uint16
	next         int64 // where the following entry or the directory begins
}

// zipEnd is what the end of a ZIP file says.
type zipEnd struct {
	entries     uint64
	size, start uint64 // of the directory
	at          int64  // where the end records begin
}

// limits of one record of the directory, in bytes. Names are shorter, and the
// extra fields of real programs are a few dozen.
const (
	maxExtra     = 1024
	maxDirRecord = directoryLen + 4*maxName + 1 + 2*maxExtra
)

// readAt reads exactly n bytes of the archive.
func (v *vault) readAt(ctx context.Context, pos, n int64) ([]byte, error) {
	if pos < 0 || pos+n > v.size {
		return nil, ErrArchive
	}
	p := make([]byte, n)
	_, err := io.ReadFull(v.cursor(ctx, pos, v.size), p)
	return p, err
}

// readZip reads the directory of a ZIP and judges it before any entry is read.
// It takes only files in which every byte has its place: entries from the first
// byte on, in the order of the directory, none inside another, then the
// directory, then the end.
func readZip(ctx context.Context, v *vault, cfg OpenConfig) (*zipArchive, error) {
	end, err := readEnd(ctx, v, cfg)
	if err != nil {
		return nil, err
	}
	if end.entries > uint64(cfg.MaxDocuments)+1 {
		return nil, &LimitError{ErrTooManyDocuments, int64(cfg.MaxDocuments), int64(min(end.entries, 1<<62))}
	}
	if end.entries == 0 {
		return nil, ErrEmptyPackage
	}
	if end.size > end.entries*maxDirRecord || end.start > uint64(end.at) || end.size != uint64(end.at)-end.start {
		return nil, ErrArchive
	}
	z := &zipArchive{v: v, cfg: cfg}
	return z, z.readDirectory(ctx, end)
}

// readEnd finds the end record. It has no comment in packages of KSeF, so it is
// the last 22 bytes, and nothing has to be searched for.
func readEnd(ctx context.Context, v *vault, cfg OpenConfig) (zipEnd, error) {
	raw, err := v.readAt(ctx, v.size-endLen, endLen)
	if errors.Is(err, ErrArchive) {
		return zipEnd{}, noEnd(ctx, v, cfg)
	}
	if err != nil {
		return zipEnd{}, err
	}
	if le.Uint32(raw) != endSignature || le.Uint16(raw[20:]) != 0 {
		return zipEnd{}, noEnd(ctx, v, cfg)
	}
	if le.Uint32(raw[4:]) != 0 || le.Uint16(raw[8:]) != le.Uint16(raw[10:]) {
		return zipEnd{}, ErrArchive // several disks
	}
	end := zipEnd{
		entries: uint64(le.Uint16(raw[10:])),
		size:    uint64(le.Uint32(raw[12:])),
		start:   uint64(le.Uint32(raw[16:])),
		at:      v.size - endLen,
	}
	if end.entries == full16 || end.size == full32 || end.start == full32 {
		return readEnd64(ctx, v, end)
	}
	return end, nil
}

// readEnd64 reads the larger numbers. Those that fit in the small record must
// say the same.
func readEnd64(ctx context.Context, v *vault, small zipEnd) (zipEnd, error) {
	raw, err := v.readAt(ctx, small.at-locator64Len-end64Len, end64Len+locator64Len)
	if err != nil {
		return zipEnd{}, err
	}
	loc := raw[end64Len:]
	end := zipEnd{
		entries: le.Uint64(raw[32:]),
		size:    le.Uint64(raw[40:]),
		start:   le.Uint64(raw[48:]),
		at:      small.at - locator64Len - end64Len,
	}
	same := func(big, little, full uint64) bool { return little == full || little == big }
	switch {
	case le.Uint32(raw) != end64Signature || le.Uint64(raw[4:]) != end64Len-12:
	case le.Uint64(raw[16:]) != 0 || le.Uint64(raw[24:]) != end.entries:
	case le.Uint32(loc) != locator64Signature || le.Uint32(loc[4:]) != 0 || le.Uint32(loc[16:]) != 1:
	case le.Uint64(loc[8:]) != uint64(end.at):
	case !same(end.entries, small.entries, full16), !same(end.size, small.size, full32), !same(end.start, small.start, full32):
	default:
		return end, nil
	}
	return zipEnd{}, ErrArchive
}

// noEnd tells what is wrong with a file that does not end as it should.
func noEnd(ctx context.Context, v *vault, cfg OpenConfig) error {
	const farthest = endLen + full16
	from := max(0, v.size-farthest)
	tail, err := v.readAt(ctx, from, v.size-from)
	if err != nil {
		return err
	}
	mark := le.AppendUint32(nil, endSignature)
	if i := bytes.LastIndex(tail, mark); i >= 0 && len(tail)-i >= endLen {
		return ErrTrailingData
	}
	start, err := v.readAt(ctx, 0, min(4, v.size))
	if err != nil {
		return err
	}
	if !bytes.Equal(start, le.AppendUint32(nil, localSignature)) {
		return ErrArchive
	}
	whole, err := countWhole(v.cursor(ctx, 0, v.size), cfg)
	if err != nil {
		return err
	}
	return &TruncatedError{Whole: whole}
}

func (z *zipArchive) readDirectory(ctx context.Context, end zipEnd) error {
	r := bufio.NewReader(z.v.cursor(ctx, int64(end.start), end.at))
	g := newGuard(z.cfg)
	z.list = make([]zipEntry, 0, end.entries)
	var total, expected int64
	for range end.entries {
		e, err := readRecord(r)
		if err != nil {
			return err
		}
		if err := g.admit(e.name, e.size); err != nil {
			return &DocumentError{len(z.list) + 1, e.name, err}
		}
		if err := e.plausible(expected, int64(end.start)); err != nil {
			return &DocumentError{len(z.list) + 1, e.name, err}
		}
		if n := len(z.list); n > 0 {
			z.list[n-1].next = e.offset
		}
		e.next = int64(end.start)
		total += e.size
		expected = e.offset + localLen + int64(len(e.name)) + e.packed
		z.list = append(z.list, e)
	}
	if z.list[0].offset != 0 {
		return ErrTrailingData
	}
	if _, err := r.ReadByte(); err != io.EOF {
		return ErrArchive
	}
	return z.cfg.unpacked(total, z.v.size)
}

// plausible: an entry begins after the former ends, ends before the directory
// begins, and its sizes can belong together.
func (e *zipEntry) plausible(after, directory int64) error {
	const mostDeflated = 1032
	switch {
	case e.offset < after || e.packed > directory || e.offset > directory-e.packed-localLen-int64(len(e.name)):
		return ErrArchive
	case e.method == methodStore && e.packed != e.size:
		return ErrArchive
	case e.packed < e.size/mostDeflated || e.packed > e.size+e.size/1000+64:
		return ErrArchive
	case strings.HasSuffix(e.name, "/") && e.size != 0:
		return ErrArchive
	}
	return nil
}

// readRecord reads one record of the directory.
func readRecord(r *bufio.Reader) (zipEntry, error) {
	var raw [directoryLen]byte
	if _, err := io.ReadFull(r, raw[:]); err != nil {
		return zipEntry{}, early(err)
	}
	nameLen, extraLen, commentLen := int(le.Uint16(raw[28:])), int(le.Uint16(raw[30:])), int(le.Uint16(raw[32:]))
	switch {
	case le.Uint32(raw[:]) != directorySignature || le.Uint16(raw[34:]) != 0:
		return zipEntry{}, ErrArchive
	case nameLen > 4*maxName+1 || extraLen > maxExtra || commentLen > maxExtra:
		return zipEntry{}, ErrArchive
	}
	rest := make([]byte, nameLen+extraLen+commentLen)
	if _, err := io.ReadFull(r, rest); err != nil {
		return zipEntry{}, early(err)
	}
	e := zipEntry{
		name:   string(rest[:nameLen]),
		method: le.Uint16(raw[10:]),
		crc:    le.Uint32(raw[16:]),
		packed: int64(le.Uint32(raw[20:])),
		size:   int64(le.Uint32(raw[24:])),
		offset: int64(le.Uint32(raw[42:])),
	}
	if err := e.kind(le.Uint16(raw[8:]), raw[5], le.Uint32(raw[38:])); err != nil {
		return e, err
	}
	return e, e.enlarge(rest[nameLen : nameLen+extraLen])
}

// kind refuses what is not a plain file or directory.
func (e *zipEntry) kind(flags uint16, madeOn byte, attributes uint32) error {
	const unix, typeMask, regular, directory = 3, 0o170000, 0o100000, 0o040000
	if flags&flagEncrypted != 0 {
		return ErrEncryptedEntry
	}
	if e.method != methodStore && e.method != methodDeflate {
		return ErrArchive
	}
	if mode := attributes >> 16 & typeMask; madeOn == unix && mode != 0 && mode != regular {
		if mode != directory || !strings.HasSuffix(e.name, "/") {
			return ErrNotRegular
		}
	}
	return nil
}

// enlarge takes from the ZIP64 field what does not fit elsewhere. The field is
// there at most once.
func (e *zipEntry) enlarge(extra []byte) error {
	var big []byte
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if n > len(extra)-4 || id == zip64Extra && big != nil {
			return ErrArchive
		}
		if id == zip64Extra {
			big = extra[4 : 4+n : 4+n]
		}
		extra = extra[4+n:]
	}
	for _, field := range []*int64{&e.size, &e.packed, &e.offset} {
		if *field != full32 {
			continue
		}
		if len(big) < 8 || le.Uint64(big) > 1<<62 {
			return ErrArchive
		}
		*field, big = int64(le.Uint64(big)), big[8:]
	}
	return nil
}

// early makes an end in the middle of something a contradiction.
func early(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrArchive
	}
	return err
}
