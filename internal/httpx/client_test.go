package httpx_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// step is one scripted answer; a nil header means none.
type step struct {
	status int
	header map[string]string
	body   string
	err    error
}

// script answers in memory, so that waits run on the fake clock of synctest.
type script struct {
	mu    sync.Mutex
	steps []step
	times []time.Time
	seen  []*http.Request
	sent  []string
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.steps[min(len(s.times), len(s.steps)-1)]
	s.times = append(s.times, time.Now())
	s.seen = append(s.seen, req)
	s.sent = append(s.sent, string(body))
	if at.err != nil {
		return nil, at.err
	}
	resp := &http.Response{StatusCode: at.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(at.body)), ContentLength: -1, Request: req}
	for name, value := range at.header {
		resp.Header.Set(name, value)
	}
	return resp, nil
}

func (s *script) gaps() []time.Duration {
	var gaps []time.Duration
	for i := 1; i < len(s.times); i++ {
		gaps = append(gaps, s.times[i].Sub(s.times[i-1]))
	}
	return gaps
}

// zeros is a source of "randomness" that makes every jitter zero.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func client(s *script) *httpx.Client {
	return httpx.New(httpx.Config{HTTP: &http.Client{Transport: s}, Random: zeros{}})
}

func get(class httpx.Class) httpx.Request {
	return httpx.Request{Class: class, Method: "POST", URL: "http://example.test/secret-path?sig=abc", Body: []byte("body")}
}

var errLost = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("reset")}

var errDial = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}

func TestAttemptsByClass(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}
	tests := []struct {
		name string
		step step
		want map[httpx.Class]int
	}{
		{"server error", step{status: 503}, map[httpx.Class]int{httpx.Read: 4, httpx.Poll: 6, httpx.Auth: 1, httpx.Once: 1}},
		{"not implemented", step{status: 501}, map[httpx.Class]int{httpx.Read: 1, httpx.Poll: 1, httpx.Auth: 1, httpx.Once: 1}},
		{"bad request", step{status: 400}, map[httpx.Class]int{httpx.Read: 1, httpx.Poll: 1, httpx.Auth: 1, httpx.Once: 1}},
		{"rate limit", step{status: 429}, map[httpx.Class]int{httpx.Read: 4, httpx.Poll: 6, httpx.Auth: 3, httpx.Once: 3}},
		{"lost", step{err: errLost}, map[httpx.Class]int{httpx.Read: 4, httpx.Poll: 6, httpx.Auth: 1, httpx.Once: 1}},
		{"not sent", step{err: refused}, map[httpx.Class]int{httpx.Read: 4, httpx.Poll: 6, httpx.Auth: 3, httpx.Once: 3}},
		{"redirect", step{status: 302, header: map[string]string{"Location": "/x"}}, map[httpx.Class]int{httpx.Read: 1, httpx.Poll: 1, httpx.Auth: 1, httpx.Once: 1}},
		{"body too large", step{status: 200, body: strings.Repeat("x", 20)}, map[httpx.Class]int{httpx.Read: 1, httpx.Once: 1}},
	}
	for _, tt := range tests {
		for class, want := range tt.want {
			t.Run(tt.name+"/"+class.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &script{steps: []step{tt.step}}
					req := get(class)
					req.Limit = 10
					_, _ = client(s).Do(t.Context(), req)
					if len(s.times) != want {
						t.Errorf("attempts = %d, want %d", len(s.times), want)
					}
					for _, sent := range s.sent {
						if sent != "body" {
							t.Errorf("an attempt sent %q", sent)
						}
					}
				})
			})
		}
	}
}

func TestRetryAfterIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{
			{status: 429, header: map[string]string{"Retry-After": "7"}},
			{status: 503, header: map[string]string{"Retry-After": "60"}},
			{status: 200, body: "ok"},
		}}
		resp, err := client(s).Do(t.Context(), get(httpx.Read))
		if err != nil || string(resp.Body) != "ok" {
			t.Fatalf("Do = %v, %v", resp, err)
		}
		if diff := cmp.Diff([]time.Duration{7 * time.Second, 60 * time.Second}, s.gaps()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRetryAfterOverTheBoundIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "2600"}}}}
		resp, err := client(s).Do(t.Context(), get(httpx.Poll))
		if err != nil || resp.Status != 429 || len(s.times) != 1 {
			t.Fatalf("Do = %v, %v after %d attempts", resp, err, len(s.times))
		}
		if got := resp.RetryAfter(time.Now()); got != 2600*time.Second {
			t.Errorf("RetryAfter = %v", got)
		}
	})
}

func TestRetryAfterOverTheDeadlineIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "30"}}}}
		start := time.Now()
		resp, err := client(s).Do(ctx, get(httpx.Read))
		if err != nil || resp.Status != 429 || time.Since(start) != 0 {
			t.Fatalf("Do = %v, %v after %v", resp, err, time.Since(start))
		}
	})
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 503}}}
		_, _ = client(s).Do(t.Context(), get(httpx.Poll))
		want := []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}
		if diff := cmp.Diff(want, s.gaps()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDeadlineDuringBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		s := &script{steps: []step{{status: 503}}}
		_, err := client(s).Do(ctx, get(httpx.Read))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("err = %v", err)
		}
	})
}

// TestSentOnRealSockets asks for the outcome of calls that fail at different
// moments on a real network.
func TestSentOnRealSockets(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()

	hang := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}
	cut := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
	}
	serve := func(h http.HandlerFunc) string {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return srv.URL
	}
	tests := []struct {
		name, url string
		sent      bool
	}{
		{"connection refused", "http://" + closed.Addr().String(), false},
		{"unknown host", "http://host.invalid", false},
		{"connection closed after the request", serve(hang), true},
		{"answer cut short", serve(cut), true},
		{"malformed address", "http://bad host/", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := httpx.New(httpx.Config{HTTP: &http.Client{Transport: httpx.Transport()}, Random: zeros{}})
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := c.Do(ctx, httpx.Request{Class: httpx.Once, Method: "POST", URL: tt.url, Body: []byte("x")})
			f, ok := errors.AsType[*httpx.Failure](err)
			if !ok || f.Sent != tt.sent {
				t.Fatalf("err = %v (%T), want Sent = %v", err, err, tt.sent)
			}
		})
	}
}

func TestUntrustedCertificateIsFinalAndNotSent(t *testing.T) {
	var hits atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	srv.Config.ErrorLog = nil
	srv.StartTLS()
	defer srv.Close()
	c := httpx.New(httpx.Config{})
	start := time.Now()
	_, err := c.Do(t.Context(), httpx.Request{Class: httpx.Read, Method: "GET", URL: srv.URL})
	f, ok := errors.AsType[*httpx.Failure](err)
	if !ok || f.Sent || hits.Load() != 0 {
		t.Fatalf("err = %v, hits = %d", err, hits.Load())
	}
	if f.Error() != "server certificate not trusted (not sent)" || time.Since(start) > 5*time.Second {
		t.Errorf("error %q after %v", f, time.Since(start))
	}
}

// TestSilentTransportCountsAsSent: a transport that reports nothing must not
// be mistaken for one that reports "no connection".
func TestSilentTransportCountsAsSent(t *testing.T) {
	s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "0"}}, {err: errLost}}}
	_, err := client(s).Do(t.Context(), get(httpx.Once))
	f, ok := errors.AsType[*httpx.Failure](err)
	if !ok || !f.Sent || len(s.times) != 2 {
		t.Fatalf("err = %v after %d attempts", err, len(s.times))
	}
}

func TestRefusedThenCancelledIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "30"}}}}
		go func() { time.Sleep(time.Second); cancel() }()
		_, err := client(s).Do(ctx, get(httpx.Once))
		f, ok := errors.AsType[*httpx.Failure](err)
		if !ok || f.Sent || !errors.Is(err, context.Canceled) {
			t.Fatalf("err = %v", err)
		}
	})
}

func TestCancelledBeforeTheStartIsNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &script{steps: []step{{status: 200}}}
	_, err := client(s).Do(ctx, get(httpx.Once))
	if f, ok := errors.AsType[*httpx.Failure](err); !ok || f.Sent || len(s.times) != 0 {
		t.Errorf("err = %v", err)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked.Store(true) }))
	defer other.Close()
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer srv.Close()
	resp, err := httpx.New(httpx.Config{HTTP: &http.Client{}}).Do(t.Context(), httpx.Request{
		Class: httpx.Read, Method: "GET", URL: srv.URL, Header: http.Header{"Authorization": {"Bearer x"}},
	})
	if err != nil || resp.Status != http.StatusTemporaryRedirect || leaked.Load() {
		t.Fatalf("Do = %v, %v, followed = %v", resp, err, leaked.Load())
	}
}

func TestErrorTextNamesNoAddress(t *testing.T) {
	for _, cause := range []error{
		errLost, io.ErrUnexpectedEOF, errors.New("Get \"http://example.test/secret-path?sig=abc\": boom"),
		&net.OpError{Op: "secret-path 1", Err: errors.New("secret-path")}, &net.DNSError{Name: "secret-path"},
	} {
		s := &script{steps: []step{{err: cause}}}
		_, err := client(s).Do(t.Context(), get(httpx.Once))
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "sig=") {
			t.Errorf("error text %q", err)
		}
	}
}

func TestTransportIsHardened(t *testing.T) {
	tr := httpx.Transport()
	if tr.TLSClientConfig.MinVersion < 0x0303 || tr.TLSClientConfig.InsecureSkipVerify {
		t.Error("TLS is not strict")
	}
	if tr.ResponseHeaderTimeout == 0 || tr.TLSHandshakeTimeout == 0 || tr.MaxResponseHeaderBytes == 0 {
		t.Error("a bound is missing")
	}
}

func TestErrorBodyIsCutNotRefused(t *testing.T) {
	s := &script{steps: []step{{status: 400, body: strings.Repeat("x", 3<<20)}}}
	resp, err := client(s).Do(t.Context(), get(httpx.Once))
	if err != nil || resp.Status != 400 || len(resp.Body) != 1<<20 {
		t.Fatalf("Do = %v, %v", resp, err)
	}
}

func TestConcurrentUse(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer srv.Close()
	c := httpx.New(httpx.Config{Random: bytes.NewReader(nil)})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			resp, err := c.Do(t.Context(), httpx.Request{Class: httpx.Read, Method: "POST", URL: srv.URL, Body: []byte("hello")})
			if err != nil || string(resp.Body) != "hello" {
				t.Errorf("Do = %v, %v", resp, err)
			}
		})
	}
	wg.Wait()
}
