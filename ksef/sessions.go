package ksef

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// SessionsService reads sessions, online and batch alike, and what became of
// their invoices.
type SessionsService struct{ account *Account }

// SessionStatus is the state of a session.
type SessionStatus struct {
	Status      Status
	DateCreated time.Time
	DateUpdated time.Time
	ValidUntil  time.Time // zero if not told
	// UPO are the pages of the session's receipt, once the session is 200.
	UPO []UPOPage
	// Counts are nil as long as KSeF does not tell them, which is not the same
	// as none.
	InvoiceCount           *int
	SuccessfulInvoiceCount *int
	FailedInvoiceCount     *int
}

// UPOPage is one page of the receipt of a session.
type UPOPage struct {
	Reference string
	// DownloadURL works without a login until ExpiresAt. Treat it as a secret.
	DownloadURL string
	ExpiresAt   time.Time
}

// Final reports whether the session's status will not change any more.
func (s *SessionStatus) Final() bool { return s.Status.Final() }

// Err is nil unless the session ended badly, then a [*StatusError]. The
// invoices of a session can be fine all the same: go by their own status.
func (s *SessionStatus) Err() error {
	table := onlineStatuses
	if lookup(table, s.Status.Code).meaning == "" {
		table = batchStatuses
	}
	return statusError("process session", "", s.Status, table)
}

// Status reads the state of a session.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionMisc.
//
//ksef:op GET /sessions/{referenceNumber}
func (s *SessionsService) Status(ctx context.Context, session string) (*SessionStatus, error) {
	const op = "get session status"
	p, err := path(op, "/sessions/", session)
	if err != nil {
		return nil, err
	}
	var w wireSessionStatus
	if err := s.account.json(ctx, call{op: op, class: httpx.Poll, group: GroupSessionMisc, method: "GET", path: p}, &w); err != nil {
		return nil, err
	}
	if w.Status.Code == 0 {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return w.public(), nil
}

// SessionType is the kind of a session.
type SessionType string

// The kinds of session.
const (
	SessionOnline SessionType = "Online"
	SessionBatch  SessionType = "Batch"
)

// SessionFilter selects sessions. Type is required, the rest narrows.
type SessionFilter struct {
	Type         SessionType
	Reference    string
	CreatedFrom  time.Time
	CreatedTo    time.Time
	ClosedFrom   time.Time
	ClosedTo     time.Time
	ModifiedFrom time.Time
	ModifiedTo   time.Time
	Statuses     []SessionState
}

// SessionState is a family of session statuses, by which lists are narrowed.
type SessionState string

// The families.
const (
	SessionsInProgress SessionState = "InProgress" // 100, 150, 170
	SessionsSucceeded  SessionState = "Succeeded"  // 200
	SessionsFailed     SessionState = "Failed"     // the other codes
	SessionsCancelled  SessionState = "Cancelled"  // 440
)

func (f SessionFilter) check(c *checker) {
	oneOf(c, "sessionType", f.Type, SessionOnline, SessionBatch)
	c.optional("referenceNumber", f.Reference, 36, 36)
	for i, s := range f.Statuses {
		oneOf(c, index("statuses", i), s, SessionsInProgress, SessionsSucceeded, SessionsFailed, SessionsCancelled)
	}
}

func (f SessionFilter) query() url.Values {
	q := url.Values{"sessionType": {string(f.Type)}}
	if f.Reference != "" {
		q.Set("referenceNumber", f.Reference)
	}
	times := []struct {
		name string
		t    time.Time
	}{
		{"dateCreatedFrom", f.CreatedFrom},
		{"dateCreatedTo", f.CreatedTo},
		{"dateClosedFrom", f.ClosedFrom},
		{"dateClosedTo", f.ClosedTo},
		{"dateModifiedFrom", f.ModifiedFrom},
		{"dateModifiedTo", f.ModifiedTo},
	}
	for _, t := range times {
		if !t.t.IsZero() {
			q.Set(t.name, t.t.UTC().Format(time.RFC3339Nano))
		}
	}
	for _, s := range f.Statuses {
		q.Add("statuses", string(s))
	}
	return q
}

// SessionSummary is one session of a list.
type SessionSummary struct {
	Reference              string
	Status                 Status
	DateCreated            time.Time
	DateUpdated            time.Time
	ValidUntil             time.Time
	InvoiceCount           int
	SuccessfulInvoiceCount int
	FailedInvoiceCount     int
}

// List gives sessions, the newest first. A subject that may only write invoices
// sees the sessions it opened itself.
//
// Needs InvoiceWrite, Introspection or EnforcementOperations; group
// sessionList.
//
//ksef:op GET /sessions
func (s *SessionsService) List(ctx context.Context, filter SessionFilter) iter.Seq2[*SessionSummary, error] {
	c := checker{op: "list sessions"}
	filter.check(&c)
	if err := c.err(); err != nil {
		return broken[*SessionSummary](err)
	}
	k := call{op: c.op, class: httpx.Read, group: GroupSessionList, method: "GET", path: "/sessions", query: filter.query()}
	return pages(ctx, s.account, k, 1000, func(w *wireSessionList) ([]*SessionSummary, string, error) {
		var list []*SessionSummary
		for i := range w.Sessions {
			list = append(list, w.Sessions[i].public())
		}
		return list, w.ContinuationToken, nil
	})
}

// Invoices gives the state of every invoice of a session.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionInvoiceList.
//
//ksef:op GET /sessions/{referenceNumber}/invoices
func (s *SessionsService) Invoices(ctx context.Context, session string) iter.Seq2[*InvoiceStatus, error] {
	return s.invoices(ctx, "list session invoices", session, "/invoices")
}

// FailedInvoices gives the state of the invoices of a session that were
// refused.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionInvoiceList.
//
//ksef:op GET /sessions/{referenceNumber}/invoices/failed
func (s *SessionsService) FailedInvoices(ctx context.Context, session string) iter.Seq2[*InvoiceStatus, error] {
	return s.invoices(ctx, "list failed session invoices", session, "/invoices/failed")
}

func (s *SessionsService) invoices(ctx context.Context, op, session, tail string) iter.Seq2[*InvoiceStatus, error] {
	p, err := path(op, "/sessions/", session, tail)
	if err != nil {
		return broken[*InvoiceStatus](err)
	}
	k := call{op: op, class: httpx.Read, group: GroupSessionInvoices, method: "GET", path: p}
	return pages(ctx, s.account, k, 1000, func(w *wireInvoiceList) ([]*InvoiceStatus, string, error) {
		list := make([]*InvoiceStatus, 0, len(w.Invoices))
		for i := range w.Invoices {
			status, err := w.Invoices[i].public()
			if err != nil {
				return list, "", &Error{Op: op, Err: err}
			}
			list = append(list, status)
		}
		return list, w.ContinuationToken, nil
	})
}

// FindInvoice looks through a session for an invoice with the given SHA-256,
// to learn what became of a send whose answer was lost. It returns ErrNotFound
// when the session has no such invoice; one that was sent a moment ago may
// still appear.
func (s *SessionsService) FindInvoice(ctx context.Context, session string, hash [32]byte) (*InvoiceStatus, error) {
	var refused *InvoiceStatus
	for status, err := range s.Invoices(ctx, session) {
		switch {
		case err != nil:
			return nil, err
		case status.InvoiceHash != hash:
		case status.Final() && !status.Accepted():
			refused = status // a copy sent twice: the other one may be accepted
		default:
			return status, nil
		}
	}
	if refused != nil {
		return refused, nil
	}
	return nil, &Error{Op: "find invoice in session", Err: fmt.Errorf("no invoice with this hash: %w", ErrNotFound)}
}

// Invoice reads the state of one invoice of a session.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group invoiceStatus.
//
//ksef:op GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}
func (s *SessionsService) Invoice(ctx context.Context, session, invoice string) (*InvoiceStatus, error) {
	const op = "get invoice status"
	p, err := path(op, "/sessions/", session, "/invoices/", invoice)
	if err != nil {
		return nil, err
	}
	var w wireInvoiceStatus
	if err := s.account.json(ctx, call{op: op, class: httpx.Poll, group: GroupInvoiceStatus, method: "GET", path: p}, &w); err != nil {
		return nil, err
	}
	status, err := w.public()
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	return status, nil
}

// WaitInvoice asks for the state of an invoice until it is final. Refusal is
// not an error of WaitInvoice: see [InvoiceStatus.Err]. When the context ends
// first, the last known state comes with the error.
func (a *Account) WaitInvoice(ctx context.Context, session, invoice string) (*InvoiceStatus, error) {
	return poll(ctx, a.client.poll, "wait for invoice",
		func(ctx context.Context) (*InvoiceStatus, error) { return a.Sessions.Invoice(ctx, session, invoice) },
		(*InvoiceStatus).Final)
}

// WaitSession asks for the state of a session until it is final, which an
// online session can only become after it was closed.
func (a *Account) WaitSession(ctx context.Context, session string) (*SessionStatus, error) {
	return poll(ctx, a.client.poll, "wait for session",
		func(ctx context.Context) (*SessionStatus, error) { return a.Sessions.Status(ctx, session) },
		(*SessionStatus).Final)
}
