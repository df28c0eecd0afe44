package ksef_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// direct serves requests without sockets, so that hours pass at once in the
// bubble of synctest, and counts the refusals for load.
type direct struct {
	handler http.Handler
	delay   time.Duration

	mu      sync.Mutex
	refused int
}

func (d *direct) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(d.delay)
	if req.Body == nil {
		req.Body = http.NoBody
	}
	req.RemoteAddr = "203.0.113.7:40000"
	rec := httptest.NewRecorder()
	d.handler.ServeHTTP(rec, req)
	resp := rec.Result()
	resp.Request = req
	if resp.StatusCode == http.StatusTooManyRequests {
		d.mu.Lock()
		d.refused++
		d.mu.Unlock()
	}
	return resp, nil
}

// strictSimulator enforces the limits of its level.
func strictSimulator(t *testing.T, level ksefsim.Level) (*ksefsim.Server, *direct) {
	t.Helper()
	keys := simKeys()
	sim, err := ksefsim.New(ksefsim.Config{Keys: keys, Level: level, EnforceRateLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	return sim, &direct{handler: sim, delay: 30 * time.Millisecond}
}

func strictLogin(t *testing.T, sim *ksefsim.Server, d *direct, cfg ksef.Config) *ksef.Account {
	t.Helper()
	cfg.Environment, cfg.HTTP = ksef.Custom("http://ksef.test"), &http.Client{Transport: d}
	client, err := ksef.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	account, err := client.Login(t.Context(), credential(t, sim, "token"))
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// TestNeverRefusedForLoad: two clients of one address and context ask far more
// than KSeF allows, and are never refused.
func TestNeverRefusedForLoad(t *testing.T) {
	for _, level := range []ksefsim.Level{ksefsim.Level26, ksefsim.Level28} {
		t.Run(string(level), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim, d := strictSimulator(t, level)
				store := new(ksef.MemoryLimitStore)
				cfg := ksef.Config{Limiter: &ksef.LimiterConfig{Store: store, MaxWait: 12 * time.Hour}}
				one, other := strictLogin(t, sim, d, cfg), strictLogin(t, sim, d, cfg)
				planned, err := one.Plan(t.Context(), ksef.GroupSessionList, 130)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				var wg sync.WaitGroup
				for _, a := range []*ksef.Account{one, other} {
					for range 5 {
						wg.Go(func() {
							for range 13 {
								for _, err := range a.Sessions.List(t.Context(), ksef.SessionFilter{Type: ksef.SessionOnline}) {
									if err != nil {
										t.Error(err)
									}
								}
							}
						})
					}
				}
				wg.Wait()
				if d.refused != 0 {
					t.Errorf("refused %d times", d.refused)
				}
				if took := time.Since(start); took < planned || took > planned+time.Minute {
					t.Errorf("130 calls took %v, planned were %v", took, planned)
				}
			})
		})
	}
}

// TestRefusedWithoutLimiter shows that the test above can fail.
func TestRefusedWithoutLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, d := strictSimulator(t, ksefsim.Level28)
		a := strictLogin(t, sim, d, ksef.Config{})
		var failed error
		for range 7 {
			for _, err := range a.Sessions.List(t.Context(), ksef.SessionFilter{Type: ksef.SessionOnline}) {
				failed = err
			}
		}
		if d.refused == 0 {
			t.Errorf("never refused, last error %v", failed)
		}
	})
}
