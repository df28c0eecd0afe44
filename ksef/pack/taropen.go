package pack

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// tarArchive is a gzip of a tar, read from its start each time.
type tarArchive struct {
	v   *vault
	cfg OpenConfig
}

// tarBlock is the unit of tar; two empty blocks are its end.
const tarBlock = 512

// tarReader reads the entries and counts.
type tarReader struct {
	*tar.Reader
	from  *cursor
	plain io.Reader // the tar stream
	total int64
	ends  int64 // where the last entry ends in the tar stream
	cfg   OpenConfig
	guard *guard
	whole int
}

func (t *tarArchive) reader(ctx context.Context) (*tarReader, error) {
	r := &tarReader{from: t.v.cursor(ctx, 0, t.v.size), cfg: t.cfg, guard: newGuard(t.cfg)}
	r.cfg.MaxTotal += 4096 * (int64(t.cfg.MaxDocuments) + 2) // headers and padding
	m, err := newMembers(bufio.NewReaderSize(r.from, cryptChunk))
	if err != nil {
		return nil, r.judge(err)
	}
	r.plain = m
	r.Reader = tar.NewReader(readerFunc(r.read))
	return r, nil
}

// members reads a gzip file of one or more members, as RFC 1952 allows, and
// tells what is not a member from one that is cut off.
type members struct {
	gz  *gzip.Reader
	src *bufio.Reader
}

func newMembers(src *bufio.Reader) (*members, error) {
	gz, err := gzip.NewReader(src)
	if err != nil {
		return nil, err
	}
	gz.Multistream(false)
	return &members{gz, src}, nil
}

// Read implements io.Reader.
func (m *members) Read(p []byte) (int, error) {
	n, err := m.gz.Read(p)
	if err != io.EOF {
		return n, err
	}
	if n > 0 {
		return n, nil // the end comes again
	}
	if _, err := m.src.Peek(1); err != nil {
		return 0, err
	}
	if m.gz.Reset(m.src) != nil {
		return 0, ErrTrailingData
	}
	m.gz.Multistream(false)
	return 0, nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// read counts what is unpacked, headers and padding too.
func (t *tarReader) read(p []byte) (int, error) {
	n, err := t.plain.Read(p)
	t.total += int64(n)
	if over := t.cfg.unpacked(t.total, t.from.at()); over != nil {
		return 0, over
	}
	return n, err
}

func (t *tarArchive) entries(ctx context.Context, yield func(Entry, error) bool) {
	r, err := t.reader(ctx)
	if err != nil {
		yield(Entry{}, err)
		return
	}
	for number := 1; ; number++ {
		h, err := r.next()
		if err == io.EOF {
			r.finish(yield)
			return
		}
		var content []byte
		skip := err == nil && (h.Typeflag == tar.TypeDir || r.guard.isMetadata(h.Name))
		if err == nil && !skip {
			content = make([]byte, h.Size)
			_, err = io.ReadFull(r, content)
		}
		if err != nil {
			yield(Entry{}, r.located(number, h, err))
			return
		}
		if skip {
			continue
		}
		r.whole++
		if !yield(Entry{h.Name, content, sha256.Sum256(content)}, nil) {
			return
		}
	}
}

// next reads and judges a header.
func (t *tarReader) next() (*tar.Header, error) {
	h, err := t.Next()
	if err != nil {
		return nil, err
	}
	t.ends = t.total + (h.Size+tarBlock-1)&^(tarBlock-1)
	switch h.Typeflag {
	case tar.TypeReg:
	case tar.TypeDir:
		if !strings.HasSuffix(h.Name, "/") {
			h.Name += "/"
		}
	default:
		return h, ErrNotRegular
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return h, ErrNotRegular
		}
	}
	if strings.HasSuffix(h.Name, "/") && h.Size != 0 {
		return h, ErrArchive
	}
	return h, t.guard.admit(h.Name, h.Size)
}

// finish reads what follows the last entry: two empty blocks at least, and the
// end of the gzip with its checksum.
func (t *tarReader) finish(yield func(Entry, error) bool) {
	if err := t.rest(); err != nil {
		yield(Entry{}, t.judge(err))
	}
}

func (t *tarReader) rest() error {
	var zeros [4096]byte
	buf := make([]byte, len(zeros))
	for {
		n, err := t.read(buf)
		switch {
		case !bytes.Equal(buf[:n], zeros[:n]):
			return ErrTrailingData
		case err != nil && err != io.EOF:
			return err
		case err == nil:
		case t.total-t.ends < 2*tarBlock:
			return io.ErrUnexpectedEOF
		case len(t.guard.names) == 0:
			return ErrEmptyPackage
		default:
			return nil
		}
	}
}

// located adds the number and the name where an entry is to blame.
func (t *tarReader) located(number int, h *tar.Header, err error) error {
	err = t.judge(err)
	if errors.Is(err, ErrTruncated) {
		return err
	}
	d := &DocumentError{Number: number, Err: err}
	if h != nil {
		d.Name = h.Name
	}
	return d
}

// judge makes one of our errors of what the readers below say.
func (t *tarReader) judge(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return &TruncatedError{Whole: t.whole}
	}
	return broken(err)
}

func (t *tarArchive) metadata(ctx context.Context) (io.Reader, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return nil, err
	}
	for {
		h, err := r.next()
		if err == io.EOF {
			return nil, ErrNoMetadata
		}
		if err != nil {
			return nil, r.judge(err)
		}
		if h.Name == MetadataName {
			return readerFunc(func(p []byte) (int, error) {
				n, err := r.Read(p)
				if err != nil && err != io.EOF {
					err = r.judge(err)
				}
				return n, err
			}), nil
		}
	}
}

// broken makes ErrArchive of the errors of the formats and leaves others, such
// as those of reading, limits and the context.
func broken(err error) error {
	for _, known := range []error{gzip.ErrHeader, gzip.ErrChecksum, tar.ErrHeader, tar.ErrFieldTooLong, tar.ErrInsecurePath, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return ErrArchive
		}
	}
	if _, corrupt := errors.AsType[flate.CorruptInputError](err); corrupt {
		return ErrArchive
	}
	if _, corrupt := errors.AsType[flate.InternalError](err); corrupt {
		return ErrArchive
	}
	return err
}
