package ksef

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// Bounds on what is kept of an answer that reports a failure.
const (
	maxCodes   = 64
	maxDetails = 64
	maxText    = 2000
)

// wireProblem is the union of every shape in which KSeF, and what stands in
// front of it, reports a failure as JSON: the problem details of 400, 401, 403,
// 410 and 429, the legacy bodies of 400 and 429, the block of the edge.
type wireProblem struct {
	Title      string          `json:"title"`
	Status     json.RawMessage `json:"status"` // number in problems, object in the legacy 429
	Detail     string          `json:"detail"`
	Instance   string          `json:"instance"`
	ReasonCode string          `json:"reasonCode"`
	TraceID    string          `json:"traceId"`
	Timestamp  string          `json:"timestamp"`
	Errors     []wireAPIError  `json:"errors"`
	Security   wireSecurity    `json:"security"`
	Exception  *wireException  `json:"exception"`
}

type wireAPIError struct {
	Code        int      `json:"code"`
	Description string   `json:"description"`
	Details     []string `json:"details"`
}

type wireException struct {
	ExceptionDetailList []wireExceptionDetail `json:"exceptionDetailList"`
	ReferenceNumber     string                `json:"referenceNumber"`
	ServiceCode         string                `json:"serviceCode"`
	ServiceCtx          string                `json:"serviceCtx"`
	ServiceName         string                `json:"serviceName"`
	Timestamp           string                `json:"timestamp"`
}

type wireExceptionDetail struct {
	ExceptionCode        int      `json:"exceptionCode"`
	ExceptionDescription string   `json:"exceptionDescription"`
	Details              []string `json:"details"`
}

type wireSecurity struct {
	RequiredAnyOfPermissions     []string `json:"requiredAnyOfPermissions"`
	PresentPermissions           []string `json:"presentPermissions"`
	ClientIP                     string   `json:"clientIp"`
	IncidentID                   string   `json:"incidentId"`
	AuthenticationMethodCategory string   `json:"authenticationMethodCategory"`
	ContextIdentifierType        string   `json:"contextIdentifierType"`
}

// decodeError makes an Error of an answer whose status is not a success. It
// looks at the body itself: devices between the client and KSeF answer in their
// own formats whatever was asked for.
func decodeError(op string, resp *httpx.Response, now time.Time) *Error {
	e := &Error{Op: op, Status: resp.Status}
	body := bytes.TrimSpace(bytes.TrimPrefix(resp.Body, []byte("\xef\xbb\xbf")))
	switch {
	case len(body) == 0:
	case body[0] == '{':
		e.fromJSON(body)
	case body[0] == '<':
		e.fromMarkup(body)
	}
	if resp.Status == 429 || resp.Status >= 500 {
		e.RetryAfter = resp.RetryAfter(now)
	}
	return e
}

func (e *Error) fromJSON(body []byte) {
	var p wireProblem
	if err := json.Unmarshal(body, &p); err != nil {
		if _, mistyped := err.(*json.UnmarshalTypeError); !mistyped {
			return
		} // one member of a wrong type does not spoil the others
	}
	e.Description, e.TraceID = clip(p.Detail), identifier(p.TraceID)
	e.ReasonCode = reason(p.ReasonCode)
	e.Security = p.Security.public()
	for _, f := range p.Errors {
		e.addCode(f.Code, f.Description, f.Details)
	}
	if p.Exception != nil {
		e.fromException(p.Exception)
	}
	e.fromLegacyStatus(p.Status)
	e.blocked = e.Status == 403 && (p.Security.IncidentID != "" ||
		e.ReasonCode == ReasonBlocked || p.Title == "Request blocked")
}

func (e *Error) fromException(x *wireException) {
	if e.TraceID == "" {
		e.TraceID = identifier(x.ServiceCode)
	}
	for _, d := range x.ExceptionDetailList {
		e.addCode(d.ExceptionCode, d.ExceptionDescription, d.Details)
	}
}

// fromLegacyStatus reads the body of a legacy 429, {"status":{"code":429,…}}.
func (e *Error) fromLegacyStatus(raw json.RawMessage) {
	var s wireStatus
	if len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &s) != nil {
		return
	}
	if e.Description == "" {
		e.Description = clip(s.Description)
	}
	e.addDetails(s.Details)
}

func (e *Error) addCode(code int, description string, details []string) {
	if len(e.Codes) >= maxCodes {
		return
	}
	if len(e.Codes) == 0 {
		e.Code = code
		e.Description = clip(description)
	}
	e.Codes = append(e.Codes, ErrorCode(code))
	e.addDetails(details)
}

func (e *Error) addDetails(details []string) {
	for _, d := range details {
		if len(e.Details) >= maxDetails {
			return
		}
		e.Details = append(e.Details, clip(d))
	}
}

// fromMarkup reads the XML of the storage behind pre-signed addresses, which
// names its error in Code, and takes any other page with a 403 for the edge:
// the API itself always explains a 403 in JSON.
func (e *Error) fromMarkup(body []byte) {
	if code, ok := storageCode(body); ok {
		e.ReasonCode = reason(code)
		return
	}
	e.blocked = e.Status == 403
}

func storageCode(body []byte) (string, bool) {
	_, after, ok := bytes.Cut(body[:min(len(body), 4096)], []byte("<Error>"))
	if !ok {
		return "", false
	}
	_, after, _ = bytes.Cut(after, []byte("<Code>"))
	code, _, _ := bytes.Cut(after, []byte("</Code>"))
	return string(code), true
}

func (s wireSecurity) public() Security {
	return Security{
		RequiredAnyOf: clipAll(s.RequiredAnyOfPermissions),
		Present:       clipAll(s.PresentPermissions),
		ClientIP:      clip(s.ClientIP),
		IncidentID:    clip(s.IncidentID),
		LoginCategory: clip(s.AuthenticationMethodCategory),
		ContextType:   clip(s.ContextIdentifierType),
	}
}

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}

func clipAll(list []string) []string {
	var out []string
	for _, s := range list[:min(len(list), maxDetails)] {
		out = append(out, clip(s))
	}
	return out
}

// identifier keeps a trace identifier only if it cannot be anything else.
func identifier(s string) string {
	hex := func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF-", r) }
	if len(s) > 64 || strings.ContainsFunc(s, hex) {
		return ""
	}
	return s
}

// reason keeps a reason code only if it is one word of letters and dashes, so
// that the text of an Error stays free of what a server may put there.
func reason(s string) string {
	odd := func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }
	if len(s) > 64 || strings.ContainsFunc(s, odd) {
		return ""
	}
	return s
}
