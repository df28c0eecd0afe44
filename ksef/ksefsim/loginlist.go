package ksefsim

// loginItem is one element of the list of logins.
type loginItem struct {
	loginStatusResponse
	ReferenceNumber string `json:"referenceNumber"`
	IsCurrent       bool   `json:"isCurrent"`
}

// loginList answers GET /auth/sessions.
type loginList struct {
	ContinuationToken string      `json:"continuationToken,omitempty"`
	Items             []loginItem `json:"items"`
}

// active reports whether a login still gives access tokens.
func (l *login) active(c *call) bool {
	return l.status().Code == statusDone && !l.redeemed.IsZero() && c.now.Before(l.refreshUntil)
}

// listLogins answers GET /auth/sessions: the active logins of the same subject
// in the same context, the newest first.
func (s *Server) listLogins(c *call) (*reply, error) {
	page, err := s.page(c, "logins", 10, 100)
	if err != nil {
		return nil, err
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	current, known := st.logins[c.bearer.Login]
	if !known {
		return nil, unauthorized("the login of the token is unknown")
	}
	all := st.logged[loginGroup(current.Context, current.Subject)]
	list := loginList{Items: []loginItem{}}
	next := page.descend(len(all), func(i int) bool {
		if !all[i].active(c) {
			return false
		}
		list.Items = append(list.Items, loginItem{all[i].response(), all[i].Reference, all[i] == current})
		return true
	})
	list.ContinuationToken = s.continuation(page, next)
	return ok(list), nil
}

// revokeCurrent answers DELETE /auth/sessions/current.
func (s *Server) revokeCurrent(c *call) (*reply, error) {
	return s.endLogin(c, c.bearer.Login)
}

// revokeLogin answers DELETE /auth/sessions/{referenceNumber}.
func (s *Server) revokeLogin(c *call) (*reply, error) {
	return s.endLogin(c, c.request.PathValue("referenceNumber"))
}

// endLogin revokes a login of the same subject in the same context. Access
// tokens given out live on until they expire.
func (s *Server) endLogin(c *call, reference string) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	current, known := st.logins[c.bearer.Login]
	if !known {
		return nil, unauthorized("the login of the token is unknown")
	}
	l, known := st.logins[reference]
	if !known || l.Context != current.Context || l.Subject != current.Subject {
		return nil, refusef(codeValidation, "Sesja uwierzytelnienia o numerze referencyjnym %s nie została znaleziona.", clip(reference))
	}
	if !l.revoked.IsZero() {
		return noContent(), nil
	}
	if err := st.commit(&loginRevoked{Reference: reference, At: c.now}); err != nil {
		return nil, err
	}
	return noContent(), nil
}
