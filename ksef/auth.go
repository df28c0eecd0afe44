package ksef

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// AuthService has the calls of the login, one method each. [Client.Login] makes
// them in the right order and is what most programs want.
type AuthService struct{ client *Client }

// Operations that a login may repeat with a new challenge.
const (
	opSubmitXAdES = "submit signed login"
	opSubmitToken = "submit token login"
)

// Challenge is what a login has to sign or to encrypt. It serves one login and
// lives 10 minutes.
type Challenge struct {
	Challenge string
	// Timestamp is the server's time; TimestampMs is the same in milliseconds
	// and is what a token login encrypts.
	Timestamp   time.Time
	TimestampMs int64
	// ClientIP is the caller's address as KSeF sees it.
	ClientIP string
}

// TokenInfo is a token of the API and its end.
type TokenInfo struct {
	Value      Secret
	ValidUntil time.Time
}

// AuthOperation is a login under way: Token is good for asking its status and
// for redeeming it, nothing else.
type AuthOperation struct {
	Reference string
	Token     TokenInfo
}

// Tokens are what a login gives: Access for calls (about 15 minutes), Refresh
// for new access tokens (about 7 days).
type Tokens struct {
	Access  TokenInfo
	Refresh TokenInfo
}

// LoginCategory is a family of ways to log in. Families that KSeF adds are kept
// as they come.
type LoginCategory string

// The families.
const (
	LoginXAdES        LoginCategory = "XadesSignature"
	LoginNationalNode LoginCategory = "NationalNode" // login.gov.pl
	LoginToken        LoginCategory = "Token"
	LoginOther        LoginCategory = "Other"
)

// AuthMethod tells how somebody logged in.
type AuthMethod struct {
	Category    LoginCategory
	Code        string // such as "xades.qualified-seal"
	DisplayName string
}

// AuthStatus is the state of a login.
type AuthStatus struct {
	Status                 Status
	StartDate              time.Time
	Method                 AuthMethod
	TokenRedeemed          bool
	LastTokenRefresh       time.Time // zero if never
	RefreshTokenValidUntil time.Time // zero if unknown
}

// Err is nil while the login runs and when it succeeded, else a [*StatusError].
func (s *AuthStatus) Err() error { return statusError("log in", "", s.Status, authStatuses) }

// TokenLogin is the body of a login with a KSeF token.
type TokenLogin struct {
	Challenge string
	Context   ContextID
	// EncryptedToken is "<token>|<challenge time in ms>" encrypted with
	// RSA-OAEP for the key named by PublicKeyID.
	EncryptedToken []byte
	PublicKeyID    string
	Policy         IPPolicy
}

// Challenge starts a login.
//
// Needs no login; group anonymous.
//
//ksef:op POST /auth/challenge
func (s *AuthService) Challenge(ctx context.Context) (*Challenge, error) {
	const op = "get login challenge"
	var w wireChallenge
	err := s.client.json(ctx, call{op: op, class: httpx.Read, group: GroupAnonymous, method: "POST", path: "/auth/challenge"}, &w)
	if err != nil {
		return nil, err
	}
	if w.Challenge == "" || w.Timestamp.IsZero() {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	if w.TimestampMs == 0 {
		w.TimestampMs = w.Timestamp.UnixMilli()
	}
	return &Challenge{w.Challenge, w.Timestamp.Time, w.TimestampMs, w.ClientIP}, nil
}

// SubmitXAdES sends a signed login document. verifyChain asks for the check of
// the certificate chain that the test environment leaves out otherwise.
//
// Needs no login; group anonymous.
//
//ksef:op POST /auth/xades-signature
func (s *AuthService) SubmitXAdES(ctx context.Context, signed []byte, verifyChain bool) (*AuthOperation, error) {
	k := call{op: opSubmitXAdES, class: httpx.Auth, group: GroupAnonymous, method: "POST", path: "/auth/xades-signature", body: signed, xml: true}
	if verifyChain {
		k.query = url.Values{"verifyCertificateChain": {"true"}}
	}
	return s.submit(ctx, k)
}

// SubmitToken sends a login with a KSeF token.
//
// Needs no login; group anonymous.
//
//ksef:op POST /auth/ksef-token
func (s *AuthService) SubmitToken(ctx context.Context, login TokenLogin) (*AuthOperation, error) {
	const op = opSubmitToken
	c := checker{op: op}
	login.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(wireTokenLogin{
		Challenge:           login.Challenge,
		ContextIdentifier:   login.Context,
		EncryptedToken:      login.EncryptedToken,
		PublicKeyID:         login.PublicKeyID,
		AuthorizationPolicy: login.Policy.wire(),
	})
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	return s.submit(ctx, call{op: op, class: httpx.Auth, group: GroupAnonymous, method: "POST", path: "/auth/ksef-token", body: body})
}

func (l TokenLogin) check(c *checker) {
	c.text("challenge", l.Challenge, 36, 36)
	oneOf(c, "contextIdentifier.type", l.Context.Type, ContextNIP, ContextInternalID, ContextNIPVATUE, ContextPeppol)
	c.need(l.Context.wellFormed(), "contextIdentifier.value", RulePattern, "check the identifier: it does not have the form of its type")
	c.need(len(l.EncryptedToken) > 0, "encryptedToken", RuleRequired, "encrypt the token with the ministry's public key")
	c.optional("publicKeyId", l.PublicKeyID, 44, 44)
	l.Policy.check(c, "authorizationPolicy")
}

func (s *AuthService) submit(ctx context.Context, k call) (*AuthOperation, error) {
	var w wireAuthInit
	if err := s.client.json(ctx, k, &w); err != nil {
		return nil, err
	}
	token := w.AuthenticationToken.public()
	if w.ReferenceNumber == "" || token.Value.IsZero() {
		return nil, &Error{Op: k.op, Status: http.StatusAccepted, Err: ErrProtocol}
	}
	return &AuthOperation{w.ReferenceNumber, token}, nil
}

// Status asks how a login stands. It takes the token of the operation.
//
// Needs the token of the login under way; group anonymous.
//
//ksef:op GET /auth/{referenceNumber}
func (s *AuthService) Status(ctx context.Context, reference string, token Secret) (*AuthStatus, error) {
	const op = "get login status"
	p, err := path(op, "/auth/", reference)
	if err != nil {
		return nil, err
	}
	var w wireAuthStatus
	err = s.client.json(ctx, call{op: op, class: httpx.Poll, group: GroupAnonymous, method: "GET", path: p, token: token}, &w)
	if err != nil {
		return nil, err
	}
	if w.Status.Code == 0 {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return w.public(), nil
}

// Redeem takes the tokens of a login that succeeded. KSeF hands them out once:
// after ErrOutcomeUnknown they are lost and one has to log in again.
//
// Needs the token of the login under way; group anonymous.
//
//ksef:op POST /auth/token/redeem
func (s *AuthService) Redeem(ctx context.Context, token Secret) (*Tokens, error) {
	const op = "redeem tokens"
	var w wireTokens
	err := s.client.json(ctx, call{op: op, class: httpx.Once, group: GroupAnonymous, method: "POST", path: "/auth/token/redeem", token: token}, &w)
	if err != nil {
		return nil, err
	}
	t := &Tokens{Access: w.AccessToken.public(), Refresh: w.RefreshToken.public()}
	if t.Access.Value.IsZero() || t.Refresh.Value.IsZero() {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol, unknown: true}
	}
	return t, nil
}

// Refresh gets a new access token. The refresh token stays as it is.
//
// Needs the refresh token; group anonymous.
//
//ksef:op POST /auth/token/refresh
func (s *AuthService) Refresh(ctx context.Context, refresh Secret) (*TokenInfo, error) {
	const op = "refresh token"
	var w wireRefresh
	err := s.client.json(ctx, call{op: op, class: httpx.Read, group: GroupAnonymous, method: "POST", path: "/auth/token/refresh", token: refresh}, &w)
	if err != nil {
		return nil, err
	}
	t := w.AccessToken.public()
	if t.Value.IsZero() {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return &t, nil
}
