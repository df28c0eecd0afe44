package ksef

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/faktupro/faktupro-go/pl"
)

// Status is how far an asynchronous operation has come: below 200 it runs, 200
// is success, above 200 it ended badly. Description and Details are the
// server's words, in Polish, and may name persons and numbers.
type Status struct {
	Code        int      `json:"code"`
	Description string   `json:"description"`
	Details     []string `json:"details,omitempty"`
	// Extensions carry data of their own for some codes, such as the original
	// of a duplicate.
	Extensions map[string]string `json:"extensions,omitempty"`
}

// UnmarshalJSON reads a status of the API and bounds its texts.
func (s *Status) UnmarshalJSON(data []byte) error {
	var w wireInvoiceStatusInfo
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*s = w.public()
	return nil
}

// Final reports whether the status will not change any more. A code that is
// not known counts by its range.
func (s Status) Final() bool { return s.Code >= 200 }

// Success reports code 200.
func (s Status) Success() bool { return s.Code == 200 }

type statusFact struct {
	code    int
	meaning string
	is      error // the sentinel that the code matches
	again   bool  // the whole operation may be started again as it was
}

func lookup(table []statusFact, code int) statusFact {
	i := slices.IndexFunc(table, func(f statusFact) bool { return f.code == code })
	if i >= 0 {
		return table[i]
	}
	f := statusFact{code: code, is: ErrUnavailable, again: code == StatusCancelledBySystem}
	if code < 500 {
		f.is = ErrRejected // a failure that is not known here is a failure all the same
	}
	return f
}

// Statuses of a login, see [AuthStatus].
const (
	AuthInProgress       = 100
	AuthSucceeded        = 200
	AuthNoPermissions    = 415
	AuthRevoked          = 425
	AuthTokenRefused     = 450
	AuthCertRefused      = 460
	AuthDeceased         = 470
	AuthSecurityIncident = 480
)

// Statuses of a session, online or batch, see [SessionStatus].
const (
	SessionOpen             = 100
	SessionBatchProcessing  = 150
	SessionClosed           = 170
	SessionProcessed        = 200
	SessionPartsInvalid     = 405
	SessionKeyUnreadable    = 415
	SessionTooManyInvoices  = 420
	SessionArchiveInvalid   = 430
	SessionPartsUnreadable  = 435
	SessionCancelled        = 440
	SessionNoCorrectInvoice = 445
)

// Statuses of an invoice in a session, see [InvoiceStatus].
const (
	InvoiceReceived             = 100
	InvoiceProcessing           = 150
	InvoiceAccepted             = 200
	InvoiceSessionFailed        = 405
	InvoiceNotPermitted         = 410
	InvoiceAttachmentNotAllowed = 415
	InvoiceFileInvalid          = 430
	InvoiceUnreadable           = 435
	InvoiceDuplicate            = 440
	InvoiceContentInvalid       = 450
)

// Statuses that every kind of operation may end with.
const (
	StatusUnknownError      = 500
	StatusCancelledBySystem = 550
)

var authStatuses = []statusFact{
	{AuthInProgress, "login in progress", nil, false},
	{AuthSucceeded, "login succeeded", nil, false},
	{AuthNoPermissions, "subject has no permission in the context", ErrForbidden, false},
	{AuthRevoked, "login revoked by the user", ErrUnauthorized, true},
	{AuthTokenRefused, "KSeF token refused", ErrUnauthorized, false},
	{AuthCertRefused, "certificate refused", ErrUnauthorized, false},
	{AuthDeceased, "credentials of a deceased person", ErrUnauthorized, false},
	{AuthSecurityIncident, "blocked: suspected security incident", ErrBlocked, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
	{StatusCancelledBySystem, "cancelled by the system", ErrUnavailable, true},
}

var onlineStatuses = []statusFact{
	{SessionOpen, "open", nil, false},
	{SessionClosed, "closed, invoices still being processed", nil, false},
	{SessionProcessed, "processed", nil, false},
	{SessionKeyUnreadable, "symmetric key could not be decrypted", ErrRejected, false},
	{SessionCancelled, "cancelled: no invoices were sent", ErrRejected, false},
	{SessionNoCorrectInvoice, "no correct invoice in the session", ErrRejected, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
}

var batchStatuses = []statusFact{
	{SessionOpen, "waiting for parts", nil, false},
	{SessionBatchProcessing, "being processed", nil, false},
	{SessionProcessed, "processed", nil, false},
	{SessionPartsInvalid, "hash or size of the package or a part is wrong", ErrRejected, false},
	{SessionKeyUnreadable, "symmetric key could not be decrypted", ErrRejected, false},
	{SessionTooManyInvoices, "more invoices than allowed", ErrRejected, false},
	{SessionArchiveInvalid, "archive could not be decompressed", ErrRejected, false},
	{SessionPartsUnreadable, "parts could not be decrypted", ErrRejected, false},
	{SessionCancelled, "cancelled: upload time exceeded or no invoices", ErrRejected, false},
	{SessionNoCorrectInvoice, "no correct invoice in the session", ErrRejected, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
}

var invoiceStatuses = []statusFact{
	{InvoiceReceived, "received", nil, false},
	{InvoiceProcessing, "being processed", nil, false},
	{InvoiceAccepted, "accepted, KSeF number assigned", nil, false},
	{InvoiceSessionFailed, "cancelled because its session failed", ErrRejected, true},
	{InvoiceNotPermitted, "context may not issue this invoice", ErrRejected, false},
	{InvoiceAttachmentNotAllowed, "attachments not allowed", ErrRejected, false},
	{InvoiceFileInvalid, "invoice file not valid", ErrRejected, false},
	{InvoiceUnreadable, "invoice could not be decrypted", ErrRejected, true},
	{InvoiceDuplicate, "duplicate of an invoice already in KSeF", ErrDuplicate, false},
	{InvoiceContentInvalid, "content of the invoice not valid", ErrRejected, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
	{StatusCancelledBySystem, "cancelled by the system", ErrUnavailable, true},
}

// StatusError reports an asynchronous operation that ended badly. Its text
// gives the code with its meaning, never the server's words.
type StatusError struct {
	// Op is the operation, in words: "log in", "accept invoice".
	Op string
	// Reference is the number of the operation, session or invoice.
	Reference string
	Status    Status

	fact statusFact
}

// Error describes the failure without personal data.
func (e *StatusError) Error() string {
	text := "ksef: " + e.Op + ": status " + strconv.Itoa(e.Status.Code)
	if e.fact.meaning != "" {
		text += ": " + e.fact.meaning
	}
	return text
}

// GoString keeps the details out of %#v.
func (e *StatusError) GoString() string { return e.Error() }

// Duplicate gives the original of a refused duplicate, as
// [InvoiceStatus.Duplicate] does.
func (e *StatusError) Duplicate() (original pl.KSeFNumber, session string, ok bool) {
	if e.fact.is != ErrDuplicate {
		return "", "", false
	}
	return (&InvoiceStatus{Status: e.Status}).Duplicate()
}

// Retry says what makes sense after the failure: RetryLogin, RetryLater or
// RetryNever.
func (e *StatusError) Retry() Retry {
	switch {
	case !e.fact.again:
		return RetryNever
	case e.fact.is == ErrUnauthorized:
		return RetryLogin
	}
	return RetryLater
}

// Meaning explains the code, "" for a code unknown here.
func (e *StatusError) Meaning() string { return e.fact.meaning }

// Is matches the sentinels of this package.
func (e *StatusError) Is(target error) bool { return e.fact.is != nil && e.fact.is == target }

// Temporary reports whether the whole operation may be started again as it
// was. A single unknown error (500) deserves a look by a human first.
func (e *StatusError) Temporary() bool { return e.fact.again }

func statusError(op, ref string, s Status, table []statusFact) error {
	if !s.Final() || s.Success() {
		return nil
	}
	return &StatusError{Op: op, Reference: ref, Status: s, fact: lookup(table, s.Code)}
}
