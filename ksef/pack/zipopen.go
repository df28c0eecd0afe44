package pack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
)

// zipArchive is a ZIP whose directory was found good.
type zipArchive struct {
	v    *vault
	cfg  OpenConfig
	list []zipEntry
}

func (z *zipArchive) entries(ctx context.Context, yield func(Entry, error) bool) {
	r := zipReader{from: z.v.cursor(ctx, 0, z.v.size), inflate: flate.NewReader(nil)}
	g := newGuard(z.cfg)
	for i := range z.list {
		e := &z.list[i]
		hidden := strings.HasSuffix(e.name, "/") || g.isMetadata(e.name)
		content, err := r.entry(e, hidden)
		if err != nil {
			yield(Entry{}, &DocumentError{i + 1, e.name, err})
			return
		}
		if !hidden && !yield(Entry{e.name, content, sha256.Sum256(content)}, nil) {
			return
		}
	}
}

func (z *zipArchive) metadata(ctx context.Context) (io.Reader, error) {
	for i := range z.list {
		e := &z.list[i]
		if e.name != MetadataName {
			continue
		}
		r := zipReader{from: z.v.cursor(ctx, e.offset, z.v.size)}
		if _, err := r.local(e); err != nil {
			return nil, err
		}
		var body io.Reader = bufio.NewReader(io.LimitReader(r.from, e.packed))
		if e.method == methodDeflate {
			body = flate.NewReader(body)
		}
		return &checkedReader{r: body, left: e.size, crc: crc32.NewIEEE(), want: e.crc}, nil
	}
	return nil, ErrNoMetadata
}

// zipReader reads entries one after another.
type zipReader struct {
	from    *cursor
	inflate io.ReadCloser
	packed  []byte
}

// entry reads what the directory calls e, with its header, up to where the next
// begins. Content that is to be skipped is not unpacked.
func (r *zipReader) entry(e *zipEntry, skip bool) ([]byte, error) {
	described, err := r.local(e)
	if err != nil {
		return nil, err
	}
	var content []byte
	if skip {
		_, err = io.CopyN(io.Discard, r.from, e.packed)
	} else {
		content, err = r.content(e)
	}
	if err != nil {
		return nil, early(err)
	}
	return content, r.gap(e, described)
}

// local reads the entry's own header and compares it with the directory: two
// programs that read different ones must not see different files.
func (r *zipReader) local(e *zipEntry) (described bool, err error) {
	var raw [localLen]byte
	if _, err := io.ReadFull(r.from, raw[:]); err != nil {
		return false, early(err)
	}
	flags := le.Uint16(raw[6:])
	described = flags&flagDescriptor != 0
	nameLen, extraLen := int(le.Uint16(raw[26:])), int(le.Uint16(raw[28:]))
	switch {
	case le.Uint32(raw[:]) != localSignature || le.Uint16(raw[8:]) != e.method || nameLen != len(e.name):
		return false, ErrArchive
	case flags&flagEncrypted != 0:
		return false, ErrEncryptedEntry
	case extraLen > maxExtra:
		return false, ErrArchive
	}
	rest := make([]byte, nameLen+extraLen)
	if _, err := io.ReadFull(r.from, rest); err != nil {
		return false, early(err)
	}
	own := zipEntry{crc: le.Uint32(raw[14:]), packed: int64(le.Uint32(raw[18:])), size: int64(le.Uint32(raw[22:]))}
	if err := own.enlarge(rest[nameLen:]); err != nil {
		return false, err
	}
	// What a data descriptor will tell may be zero here.
	agrees := func(here, there int64) bool { return here == there || described && here == 0 }
	same := agrees(int64(own.crc), int64(e.crc)) && agrees(own.packed, e.packed) && agrees(own.size, e.size)
	if string(rest[:nameLen]) != e.name || !same || r.from.at()+e.packed > e.next {
		return false, ErrArchive
	}
	return described, nil
}

func (r *zipReader) content(e *zipEntry) ([]byte, error) {
	if int64(cap(r.packed)) < e.packed {
		r.packed = make([]byte, e.packed)
	}
	packed := r.packed[:e.packed]
	if _, err := io.ReadFull(r.from, packed); err != nil {
		return nil, err
	}
	content := make([]byte, e.size)
	if e.method == methodStore {
		copy(content, packed)
	} else if err := r.unpack(content, packed); err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(content) != e.crc {
		return nil, ErrArchive
	}
	return content, nil
}

// unpack fills content, no more and no less, with all of packed.
func (r *zipReader) unpack(content, packed []byte) error {
	in := bytes.NewReader(packed)
	if err := r.inflate.(flate.Resetter).Reset(in, nil); err != nil {
		return err
	}
	if _, err := io.ReadFull(r.inflate, content); err != nil {
		return ErrArchive
	}
	var more [1]byte
	if n, err := r.inflate.Read(more[:]); n != 0 || err != io.EOF || in.Len() != 0 {
		return ErrArchive
	}
	return nil
}

// gap accepts a data descriptor and nothing else between two entries.
func (r *zipReader) gap(e *zipEntry, described bool) error {
	n := e.next - r.from.at()
	if n == 0 {
		return nil
	}
	if !described || n < 12 || n > 24 {
		return ErrTrailingData
	}
	var buf [24]byte
	raw := buf[:n]
	if _, err := io.ReadFull(r.from, raw); err != nil {
		return early(err)
	}
	if n == 16 || n == 24 {
		if le.Uint32(raw) != descriptorSignature {
			return ErrArchive
		}
		raw = raw[4:]
	}
	if !describes(raw, e) {
		return ErrArchive
	}
	return nil
}

// describes compares a data descriptor without its signature.
func describes(raw []byte, e *zipEntry) bool {
	switch len(raw) {
	case 12:
		return le.Uint32(raw) == e.crc && int64(le.Uint32(raw[4:])) == e.packed && int64(le.Uint32(raw[8:])) == e.size
	case 20:
		return le.Uint32(raw) == e.crc && le.Uint64(raw[4:]) == uint64(e.packed) && le.Uint64(raw[12:]) == uint64(e.size)
	}
	return false
}

// checkedReader gives exactly as many bytes as announced, with the right sum.
type checkedReader struct {
	r    io.Reader
	left int64
	crc  hash.Hash32
	want uint32
	err  error
}

// Read implements io.Reader.
func (c *checkedReader) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	if int64(n) > c.left {
		n, err = int(c.left), ErrArchive
	}
	c.left -= int64(n)
	_, _ = c.crc.Write(p[:n])
	switch {
	case err == io.EOF && (c.left != 0 || c.crc.Sum32() != c.want), err == io.ErrUnexpectedEOF:
		err = ErrArchive
	case err != nil && err != io.EOF:
		err = broken(err)
	}
	c.err = err
	return n, err
}
