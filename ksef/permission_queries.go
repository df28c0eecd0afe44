package ksef

import (
	"context"
	"iter"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// OwnFilter narrows the list of one's own permissions. The zero filter takes
// all.
type OwnFilter struct {
	Context     *Identifier     `json:"contextIdentifier,omitempty"` // who granted: Nip or InternalId
	Target      *Identifier     `json:"targetIdentifier,omitempty"`  // of indirect ones: Nip, AllPartners or InternalId
	Permissions []Permission    `json:"permissionTypes,omitempty"`
	State       PermissionState `json:"permissionState,omitempty"`
}

// PersonQueryType chooses between two lists of permissions of persons.
type PersonQueryType string

// The lists.
const (
	InCurrentContext        PersonQueryType = "PermissionsInCurrentContext"
	GrantedInCurrentContext PersonQueryType = "PermissionsGrantedInCurrentContext"
)

// PersonFilter narrows the list of permissions of persons. Type is required.
type PersonFilter struct {
	Author      *Identifier     `json:"authorIdentifier,omitempty"`     // Nip, Pesel, Fingerprint or System
	Authorized  *Identifier     `json:"authorizedIdentifier,omitempty"` // Nip, Pesel or Fingerprint
	Context     *Identifier     `json:"contextIdentifier,omitempty"`    // Nip or InternalId
	Target      *Identifier     `json:"targetIdentifier,omitempty"`     // Nip, AllPartners or InternalId
	Permissions []Permission    `json:"permissionTypes,omitempty"`
	State       PermissionState `json:"permissionState,omitempty"`
	Type        PersonQueryType `json:"queryType"`
}

// SubunitFilter narrows the list of administrators of units.
type SubunitFilter struct {
	Unit *Identifier `json:"subunitIdentifier,omitempty"` // InternalId or Nip
}

// EntityFilter narrows the list of permissions received from other companies.
type EntityFilter struct {
	Context *Identifier `json:"contextIdentifier,omitempty"` // Nip or InternalId
}

// SubordinateFilter narrows the list of units and members.
type SubordinateFilter struct {
	Subordinate *Identifier `json:"subordinateEntityIdentifier,omitempty"` // Nip
}

// AuthorizationSide chooses between authorisations given and received.
type AuthorizationSide string

// The sides.
const (
	AuthorizationsGranted  AuthorizationSide = "Granted"
	AuthorizationsReceived AuthorizationSide = "Received"
)

// AuthorizationFilter narrows the list of authorisations. Side is required.
type AuthorizationFilter struct {
	Authorizing *Identifier       `json:"authorizingIdentifier,omitempty"` // Nip; of received ones
	Authorized  *Identifier       `json:"authorizedIdentifier,omitempty"`  // Nip or PeppolId; of granted ones
	Side        AuthorizationSide `json:"queryType"`
	Permissions []Permission      `json:"permissionTypes,omitempty"`
}

// EUFilter narrows the list of permissions in EU entities.
type EUFilter struct {
	VATUE       string       `json:"vatUeIdentifier,omitempty"`                 // number with its country prefix
	Fingerprint string       `json:"authorizedFingerprintIdentifier,omitempty"` // contained in it
	Permissions []Permission `json:"permissionTypes,omitempty"`
}

func (c *checker) narrowing(values, allowed []Permission) {
	distinct(c, "permissionTypes", values, allowed...)
}

func (c *checker) state(s PermissionState) {
	if s != "" {
		oneOf(c, "permissionState", s, PermissionActive, PermissionInactive)
	}
}

// permissionList makes the calls of a list of permissions, 100 on a page.
func permissionList[W, T any](ctx context.Context, s *PermissionsService, c *checker, path string, filter any, open func(*W) ([]T, bool)) iter.Seq2[T, error] {
	if err := c.err(); err != nil {
		return broken[T](err)
	}
	k := call{op: c.op, class: httpx.Read, group: GroupOther, method: "GET", path: path}
	if filter != nil {
		var err error
		k.method = "POST"
		if k, err = k.with(filter); err != nil {
			return broken[T](err)
		}
	}
	return numbered(ctx, s.account, k, 100, open)
}

type wirePermissions[T any] struct {
	Permissions []T  `json:"permissions"`
	HasMore     bool `json:"hasMore"`
}

func (w *wirePermissions[T]) open() ([]T, bool) { return w.Permissions, w.HasMore }

type wireRoles[T any] struct {
	Roles   []T  `json:"roles"`
	HasMore bool `json:"hasMore"`
}

func (w *wireRoles[T]) open() ([]T, bool) { return w.Roles, w.HasMore }

type wireAuthorizations struct {
	Grants  []*Authorization `json:"authorizationGrants"`
	HasMore bool             `json:"hasMore"`
}

func (w *wireAuthorizations) open() ([]*Authorization, bool) { return w.Grants, w.HasMore }

// Own gives the permissions of the login in its context, without those of an
// owner, the newest first.
//
// Needs no permission; group other.
//
//ksef:op POST /permissions/query/personal/grants
func (s *PermissionsService) Own(ctx context.Context, f OwnFilter) iter.Seq2[*GrantedPermission, error] {
	c := checker{op: "list own permissions"}
	c.filter("contextIdentifier", f.Context, IdentifierNIP, IdentifierInternalID)
	c.filter("targetIdentifier", f.Target, IdentifierNIP, IdentifierAllPartners, IdentifierInternalID)
	c.narrowing(f.Permissions, personalPermissions)
	c.state(f.State)
	return permissionList(ctx, s, &c, "/permissions/query/personal/grants", f, (*wirePermissions[*GrantedPermission]).open)
}

// Persons gives permissions of persons, the newest first.
//
// Needs CredentialsManage, CredentialsRead or SubunitManage; group other.
//
//ksef:op POST /permissions/query/persons/grants
func (s *PermissionsService) Persons(ctx context.Context, f PersonFilter) iter.Seq2[*GrantedPermission, error] {
	c := checker{op: "list permissions of persons"}
	c.filter("authorIdentifier", f.Author, IdentifierNIP, IdentifierPESEL, IdentifierFingerprint, IdentifierSystem)
	c.filter("authorizedIdentifier", f.Authorized, personIdentifiers...)
	c.filter("contextIdentifier", f.Context, IdentifierNIP, IdentifierInternalID)
	c.filter("targetIdentifier", f.Target, IdentifierNIP, IdentifierAllPartners, IdentifierInternalID)
	c.narrowing(f.Permissions, personPermissions)
	c.state(f.State)
	oneOf(&c, "queryType", f.Type, InCurrentContext, GrantedInCurrentContext)
	return permissionList(ctx, s, &c, "/permissions/query/persons/grants", f, (*wirePermissions[*GrantedPermission]).open)
}

// Subunits gives the administrators of units, the newest first.
//
// Needs CredentialsManage, CredentialsRead or SubunitManage; group other.
//
//ksef:op POST /permissions/query/subunits/grants
func (s *PermissionsService) Subunits(ctx context.Context, f SubunitFilter) iter.Seq2[*SubunitPermission, error] {
	c := checker{op: "list administrators of subunits"}
	c.filter("subunitIdentifier", f.Unit, IdentifierInternalID, IdentifierNIP)
	return permissionList(ctx, s, &c, "/permissions/query/subunits/grants", f, (*wirePermissions[*SubunitPermission]).open)
}

// Received gives the permissions that other companies granted to the context,
// the newest first. Needs API 2.2.0 or later.
//
// Needs CredentialsManage or CredentialsRead; group other.
//
//ksef:op POST /permissions/query/entities/grants
func (s *PermissionsService) Received(ctx context.Context, f EntityFilter) iter.Seq2[*ReceivedPermission, error] {
	c := checker{op: "list received permissions"}
	c.filter("contextIdentifier", f.Context, IdentifierNIP, IdentifierInternalID)
	return permissionList(ctx, s, &c, "/permissions/query/entities/grants", f, (*wirePermissions[*ReceivedPermission]).open)
}

// Roles gives the roles of the context, the newest first.
//
// Needs CredentialsManage or CredentialsRead; group other.
//
//ksef:op GET /permissions/query/entities/roles
func (s *PermissionsService) Roles(ctx context.Context) iter.Seq2[*EntityRole, error] {
	c := checker{op: "list roles"}
	return permissionList(ctx, s, &c, "/permissions/query/entities/roles", nil, (*wireRoles[*EntityRole]).open)
}

// Subordinates gives the units and members of the context, the newest first.
//
// Needs CredentialsManage, CredentialsRead or SubunitManage; group other.
//
//ksef:op POST /permissions/query/subordinate-entities/roles
func (s *PermissionsService) Subordinates(ctx context.Context, f SubordinateFilter) iter.Seq2[*SubordinateRole, error] {
	c := checker{op: "list subordinate entities"}
	c.filter("subordinateEntityIdentifier", f.Subordinate, IdentifierNIP)
	return permissionList(ctx, s, &c, "/permissions/query/subordinate-entities/roles", f, (*wireRoles[*SubordinateRole]).open)
}

// Authorizations gives the authorisations to invoice that the context granted
// or received, the newest first.
//
// Needs CredentialsManage, CredentialsRead or PefInvoiceWrite; group other.
//
//ksef:op POST /permissions/query/authorizations/grants
func (s *PermissionsService) Authorizations(ctx context.Context, f AuthorizationFilter) iter.Seq2[*Authorization, error] {
	c := checker{op: "list authorisations"}
	c.filter("authorizingIdentifier", f.Authorizing, IdentifierNIP)
	c.filter("authorizedIdentifier", f.Authorized, IdentifierNIP, IdentifierPeppol)
	oneOf(&c, "queryType", f.Side, AuthorizationsGranted, AuthorizationsReceived)
	c.narrowing(f.Permissions, authorizationPermissions)
	return permissionList(ctx, s, &c, "/permissions/query/authorizations/grants", f, (*wireAuthorizations).open)
}

// EU gives the permissions in the context of an EU entity, the newest first.
//
// Needs CredentialsManage, CredentialsRead or VatUeManage; group other.
//
//ksef:op POST /permissions/query/eu-entities/grants
func (s *PermissionsService) EU(ctx context.Context, f EUFilter) iter.Seq2[*EUPermission, error] {
	c := checker{op: "list permissions in EU entities"}
	if f.VATUE != "" {
		v, err := pl.ParseVATUE(f.VATUE)
		c.need(err == nil && v.String() == f.VATUE, "vatUeIdentifier", RulePattern, "write the EU VAT number with its country prefix, in capitals without blanks")
	}
	c.optional("authorizedFingerprintIdentifier", f.Fingerprint, 1, 64)
	c.narrowing(f.Permissions, euQueryPermissions)
	return permissionList(ctx, s, &c, "/permissions/query/eu-entities/grants", f, (*wirePermissions[*EUPermission]).open)
}
