package ksef

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

const (
	testNIP     = pl.NIP("5265877635")
	testSession = "20261122-SO-2F67776000-97273B191A-65"
	testInvoice = "20261122-EE-2F67776000-97273B191A-65"
)

// inMemory serves requests by calling a handler, without sockets, so that
// tests of waiting run on the fake clock of synctest.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		if lost, ok := recover().(lostAnswer); ok {
			resp, err = nil, lost
		}
	}()
	if req.Body == nil {
		req.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	m.handler.ServeHTTP(rec, req)
	resp = rec.Result()
	resp.Request = req
	return resp, nil
}

// lostAnswer is panicked by handlers to lose the answer after the effect.
type lostAnswer struct{}

func (lostAnswer) Error() string { return "connection lost on purpose" }

// fake is a small KSeF, written for these tests only: it knows the login, one
// session and the failures that tests ask for.
type fake struct {
	t    testing.TB
	mux  *http.ServeMux
	keys []*serverKey

	mu         sync.Mutex
	counts     map[string]int
	intercept  map[string]func(w http.ResponseWriter, r *http.Request) bool // true: answered
	authCodes  []int                                                        // statuses of the login, the last repeats
	lifetime   time.Duration
	skew       time.Duration
	serial     int
	valid      map[string]bool // access tokens
	refreshes  map[string]bool // refresh tokens
	authDoc    []byte
	tokenPlain string
	key, iv    []byte
	invoices   [][]byte
	closed     bool
}

type serverKey struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
	use  []KeyUsage
}

// rsaKey makes one key for all tests: making one takes long.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var rsaKey2 = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newServerKey(t testing.TB, key *rsa.PrivateKey, serial int64, from, to time.Time, use ...KeyUsage) *serverKey {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: "Ministry of tests"},
		NotBefore:    from,
		NotAfter:     to,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &serverKey{key, cert, use}
}

func newFake(t testing.TB) *fake {
	t.Helper()
	now := time.Now()
	f := &fake{
		t:         t,
		mux:       http.NewServeMux(),
		counts:    map[string]int{},
		intercept: map[string]func(http.ResponseWriter, *http.Request) bool{},
		authCodes: []int{200},
		lifetime:  15 * time.Minute,
		valid:     map[string]bool{},
		refreshes: map[string]bool{},
		keys: []*serverKey{
			newServerKey(t, rsaKey(), 1, now.Add(-time.Hour), now.Add(720*time.Hour), KeyForToken, KeyForSession),
		},
	}
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v2/auth/challenge":                        f.challenge,
		"POST /v2/auth/xades-signature":                  f.xades,
		"POST /v2/auth/ksef-token":                       f.ksefToken,
		"GET /v2/auth/{ref}":                             f.authStatus,
		"POST /v2/auth/token/redeem":                     f.redeem,
		"POST /v2/auth/token/refresh":                    f.refresh,
		"DELETE /v2/auth/sessions/current":               f.endLogin,
		"GET /v2/security/public-key-certificates":       f.publicKeys,
		"POST /v2/sessions/online":                       f.open,
		"POST /v2/sessions/online/{ref}/invoices":        f.send,
		"POST /v2/sessions/online/{ref}/close":           f.close,
		"GET /v2/sessions/{ref}":                         f.sessionStatus,
		"GET /v2/sessions/{ref}/invoices/{invoice}":      f.invoiceStatus,
		"GET /v2/sessions/{ref}/invoices/{invoice}/upo":  f.upo,
		"GET /v2/sessions/{ref}/invoices/ksef/{num}/upo": f.upo,
	} {
		f.mux.HandleFunc(pattern, f.count(pattern, handler))
	}
	return f
}

func (f *fake) count(pattern string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.counts[pattern]++
		hook := f.intercept[pattern]
		f.mu.Unlock()
		if hook != nil && hook(w, r) {
			return
		}
		next(w, r)
	}
}

func (f *fake) calls(pattern string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts[pattern]
}

// on answers calls of one pattern by hook, which returns false to let the fake
// answer itself.
func (f *fake) on(pattern string, hook func(w http.ResponseWriter, r *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intercept[pattern] = hook
}

// failNext answers the next n calls of a pattern with a status and a body.
func (f *fake) failNext(pattern string, n, status int, body string) {
	var done int
	f.on(pattern, func(w http.ResponseWriter, _ *http.Request) bool {
		if done++; done > n {
			return false
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	})
}

func (f *fake) client(cfg Config) *Client {
	f.t.Helper()
	cfg.Environment = Custom("http://ksef.test")
	cfg.HTTP = &http.Client{Transport: inMemory{f.mux}}
	c, err := New(cfg)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f *fake) now() time.Time { return time.Now().Add(f.skew) }

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func problem(code int) string {
	return fmt.Sprintf(`{"title":"Bad Request","status":400,"detail":"x","errors":[{"code":%d,"description":"opis"}],"traceId":"673843e023c432286660bc0501a3af44"}`, code)
}

func (f *fake) challenge(w http.ResponseWriter, _ *http.Request) {
	now := f.now().UTC()
	reply(w, 200, map[string]any{
		"challenge": "20261122-CR-1E88E55000-4D3C803C92-B2", "timestamp": now.Format("2006-01-02T15:04:05.0000000-07:00"),
		"timestampMs": now.UnixMilli(), "clientIp": "203.0.113.7",
	})
}

func (f *fake) started(w http.ResponseWriter) {
	reply(w, 202, map[string]any{
		"referenceNumber":     "20261122-AU-36E34A8000-CA851C36EA-44",
		"authenticationToken": map[string]any{"token": "auth-token", "validUntil": f.now().Add(45 * time.Minute)},
	})
}

func (f *fake) xades(w http.ResponseWriter, r *http.Request) {
	doc, _ := io.ReadAll(r.Body)
	if _, err := xades.Verify(doc, xades.VerifyOptions{}); err != nil {
		f.t.Errorf("signature of the login document: %v", err)
		w.WriteHeader(400)
		_, _ = io.WriteString(w, problem(9105))
		return
	}
	f.mu.Lock()
	f.authDoc = doc
	f.mu.Unlock()
	f.started(w)
}

func (f *fake) ksefToken(w http.ResponseWriter, r *http.Request) {
	var body struct {
		EncryptedToken []byte `json:"encryptedToken"`
		PublicKeyID    string `json:"publicKeyId"`
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	key := f.keyByID(body.PublicKeyID)
	if key == nil {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, problem(21470))
		return
	}
	plain, err := rsa.DecryptOAEP(sha256.New(), nil, key.key, body.EncryptedToken, nil)
	if err != nil {
		f.t.Errorf("encrypted token: %v", err)
	}
	f.mu.Lock()
	f.tokenPlain = string(plain)
	f.mu.Unlock()
	f.started(w)
}

func (f *fake) keyByID(id string) *serverKey {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.keys {
		if hashBase64(k.cert.RawSubjectPublicKeyInfo) == id {
			return k
		}
	}
	return nil
}

func (f *fake) authStatus(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	code := f.authCodes[0]
	if len(f.authCodes) > 1 {
		f.authCodes = f.authCodes[1:]
	}
	f.mu.Unlock()
	reply(w, 200, map[string]any{"startDate": f.now(), "status": map[string]any{"code": code, "description": "opis", "details": []string{"NIP 5265877635"}}})
}

func (f *fake) issue(kind string) map[string]any {
	f.serial++
	token := fmt.Sprintf("%s-%d", kind, f.serial)
	life := f.lifetime
	if kind == "refresh" {
		f.refreshes[token] = true
		life = 7 * 24 * time.Hour
	} else {
		f.valid[token] = true
	}
	return map[string]any{"token": token, "validUntil": f.now().Add(life)}
}

func (f *fake) redeem(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reply(w, 200, map[string]any{"accessToken": f.issue("access"), "refreshToken": f.issue("refresh")})
}

func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

const unauthorized = `{"title":"Unauthorized","status":401,"detail":"Wymagane jest uwierzytelnienie.","traceId":"673843e023c432286660bc0501a3af44"}`

func (f *fake) refresh(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.refreshes[bearer(r)] {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, unauthorized)
		return
	}
	reply(w, 200, map[string]any{"accessToken": f.issue("access")})
}

func (f *fake) endLogin(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.refreshes, bearer(r))
	w.WriteHeader(204)
}

// killAccess makes every access token issued so far be refused.
func (f *fake) killAccess() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.valid = map[string]bool{}
}

func (f *fake) killRefresh() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refreshes = map[string]bool{}
}

func (f *fake) allowed(w http.ResponseWriter, r *http.Request) bool {
	f.mu.Lock()
	ok := f.valid[bearer(r)]
	f.mu.Unlock()
	if !ok {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, unauthorized)
	}
	return ok
}

func (f *fake) publicKeys(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []map[string]any
	for _, k := range f.keys {
		list = append(list, map[string]any{
			"certificate": k.cert.Raw, "certificateId": hashBase64(k.cert.Raw),
			"publicKeyId": hashBase64(k.cert.RawSubjectPublicKeyInfo),
			"validFrom":   k.cert.NotBefore, "validTo": k.cert.NotAfter, "usage": k.use,
			"addedLater": map[string]int{"ignored": 1},
		})
	}
	reply(w, 200, list)
}

// seal makes a self-signed company seal with an RSA or P-256 key.
func seal(t testing.TB, rsaKind bool) (crypto.Signer, *x509.Certificate) {
	t.Helper()
	var key crypto.Signer = rsaKey2()
	if !rsaKind {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key = k
	}
	cert, err := xades.SelfSigned(xades.Subject{NIP: testNIP, Organization: "Test"}, key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}
