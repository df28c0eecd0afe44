package httpx

import (
	"net/http"
	"time"
)

// Class says what may be done when a call fails. It is a property of the
// operation, not of the HTTP method: a query sent by POST is a Read.
type Class uint8

const (
	// Read has no effect on the server. Refusals for load (429), server
	// errors (500, 502, 503, 504) and lost connections are tried again.
	Read Class = iota
	// Poll is a Read inside a waiting loop: it is tried longer, because the
	// loop's own deadline decides when to stop.
	Poll
	// Auth consumes something used once that is cheap to get again, like a
	// login challenge. It is tried again after a 429 and when it surely did
	// not leave; else its caller starts over.
	Auth
	// Once has an effect that must not happen twice. It is tried again after a
	// 429 and when it surely did not leave; else the caller must find out what
	// happened.
	Once
)

type policy struct {
	attempts    int
	afterServer bool // 5xx answers
	afterLoss   bool // failures after the request may have left
}

var policies = [...]policy{
	Read: {attempts: 4, afterServer: true, afterLoss: true},
	Poll: {attempts: 6, afterServer: true, afterLoss: true},
	Auth: {attempts: 3},
	Once: {attempts: 3},
}

func (c Class) policy() policy {
	if int(c) < len(policies) {
		return policies[c]
	}
	return policies[Once]
}

func (c Class) String() string {
	switch c {
	case Read:
		return "read"
	case Poll:
		return "poll"
	case Auth:
		return "auth"
	default:
		return "once"
	}
}

// retryStatus decides by the answer alone; the bound on the wait is checked by
// the caller.
func (p policy) retryStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return p.afterServer
	}
	return false
}

const (
	firstWait = 500 * time.Millisecond
	maxWait   = 15 * time.Second
)
