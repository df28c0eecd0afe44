package ksef_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// world is a simulated KSeF behind a network without sockets, on the fake clock
// of synctest, with faults drawn from a seed.
type world struct {
	t    testing.TB
	seed uint64
	sim  *ksefsim.Server
	odds odds
	late sync.WaitGroup // requests on their way that nobody waits for

	mu     sync.Mutex
	off    bool
	drawn  map[string]int // draws so far, by what they are for
	counts map[string]int // faults met, by kind
	calls  int
	trace  []string
	keys   []*ksefsim.Keys // taken in turn by rotations
	storm  int             // requests that still get 429
}

// odds are chances in a thousand requests.
type odds struct {
	lostRequest, lateRequest, lostAnswer, brokenAnswer, failedBefore, failedAfter, storm int
	// Of events:
	rotate, expireSessions, expireLinks, spoilKey int
}

// rough is a bad day with everything on.
var rough = odds{
	lostRequest: 25, lateRequest: 20, lostAnswer: 60, brokenAnswer: 20, failedBefore: 30, failedAfter: 30, storm: 15,
	rotate: 8, expireSessions: 8, expireLinks: 40, spoilKey: 150,
}

// otherKeys are what rotations go to.
var otherKeys = sync.OnceValue(func() *ksefsim.Keys {
	keys, err := ksefsim.NewKeys(nil)
	if err != nil {
		panic(err)
	}
	return keys
})

// chaos is a source of randomness for a seed.
func chaos(seed, stream uint64) io.Reader {
	var key [32]byte
	key[0], key[1], key[8] = byte(seed), byte(seed>>8), byte(stream)
	return mathrand.NewChaCha8(key)
}

// inWorld runs a test in a bubble with a fresh world of the year 2026.
func inWorld(t *testing.T, seed uint64, o odds, cfg ksefsim.Config, test func(t *testing.T, w *world, a *ksef.Account)) {
	t.Helper()
	first, second := simKeys(), otherKeys()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)))
		cfg.Keys, cfg.Random = first, chaos(seed, 1)
		sim, err := ksefsim.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, seed: seed, sim: sim, odds: o, drawn: map[string]int{}, counts: map[string]int{}, keys: []*ksefsim.Keys{second, first}}
		client, err := ksef.New(ksef.Config{
			Environment: ksef.Custom("http://ksef.invalid"), HTTP: &http.Client{Transport: w}, Random: chaos(seed, 2), Poll: fast,
		})
		if err != nil {
			t.Fatal(err)
		}
		w.quiet(true)
		account, err := client.Login(t.Context(), ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller))))
		if err != nil {
			t.Fatal(err)
		}
		w.quiet(false)
		defer func() {
			if t.Failed() {
				t.Logf("seed %d", seed)
			}
		}()
		defer w.late.Wait()
		test(t, w, account)
	})
}

func (w *world) quiet(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.off = on
}

// hits draws whether one of so many in a thousand happens. What is drawn depends
// on the seed, the purpose and how often it was drawn for before; not on time.
func (w *world) hits(purpose string, odds int) bool {
	w.drawn[purpose]++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %d", w.seed, purpose, w.drawn[purpose])
	hit := int(mathrand.New(mathrand.NewPCG(h.Sum64(), w.seed)).Uint64()%1000) < odds
	return hit
}

var errNetwork = errors.New("connection lost on purpose")

// RoundTrip implements http.RoundTripper.
func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	body := []byte{}
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	op, key := operation(req, body)
	fault := w.plan(op, key)
	if op == "open" && fault == "spoilKey" {
		body = spoil(body)
	}
	switch fault {
	case "lostRequest":
		return nil, errNetwork
	case "lateRequest": // the client has given up when it arrives
		w.late.Go(func() {
			time.Sleep(20 * time.Second)
			w.serve(req.WithContext(context.WithoutCancel(req.Context())), body)
		})
		return nil, errNetwork
	case "failedBefore":
		return answer(req, 503, ""), nil
	case "storm":
		return answer(req, 429, "1"), nil
	case "expireLinks":
		w.sim.ExpireLinks()
		time.Sleep(2 * time.Second) // links of the same second are expired as well
	case "rotate":
		w.rotate()
	case "expireSessions":
		if _, err := w.sim.ExpireSessions(); err != nil {
			w.t.Error(err)
		}
	}
	resp := w.serve(req, body)
	switch fault {
	case "lostAnswer":
		return nil, errNetwork
	case "failedAfter":
		return answer(req, 502, ""), nil
	case "brokenAnswer":
		resp.Body = io.NopCloser(strings.NewReader("{"))
	}
	return resp, nil
}

func (w *world) serve(req *http.Request, body []byte) *http.Response {
	in := req.Clone(req.Context())
	in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	in.RemoteAddr = "192.0.2.1:1234"
	rec := httptest.NewRecorder()
	w.sim.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = req
	return resp
}

// plan draws what happens to a request.
func (w *world) plan(op, key string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if w.off || op == "auth" {
		return ""
	}
	fault := w.draw(op, op+" "+key)
	if fault != "" {
		w.counts[fault]++
	}
	w.trace = append(w.trace, op+"="+fault)
	return fault
}

func (w *world) draw(op, purpose string) string {
	if w.storm > 0 {
		w.storm--
		return "storm"
	}
	for _, f := range []struct {
		name string
		odds int
		only string
	}{
		{"rotate", w.odds.rotate, ""},
		{"expireSessions", w.odds.expireSessions, ""},
		{"expireLinks", w.odds.expireLinks, "upload"},
		{"spoilKey", w.odds.spoilKey, "open"},
		{"lostRequest", w.odds.lostRequest, ""},
		{"lateRequest", w.odds.lateRequest, ""},
		{"lostAnswer", w.odds.lostAnswer, ""},
		{"brokenAnswer", w.odds.brokenAnswer, ""},
		{"failedBefore", w.odds.failedBefore, ""},
		{"failedAfter", w.odds.failedAfter, ""},
		{"storm", w.odds.storm, ""},
	} {
		if f.odds == 0 || f.only != "" && f.only != op || !w.hits(f.name+" "+purpose, f.odds) {
			continue
		}
		if f.name == "storm" {
			w.storm = 5
		}
		return f.name
	}
	return ""
}

func (w *world) rotate() {
	w.mu.Lock()
	next := w.keys[0]
	w.keys = append(w.keys[1:], next)
	w.mu.Unlock()
	if err := w.sim.RotateKeys(next, true); err != nil {
		w.t.Error(err)
	}
}

// operation names a request; the key tells sends apart whatever their order.
func operation(req *http.Request, body []byte) (op, key string) {
	path := req.URL.Path
	switch {
	case strings.Contains(path, "/auth/"), strings.Contains(path, "/security/"):
		return "auth", ""
	case strings.Contains(path, "/storage/") && req.Method == http.MethodPut:
		return "upload", ""
	case strings.HasSuffix(path, "/sessions/online"), strings.HasSuffix(path, "/sessions/batch"):
		return "open", ""
	case strings.HasSuffix(path, "/close"):
		return "close", ""
	case strings.HasSuffix(path, "/invoices") && req.Method == http.MethodPost:
		var sent struct {
			InvoiceHash string `json:"invoiceHash"`
		}
		_ = json.Unmarshal(body, &sent)
		return "send", sent.InvoiceHash
	case req.Method == http.MethodGet && strings.Contains(path, "/sessions/"):
		return "ask", ""
	}
	return "other", ""
}

// spoil makes a session key that KSeF cannot read, as one that was encrypted for
// another environment.
func spoil(body []byte) []byte {
	var open map[string]json.RawMessage
	var enc map[string]any
	if json.Unmarshal(body, &open) != nil || json.Unmarshal(open["encryption"], &enc) != nil {
		return body
	}
	enc["encryptedSymmetricKey"] = make([]byte, 256)
	open["encryption"], _ = json.Marshal(enc)
	out, _ := json.Marshal(open)
	return out
}

func answer(req *http.Request, status int, retryAfter string) *http.Response {
	h := http.Header{}
	if retryAfter != "" {
		h.Set("Retry-After", retryAfter)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader("")), Request: req, ProtoMajor: 1, ProtoMinor: 1}
}

// faults tells what happened, for the table of a run.
func (w *world) faults() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := make([]string, 0, len(w.counts))
	for name := range w.counts {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%d requests", w.calls)
	for _, name := range names {
		fmt.Fprintf(&b, ", %s %d", name, w.counts[name])
	}
	return b.String()
}

// census checks that KSeF holds every document once, and gives how many
// sessions there are and how many copies were refused as duplicates.
func (w *world) census(ctx context.Context, a *ksef.Account, kind ksef.SessionType, docs map[string][]byte) (sessions, processed, duplicates int) {
	w.t.Helper()
	w.late.Wait()
	w.quiet(true)
	defer w.quiet(false)
	held := map[string]int{}
	for _, inv := range w.sim.Accepted() {
		held[inv.Number]++
		if !bytes.Equal(inv.XML, docs[inv.Number]) {
			w.t.Errorf("%s: KSeF holds other bytes", inv.Number)
		}
	}
	for number := range docs {
		if held[number] != 1 {
			w.t.Errorf("%s: KSeF holds %d", number, held[number])
		}
	}
	for s, err := range a.Sessions.List(ctx, ksef.SessionFilter{Type: kind}) {
		if err != nil {
			w.t.Fatal(err)
		}
		sessions++
		if s.SuccessfulInvoiceCount > 0 {
			processed++
		}
		for st, err := range a.Sessions.FailedInvoices(ctx, s.Reference) {
			if err != nil {
				w.t.Fatal(err)
			}
			if _, _, dup := st.Duplicate(); dup {
				duplicates++
			}
		}
	}
	return sessions, processed, duplicates
}

func withBody(r *http.Request, change func([]byte) []byte) *http.Request {
	body, _ := io.ReadAll(r.Body)
	body = change(body)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

func sha(data []byte) pack.Hash { return sha256.Sum256(data) }

func marshalled(t testing.TB, f fa3.Faktura) []byte {
	t.Helper()
	doc, err := fa3.Marshal(&f)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
