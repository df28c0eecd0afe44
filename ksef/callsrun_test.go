package ksef

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// canned answers every request the same way and keeps what it saw.
type canned struct {
	status int
	body   string
	seen   []*http.Request
	bodies []string
	log    *slog.Logger
}

func (c *canned) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	c.seen, c.bodies = append(c.seen, r), append(c.bodies, string(body))
	return &http.Response{StatusCode: c.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body)), ContentLength: -1, Request: r}, nil
}

// account is logged in with the access token "access".
func (c *canned) account(t testing.TB) *Account {
	t.Helper()
	client, err := New(Config{
		Environment: Custom("http://ksef.test"), HTTP: &http.Client{Transport: c}, Logger: c.log,
		Now: func() time.Time { return sampleTime.Add(48 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	access := TokenInfo{NewSecret("access"), sampleTime.Add(100 * time.Hour)}
	return newAccount(client, nil, &grant{access: access})
}

// record makes a call with a sample and returns what was sent.
func record(t testing.TB, op operation, sample any) (*http.Request, string) {
	t.Helper()
	c := &canned{status: 400}
	_, err := op.call(t.Context(), c.account(t), sample)
	if err == nil || len(c.seen) != 1 {
		t.Fatalf("%d calls were made: %v", len(c.seen), err)
	}
	return c.seen[0], c.bodies[0]
}

// samplesOf are the requests of an operation; one nil for those without.
func samplesOf(op operation) []any {
	if len(op.samples) == 0 {
		return []any{nil}
	}
	return op.samples
}

var pathParameter = regexp.MustCompile(`\\\{[^}]*\\\}`)

// TestOperationsSendWhatTheyClaim looks at method, path, query, headers and
// body of every call with every sample.
func TestOperationsSendWhatTheyClaim(t *testing.T) {
	facts := propertyFacts(t)
	byOp := map[string]operationFact{}
	for _, f := range operationFacts(t) {
		byOp[f.op] = f
	}
	var golden strings.Builder
	for _, op := range operations() {
		t.Run(op.op, func(t *testing.T) {
			want := pathParameter.ReplaceAllString(regexp.QuoteMeta(op.op), `[0-9A-Za-z-]+`)
			covered := map[string]bool{}
			for _, sample := range samplesOf(op) {
				r, body := record(t, op, sample)
				if got := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v2"); !regexp.MustCompile("^" + want + "$").MatchString(got) {
					t.Errorf("called %s", got)
				}
				checkHeaders(t, r, byOp[op.op].token, body)
				checkQuery(t, r, of(facts, op.op, "?"))
				if sample != nil {
					golden.WriteString(op.op + "\n" + body + "\n\n")
					leaves(t, body, covered)
				}
			}
			checkCovered(t, of(facts, op.op, ">"), covered)
		})
	}
	checkGolden(t, "testdata/requests.golden", golden.String())
}

func checkHeaders(t *testing.T, r *http.Request, token, body string) {
	t.Helper()
	want := map[string]string{"none": "", "access": "Bearer access", "operation": "Bearer operation", "refresh": "Bearer refresh", "given": "Bearer given"}
	if got := r.Header.Get("Authorization"); got != want[token] {
		t.Errorf("Authorization %q, want token %s", got, token)
	}
	if r.Header.Get("X-Error-Format") != "problem-details" {
		t.Error("errors are not asked for as problem details")
	}
	if kind := r.Header.Get("Content-Type"); body != "" && kind != "application/json" && kind != "application/xml" {
		t.Errorf("Content-Type %q", kind)
	}
}

// checkQuery wants every query parameter of the contract and no other.
func checkQuery(t *testing.T, r *http.Request, want []property) {
	t.Helper()
	names := map[string]bool{}
	for _, p := range want {
		if !strings.HasSuffix(p.path, "[]") {
			names[p.path[1:]] = true
		}
	}
	for name := range r.URL.Query() {
		if !names[name] {
			t.Errorf("the contract has no query parameter %s", name)
		}
		delete(names, name)
	}
	for name := range names {
		t.Errorf("query parameter %s is not sent", name)
	}
}

// leaves adds the paths of a JSON text.
func leaves(t *testing.T, body string, into map[string]bool) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		into[path] = true
		switch v := v.(type) {
		case map[string]any:
			for name, child := range v {
				walk(strings.TrimPrefix(path+"."+name, ">."), child)
			}
		case []any:
			for _, child := range v {
				walk(path+"[]", child)
			}
		}
	}
	walk(">", v)
	delete(into, ">")
}

func checkCovered(t *testing.T, want []property, covered map[string]bool) {
	t.Helper()
	for _, p := range want {
		if !covered[p.path[1:]] {
			t.Errorf("%s is in no request", p.path)
		}
		delete(covered, p.path[1:])
	}
	for path := range covered {
		if !strings.HasPrefix(path, "rateLimits.") {
			t.Errorf("%s is sent and not in the contract", path)
		}
	}
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestRetryClasses counts the attempts of every call when the server fails, and
// wants doubt after those that may have had an effect.
func TestRetryClasses(t *testing.T) {
	attempts := map[string]int{"read": 4, "poll": 6, "auth": 1, "once": 1}
	ops := operations()
	for _, f := range operationFacts(t) {
		i := slices.IndexFunc(ops, func(o operation) bool { return o.op == f.op })
		t.Run(f.op, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				c := &canned{status: 503, log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
				_, err := ops[i].call(t.Context(), c.account(t), samplesOf(ops[i])[0])
				if len(c.seen) != attempts[f.class] || !errors.Is(err, ErrUnavailable) {
					t.Errorf("%d attempts, class %s: %v", len(c.seen), f.class, err)
				}
				if errors.Is(err, ErrOutcomeUnknown) != (f.class == "once") {
					t.Errorf("class %s: %v", f.class, err)
				}
				if !strings.Contains(out.String(), "group="+f.group+" ") {
					t.Errorf("group is not %s: %s", f.group, out.String())
				}
			})
		})
	}
}

// TestOperationsStopWithTheirContext makes every call with a context that has
// ended: nothing may be sent.
func TestOperationsStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, op := range operations() {
		c := &canned{status: 200}
		if _, err := op.call(ctx, c.account(t), samplesOf(op)[0]); !errors.Is(err, context.Canceled) || len(c.seen) > 0 {
			t.Errorf("%s: %d calls, %v", op.op, len(c.seen), err)
		}
	}
}
