package ksefsim

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Parties of the samples; invented, with right check digits.
const (
	seller  pl.NIP = "1234563218"
	shopper pl.NIP = "5260001246"
	other   pl.NIP = "7010001453"
)

// noon is when tests begin: summer time in Warsaw, two hours ahead of UTC.
var noon = time.Date(2026, 7, 15, 12, 0, 0, 123456700, time.UTC)

// sharedKeys are made once for all simulators of the tests.
var sharedKeys = sync.OnceValue(func() *Keys {
	keys, err := NewKeys(nil)
	if err != nil {
		panic(err)
	}
	return keys
})

// signingKeys are the private keys of the people in the tests.
var (
	ecKey  = sync.OnceValue(func() crypto.Signer { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	rsaKey = sync.OnceValue(func() crypto.Signer { return must(rsa.GenerateKey(rand.Reader, 2048)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// harness is a simulator with a clock and a raw client of its own.
type harness struct {
	testing.TB
	*Server
	clock *clock
	// answers passes every request through a real handler chain.
	handler http.Handler
}

// seeded is a source of chance that is the same in every run.
func seeded(n uint64) io.Reader {
	var seed [32]byte
	seed[0] = byte(n)
	return mathrand.NewChaCha8(seed)
}

func newHarness(t testing.TB, cfg Config) *harness {
	t.Helper()
	h := &harness{TB: t, clock: &clock{now: noon}}
	if cfg.Now == nil {
		cfg.Now = h.clock.Now
	}
	if cfg.Keys == nil {
		cfg.Keys = sharedKeys()
	}
	if cfg.Random == nil {
		cfg.Random = seeded(1)
	}
	sim, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h.Server, h.handler = sim, sim
	return h
}

// answer is what a request got.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// request is one raw request.
type request struct {
	method, path, token string
	body                any // []byte as it is, anything else as JSON
	header              map[string]string
}

// do sends a request and checks the answer against the contract.
func (h *harness) do(r request) *answer {
	h.Helper()
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(b)
	default:
		body = bytes.NewReader(must(json.Marshal(b)))
	}
	req := httptest.NewRequest(r.method, "http://ksef.test"+r.path, body)
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, req)
	a := &answer{t: h.TB, status: rec.Code, header: rec.Result().Header, body: rec.Body.Bytes()}
	if h.Server == nil || h.cfg.Level != Level26 { // older than the published contract
		checkContract(h.TB, r.method, req.URL.Path, a)
	}
	return a
}

func (h *harness) get(path, token string) *answer {
	h.Helper()
	return h.do(request{method: "GET", path: path, token: token})
}

func (h *harness) post(path, token string, body any) *answer {
	h.Helper()
	return h.do(request{method: "POST", path: path, token: token, body: body})
}

// want fails the test unless the answer has a status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// object reads the answer as a JSON object.
func (a *answer) object() map[string]any {
	a.t.Helper()
	return decode[map[string]any](a)
}

// text is one string in the answer by its path, as "status.description".
func (a *answer) text(path string) string {
	a.t.Helper()
	s, _ := a.at(path).(string)
	return s
}

// at is one value in the answer by its path.
func (a *answer) at(path string) any {
	a.t.Helper()
	var v any = a.object()
	for _, name := range strings.Split(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func decode[T any](a *answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("answer is not JSON: %v: %s", err, a.body)
	}
	return v
}

// codes are the exception codes of an answer 400 in either format.
func (a *answer) codes() []int {
	a.t.Helper()
	var body struct {
		Exception struct {
			List []struct {
				Code int `json:"exceptionCode"`
			} `json:"exceptionDetailList"`
		} `json:"exception"`
		Errors []struct {
			Code int `json:"code"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		a.t.Fatalf("error is not JSON: %v: %s", err, a.body)
	}
	var codes []int
	for _, e := range body.Exception.List {
		codes = append(codes, e.Code)
	}
	for _, e := range body.Errors {
		codes = append(codes, e.Code)
	}
	return codes
}

// refused fails the test unless the answer is 400 with one exception code.
func (a *answer) refused(code int) *answer {
	a.t.Helper()
	if codes := a.want(http.StatusBadRequest).codes(); len(codes) != 1 || codes[0] != code {
		a.t.Fatalf("codes %v, want %d: %s", codes, code, a.body)
	}
	return a
}

// statusIs fails the test unless the answer tells a status of something.
func (a *answer) statusIs(code int) *answer {
	a.t.Helper()
	if got := a.want(http.StatusOK).at("status.code"); got != float64(code) {
		a.t.Fatalf("status code %v, want %d: %s", got, code, a.body)
	}
	return a
}
