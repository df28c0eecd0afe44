package ksef

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// PartUpload says how one part of a package is uploaded. Its address is a
// secret: whoever has it can write the part.
type PartUpload struct {
	OrdinalNumber int    `json:"ordinalNumber"`
	Method        string `json:"method"`
	URL           string `json:"url"`
	// Headers have to be sent as they are; those without a value are left out.
	Headers map[string]*string `json:"headers"`
}

// String leaves the address out.
func (p PartUpload) String() string { return "upload of part " + strconv.Itoa(p.OrdinalNumber) }

// LogValue gives slog what String gives.
func (p PartUpload) LogValue() slog.Value { return slog.StringValue(p.String()) }

// storage talks to the blob store behind pre-signed addresses: bodies of any
// size pass through without being kept, no login is sent, no redirect followed
// and nothing counted against the limits of calls.
type storage struct {
	client *Client
	http   *http.Client
}

func newStorage(c *Client, base *http.Client) *storage {
	hc := http.Client{}
	if base != nil {
		hc.Transport = base.Transport
	}
	if hc.Transport == nil {
		hc.Transport = httpx.Transport()
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &storage{client: c, http: &hc}
}

// storageAttempts is how often a transfer is tried: reading and writing a whole
// part are both free of other effects.
const storageAttempts = 4

// transfer returns an answer with status 2xx, its body unread. Every attempt has
// a request of its own.
func (s *storage) transfer(ctx context.Context, op, address string, request func() (*http.Request, error)) (resp *http.Response, err error) {
	if !s.client.trusts(address) {
		return nil, invalid(op, "address does not belong to the environment")
	}
	start := s.client.now()
	ctx, end := s.client.trace(ctx, call{op: op})
	defer func() { end(err) }()
	for attempt := 1; ; attempt++ {
		resp, e := s.attempt(op, request)
		if e == nil || attempt == storageAttempts || !e.Temporary() || e.RetryAfter > httpx.DefaultMaxRetryAfter {
			return resp, s.client.finish(ctx, call{op: op}, start, e)
		}
		if sleep(ctx, max(e.RetryAfter, time.Second<<attempt/2)) != nil {
			return nil, s.client.finish(ctx, call{op: op}, start, e)
		}
	}
}

func (s *storage) attempt(op string, request func() (*http.Request, error)) (*http.Response, *Error) {
	req, err := request()
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	resp, err := s.http.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // its text would quote the address
		}
		if ctxErr := req.Context().Err(); ctxErr != nil {
			return nil, &Error{Op: op, Err: ctxErr}
		}
		return nil, &Error{Op: op, Err: &httpx.Failure{Sent: true, Err: err}}
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return nil, decodeError(op, &httpx.Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, s.client.now())
}

// UploadPart uploads the encrypted bytes of one part, size of them, to the
// address that Open gave. open is called for every attempt, up to four, and
// gives the bytes from the beginning: a file, or a reader over memory. The body
// is never held in memory here. It needs no login, sends none, and counts
// against no limit; parts may be uploaded at the same time.
//
// A 403 (ErrForbidden) means that the address has expired: open another
// session. Uploading a part twice is harmless.
func (s *BatchService) UploadPart(ctx context.Context, part PartUpload, size int64, open func() (io.ReadCloser, error)) error {
	const op = "upload part"
	if size < 1 || open == nil {
		return invalid(op, "part has no content")
	}
	resp, err := s.account.client.storage.transfer(ctx, op, part.URL, func() (*http.Request, error) {
		return part.request(ctx, size, open)
	})
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

var errUpload = errors.New("method or address of the upload is malformed")

// request has the headers that were given and no others that matter.
func (p PartUpload) request(ctx context.Context, size int64, open func() (io.ReadCloser, error)) (*http.Request, error) {
	body, err := open()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, p.Method, p.URL, body)
	if err != nil || p.Method == "" {
		_ = body.Close()
		return nil, errUpload
	}
	req.ContentLength = size
	for name, value := range p.Headers {
		if value != nil {
			req.Header.Set(name, *value)
		}
	}
	return req, nil
}

// OpenExportPart downloads one encrypted part of an export. The bytes are
// checked while they are read: instead of io.EOF the reader ends with
// ErrHashMismatch when size or SHA-256 differ from those that ExportStatus
// gave, and nothing that was read may be used then. It needs no login, sends
// none, and counts against no limit. Only the beginning of the download is
// tried again; after a read that failed, open the part anew.
//
// A 403 (ErrForbidden) means that the address has expired: ask for the
// export's status again, which gives fresh ones.
func (c *Client) OpenExportPart(ctx context.Context, part ExportPart) (io.ReadCloser, error) {
	const op = "download export part"
	if part.EncryptedSize < 1 || len(part.EncryptedHash) != sha256.Size {
		return nil, invalid(op, "part has no size or no SHA-256")
	}
	resp, err := c.storage.transfer(ctx, op, part.URL, func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, part.Method, part.URL, http.NoBody)
		if err != nil {
			return nil, errUpload
		}
		return req, nil
	})
	if err != nil {
		return nil, err
	}
	return &checkedPart{op: op, body: resp.Body, left: part.EncryptedSize, sum: sha256.New(), want: part.EncryptedHash}, nil
}

// checkedPart reads exactly the announced bytes or fails.
type checkedPart struct {
	op   string
	body io.ReadCloser
	left int64
	sum  hash.Hash
	want []byte
	err  error
}

// Read reads and hashes.
func (p *checkedPart) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.body.Read(b)
	_, _ = p.sum.Write(b[:n])
	p.left -= int64(n)
	switch {
	case p.left < 0, errors.Is(err, io.EOF) && !p.complete():
		p.err = &Error{Op: p.op, Status: http.StatusOK, Err: ErrHashMismatch}
		return 0, p.err
	case errors.Is(err, io.EOF):
		p.err = io.EOF
	case err != nil:
		p.err = &Error{Op: p.op, Err: &httpx.Failure{Sent: true, Err: err}}
	}
	return n, p.err
}

func (p *checkedPart) complete() bool {
	return p.left == 0 && subtle.ConstantTimeCompare(p.sum.Sum(nil), p.want) == 1
}

// Close ends the download.
func (p *checkedPart) Close() error { return p.body.Close() }
