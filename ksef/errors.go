package ksef

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// What callers branch on, with errors.Is. A [*Error] matches by HTTP status,
// by code or by reason, a [*StatusError] by the status of the operation.
var (
	// ErrUnauthorized: the token or the login is not (or no longer) good.
	ErrUnauthorized = errors.New("not authorised")
	// ErrForbidden: the subject lacks the permission in this context, or the
	// operation is closed to this kind of login or context.
	ErrForbidden = errors.New("forbidden")
	// ErrBlocked: a security device in front of KSeF, or KSeF itself, blocks
	// the caller. Stop and wait for minutes; never log in again in a loop.
	ErrBlocked = errors.New("blocked for security reasons")
	// ErrRateLimited: over a limit of calls. [Error.RetryAfter] says how long.
	ErrRateLimited = errors.New("over the rate limit")
	// ErrNotFound: no such session, invoice, receipt or operation, or it
	// belongs to somebody else.
	ErrNotFound = errors.New("not found")
	// ErrGone: the status existed and its retention time is over.
	ErrGone = errors.New("no longer kept")
	// ErrNotReady: it exists and cannot be had yet; ask again later.
	ErrNotReady = errors.New("not ready yet")
	// ErrDuplicate: an invoice with the same seller, kind and number is
	// already in KSeF. See [InvoiceStatus.Duplicate].
	ErrDuplicate = errors.New("duplicate invoice")
	// ErrRejected: KSeF refused the invoice, or the whole session, for good.
	ErrRejected = errors.New("rejected")
	// ErrSessionNotOpen: the session's status does not allow the operation.
	ErrSessionNotOpen = errors.New("session not open")
	// ErrSessionUnavailable: open another session and go on there.
	ErrSessionUnavailable = errors.New("session temporarily unavailable")
	// ErrUnknownKey: the public key used for encryption was withdrawn.
	ErrUnknownKey = errors.New("public key unknown or withdrawn")
	// ErrOutcomeUnknown: the call may have had its effect although no usable
	// answer came. Find out what happened before doing it again.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrUnavailable: no answer, or a failure of the server; later is better.
	ErrUnavailable = errors.New("service unavailable")
	// ErrProtocol: an answer that breaks the contract of the API.
	ErrProtocol = errors.New("answer does not follow the contract")
	// ErrHashMismatch: a downloaded document does not have the hash that was
	// announced for it.
	ErrHashMismatch = errors.New("content does not match its hash")
	// ErrTooManyAlike: a query cannot go on because 10,000 invoices have the
	// same date; narrow it with another filter.
	ErrTooManyAlike = errors.New("more invoices with one date than a query shows")
	// ErrWrongPassword: a file with a key does not open with this password.
	ErrWrongPassword = errors.New("wrong password")
	// ErrInvalidArgument: refused here, nothing was sent. A [*FieldError] says
	// which field and what to write instead.
	ErrInvalidArgument = errors.New("invalid argument")
	// ErrLoggedOut: the account was logged out.
	ErrLoggedOut = errors.New("logged out")
)

// Error reports a call that failed. Its text names the operation, the status
// and the codes with their meaning, and holds nothing else of the answer;
// Description and Details do, and may name persons and numbers: show them to
// the user, keep them out of logs.
type Error struct {
	// Op is the operation, in words: "send invoice".
	Op string
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Codes are all codes of the answer, Code is the first of them.
	Codes []ErrorCode
	Code  int
	// Description and Details are the server's words, in Polish.
	Description string
	Details     []string
	// ReasonCode tells why a 403 was given: "missing-permissions",
	// "ip-not-allowed", "security-service-blocked" and others.
	ReasonCode string
	// Security holds what a 403 says about its reason.
	Security Security
	// TraceID is what the ministry's support asks for.
	TraceID string
	// RetryAfter is the wait that the server demands, else 0.
	RetryAfter time.Duration
	// Err is the cause when there is one besides the answer.
	Err error

	unknown bool // the effect may have happened
	blocked bool // refused by a device in front of the API
}

// Security is the explanation in the body of a 403.
type Security struct {
	RequiredAnyOf []string // permissions of which one is needed
	Present       []string // permissions that the token has
	ClientIP      string   // the caller's address as KSeF sees it
	IncidentID    string   // number of the blocking incident
	LoginCategory string   // category of the login that was refused
	ContextType   string   // type of the context that was refused
}

// Error describes the failure without personal data.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("ksef: " + e.Op)
	if e.Status != 0 {
		b.WriteString(": HTTP " + strconv.Itoa(e.Status))
	}
	e.writeReason(&b)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.unknown {
		b.WriteString(": " + ErrOutcomeUnknown.Error())
	}
	if e.TraceID != "" {
		b.WriteString(" (trace " + e.TraceID + ")")
	}
	return b.String()
}

func (e *Error) writeReason(b *strings.Builder) {
	for i, code := range e.Codes {
		if i == 3 {
			fmt.Fprintf(b, " and %d more", len(e.Codes)-i)
			break
		}
		b.WriteString([]string{": ", ", "}[min(i, 1)] + code.String())
	}
	if e.ReasonCode != "" {
		b.WriteString(": " + e.ReasonCode)
	}
	if e.blocked {
		b.WriteString(": " + ErrBlocked.Error())
	}
	if e.RetryAfter > 0 {
		b.WriteString(": retry after " + e.RetryAfter.String())
	}
}

// GoString keeps the details out of %#v.
func (e *Error) GoString() string { return e.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Has reports whether the answer carried the code.
func (e *Error) Has(code ErrorCode) bool {
	for _, c := range e.Codes {
		if c == code {
			return true
		}
	}
	return false
}

// Is matches the sentinels of this package.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrOutcomeUnknown:
		return e.unknown
	case ErrBlocked:
		return e.blocked
	case ErrForbidden:
		return e.Status == 403 && !e.blocked
	case ErrUnauthorized:
		return e.Status == 401 || e.Has(CodeNotAuthorised)
	case ErrRateLimited:
		return e.Status == 429
	case ErrGone:
		return e.Status == 410
	case ErrNotFound:
		return e.Status == 404 || e.anyCode(target)
	case ErrUnavailable:
		return e.Status >= 500 || e.noAnswer()
	}
	return e.anyCode(target)
}

func (e *Error) anyCode(target error) bool {
	for _, c := range e.Codes {
		if s := c.sentinel(); s != nil && s == target {
			return true
		}
	}
	return false
}

func (e *Error) noAnswer() bool {
	_, ok := errors.AsType[*httpx.Failure](e.Err)
	return ok
}

// held tells a call that was not made because of limits or an open circuit.
func (e *Error) held() bool {
	_, limit := errors.AsType[*LimitError](e.Err)
	_, open := errors.AsType[*CircuitOpenError](e.Err)
	return limit || open
}

// Retry says what makes sense after a failure.
type Retry uint8

const (
	// RetryNever: the same call would fail the same way.
	RetryNever Retry = iota
	// RetryLater: the same call may succeed later, after [Error.RetryAfter]
	// if that is set.
	RetryLater
	// RetryLogin: log in again first.
	RetryLogin
	// RetryNewKey: fetch the public keys and encrypt again.
	RetryNewKey
	// RetryNewSession: open another session and repeat there.
	RetryNewSession
	// RetryReconcile: find out first whether the call had its effect.
	RetryReconcile
)

// Retry classifies the failure. The client itself has already done what is
// safe to do; this is for the caller's next step.
func (e *Error) Retry() Retry {
	switch {
	case e.unknown:
		return RetryReconcile
	case e.blocked, e.Status == 403, e.Status == 404, e.Status == 410:
		return RetryNever
	case e.Status == 401:
		return RetryLogin
	case e.Status == 429, e.Status >= 500:
		return RetryLater
	case e.Status == 0 && (e.noAnswer() || e.held()):
		return RetryLater
	}
	return e.retryByCode()
}

// retryByCode follows the strictest code: one that forbids wins.
func (e *Error) retryByCode() Retry {
	if len(e.Codes) == 0 {
		return RetryNever
	}
	retry := e.Codes[0].Retry()
	for _, c := range e.Codes[1:] {
		if c.Retry() != retry {
			return RetryNever
		}
	}
	return retry
}

// Temporary reports whether repeating the same call later can succeed.
func (e *Error) Temporary() bool { return e.Retry() == RetryLater }

// invalid reports an argument that was refused before anything was sent.
func invalid(op, why string) error {
	return &Error{Op: op, Err: fmt.Errorf("%s: %w", why, ErrInvalidArgument)}
}
