package ksef

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// Account is a login: calls in one context, on behalf of one subject. It keeps
// itself logged in: the access token is renewed shortly before its end, and
// when the refresh token has died, the credential is used again. However many
// goroutines call, each renewal is done once.
type Account struct {
	// Online has the calls of online sessions; OpenOnline is the easier way.
	Online *OnlineService
	// Batch has the calls of batch sessions.
	Batch *BatchService
	// Sessions reads the state of sessions, their invoices and receipts.
	Sessions *SessionsService
	// Invoices downloads, searches and exports invoices.
	Invoices *InvoicesService
	// Logins lists and ends logins of the same subject and context.
	Logins *LoginsService
	// Limits reads what KSeF allows in this context.
	Limits *LimitsService
	// Tokens makes and revokes KSeF tokens.
	Tokens *TokensService
	// Certificates has the calls of KSeF certificates.
	Certificates *CertificatesService
	// Permissions grants, revokes and lists permissions.
	Permissions *PermissionsService
	// Collective makes and reads collective identifiers of invoices.
	Collective *CollectiveService
	// TestLimits changes limits and certificates in the test environment.
	TestLimits *TestLimitsService

	client     *Client
	credential Credential
	renewal    flight[*grant]

	mu        sync.Mutex
	grant     *grant
	loggedOut bool
	holdUntil time.Time // no renewal before this, because of holdErr
	holdErr   error
}

func newAccount(c *Client, credential Credential, g *grant) *Account {
	a := &Account{client: c, credential: credential, grant: g}
	a.Online = &OnlineService{account: a}
	a.Sessions = &SessionsService{account: a}
	a.Invoices = &InvoicesService{account: a}
	a.Logins = &LoginsService{account: a}
	a.Limits = &LimitsService{account: a}
	a.Batch = &BatchService{account: a}
	a.Tokens = &TokensService{account: a}
	a.Certificates = &CertificatesService{account: a}
	a.Permissions = &PermissionsService{account: a}
	a.Collective = &CollectiveService{account: a}
	a.TestLimits = &TestLimitsService{account: a}
	return a
}

// Evidence proves the login in force. It changes when the account has to log
// in again; a session keeps the evidence of its own login.
func (a *Account) Evidence() Evidence { return a.current().evidence }

// Client returns the client of the account.
func (a *Account) Client() *Client { return a.client }

func (a *Account) current() *grant {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grant
}

// do makes a call with the access token. A 401 means that nothing was done, so
// the call, whatever its class, is repeated with a renewed token: first a
// refreshed one, then one of a new login.
func (a *Account) do(ctx context.Context, k call) (*httpx.Response, error) {
	ctx, done, err := a.client.admit(ctx, k)
	if err != nil {
		return nil, err
	}
	defer done()
	var refused Secret
	for attempt := 1; ; attempt++ {
		g, err := a.serving(ctx, k.op, refused)
		if err != nil {
			return nil, err
		}
		if a.client.limiter != nil {
			if g, err = a.turn(ctx, &k, g, refused); err != nil {
				return nil, err
			}
		}
		k.token = g.access.Value
		resp, err := a.client.do(ctx, k)
		if attempt == 3 || !refusedToken(err) {
			if k.under != nil {
				*k.under = g.evidence
			}
			return resp, err
		}
		refused = g.access.Value
	}
}

// turn waits until the limits allow the call. Only then is the token taken that
// goes with it: a long wait outlives one.
func (a *Account) turn(ctx context.Context, k *call, g *grant, refused Secret) (*grant, error) {
	start := a.client.now()
	k.counted, k.turn = a.counted(g), true
	k.counted.learn(ctx, a.Limits.Rates)
	if err := k.counted.wait(ctx, k.group, k.op); err != nil {
		return nil, a.client.finish(ctx, *k, start, failed(*k, &httpx.Failure{Err: err}))
	}
	return a.serving(ctx, k.op, refused)
}

// counted finds the counters of the login's calls, nil without a limiter.
func (a *Account) counted(g *grant) *ratePair {
	if a.client.limiter == nil {
		return nil
	}
	return a.client.limiter.pair(a.credential.identity().context, g.clientIP)
}

func refusedToken(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusUnauthorized
}

func (a *Account) json(ctx context.Context, k call, out any) error {
	k.limit = maxJSONAnswer
	resp, err := a.do(ctx, k)
	if err != nil || out == nil {
		return err
	}
	return decodeJSON(k, resp, out)
}
