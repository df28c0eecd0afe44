package ksef

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// TokensService makes, lists and revokes KSeF tokens. KSeF has announced that
// tokens serve for logins until 31 December 2026 only.
type TokensService struct{ account *Account }

// TokenState is the state of a KSeF token. States that KSeF adds are kept as
// they come.
type TokenState string

// The states of a token. Only an active one logs in.
const (
	TokenPending  TokenState = "Pending" // made a moment ago, not usable yet
	TokenActive   TokenState = "Active"
	TokenRevoking TokenState = "Revoking"
	TokenRevoked  TokenState = "Revoked"
	TokenFailed   TokenState = "Failed" // never became active: make another
)

// NewToken asks for a token.
type NewToken struct {
	// Permissions cannot be changed later. The login must have all of them.
	Permissions []Permission `json:"permissions"`
	// Description has 5 to 256 characters.
	Description string `json:"description"`
}

// tokenPermissions are those that a token may have.
var tokenPermissions = []Permission{
	PermInvoiceRead, PermInvoiceWrite, PermCredentialsRead, PermCredentialsManage, PermSubunitManage,
	PermEnforcement, PermIntrospection, PermCollectiveManage,
}

// GeneratedToken is a new token. KSeF shows it this once.
type GeneratedToken struct {
	Reference string
	Token     Secret
}

type wireGeneratedToken struct {
	ReferenceNumber string `json:"referenceNumber"`
	Token           string `json:"token"`
}

// KSeFToken describes a token; the token itself is never shown again.
type KSeFToken struct {
	Reference string `json:"referenceNumber"`
	// Author is a Nip, Pesel or Fingerprint.
	Author       Identifier   `json:"authorIdentifier"`
	Context      ContextID    `json:"contextIdentifier"`
	Description  string       `json:"description"`
	Permissions  []Permission `json:"requestedPermissions"`
	Created      time.Time    `json:"dateCreated"`
	LastUsed     time.Time    `json:"lastUseDate"` // zero if never
	State        TokenState   `json:"status"`
	StateDetails []string     `json:"statusDetails"` // the server's words, in Polish
}

// UnmarshalJSON reads a token of the API.
func (t *KSeFToken) UnmarshalJSON(data []byte) error {
	type fields KSeFToken
	w := struct {
		*fields
		Created  wireTime `json:"dateCreated"`
		LastUsed wireTime `json:"lastUseDate"`
	}{fields: (*fields)(t)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	t.Created, t.LastUsed = w.Created.Time, w.LastUsed.Time
	return nil
}

// Generate makes a token in the context of the login, which has to be a Nip or
// an InternalId, and needs a login with a certificate. The token is pending at
// first: WaitToken waits until it is active. When the outcome is unknown, look
// for the description with List and revoke what is there.
//
// Needs the permissions that the token gets; group other.
//
//ksef:op POST /tokens
func (s *TokensService) Generate(ctx context.Context, request NewToken) (*GeneratedToken, error) {
	const op = "generate token"
	c := checker{op: op}
	c.count("permissions", len(request.Permissions), 1, len(tokenPermissions), "permission")
	distinct(&c, "permissions", request.Permissions, tokenPermissions...)
	c.text("description", request.Description, 5, 256)
	if err := c.err(); err != nil {
		return nil, err
	}
	k, err := call{op: op, class: httpx.Once, group: GroupOther, method: "POST", path: "/tokens"}.with(request)
	if err != nil {
		return nil, err
	}
	w, err := ask[wireGeneratedToken](ctx, s.account, k)
	if err != nil {
		return nil, err
	}
	if w.ReferenceNumber == "" || w.Token == "" {
		return nil, &Error{Op: op, Status: http.StatusAccepted, Err: ErrProtocol, unknown: true}
	}
	return &GeneratedToken{w.ReferenceNumber, NewSecret(w.Token)}, nil
}

// TokenFilter narrows a list of tokens. The zero filter takes all.
type TokenFilter struct {
	States      []TokenState
	Description string // contained in it, whatever the case; 3 characters at least
	// Author is contained in the author's number; 3 characters at least.
	Author     string
	AuthorType IdentifierType // Nip, Pesel or Fingerprint
}

func (f TokenFilter) check(c *checker) {
	for i, s := range f.States {
		oneOf(c, index("status", i), s, TokenPending, TokenActive, TokenRevoking, TokenRevoked, TokenFailed)
	}
	c.optional("description", f.Description, 3, 256)
	c.optional("authorIdentifier", f.Author, 3, 64)
	if f.AuthorType != "" {
		oneOf(c, "authorIdentifierType", f.AuthorType, IdentifierNIP, IdentifierPESEL, IdentifierFingerprint)
	}
}

func (f TokenFilter) query() url.Values {
	q := url.Values{}
	for _, s := range f.States {
		q.Add("status", string(s))
	}
	for name, value := range map[string]string{"description": f.Description, "authorIdentifier": f.Author, "authorIdentifierType": string(f.AuthorType)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

type wireTokenList struct {
	ContinuationToken string       `json:"continuationToken"`
	Tokens            []*KSeFToken `json:"tokens"`
}

// List gives tokens, the newest first: with CredentialsManage or
// CredentialsRead all of the context, with a token login only that token, else
// those of the author himself.
//
// Needs no permission; group other.
//
//ksef:op GET /tokens
func (s *TokensService) List(ctx context.Context, filter TokenFilter) iter.Seq2[*KSeFToken, error] {
	const op = "list tokens"
	c := checker{op: op}
	filter.check(&c)
	if err := c.err(); err != nil {
		return broken[*KSeFToken](err)
	}
	k := call{op: op, class: httpx.Read, group: GroupOther, method: "GET", path: "/tokens", query: filter.query()}
	return pages(ctx, s.account, k, 100, func(w *wireTokenList) ([]*KSeFToken, string, error) {
		return w.Tokens, w.ContinuationToken, nil
	})
}

// Get reads one token's description.
//
// Needs no permission; group other.
//
//ksef:op GET /tokens/{referenceNumber}
func (s *TokensService) Get(ctx context.Context, reference string) (*KSeFToken, error) {
	const op = "get token"
	p, err := path(op, "/tokens/", reference)
	if err != nil {
		return nil, err
	}
	t, err := ask[KSeFToken](ctx, s.account, call{op: op, class: httpx.Poll, group: GroupOther, method: "GET", path: p})
	if err == nil && t.State == "" {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return t, err
}

// Revoke ends a token: with CredentialsManage any of the context, with a token
// login that token, else those of the author himself.
//
// Needs no permission; group other.
//
//ksef:op DELETE /tokens/{referenceNumber}
func (s *TokensService) Revoke(ctx context.Context, reference string) error {
	const op = "revoke token"
	p, err := path(op, "/tokens/", reference)
	if err != nil {
		return err
	}
	return effect(ctx, s.account, call{op: op, class: httpx.Read, group: GroupOther, method: "DELETE", path: p}, nil)
}

// WaitToken asks for a token until it is no longer pending. A token that failed
// is not an error of WaitToken: see its State.
func (a *Account) WaitToken(ctx context.Context, reference string) (*KSeFToken, error) {
	return poll(ctx, a.client.poll, "wait for token",
		func(ctx context.Context) (*KSeFToken, error) { return a.Tokens.Get(ctx, reference) },
		func(t *KSeFToken) bool { return t.State != TokenPending })
}
