package ksef

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// PermissionsService grants, revokes and lists permissions (uprawnienia). A
// grant and a revocation are done later: they give the reference number of an
// operation, whose end WaitPermission awaits. Rights of an owner (a login whose
// NIP is the context) are in no list.
type PermissionsService struct{ account *Account }

// Permission is a right of a subject in a context, by its name in the API.
// Rights that KSeF adds are kept as they come.
type Permission string

// The permissions.
const (
	PermInvoiceRead       Permission = "InvoiceRead"
	PermInvoiceWrite      Permission = "InvoiceWrite"
	PermCredentialsRead   Permission = "CredentialsRead"            // see permissions
	PermCredentialsManage Permission = "CredentialsManage"          // grant permissions
	PermIntrospection     Permission = "Introspection"              // see sessions and receipts of others
	PermSubunitManage     Permission = "SubunitManage"              // manage units
	PermEnforcement       Permission = "EnforcementOperations"      // bailiffs and enforcement authorities
	PermVATUEManage       Permission = "VatUeManage"                // manage an EU entity's permissions
	PermCollectiveManage  Permission = "CollectiveIdentifierManage" // since API 2.7.0
	// PermPEFInvoiceWrite follows from PermPEFInvoicing for Peppol providers; it
	// is required by operations and never granted by itself.
	PermPEFInvoiceWrite Permission = "PefInvoiceWrite"
)

// Permissions of one entity to invoice for another.
const (
	PermSelfInvoicing     Permission = "SelfInvoicing"
	PermRRInvoicing       Permission = "RRInvoicing" // flat-rate farmers
	PermTaxRepresentative Permission = "TaxRepresentative"
	PermPEFInvoicing      Permission = "PefInvoicing" // Peppol providers
)

var (
	personPermissions = []Permission{
		PermCredentialsManage, PermCredentialsRead, PermInvoiceWrite, PermInvoiceRead, PermIntrospection,
		PermSubunitManage, PermEnforcement, PermCollectiveManage,
	}
	personalPermissions      = append(personPermissions[:len(personPermissions):len(personPermissions)], PermVATUEManage)
	invoicePermissions       = []Permission{PermInvoiceWrite, PermInvoiceRead}
	authorizationPermissions = []Permission{PermSelfInvoicing, PermRRInvoicing, PermTaxRepresentative, PermPEFInvoicing}
	euQueryPermissions       = []Permission{PermVATUEManage, PermInvoiceWrite, PermInvoiceRead, PermIntrospection}
)

// Statuses of a grant or a revocation, see [PermissionStatus].
const (
	PermissionAccepted           = 100
	PermissionDone               = 200
	PermissionFailed             = 400
	PermissionIdentifierMismatch = 410
	PermissionNotEntitled        = 420
	PermissionContextUnfit       = 430
	PermissionRelationUnfit      = 440
	PermissionIdentifierUnfit    = 450
)

var permissionStatuses = []statusFact{
	{PermissionAccepted, "accepted for processing", nil, false},
	{PermissionDone, "done", nil, false},
	{PermissionFailed, "operation failed", ErrRejected, false},
	{PermissionIdentifierMismatch, "identifiers do not match or are not related as needed", ErrRejected, false},
	{PermissionNotEntitled, "login lacks the right to do this", ErrForbidden, false},
	{PermissionContextUnfit, "context does not have the role that the permission needs", ErrRejected, false},
	{PermissionRelationUnfit, "not allowed for identifiers related like these", ErrRejected, false},
	{PermissionIdentifierUnfit, "not allowed for this identifier or its type", ErrRejected, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
	{StatusCancelledBySystem, "cancelled by the system", ErrUnavailable, true},
}

// PermissionStatus is the state of a grant or a revocation.
type PermissionStatus struct {
	Status Status `json:"status"`
}

// Err is nil while the operation runs and when it is done, else a
// [*StatusError] that matches ErrForbidden, ErrRejected or ErrUnavailable.
func (s *PermissionStatus) Err() error {
	return statusError("change permission", "", s.Status, permissionStatuses)
}

// Status reads the state of a grant or a revocation. It is kept 30 days
// (ErrGone afterwards).
//
// Needs no permission; group other.
//
//ksef:op GET /permissions/operations/{referenceNumber}
func (s *PermissionsService) Status(ctx context.Context, reference string) (*PermissionStatus, error) {
	const op = "get permission operation status"
	p, err := path(op, "/permissions/operations/", reference)
	if err != nil {
		return nil, err
	}
	status, err := ask[PermissionStatus](ctx, s.account, call{op: op, class: httpx.Poll, group: GroupOther, method: "GET", path: p})
	if err == nil && status.Status.Code == 0 {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return status, err
}

// WaitPermission asks for the state of a grant or a revocation until it is
// final. Refusal is not an error of WaitPermission: see [PermissionStatus.Err].
func (a *Account) WaitPermission(ctx context.Context, reference string) (*PermissionStatus, error) {
	return poll(ctx, a.client.poll, "wait for permission",
		func(ctx context.Context) (*PermissionStatus, error) { return a.Permissions.Status(ctx, reference) },
		func(s *PermissionStatus) bool { return s.Status.Final() })
}

// AttachmentStatus tells whether the context may send invoices with
// attachments.
type AttachmentStatus struct {
	Allowed bool `json:"isAttachmentAllowed"`
	// Until is when that ended or ends; zero for no end.
	Until time.Time `json:"revokedDate"`
}

// UnmarshalJSON reads an answer of the API.
func (s *AttachmentStatus) UnmarshalJSON(data []byte) error {
	type fields AttachmentStatus
	w := struct {
		*fields
		Until wireTime `json:"revokedDate"`
	}{fields: (*fields)(s)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	s.Until = w.Until.Time
	return nil
}

// AttachmentStatus reads whether the consent for attachments, given in e-Urząd
// Skarbowy, is in force.
//
// Needs CredentialsManage or CredentialsRead; group other.
//
//ksef:op GET /permissions/attachments/status
func (s *PermissionsService) AttachmentStatus(ctx context.Context) (*AttachmentStatus, error) {
	return ask[AttachmentStatus](ctx, s.account, call{op: "get attachment consent", class: httpx.Read, group: GroupOther, method: "GET", path: "/permissions/attachments/status"})
}

// Revoke takes back a permission of a person, an entity, a unit, an EU entity
// or one granted indirectly, by its id in a list. It returns the reference
// number of the operation.
//
// Needs CredentialsManage, VatUeManage or SubunitManage; group other.
//
//ksef:op DELETE /permissions/common/grants/{permissionId}
func (s *PermissionsService) Revoke(ctx context.Context, id string) (string, error) {
	return s.revoke(ctx, "revoke permission", "/permissions/common/grants/", id)
}

// RevokeAuthorization takes back the authorisation of an entity to invoice for
// another, by its id in a list. It returns the reference number of the
// operation.
//
// Needs CredentialsManage; group other.
//
//ksef:op DELETE /permissions/authorizations/grants/{permissionId}
func (s *PermissionsService) RevokeAuthorization(ctx context.Context, id string) (string, error) {
	return s.revoke(ctx, "revoke authorisation", "/permissions/authorizations/grants/", id)
}

func (s *PermissionsService) revoke(ctx context.Context, op, base, id string) (string, error) {
	p, err := path(op, base, id)
	if err != nil {
		return "", err
	}
	return reference(ctx, s.account, call{op: op, class: httpx.Once, group: GroupOther, method: "DELETE", path: p})
}
