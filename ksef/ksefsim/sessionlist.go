package ksefsim

import (
	"net/url"
	"slices"
	"time"
)

// sessionItem is one element of the list of sessions.
type sessionItem struct {
	ReferenceNumber string     `json:"referenceNumber"`
	Status          statusInfo `json:"status"`
	DateCreated     stamp      `json:"dateCreated"`
	DateUpdated     stamp      `json:"dateUpdated"`
	ValidUntil      *stamp     `json:"validUntil,omitempty"`
	Total           int        `json:"totalInvoiceCount"`
	Successful      int        `json:"successfulInvoiceCount"`
	Failed          int        `json:"failedInvoiceCount"`
}

// sessionList answers GET /sessions.
type sessionList struct {
	ContinuationToken string        `json:"continuationToken,omitempty"`
	Sessions          []sessionItem `json:"sessions"`
}

// Types of sessions and their common statuses.
const (
	sessionOnline = "Online"
	sessionBatch  = "Batch"

	commonInProgress = "InProgress"
	commonSucceeded  = "Succeeded"
	commonFailed     = "Failed"
	commonCancelled  = "Cancelled"
)

// common is the status by which sessions are filtered.
func (se *session) common() string {
	switch code := se.status().Code; {
	case code < statusDone:
		return commonInProgress
	case code == statusDone:
		return commonSucceeded
	case code == sessionCancelled:
		return commonCancelled
	}
	return commonFailed
}

// span is a range of time, open where a bound is zero.
type span struct{ from, to time.Time }

func (s span) holds(t time.Time) bool {
	return (s.from.IsZero() || !t.IsZero() && !t.Before(s.from)) && (s.to.IsZero() || !t.IsZero() && !t.After(s.to))
}

// sessionFilter is what GET /sessions asks for.
type sessionFilter struct {
	kind                      string
	reference                 string
	created, closed, modified span
	statuses                  []string
}

func readSessionFilter(q url.Values) (sessionFilter, error) {
	var k checker
	f := sessionFilter{
		reference: q.Get("referenceNumber"),
		created:   span{k.instantParam(q, "dateCreatedFrom"), k.instantParam(q, "dateCreatedTo")},
		closed:    span{k.instantParam(q, "dateClosedFrom"), k.instantParam(q, "dateClosedTo")},
		modified:  span{k.instantParam(q, "dateModifiedFrom"), k.instantParam(q, "dateModifiedTo")},
	}
	if text := q.Get("sessionType"); k.require("sessionType", text != "") {
		kind, known := canonical(text, sessionOnline, sessionBatch)
		k.check(known, "The value '%s' is not valid for 'sessionType'.", clip(text))
		f.kind = kind
	}
	for _, text := range q["statuses"] {
		status, known := canonical(text, commonInProgress, commonSucceeded, commonFailed, commonCancelled)
		k.check(known, "The value '%s' is not valid for 'statuses'.", clip(text))
		f.statuses = append(f.statuses, status)
	}
	return f, k.err()
}

func (f *sessionFilter) matches(se *session) bool {
	return (f.kind == sessionBatch) == (se.Batch != nil) &&
		(f.reference == "" || f.reference == se.Reference) &&
		f.created.holds(se.At) && f.closed.holds(se.closed) && f.modified.holds(se.updated) &&
		(len(f.statuses) == 0 || slices.Contains(f.statuses, se.common()))
}

// listSessions answers GET /sessions, the newest first.
func (s *Server) listSessions(c *call) (*reply, error) {
	query := c.request.URL.Query()
	filter, err := readSessionFilter(query)
	if err != nil {
		return nil, err
	}
	query.Del("pageSize")
	page, err := s.page(c, "sessions "+query.Encode(), 10, 1000)
	if err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := s.state.opened[c.context]
	list := sessionList{Sessions: []sessionItem{}}
	next := page.descend(len(all), func(i int) bool {
		if !filter.matches(all[i]) || !all[i].visible(c) {
			return false
		}
		list.Sessions = append(list.Sessions, all[i].item())
		return true
	})
	list.ContinuationToken = s.continuation(page, next)
	return ok(list), nil
}

func (se *session) item() sessionItem {
	return sessionItem{
		ReferenceNumber: se.Reference,
		Status:          se.status().info(se.text),
		DateCreated:     stamp(se.At),
		DateUpdated:     stamp(se.updated),
		ValidUntil:      optional[stamp](se.ValidUntil),
		Total:           len(se.invoices),
		Successful:      len(se.done),
		Failed:          len(se.failed),
	}
}
