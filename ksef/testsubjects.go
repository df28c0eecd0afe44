package ksef

import (
	"context"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// TestDataService makes subjects, persons and rights in the test environment,
// where everybody may do that without a login. Demo and Production do not have
// these operations: there every call is refused with ErrInvalidArgument before
// anything is sent. See also [TestLimitsService].
type TestDataService struct{ client *Client }

// TestSubjectType is the kind of a test subject.
type TestSubjectType string

// The kinds.
const (
	TestEnforcementAuthority TestSubjectType = "EnforcementAuthority"
	TestVATGroup             TestSubjectType = "VatGroup"
	TestLocalGovernment      TestSubjectType = "JST"
)

// TestSubject is a company of tests, with units if it is a VAT group or a local
// government.
type TestSubject struct {
	NIP         pl.NIP          `json:"subjectNip"`
	Type        TestSubjectType `json:"subjectType"`
	Subunits    []TestSubunit   `json:"subunits,omitempty"`
	Description string          `json:"description"` // 5 to 256 characters
	// Created must be later each time the same NIP is made again.
	Created time.Time `json:"createdDate,omitzero"`
}

// TestSubunit is a member or unit.
type TestSubunit struct {
	NIP         pl.NIP `json:"subjectNip"`
	Description string `json:"description"` // 5 to 256 characters
}

// TestPerson links a NIP and a PESEL and makes the person an owner.
type TestPerson struct {
	NIP         pl.NIP   `json:"nip"`
	PESEL       pl.PESEL `json:"pesel"`
	Bailiff     bool     `json:"isBailiff"`
	Description string   `json:"description"` // 5 to 256 characters
	Deceased    bool     `json:"isDeceased,omitempty"`
	// Created must be later each time the same person is made again.
	Created time.Time `json:"createdDate,omitzero"`
}

// TestGrant gives permissions in a context.
type TestGrant struct {
	Context     Identifier       `json:"contextIdentifier"`    // Nip
	Authorized  Identifier       `json:"authorizedIdentifier"` // Nip, Pesel or Fingerprint
	Permissions []TestPermission `json:"permissions"`
}

// TestPermission is one permission of a TestGrant.
type TestPermission struct {
	Type        Permission `json:"permissionType"`
	Description string     `json:"description"` // 5 to 256 characters
}

type wireTestSubject struct {
	NIP pl.NIP `json:"subjectNip"`
}

type wireTestNIP struct {
	NIP pl.NIP `json:"nip"`
}

type wireTestAttachment struct {
	NIP pl.NIP  `json:"nip"`
	End pl.Date `json:"expectedEndDate,omitzero"`
}

type wireTestRevocation struct {
	Context    Identifier `json:"contextIdentifier"`
	Authorized Identifier `json:"authorizedIdentifier"`
}

type wireTestContext struct {
	Context ContextID `json:"contextIdentifier"`
}

// CreateSubject makes a company. One that exists is CodeTestSubjectExists.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/subject
func (s *TestDataService) CreateSubject(ctx context.Context, t TestSubject) error {
	c := checker{op: "create test subject"}
	c.nip("subjectNip", t.NIP)
	oneOf(&c, "subjectType", t.Type, TestEnforcementAuthority, TestVATGroup, TestLocalGovernment)
	for i, u := range t.Subunits {
		at := index("subunits", i)
		c.nip(at+".subjectNip", u.NIP)
		c.text(at+".description", u.Description, 5, 256)
	}
	c.text("description", t.Description, 5, 256)
	t.Created = t.Created.UTC()
	return s.send(ctx, &c, "/testdata/subject", GroupAnonymous, t)
}

// RemoveSubject removes a company.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/subject/remove
func (s *TestDataService) RemoveSubject(ctx context.Context, nip pl.NIP) error {
	c := checker{op: "remove test subject"}
	c.nip("subjectNip", nip)
	return s.send(ctx, &c, "/testdata/subject/remove", GroupAnonymous, wireTestSubject{nip})
}

// CreatePerson makes a person.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/person
func (s *TestDataService) CreatePerson(ctx context.Context, p TestPerson) error {
	c := checker{op: "create test person"}
	c.nip("nip", p.NIP)
	c.need(p.PESEL != "", "pesel", RuleRequired, "give the PESEL")
	c.need(p.PESEL.Valid(), "pesel", RulePattern, "write the PESEL as eleven digits with the right check digit")
	c.text("description", p.Description, 5, 256)
	p.Created = p.Created.UTC()
	return s.send(ctx, &c, "/testdata/person", GroupAnonymous, p)
}

// RemovePerson removes a person.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/person/remove
func (s *TestDataService) RemovePerson(ctx context.Context, nip pl.NIP) error {
	c := checker{op: "remove test person"}
	c.nip("nip", nip)
	return s.send(ctx, &c, "/testdata/person/remove", GroupAnonymous, wireTestNIP{nip})
}

// Grant gives permissions in a context.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/permissions
func (s *TestDataService) Grant(ctx context.Context, g TestGrant) error {
	c := checker{op: "grant test permissions"}
	c.identifier("contextIdentifier", g.Context, IdentifierNIP)
	c.identifier("authorizedIdentifier", g.Authorized, personIdentifiers...)
	c.count("permissions", len(g.Permissions), 1, len(personPermissions), "permission")
	for i, p := range g.Permissions {
		at := index("permissions", i)
		oneOf(&c, at+".permissionType", p.Type, personPermissions...)
		c.text(at+".description", p.Description, 5, 256)
	}
	return s.send(ctx, &c, "/testdata/permissions", GroupAnonymous, g)
}

// Revoke takes back all permissions that Grant gave to somebody in a context.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/permissions/revoke
func (s *TestDataService) Revoke(ctx context.Context, context, authorized Identifier) error {
	c := checker{op: "revoke test permissions"}
	c.identifier("contextIdentifier", context, IdentifierNIP)
	c.identifier("authorizedIdentifier", authorized, personIdentifiers...)
	return s.send(ctx, &c, "/testdata/permissions/revoke", GroupAnonymous, wireTestRevocation{context, authorized})
}

// AllowAttachments gives the consent for invoices with attachments.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/attachment
func (s *TestDataService) AllowAttachments(ctx context.Context, nip pl.NIP) error {
	c := checker{op: "allow test attachments"}
	c.nip("nip", nip)
	return s.send(ctx, &c, "/testdata/attachment", GroupAnonymous, wireTestNIP{nip})
}

// ForbidAttachments takes the consent back, on the given day if there is one.
//
// Needs no login; group anonymous.
//
//ksef:op POST /testdata/attachment/revoke
func (s *TestDataService) ForbidAttachments(ctx context.Context, nip pl.NIP, end pl.Date) error {
	c := checker{op: "forbid test attachments"}
	c.nip("nip", nip)
	return s.send(ctx, &c, "/testdata/attachment/revoke", GroupAnonymous, wireTestAttachment{nip, end})
}

// BlockContext makes logins in a context end with AuthSecurityIncident.
//
// Needs no login; group other.
//
//ksef:op POST /testdata/context/block
func (s *TestDataService) BlockContext(ctx context.Context, id ContextID) error {
	return s.context(ctx, "block test context", "/testdata/context/block", id)
}

// UnblockContext allows logins again.
//
// Needs no login; group other.
//
//ksef:op POST /testdata/context/unblock
func (s *TestDataService) UnblockContext(ctx context.Context, id ContextID) error {
	return s.context(ctx, "unblock test context", "/testdata/context/unblock", id)
}

func (s *TestDataService) context(ctx context.Context, op, path string, id ContextID) error {
	c := checker{op: op}
	oneOf(&c, "contextIdentifier.type", id.Type, ContextNIP, ContextInternalID, ContextNIPVATUE, ContextPeppol)
	c.need(id.wellFormed(), "contextIdentifier.value", RulePattern, "check the identifier: it does not have the form of its type")
	return s.send(ctx, &c, path, GroupOther, wireTestContext{id})
}

func (s *TestDataService) send(ctx context.Context, c *checker, path string, group RateGroup, request any) error {
	if err := c.err(); err != nil {
		return err
	}
	if err := s.client.testsOnly(c.op); err != nil {
		return err
	}
	return effect(ctx, s.client, call{op: c.op, class: httpx.Once, group: group, method: "POST", path: path}, request)
}

// testsOnly keeps test data away from the environments of the ministry that do
// not have it.
func (c *Client) testsOnly(op string) error {
	if api := c.env.API; api == Demo().API || api == Production().API {
		return invalid(op, "environment "+c.env.Name+" has no test data")
	}
	return nil
}
