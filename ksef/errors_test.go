package ksef

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/internal/refdata"
)

var sentinels = map[string]error{
	"unauthorized": ErrUnauthorized, "forbidden": ErrForbidden, "blocked": ErrBlocked, "limited": ErrRateLimited,
	"notfound": ErrNotFound, "gone": ErrGone, "notready": ErrNotReady, "duplicate": ErrDuplicate, "rejected": ErrRejected,
	"notopen": ErrSessionNotOpen, "sessionunavailable": ErrSessionUnavailable, "key": ErrUnknownKey,
	"unknown": ErrOutcomeUnknown, "unavailable": ErrUnavailable, "protocol": ErrProtocol, "hash": ErrHashMismatch,
	"argument": ErrInvalidArgument, "loggedout": ErrLoggedOut,
}

// matched names the sentinels that an error matches.
func matched(err error) []string {
	var names []string
	for name, s := range sentinels {
		if errors.Is(err, s) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

const trace = "673843e023c432286660bc0501a3af44"

func TestDecodeError(t *testing.T) {
	tests := []struct {
		name   string
		status int
		header http.Header
		body   string
		want   Error
		is     []string
		retry  Retry
		text   string
	}{
		{
			name: "legacy 400", status: 400,
			body: `{"exception":{"exceptionDetailList":[{"exceptionCode":21173,"exceptionDescription":"Brak sesji.","details":["Sesja 2026 nie istnieje."]}],"referenceNumber":"a1b2","serviceCode":"00-c02cc3747020c605be02159bf3324f0e-eee7647dc67aa74a-00","serviceName":"Undefined","timestamp":"2025-10-11T12:23:56.0154302"}}`,
			want: Error{Code: 21173, Codes: []ErrorCode{21173}, Description: "Brak sesji.", Details: []string{"Sesja 2026 nie istnieje."}, TraceID: "00-c02cc3747020c605be02159bf3324f0e-eee7647dc67aa74a-00"},
			is:   []string{"notfound"}, retry: RetryNever,
			text: "ksef: op: HTTP 400: 21173 session not found (trace 00-c02cc3747020c605be02159bf3324f0e-eee7647dc67aa74a-00)",
		},
		{
			name: "problem 400 with two codes", status: 400,
			body: `{"title":"Bad Request","status":400,"instance":"/v2/x","detail":"Żądanie jest nieprawidłowe.","errors":[{"code":21405,"description":"Błąd.","details":["pole A","pole B"]},{"code":21157,"description":"Rozmiar."}],"timestamp":"2025-07-11T12:23:56.0154302+00:00","traceId":"` + trace + `"}`,
			want: Error{Code: 21405, Codes: []ErrorCode{21405, 21157}, Description: "Błąd.", Details: []string{"pole A", "pole B"}, TraceID: trace},
			text: "ksef: op: HTTP 400: 21405 input validation error, 21157 size of a package part is wrong (trace " + trace + ")",
		},
		{
			name: "problem 400 without codes", status: 400, body: `{"title":"Bad Request","status":400,"detail":"Nie."}`,
			want: Error{Description: "Nie."}, text: "ksef: op: HTTP 400",
		},
		{
			name: "session not open", status: 400, body: problem(21180),
			want: Error{Code: 21180, Codes: []ErrorCode{21180}, Description: "opis", TraceID: trace},
			is:   []string{"notopen"}, retry: RetryNewSession,
			text: "ksef: op: HTTP 400: 21180 session status does not allow the operation (trace " + trace + ")",
		},
		{
			name: "withdrawn key", status: 400, body: problem(21470),
			want: Error{Code: 21470, Codes: []ErrorCode{21470}, Description: "opis", TraceID: trace},
			is:   []string{"key"}, retry: RetryNewKey,
			text: "ksef: op: HTTP 400: 21470 public key unknown or withdrawn (trace " + trace + ")",
		},
		{
			name: "code of tomorrow", status: 400, body: problem(29999),
			want: Error{Code: 29999, Codes: []ErrorCode{29999}, Description: "opis", TraceID: trace},
			text: "ksef: op: HTTP 400: 29999 (trace " + trace + ")",
		},
		{
			name: "401", status: 401, body: unauthorized,
			want: Error{Description: "Wymagane jest uwierzytelnienie.", TraceID: trace},
			is:   []string{"unauthorized"}, retry: RetryLogin, text: "ksef: op: HTTP 401 (trace " + trace + ")",
		},
		{
			name: "403 permissions", status: 403,
			body: `{"title":"Forbidden","status":403,"detail":"Brak uprawnień.","reasonCode":"missing-permissions","security":{"requiredAnyOfPermissions":["InvoiceWrite"],"presentPermissions":["CredentialsRead"]},"traceId":"` + trace + `"}`,
			want: Error{
				Description: "Brak uprawnień.", ReasonCode: ReasonMissingPermissions, TraceID: trace,
				Security: Security{RequiredAnyOf: []string{"InvoiceWrite"}, Present: []string{"CredentialsRead"}},
			},
			is: []string{"forbidden"}, text: "ksef: op: HTTP 403: missing-permissions (trace " + trace + ")",
		},
		{
			name: "403 address", status: 403, body: `{"status":403,"reasonCode":"ip-not-allowed","security":{"clientIp":"203.0.113.9"}}`,
			want: Error{ReasonCode: ReasonIPNotAllowed, Security: Security{ClientIP: "203.0.113.9"}},
			is:   []string{"forbidden"}, text: "ksef: op: HTTP 403: ip-not-allowed",
		},
		{
			name: "403 block, documented", status: 403, body: `{"status":403,"reasonCode":"security-service-blocked","security":{"incidentId":"7","clientIp":"203.0.113.9"}}`,
			want: Error{ReasonCode: ReasonBlocked, Security: Security{ClientIP: "203.0.113.9", IncidentID: "7"}},
			is:   []string{"blocked"}, text: "ksef: op: HTTP 403: security-service-blocked: blocked for security reasons",
		},
		{
			name: "403 block, seen", status: 403, body: blockedBody,
			want: Error{Security: Security{ClientIP: "203.0.113.1", IncidentID: "I-1"}},
			is:   []string{"blocked"}, text: "ksef: op: HTTP 403: blocked for security reasons",
		},
		{
			name: "403 page of the edge", status: 403, body: "\r\n<html><head><title>Incident</title></head><body>5265877635</body></html>",
			is: []string{"blocked"}, text: "ksef: op: HTTP 403: blocked for security reasons",
		},
		{
			name: "403 of the storage", status: 403, body: "\xef\xbb\xbf" + `<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>sig=abc</Message></Error>`,
			want: Error{ReasonCode: "AuthenticationFailed"}, is: []string{"forbidden"}, text: "ksef: op: HTTP 403: AuthenticationFailed",
		},
		{
			name: "410", status: 410, body: `{"title":"Gone","status":410,"instance":"/v2/auth/x","detail":"Po terminie.","traceId":"` + trace + `"}`,
			want: Error{Description: "Po terminie.", TraceID: trace}, is: []string{"gone"}, text: "ksef: op: HTTP 410 (trace " + trace + ")",
		},
		{
			name: "429 legacy", status: 429, header: http.Header{"Retry-After": {"30"}},
			body: `{"status":{"code":429,"description":"Too Many Requests","details":["Przekroczono limit."]}}`,
			want: Error{Description: "Too Many Requests", Details: []string{"Przekroczono limit."}, RetryAfter: 30 * time.Second},
			is:   []string{"limited"}, retry: RetryLater, text: "ksef: op: HTTP 429: retry after 30s",
		},
		{
			name: "429 problem", status: 429, header: http.Header{"Retry-After": {"2600"}},
			body: `{"title":"Too Many Requests","status":429,"detail":"Limit.","traceId":"` + trace + `"}`,
			want: Error{Description: "Limit.", TraceID: trace, RetryAfter: 2600 * time.Second},
			is:   []string{"limited"}, retry: RetryLater, text: "ksef: op: HTTP 429: retry after 43m20s (trace " + trace + ")",
		},
		{name: "404 empty", status: 404, is: []string{"notfound"}, text: "ksef: op: HTTP 404"},
		{name: "404 text", status: 404, body: "not here", is: []string{"notfound"}, text: "ksef: op: HTTP 404"},
		{name: "502 page", status: 502, body: "<html>Bad gateway</html>", is: []string{"unavailable"}, retry: RetryLater, text: "ksef: op: HTTP 502"},
		{name: "redirect", status: 302, text: "ksef: op: HTTP 302"},
		{name: "broken JSON", status: 400, body: `{"errors":[{"code":21405`, text: "ksef: op: HTTP 400"},
		{
			name: "one member of a wrong type", status: 400, body: `{"detail":7,"errors":[{"code":21405,"description":"x"}],"traceId":"ab"}`,
			want: Error{Code: 21405, Codes: []ErrorCode{21405}, Description: "x", TraceID: "ab"},
			text: "ksef: op: HTTP 400: 21405 input validation error (trace ab)",
		},
		{
			name: "text instead of codes", status: 403, body: `{"reasonCode":"NIP 5265877635","traceId":"Jan Kowalski","detail":"x"}`,
			want: Error{Description: "x"}, is: []string{"forbidden"}, text: "ksef: op: HTTP 403",
		},
		{
			name: "many codes", status: 400, body: `{"errors":[{"code":1},{"code":2},{"code":3},{"code":4},{"code":5}]}`,
			want: Error{Code: 1, Codes: []ErrorCode{1, 2, 3, 4, 5}}, text: "ksef: op: HTTP 400: 1, 2, 3 and 2 more",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := decodeError("op", &httpx.Response{Status: tt.status, Header: tt.header, Body: []byte(tt.body)}, time.Now())
			tt.want.Op, tt.want.Status = "op", tt.status
			if diff := cmp.Diff(&tt.want, got, cmpopts.IgnoreUnexported(Error{}), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.is, matched(got), cmpopts.EquateEmpty()); diff != "" {
				t.Error("sentinels", diff)
			}
			if got.Retry() != tt.retry || got.Temporary() != (tt.retry == RetryLater) {
				t.Errorf("Retry = %v, want %v", got.Retry(), tt.retry)
			}
			if got.Error() != tt.text || fmt.Sprintf("%#v", got) != tt.text {
				t.Errorf("text  %q\nwant  %q", got, tt.text)
			}
		})
	}
}

// TestDecodeReferenceBodies decodes the bodies of the official examples.
func TestDecodeReferenceBodies(t *testing.T) {
	var vectors struct {
		ErrorBodies map[string]json.RawMessage `json:"errorBodies"`
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		status int
		is     string
		codes  int
	}{
		"ExceptionResponse":             {400, "", 1},
		"TooManyRequestsResponse":       {429, "limited", 0},
		"BadRequestProblemDetails":      {400, "", 2},
		"UnauthorizedProblemDetails":    {401, "unauthorized", 0},
		"ForbiddenProblemDetails":       {403, "forbidden", 0},
		"TooManyRequestsProblemDetails": {429, "limited", 0},
		"GoneProblemDetails":            {410, "gone", 0},
		"wafBlocked":                    {403, "blocked", 0},
	}
	if len(vectors.ErrorBodies) != len(tests) {
		t.Errorf("%d reference bodies, %d known", len(vectors.ErrorBodies), len(tests))
	}
	for name, body := range vectors.ErrorBodies {
		t.Run(name, func(t *testing.T) {
			tt := tests[name]
			e := decodeError("op", &httpx.Response{Status: tt.status, Body: body}, time.Now())
			if got := strings.Join(matched(e), ","); got != tt.is || len(e.Codes) != tt.codes {
				t.Errorf("sentinels %q, codes %v", got, e.Codes)
			}
			if name != "wafBlocked" && e.Description == "" {
				t.Error("description lost")
			}
			if name != "wafBlocked" && name != "TooManyRequestsResponse" && e.TraceID == "" {
				t.Error("trace id lost")
			}
		})
	}
}

func FuzzDecodeError(f *testing.F) {
	f.Add(400, problem(21405))
	f.Add(403, blockedBody)
	f.Add(403, "<html>")
	f.Add(403, "<Error><Code>X</Code></Error>")
	f.Add(429, `{"status":{"code":429,"details":["x"]}}`)
	f.Add(400, `{"exception":{"exceptionDetailList":[{"exceptionCode":1}]}}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		e := decodeError("op", &httpx.Response{Status: status, Body: []byte(body)}, time.Now())
		if len(e.Codes) > maxCodes || len(e.Details) > maxDetails || len(e.Error()) > 1000 {
			t.Errorf("unbounded: %d codes, %d details, %d bytes of text", len(e.Codes), len(e.Details), len(e.Error()))
		}
		for _, d := range append(e.Details, e.Description) {
			if len(d) > maxText {
				t.Errorf("text of %d bytes", len(d))
			}
		}
		_ = e.Retry()
		_ = matched(e)
	})
}

func TestCatalogueIsSortedAndComplete(t *testing.T) {
	for i, f := range codeFacts {
		if i > 0 && codeFacts[i-1].code >= f.code {
			t.Errorf("%d is out of order", f.code)
		}
		if f.meaning == "" || f.code.Meaning() != f.meaning || f.code.Retry() != f.retry {
			t.Errorf("%d is not found", f.code)
		}
	}
	if ErrorCode(1).Meaning() != "" || ErrorCode(1).String() != "1" || ErrorCode(1).Retry() != RetryNever {
		t.Error("an unknown code has a meaning")
	}
}

func TestRetryWithSeveralCodes(t *testing.T) {
	both := &Error{Status: 400, Codes: []ErrorCode{CodeInvoiceNotReady, CodeValidation}}
	if both.Retry() != RetryNever {
		t.Error("a code that forbids must win")
	}
	later := &Error{Status: 400, Codes: []ErrorCode{CodeInvoiceNotReady}}
	if !later.Temporary() || !errors.Is(later, ErrNotReady) {
		t.Error("not ready is temporary")
	}
}

// TestStatusTablesAgainstVectors compares our tables with the reference ones.
func TestStatusTablesAgainstVectors(t *testing.T) {
	type row struct {
		Code     int  `json:"code"`
		Terminal bool `json:"terminal"`
		Success  bool `json:"success"`
	}
	var vectors struct {
		StatusTables map[string][]row `json:"statusTables"`
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string][]statusFact{
		"authentication": authStatuses, "onlineSession": onlineStatuses, "batchSession": batchStatuses, "invoice": invoiceStatuses,
	} {
		rows := vectors.StatusTables[name]
		if len(rows) != len(table) {
			t.Errorf("%s: %d rows, the reference has %d", name, len(table), len(rows))
		}
		for _, r := range rows {
			s := Status{Code: r.Code}
			if lookup(table, r.Code).meaning == "" || s.Final() != r.Terminal || s.Success() != r.Success {
				t.Errorf("%s: %d differs from the reference", name, r.Code)
			}
		}
	}
}

func TestStatusErrors(t *testing.T) {
	tests := []struct {
		code      int
		is        []string
		temporary bool
	}{
		{100, nil, false},
		{150, nil, false},
		{199, nil, false},
		{200, nil, false},
		{405, []string{"rejected"}, true},
		{410, []string{"rejected"}, false},
		{430, []string{"rejected"}, false},
		{435, []string{"rejected"}, true},
		{440, []string{"duplicate"}, false},
		{450, []string{"rejected"}, false},
		{499, []string{"rejected"}, false},
		{500, []string{"unavailable"}, false},
		{550, []string{"unavailable"}, true},
		{599, []string{"unavailable"}, false},
	}
	for _, tt := range tests {
		s := &InvoiceStatus{Status: Status{Code: tt.code, Description: "NIP 5265877635"}}
		err := s.Err()
		if diff := cmp.Diff(tt.is, matched(err), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%d: %s", tt.code, diff)
		}
		if e, ok := errors.AsType[*StatusError](err); ok && (e.Temporary() != tt.temporary || strings.Contains(fmt.Sprintf("%v %#v", e, e), "526")) {
			t.Errorf("%d: Temporary = %v, text %q", tt.code, e.Temporary(), e)
		}
	}
	if err := (&SessionStatus{Status: Status{Code: 430}}).Err(); err.Error() != "ksef: process session: status 430: archive could not be decompressed" {
		t.Errorf("text %q", err)
	}
}
