package ksef

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func testSealer(t testing.TB, key byte) Sealer {
	t.Helper()
	s, err := KeySealer(bytes.Repeat([]byte{key}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sharing gives accounts of one credential that stand for processes.
func sharing(t *testing.T, n int, test func(t *testing.T, f *fake, store *MemoryTokenStore, accounts []*Account)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f, store := newFake(t), new(MemoryTokenStore)
		var accounts []*Account
		for range n {
			accounts = append(accounts, f.login(t.Context(), Config{SharedLogin: &SharedLoginConfig{store, testSealer(t, 1)}}))
		}
		test(t, f, store, accounts)
	})
}

func TestProcessesShareALogin(t *testing.T) {
	sharing(t, 3, func(t *testing.T, f *fake, _ *MemoryTokenStore, accounts []*Account) {
		if n := f.calls(opChallenge); n != 1 {
			t.Fatalf("%d logins, want 1", n)
		}
		if diff := cmp.Diff(accounts[0].Evidence(), accounts[2].Evidence()); diff != "" {
			t.Error(diff)
		}
		f.on(opRefresh, func(http.ResponseWriter, *http.Request) bool {
			time.Sleep(time.Second) // the others come meanwhile
			return false
		})
		for range 60 {
			var wg sync.WaitGroup
			for _, a := range accounts {
				wg.Go(func() {
					if err := ping(t.Context(), a); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			time.Sleep(time.Minute)
		}
		if n := f.calls(opRefresh); n != 4 { // as for one process alone
			t.Errorf("%d refreshes in an hour, want 4", n)
		}
		if n := f.calls(opChallenge); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}

func TestARestartNeedsNoLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		cfg := Config{SharedLogin: &SharedLoginConfig{NewFileTokenStore(t.TempDir()), testSealer(t, 1)}}
		f.login(t.Context(), cfg)
		time.Sleep(5 * time.Hour)
		a := f.login(t.Context(), cfg)
		if err := ping(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if f.calls(opChallenge) != 1 || f.calls(opRefresh) != 1 {
			t.Errorf("%d logins and %d refreshes, want 1 and 1", f.calls(opChallenge), f.calls(opRefresh))
		}
	})
}

func TestARefusedRefreshLogsInOnceForAll(t *testing.T) {
	sharing(t, 3, func(t *testing.T, f *fake, _ *MemoryTokenStore, accounts []*Account) {
		f.killAccess()
		f.killRefresh()
		var wg sync.WaitGroup
		for _, a := range accounts {
			wg.Go(func() {
				if err := ping(t.Context(), a); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := f.calls(opChallenge); n != 2 {
			t.Errorf("%d logins, want 2", n)
		}
		if n := f.calls(opRefresh); n != 1 {
			t.Errorf("%d refreshes, want 1", n)
		}
	})
}

// TestNobodyWaitsWhileHisTokenServes: another process that takes long over a
// renewal does not hold up those whose token is good for a while.
func TestNobodyWaitsWhileHisTokenServes(t *testing.T) {
	sharing(t, 1, func(t *testing.T, _ *fake, store *MemoryTokenStore, accounts []*Account) {
		a := accounts[0]
		unlock, err := store.Lock(t.Context(), a.client.sharedKey(a.credential))
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		time.Sleep(14*time.Minute + 10*time.Second)
		start := time.Now()
		if err := ping(t.Context(), a); err != nil || time.Since(start) > renewPace {
			t.Errorf("err = %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if err := ping(t.Context(), a); err != nil || time.Since(start) != 0 {
			t.Errorf("err = %v after %v", err, time.Since(start))
		}
	})
}

func TestLoginsThatAreNotTheSame(t *testing.T) {
	key, cert := seal(t, false)
	id, other := NIPContext(testNIP), NIPContext("5260001246")
	policy := IPPolicy{Addresses: []string{"203.0.113.7"}}
	seen := map[string]int{}
	for i, c := range []Credential{
		XAdES(id, key, cert), XAdES(other, key, cert), Token(id, NewSecret("a")), Token(id, NewSecret("b")), Token(other, NewSecret("a")),
		XAdESCredential{Context: id, Signer: key, Certificate: cert, Policy: policy},
		XAdESCredential{Context: id, Signer: key, Certificate: cert, Subject: ByFingerprint},
		ExternalCredential{Context: id, Name: "card"},
		ExternalCredential{Context: id, Name: "seal"},
	} {
		for _, env := range []Environment{Test(), Demo()} {
			key := c.identity().key(env)
			if before, twice := seen[key]; twice || key == "" || strings.Contains(key, string(testNIP)) {
				t.Errorf("credential %d has the key of %d: %q", i, before, key)
			}
			seen[key] = i
		}
	}
	if key := (ExternalCredential{Context: id}).identity().key(Test()); key != "" {
		t.Error("a signer without a name cannot be told from another")
	}
}

// stored gives the only login in a store.
func stored(t *testing.T, store *MemoryTokenStore) (key string, sealed []byte) {
	t.Helper()
	if len(store.sealed) != 1 {
		t.Fatalf("%d logins stored", len(store.sealed))
	}
	for key, sealed = range store.sealed {
	}
	return key, sealed
}

func TestStoredLoginIsSealed(t *testing.T) {
	sharing(t, 1, func(t *testing.T, f *fake, store *MemoryTokenStore, accounts []*Account) {
		key, sealed := stored(t, store)
		token := accounts[0].current().access.Value.Reveal()
		if bytes.Contains(sealed, []byte(token)) || bytes.Contains(sealed, []byte(testNIP)) {
			t.Error("the stored login is readable")
		}
		plain, err := testSealer(t, 1).Open(t.Context(), sealed)
		if err != nil || !bytes.Contains(plain, []byte(token)) {
			t.Errorf("the stored login does not open: %v", err)
		}
		if g := decodeGrant(plain, key); g == nil || !g.access.Value.same(accounts[0].current().access.Value) {
			t.Error("the login is not read back")
		}
		if decodeGrant(plain, "login-of-somebody-else") != nil {
			t.Error("a login serves under another's key")
		}
	})
}

// TestTroubleWithTheStoreCostsALogin and nothing else.
func TestTroubleWithTheStoreCostsALogin(t *testing.T) {
	tests := map[string]func(t *testing.T, store *MemoryTokenStore) *SharedLoginConfig{
		"another key": func(t *testing.T, s *MemoryTokenStore) *SharedLoginConfig {
			return &SharedLoginConfig{s, testSealer(t, 2)}
		},
		"changed": func(t *testing.T, s *MemoryTokenStore) *SharedLoginConfig {
			key, sealed := stored(t, s)
			sealed[len(sealed)-1] ^= 1
			_ = s.Save(t.Context(), key, sealed)
			return &SharedLoginConfig{s, testSealer(t, 1)}
		},
		"of a later version": func(t *testing.T, s *MemoryTokenStore) *SharedLoginConfig {
			key, _ := stored(t, s)
			sealed, _ := testSealer(t, 1).Seal(t.Context(), []byte(`{"v":2,"key":"`+key+`","access":"a","refresh":"b"}`))
			_ = s.Save(t.Context(), key, sealed)
			return &SharedLoginConfig{s, testSealer(t, 1)}
		},
		"out of order": func(t *testing.T, _ *MemoryTokenStore) *SharedLoginConfig {
			return &SharedLoginConfig{failingTokens{}, testSealer(t, 1)}
		},
	}
	for name, trouble := range tests {
		t.Run(name, func(t *testing.T) {
			sharing(t, 1, func(t *testing.T, f *fake, store *MemoryTokenStore, _ []*Account) {
				a := f.login(t.Context(), Config{SharedLogin: trouble(t, store)})
				if err := ping(t.Context(), a); err != nil || f.calls(opChallenge) != 2 {
					t.Errorf("err = %v after %d logins", err, f.calls(opChallenge))
				}
			})
		})
	}
}

type failingTokens struct{}

var errDisk = errors.New("disk full")

func (failingTokens) Load(context.Context, string) ([]byte, error) { return nil, errDisk }
func (failingTokens) Save(context.Context, string, []byte) error   { return errDisk }
func (failingTokens) Lock(context.Context, string) (func(), error) { return nil, errDisk }

func TestWaitingForALoginEndsWithTheContext(t *testing.T) {
	sharing(t, 1, func(t *testing.T, f *fake, store *MemoryTokenStore, accounts []*Account) {
		key, _ := stored(t, store)
		unlock, err := store.Lock(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		f.killAccess()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := ping(ctx, accounts[0]); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestLogoutOfASharedLogin(t *testing.T) {
	sharing(t, 2, func(t *testing.T, f *fake, store *MemoryTokenStore, accounts []*Account) {
		if err := accounts[0].Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(store.sealed) != 0 {
			t.Error("the login is still stored")
		}
		time.Sleep(20 * time.Minute)
		if err := ping(t.Context(), accounts[1]); err != nil || f.calls(opChallenge) != 2 {
			t.Errorf("err = %v after %d logins", err, f.calls(opChallenge))
		}
		if err := ping(t.Context(), accounts[0]); !errors.Is(err, ErrLoggedOut) {
			t.Errorf("err = %v", err)
		}
		key, _ := stored(t, store)
		if err := accounts[0].Logout(t.Context()); err != nil || store.sealed[key] == nil {
			t.Error("logging out again ended a login of others")
		}
	})
}

func TestEvidenceIsGivenBeforeTheLoginIsUsed(t *testing.T) {
	f := newFake(t)
	var kept []Evidence
	cfg := Config{OnLogin: func(_ context.Context, e Evidence) error {
		if f.calls("POST /v2/auth/token/redeem") != 0 {
			t.Error("the login was used first")
		}
		kept = append(kept, e)
		return nil
	}}
	key, cert := seal(t, false)
	a, err := f.client(cfg).Login(t.Context(), XAdES(NIPContext(testNIP), key, cert))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Evidence{a.Evidence()}, kept); diff != "" || !bytes.Equal(kept[0].Document, f.authDoc) {
		t.Error(diff)
	}
}

func TestEvidenceThatCannotBeKeptEndsTheLogin(t *testing.T) {
	f := newFake(t)
	cfg := Config{OnLogin: func(context.Context, Evidence) error { return errDisk }}
	_, err := f.client(cfg).Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
	if !errors.Is(err, errDisk) || f.calls("POST /v2/auth/token/redeem") != 0 || f.calls(opChallenge) != 1 {
		t.Errorf("err = %v", err)
	}
}

func TestSealer(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := KeySealer(make([]byte, n)); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("a key of %d bytes: %v", n, err)
		}
	}
	s := testSealer(t, 1)
	one, err := s.Seal(t.Context(), []byte("text"))
	other, _ := s.Seal(t.Context(), []byte("text"))
	if err != nil || bytes.Equal(one, other) {
		t.Errorf("the same text is sealed the same way: %v", err)
	}
	for i := range one {
		broken := bytes.Clone(one)
		broken[i] ^= 1
		if _, err := s.Open(t.Context(), broken); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	if _, err := s.Open(t.Context(), nil); !errors.Is(err, ErrSealed) {
		t.Errorf("nothing opens: %v", err)
	}
}

func TestSharedLoginNeedsBoth(t *testing.T) {
	for _, cfg := range []SharedLoginConfig{{}, {Store: new(MemoryTokenStore)}, {Sealer: testSealer(t, 1)}} {
		if _, err := New(Config{Environment: Test(), SharedLogin: &cfg}); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("err = %v", err)
		}
	}
}

func FuzzDecodeGrant(f *testing.F) {
	g := grant{access: TokenInfo{Value: NewSecret("a")}, refresh: TokenInfo{Value: NewSecret("b")}, evidence: Evidence{Document: []byte("<x/>")}}
	f.Add(g.encode("k"))
	f.Add([]byte(`{"v":1,"key":"k","access":1}`))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		g := decodeGrant(b, "k")
		if g == nil {
			return
		}
		again := decodeGrant(g.encode("k"), "k")
		if again == nil || !again.access.Value.same(g.access.Value) || !again.issued.Equal(g.issued) || !bytes.Equal(again.evidence.Document, g.evidence.Document) {
			t.Fatalf("a login changes when it is stored: %s", b)
		}
	})
}

// TestStoredFormIsStable: a program of tomorrow reads the logins of today.
func TestStoredFormIsStable(t *testing.T) {
	const text = `{"v":1,"key":"k","access":"a","accessUntil":"2026-01-02T03:04:05Z","refresh":"r","refreshUntil":"2026-01-09T03:04:05Z",` +
		`"evidence":{"Reference":"ref","At":"2026-01-02T02:49:05Z","Document":"PHgvPg==","TokenReference":""},` +
		`"issued":"2026-01-02T02:49:06Z","skew":1000000,"clientIp":"203.0.113.7","refreshed":true}`
	g := decodeGrant([]byte(text), "k")
	if g == nil || g.clientIP != "203.0.113.7" || !g.refreshed || string(g.evidence.Document) != "<x/>" {
		t.Fatalf("grant %+v", g)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal([]byte(text), &want), json.Unmarshal(g.encode("k"), &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTokensOfSeveralProcesses: processes that start at the same moment make
// one login of it. The server is in the parent.
func TestTokensOfSeveralProcesses(t *testing.T) {
	if _, arg, ok := child(); ok {
		loginAndAsk(t, arg)
		return
	}
	f := newFake(t)
	server := httptest.NewServer(f.mux)
	defer server.Close()
	spawn(t, 4, t.TempDir()+","+server.URL)
	if n := f.calls(opChallenge); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
	if n := f.calls(opSessionStatus); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
}

func loginAndAsk(t *testing.T, arg string) {
	dir, base, _ := strings.Cut(arg, ",")
	client, err := New(Config{Environment: Custom(base), SharedLogin: &SharedLoginConfig{NewFileTokenStore(dir), testSealer(t, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
	if err != nil {
		t.Fatal(err)
	}
	if err := askStatus(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}
