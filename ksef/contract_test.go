package ksef

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// operation is what the contract test knows about one low-level method: how to
// call it and the shapes it sends and reads.
type operation struct {
	method   string // method and path, as in the ksef:op comment
	call     func(ctx context.Context, a *Account) error
	request  any
	response any
}

func each[T any](seq func(yield func(T, error) bool)) error {
	for _, err := range seq {
		return err
	}
	return nil
}

func ignore[T any](_ T, err error) error { return err }

var operations = []operation{
	{"POST /auth/challenge", func(ctx context.Context, a *Account) error { return ignore(a.client.Auth.Challenge(ctx)) }, nil, wireChallenge{}},
	{"POST /auth/xades-signature", func(ctx context.Context, a *Account) error {
		return ignore(a.client.Auth.SubmitXAdES(ctx, []byte("<x/>"), true))
	}, nil, wireAuthInit{}},
	{"POST /auth/ksef-token", func(ctx context.Context, a *Account) error {
		return ignore(a.client.Auth.SubmitToken(ctx, TokenLogin{}))
	}, wireTokenLogin{}, wireAuthInit{}},
	{"GET /auth/{referenceNumber}", func(ctx context.Context, a *Account) error { return ignore(a.client.Auth.Status(ctx, "P1", Secret{})) }, nil, wireAuthStatus{}},
	{"POST /auth/token/redeem", func(ctx context.Context, a *Account) error { return ignore(a.client.Auth.Redeem(ctx, Secret{})) }, nil, wireTokens{}},
	{"POST /auth/token/refresh", func(ctx context.Context, a *Account) error { return ignore(a.client.Auth.Refresh(ctx, Secret{})) }, nil, wireRefresh{}},
	{"GET /auth/sessions", func(ctx context.Context, a *Account) error { return each(a.Logins.List(ctx)) }, nil, wireLogins{}},
	{"DELETE /auth/sessions/current", func(ctx context.Context, a *Account) error { return a.client.Auth.EndCurrent(ctx, Secret{}) }, nil, nil},
	{"DELETE /auth/sessions/{referenceNumber}", func(ctx context.Context, a *Account) error { return a.Logins.End(ctx, "P1") }, nil, nil},
	{"GET /security/public-key-certificates", func(ctx context.Context, a *Account) error {
		return ignore(a.client.Security.PublicKeyCertificates(ctx))
	}, nil, []wirePublicKey{}},
	{"POST /sessions/online", func(ctx context.Context, a *Account) error {
		return ignore(a.Online.Open(ctx, OpenOnlineRequest{FormCode: FormFA3}))
	}, OpenOnlineRequest{}, wireOpened{}},
	{"POST /sessions/online/{referenceNumber}/invoices", func(ctx context.Context, a *Account) error {
		return ignore(a.Online.Send(ctx, "P1", SendInvoiceRequest{}))
	}, SendInvoiceRequest{}, wireSent{}},
	{"POST /sessions/online/{referenceNumber}/close", func(ctx context.Context, a *Account) error { return a.Online.Close(ctx, "P1") }, nil, nil},
	{"GET /sessions", func(ctx context.Context, a *Account) error {
		now := time.Now()
		return each(a.Sessions.List(ctx, SessionFilter{"Online", "R", now, now, now, now, now, now, []string{"Failed"}}))
	}, nil, wireSessionList{}},
	{"GET /sessions/{referenceNumber}", func(ctx context.Context, a *Account) error { return ignore(a.Sessions.Status(ctx, "P1")) }, nil, wireSessionStatus{}},
	{"GET /sessions/{referenceNumber}/invoices", func(ctx context.Context, a *Account) error { return each(a.Sessions.Invoices(ctx, "P1")) }, nil, wireInvoiceList{}},
	{"GET /sessions/{referenceNumber}/invoices/failed", func(ctx context.Context, a *Account) error { return each(a.Sessions.FailedInvoices(ctx, "P1")) }, nil, wireInvoiceList{}},
	{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}", func(ctx context.Context, a *Account) error {
		return ignore(a.Sessions.Invoice(ctx, "P1", "P2"))
	}, nil, wireInvoiceStatus{}},
	{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo", func(ctx context.Context, a *Account) error {
		return ignore(a.Sessions.InvoiceUPO(ctx, "P1", "P2"))
	}, nil, nil},
	{"GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo", func(ctx context.Context, a *Account) error {
		return ignore(a.Sessions.InvoiceUPOByKSeFNumber(ctx, "P1", "P2"))
	}, nil, nil},
	{"GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}", func(ctx context.Context, a *Account) error {
		return ignore(a.Sessions.UPO(ctx, "P1", "P2"))
	}, nil, nil},
	{"GET /invoices/ksef/{ksefNumber}", func(ctx context.Context, a *Account) error { return ignore(a.Invoices.Get(ctx, "P1")) }, nil, nil},
	{"GET /limits/context", func(ctx context.Context, a *Account) error { return ignore(a.Limits.Context(ctx)) }, nil, ContextLimits{}},
	{"GET /limits/subject", func(ctx context.Context, a *Account) error { return ignore(a.Limits.Subject(ctx)) }, nil, SubjectLimits{}},
	{"GET /rate-limits", func(ctx context.Context, a *Account) error { return ignore(a.Limits.Rates(ctx)) }, nil, RateLimits{}},
}

// directives are the ksef:op comments of the package's source.
func directives(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Doc == nil {
				continue
			}
			for _, c := range fn.Doc.List {
				if op, ok := strings.CutPrefix(c.Text, "//ksef:op "); ok {
					if found[op] != "" {
						t.Errorf("%s: %s is claimed by %s too", fn.Name.Name, op, found[op])
					}
					found[op] = fn.Name.Name
				}
			}
		}
		if strings.Count(string(src), "\n//ksef:op ") != countIn(found, file) {
			t.Errorf("%s: a ksef:op comment is not on a method", name)
		}
	}
	return found
}

func countIn(found map[string]string, file *ast.File) int {
	names := slices.Collect(maps.Values(found))
	n := 0
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil && slices.Contains(names, fn.Name.Name) && strings.Contains(rawDoc(fn), "//ksef:op ") {
			n++
		}
	}
	return n
}

func rawDoc(fn *ast.FuncDecl) string {
	var b strings.Builder
	for _, c := range fn.Doc.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}

func TestEveryOperationIsMarkedAndTested(t *testing.T) {
	marked := directives(t)
	for _, op := range operations {
		if marked[op.method] == "" {
			t.Errorf("%s is tested and not marked in the source", op.method)
		}
		delete(marked, op.method)
	}
	for op, name := range marked {
		t.Errorf("%s (%s) is marked in the source and not tested", op, name)
	}
}

// TestOperationsCallWhatTheyClaim calls every method and looks at the request.
func TestOperationsCallWhatTheyClaim(t *testing.T) {
	for _, op := range operations {
		t.Run(op.method, func(t *testing.T) {
			r := record(t, op)
			want := op.method
			for i := 1; strings.Contains(want, "{"); i++ {
				before, after, _ := strings.Cut(want, "{")
				_, after, _ = strings.Cut(after, "}")
				want = fmt.Sprintf("%sP%d%s", before, i, after)
			}
			if got := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v2"); got != want {
				t.Errorf("called %s, want %s", got, want)
			}
		})
	}
}

func record(t *testing.T, op operation) *http.Request {
	t.Helper()
	var seen *http.Request
	c, err := New(Config{
		Environment: Custom("http://ksef.test"),
		HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			seen = r
			return &http.Response{StatusCode: 400, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	access := TokenInfo{NewSecret("x"), time.Now().Add(time.Hour)}
	if err := op.call(t.Context(), newAccount(c, nil, &grant{access: access})); err == nil || seen == nil {
		t.Fatalf("no call was made: %v", err)
	}
	return seen
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type openAPI struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]*schema }
}

type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	AllOf                []*schema          `json:"allOf"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties *schema            `json:"additionalProperties"`
	Items                *schema            `json:"items"`
}

type apiOperation struct {
	Parameters  []struct{ Name, In string }
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema *schema }
	}
}

func loadContract(t *testing.T) *openAPI {
	t.Helper()
	api := new(openAPI)
	if err := json.Unmarshal(refdata.File(t, "ksef-openapi-2.7.0.json"), api); err != nil {
		t.Fatal(err)
	}
	return api
}

func (api *openAPI) operation(t *testing.T, op string) apiOperation {
	t.Helper()
	method, path, _ := strings.Cut(op, " ")
	raw, ok := api.Paths[path][strings.ToLower(method)]
	if !ok {
		t.Fatalf("the contract has no %s", op)
	}
	var out apiOperation
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (api *openAPI) resolve(s *schema) *schema {
	for s != nil {
		switch {
		case s.Ref != "":
			s = api.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
		case len(s.AllOf) == 1 && len(s.Properties) == 0:
			s = s.AllOf[0]
		default:
			return s
		}
	}
	return nil
}

// knownDifferences are where this package differs from API 2.7.0 on purpose.
var knownDifferences = map[string]string{
	"+ GET /limits/context.collectiveIdentifier":         "added in 2.7.1",
	"- GET /auth/{referenceNumber}.authenticationMethod": "withdrawn in favour of authenticationMethodInfo",
	"- GET /auth/sessions.items.authenticationMethod":    "withdrawn in favour of authenticationMethodInfo",
}

// TestContract accounts for every property of every operation covered here.
func TestContract(t *testing.T) {
	api := loadContract(t)
	used := map[string]bool{}
	check := func(t *testing.T, where string, s *schema, v any) {
		for _, diff := range api.compare(where, s, reflect.TypeOf(v)) {
			if knownDifferences[diff] == "" {
				t.Error(diff)
			}
			used[diff] = true
		}
	}
	for _, op := range operations {
		t.Run(op.method, func(t *testing.T) {
			contract := api.operation(t, op.method)
			if body, ok := contract.RequestBody.Content["application/json"]; ok != (op.request != nil) {
				t.Error("only one side has a request body")
			} else if ok {
				check(t, op.method, body.Schema, op.request)
			}
			for status, response := range contract.Responses {
				body, ok := response.Content["application/json"]
				if status[0] == '2' && ok != (op.response != nil) {
					t.Error("only one side has an answer")
				} else if status[0] == '2' && ok {
					check(t, op.method, body.Schema, op.response)
				}
			}
			checkParameters(t, contract, record(t, op))
		})
	}
	for diff := range knownDifferences {
		if !used[diff] {
			t.Errorf("known difference %q does not exist", diff)
		}
	}
}

// checkParameters wants every query parameter of the contract to be sent and
// no other. Continuation tokens are tested with the iterators.
func checkParameters(t *testing.T, contract apiOperation, r *http.Request) {
	t.Helper()
	want := map[string]bool{}
	for _, p := range contract.Parameters {
		if p.In == "query" {
			want[p.Name] = true
		}
	}
	for name := range r.URL.Query() {
		if !want[name] {
			t.Errorf("the contract has no query parameter %s", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("query parameter %s is not sent", name)
	}
}

// compare lists the properties that only the contract ("-") or only the type
// ("+") has.
func (api *openAPI) compare(where string, s *schema, typ reflect.Type) []string {
	s = api.resolve(s)
	if s == nil {
		return []string{"? " + where + " is not described"}
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case s.Items != nil && typ.Kind() == reflect.Slice:
		return api.compare(where, s.Items, typ.Elem())
	case typ.Kind() == reflect.Map:
		var diffs []string
		for name, p := range s.Properties {
			diffs = append(diffs, api.compare(where+"."+name, p, typ.Elem())...)
		}
		return diffs
	case typ == reflect.TypeFor[FormCode]():
		typ = reflect.TypeFor[wireFormCode]()
	case typ == reflect.TypeFor[wireTime](), s.Type == "string", s.Type == "integer", s.Type == "boolean", typ.Kind() != reflect.Struct:
		return api.compareScalar(where, s, typ)
	}
	ours := jsonFields(typ)
	var diffs []string
	for name, p := range s.Properties {
		if field, ok := ours[name]; ok {
			diffs = append(diffs, api.compare(where+"."+name, p, field)...)
		} else {
			diffs = append(diffs, "- "+where+"."+name)
		}
		delete(ours, name)
	}
	for name := range ours {
		diffs = append(diffs, "+ "+where+"."+name)
	}
	return diffs
}

func (api *openAPI) compareScalar(where string, s *schema, typ reflect.Type) []string {
	kinds := map[string][]reflect.Kind{
		"string":  {reflect.String, reflect.Slice, reflect.Struct}, // text, Base64, time
		"integer": {reflect.Int, reflect.Int64},
		"boolean": {reflect.Bool},
		"object":  {reflect.Map},
	}
	if !slices.Contains(kinds[s.Type], typ.Kind()) {
		return []string{fmt.Sprintf("? %s is %s in the contract and %v here", where, s.Type, typ)}
	}
	return nil
}

func jsonFields(typ reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(typ) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields[name] = f.Type
		}
	}
	return fields
}

// TestErrorShapesAgainstContract accounts for every property of every body that
// reports a failure.
func TestErrorShapesAgainstContract(t *testing.T) {
	api := loadContract(t)
	ours := jsonFields(reflect.TypeFor[wireProblem]())
	for name, typ := range map[string]reflect.Type{
		"BadRequestProblemDetails": nil, "UnauthorizedProblemDetails": nil, "ForbiddenProblemDetails": nil, "GoneProblemDetails": nil,
		"TooManyRequestsProblemDetails": nil, "TooManyRequestsResponse": nil, "ExceptionResponse": nil,
		"ApiError": reflect.TypeFor[wireAPIError](), "ExceptionInfo": reflect.TypeFor[wireException](), "ExceptionDetails": reflect.TypeFor[wireExceptionDetail](),
	} {
		fields := ours
		if typ != nil {
			fields = jsonFields(typ)
		}
		s := api.Components.Schemas[name]
		if s == nil {
			t.Fatalf("the contract has no %s", name)
		}
		for p := range s.Properties {
			if fields[p] == nil {
				t.Errorf("%s.%s is not read", name, p)
			}
		}
	}
}

// TestErrorCodesOfTheContract wants a name for every code that the covered
// operations are documented to answer with.
func TestErrorCodesOfTheContract(t *testing.T) {
	api := loadContract(t)
	seen := map[int]bool{}
	for path, methods := range api.Paths {
		for method := range methods {
			if method == "parameters" {
				continue
			}
			for _, r := range api.operation(t, strings.ToUpper(method)+" "+path).Responses {
				for _, code := range tableCodes(r.Description) {
					seen[code] = true
				}
			}
		}
	}
	if len(seen) < 40 {
		t.Fatalf("only %d codes were found in the contract", len(seen))
	}
	for code := range seen {
		if ErrorCode(code).Meaning() == "" {
			t.Errorf("code %d has no meaning here", code)
		}
	}
}

// tableCodes reads the first column of the tables in a description.
func tableCodes(description string) []int {
	var codes []int
	for line := range strings.Lines(description) {
		var code int
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), "| %d |", &code); n == 1 && code >= 9000 {
			codes = append(codes, code)
		}
	}
	return codes
}
