package ksef

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// call is one operation about to be made.
type call struct {
	op     string // in words, for errors and logs
	class  httpx.Class
	group  RateGroup // whose limits it counts against
	method string
	path   string // below the base, parameters already escaped
	query  url.Values
	header http.Header
	token  Secret
	body   []byte
	xml    bool // the body is XML
	accept string
	limit  int64
	url    string    // a complete address instead of base and path
	under  *Evidence // if set, is told the login under which the call was made

	counted *ratePair // counters of the login's context, nil without a limiter
	turn    bool      // the limits allow it: its first attempt is counted already
}

// Limits of answers, in bytes.
const (
	maxJSONAnswer = 16 << 20
	maxDocument   = 64 << 20 // a page of a session's receipt lists 10,000 invoices
)

// do makes the call and returns an answer with a 2xx status.
func (c *Client) do(ctx context.Context, k call) (*httpx.Response, error) {
	ctx, done, err := c.admit(ctx, k)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, end := c.trace(ctx, k)
	resp, err := c.exchange(ctx, k)
	end(err)
	return resp, err
}

func (c *Client) exchange(ctx context.Context, k call) (*httpx.Response, error) {
	start := c.now()
	request := httpx.Request{
		Class:  k.class,
		Method: k.method,
		URL:    c.address(k),
		Header: c.headers(k),
		Body:   k.body,
		Limit:  k.limit,
	}
	c.guard(&request, k)
	resp, err := c.http.Do(ctx, request)
	if err != nil {
		return nil, c.finish(ctx, k, start, failed(k, err))
	}
	if resp.Status/100 != 2 {
		e := decodeError(k.op, resp, c.now())
		e.unknown = k.class == httpx.Once && (resp.Status >= 500 || resp.Status == http.StatusRequestTimeout)
		return nil, c.finish(ctx, k, start, e)
	}
	c.warn(resp.Header.Values("X-System-Warning"))
	_ = c.finish(ctx, k, start, nil)
	return resp, nil
}

// json makes the call and decodes the answer into out.
func (c *Client) json(ctx context.Context, k call, out any) error {
	k.limit = maxJSONAnswer
	resp, err := c.do(ctx, k)
	if err != nil || out == nil {
		return err
	}
	return decodeJSON(k, resp, out)
}

// decodeJSON reads the answer of a call that was accepted: when it cannot be
// read, the effect has happened and only the answer is lost.
func decodeJSON(k call, resp *httpx.Response, out any) error {
	if json.Unmarshal(resp.Body, out) == nil {
		return nil
	}
	return brokenAnswer(k, resp)
}

// brokenAnswer reports a successful answer that breaks the contract.
func brokenAnswer(k call, resp *httpx.Response) error {
	return &Error{Op: k.op, Status: resp.Status, Err: ErrProtocol, unknown: k.class == httpx.Once}
}

func (c *Client) address(k call) string {
	if k.url != "" {
		return k.url
	}
	u := strings.TrimRight(c.env.API, "/") + k.path
	if len(k.query) > 0 {
		u += "?" + k.query.Encode()
	}
	return u
}

func (c *Client) headers(k call) http.Header {
	h := make(http.Header, 8)
	for name, values := range k.header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	h.Set("User-Agent", c.userAgent)
	h.Set("Accept", "application/json")
	if k.accept != "" {
		h.Set("Accept", k.accept)
	}
	if k.url == "" {
		// Without it 400 and 429 come in the deprecated legacy form.
		h.Set("X-Error-Format", "problem-details")
	}
	if !k.token.IsZero() {
		h.Set("Authorization", "Bearer "+k.token.Reveal())
	}
	switch {
	case k.body == nil:
	case k.xml:
		h.Set("Content-Type", "application/xml")
	default:
		h.Set("Content-Type", "application/json")
	}
	return h
}

// guard has every attempt counted and its outcome told, where that is wanted.
func (c *Client) guard(r *httpx.Request, k call) {
	p, b := c.limiter.counted(k), c.breaker
	if k.url != "" {
		b = nil
	}
	if p != nil {
		counted := k.turn
		r.Before = func(ctx context.Context) error {
			if counted {
				counted = false
				return nil
			}
			return p.wait(ctx, k.group, k.op)
		}
	}
	if p == nil && b == nil {
		return
	}
	r.After = func(ctx context.Context, a httpx.Attempt) {
		if p != nil {
			p.answered(ctx, k.group, k.op, a)
		}
		if b != nil {
			b.attempted(ctx, k, a)
		}
	}
}

// failed makes an Error of a call without an answer.
func failed(k call, err error) *Error {
	e := &Error{Op: k.op, Err: err}
	if f, ok := errors.AsType[*httpx.Failure](err); ok {
		e.unknown = k.class == httpx.Once && f.Sent
		if limit, held := errors.AsType[*LimitError](f.Err); held {
			e.Err, e.RetryAfter = limit, limit.Wait
		}
	}
	return e
}

// finish logs the end of a call. The record names neither address nor content.
func (c *Client) finish(ctx context.Context, k call, start time.Time, e *Error) error {
	took := c.now().Sub(start)
	c.observeCall(k, took, e)
	attrs := []slog.Attr{slog.String("op", k.op), slog.String("group", string(k.group)), slog.Duration("took", took)}
	if e == nil {
		c.log.LogAttrs(ctx, slog.LevelDebug, "ksef call", attrs...)
		return nil
	}
	attrs = append(attrs, slog.Int("status", e.Status), slog.String("error", e.Error()))
	c.log.LogAttrs(ctx, slog.LevelDebug, "ksef call failed", attrs...)
	return e
}

// maxWarnings bounds the notices taken from one answer.
const maxWarnings = 32

// warn hands over notices of the form "[code]: message | [code]: message".
func (c *Client) warn(headers []string) {
	if c.onWarning == nil {
		return
	}
	n := 0
	for _, header := range headers {
		for part := range strings.SplitSeq(header, "|") {
			code, message, ok := systemWarning(part)
			if !ok {
				continue
			}
			if n++; n > maxWarnings {
				return
			}
			c.onWarning(code, message)
		}
	}
}

func systemWarning(s string) (code, message string, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimSpace(s), "[")
	code, message, found := strings.Cut(s, "]:")
	return code, strings.TrimSpace(message), ok && found && code != ""
}

// caller makes calls: a Client those that need no login, an Account the others.
type caller interface {
	do(ctx context.Context, k call) (*httpx.Response, error)
	json(ctx context.Context, k call, out any) error
}

// ask makes a call and decodes its answer.
func ask[T any](ctx context.Context, c caller, k call) (*T, error) {
	out := new(T)
	if err := c.json(ctx, k, out); err != nil {
		return nil, err
	}
	return out, nil
}

// with puts a request into the body.
func (k call) with(request any) (call, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return k, &Error{Op: k.op, Err: err}
	}
	k.body = body
	return k, nil
}

// submit makes a call with a request that is answered by a reference number.
func submit(ctx context.Context, c caller, k call, request any) (string, error) {
	k, err := k.with(request)
	if err != nil {
		return "", err
	}
	return reference(ctx, c, k)
}

// reference makes a call that is answered by the reference number of an
// operation. Without the number its outcome cannot be known.
func reference(ctx context.Context, c caller, k call) (string, error) {
	w, err := ask[wireSent](ctx, c, k)
	if err != nil {
		return "", err
	}
	if w.ReferenceNumber == "" {
		return "", &Error{Op: k.op, Status: http.StatusAccepted, Err: ErrProtocol, unknown: k.class == httpx.Once}
	}
	return w.ReferenceNumber, nil
}

// effect makes a call without an answer, with a request unless that is nil.
func effect(ctx context.Context, c caller, k call, request any) error {
	if request != nil {
		var err error
		if k, err = k.with(request); err != nil {
			return err
		}
	}
	_, err := c.do(ctx, k)
	return err
}

// param escapes one element of a path. References and numbers are plain words;
// anything else would change which operation the path names.
func param(s string) (string, bool) {
	if s == "" || len(s) > 64 {
		return "", false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' {
			return "", false
		}
	}
	return s, true
}

// path joins literal elements and parameters: path("/a/", x, "/b").
func path(op string, parts ...string) (string, error) {
	var b strings.Builder
	for _, p := range parts {
		if strings.HasPrefix(p, "/") {
			b.WriteString(p)
			continue
		}
		escaped, ok := param(p)
		if !ok {
			return "", invalid(op, "reference number or identifier is not a plain word of at most 64 characters")
		}
		b.WriteString(escaped)
	}
	return b.String(), nil
}
