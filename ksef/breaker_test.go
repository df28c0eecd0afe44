package ksef

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// watcher keeps what an observer is told.
type watcher struct {
	mu       sync.Mutex
	calls    []CallRecord
	waits    []WaitRecord
	circuits []Circuit
}

func (w *watcher) ObserveCall(r CallRecord) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, r)
}

func (w *watcher) ObserveWait(r WaitRecord) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waits = append(w.waits, r)
}

func (w *watcher) ObserveBreaker(s BreakerState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.circuits = append(w.circuits, s.Circuit)
}

// outcomes counts the calls of an operation by outcome.
func (w *watcher) outcomes(op string) map[Outcome]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := map[Outcome]int{}
	for _, c := range w.calls {
		if c.Op == op {
			n[c.Outcome]++
		}
	}
	return n
}

func guarded(t *testing.T, cfg BreakerConfig, test func(t *testing.T, f *fake, a *Account, w *watcher)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFake(t), new(watcher)
		test(t, f, f.login(t.Context(), Config{Breaker: &cfg, Observer: w}), w)
	})
}

func openSession(ctx context.Context, a *Account) error {
	_, err := a.OpenOnline(ctx, FormFA3)
	return err
}

func TestBreakerOpensProbesAndCloses(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 3}, func(t *testing.T, f *fake, a *Account, w *watcher) {
		f.failNext(opOpen, 5, 503, "")
		for range 3 {
			if err := openSession(t.Context(), a); !errors.Is(err, ErrOutcomeUnknown) {
				t.Fatalf("err = %v", err)
			}
		}
		err := openSession(t.Context(), a)
		open, ok := errors.AsType[*CircuitOpenError](err)
		e, isError := errors.AsType[*Error](err)
		if !ok || !isError || !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrOutcomeUnknown) || e.Retry() != RetryLater {
			t.Fatalf("err = %v", err)
		}
		want := BreakerState{Circuit: CircuitOpen, Failures: 3, Until: time.Now().Add(30 * time.Second).UTC(), Last: "HTTP 503"}
		if diff := cmp.Diff(want, open.State); diff != "" {
			t.Error(diff)
		}
		if e.RetryAfter != 30*time.Second || f.calls(opOpen) != 3 {
			t.Errorf("retry after %v, %d calls", e.RetryAfter, f.calls(opOpen))
		}
		for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
			time.Sleep(pause - time.Second)
			if err := openSession(t.Context(), a); !heldBack(err) {
				t.Errorf("before probe %d: %v", i, err)
			}
			time.Sleep(time.Second)
			if err := openSession(t.Context(), a); heldBack(err) || (err == nil) != (i == 2) {
				t.Errorf("probe %d: %v", i, err)
			}
		}
		if s := a.Client().Breaker(); s != (BreakerState{Circuit: CircuitClosed}) {
			t.Errorf("state %+v", s)
		}
		steps := []Circuit{"open", "half-open", "open", "half-open", "open", "half-open", "closed"}
		if !slices.Equal(w.circuits, steps) {
			t.Errorf("states %v", w.circuits)
		}
		if diff := cmp.Diff(map[Outcome]int{OutcomeUnknown: 5, OutcomeHeld: 4, OutcomeOK: 1}, w.outcomes("open online session")); diff != "" {
			t.Error(diff)
		}
	})
}

func heldBack(err error) bool {
	_, ok := errors.AsType[*CircuitOpenError](err)
	return ok
}

func TestOneProbeAtATime(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		f.failNext(opOpen, 1, 500, "")
		_ = openSession(t.Context(), a)
		time.Sleep(31 * time.Second)
		f.on(opOpen, func(http.ResponseWriter, *http.Request) bool {
			time.Sleep(time.Second)
			return false
		})
		errs := make(chan error, 5)
		for range 5 {
			go func() { errs <- openSession(t.Context(), a) }()
		}
		held := 0
		for range 5 {
			if heldBack(<-errs) {
				held++
			}
		}
		if held != 4 || f.calls(opOpen) != 2 {
			t.Errorf("%d of 5 were held back, %d calls", held, f.calls(opOpen))
		}
	})
}

// TestAProbeThatNeverLeftIsGivenBack: the next caller may probe.
func TestAProbeThatNeverLeftIsGivenBack(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		f.failNext(opOpen, 1, 500, "")
		_ = openSession(t.Context(), a)
		time.Sleep(31 * time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := openSession(ctx, a); !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
		if err := openSession(t.Context(), a); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

func TestReadsThatReconcileGoThrough(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1, OpenFor: time.Hour}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		f.failNext(opOpen, 1, 502, "")
		_ = openSession(t.Context(), a)
		time.Sleep(20 * time.Minute) // the read has to renew its login, too
		if err := openSession(t.Context(), a); !heldBack(err) {
			t.Fatalf("err = %v", err)
		}
		if err := askStatus(t.Context(), a); err != nil {
			t.Fatalf("a question was held back: %v", err)
		}
		if s := a.Client().Breaker(); s.Circuit != CircuitHalfOpen {
			t.Errorf("KSeF answers, and the circuit is %s", s.Circuit)
		}
		if err := openSession(t.Context(), a); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

func TestWhatCountsAsFailure(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		ctx  context.Context
		a    httpx.Attempt
		want string
	}{
		{t.Context(), httpx.Attempt{Status: 200}, ""},
		{t.Context(), httpx.Attempt{Status: 429}, ""},
		{t.Context(), httpx.Attempt{Status: 403}, ""},
		{t.Context(), httpx.Attempt{Status: 500}, "HTTP 500"},
		{t.Context(), httpx.Attempt{Err: lostAnswer{}}, "network failure"},
		{t.Context(), httpx.Attempt{Err: httpx.ErrTooLarge}, ""},
		{cancelled, httpx.Attempt{Err: lostAnswer{}}, ""},
	}
	for _, tt := range tests {
		if got := failureOf(tt.ctx, tt.a); got != tt.want {
			t.Errorf("%+v is %q, want %q", tt.a, got, tt.want)
		}
	}
}

// announce answers for the availability service.
func announce(f *fake, status string, messages ...map[string]any) *string {
	f.mux.HandleFunc("GET /latarnia/status", f.count("latarnia", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, map[string]any{"status": status, "messages": messages})
	}))
	return &status
}

func TestAnnouncedFailureKeepsTheCircuitOpen(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1, Latarnia: true}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		end := time.Now().Add(2 * time.Hour).UTC()
		status := announce(f, "FAILURE",
			map[string]any{"category": "FAILURE", "type": "FAILURE_START", "start": time.Now().Add(-time.Hour), "end": end},
			map[string]any{"category": "MAINTENANCE", "type": "MAINTENANCE_ANNOUNCEMENT", "start": time.Now(), "end": end.Add(time.Hour)})
		f.failNext(opOpen, 1, 503, "")
		_ = openSession(t.Context(), a)
		if f.calls("latarnia") != 0 {
			t.Error("a failure alone asks nobody")
		}
		err := openSession(t.Context(), a)
		open, ok := errors.AsType[*CircuitOpenError](err)
		if !ok || !open.State.Until.Equal(end) || open.State.Announced != InFailure {
			t.Fatalf("err = %v", err)
		}
		text := "not called: 1 failures in a row (HTTP 503), KSeF announced FAILURE: next try at " + end.Format(time.RFC3339)
		if open.Error() != text {
			t.Errorf("text is %q", open.Error())
		}
		time.Sleep(time.Hour)
		if err := openSession(t.Context(), a); !heldBack(err) || f.calls("latarnia") != 2 {
			t.Errorf("err = %v, asked %d times", err, f.calls("latarnia"))
		}
		*status = "AVAILABLE"
		time.Sleep(time.Minute)
		if err := openSession(t.Context(), a); err != nil {
			t.Errorf("the failure has ended: %v", err)
		}
	})
}

func TestAnnouncementWithoutEnd(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1, Latarnia: true}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		status := announce(f, "TOTAL_FAILURE", map[string]any{"category": "TOTAL_FAILURE", "type": "FAILURE_START", "start": time.Now()})
		f.failNext(opOpen, 1, 503, "")
		_ = openSession(t.Context(), a)
		for range 5 {
			time.Sleep(31 * time.Second)
			if err := openSession(t.Context(), a); !heldBack(err) {
				t.Errorf("err = %v", err)
			}
		}
		*status = "AVAILABLE"
		time.Sleep(31 * time.Second)
		if err := openSession(t.Context(), a); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

// TestLatarniaItselfDown: its failures mean nothing.
func TestLatarniaItselfDown(t *testing.T) {
	guarded(t, BreakerConfig{Failures: 1, Latarnia: true}, func(t *testing.T, f *fake, a *Account, _ *watcher) {
		f.failNext(opOpen, 1, 503, "")
		_ = openSession(t.Context(), a)
		time.Sleep(31 * time.Second)
		if err := openSession(t.Context(), a); err != nil {
			t.Errorf("err = %v", err)
		}
	})
}

func TestNoBreakerNoHolding(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.failNext(opOpen, 50, 503, "")
		for range 50 {
			if err := openSession(t.Context(), a); heldBack(err) {
				t.Fatal(err)
			}
		}
		if s := a.Client().Breaker(); s.Circuit != CircuitClosed {
			t.Errorf("state %+v", s)
		}
	})
}
