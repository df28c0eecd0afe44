package ksefsim

import (
	"cmp"
	"slices"
	"time"
)

// provider is a Peppol service provider, known since its first login.
type provider struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Created stamp  `json:"dateCreated"`
	since   time.Time
}

// noteProvider registers a provider that logs in for the first time.
func (st *state) noteProvider(e *loginStarted) {
	if e.Subject.Type != typePeppolID || e.Outcome.Code != statusDone {
		return
	}
	if slices.ContainsFunc(st.providers, func(p provider) bool { return p.ID == e.Subject.Value }) {
		return
	}
	name := cmp.Or(e.Person.Organization, e.Person.CommonName, e.Subject.Value)
	st.providers = append(st.providers, provider{e.Subject.Value, name, stamp(e.At), e.At})
}

// queryPeppol answers GET /peppol/query, the newest first.
func (s *Server) queryPeppol(c *call) (*reply, error) {
	sheet, err := c.sheetOf(100)
	if err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	list := slices.Clone(s.state.providers)
	s.state.mu.RUnlock()
	slices.SortFunc(list, func(a, b provider) int { return cmp.Or(b.since.Compare(a.since), cmp.Compare(a.ID, b.ID)) })
	page, more := cut(list, sheet)
	return ok(map[string]any{"peppolProviders": page, "hasMore": more}), nil
}
