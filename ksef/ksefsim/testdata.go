package ksefsim

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// done answers an operation on test data: success without a body.
func done() *reply { return &reply{status: http.StatusOK} }

// commitOne makes one event happen and answers done.
func (s *Server) commitOne(e event) (*reply, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if err := s.state.commit(e); err != nil {
		return nil, err
	}
	return done(), nil
}

// nip reads a property that holds a NIP.
func (k *checker) nip(name, value string) {
	if k.require(name, value != "") {
		k.check(isNIP(value), "'%s' is not in the correct format.", name)
	}
}

// created reads when a test subject came to be; it has to be later than the last
// one with the same identifier.
func (k *checker) created(text string, now time.Time) time.Time {
	if text == "" {
		return now
	}
	return k.instant("createdDate", text)
}

// fresh refuses an identifier that is taken or that was used at the same time
// or later.
func (st *state) fresh(nip string, taken bool, at time.Time) error {
	if taken {
		return refuse(codeExists)
	}
	if latest, known := st.registry.latest[nip]; known && !at.After(latest) {
		return refuse(codeValidation, "'createdDate' must be later than the one used before with the same identifier.")
	}
	return nil
}

// testSubject answers POST /testdata/subject.
func (s *Server) testSubject(c *call) (*reply, error) {
	var body struct {
		NIP         string `json:"subjectNip"`
		Type        string `json:"subjectType"`
		Units       []unit `json:"subunits"`
		Description string `json:"description"`
		Created     string `json:"createdDate"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.nip("subjectNip", body.NIP)
	kind := k.one("subjectType", body.Type, kindEnforcement, kindVATGroup, kindJST)
	k.description(body.Description)
	for i, u := range body.Units {
		k.nip(fmt.Sprintf("subunits[%d].subjectNip", i), u.NIP)
		k.length(fmt.Sprintf("subunits[%d].description", i), u.Description, 5, 256)
	}
	k.check(len(body.Units) == 0 || kind != kindEnforcement, "'subunits' must be empty for this 'subjectType'.")
	at := k.created(body.Created, c.now)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.enterSubject(&subjectEntered{subject{body.NIP, kind, body.Description, body.Units, at}})
}

func (s *Server) enterSubject(e *subjectEntered) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	_, taken := st.registry.subjects[e.NIP]
	if err := st.fresh(e.NIP, taken, e.Created); err != nil {
		return nil, err
	}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	return done(), nil
}

// testSubjectRemove answers POST /testdata/subject/remove.
func (s *Server) testSubjectRemove(c *call) (*reply, error) {
	var body struct {
		NIP string `json:"subjectNip"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.nip("subjectNip", body.NIP)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&subjectRemoved{NIP: body.NIP})
}

// testPerson answers POST /testdata/person.
func (s *Server) testPerson(c *call) (*reply, error) {
	var body struct {
		NIP         string `json:"nip"`
		PESEL       string `json:"pesel"`
		IsBailiff   *bool  `json:"isBailiff"`
		IsDeceased  bool   `json:"isDeceased"`
		Description string `json:"description"`
		Created     string `json:"createdDate"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.nip("nip", body.NIP)
	if k.require("pesel", body.PESEL != "") {
		k.check(isPESEL(body.PESEL), "'pesel' is not in the correct format.")
	}
	k.require("isBailiff", body.IsBailiff != nil)
	k.description(body.Description)
	at := k.created(body.Created, c.now)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.enterPerson(&personEntered{natural{body.NIP, body.PESEL, *body.IsBailiff, body.IsDeceased, body.Description, at}})
}

func (s *Server) enterPerson(e *personEntered) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	_, taken := st.registry.persons[e.NIP]
	if err := st.fresh(e.NIP, taken, e.Created); err != nil {
		return nil, err
	}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	return done(), nil
}

// testNIP reads the body of an operation that names a NIP.
func (c *call) testNIP(body any, nip *string) error {
	if err := c.readJSON(body); err != nil {
		return err
	}
	var k checker
	k.nip("nip", *nip)
	return k.err()
}

// testPersonRemove answers POST /testdata/person/remove.
func (s *Server) testPersonRemove(c *call) (*reply, error) {
	var body struct {
		NIP string `json:"nip"`
	}
	if err := c.testNIP(&body, &body.NIP); err != nil {
		return nil, err
	}
	return s.commitOne(&subjectRemoved{NIP: body.NIP, Person: true})
}

// testAttachment answers POST /testdata/attachment.
func (s *Server) testAttachment(c *call) (*reply, error) {
	var body struct {
		NIP string `json:"nip"`
	}
	if err := c.testNIP(&body, &body.NIP); err != nil {
		return nil, err
	}
	return s.commitOne(&consentChanged{body.NIP, consent{Given: true}})
}

// testAttachmentRevoke answers POST /testdata/attachment/revoke. Without a date
// the consent ends at once, with one when that day begins in Poland.
func (s *Server) testAttachmentRevoke(c *call) (*reply, error) {
	var body struct {
		NIP string `json:"nip"`
		End string `json:"expectedEndDate"`
	}
	if err := c.testNIP(&body, &body.NIP); err != nil {
		return nil, err
	}
	end := c.now
	if body.End != "" {
		day, err := pl.ParseDate(body.End)
		if err != nil {
			return nil, refusef(codeValidation, "The value '%s' is not valid for 'expectedEndDate'.", clip(body.End))
		}
		end = day.Start().UTC()
	}
	return s.commitOne(&consentChanged{body.NIP, consent{Given: true, Revoked: end}})
}

// testBlock answers POST /testdata/context/block.
func (s *Server) testBlock(c *call) (*reply, error) { return s.blockContext(c, true) }

// testUnblock answers POST /testdata/context/unblock.
func (s *Server) testUnblock(c *call) (*reply, error) { return s.blockContext(c, false) }

func (s *Server) blockContext(c *call, blocked bool) (*reply, error) {
	var body struct {
		Context *identifier `json:"contextIdentifier"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	context := k.party("contextIdentifier", body.Context, typeNIP, typeInternalID, typeNIPVATUE, typePeppolID)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&contextBlocked{context, blocked})
}

// testGrantBody is the body of POST /testdata/permissions and its reversal.
type testGrantBody struct {
	Context     *identifier `json:"contextIdentifier"`
	Authorized  *identifier `json:"authorizedIdentifier"`
	Permissions []struct {
		Type        string `json:"permissionType"`
		Description string `json:"description"`
	} `json:"permissions"`
}

func (b *testGrantBody) parties(k *checker) (context, subject identifier) {
	context = k.party("contextIdentifier", b.Context, typeNIP)
	subject = k.party("authorizedIdentifier", b.Authorized, typeNIP, typePESEL, typeFingerprint)
	return context, subject
}

// testPermissions answers POST /testdata/permissions.
func (s *Server) testPermissions(c *call) (*reply, error) {
	var body testGrantBody
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	context, subject := body.parties(&k)
	k.require("permissions", len(body.Permissions) > 0)
	e := new(rightsGiven)
	for _, p := range body.Permissions {
		scope := k.one("permissions.permissionType", p.Type, tokenPermissions()...)
		k.description(p.Description)
		e.Grants = append(e.Grants, s.systemGrant(context, subject, scope, p.Description, c.now))
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(e)
}

// systemGrant is a right that the system gives.
func (s *Server) systemGrant(context, subject identifier, scope, description string, now time.Time) grant {
	return grant{
		ID: s.chance.uuid(), Family: familyPerson, Grantor: context, Context: context, Subject: subject,
		Author: identifier{Type: typeSystem}, Scope: scope, Description: description, At: now,
	}
}

// testPermissionsRevoke answers POST /testdata/permissions/revoke.
func (s *Server) testPermissionsRevoke(c *call) (*reply, error) {
	var body testGrantBody
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	context, subject := body.parties(&k)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&rightsTaken{Context: context, Subject: subject})
}

// rightsGiven gives rights at once, as test data do.
type rightsGiven struct {
	Grants []grant `json:"grants"`
}

func (*rightsGiven) kind() string { return "rights" }

func (e *rightsGiven) apply(st *state) error {
	for i := range e.Grants {
		st.rights.add(&e.Grants[i])
	}
	return nil
}

// rightsTaken takes all rights of a subject in a context that test data gave.
type rightsTaken struct {
	Context identifier `json:"context"`
	Subject identifier `json:"subject"`
}

func (*rightsTaken) kind() string { return "rights-taken" }

func (e *rightsTaken) apply(st *state) error {
	for _, g := range pick(st.rights.holding[e.Context], func(g *grant) bool {
		return g.Subject == e.Subject && g.Author.Type == typeSystem
	}) {
		st.rights.remove(g.ID)
	}
	return nil
}

// ErrIdentifier says that an identifier given to a method is not one.
var ErrIdentifier = errors.New("ksefsim: not an identifier of that kind")

// Grant gives a person or a company rights in the context of a NIP, as POST
// /testdata/permissions does on the test environment. The subject is "Nip:…",
// "Pesel:…" or "Fingerprint:…". An unknown permission is ErrToken, a malformed
// subject ErrIdentifier.
func (s *Server) Grant(context pl.NIP, subject string, permissions ...string) error {
	kind, value, _ := strings.Cut(subject, ":")
	who := identifier{kind, value}
	if kind != typeNIP && kind != typePESEL && kind != typeFingerprint || !who.wellFormed() || !isNIP(string(context)) {
		return ErrIdentifier
	}
	e := new(rightsGiven)
	for _, p := range permissions {
		scope, known := canonical(p, tokenPermissions()...)
		if !known {
			return fmt.Errorf("%w: %s", ErrToken, p)
		}
		e.Grants = append(e.Grants, s.systemGrant(identifier{typeNIP, string(context)}, who, scope, "Uprawnienie testowe", s.cfg.instant()))
	}
	_, err := s.commitOne(e)
	return errors.Join(err, s.state.flush())
}
