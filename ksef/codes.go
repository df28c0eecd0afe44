package ksef

import (
	"slices"
	"strconv"
)

// ErrorCode is a code in the body of an answer with HTTP status 400. Codes are
// stable; the texts beside them are not.
type ErrorCode int

// The codes of the API.
const (
	CodeInvalidDocument         ErrorCode = 9101
	CodeSignatureMissing        ErrorCode = 9102
	CodeTooManySignatures       ErrorCode = 9103
	CodeInvalidSignature        ErrorCode = 9105
	CodeUnreadableContent       ErrorCode = 21001
	CodeInvalidChallenge        ErrorCode = 21111
	CodeInvalidCertificate      ErrorCode = 21115
	CodeSubjectContextMismatch  ErrorCode = 21117
	CodeInvoiceLimitReached     ErrorCode = 21155
	CodeInvalidPartSize         ErrorCode = 21157
	CodeTooManyParts            ErrorCode = 21161
	CodeInvoiceNotFound         ErrorCode = 21164
	CodeInvoiceNotReady         ErrorCode = 21165
	CodeCorrectionExists        ErrorCode = 21166
	CodeCorrectionNotPossible   ErrorCode = 21167
	CodeSessionNotFound         ErrorCode = 21173
	CodeExportNotFound          ErrorCode = 21175
	CodeUPONotFound             ErrorCode = 21178
	CodeSessionStatus           ErrorCode = 21180
	CodeExportNotAllowed        ErrorCode = 21181
	CodeExportLimitReached      ErrorCode = 21182
	CodeRangeAfterHWM           ErrorCode = 21183
	CodeSessionUnavailable      ErrorCode = 21184
	CodePartMissing             ErrorCode = 21205
	CodeUploadWindowExceeded    ErrorCode = 21208
	CodeInvalidEncoding         ErrorCode = 21217
	CodeNotAuthorised           ErrorCode = 21301
	CodeAuthOperationNotFound   ErrorCode = 21304
	CodeDeceasedPerson          ErrorCode = 21308
	CodeSchemaViolation         ErrorCode = 21401
	CodeSizeMismatch            ErrorCode = 21402
	CodeHashMismatch            ErrorCode = 21403
	CodeValidation              ErrorCode = 21405
	CodeSubjectTypeConflict     ErrorCode = 21406
	CodeInvalidContinuation     ErrorCode = 21418
	CodeUnknownPublicKey        ErrorCode = 21470
	CodeNoEnrolmentData         ErrorCode = 25001
	CodeEnrolmentNotAllowed     ErrorCode = 25002
	CodeCSRDataDiffer           ErrorCode = 25003
	CodeInvalidCSR              ErrorCode = 25004
	CodeEnrolmentNotFound       ErrorCode = 25005
	CodeEnrolmentLimitReached   ErrorCode = 25006
	CodeCertificateLimitReached ErrorCode = 25007
	CodeCertificateNotFound     ErrorCode = 25008
	CodeCertificateNotActive    ErrorCode = 25009
	CodeInvalidKey              ErrorCode = 25010
	CodeInvalidCSRAlgorithm     ErrorCode = 25011
	CodeTokenPermissions        ErrorCode = 26001
	CodeTokenContextType        ErrorCode = 26002
	CodeTestSubjectExists       ErrorCode = 30001
	CodeNotCollectable          ErrorCode = 71001
	CodeCollectiveLimitReached  ErrorCode = 71002
)

// The reasons of a 403, see [Error.ReasonCode].
const (
	ReasonMissingPermissions    = "missing-permissions"
	ReasonIPNotAllowed          = "ip-not-allowed"
	ReasonInsufficientAccess    = "insufficient-resource-access"
	ReasonLoginNotAllowed       = "auth-method-not-allowed"
	ReasonContextTypeNotAllowed = "context-type-not-allowed"
	ReasonBlocked               = "security-service-blocked"
)

type codeFact struct {
	code     ErrorCode
	meaning  string
	retry    Retry
	sentinel error
}

// codeFacts is the catalogue, in ascending order.
var codeFacts = [...]codeFact{
	{CodeInvalidDocument, "signed document unreadable", RetryNever, nil},
	{CodeSignatureMissing, "signature missing", RetryNever, nil},
	{CodeTooManySignatures, "more signatures than allowed", RetryNever, nil},
	{CodeInvalidSignature, "signature not valid or not of an accepted profile", RetryNever, nil},
	{CodeUnreadableContent, "content unreadable", RetryNever, nil},
	{CodeInvalidChallenge, "challenge unknown, used or older than 10 minutes", RetryLogin, nil},
	{CodeInvalidCertificate, "certificate not valid here, or its digest in the signature differs", RetryNever, nil},
	{CodeSubjectContextMismatch, "subject does not fit the type of the context", RetryNever, nil},
	{CodeInvoiceLimitReached, "session holds as many invoices as allowed", RetryNewSession, nil},
	{CodeInvalidPartSize, "size of a package part is wrong", RetryNever, nil},
	{CodeTooManyParts, "more package parts than allowed", RetryNever, nil},
	{CodeInvoiceNotFound, "no invoice with this KSeF number in reach", RetryNever, ErrNotFound},
	{CodeInvoiceNotReady, "invoice exists but cannot be downloaded yet", RetryLater, ErrNotReady},
	{CodeCorrectionExists, "a technical correction was already accepted", RetryNever, nil},
	{CodeCorrectionNotPossible, "technical correction not possible in this status", RetryNever, nil},
	{CodeSessionNotFound, "session not found", RetryNever, ErrNotFound},
	{CodeExportNotFound, "export not found", RetryNever, ErrNotFound},
	{CodeUPONotFound, "confirmation of receipt (UPO) not found", RetryNever, ErrNotFound},
	{CodeSessionStatus, "session status does not allow the operation", RetryNewSession, ErrSessionNotOpen},
	{CodeExportNotAllowed, "export not allowed for this role in this context", RetryNever, nil},
	{CodeExportLimitReached, "too many exports running", RetryLater, nil},
	{CodeRangeAfterHWM, "range begins after the high water mark: nothing new yet", RetryLater, nil},
	{CodeSessionUnavailable, "session temporarily unavailable", RetryNewSession, ErrSessionUnavailable},
	{CodePartMissing, "a declared package part was not uploaded", RetryNever, nil},
	{CodeUploadWindowExceeded, "upload time exceeded, session cancelled", RetryNewSession, nil},
	{CodeInvalidEncoding, "character encoding not valid", RetryNever, nil},
	{CodeNotAuthorised, "not authorised: tokens already redeemed, or login revoked or unfinished", RetryLogin, ErrUnauthorized},
	{CodeAuthOperationNotFound, "login operation not found", RetryLogin, ErrNotFound},
	{CodeDeceasedPerson, "credentials of a deceased person", RetryNever, nil},
	{CodeSchemaViolation, "document violates its schema", RetryNever, nil},
	{CodeSizeMismatch, "declared size differs from the content", RetryNever, nil},
	{CodeHashMismatch, "declared hash differs from the content", RetryNever, nil},
	{CodeValidation, "input validation error", RetryNever, nil},
	{CodeSubjectTypeConflict, "signature and declared subject identifier type conflict", RetryNever, nil},
	{CodeInvalidContinuation, "malformed continuation token", RetryNever, nil},
	{CodeUnknownPublicKey, "public key unknown or withdrawn", RetryNewKey, ErrUnknownKey},
	{CodeNoEnrolmentData, "no certificate request data for this kind of login", RetryNever, nil},
	{CodeEnrolmentNotAllowed, "certificate enrolment not allowed for this kind of login", RetryNever, nil},
	{CodeCSRDataDiffer, "certificate request differs from the data of the login", RetryNever, nil},
	{CodeInvalidCSR, "certificate request malformed or badly signed", RetryNever, nil},
	{CodeEnrolmentNotFound, "certificate enrolment not found", RetryNever, ErrNotFound},
	{CodeEnrolmentLimitReached, "limit of certificate enrolments reached", RetryNever, nil},
	{CodeCertificateLimitReached, "limit of active certificates reached", RetryNever, nil},
	{CodeCertificateNotFound, "certificate not found", RetryNever, ErrNotFound},
	{CodeCertificateNotActive, "certificate already revoked, blocked or not valid", RetryNever, nil},
	{CodeInvalidKey, "key type or length not allowed", RetryNever, nil},
	{CodeInvalidCSRAlgorithm, "signature algorithm of the certificate request not allowed", RetryNever, nil},
	{CodeTokenPermissions, "token may not get permissions that the caller lacks", RetryNever, nil},
	{CodeTokenContextType, "tokens cannot be made in this type of context", RetryNever, nil},
	{CodeTestSubjectExists, "test subject or permission already exists", RetryNever, nil},
	{CodeNotCollectable, "invoice cannot be put in a collective identifier", RetryNever, nil},
	{CodeCollectiveLimitReached, "invoice is in as many collective identifiers as allowed", RetryNever, nil},
}

func (c ErrorCode) fact() (codeFact, bool) {
	i, found := slices.BinarySearchFunc(codeFacts[:], c, func(f codeFact, c ErrorCode) int {
		return int(f.code) - int(c)
	})
	if !found {
		return codeFact{}, false
	}
	return codeFacts[i], true
}

// Meaning explains the code, "" for a code unknown here.
func (c ErrorCode) Meaning() string {
	f, _ := c.fact()
	return f.meaning
}

// Retry says what makes sense after the code; RetryNever for unknown ones.
func (c ErrorCode) Retry() Retry {
	f, _ := c.fact()
	return f.retry
}

// String is the code with its meaning.
func (c ErrorCode) String() string {
	if m := c.Meaning(); m != "" {
		return strconv.Itoa(int(c)) + " " + m
	}
	return strconv.Itoa(int(c))
}

func (c ErrorCode) sentinel() error {
	f, _ := c.fact()
	return f.sentinel
}
