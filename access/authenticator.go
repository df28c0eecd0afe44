package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what Issue accepts.
const (
	DefaultLifetime = 90 * 24 * time.Hour  // of a key whose Grant names none
	MaxLifetime     = 365 * 24 * time.Hour // of any key
	MaxLabel        = 100                  // bytes of a label or reason
	MinPepper       = 16                   // bytes of a pepper, when there is one
)

// ErrUnauthenticated is the one answer to everybody without a valid key.
var ErrUnauthenticated = errors.New("access: not authenticated")

// Reason is why a key was refused. It is for the audit log, not for the caller.
type Reason string

// The reasons.
const (
	ReasonMalformed   Reason = "malformed"   // not the text of a key
	ReasonMistyped    Reason = "mistyped"    // checksum wrong
	ReasonEnvironment Reason = "environment" // a test key shown to a live service, or the reverse
	ReasonUnknown     Reason = "unknown"     // no such identifier
	ReasonSecret      Reason = "secret"      // identifier known, secret wrong
	ReasonRevoked     Reason = "revoked"     // the right key, revoked
	ReasonExpired     Reason = "expired"     // the right key, too late
)

// Denied is the error of a refused key. Its text does not tell the reason; it
// matches ErrUnauthenticated.
type Denied struct {
	KeyID  string // as presented; "" when the text is not a key
	Reason Reason
}

// Error is the text of ErrUnauthenticated.
func (d *Denied) Error() string { return ErrUnauthenticated.Error() }

// Unwrap returns ErrUnauthenticated.
func (d *Denied) Unwrap() error { return ErrUnauthenticated }

// Config is what an Authenticator may be told. The zero value works.
type Config struct {
	Environment Environment      // of the keys issued and accepted; "" means Live
	Pepper      []byte           // key of the HMAC, kept outside the Store; none or at least MinPepper bytes
	Now         func() time.Time // nil means time.Now
	Random      io.Reader        // nil means crypto/rand
}

// Grant is what Issue gives out.
type Grant struct {
	Label    string        // what the key is for: UTF-8 without control characters, at most MaxLabel bytes
	Scopes   Scopes        // at least one
	Lifetime time.Duration // 0 means DefaultLifetime; at most MaxLifetime
}

// Authenticator issues, verifies and revokes keys.
type Authenticator struct {
	store  Store
	env    Environment
	pepper []byte
	now    func() time.Time
	random io.Reader
}

// NewAuthenticator checks the configuration. It does no I/O.
func NewAuthenticator(store Store, cfg Config) (*Authenticator, error) {
	switch {
	case store == nil:
		return nil, errors.New("access: no store")
	case cfg.Environment != "" && cfg.Environment != Live && cfg.Environment != Test:
		return nil, fmt.Errorf("access: unknown environment %q", string(cfg.Environment))
	case len(cfg.Pepper) > 0 && len(cfg.Pepper) < MinPepper:
		return nil, fmt.Errorf("access: the pepper has less than %d bytes", MinPepper)
	}
	a := &Authenticator{store: store, env: cfg.Environment, pepper: slices.Clone(cfg.Pepper), now: cfg.Now, random: cfg.Random}
	if a.env == "" {
		a.env = Live
	}
	if a.now == nil {
		a.now = time.Now
	}
	return a, nil
}

// Issue makes a key and stores its record. The secret is returned this once and
// cannot be had again.
func (a *Authenticator) Issue(ctx context.Context, g Grant) (Secret, KeyRecord, error) {
	if err := g.check(); err != nil {
		return Secret{}, KeyRecord{}, fmt.Errorf("access: issue key: %w", err)
	}
	secret, rec, err := Generate(a.random, a.env, a.pepper)
	if err != nil {
		return Secret{}, KeyRecord{}, err
	}
	if g.Lifetime == 0 {
		g.Lifetime = DefaultLifetime
	}
	rec.Label, rec.Scopes = g.Label, slices.Clone(g.Scopes)
	rec.CreatedAt = a.instant()
	rec.ExpiresAt = rec.CreatedAt.Add(g.Lifetime)
	if err := a.store.AddKey(ctx, rec); err != nil {
		return Secret{}, KeyRecord{}, fmt.Errorf("access: issue key: %w", err)
	}
	return secret, rec, nil
}

func (g Grant) check() error {
	switch {
	case len(g.Label) > MaxLabel:
		return fmt.Errorf("the label is longer than %d bytes", MaxLabel)
	case !utf8.ValidString(g.Label) || strings.ContainsFunc(g.Label, unicode.IsControl):
		return errors.New("the label has control characters or is not UTF-8")
	case len(g.Scopes) == 0:
		return errors.New("no scopes: a key without scopes may do nothing")
	case g.Lifetime < 0 || g.Lifetime > MaxLifetime:
		return fmt.Errorf("the lifetime must be positive and at most %d days", MaxLifetime/(24*time.Hour))
	}
	for _, scope := range g.Scopes {
		if !scope.Valid() {
			return ErrUnknownScope
		}
	}
	return nil
}

// Authenticate turns the text of a key into its Principal. A refusal is a
// [*Denied] and matches ErrUnauthenticated; any other error means that the
// store could not be asked and nothing is known about the key.
func (a *Authenticator) Authenticate(ctx context.Context, text string) (Principal, error) {
	key, err := Parse(text)
	if errors.Is(err, ErrMistyped) {
		return Principal{}, &Denied{Reason: ReasonMistyped}
	}
	if err != nil {
		return Principal{}, &Denied{Reason: ReasonMalformed}
	}
	rec, err := a.store.Key(ctx, key.ID)
	if err != nil && !errors.Is(err, ErrKeyNotFound) {
		return Principal{}, fmt.Errorf("access: look up key: %w", err)
	}
	// For an unknown identifier rec is the zero record: the same computation
	// runs against its hash before anything is decided.
	right := key.Verify(rec.Hash, a.pepper)
	if reason := a.refusal(key, rec, right, err == nil); reason != "" {
		return Principal{}, &Denied{KeyID: key.ID, Reason: reason}
	}
	return Principal{KeyID: rec.ID, Label: rec.Label, Scopes: rec.Scopes}, nil
}

// refusal is the reason to refuse a key, or "".
func (a *Authenticator) refusal(key Key, rec KeyRecord, right, known bool) Reason {
	switch {
	case !known:
		return ReasonUnknown
	case !right:
		return ReasonSecret
	case key.Environment != a.env || rec.Environment != a.env:
		return ReasonEnvironment
	case rec.Revoked():
		return ReasonRevoked
	case rec.Expired(a.now()):
		return ReasonExpired
	}
	return ""
}

// Revoke ends a key at once. Revoking it again changes nothing. The reason is
// for the audit, cut to MaxLabel bytes. The error is ErrKeyNotFound when there
// is no such key.
func (a *Authenticator) Revoke(ctx context.Context, id, reason string) error {
	if len(reason) > MaxLabel {
		reason = strings.ToValidUTF8(reason[:MaxLabel], "")
	}
	if err := a.store.RevokeKey(ctx, id, a.instant(), reason); err != nil {
		return fmt.Errorf("access: revoke key: %w", err)
	}
	return nil
}

// Keys lists all records by identifier, the revoked and expired ones too. An
// error is the last element.
func (a *Authenticator) Keys(ctx context.Context) iter.Seq2[KeyRecord, error] {
	return a.store.Keys(ctx)
}

// instant is now, in the precision every store keeps.
func (a *Authenticator) instant() time.Time { return a.now().UTC().Truncate(time.Microsecond) }
