package ksef

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

func TestObserverIsToldCallsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, w := newCounting(t, slowMisc), new(watcher)
		a := f.login(t.Context(), Config{Observer: w, Limiter: &LimiterConfig{MaxWait: 2 * time.Second}})
		for range 6 {
			if err := askStatus(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		_ = askStatus(t.Context(), a)
		_ = askStatus(t.Context(), a)
		f.failNext(opOpen, 1, 400, problem(21405))
		_ = openSession(t.Context(), a)
		const op = "get session status"
		want := []WaitRecord{
			{Op: op, Group: GroupSessionMisc, Window: time.Second, Waited: 1250 * time.Millisecond},
			{Op: op, Group: GroupSessionMisc, Window: time.Second, Waited: 1250 * time.Millisecond},
			{Op: op, Group: GroupSessionMisc, Window: time.Minute, Refused: 57750 * time.Millisecond},
		}
		if diff := cmp.Diff(want, w.waits); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[Outcome]int{OutcomeOK: 7, OutcomeRateLimited: 1}, w.outcomes(op)); diff != "" {
			t.Error(diff)
		}
		last := w.calls[len(w.calls)-1]
		if diff := cmp.Diff(CallRecord{"open online session", GroupOnlineSession, OutcomeRefused, 400, 0}, last); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOutcomes(t *testing.T) {
	tests := []struct {
		e    *Error
		want Outcome
	}{
		{nil, OutcomeOK},
		{&Error{Status: 400}, OutcomeRefused},
		{&Error{Status: 404}, OutcomeRefused},
		{&Error{Status: 401}, OutcomeLogin},
		{&Error{Status: 403, blocked: true}, OutcomeBlocked},
		{&Error{Status: 429}, OutcomeRateLimited},
		{&Error{Err: &LimitError{}}, OutcomeRateLimited},
		{&Error{Status: 503}, OutcomeUnavailable},
		{&Error{Err: &httpx.Failure{Err: lostAnswer{}}}, OutcomeUnavailable},
		{&Error{Err: &httpx.Failure{Err: lostAnswer{}}, unknown: true}, OutcomeUnknown},
		{&Error{Err: &httpx.Failure{Err: context.Canceled}}, OutcomeCancelled},
		{&Error{Err: context.DeadlineExceeded}, OutcomeCancelled},
		{&Error{Err: &CircuitOpenError{}}, OutcomeHeld},
		{&Error{Status: 200, Err: ErrHashMismatch}, OutcomeFailed},
	}
	for _, tt := range tests {
		if got := outcomeOf(tt.e); got != tt.want {
			t.Errorf("%v is %s, want %s", tt.e, got, tt.want)
		}
	}
}

// tracer writes spans down.
type tracer struct{ spans []string }

type spanKey struct{}

func (tr *tracer) Start(ctx context.Context, s SpanStart) (context.Context, func(SpanEnd)) {
	i := len(tr.spans)
	tr.spans = append(tr.spans, fmt.Sprintf("%s [%s] %v", s.Op, s.Group, s.References))
	return context.WithValue(ctx, spanKey{}, i), func(e SpanEnd) {
		tr.spans[i] += fmt.Sprintf(": %s %d %s", e.Outcome, e.Status, e.TraceID)
	}
}

func TestTracerSeesEveryCall(t *testing.T) {
	f, tr := newFake(t), new(tracer)
	seen := false
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		seen = seen || req.Context().Value(spanKey{}) != nil
		return inMemory{f.mux}.RoundTrip(req)
	})
	client, err := New(Config{Environment: Custom("http://ksef.test"), HTTP: &http.Client{Transport: transport}, Tracer: tr})
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
	if err != nil {
		t.Fatal(err)
	}
	_ = askStatus(t.Context(), a)
	f.failNext(opSessionStatus, 1, 400, problem(21173))
	_ = askStatus(t.Context(), a)
	want := []string{
		"get login challenge [anonymous] []: ok 0 ",
		"read public keys [anonymous] []: ok 0 ",
		"submit token login [anonymous] []: ok 0 ",
		"get login status [anonymous] [20261122-AU-36E34A8000-CA851C36EA-44]: ok 0 ",
		"redeem tokens [anonymous] []: ok 0 ",
		"get session status [sessionMisc] [" + testSession + "]: ok 0 ",
		"get session status [sessionMisc] [" + testSession + "]: refused 400 673843e023c432286660bc0501a3af44",
	}
	if diff := cmp.Diff(want, tr.spans); diff != "" {
		t.Error(diff)
	}
	if !seen {
		t.Error("the call was not made under the span's context")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestReferencesLeaveOutNumbersOfCompanies(t *testing.T) {
	path := "/sessions/" + testSession + "/invoices/" + testInvoice + "/ksef/5265877635-20261122-0100001AF629-AF/upo/5265877635"
	if diff := cmp.Diff([]string{testSession, testInvoice}, references(path)); diff != "" {
		t.Error(diff)
	}
}

// TestNothingIsToldWithoutHooks: a client without them does the same calls.
func TestNothingIsToldWithoutHooks(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		if err := errors.Join(askStatus(t.Context(), a), openSession(t.Context(), a)); err != nil {
			t.Fatal(err)
		}
		if f.calls(opSessionStatus) != 1 || strings.Contains(fmt.Sprint(f.counts), "rate-limits") {
			t.Errorf("calls %v", f.counts)
		}
	})
}

// BenchmarkHooks measures what a call costs with nothing configured and with
// everything.
func BenchmarkHooks(b *testing.B) {
	for name, cfg := range map[string]Config{
		"off": {},
		"on":  {Limiter: &LimiterConfig{MaxWait: time.Nanosecond}, Breaker: &BreakerConfig{}, Observer: new(nobody)},
	} {
		b.Run(name, func(b *testing.B) {
			cfg.Environment = Custom("http://ksef.test")
			cfg.HTTP = &http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: http.NoBody, Request: req, Header: http.Header{}}, nil
			})}
			c, err := New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			k := call{op: "bench", group: GroupAnonymous, method: "GET", path: "/x"}
			if c.limiter != nil {
				c.limiter.pair(ContextID{}, "").set(RateLimits{GroupAnonymous: {PerSecond: 1 << 30, PerMinute: 1 << 30}}, time.Now())
				k.turn = true // the record itself is measured below
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.do(b.Context(), k); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type nobody struct{}

func (nobody) ObserveCall(CallRecord)      {}
func (nobody) ObserveWait(WaitRecord)      {}
func (nobody) ObserveBreaker(BreakerState) {}

// BenchmarkReserve measures one turn at a counter with an hour's calls in it.
func BenchmarkReserve(b *testing.B) {
	stores := map[string]func(b *testing.B) LimitStore{
		"memory": func(*testing.B) LimitStore { return new(MemoryLimitStore) },
		"file":   func(b *testing.B) LimitStore { return NewFileLimitStore(b.TempDir()) },
	}
	for name, open := range stores {
		b.Run(name, func(b *testing.B) {
			store := open(b)
			now := time.Unix(1_800_000_000, 0)
			c, err := New(Config{Environment: Test(), Now: func() time.Time { return now }, Limiter: &LimiterConfig{Store: store}})
			if err != nil {
				b.Fatal(err)
			}
			p := c.limiter.pair(NIPContext(testNIP), "")
			id, _ := p.lane(GroupInvoiceStatus, "")
			turn := func() {
				now = now.Add(3100 * time.Millisecond)
				if _, _, err := p.reserve(b.Context(), id, now.Add(time.Minute)); err != nil {
					b.Fatal(err)
				}
			}
			for range 1200 {
				turn()
			}
			b.ReportAllocs()
			for b.Loop() {
				turn()
			}
		})
	}
}
