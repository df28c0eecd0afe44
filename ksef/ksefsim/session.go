package ksefsim

import (
	"crypto/aes"
	"crypto/cipher"
	"slices"
	"time"
)

// sessionLife is how long an interactive session stays open.
const sessionLife = 12 * time.Hour

// session is an interactive or a batch session with its invoices in order of
// arrival.
type session struct {
	sessionOpened
	form      *form
	login     *login
	block     cipher.Block // nil when the key could not be unwrapped
	invoices  []*invoice
	byRef     map[string]*invoice
	done      []*invoice // accepted, in order of settlement
	failed    []*invoice
	updated   time.Time
	closed    time.Time
	finishDue time.Time
	outcome   outcome // once finished
	pages     []string
	polls     int

	// Of a batch session:
	stored    []batchPart // what was uploaded, by ordinal number
	verdict   outcome     // on the package; zero when it could be opened
	unpacking bool        // it is being looked at
	late      bool        // it was not closed in time
}

// text describes a status of the session.
func (se *session) text(code int) string {
	if se.Batch != nil {
		return batchText(code)
	}
	return sessionText(code)
}

func (se *session) finished() bool { return se.outcome.Code != 0 }
func (se *session) pending() int   { return len(se.invoices) - len(se.done) - len(se.failed) }

// status is the status as it is told now.
func (se *session) status() outcome {
	switch {
	case se.finished():
		return se.outcome
	case se.Batch != nil && (se.unpacking || !se.closed.IsZero()):
		return outcome{Code: statusProcessing}
	case !se.closed.IsZero():
		return outcome{Code: sessionClosing}
	}
	return outcome{Code: statusAccepted}
}

// visible reports whether the holder of a token may see the session. Who may
// only send invoices sees the sessions of its own.
func (se *session) visible(c *call) bool {
	return se.Context == c.context &&
		(se.login.Subject == c.subject || allowed([]string{introspection, enforcement}, c.permissions))
}

// findSession finds a session for the holder of a token.
func (st *state) findSession(c *call, detail string) (*session, error) {
	reference := c.request.PathValue("referenceNumber")
	se, known := st.session[reference]
	if !known || !se.visible(c) {
		return nil, refusef(codeNoSession, detail, clip(reference))
	}
	return se, nil
}

// Details of exception 21173, one for those who send and one for those who ask.
const (
	detailNotFoundSending = "Sesja o numerze referencyjnym %s nie została odnaleziona."
	detailNotFoundAsking  = "Sesja o numerze referencyjnym %s nie została znaleziona."
)

// finish ends a session for which nothing is left to do: its key turned out
// useless, or it is closed and all its invoices are settled.
func (st *state) finish(se *session, now time.Time) error {
	e := &sessionFinished{Reference: se.Reference, At: now}
	switch {
	case se.finished() || st.hold.sessions(se):
		return nil
	case se.verdict.Code != 0:
		e.Outcome = se.verdict
	case se.block == nil && se.Batch == nil:
		e.Outcome = outcome{Code: sessionKeyError, Details: []string{detailSessionKey}}
	case se.closed.IsZero() || se.pending() > 0:
		return nil
	case len(se.invoices) == 0:
		e.Outcome = outcome{Code: sessionCancelled, Details: []string{detailSessionEmpty}}
	case len(se.done) == 0:
		e.Outcome = outcome{Code: sessionNoInvoice}
	default:
		e.Outcome = outcome{Code: statusDone}
		for range slices.Collect(slices.Chunk(se.done, upoPageSize)) {
			e.Pages = append(e.Pages, st.numbers.reference(kindUPO, now))
		}
	}
	return st.commit(e)
}

// stepSession counts a status request where results come by polling.
func (st *state) stepSession(se *session, now time.Time) error {
	if !st.pace.stepped() || se.finished() {
		return nil
	}
	if se.pending() > 0 {
		for _, inv := range se.invoices {
			if err := st.stepInvoice(inv, now); err != nil {
				return err
			}
		}
	}
	if se.closed.IsZero() && (se.block != nil || se.Batch != nil) {
		return nil
	}
	if se.polls > 0 {
		se.polls--
		return nil
	}
	return st.finish(se, now)
}

// sessionOpened says that a session can take invoices.
type sessionOpened struct {
	Reference  string     `json:"reference"`
	Login      string     `json:"login"`
	Context    identifier `json:"context"`
	Form       formCode   `json:"form"`
	Batch      *batchFile `json:"batch,omitempty"`
	Offline    bool       `json:"offline,omitempty"` // all invoices of a batch
	Key        []byte     `json:"key,omitempty"`     // nil when it could not be unwrapped
	IV         []byte     `json:"iv"`
	UPOVersion string     `json:"upoVersion"`
	Strict     bool       `json:"strict"` // check digits of identifiers are judged
	At         time.Time  `json:"at"`
	Due        time.Time  `json:"due"`
	ValidUntil time.Time  `json:"validUntil"`
}

func (*sessionOpened) kind() string { return "session" }

func (e *sessionOpened) apply(st *state) error {
	f, known := findForm(e.Form)
	l, loggedIn := st.logins[e.Login]
	if !known || !loggedIn {
		return errUnknownReference
	}
	se := &session{sessionOpened: *e, form: f, login: l, byRef: make(map[string]*invoice), updated: e.At, polls: st.pace.polls}
	if e.Key != nil {
		block, err := aes.NewCipher(e.Key)
		if err != nil {
			return err
		}
		se.block = block
	}
	st.session[e.Reference] = se
	st.opened[e.Context] = append(st.opened[e.Context], se)
	if e.Batch != nil {
		se.stored = make([]batchPart, len(e.Batch.Parts))
		st.agenda.add(e.ValidUntil, func(st *state, due time.Time) error { return st.expireBatch(se, due) })
		return nil
	}
	st.agenda.add(e.ValidUntil, func(st *state, due time.Time) error { return st.closeSession(se, due) })
	if se.block == nil && !st.pace.stepped() {
		st.agenda.add(e.Due, func(st *state, due time.Time) error { return st.finish(se, due) })
	}
	return nil
}

// closeSession closes a session that is open.
func (st *state) closeSession(se *session, now time.Time) error {
	if se.status().Code != statusAccepted {
		return nil
	}
	return st.commit(&sessionClosed{Reference: se.Reference, At: now, Due: st.pace.due(now)})
}

// sessionClosed says that a session takes no more invoices.
type sessionClosed struct {
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
	Due       time.Time `json:"due"`
	Verdict   outcome   `json:"verdict,omitzero"` // on the package of a batch session
}

func (*sessionClosed) kind() string { return "session-closed" }

func (e *sessionClosed) apply(st *state) error {
	se, known := st.session[e.Reference]
	if !known {
		return errUnknownReference
	}
	se.closed, se.updated, se.finishDue, se.verdict = e.At, e.At, e.Due, e.Verdict
	if !st.pace.stepped() {
		st.agenda.add(e.Due, func(st *state, due time.Time) error { return st.finish(se, due) })
	}
	return nil
}

// sessionFinished says how a session ended.
type sessionFinished struct {
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
	Outcome   outcome   `json:"outcome"`
	Pages     []string  `json:"pages,omitempty"` // reference numbers of the pages of its confirmation
}

func (*sessionFinished) kind() string { return "session-finished" }

func (e *sessionFinished) apply(st *state) error {
	se, known := st.session[e.Reference]
	if !known {
		return errUnknownReference
	}
	if se.late = se.Batch != nil && se.closed.IsZero(); se.late {
		st.leftovers = append(st.leftovers, se)
	}
	se.outcome, se.pages, se.updated = e.Outcome, e.Pages, e.At
	return nil
}
