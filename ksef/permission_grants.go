package ksef

import (
	"context"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// PersonGrant gives a person permissions in the context of the login.
type PersonGrant struct {
	Subject     Identifier     `json:"subjectIdentifier"` // Nip, Pesel or Fingerprint
	Permissions []Permission   `json:"permissions"`
	Description string         `json:"description"` // 5 to 256 characters
	Details     SubjectDetails `json:"subjectDetails"`
}

// EntityGrant lets another company read or write invoices, an accounting office
// for example.
type EntityGrant struct {
	Subject     Identifier         `json:"subjectIdentifier"` // Nip
	Permissions []EntityPermission `json:"permissions"`
	Description string             `json:"description"`    // 5 to 256 characters
	Details     EntityName         `json:"subjectDetails"` // 5 to 90 characters
}

// EntityPermission is InvoiceRead or InvoiceWrite.
type EntityPermission struct {
	Type Permission `json:"type"`
	// CanDelegate lets the company pass the permission on to its people, see
	// IndirectGrant.
	CanDelegate bool `json:"canDelegate"`
}

// AuthorizationGrant lets another company or a Peppol provider issue invoices
// on behalf of the context.
type AuthorizationGrant struct {
	Subject     Identifier `json:"subjectIdentifier"` // Nip or PeppolId
	Permission  Permission `json:"permission"`        // SelfInvoicing, RRInvoicing, TaxRepresentative or PefInvoicing
	Description string     `json:"description"`       // 5 to 256 characters
	Details     EntityName `json:"subjectDetails"`    // 5 to 90 characters
}

// IndirectGrant passes permissions that clients granted with CanDelegate on to
// a person.
type IndirectGrant struct {
	Subject Identifier `json:"subjectIdentifier"` // Nip, Pesel or Fingerprint
	// Target is the client, a Nip or InternalId; nil and AllPartners mean all.
	Target      *Identifier    `json:"targetIdentifier,omitempty"`
	Permissions []Permission   `json:"permissions"` // InvoiceRead, InvoiceWrite
	Description string         `json:"description"` // 5 to 256 characters
	Details     SubjectDetails `json:"subjectDetails"`
}

// SubunitGrant makes a person the administrator of a unit, with
// CredentialsManage there.
type SubunitGrant struct {
	Subject Identifier `json:"subjectIdentifier"` // Nip, Pesel or Fingerprint
	// Unit is an InternalId with the right check digit; a Nip for units of
	// local governments and members of VAT groups.
	Unit        Identifier `json:"contextIdentifier"`
	Description string     `json:"description"` // 5 to 256 characters
	// Name has 5 to 256 characters and is required for an InternalId.
	Name    string         `json:"subunitName,omitempty"`
	Details SubjectDetails `json:"subjectDetails"`
}

// EUAdministratorGrant makes the owner of a certificate the administrator of an
// EU entity: VatUeManage, InvoiceWrite, InvoiceRead and Introspection.
type EUAdministratorGrant struct {
	Subject     Identifier `json:"subjectIdentifier"` // Fingerprint
	Context     Identifier `json:"contextIdentifier"` // NipVatUe
	Description string     `json:"description"`       // 5 to 256 characters
	// EntityName is "name, address", 5 to 256 characters.
	EntityName string         `json:"euEntityName"`
	Details    SubjectDetails `json:"subjectDetails"`
	Entity     EntityAddress  `json:"euEntityDetails"`
}

// EUGrant gives the owner of a certificate permissions in the context of an EU
// entity.
type EUGrant struct {
	Subject     Identifier     `json:"subjectIdentifier"` // Fingerprint
	Permissions []Permission   `json:"permissions"`       // InvoiceRead, InvoiceWrite
	Description string         `json:"description"`       // 5 to 256 characters
	Details     SubjectDetails `json:"subjectDetails"`
}

var personIdentifiers = []IdentifierType{IdentifierNIP, IdentifierPESEL, IdentifierFingerprint}

func (c *checker) permissions(values, allowed []Permission) {
	c.count("permissions", len(values), 1, len(allowed), "permission")
	distinct(c, "permissions", values, allowed...)
}

// GrantPerson gives a person permissions. Like all grants it returns the
// reference number of an operation; one that may not be made is refused here
// with a [*FieldError]. When the outcome is unknown, look with Persons before
// granting again.
//
// Needs CredentialsManage; group other.
//
//ksef:op POST /permissions/persons/grants
func (s *PermissionsService) GrantPerson(ctx context.Context, g PersonGrant) (string, error) {
	c := checker{op: "grant person permissions"}
	c.identifier("subjectIdentifier", g.Subject, personIdentifiers...)
	c.permissions(g.Permissions, personPermissions)
	c.text("description", g.Description, 5, 256)
	c.details("subjectDetails", g.Details, g.Subject, false)
	return s.grant(ctx, &c, "/permissions/persons/grants", g)
}

// GrantEntity lets another company read or write invoices.
//
// Needs CredentialsManage; group other.
//
//ksef:op POST /permissions/entities/grants
func (s *PermissionsService) GrantEntity(ctx context.Context, g EntityGrant) (string, error) {
	c := checker{op: "grant entity permissions"}
	c.identifier("subjectIdentifier", g.Subject, IdentifierNIP)
	c.count("permissions", len(g.Permissions), 1, len(invoicePermissions), "permission")
	for i, p := range g.Permissions {
		at := index("permissions", i)
		oneOf(&c, at+".type", p.Type, invoicePermissions...)
		c.need(i == 0 || g.Permissions[0].Type != p.Type, at+".type", RuleUnique, "give every permission once")
	}
	c.text("description", g.Description, 5, 256)
	c.text("subjectDetails.fullName", g.Details.FullName, 5, 90)
	return s.grant(ctx, &c, "/permissions/entities/grants", g)
}

// GrantAuthorization lets another company or a Peppol provider issue invoices
// on behalf of the context.
//
// Needs CredentialsManage; group other.
//
//ksef:op POST /permissions/authorizations/grants
func (s *PermissionsService) GrantAuthorization(ctx context.Context, g AuthorizationGrant) (string, error) {
	c := checker{op: "grant authorisation"}
	c.identifier("subjectIdentifier", g.Subject, IdentifierNIP, IdentifierPeppol)
	oneOf(&c, "permission", g.Permission, authorizationPermissions...)
	c.text("description", g.Description, 5, 256)
	c.text("subjectDetails.fullName", g.Details.FullName, 5, 90)
	return s.grant(ctx, &c, "/permissions/authorizations/grants", g)
}

// GrantIndirect passes permissions of clients on to a person.
//
// Needs CredentialsManage; group other.
//
//ksef:op POST /permissions/indirect/grants
func (s *PermissionsService) GrantIndirect(ctx context.Context, g IndirectGrant) (string, error) {
	c := checker{op: "grant indirect permissions"}
	c.identifier("subjectIdentifier", g.Subject, personIdentifiers...)
	c.filter("targetIdentifier", g.Target, IdentifierNIP, IdentifierAllPartners, IdentifierInternalID)
	c.permissions(g.Permissions, invoicePermissions)
	c.text("description", g.Description, 5, 256)
	c.details("subjectDetails", g.Details, g.Subject, false)
	return s.grant(ctx, &c, "/permissions/indirect/grants", g)
}

// GrantSubunit makes a person the administrator of a unit.
//
// Needs SubunitManage; group other.
//
//ksef:op POST /permissions/subunits/grants
func (s *PermissionsService) GrantSubunit(ctx context.Context, g SubunitGrant) (string, error) {
	c := checker{op: "grant subunit permissions"}
	c.identifier("subjectIdentifier", g.Subject, personIdentifiers...)
	c.identifier("contextIdentifier", g.Unit, IdentifierInternalID, IdentifierNIP)
	c.text("description", g.Description, 5, 256)
	if g.Unit.Type == IdentifierInternalID {
		c.need(checkedInternalID(g.Unit.Value), "contextIdentifier.value", RulePattern, "check the last digit of the internal identifier")
		c.need(g.Name != "", "subunitName", RuleRequired, "name the unit")
	}
	c.optional("subunitName", g.Name, 5, 256)
	c.details("subjectDetails", g.Details, g.Subject, false)
	return s.grant(ctx, &c, "/permissions/subunits/grants", g)
}

// GrantEUAdministrator makes the owner of a certificate the administrator of an
// EU entity.
//
// Needs CredentialsManage; group other.
//
//ksef:op POST /permissions/eu-entities/administration/grants
func (s *PermissionsService) GrantEUAdministrator(ctx context.Context, g EUAdministratorGrant) (string, error) {
	c := checker{op: "grant EU entity administration"}
	c.identifier("subjectIdentifier", g.Subject, IdentifierFingerprint)
	c.identifier("contextIdentifier", g.Context, IdentifierNIPVATUE)
	c.text("description", g.Description, 5, 256)
	c.text("euEntityName", g.EntityName, 5, 256)
	c.details("subjectDetails", g.Details, g.Subject, true)
	g.Entity.check(&c, "euEntityDetails")
	return s.grant(ctx, &c, "/permissions/eu-entities/administration/grants", g)
}

// GrantEU gives the owner of a certificate permissions in the context of an EU
// entity.
//
// Needs VatUeManage; group other.
//
//ksef:op POST /permissions/eu-entities/grants
func (s *PermissionsService) GrantEU(ctx context.Context, g EUGrant) (string, error) {
	c := checker{op: "grant EU entity permissions"}
	c.identifier("subjectIdentifier", g.Subject, IdentifierFingerprint)
	c.permissions(g.Permissions, invoicePermissions)
	c.text("description", g.Description, 5, 256)
	c.details("subjectDetails", g.Details, g.Subject, true)
	return s.grant(ctx, &c, "/permissions/eu-entities/grants", g)
}

func (s *PermissionsService) grant(ctx context.Context, c *checker, path string, request any) (string, error) {
	if err := c.err(); err != nil {
		return "", err
	}
	return submit(ctx, s.account, call{op: c.op, class: httpx.Once, group: GroupOther, method: "POST", path: path}, request)
}
