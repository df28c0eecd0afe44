package httpx

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"time"
)

// Transport returns a transport with every time and size bounded, TLS 1.2 or
// later and the proxy of the environment.
func Transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  time.Minute,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}

// attemptTimeout covers one attempt, from dialling to the last byte.
const attemptTimeout = 2 * time.Minute

// harden copies the client, forbids redirects (they would carry the bearer
// token to another place) and bounds the answer's body.
func harden(base *http.Client) *http.Client {
	hc := http.Client{Timeout: attemptTimeout}
	if base != nil {
		hc = *base
	}
	if hc.Transport == nil {
		hc.Transport = Transport()
	}
	hc.Transport = bounded{next: hc.Transport}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &hc
}

// errorLimit bounds what is kept of the body of a refusal.
const errorLimit = 1 << 20

// bounded reads the whole body within the attempt, so that an answer cut short
// counts as a failed attempt and is retried by the same rules.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	limit := int64(DefaultLimit)
	if k := callFrom(req.Context()); k != nil {
		k.track.begin()
		limit = k.limit
	}
	resp, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := readBody(resp, limit)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// readBody keeps what it can of an error's body: the status alone is already
// an answer. The body of a success must be whole.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	if resp.StatusCode/100 == 2 {
		return readAll(resp.Body, resp.ContentLength, limit)
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, errorLimit))
	return body, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the pool.
func (b bounded) CloseIdleConnections() {
	if c, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
