package ksef

import (
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// PermissionState tells whether a permission works.
type PermissionState string

// The states. An indirect permission is inactive when the client took back what
// it rests on.
const (
	PermissionActive   PermissionState = "Active"
	PermissionInactive PermissionState = "Inactive"
)

// GrantedPerson describes a person in a list; what was not given is empty.
type GrantedPerson struct {
	Type      DetailsType `json:"subjectDetailsType"`
	FirstName string      `json:"firstName"`
	LastName  string      `json:"lastName"`
	Number    *Identifier `json:"personIdentifier"`
	BirthDate pl.Date     `json:"birthDate"`
	Document  *IDDocument `json:"idDocument"`
}

// GrantedEntity describes a company in a list; what was not given is empty.
type GrantedEntity struct {
	Type     DetailsType `json:"subjectDetailsType"`
	FullName string      `json:"fullName"`
	Address  string      `json:"address"`
}

// GrantedPermission is a permission of the login itself or, with Author, of
// somebody else. Which of the identifiers are set depends on the kind of grant.
type GrantedPermission struct {
	ID          string          `json:"id"` // revokes it
	Context     *Identifier     `json:"contextIdentifier"`
	Authorized  *Identifier     `json:"authorizedIdentifier"`
	Target      *Identifier     `json:"targetIdentifier"`
	Author      *Identifier     `json:"authorIdentifier"` // nil in the list of one's own
	Permission  Permission      `json:"permissionScope"`
	Description string          `json:"description"`
	Person      *GrantedPerson  `json:"subjectPersonDetails"`
	Entity      *GrantedEntity  `json:"subjectEntityDetails"`
	State       PermissionState `json:"permissionState"`
	Start       time.Time       `json:"startDate"`
	CanDelegate bool            `json:"canDelegate"`
}

// SubunitPermission is the right of an administrator of a unit.
type SubunitPermission struct {
	ID          string         `json:"id"`
	Authorized  Identifier     `json:"authorizedIdentifier"`
	Unit        Identifier     `json:"subunitIdentifier"`
	Author      Identifier     `json:"authorIdentifier"`
	Permission  Permission     `json:"permissionScope"`
	Description string         `json:"description"`
	Person      *GrantedPerson `json:"subjectPersonDetails"`
	UnitName    string         `json:"subunitName"`
	Start       time.Time      `json:"startDate"`
}

// ReceivedPermission is what another company granted to the context.
type ReceivedPermission struct {
	ID          string     `json:"id"`
	Context     Identifier `json:"contextIdentifier"`
	Permission  Permission `json:"permissionScope"`
	Description string     `json:"description"`
	Start       time.Time  `json:"startDate"`
	CanDelegate bool       `json:"canDelegate"`
}

// EntityRoleType is a role that KSeF knows of a context. Roles that KSeF adds
// are kept as they come.
type EntityRoleType string

// The roles.
const (
	RoleCourtBailiff           EntityRoleType = "CourtBailiff"
	RoleEnforcementAuthority   EntityRoleType = "EnforcementAuthority"
	RoleLocalGovernmentUnit    EntityRoleType = "LocalGovernmentUnit"
	RoleLocalGovernmentSubUnit EntityRoleType = "LocalGovernmentSubUnit"
	RoleVATGroupUnit           EntityRoleType = "VatGroupUnit"
	RoleVATGroupSubUnit        EntityRoleType = "VatGroupSubUnit"
)

// EntityRole is a role of the context.
type EntityRole struct {
	Parent      *Identifier    `json:"parentEntityIdentifier"` // of a member or unit
	Role        EntityRoleType `json:"role"`
	Description string         `json:"description"`
	Start       time.Time      `json:"startDate"`
}

// SubordinateRole is a unit or member of the context.
type SubordinateRole struct {
	Subordinate Identifier     `json:"subordinateEntityIdentifier"`
	Role        EntityRoleType `json:"role"`
	Description string         `json:"description"`
	Start       time.Time      `json:"startDate"`
}

// Authorization lets one entity issue invoices on behalf of another.
type Authorization struct {
	ID          string         `json:"id"`
	Author      *Identifier    `json:"authorIdentifier"`
	Authorized  Identifier     `json:"authorizedEntityIdentifier"`
	Authorizing Identifier     `json:"authorizingEntityIdentifier"`
	Permission  Permission     `json:"authorizationScope"`
	Description string         `json:"description"`
	Entity      *GrantedEntity `json:"subjectEntityDetails"`
	Start       time.Time      `json:"startDate"`
}

// EUPermission is a permission in the context of an EU entity.
type EUPermission struct {
	ID          string         `json:"id"`
	Author      Identifier     `json:"authorIdentifier"`
	VATUE       string         `json:"vatUeIdentifier"`
	EntityName  string         `json:"euEntityName"`
	Fingerprint string         `json:"authorizedFingerprintIdentifier"`
	Permission  Permission     `json:"permissionScope"`
	Description string         `json:"description"`
	Person      *GrantedPerson `json:"subjectPersonDetails"`
	Subject     *GrantedEntity `json:"subjectEntityDetails"`
	Entity      *EntityAddress `json:"euEntityDetails"`
	Start       time.Time      `json:"startDate"`
}
