package ksef

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

const opPart = "download export part"

// partAttempts is how often one part is tried. Each attempt goes on where the
// one before broke off.
const partAttempts = 6

// exportSpool is the directory with the parts of one export.
type exportSpool struct {
	dir string
	own bool // temporary, removed in any case
}

func (e *Export) openSpool() (*exportSpool, error) {
	if e.order.Spool == "" {
		dir, err := os.MkdirTemp("", "ksef-export-")
		return &exportSpool{dir, true}, err
	}
	s := &exportSpool{dir: e.spoolDir()}
	return s, os.MkdirAll(s.dir, 0o700)
}

// spoolDir belongs to one reference, which is one name (see param).
func (e *Export) spoolDir() string {
	return filepath.Join(e.order.Spool, spoolName(e.ticket.Reference))
}

// Discard removes what was downloaded so far.
func (e *Export) Discard() error {
	if e.order.Spool == "" {
		return nil
	}
	return os.RemoveAll(e.spoolDir())
}

func (s *exportSpool) part(n int) string {
	return filepath.Join(s.dir, fmt.Sprintf("part-%03d.aes", n))
}

// end removes the parts unless another process may still want them.
func (s *exportSpool) end(done bool) error {
	if s.own || done {
		return os.RemoveAll(s.dir)
	}
	return nil
}

// download brings all parts into the spool. Their sizes are judged before the
// first byte.
func (e *Export) download(ctx context.Context, s *exportSpool) error {
	if err := e.plausible(); err != nil {
		return err
	}
	for n := range e.status.Package.Parts {
		if err := e.fetch(ctx, s, n); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) plausible() error {
	parts, limits := e.status.Package.Parts, e.order.Limits
	slices.SortStableFunc(parts, func(a, b ExportPart) int { return a.OrdinalNumber - b.OrdinalNumber })
	var sum int64
	for i, p := range parts {
		if p.OrdinalNumber != i+1 || p.EncryptedSize < 1 || len(p.EncryptedHash) != sha256.Size || len(p.Hash) != sha256.Size {
			return &Error{Op: opPart, Err: fmt.Errorf("part without number, size or hash: %w", ErrProtocol)}
		}
		if p.EncryptedSize > pack.EncryptedSize(limits.MaxPackage) {
			return &Error{Op: opPart, Err: &pack.LimitError{Err: pack.ErrPackageTooLarge, Limit: limits.MaxPackage, Got: p.EncryptedSize}}
		}
		sum += p.EncryptedSize
	}
	if most := limits.MaxPackage + 16*int64(len(parts)); sum > most || len(parts) > limits.MaxParts {
		return &Error{Op: opPart, Err: &pack.LimitError{Err: pack.ErrPackageTooLarge, Limit: most, Got: sum}}
	}
	return nil
}

// fetch downloads one part. An address that has expired is replaced by a fresh
// one, which every status call gives.
func (e *Export) fetch(ctx context.Context, s *exportSpool, n int) error {
	for attempt := 1; ; attempt++ {
		part := &e.status.Package.Parts[n]
		err := e.fetchOnce(ctx, s.part(n+1), part)
		if err == nil || attempt == partAttempts || ctx.Err() != nil {
			return err
		}
		switch {
		case errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound):
			err = e.freshAddresses(ctx)
		case errors.Is(err, ErrHashMismatch):
			err = nil // the next attempt starts from nothing
		case errors.Is(err, ErrUnavailable):
			err = sleep(ctx, time.Second<<attempt/2)
		}
		if err != nil {
			return err
		}
	}
}

func (e *Export) freshAddresses(ctx context.Context) error {
	status, err := e.ask(ctx)
	if err != nil {
		return err
	}
	was := e.status.Package.Parts
	if _, err := e.ready(opPart, status); err != nil {
		return err
	}
	if len(status.Package.Parts) != len(was) {
		return &Error{Op: opPart, Err: fmt.Errorf("the package changed: %w", ErrProtocol)}
	}
	return e.plausible()
}

// fetchOnce appends to what is in the file already and verifies the whole.
func (e *Export) fetchOnce(ctx context.Context, path string, part *ExportPart) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return storeFailed(opPart, err)
	}
	err = e.complete(ctx, f, part)
	if errors.Is(err, ErrHashMismatch) {
		err = errors.Join(err, f.Truncate(0))
	}
	if closed := f.Close(); err == nil && closed != nil {
		err = storeFailed(opPart, closed)
	}
	return err
}

func (e *Export) complete(ctx context.Context, f *os.File, part *ExportPart) error {
	sum := sha256.New()
	have, err := io.Copy(sum, io.LimitReader(f, part.EncryptedSize+1))
	if err != nil {
		return storeFailed(opPart, err)
	}
	if have < part.EncryptedSize {
		err = e.fetchFrom(ctx, f, have, sum, part)
	}
	if err == nil && (have > part.EncryptedSize || subtle.ConstantTimeCompare(sum.Sum(nil), part.EncryptedHash) != 1) {
		err = &Error{Op: opPart, Err: ErrHashMismatch}
	}
	return err
}

// fetchFrom asks for the bytes from a place on. A store that does not know ranges
// gives all of them.
func (e *Export) fetchFrom(ctx context.Context, f *os.File, have int64, sum hash.Hash, part *ExportPart) error {
	resp, err := e.account.client.storage.transfer(ctx, opPart, part.URL, func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, part.Method, part.URL, http.NoBody)
		if err != nil {
			return nil, errUpload
		}
		if have > 0 {
			req.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
		}
		return req, nil
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusPartialContent || !strings.HasPrefix(resp.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(have, 10)+"-") {
		have = 0
		sum.Reset()
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return storeFailed(opPart, err)
	}
	if err := f.Truncate(have); err != nil {
		return storeFailed(opPart, err)
	}
	return copyPart(f, sum, resp.Body, part.EncryptedSize-have)
}

// copyPart copies exactly n bytes; what is more or less is not the part.
func copyPart(f *os.File, sum hash.Hash, body io.Reader, n int64) error {
	src := &readFault{r: body}
	got, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(src, n+1))
	switch {
	case src.err != nil:
		return &Error{Op: opPart, Err: &httpx.Failure{Sent: true, Err: src.err}}
	case err != nil:
		return storeFailed(opPart, err)
	case got > n:
		return &Error{Op: opPart, Err: ErrHashMismatch}
	case got < n: // the connection ended early: go on from there
		return &Error{Op: opPart, Err: &httpx.Failure{Sent: true, Err: io.ErrUnexpectedEOF}}
	}
	return nil
}

// readFault remembers that reading failed, to tell it from writing.
type readFault struct {
	r   io.Reader
	err error
}

// Read reads.
func (f *readFault) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// ErrLocalStore: a file or directory of this machine failed, for want of room
// for example. Nothing is wrong with KSeF.
var ErrLocalStore = errors.New("local storage failed")

// storeFailed leaves the path out, which may name the customer.
func storeFailed(op string, err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Error{Op: op, Err: err}
	}
	return &Error{Op: op, Err: fmt.Errorf("%w: %w", ErrLocalStore, err)}
}
