package ksef

import (
	"context"
	"errors"
	"time"
)

// grant is what one login gave.
type grant struct {
	access   TokenInfo
	refresh  TokenInfo
	evidence Evidence
	issued   time.Time     // local time of the access token
	skew     time.Duration // server's clock minus ours
	clientIP string        // our address as KSeF sees it
	// refreshed tells an access token of a refresh from one of the login.
	refreshed bool
}

// serverTime is the server's time now; the ends of tokens are on its clock.
func (g *grant) serverTime(now time.Time) time.Time { return now.Add(g.skew) }

// Login logs in: challenge, signature or encrypted token, waiting for KSeF's
// decision, tokens. With a qualified certificate the decision can take minutes
// in production; bound it with the context. With [Config.SharedLogin] it takes
// over a login that is in force, if there is one.
//
// The error is an [*Error] or, when KSeF decided against the login, a
// [*StatusError] that matches ErrForbidden (no permission in the context),
// ErrUnauthorized (token or certificate refused) or ErrBlocked.
func (c *Client) Login(ctx context.Context, credential Credential) (*Account, error) {
	if credential == nil {
		return nil, invalid("log in", "credential is missing")
	}
	g, err := c.obtain(ctx, credential, nil, Secret{})
	if err != nil {
		return nil, err
	}
	return newAccount(c, credential, g), nil
}

// maxLogins bounds how often one Login starts over.
const maxLogins = 3

// login starts over with a new challenge where the old one was lost: nothing
// is spent by that but the challenge.
func (c *Client) login(ctx context.Context, credential Credential) (*grant, error) {
	for attempt := 1; ; attempt++ {
		g, err := c.loginOnce(ctx, credential)
		if err == nil || attempt == maxLogins || ctx.Err() != nil || !startOver(err) {
			return g, withoutDoubt(err)
		}
		if err := sleep(ctx, c.poll.Interval); err != nil {
			return nil, &Error{Op: "log in", Err: err}
		}
	}
}

// withoutDoubt takes the doubt out of a failed login: lost tokens are of no use
// to anybody, and a caller who was about to send something has not sent it.
func withoutDoubt(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.unknown {
		return err
	}
	sure := *e
	sure.unknown = false
	return &sure
}

// startOver tells failures of one attempt from a verdict on the credential.
func startOver(err error) bool {
	if s, ok := errors.AsType[*StatusError](err); ok {
		return s.Status.Code == StatusCancelledBySystem
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	return e.unknown || e.Has(CodeInvalidChallenge) || (e.Op == opSubmitXAdES || e.Op == opSubmitToken) && errors.Is(e, ErrUnavailable)
}

func (c *Client) loginOnce(ctx context.Context, credential Credential) (*grant, error) {
	ch, err := c.Auth.Challenge(ctx)
	if err != nil {
		return nil, err
	}
	g := &grant{skew: ch.Timestamp.Sub(c.now()), clientIP: ch.ClientIP}
	auth, evidence, err := credential.submit(ctx, c, ch)
	if err != nil {
		return nil, err
	}
	if err := c.awaitLogin(ctx, auth); err != nil {
		return nil, err
	}
	if c.onLogin != nil {
		if err := c.onLogin(ctx, evidence); err != nil {
			return nil, &Error{Op: "keep login evidence", Err: err}
		}
	}
	tokens, err := c.Auth.Redeem(ctx, auth.Token.Value)
	if err != nil {
		return nil, err
	}
	g.access, g.refresh, g.evidence, g.issued = tokens.Access, tokens.Refresh, evidence, c.now()
	return g, nil
}

func (c *Client) awaitLogin(ctx context.Context, auth *AuthOperation) error {
	status, err := poll(ctx, c.poll, "log in",
		func(ctx context.Context) (*AuthStatus, error) {
			return c.Auth.Status(ctx, auth.Reference, auth.Token.Value)
		},
		func(s *AuthStatus) bool { return s.Status.Final() })
	if err != nil {
		return err
	}
	return statusError("log in", auth.Reference, status.Status, authStatuses)
}
