package api_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/gateway/api"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// house is the whole API on a real database file and a real simulator.
type house struct {
	t       *testing.T
	url     string
	keys    *access.Authenticator
	service *invoicing.Service
	sim     *ksefsim.Server
	log     *bytes.Buffer
	denied  []string
	key     string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, log: &bytes.Buffer{}}
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	base, stop := sim.Start()
	t.Cleanup(stop)
	h.sim = sim

	conn, err := sql.Open("sqlite", store.SQLiteDSN(filepath.Join(t.TempDir(), "test.db")))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetMaxOpenConns(1)
	db := bun.NewDB(conn, sqlitedialect.New())
	t.Cleanup(func() { db.Close() })
	st, err := store.Open(db, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.service, err = invoicing.New(invoicing.Config{
		Store: st, Connect: connector(t, base),
		Trust: upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.keys, err = access.NewAuthenticator(st, access.Config{}); err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(api.Config{
		Invoices: h.service, Keys: h.keys, Logger: slog.New(slog.NewTextHandler(h.log, nil)),
		Proof:  func(context.Context, string) ([]byte, error) { return nil, api.ErrNoProof },
		Denied: func(_ context.Context, keyID, reason string) { h.denied = append(h.denied, keyID+"/"+reason) },
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	h.url = srv.URL
	h.key = h.issueKey(access.AllScopes())
	return h
}

func connector(t *testing.T, base string) invoicing.Connector {
	client, err := ksef.New(ksef.Config{Environment: ksef.Custom(base), Poll: ksef.PollConfig{Interval: time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	return invoicing.NewLogins(client, func(_ context.Context, seller pl.NIP) (ksef.Credential, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Test"}, key, time.Now())
		if err != nil {
			return nil, err
		}
		return ksef.XAdES(ksef.NIPContext(seller), key, cert), nil
	})
}

func (h *house) issueKey(scopes access.Scopes) string {
	h.t.Helper()
	secret, _, err := h.keys.Issue(h.t.Context(), access.Grant{Label: "test", Scopes: scopes})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret.Reveal()
}

// call sends a request with the house's key and returns the answer with its body.
func (h *house) call(method, path, body string, header ...string) (*http.Response, []byte) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+h.key)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res, data
}

// want calls and checks the status; the body is decoded into T.
func want[T any](h *house, status int, method, path, body string, header ...string) T {
	h.t.Helper()
	res, data := h.call(method, path, body, header...)
	if res.StatusCode != status {
		h.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, res.StatusCode, status, data)
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		h.t.Fatalf("%s %s: %v\n%s", method, path, err, data)
	}
	return v
}

// count is the number of stored invoices.
func (h *house) count() int {
	h.t.Helper()
	page := want[struct{ Items []any }](h, 200, "GET", "/v1/invoices?limit=200", "")
	return len(page.Items)
}

// sample is the built-in invoice of today without a number, after edit.
func sample(t *testing.T, edit func(inv map[string]any)) string {
	t.Helper()
	var inv map[string]any
	if err := json.Unmarshal(faktupro.Sample(), &inv); err != nil {
		t.Fatal(err)
	}
	delete(inv, "number")
	delete(inv, "supplyDate")
	inv["issueDate"] = pl.DateOf(time.Now()).String()
	if edit != nil {
		edit(inv)
	}
	data, err := json.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

type invoice struct {
	ID, State, Number, Gross, SHA256 string
	KSeF                             struct{ Number string }
	Invoice                          json.RawMessage
}

func TestIssueOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	made := want[invoice](h, 201, "POST", "/v1/invoices", sample(t, nil))
	if made.State != "draft" || made.Number != "" {
		t.Errorf("draft: %+v", made)
	}
	want[api.Problem](h, 409, "GET", "/v1/invoices/"+made.ID+"/xml", "")
	issued := want[invoice](h, 202, "POST", "/v1/invoices/"+made.ID+"/issue", "")
	again := want[invoice](h, 202, "POST", "/v1/invoices/"+made.ID+"/issue", "")
	if issued.Number != again.Number || issued.SHA256 != again.SHA256 || issued.SHA256 == "" {
		t.Errorf("issuing twice: %+v, then %+v", issued, again)
	}
	if _, err := h.service.Deliver(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	done := want[invoice](h, 200, "GET", "/v1/invoices/"+made.ID, "")
	if done.State != "confirmed" || !pl.KSeFNumber(done.KSeF.Number).Valid() {
		t.Errorf("after delivery: %+v", done)
	}
	if got := h.sim.Accepted(); len(got) != 1 {
		t.Errorf("KSeF holds %d invoices, want 1", len(got))
	}
	for path, mark := range map[string]string{"/xml": "<Faktura ", "/upo": "<Potwierdzenie "} {
		res, data := h.call("GET", "/v1/invoices/"+made.ID+path, "")
		if res.StatusCode != 200 || !bytes.Contains(data, []byte(mark)) || res.Header.Get("Content-Type") != "application/xml" {
			t.Errorf("%s: %d %s %.80s", path, res.StatusCode, res.Header.Get("Content-Type"), data)
		}
	}
	if strings.Contains(h.log.String(), h.key) || strings.Contains(h.log.String(), "Wawel") {
		t.Error("the log holds the key or the seller's name")
	}
}

// badInput is one refusal that the API promises.
type badInput struct {
	name   string
	body   func(t *testing.T) string
	status int
	code   string
	fault  string // code of one of the faults
	path   string // and its place
}

func edited(edit func(inv map[string]any)) func(*testing.T) string {
	return func(t *testing.T) string { return sample(t, edit) }
}

func line(inv map[string]any, i int) map[string]any {
	return inv["lines"].([]any)[i].(map[string]any)
}

var badInputs = []badInput{
	{"NIP checksum", edited(func(inv map[string]any) { inv["buyer"].(map[string]any)["nip"] = "5253012348" }),
		422, "invoice.invalid", "nip.checksum", "/buyer/nip"},
	{"unknown rate", edited(func(inv map[string]any) { line(inv, 0)["vatRate"] = "19" }),
		422, "invoice.invalid", "vat_rate.unknown", "/lines/0/vatRate"},
	{"negative total", edited(func(inv map[string]any) { line(inv, 1)["quantity"] = "-900" }),
		422, "invoice.invalid", "total.negative", ""},
	{"date in the future", edited(func(inv map[string]any) { inv["issueDate"] = pl.DateOf(time.Now()).AddDays(2).String() }),
		422, "invoice.invalid", "issue_date.future", "/issueDate"},
	{"10,001 lines", edited(func(inv map[string]any) {
		lines := make([]any, 10_001)
		for i := range lines {
			lines[i] = map[string]any{"name": "x", "quantity": "1", "unit": "szt.", "unitPrice": "1.00", "vatRate": "23"}
		}
		inv["lines"] = lines
	}), 422, "invoice.invalid", "list.too_long", "/lines"},
	{"unknown field", edited(func(inv map[string]any) { inv["buyr"] = 1 }), 422, "invoice.invalid", "json.unknown_field", "/buyr"},
	{"malformed JSON", func(*testing.T) string { return `{"kind": "VAT",` }, 400, "request.malformed", "json.syntax", ""},
	{"two documents", func(t *testing.T) string { return sample(t, nil) + "{}" }, 400, "request.malformed", "json.trailing", ""},
	{"empty body", func(*testing.T) string { return "" }, 400, "request.malformed", "", ""},
	{"20 MB", func(*testing.T) string { return strings.Repeat(" ", 20_000_000) }, 413, "request.too_large", "", ""},
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, tt := range badInputs {
		t.Run(tt.name, func(t *testing.T) {
			h.t = t
			p := want[api.Problem](h, tt.status, "POST", "/v1/invoices", tt.body(t))
			if p.Status != tt.status || p.Title == "" || p.Detail == "" || p.RequestID == "" || p.Type != api.ProblemTypeBase+p.Code {
				t.Errorf("problem is incomplete: %+v", p)
			}
			if tt.code != "" && p.Code != tt.code {
				t.Errorf("code %q, want %q", p.Code, tt.code)
			}
			if (tt.fault != "" || tt.path != "") && !has(p.Problems, tt.fault, tt.path) {
				t.Errorf("no fault %q at %q in %+v", tt.fault, tt.path, p.Problems)
			}
			for _, f := range p.Problems {
				if f.Message == "" || f.MessagePL == "" && p.Code == "invoice.invalid" {
					t.Errorf("fault without remedy: %+v", f)
				}
			}
			if n := h.count(); n != 0 {
				t.Errorf("%d invoices are stored after a refusal", n)
			}
		})
	}
}

func has(faults []api.Fault, code, path string) bool {
	for _, f := range faults {
		if (code == "" || f.Code == code) && (path == "" || f.Path == path) {
			return true
		}
	}
	return false
}

func TestOneNumberTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := sample(t, func(inv map[string]any) { inv["number"] = "A/7" })
	first := want[invoice](h, 201, "POST", "/v1/invoices", body)
	want[invoice](h, 202, "POST", "/v1/invoices/"+first.ID+"/issue", "")
	res, data := h.call("POST", "/v1/invoices", body)
	if res.StatusCode == 201 { // a draft may repeat a number; issuing it may not
		var second invoice
		if err := json.Unmarshal(data, &second); err != nil {
			t.Fatal(err)
		}
		res, data = h.call("POST", "/v1/invoices/"+second.ID+"/issue", "")
	}
	var p api.Problem
	if err := json.Unmarshal(data, &p); err != nil || res.StatusCode != 422 || !has(p.Problems, "number.duplicate", "/number") {
		t.Errorf("%d %s", res.StatusCode, data)
	}
}

// TestUnreadable: what would be misread is refused, always as a problem.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := sample(t, nil)
	for _, header := range [][]string{
		{"Content-Type", "text/plain"}, {"Content-Type", "application/cbor"}, {"Content-Type", ""}, {"Content-Encoding", "gzip"},
	} {
		if p := want[api.Problem](h, 415, "POST", "/v1/invoices", body, header...); p.Code != "request.media_type" {
			t.Errorf("%v: code %q", header, p.Code)
		}
	}
	want[invoice](h, 201, "POST", "/v1/invoices", body, "Content-Type", "application/json; charset=utf-8")
	for _, path := range []string{"/v1//invoices", "/v1/../v1/invoices", "/v1/invoices/./x"} {
		want[api.Problem](h, 404, "GET", path, "")
	}
	p := want[api.Problem](h, 422, "POST", "/v1/invoices?series=x", body)
	if !has(p.Problems, "number_pattern.number", "query.series") || strings.Contains(p.Problems[0].Message, "faktupro:") {
		t.Errorf("series: %+v", p.Problems)
	}
}

// TestBodyEndsEarly: half a request is the caller's fault, not ours.
func TestBodyEndsEarly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\"", h.key)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
		t.Errorf("%v %s", err, answer)
	}
}

// TestDraftWithoutDate: what is not known is absent, not empty.
func TestDraftWithoutDate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	made := want[map[string]any](h, 201, "POST", "/v1/invoices", sample(t, func(inv map[string]any) { delete(inv, "issueDate") }))
	for _, field := range []string{"issueDate", "number"} {
		if v, ok := made[field]; ok {
			t.Errorf("%s is %v", field, v)
		}
	}
}

// TestTooLarge: ten thousand long lines pass every rule but the size of the
// finished document, and validating says so as creating does.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := sample(t, func(inv map[string]any) {
		lines := make([]any, 10_000)
		for i := range lines {
			lines[i] = map[string]any{"name": strings.Repeat("x", 200), "quantity": "1", "unit": "szt.", "unitPrice": "1.00", "vatRate": "23"}
		}
		inv["lines"] = lines
	})
	verdict := want[struct {
		Valid    bool
		Problems []api.Fault
	}](h, 200, "POST", "/v1/invoices/validate", body)
	if verdict.Valid || !has(verdict.Problems, "document.size", "") {
		t.Errorf("validate: %+v", verdict)
	}
	if p := want[api.Problem](h, 422, "POST", "/v1/invoices", body); !has(p.Problems, "document.size", "") {
		t.Errorf("create: %+v", p)
	}
	if p := want[api.Problem](h, 422, "POST", "/v1/invoices?replaces=inv_none", sample(t, nil)); !has(p.Problems, "replaces.not_found", "query.replaces") {
		t.Errorf("replaces: %+v", p)
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := sample(t, nil)
	a := want[invoice](h, 201, "POST", "/v1/invoices", body, "Idempotency-Key", "order-1")
	b := want[invoice](h, 201, "POST", "/v1/invoices", body, "Idempotency-Key", "order-1")
	if a.ID != b.ID {
		t.Errorf("one key made two invoices: %s, %s", a.ID, b.ID)
	}
	other := sample(t, func(inv map[string]any) { inv["issuePlace"] = "Gdynia" })
	if p := want[api.Problem](h, 422, "POST", "/v1/invoices", other, "Idempotency-Key", "order-1"); p.Code != "idempotency_key.reused" {
		t.Errorf("code %q", p.Code)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	reader := h.issueKey(access.Scopes{access.ScopeInvoicesRead})
	tests := []struct {
		name, method, path, authorization string
		status                            int
	}{
		{"no key", "GET", "/v1/invoices", "", 401},
		{"not a key", "GET", "/v1/invoices", "Bearer letmein", 401},
		{"another scheme", "GET", "/v1/invoices", "Basic " + h.key, 401},
		{"no scheme", "GET", "/v1/invoices", h.key, 401},
		{"mistyped", "GET", "/v1/invoices", "Bearer " + h.key[:len(h.key)-1] + "!", 401},
		{"reader reads", "GET", "/v1/invoices", "Bearer " + reader, 200},
		{"scheme in capitals", "GET", "/v1/invoices", "BEARER " + reader, 200},
		{"reader creates", "POST", "/v1/invoices", "Bearer " + reader, 403},
		{"reader issues", "POST", "/v1/invoices/x/issue", "Bearer " + reader, 403},
		{"health is open", "GET", "/health/live", "", 200},
		{"readiness is open", "GET", "/health/ready", "", 200},
		{"document is open", "GET", "/openapi.json", "", 200},
		{"schema is open", "GET", "/schemas/invoice.json", "", 200},
		{"unknown path", "GET", "/v2/invoices", "", 404},
		{"unknown method", "DELETE", "/v1/invoices", "", 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.t = t
			res, data := h.call(tt.method, tt.path, "{}", "Authorization", tt.authorization)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, data)
			}
			if res.StatusCode >= 400 && res.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("content type %q", res.Header.Get("Content-Type"))
			}
			if (res.StatusCode == 401) != (res.Header.Get("WWW-Authenticate") != "") {
				t.Error("WWW-Authenticate belongs to 401 and to nothing else")
			}
		})
	}
	if len(h.denied) == 0 {
		t.Error("refusals were not reported for the audit log")
	}
}

// TestEveryOperationNeedsAKey reads the published document, so that a new
// operation cannot be forgotten.
func TestEveryOperationNeedsAKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Security    []map[string][]string `json:"security"`
		} `json:"paths"`
	}
	_, data := h.call("GET", "/openapi.json", "")
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{"health-live": true, "health-ready": true}
	for path, ops := range doc.Paths {
		for method, op := range ops {
			if open[op.OperationID] {
				continue
			}
			res, _ := h.call(strings.ToUpper(method), strings.ReplaceAll(path, "{id}", "x"), "{}", "Authorization", "")
			if res.StatusCode != 401 {
				t.Errorf("%s %s without a key: %d", method, path, res.StatusCode)
			}
			if len(op.Security) != 1 || len(op.Security[0]["apiKey"]) == 0 {
				t.Errorf("%s %s declares no scope", method, path)
			}
		}
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var doc map[string]any
	_, data := h.call("GET", "/openapi.json", "")
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi %v", doc["openapi"])
	}
	if bytes.Contains(data, []byte("ErrorModel")) {
		t.Error("the framework's own error shape is still in the document")
	}
	for _, ref := range references(doc, nil) {
		if !resolves(doc, ref) {
			t.Errorf("dangling reference %s", ref)
		}
	}
}

func references(v any, list []string) []string {
	switch n := v.(type) {
	case map[string]any:
		for k, child := range n {
			if ref, ok := child.(string); ok && k == "$ref" {
				list = append(list, ref)
				continue
			}
			list = references(child, list)
		}
	case []any:
		for _, child := range n {
			list = references(child, list)
		}
	}
	return list
}

func resolves(doc map[string]any, ref string) bool {
	var at any = doc
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return false
		}
		if at, ok = m[part]; !ok {
			return false
		}
	}
	return true
}

func TestListPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var made []string
	for i := range 5 {
		inv := want[invoice](h, 201, "POST", "/v1/invoices", sample(t, func(inv map[string]any) { inv["number"] = fmt.Sprint("L/", i) }))
		made = append([]string{inv.ID}, made...)
	}
	type page struct {
		Items []invoice
		Next  string
	}
	var got []string
	for next, rounds := "", 0; rounds == 0 || next != ""; rounds++ {
		if rounds > 5 {
			t.Fatal("the pages do not end")
		}
		p := want[page](h, 200, "GET", "/v1/invoices?limit=2&cursor="+next, "")
		for _, inv := range p.Items {
			got = append(got, inv.ID)
		}
		next = p.Next
	}
	if diff := cmp.Diff(made, got); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
	want[api.Problem](h, 400, "GET", "/v1/invoices?cursor=garbage", "")
	want[api.Problem](h, 422, "GET", "/v1/invoices?limit=1000", "")
	want[api.Problem](h, 422, "GET", "/v1/invoices?colour=red", "")
	want[api.Problem](h, 422, "GET", "/v1/invoices?seller=junk", "")
	want[api.Problem](h, 400, "GET", "/v1/invoices?seller=%zz", "")
	want[api.Problem](h, 404, "GET", "/v1/invoices/inv_unknown", "")
}

func TestValidateStoresNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	type verdict struct {
		Valid    bool
		Problems []api.Fault
		Totals   struct{ Gross string }
	}
	good := want[verdict](h, 200, "POST", "/v1/invoices/validate", sample(t, nil))
	if !good.Valid || good.Totals.Gross != "3355.73" {
		t.Errorf("good invoice: %+v", good)
	}
	bad := want[verdict](h, 200, "POST", "/v1/invoices/validate", sample(t, func(inv map[string]any) {
		inv["seller"].(map[string]any)["nip"] = "1234563217"
		line(inv, 0)["vatRate"] = "19"
	}))
	if bad.Valid || !has(bad.Problems, "nip.checksum", "/seller/nip") || !has(bad.Problems, "", "/lines/0/vatRate") {
		t.Errorf("both faults at once: %+v", bad)
	}
	if n := h.count(); n != 0 {
		t.Errorf("%d invoices are stored", n)
	}
}
