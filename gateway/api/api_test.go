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
