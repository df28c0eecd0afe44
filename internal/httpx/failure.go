package httpx

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// ErrTooLarge reports a response body over the limit of its request.
var ErrTooLarge = errors.New("response body over the limit")

// Failure reports that no complete answer came.
type Failure struct {
	// Sent is true when the request may have reached the server. It is false
	// only when it surely did not.
	Sent bool
	// Err is the cause as the network gave it. Its own text may name
	// addresses; Failure.Error does not use it.
	Err error
}

// Error names the kind of failure.
func (f *Failure) Error() string {
	text := describe(f.Err)
	if !f.Sent {
		text += " (not sent)"
	}
	return text
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// describe says what happened in words that cannot hold a path, a query, a
// header or a body: foreign errors are named by kind, not quoted.
func describe(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled by the caller"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "time ran out"
	case errors.Is(err, ErrTooLarge), errors.Is(err, errURL):
		return err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case untrusted(err):
		return "server certificate not trusted"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection lost"
	}
	return describeNet(err)
}

func describeNet(err error) string {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "host name not resolved"
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return "network " + word(op.Op) + " failed"
	}
	return "network failure"
}

// word keeps a one-word operation name and nothing else.
func word(s string) string {
	if s == "" || len(s) > 16 || strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return "operation"
	}
	return s
}
