package ksefsim

import (
	"encoding/hex"
	"time"
)

// operationRetention is how long the status of an operation on permissions, or
// of an enrolment, can be asked for.
const operationRetention = 30 * 24 * time.Hour

// Statuses of an operation on permissions.
const (
	permissionFailed   = 400
	permissionUnfit    = 410 // identifiers in the wrong relation
	permissionRole     = 430 // the context has not the role
	permissionRelation = 440
	permissionType     = 450 // not for such an identifier
)

func permissionText(code int) string {
	switch code {
	case statusAccepted:
		return "Operacja przyjęta do realizacji"
	case statusDone:
		return "Operacja zakończona sukcesem"
	case permissionFailed:
		return "Operacja zakończona niepowodzeniem"
	case permissionUnfit:
		return "Podane identyfikatory są niezgodne lub pozostają w niewłaściwej relacji"
	case permissionRole:
		return "Kontekst identyfikatora nie odpowiada wymaganej roli lub uprawnieniom"
	case permissionRelation:
		return "Operacja niedozwolona dla wskazanych powiązań identyfikatorów"
	case permissionType:
		return "Operacja niedozwolona dla wskazanego identyfikatora lub jego typu"
	}
	return "Nieznany błąd"
}

// permissionOperation is a grant or a revocation on its way.
type permissionOperation struct {
	permissionAsked
	settled bool
	polls   int
}

// permissionAsked says that rights are to be given or taken back. The outcome is
// decided already; the rights change when it is due.
type permissionAsked struct {
	Reference string     `json:"reference"`
	Context   identifier `json:"context"`
	At        time.Time  `json:"at"`
	Due       time.Time  `json:"due"`
	Outcome   outcome    `json:"outcome"`
	Grants    []grant    `json:"grants,omitempty"`
	Revoked   string     `json:"revoked,omitempty"` // identifier of a right
}

func (*permissionAsked) kind() string { return "permission" }

func (e *permissionAsked) apply(st *state) error {
	st.operations[e.Reference] = &permissionOperation{permissionAsked: *e, polls: st.pace.polls}
	if !st.pace.stepped() {
		reference := e.Reference
		st.agenda.add(e.Due, func(st *state, _ time.Time) error { return st.settlePermission(reference) })
	}
	return nil
}

// permissionSettled makes an operation on permissions take effect.
type permissionSettled struct {
	Reference string `json:"reference"`
}

func (*permissionSettled) kind() string { return "permission-settled" }

func (e *permissionSettled) apply(st *state) error {
	op, known := st.operations[e.Reference]
	if !known {
		return errUnknownReference
	}
	op.settled = true
	if op.Outcome.Code != statusDone {
		return nil
	}
	for i := range op.Grants {
		st.rights.add(&op.Grants[i])
	}
	st.rights.remove(op.Revoked)
	return nil
}

func (st *state) settlePermission(reference string) error {
	if st.operations[reference].settled {
		return nil
	}
	return st.commit(&permissionSettled{Reference: reference})
}

// permissionReply answers what starts an operation on permissions.
type permissionReply struct {
	ReferenceNumber string `json:"referenceNumber"`
}

// changeRights starts an operation on permissions. Judge says, under the lock,
// how it will end.
func (s *Server) changeRights(c *call, e *permissionAsked, judge func(st *state) outcome) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	e.Context, e.At, e.Due = c.context, c.now, st.pace.due(c.now)
	if e.Outcome = judge(st); e.Outcome.Code == 0 {
		e.Outcome = outcome{Code: statusDone}
	}
	e.Reference = st.numbers.reference(kindPermission, c.now)
	if err := st.commit(e); err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	return accepted(permissionReply{e.Reference}), nil
}

// permissionStatus answers GET /permissions/operations/{referenceNumber}.
func (s *Server) permissionStatus(c *call) (*reply, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock() // asking is a step when results come by polling
	defer st.mu.Unlock()
	op, known := st.operations[reference]
	switch {
	case !known || op.Context != c.context:
		return nil, refusef(codeValidation, "Operacja o numerze referencyjnym %s nie została znaleziona.", clip(reference))
	case c.now.Sub(op.At) >= operationRetention:
		return nil, gone()
	}
	if st.pace.stepped() && !op.settled {
		if op.polls--; op.polls < 0 {
			if err := st.settlePermission(reference); err != nil {
				return nil, err
			}
		}
	}
	told := outcome{Code: statusAccepted}
	if op.settled {
		told = op.Outcome
	}
	return ok(struct {
		Status statusInfo `json:"status"`
	}{told.info(permissionText)}), nil
}

// uuid mints the identifier of a right.
func (e *entropy) uuid() string {
	raw := e.bytes(16)
	raw[6], raw[8] = raw[6]&0x0F|0x40, raw[8]&0x3F|0x80
	text := hex.EncodeToString(raw)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// isUUID reports whether a text has the form of such an identifier.
func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || !dash && !isHex(text[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// revokeGrant answers DELETE /permissions/common/grants/{permissionId}.
func (s *Server) revokeGrant(c *call) (*reply, error) {
	return s.takeBack(c, func(g *grant) bool { return g.Family != familyAuthorization })
}

// revokeAuthorization answers DELETE /permissions/authorizations/grants/{permissionId}.
func (s *Server) revokeAuthorization(c *call) (*reply, error) {
	return s.takeBack(c, func(g *grant) bool { return g.Family == familyAuthorization })
}

func (s *Server) takeBack(c *call, fits func(*grant) bool) (*reply, error) {
	id := c.request.PathValue("permissionId")
	if !isUUID(id) {
		return nil, refuse(codeValidation, "'permissionId' is not in the correct format.")
	}
	return s.changeRights(c, &permissionAsked{Revoked: id}, func(st *state) outcome {
		g, known := st.rights.byID[id]
		switch {
		case !known || !fits(g):
			return outcome{Code: permissionFailed}
		case !c.controls(g):
			return outcome{Code: permissionUnfit}
		}
		return outcome{}
	})
}

// controls reports whether a context may take a right back: one that was given
// in it or that holds in it.
func (c *call) controls(g *grant) bool {
	return g.Grantor == c.context || g.Context == c.context && g.Family != familyAuthorization
}
