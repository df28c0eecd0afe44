package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/faktupro/faktupro-go/faktupro"
)

// ProblemTypeBase is what the type member of every problem starts with; the
// rest is the problem's code.
const ProblemTypeBase = "urn:faktupro:problem:"

// Problem is the body of every answer that is not a success (RFC 9457,
// application/problem+json). Branch on Code, never on texts.
type Problem struct {
	// Type is ProblemTypeBase followed by Code.
	Type string `json:"type" doc:"URI of the kind of problem; ends with the code" example:"urn:faktupro:problem:invoice.invalid"`
	// Title is the same for every occurrence of one code.
	Title string `json:"title" doc:"What kind of problem this is" example:"The invoice has errors"`
	// Status repeats the HTTP status.
	Status int `json:"status" doc:"HTTP status" example:"422"`
	// Code is stable and meant for programs.
	Code string `json:"code" doc:"Stable code to branch on" example:"invoice.invalid"`
	// Detail says what happened here and what to do about it.
	Detail string `json:"detail" doc:"What happened in this case and what to do about it"`
	// Instance is the path of the request.
	Instance string `json:"instance,omitempty" doc:"Path of the request"`
	// RequestID finds the request in the log.
	RequestID string `json:"requestId,omitempty" doc:"Identifier of the request; quote it when asking for help"`
	// Problems lists every fault of the input, each with the place and the remedy.
	Problems []Fault `json:"problems,omitempty" nullable:"false" doc:"Every fault found, in the order of the document"`
}

// Fault is one fault of an input document.
type Fault struct {
	// Path is a JSON pointer into the request body (RFC 6901), or names a
	// parameter as query.limit, header.Idempotency-Key.
	Path string `json:"path" doc:"JSON pointer into the body, or the name of the parameter such as query.limit" example:"/seller/nip"`
	// Code is stable and meant for programs.
	Code string `json:"code" doc:"Stable code of the rule" example:"nip.checksum"`
	// Severity is error or warning; a warning alone refuses nothing.
	Severity string `json:"severity" enum:"error,warning" doc:"Only errors refuse"`
	// Message says in English what is wrong and how to mend it.
	Message string `json:"message" doc:"What is wrong and how to mend it"`
	// MessagePL is the same in Polish.
	MessagePL string `json:"messagePl,omitempty" doc:"The same in Polish"`
	// Line and Column, from 1, say where in the JSON text; 0 when it is not about the text.
	Line   int `json:"line,omitempty" doc:"Line of the JSON text, from 1"`
	Column int `json:"column,omitempty" doc:"Column of the JSON text in bytes, from 1"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func newProblem(status int, code, title, detail string) *Problem {
	return &Problem{Type: ProblemTypeBase + code, Title: title, Status: status, Code: code, Detail: detail}
}

// invalidInvoice turns the domain's list of problems into the answer. What
// could not be read at all is 400; what was read and breaks a rule is 422.
func invalidInvoice(v *faktupro.ValidationError) *Problem {
	for _, f := range v.Problems {
		if unreadable[f.Code] {
			p := problemFor(http.StatusBadRequest)
			p.Problems = faults(v.Problems)
			return p
		}
	}
	p := newProblem(http.StatusUnprocessableEntity, "invoice.invalid", "The invoice has errors",
		"Nothing was stored. Each entry of problems names the field, the rule and the remedy.")
	p.Problems = faults(v.Problems)
	return p
}

// optionPaths names the parameter of the faults that are not in the document.
var optionPaths = map[string]string{
	"key.length": "header.Idempotency-Key", "key.characters": "header.Idempotency-Key", "replaces.not_found": "query.replaces",
}

// unreadable are the faults of the text as JSON, before it is an invoice.
var unreadable = map[string]bool{"json.syntax": true, "json.encoding": true, "json.depth": true, "json.trailing": true}

func faults(list faktupro.Problems) []Fault {
	out := make([]Fault, len(list))
	for i, f := range list {
		path := f.Path
		if where, ok := optionPaths[f.Code]; ok {
			path = where
		}
		out[i] = Fault{Path: path, Code: f.Code, Severity: string(f.Severity), Message: f.EN, MessagePL: f.PL,
			Line: f.Line, Column: f.Column}
	}
	return out
}

// statusProblems names the answers that come from the HTTP layer itself.
var statusProblems = map[int]struct{ code, title, detail string }{
	http.StatusBadRequest:            {"request.malformed", "The request cannot be read", "Send one JSON document in UTF-8. problems names line and column when the text can be read so far."},
	http.StatusUnauthorized:          {"auth.required", "An API key is required", "Send a valid key in the header: Authorization: Bearer fp_live_..."},
	http.StatusForbidden:             {"auth.forbidden", "The API key may not do this", "Use a key whose scopes allow the operation."},
	http.StatusNotFound:              {"not_found", "There is nothing here", "Check the path and the identifier."},
	http.StatusMethodNotAllowed:      {"method.not_allowed", "The method is not allowed here", "See the OpenAPI document at /openapi.json for the operations."},
	http.StatusNotAcceptable:         {"accept.unsupported", "No acceptable representation", "Accept application/json."},
	http.StatusRequestTimeout:        {"request.timeout", "The request took too long to arrive", "Send the body faster or in a smaller request."},
	http.StatusRequestEntityTooLarge: {"request.too_large", "The request body is too large", "An invoice is at most 16 MiB of JSON and 10,000 lines; split the document."},
	http.StatusUnsupportedMediaType:  {"request.media_type", "The media type is not supported", "Send Content-Type: application/json, without Content-Encoding."},
	http.StatusUnprocessableEntity:   {"request.invalid", "A parameter of the request is invalid", "See problems for the parameters at fault."},
	http.StatusInternalServerError:   {"internal", "Something went wrong on our side", "Nothing was lost; try again. If it stays, quote the request id."},
	http.StatusServiceUnavailable:    {"unavailable", "The service is not ready", "Try again shortly."},
}

// problemFor builds the problem of an HTTP status.
func problemFor(status int) *Problem {
	s, ok := statusProblems[status]
	if !ok {
		s = struct{ code, title, detail string }{"http", http.StatusText(status), http.StatusText(status)}
	}
	return newProblem(status, s.code, s.title, s.detail)
}

// transform gives every error that leaves the framework the one shape. The
// framework echoes offending values; they are dropped, for they may be secret.
func transform(ctx huma.Context, _ string, v any) (any, error) {
	switch e := v.(type) {
	case *Problem:
		return e.locate(ctx.URL().Path, RequestID(ctx.Context())), nil
	case *huma.ErrorModel:
		status := e.Status
		if status == http.StatusInternalServerError && e.Detail == "cannot read request body" {
			status = http.StatusBadRequest // the body ended early: the caller's line, not our fault
			requestOf(ctx.Context()).status = status
		}
		p := problemFor(status)
		for _, d := range e.Errors {
			p.Problems = append(p.Problems, Fault{Path: d.Location, Code: "parameter.invalid", Severity: "error", Message: d.Message})
		}
		return p.locate(ctx.URL().Path, RequestID(ctx.Context())), nil
	}
	return v, nil
}

// locate returns a copy that names the request.
func (p *Problem) locate(path, requestID string) *Problem {
	q := *p
	q.Instance, q.RequestID = path, requestID
	return &q
}

// write sends the problem outside the framework (unknown paths, panics).
func (p *Problem) write(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(p.locate(r.URL.Path, RequestID(r.Context())))
	if err != nil {
		http.Error(w, http.StatusText(p.Status), p.Status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // the client is gone: nobody is left to tell
}

// internalProblem logs the cause under the request's id and hides it from the caller.
func internalProblem(log *slog.Logger, requestID string, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	log.Error("request failed", "requestId", requestID, "error", err)
	return problemFor(http.StatusInternalServerError)
}
