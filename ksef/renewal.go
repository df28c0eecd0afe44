package ksef

import (
	"context"
	"errors"
	"time"
)

// Times of the renewal of tokens.
const (
	renewEarly  = time.Minute      // before the end of the access token
	renewPace   = 10 * time.Second // between attempts while the old token still serves
	verdictHold = time.Minute      // after KSeF decided against the credential
	blockedHold = 5 * time.Minute  // after a block: the edge punishes insistence
	tokenLife   = 5 * time.Minute  // assumed when a token does not tell its end
)

// expires is the end of the access token on the server's clock.
func (g *grant) expires() time.Time {
	if g.access.ValidUntil.IsZero() {
		return g.serverTime(g.issued).Add(tokenLife)
	}
	return g.access.ValidUntil
}

func (g *grant) serves(now time.Time, early time.Duration, refused Secret) bool {
	return !g.access.Value.same(refused) && g.serverTime(now).Add(early).Before(g.expires())
}

// serving returns a grant whose access token serves and is not the refused one.
func (a *Account) serving(ctx context.Context, op string, refused Secret) (*grant, error) {
	now := a.client.now()
	g, err := a.usable(op, now, refused)
	if err != nil || g != nil {
		return g, err
	}
	g, err = a.renewal.do(ctx, func(ctx context.Context) (*grant, error) { return a.renew(ctx, refused) })
	if err == nil {
		return g, nil
	}
	if old := a.current(); old.serves(now, 0, refused) {
		return old, nil // renewed early; there is time to try again
	}
	if ctx.Err() != nil {
		return nil, &Error{Op: op, Err: ctx.Err()}
	}
	return nil, err
}

// usable returns the grant if it serves as it is, nil if it has to be renewed.
func (a *Account) usable(op string, now time.Time, refused Secret) (*grant, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.loggedOut:
		return nil, &Error{Op: op, Err: ErrLoggedOut}
	case a.grant.serves(now, renewEarly, refused):
		return a.grant, nil
	case !now.Before(a.holdUntil):
		return nil, nil
	case a.grant.serves(now, 0, refused):
		return a.grant, nil
	case verdict(a.holdErr):
		return nil, a.holdErr
	}
	return nil, nil
}

// verdict tells a refusal that the next attempt would meet again.
func verdict(err error) bool {
	s, ok := errors.AsType[*StatusError](err)
	return ok && !s.Temporary() || errors.Is(err, ErrBlocked)
}

// renew runs in one goroutine at a time.
func (a *Account) renew(ctx context.Context, refused Secret) (*grant, error) {
	g, now := a.current(), a.client.now()
	if g.serves(now, renewEarly, refused) {
		return g, nil // somebody else was faster
	}
	if g.serves(now, 0, refused) && a.client.shared != nil {
		// There is time: another process that is at it need not be waited for.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, renewPace)
		defer cancel()
	}
	next, err := a.client.obtain(ctx, a.credential, g, refused)
	if err != nil {
		a.hold(err)
		return nil, err
	}
	return a.store(next)
}

// advance gets the next grant from KSeF: a refreshed one if it can, else one of
// a new login.
func (c *Client) advance(ctx context.Context, credential Credential, g *grant, refused Secret) (*grant, error) {
	if g != nil {
		next, err := c.refresh(ctx, g, refused, c.now())
		if err != nil || next != nil {
			return next, err
		}
	}
	return c.login(ctx, credential)
}

// refresh returns nil, nil when only a new login helps: the refresh token has
// died, or what it gave a moment ago was refused.
func (c *Client) refresh(ctx context.Context, g *grant, refused Secret, now time.Time) (*grant, error) {
	justRefreshed := g.refreshed && now.Sub(g.issued) < renewPace && g.access.Value.same(refused)
	end := g.refresh.ValidUntil
	if justRefreshed || !end.IsZero() && !g.serverTime(now).Before(end) {
		return nil, nil
	}
	access, err := c.Auth.Refresh(ctx, g.refresh.Value)
	if refreshDied(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	next := *g
	next.access, next.issued, next.refreshed = *access, c.now(), true
	return &next, nil
}

// refreshDied tells the end of a refresh token from failures that pass.
func refreshDied(err error) bool {
	if err == nil || errors.Is(err, ErrBlocked) {
		return false
	}
	return errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrGone)
}

func (a *Account) store(g *grant) (*grant, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.loggedOut {
		return nil, &Error{Op: "renew login", Err: ErrLoggedOut}
	}
	a.grant, a.holdErr, a.holdUntil = g, nil, time.Time{}
	return g, nil
}

func (a *Account) hold(err error) {
	pause := renewPace
	switch {
	case errors.Is(err, ErrBlocked):
		pause = blockedHold
	case verdict(err):
		pause = verdictHold
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holdErr, a.holdUntil = err, a.client.now().Add(pause)
}
