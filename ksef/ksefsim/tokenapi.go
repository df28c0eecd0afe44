package ksefsim

import (
	"crypto/sha256"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// tokenStatusFailed ends the list of statuses by which tokens are filtered.
const tokenStatusFailed = "Failed"

// signedOnly refuses an operation to whoever logged in with a KSeF token.
func (c *call) signedOnly() error {
	if !c.byToken() {
		return nil
	}
	return forbidden(reasonMethod, map[string]any{"authenticationMethodCategory": "Token"})
}

// byToken reports whether the caller logged in with a KSeF token.
func (c *call) byToken() bool {
	deprecated, _ := describeMethod(methodToken)
	return c.bearer.Method == deprecated
}

// createToken answers POST /tokens.
func (s *Server) createToken(c *call) (*reply, error) {
	var body struct {
		Permissions []string `json:"permissions"`
		Description string   `json:"description"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.require("permissions", len(body.Permissions) > 0)
	scopes := k.set("permissions", body.Permissions, tokenPermissions()...)
	k.description(body.Description)
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.signedOnly(); err != nil {
		return nil, err
	}
	if c.context.Type != typeNIP && c.context.Type != typeInternalID {
		return nil, refusef(codeTokenContext, "Obecny typ kontekstu: %s. Dozwolone typy kontekstu: Nip, InternalId.", c.context.Type)
	}
	missing := slices.DeleteFunc(slices.Clone(scopes), func(p string) bool { return slices.Contains(c.permissions, p) })
	if len(missing) > 0 {
		return nil, refuse(codeTokenRights, "Brakujące uprawnienia: "+strings.Join(missing, ", ")+".")
	}
	return s.issueToken(c, scopes, body.Description)
}

func (s *Server) issueToken(c *call, scopes []string, description string) (*reply, error) {
	secret := s.chance.hex(32)
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	reference := st.numbers.reference(kindToken, c.now)
	text := reference + "|" + tokenContext(c.context) + "|" + secret
	hash := sha256.Sum256([]byte(text))
	err := st.commit(&tokenAdded{
		Reference: reference, Hash: hash[:], Context: c.context, Author: c.subject,
		Permissions: scopes, Status: tokenStatusPending, Description: description, At: c.now, Due: st.pace.due(c.now),
	})
	if err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	return accepted(struct {
		ReferenceNumber string `json:"referenceNumber"`
		Token           string `json:"token"`
	}{reference, text}), nil
}

// tokenItem is a token in an answer.
type tokenItem struct {
	ReferenceNumber string     `json:"referenceNumber"`
	Author          identifier `json:"authorIdentifier"`
	Context         identifier `json:"contextIdentifier"`
	Description     string     `json:"description"`
	Permissions     []string   `json:"requestedPermissions"`
	Created         stamp      `json:"dateCreated"`
	LastUse         *stamp     `json:"lastUseDate,omitempty"`
	Status          string     `json:"status"`
}

func (t *token) item() tokenItem {
	return tokenItem{
		t.reference, t.author, t.context, t.description, t.permissions, stamp(t.created), optional[stamp](t.used), t.status,
	}
}

// mine reports whether a token is the one that the caller logged in with, or
// else one that it made.
func (st *state) mine(c *call, t *token) bool {
	if c.byToken() {
		return st.logins[c.bearer.Login].Token == t.reference
	}
	return slices.Contains(st.registry.aliases(c.subject), t.author)
}

// mayTouch reports whether the caller may see or revoke a token: with one of the
// permissions every token of the context, otherwise its own.
func (st *state) mayTouch(c *call, t *token, anyOf []string) bool {
	return t.context == c.context && (allowed(anyOf, c.permissions) || st.mine(c, t))
}

// tokenFilter is what GET /tokens asks for.
type tokenFilter struct {
	statuses            []string
	description, author string
	authorType          string
}

func readTokenFilter(k *checker, q url.Values) tokenFilter {
	f := tokenFilter{
		statuses:    k.set("status", q["status"], tokenStatusPending, tokenStatusActive, tokenStatusRevoking, tokenStatusRevoked, tokenStatusFailed),
		description: strings.ToLower(q.Get("description")),
		author:      strings.ToUpper(q.Get("authorIdentifier")),
		authorType:  k.maybeOne("authorIdentifierType", q.Get("authorIdentifierType"), typeNIP, typePESEL, typeFingerprint),
	}
	for _, name := range []string{"description", "authorIdentifier"} {
		if n := utf8.RuneCountInString(q.Get(name)); q.Has(name) {
			k.check(n >= 3, "The length of '%s' must be at least 3 characters. You entered %d characters.", name, n)
		}
	}
	return f
}

func (f *tokenFilter) matches(t *token) bool {
	return (len(f.statuses) == 0 || slices.Contains(f.statuses, t.status)) &&
		strings.Contains(strings.ToLower(t.description), f.description) &&
		strings.Contains(t.author.Value, f.author) &&
		(f.authorType == "" || f.authorType == t.author.Type)
}

// listTokens answers GET /tokens, the newest first.
func (s *Server) listTokens(c *call) (*reply, error) {
	query := c.request.URL.Query()
	var k checker
	filter := readTokenFilter(&k, query)
	if err := k.err(); err != nil {
		return nil, err
	}
	query.Del("pageSize")
	page, err := s.page(c, "tokens "+query.Encode(), 10, 100)
	if err != nil {
		return nil, err
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	all := st.tokensIn[c.context]
	list := []tokenItem{}
	next := page.descend(len(all), func(i int) bool {
		if !filter.matches(all[i]) || !st.mayTouch(c, all[i], overseers()) {
			return false
		}
		list = append(list, all[i].item())
		return true
	})
	return ok(struct {
		ContinuationToken string      `json:"continuationToken,omitempty"`
		Tokens            []tokenItem `json:"tokens"`
	}{s.continuation(page, next), list}), nil
}

// noToken is the answer about a token that does not exist for the caller.
func noToken(reference string) error {
	return refusef(codeValidation, "Token o numerze referencyjnym %s nie został znaleziony.", clip(reference))
}

// tokenStatus answers GET /tokens/{referenceNumber}.
func (s *Server) tokenStatus(c *call) (*reply, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock() // asking is a step when results come by polling
	defer st.mu.Unlock()
	t, known := st.tokens[reference]
	if !known || !st.mayTouch(c, t, overseers()) {
		return nil, noToken(reference)
	}
	if st.pace.stepped() && (t.status == tokenStatusPending || t.status == tokenStatusRevoking) {
		if t.polls--; t.polls < 0 {
			if err := st.settleToken(t); err != nil {
				return nil, err
			}
		}
	}
	return ok(t.item()), nil
}

// settleToken ends the wait of a token that is being activated or revoked.
func (st *state) settleToken(t *token) error {
	switch t.status {
	case tokenStatusPending:
		return st.commit(&tokenChanged{Reference: t.reference, Status: tokenStatusActive})
	case tokenStatusRevoking:
		return st.commit(&tokenChanged{Reference: t.reference, Status: tokenStatusRevoked})
	}
	return nil
}

// revokeToken answers DELETE /tokens/{referenceNumber}.
func (s *Server) revokeToken(c *call) (*reply, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	t, known := st.tokens[reference]
	switch {
	case !known || !st.mayTouch(c, t, managers()):
		return nil, noToken(reference)
	case t.status == tokenStatusRevoking || t.status == tokenStatusRevoked:
		return noContent(), nil
	}
	if err := st.commit(&tokenChanged{Reference: reference, Status: tokenStatusRevoking, Due: st.pace.due(c.now)}); err != nil {
		return nil, err
	}
	return noContent(), st.advance(c.now)
}
