package ksefsim

import "time"

// loginStatusResponse answers GET /auth/{referenceNumber} and is what an element
// of the list of logins begins with.
type loginStatusResponse struct {
	StartDate              stamp      `json:"startDate"`
	AuthenticationMethod   string     `json:"authenticationMethod"`
	MethodInfo             methodInfo `json:"authenticationMethodInfo"`
	Status                 statusInfo `json:"status"`
	IsTokenRedeemed        *bool      `json:"isTokenRedeemed,omitempty"`
	LastTokenRefreshDate   *stamp     `json:"lastTokenRefreshDate,omitempty"`
	RefreshTokenValidUntil *stamp     `json:"refreshTokenValidUntil,omitempty"`
}

func (l *login) response() loginStatusResponse {
	deprecated, info := describeMethod(l.Method)
	r := loginStatusResponse{
		StartDate:              stamp(l.At),
		AuthenticationMethod:   deprecated,
		MethodInfo:             info,
		Status:                 l.status().info(loginText),
		LastTokenRefreshDate:   optional[stamp](l.refreshed),
		RefreshTokenValidUntil: optional[stamp](l.refreshUntil),
	}
	if l.settled {
		redeemed := !l.redeemed.IsZero()
		r.IsTokenRedeemed = &redeemed
	}
	return r
}

// noLogin is the answer about a login that does not exist.
func noLogin(reference string) error {
	return refusef(codeNoLogin, "Operacja uwierzytelniania o numerze referencyjnym %s nie została znaleziona.", clip(reference))
}

// loginStatus answers GET /auth/{referenceNumber}.
func (s *Server) loginStatus(c *call) (*reply, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock() // asking is a step when results come by polling
	defer st.mu.Unlock()
	l, known := st.logins[reference]
	switch {
	case !known:
		return nil, noLogin(reference)
	case c.bearer.Login != reference:
		return nil, forbidden(reasonResource, nil)
	case c.now.Sub(l.At) >= loginRetention:
		return nil, gone()
	}
	if err := st.stepLogin(l); err != nil {
		return nil, err
	}
	return ok(l.response()), nil
}

// stepLogin counts a status request where results come by polling, and settles
// the login when enough were made.
func (st *state) stepLogin(l *login) error {
	if !st.pace.stepped() || l.settled {
		return nil
	}
	if l.polls > 0 {
		l.polls--
		return nil
	}
	return st.settleLogin(l.Reference)
}

// tokensResponse answers POST /auth/token/redeem and /auth/token/refresh.
type tokensResponse struct {
	AccessToken  tokenInfo  `json:"accessToken"`
	RefreshToken *tokenInfo `json:"refreshToken,omitempty"`
}

// redeem answers POST /auth/token/redeem. It works once.
func (s *Server) redeem(c *call) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	l, known := st.logins[c.bearer.Login]
	if !known {
		return nil, noLogin(c.bearer.Login)
	}
	if code := l.status().Code; code != statusDone {
		return nil, refusef(codeUnauthorized, "Status uwierzytelniania (%d) nie pozwala na pobranie tokenów.", code)
	}
	if !l.redeemed.IsZero() {
		return nil, refusef(codeUnauthorized, "Tokeny dla operacji uwierzytelniania %s zostały już pobrane.", l.Reference)
	}
	if err := st.credentialAlive(l); err != nil {
		return nil, err
	}
	if err := st.commit(&loginUsed{Reference: l.Reference, At: c.now, RefreshUntil: c.now.Add(refreshLife)}); err != nil {
		return nil, err
	}
	refresh := s.signer.issue(claims{
		Type: tokenRefresh, Login: l.Reference, ContextType: l.Context.Type, ContextValue: l.Context.Value,
	}, c.now, refreshLife)
	return ok(tokensResponse{s.accessToken(l, c.now), &refresh}), nil
}

// refresh answers POST /auth/token/refresh.
func (s *Server) refresh(c *call) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	l, known := st.logins[c.bearer.Login]
	if !known {
		return nil, noLogin(c.bearer.Login)
	}
	if code := l.status().Code; code != statusDone {
		return nil, refusef(codeUnauthorized, "Status uwierzytelnienia (%d) nie pozwala na odświeżenie tokenu dostępowego.", code)
	}
	if err := st.credentialAlive(l); err != nil {
		return nil, err
	}
	if err := st.commit(&loginUsed{Reference: l.Reference, At: c.now}); err != nil {
		return nil, err
	}
	return ok(tokensResponse{AccessToken: s.accessToken(l, c.now)}), nil
}

// credentialAlive refuses when the holder of a login died or the KSeF token
// behind it was revoked.
func (st *state) credentialAlive(l *login) error {
	if st.registry.deceased(l.Subject) {
		return refuse(codeDeceased)
	}
	if t, known := st.tokens[l.Token]; known && t.status != tokenStatusActive {
		return refuse(codeUnauthorized, "Token KSeF został unieważniony.")
	}
	return nil
}

// subjectClaim is the content of the claim "sud".
type subjectClaim struct {
	SubjectIdentifier identifier `json:"subjectIdentifier"`
	person
}

// accessToken makes an access token with the rights that the login has now. The
// caller holds the lock.
func (s *Server) accessToken(l *login, now time.Time) tokenInfo {
	permissions, roles := s.state.permissions(l)
	deprecated, _ := describeMethod(l.Method)
	c := claims{
		Type:         tokenAccess,
		ContextType:  l.Context.Type,
		ContextValue: l.Context.Value,
		Method:       deprecated,
		Login:        l.Reference,
		Subject:      jsonText(subjectClaim{l.Subject, l.Person}),
		Permissions:  listClaim(permissions),
		Computed:     "[]",
		Roles:        listClaim(roles),
		Effective:    "[]",
		Partners:     "[]",
	}
	if l.Policy != nil {
		c.Policy = jsonText(l.Policy)
	}
	return s.signer.issue(c, now, accessLife)
}
