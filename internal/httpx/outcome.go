package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// tracker knows whether the latest attempt can have put bytes on a connection.
//
// The boundary is the moment the transport gets a connection, not the moment
// it reports the request written: a cancelled call may return while another
// goroutine still writes. Attempts that the transport repeats by itself ask
// for a connection anew, and it only repeats what provably was not processed.
type tracker struct{ state atomic.Uint32 }

const (
	stateUnseen  = iota // nothing reported (a transport without traces)
	stateDialing        // a connection is wanted and not there yet
	stateOpen           // there is a connection: bytes may have left
	stateRefused        // the server answered that it did nothing
)

func (t *tracker) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.state.Store(stateDialing) },
		GotConn: func(httptrace.GotConnInfo) { t.state.Store(stateOpen) },
	})
}

// begin forgets what earlier attempts reported.
func (t *tracker) begin() { t.state.Store(stateUnseen) }

// clear notes that the last attempt had no effect.
func (t *tracker) clear() { t.state.Store(stateRefused) }

// maybeSent is false only on positive evidence.
func (t *tracker) maybeSent(err error) bool {
	switch t.state.Load() {
	case stateDialing, stateRefused:
		return false
	case stateOpen:
		return true
	}
	return !beforeSending(err)
}

func beforeSending(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, lookup := errors.AsType[*net.DNSError](err)
	return lookup || untrusted(err) || errors.Is(err, errURL)
}

// untrusted reports a TLS handshake that failed: the request was not sent, and
// another attempt would fail the same way.
func untrusted(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	_, ok := errors.AsType[x509.HostnameError](err)
	return ok
}

// permanent reports failures that another attempt cannot mend.
func permanent(err error) bool {
	return untrusted(err) || errors.Is(err, ErrTooLarge) || errors.Is(err, errURL)
}
