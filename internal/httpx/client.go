package httpx

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// DefaultMaxRetryAfter bounds the time Do sleeps because a server asked for it.
const DefaultMaxRetryAfter = time.Minute

// DefaultLimit bounds a response body when the request sets no limit.
const DefaultLimit = 8 << 20

// Config is what a Client may be given. The zero value works.
type Config struct {
	// HTTP makes the calls. It is copied; the copy never follows redirects.
	// Nil, or a client without a Transport, gets [Transport].
	HTTP *http.Client
	// Random gives the jitter of the waits between attempts. Nil means
	// crypto/rand.
	Random io.Reader
	// MaxRetryAfter is the longest Retry-After that Do waits for itself. A
	// longer one is handed to the caller. Zero means DefaultMaxRetryAfter.
	MaxRetryAfter time.Duration
	// Now is the clock against which an HTTP-date in Retry-After and a
	// deadline are measured. Nil means time.Now.
	Now func() time.Time
}

// Client makes calls and retries them by class.
type Client struct {
	retry *retryablehttp.Client
	bound time.Duration
	now   func() time.Time

	mu     sync.Mutex
	random io.Reader
}

// New returns a Client. It does no I/O.
func New(cfg Config) *Client {
	c := &Client{bound: cfg.MaxRetryAfter, now: cfg.Now, random: cfg.Random}
	if c.bound <= 0 {
		c.bound = DefaultMaxRetryAfter
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.random == nil {
		c.random = rand.Reader
	}
	c.retry = &retryablehttp.Client{
		HTTPClient:   harden(cfg.HTTP),
		RetryMax:     policies[Poll].attempts,
		RetryWaitMin: firstWait,
		RetryWaitMax: maxWait,
		CheckRetry:   c.check,
		PrepareRetry: prepare,
		Backoff:      c.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return c
}

// Request is one call.
type Request struct {
	Class  Class
	Method string
	URL    string
	Header http.Header
	// Body must not change until Do returns, and not afterwards either if Do
	// failed: the transport may still be reading it.
	Body []byte
	// Limit bounds the response body in bytes. Zero means DefaultLimit.
	Limit int64
	// Before is called before every attempt, after the wait that precedes it.
	// It may wait itself; its error ends Do and is in the Failure. Nil means
	// nothing to do.
	Before func(ctx context.Context) error
	// After is told the outcome of every attempt before the next one is
	// decided on. Nil means nobody wants to know.
	After func(ctx context.Context, a Attempt)
}

// Attempt is the outcome of one attempt.
type Attempt struct {
	// Status is that of the answer, 0 when none came.
	Status int
	// RetryAfter is the wait the server asked for; Asked tells whether it did.
	RetryAfter time.Duration
	Asked      bool
	// Err is the cause when no answer came.
	Err error
}

// Response is a complete answer: its body has been read.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// RetryAfter is the wait the server asked for, zero if it asked for none.
func (r *Response) RetryAfter(now time.Time) time.Duration {
	d, _ := ParseRetryAfter(r.Header.Get("Retry-After"), now)
	return d
}

// Do makes the call and returns the last answer, whatever its status. The
// error is a [*Failure]: no complete answer came.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, &Failure{Err: err}
	}
	call := &call{class: r.Class, limit: r.Limit, before: r.Before, after: r.After}
	if call.limit <= 0 {
		call.limit = DefaultLimit
	}
	req, err := call.request(ctx, r)
	if err == nil && r.Before != nil {
		err = r.Before(ctx)
	}
	if err != nil {
		return nil, &Failure{Err: err}
	}
	resp, err := c.retry.Do(req)
	if err != nil {
		return nil, call.failure(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, call.failure(err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// call is the state of one Do over all its attempts.
type call struct {
	class    Class
	limit    int64
	attempts int
	track    tracker
	before   func(context.Context) error
	after    func(context.Context, Attempt)
}

type callKey struct{}

func callFrom(ctx context.Context) *call {
	k, _ := ctx.Value(callKey{}).(*call)
	return k
}

var errURL = errors.New("malformed request address")

func (k *call) request(ctx context.Context, r Request) (*retryablehttp.Request, error) {
	ctx = context.WithValue(ctx, callKey{}, k)
	ctx = k.track.watch(ctx)
	var body any
	if r.Body != nil {
		body = r.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		return nil, errURL // the parser's error would quote the address
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	return req, nil
}

// failure forgets the address that net/http puts around every error.
func (k *call) failure(err error) *Failure {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &Failure{Sent: k.track.maybeSent(err), Err: err}
}

// prepare runs before every attempt but the first.
func prepare(req *http.Request) error {
	k := callFrom(req.Context())
	if k == nil || k.before == nil {
		return nil
	}
	err := k.before(req.Context())
	if err != nil && !k.class.policy().afterLoss {
		k.track.clear() // only what surely did not leave is tried again
	}
	return err
}

// report tells the caller how the attempt went.
func (c *Client) report(ctx context.Context, k *call, resp *http.Response, err error) {
	if k == nil || k.after == nil {
		return
	}
	a := Attempt{Err: err}
	if err == nil {
		a.Status = resp.StatusCode
		a.RetryAfter, a.Asked = ParseRetryAfter(resp.Header.Get("Retry-After"), c.now())
	}
	k.after(ctx, a)
}

// check decides whether another attempt follows.
func (c *Client) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	k := callFrom(ctx)
	c.report(ctx, k, resp, err)
	if k == nil || ctx.Err() != nil {
		return false, nil
	}
	k.attempts++
	p := k.class.policy()
	if k.attempts >= p.attempts {
		return false, nil
	}
	if err != nil {
		return c.afterError(k, p, err), nil
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		// The server refused the request before doing anything with it.
		k.track.clear()
	}
	return p.retryStatus(resp.StatusCode) && c.canWait(ctx, resp), nil
}

func (c *Client) afterError(k *call, p policy, err error) bool {
	if permanent(err) {
		return false
	}
	return p.afterLoss || !k.track.maybeSent(err)
}

// canWait refuses waits that are over the bound or over the caller's deadline.
func (c *Client) canWait(ctx context.Context, resp *http.Response) bool {
	wait, ok := ParseRetryAfter(resp.Header.Get("Retry-After"), c.now())
	if !ok {
		return true
	}
	deadline, limited := ctx.Deadline()
	return wait <= c.bound && (!limited || time.Until(deadline) > wait)
}

// backoff waits exactly as long as the server asked, else exponentially with
// the upper half of the wait left to chance so that clients do not march in
// step.
func (c *Client) backoff(first, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp != nil {
		if wait, ok := ParseRetryAfter(resp.Header.Get("Retry-After"), c.now()); ok {
			return wait
		}
	}
	wait := longest
	if attempt < 16 {
		wait = min(first<<attempt, longest)
	}
	return wait/2 + c.jitter(wait/2)
}

func (c *Client) jitter(limit time.Duration) time.Duration {
	var b [8]byte
	c.mu.Lock()
	_, err := io.ReadFull(c.random, b[:])
	c.mu.Unlock()
	if err != nil || limit <= 0 {
		return limit
	}
	return time.Duration(binary.LittleEndian.Uint64(b[:]) % uint64(limit))
}

// readAll reads at most limit bytes; more is ErrTooLarge.
func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, ErrTooLarge
	}
	var buf bytes.Buffer
	if size > 0 {
		buf.Grow(int(size) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = ErrTooLarge
	}
	return buf.Bytes(), err
}
