package ksef

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"
)

// SharedLoginConfig has the processes that use one credential share one login:
// they take turns in renewing it, each takes over what another renewed, and a
// program that starts again needs no new login as long as the refresh token
// lives. A store that fails costs more logins and nothing else. The clocks of
// the machines that share should not differ by more than half a minute.
type SharedLoginConfig struct {
	// Store keeps the tokens. Required.
	Store TokenStore
	// Sealer encrypts them. Required; KeySealer makes one from a key.
	Sealer Sealer
}

// sharedLogin keeps the logins of a client.
type sharedLogin struct {
	client *Client
	SharedLoginConfig
}

func newSharedLogin(c *Client, cfg *SharedLoginConfig) (*sharedLogin, error) {
	switch {
	case cfg == nil:
		return nil, nil
	case cfg.Store == nil || cfg.Sealer == nil:
		return nil, fmt.Errorf("ksef: SharedLogin needs a store and a sealer: %w", ErrInvalidArgument)
	}
	return &sharedLogin{c, *cfg}, nil
}

// obtain returns a grant that serves: one of the store, or the next one after
// it, or after the caller's own (have, which may be nil).
func (c *Client) obtain(ctx context.Context, credential Credential, have *grant, refused Secret) (*grant, error) {
	key := c.sharedKey(credential)
	if key == "" {
		return c.advance(ctx, credential, have, refused)
	}
	if g := c.shared.load(ctx, key); g.usable(c.now(), refused) {
		return g, nil
	}
	unlock, err := c.shared.Store.Lock(ctx, key)
	if ctx.Err() != nil {
		if err == nil {
			unlock()
		}
		return nil, &Error{Op: "log in", Err: ctx.Err()}
	}
	if err != nil {
		c.shared.complain(ctx, "lock", err)
		return c.advance(ctx, credential, have, refused)
	}
	defer unlock()
	if g := c.shared.load(ctx, key); g != nil {
		if g.usable(c.now(), refused) {
			return g, nil
		}
		have = g
	}
	next, err := c.advance(ctx, credential, have, refused)
	if err == nil {
		c.shared.save(ctx, key, next)
	}
	return next, err
}

func (g *grant) usable(now time.Time, refused Secret) bool {
	return g != nil && g.serves(now, renewEarly, refused)
}

// sharedKey is "" for a login that is not shared.
func (c *Client) sharedKey(credential Credential) string {
	if c.shared == nil {
		return ""
	}
	return credential.identity().key(c.env)
}

// dropShared removes a login that is about to end, unless another process has
// logged in since.
func (c *Client) dropShared(ctx context.Context, credential Credential, g *grant) {
	key := c.sharedKey(credential)
	if key == "" {
		return
	}
	unlock, err := c.shared.Store.Lock(ctx, key)
	if err != nil {
		c.shared.complain(ctx, "lock", err)
		return
	}
	defer unlock()
	if stored := c.shared.load(ctx, key); stored == nil || !stored.refresh.Value.same(g.refresh.Value) {
		return
	}
	if err := c.shared.Store.Save(ctx, key, nil); err != nil {
		c.shared.complain(ctx, "remove", err)
	}
}

// load returns nil when there is nothing that helps.
func (s *sharedLogin) load(ctx context.Context, key string) *grant {
	sealed, err := s.Store.Load(ctx, key)
	if err != nil {
		s.complain(ctx, "load", err)
		return nil
	}
	if sealed == nil {
		return nil
	}
	plain, err := s.Sealer.Open(ctx, sealed)
	if err != nil {
		s.complain(ctx, "open", err)
		return nil
	}
	return decodeGrant(plain, key)
}

func (s *sharedLogin) save(ctx context.Context, key string, g *grant) {
	sealed, err := s.Sealer.Seal(ctx, g.encode(key))
	if err == nil {
		err = s.Store.Save(context.WithoutCancel(ctx), key, sealed)
	}
	if err != nil {
		s.complain(ctx, "save", err)
	}
}

func (s *sharedLogin) complain(ctx context.Context, step string, err error) {
	s.client.log.LogAttrs(ctx, slog.LevelWarn, "ksef shared login not used", slog.String("step", step), slog.String("error", err.Error()))
}

// storedGrant is a grant in plain JSON, which only a Sealer gets to see.
type storedGrant struct {
	Version      int           `json:"v"`
	Key          string        `json:"key"` // a store must not hand out another's login
	Access       string        `json:"access"`
	AccessUntil  time.Time     `json:"accessUntil"`
	Refresh      string        `json:"refresh"`
	RefreshUntil time.Time     `json:"refreshUntil"`
	Evidence     Evidence      `json:"evidence"`
	Issued       time.Time     `json:"issued"`
	Skew         time.Duration `json:"skew"`
	ClientIP     string        `json:"clientIp"`
	Refreshed    bool          `json:"refreshed"`
}

const grantVersion = 1

func (g *grant) encode(key string) []byte {
	b, err := json.Marshal(storedGrant{
		Version: grantVersion, Key: key,
		Access: g.access.Value.Reveal(), AccessUntil: g.access.ValidUntil,
		Refresh: g.refresh.Value.Reveal(), RefreshUntil: g.refresh.ValidUntil,
		Evidence: g.evidence, Issued: g.issued, Skew: g.skew, ClientIP: g.clientIP, Refreshed: g.refreshed,
	})
	if err != nil {
		return nil // a time of the year 10000; such a grant is not found again
	}
	return b
}

// decodeGrant returns nil for what is not a grant of this version and key.
func decodeGrant(b []byte, key string) *grant {
	var s storedGrant
	if json.Unmarshal(b, &s) != nil || s.Version != grantVersion || s.Key != key || s.Access == "" || s.Refresh == "" {
		return nil
	}
	return &grant{
		access:   TokenInfo{NewSecret(s.Access), s.AccessUntil},
		refresh:  TokenInfo{NewSecret(s.Refresh), s.RefreshUntil},
		evidence: s.Evidence, issued: s.Issued, skew: s.Skew, clientIP: s.ClientIP, refreshed: s.Refreshed,
	}
}
