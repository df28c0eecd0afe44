package ksef

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	opChallenge = "POST /v2/auth/challenge"
	opRefresh   = "POST /v2/auth/token/refresh"
	opStatus    = "GET /v2/sessions/{ref}"
)

// login logs in to the fake with a token.
func (f *fake) login(ctx context.Context, cfg Config) *Account {
	f.t.Helper()
	account, err := f.client(cfg).Login(ctx, Token(NIPContext(testNIP), NewSecret(testToken)))
	if err != nil {
		f.t.Fatal(err)
	}
	return account
}

func ping(ctx context.Context, a *Account) error {
	_, err := a.Sessions.Status(ctx, testSession)
	return err
}

// fakeTest runs a test on the fake clock with an account logged in.
func fakeTest(t *testing.T, test func(t *testing.T, f *fake, a *Account)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		test(t, f, f.login(t.Context(), Config{}))
	})
}

func TestAccessTokenIsRenewedBeforeItsEnd(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		for range 60 {
			if err := ping(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		if n := f.calls(opRefresh); n != 4 { // one per 14 minutes in an hour
			t.Errorf("%d refreshes in an hour, want 4", n)
		}
		if n := f.calls(opChallenge); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}

func TestRenewalHappensOnceForManyCallers(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.on(opRefresh, func(http.ResponseWriter, *http.Request) bool { time.Sleep(time.Second); return false })
		time.Sleep(20 * time.Minute)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := ping(t.Context(), a); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := f.calls(opRefresh); n != 1 {
			t.Errorf("%d refreshes, want 1", n)
		}
	})
}

func TestRenewalSurvivesTheCallerWhoLeaves(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.on(opRefresh, func(_ http.ResponseWriter, r *http.Request) bool {
			select {
			case <-time.After(2 * time.Second):
				return false
			case <-r.Context().Done():
				panic(lostAnswer{})
			}
		})
		time.Sleep(20 * time.Minute)
		leader, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := ping(leader, a); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the caller who leaves got %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if err := ping(t.Context(), a); err != nil {
				t.Errorf("the caller who stays got %v", err)
			}
		})
		wg.Wait()
	})
}

func TestDeadRefreshTokenLeadsToALogin(t *testing.T) {
	tests := []struct {
		name string
		kill func(f *fake)
	}{
		{"refused", func(f *fake) { f.killRefresh() }},
		{"session revoked", func(f *fake) { f.failNext(opRefresh, 1, 400, problem(21301)) }},
		{"operation forgotten", func(f *fake) { f.failNext(opRefresh, 1, 400, problem(21304)) }},
		{"gone", func(f *fake) { f.failNext(opRefresh, 1, 410, `{"title":"Gone","status":410}`) }},
		{"ended by time", func(*fake) { time.Sleep(8 * 24 * time.Hour) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fakeTest(t, func(t *testing.T, f *fake, a *Account) {
				time.Sleep(20 * time.Minute)
				tt.kill(f)
				before := a.Evidence()
				if err := ping(t.Context(), a); err != nil {
					t.Fatal(err)
				}
				if n := f.calls(opChallenge); n != 2 {
					t.Errorf("%d logins, want 2", n)
				}
				if a.Evidence().At.Equal(before.At) {
					t.Error("the evidence is still of the first login")
				}
			})
		})
	}
}

func TestRefusedTokenIsRenewedAndTheCallRepeated(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.killAccess()
		if err := ping(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if f.calls(opRefresh) != 1 || f.calls(opChallenge) != 1 || f.calls(opStatus) != 2 {
			t.Errorf("refreshes %d, logins %d, calls %d", f.calls(opRefresh), f.calls(opChallenge), f.calls(opStatus))
		}
	})
}

func TestRefusedRefreshedTokenLeadsToALogin(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.killAccess()
		f.on(opRefresh, func(w http.ResponseWriter, _ *http.Request) bool {
			reply(w, 200, map[string]any{"accessToken": map[string]any{"token": "useless", "validUntil": f.now().Add(time.Hour)}})
			return true
		})
		if err := ping(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if f.calls(opRefresh) != 1 || f.calls(opChallenge) != 2 || f.calls(opStatus) != 3 {
			t.Errorf("refreshes %d, logins %d, calls %d", f.calls(opRefresh), f.calls(opChallenge), f.calls(opStatus))
		}
	})
}

func TestCallRefusedForEverEnds(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.failNext(opStatus, 1000, 401, unauthorized)
		if err := ping(t.Context(), a); !errors.Is(err, ErrUnauthorized) {
			t.Fatalf("err = %v", err)
		}
		if n := f.calls(opStatus); n != 3 {
			t.Errorf("%d calls, want 3", n)
		}
	})
}

func TestRenewalThatFailsEarlyLeavesTheOldToken(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		time.Sleep(14*time.Minute + 10*time.Second)
		f.failNext(opRefresh, 1000, 400, problem(21405))
		for range 5 {
			if err := ping(t.Context(), a); err != nil {
				t.Fatalf("the old token still serves, and yet: %v", err)
			}
		}
		if n := f.calls(opRefresh); n != 1 {
			t.Errorf("%d attempts to refresh within the pause, want 1", n)
		}
		time.Sleep(time.Minute)
		if err := ping(t.Context(), a); err == nil {
			t.Error("an ended token was used")
		}
	})
}

const blockedBody = `{"title":"Request blocked","status":403,"detail":"","security":{"incidentId":"I-1","clientIp":"203.0.113.1"}}`

func TestBlockStopsRenewals(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		time.Sleep(20 * time.Minute)
		f.failNext(opRefresh, 1, 403, blockedBody)
		for range 10 {
			if err := ping(t.Context(), a); !errors.Is(err, ErrBlocked) {
				t.Fatalf("err = %v", err)
			}
		}
		if f.calls(opRefresh) != 1 || f.calls(opChallenge) != 1 {
			t.Errorf("insisted after a block: %d refreshes, %d logins", f.calls(opRefresh), f.calls(opChallenge))
		}
		time.Sleep(blockedHold)
		if err := ping(t.Context(), a); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestRefusedCredentialIsNotTriedAtEveryCall(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		time.Sleep(20 * time.Minute)
		f.killRefresh()
		f.authCodes = []int{460}
		for range 10 {
			if err := ping(t.Context(), a); !errors.Is(err, ErrUnauthorized) {
				t.Fatalf("err = %v", err)
			}
		}
		if n := f.calls(opChallenge); n != 2 {
			t.Errorf("%d logins for ten calls, want 2", n)
		}
		f.authCodes = []int{200}
		time.Sleep(verdictHold)
		if err := ping(t.Context(), a); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestClockSkew(t *testing.T) {
	for _, skew := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.skew = skew
				a := f.login(t.Context(), Config{})
				for range 15 {
					if err := ping(t.Context(), a); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Minute)
				}
				if n := f.calls(opRefresh); n != 1 {
					t.Errorf("%d refreshes in 15 minutes, want 1", n)
				}
			})
		})
	}
}

func TestTokenWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on("POST /v2/auth/token/redeem", func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, `{"accessToken":{"token":"access-x"},"refreshToken":{"token":"refresh-x"}}`)
			return true
		})
		f.valid["access-x"], f.refreshes["refresh-x"] = true, true
		a := f.login(t.Context(), Config{})
		if err := ping(t.Context(), a); err != nil || f.calls(opRefresh) != 0 {
			t.Fatalf("err = %v, %d refreshes", err, f.calls(opRefresh))
		}
		time.Sleep(tokenLife)
		if err := ping(t.Context(), a); err != nil || f.calls(opRefresh) != 1 {
			t.Fatalf("err = %v, %d refreshes", err, f.calls(opRefresh))
		}
	})
}

func TestLogout(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		if err := a.Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(f.refreshes) != 0 {
			t.Error("the login was not ended at the server")
		}
		if err := ping(t.Context(), a); !errors.Is(err, ErrLoggedOut) {
			t.Errorf("err = %v", err)
		}
		if n := f.calls(opChallenge); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}

func TestLogoutDuringARenewal(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		time.Sleep(20 * time.Minute)
		f.on(opRefresh, func(http.ResponseWriter, *http.Request) bool { time.Sleep(time.Second); return false })
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := ping(t.Context(), a); !errors.Is(err, ErrLoggedOut) {
				t.Errorf("err = %v", err)
			}
		})
		synctest.Wait()
		if err := a.Logout(t.Context()); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}

// TestConcurrentCallsWhileTokensDie is for the race detector: many goroutines
// call while access tokens are killed again and again.
func TestConcurrentCallsWhileTokensDie(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		var wg sync.WaitGroup
		stop := make(chan struct{})
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Minute):
					f.killAccess()
				}
			}
		})
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() {
				for range 100 {
					if err := ping(t.Context(), a); err != nil {
						t.Error(err)
					}
					_ = a.Evidence()
					time.Sleep(30 * time.Second)
				}
			})
		}
		callers.Wait()
		close(stop)
		wg.Wait()
		if n := f.calls(opChallenge); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}
