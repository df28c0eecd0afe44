package ksefsim

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// problem is an answer that refuses a request. It is an error inside the
// simulator and becomes a body in one of the two formats of the API.
type problem struct {
	status     int
	detail     string
	exceptions []exception    // status 400
	reason     string         // status 403
	security   map[string]any // status 403
	challenge  string         // status 401: WWW-Authenticate
	retryAfter int            // status 429, in seconds
}

func (p *problem) Error() string { return fmt.Sprintf("ksefsim: answer %d", p.status) }

// exception is one error of an answer with status 400.
type exception struct {
	code    int
	details []string
}

// refuse is an answer 400 with one exception.
func refuse(code int, details ...string) error {
	return &problem{status: http.StatusBadRequest, exceptions: []exception{{code, details}}}
}

// refusef is refuse with one formatted detail.
func refusef(code int, format string, args ...any) error {
	return refuse(code, fmt.Sprintf(format, args...))
}

// unauthorized is an answer 401. Reason is for the WWW-Authenticate header.
func unauthorized(reason string) error {
	challenge := "Bearer"
	if reason != "" {
		challenge = fmt.Sprintf("Bearer error=%q, error_description=%q", "invalid_token", reason)
	}
	return &problem{status: http.StatusUnauthorized, detail: "Wymagane jest uwierzytelnienie.", challenge: challenge}
}

// Reasons of an answer 403.
const (
	reasonPermissions = "missing-permissions"
	reasonIP          = "ip-not-allowed"
	reasonResource    = "insufficient-resource-access"
	reasonMethod      = "auth-method-not-allowed"
	reasonContext     = "context-type-not-allowed"
)

// forbidden is an answer 403.
func forbidden(reason string, security map[string]any) error {
	p := &problem{status: http.StatusForbidden, reason: reason, security: security}
	switch reason {
	case reasonPermissions:
		p.detail = "Brak wymaganych uprawnień do wykonania operacji w bieżącym kontekście."
	case reasonIP:
		p.detail = "Żądanie pochodzi z adresu IP innego niż wskazany podczas uwierzytelnienia."
	case reasonResource:
		p.detail = "Brak dostępu do wskazanego zasobu."
	case reasonMethod:
		p.detail = "Operacja nie jest dostępna dla wykorzystanej metody uwierzytelnienia."
	case reasonContext:
		p.detail = "Operacja nie jest dostępna dla bieżącego typu kontekstu."
	}
	return p
}

// gone is an answer 410.
func gone() error {
	return &problem{status: http.StatusGone, detail: "Operacja wygasła i nie jest już dostępna."}
}

// tooMany is an answer 429.
func tooMany(e *excess) error {
	seconds := max(int((e.wait+time.Second-1)/time.Second), 1)
	return slowDown(seconds, fmt.Sprintf("Przekroczono limit %d żądań na %s. Spróbuj ponownie po %d sekundach.", e.limit, e.window, seconds))
}

func slowDown(seconds int, detail string) error {
	return &problem{status: http.StatusTooManyRequests, detail: detail, retryAfter: seconds}
}

// busyBody is the older format of an answer 429, the default.
type busyBody struct {
	Status statusInfo `json:"status"`
}

// tooLarge is an answer 413: the body exceeds what any valid request needs.
func tooLarge() error {
	return &problem{status: http.StatusRequestEntityTooLarge, detail: "Treść żądania jest zbyt duża."}
}

// problemBody is application/problem+json.
type problemBody struct {
	Title      string         `json:"title"`
	Status     int            `json:"status"`
	Instance   string         `json:"instance"`
	Detail     string         `json:"detail"`
	ReasonCode string         `json:"reasonCode,omitempty"`
	Security   map[string]any `json:"security,omitempty"`
	Errors     []apiError     `json:"errors,omitempty"`
	Timestamp  stamp          `json:"timestamp"`
	TraceID    string         `json:"traceId"`
}

type apiError struct {
	Code        int      `json:"code"`
	Description string   `json:"description"`
	Details     []string `json:"details,omitempty"`
}

// exceptionBody is the older format of an answer 400, the default.
type exceptionBody struct {
	Exception exceptionInfo `json:"exception"`
}

type exceptionInfo struct {
	List        []exceptionDetail `json:"exceptionDetailList"`
	ServiceCode string            `json:"serviceCode"`
	ServiceCtx  string            `json:"serviceCtx"`
	ServiceName string            `json:"serviceName"`
	Timestamp   localStamp        `json:"timestamp"`
}

type exceptionDetail struct {
	Code        int      `json:"exceptionCode"`
	Description string   `json:"exceptionDescription"`
	Details     []string `json:"details,omitempty"`
}

// problemReply turns an error of a handler into an answer.
func (s *Server) problemReply(c *call, err error) *reply {
	var p *problem
	if !errors.As(err, &p) {
		s.cfg.Logger.ErrorContext(c.request.Context(), "ksefsim: internal fault", "operation", c.operation, "error", err)
		p = &problem{status: http.StatusInternalServerError, detail: "Nieznany błąd."}
	}
	trace := s.chance.hex(16)
	if p.status == http.StatusBadRequest && !wantsProblem(c.request) {
		return &reply{status: p.status, body: p.legacy(c, trace, s.chance.hex(8))}
	}
	r := &reply{status: p.status, body: p.modern(c, trace), contentType: typeProblem}
	if p.retryAfter > 0 {
		if !wantsProblem(c.request) {
			r.contentType, r.body = typeJSON, busyBody{statusInfo{
				Code: p.status, Description: http.StatusText(p.status), Details: []string{p.detail},
			}}
		}
		r.header = http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
	}
	if p.challenge != "" {
		r.header = http.Header{"Www-Authenticate": {p.challenge}}
	}
	return r
}

// wantsProblem reports whether the client asked for the newer format.
func wantsProblem(r *http.Request) bool {
	return strings.EqualFold(strings.TrimSpace(r.Header.Get("X-Error-Format")), "problem-details")
}

func (p *problem) modern(c *call, trace string) problemBody {
	b := problemBody{
		Title:      http.StatusText(p.status),
		Status:     p.status,
		Instance:   c.path(),
		Detail:     p.detail,
		ReasonCode: p.reason,
		Security:   p.security,
		Timestamp:  stamp(c.now),
		TraceID:    trace,
	}
	if p.status == http.StatusBadRequest {
		b.Detail = "Żądanie jest nieprawidłowe."
	}
	for _, e := range p.exceptions {
		b.Errors = append(b.Errors, apiError{e.code, exceptionText(e.code), e.details})
	}
	return b
}

func (p *problem) legacy(c *call, trace, span string) exceptionBody {
	info := exceptionInfo{
		ServiceCode: "00-" + trace + "-" + span + "-00",
		ServiceCtx:  "ksefsim",
		ServiceName: "Undefined",
		Timestamp:   localStamp(c.now),
	}
	for _, e := range p.exceptions {
		info.List = append(info.List, exceptionDetail{e.code, exceptionText(e.code), e.details})
	}
	return exceptionBody{info}
}
