package ksef

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counting is a fake that keeps the times of calls and tells limits.
type counting struct {
	*fake
	mu     sync.Mutex
	times  map[string][]int64
	limits string
}

const opRates = "GET /v2/rate-limits"

func newCounting(t *testing.T, limits string) *counting {
	c := &counting{fake: newFake(t), times: map[string][]int64{}, limits: limits}
	c.mux.HandleFunc(opRates, c.count(opRates, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, c.limits)
	}))
	return c
}

// note keeps the time of every call of a pattern and lets the fake answer.
func (c *counting) note(pattern string) {
	c.on(pattern, func(http.ResponseWriter, *http.Request) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.times[pattern] = append(c.times[pattern], time.Now().UnixNano())
		return false
	})
}

const opSessionStatus = "GET /v2/sessions/{ref}"

func withLimits(t *testing.T, limits string, cfg LimiterConfig, test func(t *testing.T, f *counting, a *Account)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newCounting(t, limits)
		f.note(opSessionStatus)
		test(t, f, f.login(t.Context(), Config{Limiter: &cfg}))
	})
}

func askStatus(ctx context.Context, a *Account) error {
	_, err := a.Sessions.Status(ctx, testSession)
	return err
}

const slowMisc = `{"sessionMisc":{"perSecond":3,"perMinute":7,"perHour":20},"other":{"perSecond":10,"perMinute":30,"perHour":120}}`

func TestLimiterKeepsWithinTheLimits(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{MaxWait: 5 * time.Hour}, func(t *testing.T, f *counting, a *Account) {
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(1, uint64(i)))
				for range 8 {
					time.Sleep(time.Duration(r.IntN(4000)) * time.Millisecond)
					if err := askStatus(t.Context(), a); err != nil {
						t.Error(err)
					}
				}
			})
		}
		start := time.Now()
		wg.Wait()
		limit := RateLimit{3, 7, 20}
		checkWindows(t, f.times[opSessionStatus], limit)
		if n := len(f.times[opSessionStatus]); n != 48 || f.calls(opRates) < 1 {
			t.Errorf("%d calls, limits asked %d times", n, f.calls(opRates))
		}
		if took := time.Since(start); took > 2*time.Hour+10*time.Minute {
			t.Errorf("48 calls at 20 an hour took %v", took)
		}
	})
}

func TestLimiterRefusesLongWaits(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{}, func(t *testing.T, f *counting, a *Account) {
		ctx := WithMaxWait(t.Context(), 0)
		for range 3 {
			if err := askStatus(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		err := askStatus(ctx, a)
		l, ok := errors.AsType[*LimitError](err)
		e, isError := errors.AsType[*Error](err)
		if !ok || !isError || !errors.Is(err, ErrRateLimited) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrOutcomeUnknown) {
			t.Fatalf("err = %v", err)
		}
		at := time.Now().Add(1250 * time.Millisecond).UTC()
		want := &LimitError{GroupSessionMisc, time.Second, 1250 * time.Millisecond, at}
		if diff := cmp.Diff(want, l); diff != "" {
			t.Error(diff)
		}
		if e.RetryAfter != l.Wait || e.Retry() != RetryLater || f.calls(opSessionStatus) != 3 {
			t.Errorf("RetryAfter %v, Retry %v, %d calls", e.RetryAfter, e.Retry(), f.calls(opSessionStatus))
		}
		text := "ksef: get session status: retry after 1.25s: limit of group sessionMisc: calls of the last 1s are used up: next call in 1.25s"
		if err.Error() != text {
			t.Errorf("text is %q", err)
		}
		time.Sleep(l.Wait)
		if err := askStatus(ctx, a); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestLimiterObeysTheContext(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{}, func(t *testing.T, f *counting, a *Account) {
		for range 7 {
			if err := askStatus(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		before := time.Now()
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, late := errors.AsType[*LimitError](askStatus(short, a)); !late || time.Since(before) != 0 {
			t.Error("a call whose turn comes after its deadline waits")
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, stop)
		err := askStatus(ctx, a)
		if !errors.Is(err, context.Canceled) || time.Since(before) != 2*time.Second {
			t.Errorf("err = %v after %v", err, time.Since(before))
		}
		b, err := a.Budget(t.Context(), GroupSessionMisc)
		if err != nil || b.Windows[2].Used != 7 {
			t.Errorf("a call that was called off stays counted: %+v, %v", b, err)
		}
	})
}

func TestRetryAfterIsObeyedAndShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newCounting(t, slowMisc)
		store := new(MemoryLimitStore)
		one := f.login(t.Context(), Config{Limiter: &LimiterConfig{Store: store}})
		other := f.login(t.Context(), Config{Limiter: &LimiterConfig{Store: store}})
		refused := false
		f.on(opSessionStatus, func(w http.ResponseWriter, _ *http.Request) bool {
			if refused {
				return false
			}
			refused = true
			w.Header().Set("Retry-After", "45")
			w.WriteHeader(429)
			return true
		})
		start := time.Now()
		var wg sync.WaitGroup
		for _, a := range []*Account{one, other, other} {
			wg.Go(func() {
				if err := askStatus(t.Context(), a); err != nil {
					t.Error(err)
				}
				if since := time.Since(start); since < 45*time.Second || since > 47*time.Second {
					t.Errorf("called again after %v", since)
				}
			})
			synctest.Wait()
		}
		b, err := other.Budget(t.Context(), GroupSessionMisc)
		if err != nil || b.Left != 0 || b.Blocked.Sub(start) != 45*time.Second {
			t.Errorf("budget %+v, %v", b, err)
		}
		wg.Wait()
		if n := f.calls(opSessionStatus); n != 4 {
			t.Errorf("%d calls, want 4", n)
		}
	})
}

// TestSleepersHearOfABlock: who waits for his turn does not go when it comes,
// if KSeF demanded a wait meanwhile.
func TestSleepersHearOfABlock(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{MaxWait: time.Hour}, func(t *testing.T, f *counting, a *Account) {
		for range 3 {
			_ = askStatus(t.Context(), a)
		}
		start := time.Now()
		done := make(chan time.Duration)
		go func() {
			_ = askStatus(t.Context(), a)
			done <- time.Since(start)
		}()
		synctest.Wait()
		p := a.counted(a.current())
		p.answered(t.Context(), GroupSessionMisc, "", attemptRefused(30*time.Second))
		if after := <-done; after != 30*time.Second {
			t.Errorf("called after %v", after)
		}
	})
}

func TestLimitsAreLearntOnceAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newCounting(t, slowMisc)
		store := new(MemoryLimitStore)
		one := f.login(t.Context(), Config{Limiter: &LimiterConfig{Store: store}})
		other := f.login(t.Context(), Config{Limiter: &LimiterConfig{Store: store}})
		limitOf := func(a *Account) RateLimit {
			if err := askStatus(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			_, limit, _ := a.counted(a.current()).rates.countedAs(GroupSessionMisc)
			return limit
		}
		if got := limitOf(one); got != (RateLimit{3, 7, 20}) {
			t.Errorf("limit is %v", got)
		}
		if got := limitOf(other); got != (RateLimit{3, 7, 20}) || f.calls(opRates) != 1 {
			t.Errorf("limit is %v after %d questions", got, f.calls(opRates))
		}
		f.limits = `{"sessionMisc":{"perSecond":5,"perMinute":50,"perHour":500}}`
		time.Sleep(relearnAfter + time.Second)
		if got := limitOf(other); got != (RateLimit{5, 50, 500}) || f.calls(opRates) != 2 {
			t.Errorf("limit is %v after %d questions", got, f.calls(opRates))
		}
		if got := limitOf(one); got != (RateLimit{5, 50, 500}) || f.calls(opRates) != 2 {
			t.Errorf("limit is %v after %d questions", got, f.calls(opRates))
		}
	})
}

func TestPublishedLimitsHoldUntilLearnt(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{}, func(t *testing.T, f *counting, a *Account) {
		f.failNext(opRates, 1, 400, problem(21405))
		if err := askStatus(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		b, err := a.Budget(t.Context(), GroupSessionMisc)
		if err != nil || b.Windows[2].Limit != 1200 || b.Left != 9 {
			t.Errorf("budget %+v, %v", b, err)
		}
		time.Sleep(relearnRetry)
		if err := askStatus(t.Context(), a); err != nil || f.calls(opRates) != 2 {
			t.Errorf("limits asked %d times, %v", f.calls(opRates), err)
		}
	})
}

// TestARefusalMakesTheLimitsDoubtful: they are asked for again before the hour
// is over, and not at once.
func TestARefusalMakesTheLimitsDoubtful(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{}, func(t *testing.T, f *counting, a *Account) {
		f.failNext(opSessionStatus, 1, 429, "")
		for _, want := range []int{1, 1, 2, 2} {
			if err := askStatus(t.Context(), a); err != nil || f.calls(opRates) != want {
				t.Errorf("limits asked %d times, want %d, %v", f.calls(opRates), want, err)
			}
			time.Sleep(relearnRetry / 2)
			time.Sleep(time.Second)
		}
	})
}

// failingStore fails as a full disk does.
type failingStore struct{}

func (failingStore) Update(context.Context, string, func([]byte) ([]byte, error)) error {
	return errors.New("disk full")
}

func TestLimiterCountsAloneWhenItsStoreFails(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{Store: failingStore{}, MaxWait: time.Nanosecond}, func(t *testing.T, _ *counting, a *Account) {
		for range 3 {
			if err := askStatus(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		if err := askStatus(t.Context(), a); !errors.Is(err, ErrRateLimited) {
			t.Errorf("err = %v", err)
		}
	})
}

// TestBrokenRecordsCountAsLost: what somebody else wrote into the store does not
// stop anything.
func TestBrokenRecordsCountAsLost(t *testing.T) {
	store := new(MemoryLimitStore)
	withLimits(t, slowMisc, LimiterConfig{Store: store}, func(t *testing.T, _ *counting, a *Account) {
		if err := askStatus(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		for key := range store.records {
			store.records[key] = bytes.Repeat([]byte{0xff}, 100)
		}
		a.counted(a.current()).stale = time.Time{}
		if err := askStatus(t.Context(), a); err != nil {
			t.Error(err)
		}
	})
}

func TestWhereOperationsCount(t *testing.T) {
	old := RateLimits{GroupOnlineSession: {1, 2, 3}, "night": {}}
	tests := []struct {
		learnt RateLimits
		group  RateGroup
		want   string
	}{
		{nil, GroupOnlineSessionClose, "onlineSessionClose {20 60 240} true"},
		{old, GroupOnlineSessionClose, "onlineSession {1 2 3} true"},
		{old, GroupBatchSessionClose, "batchSessionClose {20 40 120} true"},
		{old, GroupInvoiceSend, "invoiceSend {10 30 180} true"},
		{old, GroupGlobal, "global {0 0 0} false"},
		{old, "new", "new {0 0 0} false"},
	}
	for _, tt := range tests {
		group, limit, known := tt.learnt.countedAs(tt.group)
		if got := fmt.Sprint(group, " ", limit, " ", known); got != tt.want {
			t.Errorf("%s counts as %s, want %s", tt.group, got, tt.want)
		}
	}
}

func TestOtherOperationsCountByThemselves(t *testing.T) {
	limits := `{"other":{"perSecond":2,"perMinute":2,"perHour":2}}`
	withLimits(t, limits, LimiterConfig{MaxWait: time.Nanosecond}, func(t *testing.T, f *counting, a *Account) {
		f.mux.HandleFunc("GET /v2/limits/context", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{}) })
		f.mux.HandleFunc("GET /v2/limits/subject", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{}) })
		for range 2 {
			_, err := a.Limits.Context(t.Context())
			if _, other := a.Limits.Subject(t.Context()); err != nil || other != nil {
				t.Fatal(err, other)
			}
		}
		if _, err := a.Limits.Context(t.Context()); !errors.Is(err, ErrRateLimited) {
			t.Errorf("err = %v", err)
		}
		if b, err := a.Budget(t.Context(), GroupOther); err != nil || b.Left != 0 {
			t.Errorf("budget %+v, %v", b, err)
		}
	})
}

func TestBudgetAndPlan(t *testing.T) {
	withLimits(t, slowMisc, LimiterConfig{Margin: time.Nanosecond}, func(t *testing.T, _ *counting, a *Account) {
		start := time.Now()
		for range 2 {
			_ = askStatus(t.Context(), a)
		}
		time.Sleep(10 * time.Second)
		_ = askStatus(t.Context(), a)
		got, err := a.Budget(t.Context(), GroupSessionMisc)
		if err != nil {
			t.Fatal(err)
		}
		at := func(d time.Duration) time.Time { return start.Add(d + time.Nanosecond).UTC() }
		want := Budget{Group: GroupSessionMisc, Left: 2, Next: start.Add(10 * time.Second).UTC(), Windows: []WindowBudget{
			{time.Second, 3, 1, 2, at(11 * time.Second)},
			{time.Minute, 7, 3, 4, at(time.Minute)},
			{time.Hour, 20, 3, 17, at(time.Hour)},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, tt := range []struct {
			n    int
			want time.Duration
		}{{0, 0}, {2, 0}, {3, time.Second + 1}, {5, 50*time.Second + 1}, {1000, 50 * time.Hour}} {
			plan, err := a.Plan(t.Context(), GroupSessionMisc, tt.n)
			if err != nil || plan.Truncate(time.Minute) != tt.want.Truncate(time.Minute) {
				t.Errorf("%d calls take %v, want %v, %v", tt.n, plan, tt.want, err)
			}
		}
		free, err := a.Budget(t.Context(), "unknown")
		if err != nil || free.Left != math.MaxInt {
			t.Errorf("budget %+v, %v", free, err)
		}
	})
}

func TestBudgetNeedsALimiter(t *testing.T) {
	fakeTest(t, func(t *testing.T, _ *fake, a *Account) {
		if _, err := a.Budget(t.Context(), GroupInvoiceSend); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("err = %v", err)
		}
		if _, err := a.Plan(t.Context(), GroupInvoiceSend, 1); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("err = %v", err)
		}
	})
}

// TestFilesShareLimits: two clients with stores of their own on one directory.
func TestFilesShareLimits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "limits")
	synctest.Test(t, func(t *testing.T) {
		f := newCounting(t, slowMisc)
		var accounts []*Account
		for range 2 {
			accounts = append(accounts, f.login(t.Context(), Config{Limiter: &LimiterConfig{Store: NewFileLimitStore(dir), MaxWait: time.Nanosecond}}))
		}
		for i := range 3 {
			if err := askStatus(t.Context(), accounts[i%2]); err != nil {
				t.Fatal(err)
			}
		}
		if err := askStatus(t.Context(), accounts[1]); !errors.Is(err, ErrRateLimited) || f.calls(opRates) != 1 {
			t.Errorf("err = %v, limits asked %d times", err, f.calls(opRates))
		}
	})
}
