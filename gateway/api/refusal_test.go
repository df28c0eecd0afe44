package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/gateway/api"
	"github.com/faktupro/faktupro-go/pl"
)

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
