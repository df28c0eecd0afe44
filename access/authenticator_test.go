package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/access/accesstest"
)

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	accesstest.TestStore(t, func(*testing.T) access.Store { return access.NewMemoryStore() })
}

// clock stands still until it is moved.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, time.February, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func authenticator(t testing.TB, store access.Store, cfg access.Config) *access.Authenticator {
	t.Helper()
	a, err := access.NewAuthenticator(store, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func issue(t testing.TB, a *access.Authenticator, g access.Grant) (string, access.KeyRecord) {
	t.Helper()
	secret, rec, err := a.Issue(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return secret.Reveal(), rec
}

var shop = access.Grant{Label: "shop", Scopes: access.Scopes{access.ScopeInvoicesWrite}}

// denied checks that the key is refused for the reason and that the caller
// cannot tell which it was.
func denied(t *testing.T, a *access.Authenticator, text string, want access.Reason) {
	t.Helper()
	p, err := a.Authenticate(t.Context(), text)
	refusal, ok := errors.AsType[*access.Denied](err)
	if !ok || refusal.Reason != want {
		t.Errorf("Authenticate: %v, want refusal %q", err, want)
		return
	}
	if !errors.Is(err, access.ErrUnauthenticated) || err.Error() != access.ErrUnauthenticated.Error() {
		t.Errorf("refusal %q tells itself apart: %v", want, err)
	}
	if p.KeyID != "" || len(p.Scopes) > 0 {
		t.Errorf("refusal %q comes with principal %v", want, p)
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := authenticator(t, access.NewMemoryStore(), access.Config{Now: c.Now, Pepper: pepper})
	text, rec := issue(t, a, shop)

	got, err := a.Authenticate(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	want := access.Principal{KeyID: rec.ID, Label: "shop", Scopes: access.Scopes{access.ScopeInvoicesWrite}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Authenticate (-want +got):\n%s", diff)
	}
	if !got.Has(access.ScopeInvoicesWrite) || got.Has(access.ScopeInvoicesRead) || (access.Principal{}).Has(access.ScopeInvoicesWrite) {
		t.Error("Has is wrong")
	}
	got.Scopes[0] = access.ScopeAuditRead
	if again, err := a.Authenticate(t.Context(), text); err != nil || again.Has(access.ScopeAuditRead) {
		t.Errorf("a caller changed its own scopes: %v, %v", again, err)
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	c := newClock()
	store := access.NewMemoryStore()
	a := authenticator(t, store, access.Config{Now: c.Now, Pepper: pepper})
	text, rec := issue(t, a, shop)
	stranger, _ := issue(t, authenticator(t, access.NewMemoryStore(), access.Config{Now: c.Now, Pepper: pepper}), shop)

	denied(t, a, "", access.ReasonMalformed)
	denied(t, a, "Bearer "+text, access.ReasonMalformed)
	denied(t, a, text[:len(text)-1]+"!", access.ReasonMistyped)
	denied(t, a, stranger, access.ReasonUnknown)
	denied(t, authenticator(t, store, access.Config{Now: c.Now}), text, access.ReasonSecret) // without the pepper
	denied(t, authenticator(t, store, access.Config{Now: c.Now, Pepper: pepper, Environment: access.Test}), text, access.ReasonEnvironment)

	denied(t, a, forge(t, store, rec), access.ReasonSecret)
}

// TestDisguise: the environment in the text is part of what is checked, though
// anybody can compute the checksum.
func TestDisguise(t *testing.T) {
	t.Parallel()
	a := authenticator(t, access.NewMemoryStore(), access.Config{Random: &counting{}})
	text, _ := issue(t, a, shop)
	disguised, _, err := access.Generate(&counting{}, access.Test, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text[:8] == disguised.Reveal()[:8] || text[8:60] != disguised.Reveal()[8:60] {
		t.Fatal("the two keys do not differ by environment only")
	}
	denied(t, a, disguised.Reveal(), access.ReasonEnvironment)
}

// forge returns a key whose identifier is in the store with the hash of rec's
// secret: a stolen identifier with a guessed secret.
func forge(t testing.TB, store access.Store, rec access.KeyRecord) string {
	t.Helper()
	secret, other, err := access.Generate(&counting{next: 50}, access.Live, pepper)
	if err != nil {
		t.Fatal(err)
	}
	moved := rec
	moved.ID = other.ID
	if err := store.AddKey(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	return secret.Reveal()
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := authenticator(t, access.NewMemoryStore(), access.Config{Now: c.Now})
	text, rec := issue(t, a, shop)
	if want := c.now.Add(90 * 24 * time.Hour); !rec.ExpiresAt.Equal(want) {
		t.Errorf("a key without a lifetime ends %s, want %s", rec.ExpiresAt, want)
	}
	c.now = rec.ExpiresAt.Add(-1)
	if _, err := a.Authenticate(t.Context(), text); err != nil {
		t.Errorf("in the last nanosecond: %v", err)
	}
	c.now = rec.ExpiresAt
	denied(t, a, text, access.ReasonExpired)
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	c := newClock()
	a := authenticator(t, access.NewMemoryStore(), access.Config{Now: c.Now})
	text, rec := issue(t, a, shop)
	next, _ := issue(t, a, shop)
	if err := a.Revoke(t.Context(), rec.ID, "leaked "+strings.Repeat("ż", 100)); err != nil {
		t.Fatal(err)
	}
	denied(t, a, text, access.ReasonRevoked)
	if _, err := a.Authenticate(t.Context(), next); err != nil {
		t.Errorf("the successor is refused: %v", err)
	}
	if err := a.Revoke(t.Context(), "nobody11", ""); !errors.Is(err, access.ErrKeyNotFound) {
		t.Errorf("Revoke of no key: %v", err)
	}
	for rec, err := range a.Keys(t.Context()) {
		if err != nil || len(rec.RevokedReason) > access.MaxLabel || strings.ContainsRune(rec.RevokedReason, '\uFFFD') {
			t.Errorf("listed reason %q, %v", rec.RevokedReason, err)
		}
	}
	c.now = rec.ExpiresAt.Add(1)
	denied(t, a, text, access.ReasonRevoked)
}

func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	store := access.NewMemoryStore()
	a := authenticator(t, store, access.Config{})
	read := access.Scopes{access.ScopeInvoicesRead}
	grants := map[string]access.Grant{
		"no scopes":          {Label: "x"},
		"unknown scope":      {Scopes: access.Scopes{"admin:*"}},
		"too long a life":    {Scopes: read, Lifetime: access.MaxLifetime + 1},
		"negative life":      {Scopes: read, Lifetime: -1},
		"too long a label":   {Scopes: read, Label: strings.Repeat("x", access.MaxLabel+1)},
		"line break":         {Scopes: read, Label: "a\nb"},
		"label of no script": {Scopes: read, Label: "\xff"},
	}
	for name, g := range grants {
		if secret, _, err := a.Issue(t.Context(), g); err == nil || secret.Reveal() != "" {
			t.Errorf("%s: Issue succeeds", name)
		}
	}
	for rec := range store.Keys(t.Context()) {
		t.Errorf("a refused grant left record %s", rec.ID)
	}
}

func TestNewAuthenticatorRefuses(t *testing.T) {
	t.Parallel()
	if _, err := access.NewAuthenticator(nil, access.Config{}); err == nil {
		t.Error("no store is accepted")
	}
	for _, cfg := range []access.Config{{Environment: "prod"}, {Pepper: []byte("short")}} {
		if _, err := access.NewAuthenticator(access.NewMemoryStore(), cfg); err == nil {
			t.Errorf("environment %q and a pepper of %d bytes are accepted", cfg.Environment, len(cfg.Pepper))
		}
	}
}

// TestTrouble: a store that cannot answer is not the caller's fault.
func TestTrouble(t *testing.T) {
	t.Parallel()
	a := authenticator(t, access.NewMemoryStore(), access.Config{})
	text, _ := issue(t, a, shop)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Authenticate(ctx, text); !errors.Is(err, context.Canceled) || errors.Is(err, access.ErrUnauthenticated) {
		t.Errorf("Authenticate: %v", err)
	}
	if _, _, err := a.Issue(ctx, shop); !errors.Is(err, context.Canceled) {
		t.Errorf("Issue: %v", err)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want access.Scopes
		err  error
	}{
		{"", nil, nil},
		{"invoices:read", access.Scopes{access.ScopeInvoicesRead}, nil},
		{" audit:read  invoices:write audit:read\n", access.Scopes{access.ScopeAuditRead, access.ScopeInvoicesWrite}, nil},
		{"invoices", nil, access.ErrUnknownScope},
		{"invoices:*", nil, access.ErrUnknownScope},
		{"Invoices:Read", nil, access.ErrUnknownScope},
		{strings.Repeat("invoices:read ", 100), nil, access.ErrUnknownScope},
	}
	for _, tt := range tests {
		got, err := access.ParseScopes(tt.in)
		if !errors.Is(err, tt.err) {
			t.Errorf("ParseScopes(%q): %v", tt.in, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("ParseScopes(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
	if back, err := access.ParseScopes(access.AllScopes().String()); err != nil || len(back) != 3 {
		t.Errorf("all scopes come back as %v, %v", back, err)
	}
}

func FuzzParseScopes(f *testing.F) {
	f.Add("invoices:read audit:read")
	f.Add("invoices:read\tinvoices:read")
	f.Add("admin:*")
	f.Fuzz(func(t *testing.T, s string) {
		set, err := access.ParseScopes(s)
		if err != nil {
			return
		}
		back, err := access.ParseScopes(set.String())
		if err != nil || !cmp.Equal(set, back) {
			t.Fatalf("ParseScopes(%q) = %v, which comes back as %v, %v", s, set, back, err)
		}
	})
}

// BenchmarkAuthenticate shows that a stranger's key costs what a wrong secret
// for a known identifier costs.
func BenchmarkAuthenticate(b *testing.B) {
	store := access.NewMemoryStore()
	a := authenticator(b, store, access.Config{Pepper: pepper})
	right, rec := issue(b, a, shop)
	stranger, _ := issue(b, authenticator(b, access.NewMemoryStore(), access.Config{Pepper: pepper}), shop)
	for _, bench := range []struct{ name, text string }{
		{"right", right}, {"wrong secret", forge(b, store, rec)}, {"unknown", stranger},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = a.Authenticate(b.Context(), bench.text)
			}
		})
	}
}
