package ksefsim

import (
	"bytes"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	for path, want := range map[string]int{
		"/v2/limits/context":      http.StatusOK,
		"/api/v2/limits/context":  http.StatusOK,
		"/v2/limits/context/":     http.StatusOK,
		"/api/v2/rate-limits/":    http.StatusOK,
		"/v2/limits/subject?x=1":  http.StatusOK,
		"/v2/limits//context":     http.StatusNotFound,
		"/v2/./limits/context":    http.StatusNotFound,
		"/v2/x/../limits/context": http.StatusNotFound,
		"/V2/limits/context":      http.StatusNotFound,
		"/v2/Limits/context":      http.StatusNotFound,
		"/v3/limits/context":      http.StatusNotFound,
		"/api/limits/context":     http.StatusNotFound,
		"/limits/context":         http.StatusNotFound,
		"/v2":                     http.StatusNotFound,
		"/v2/":                    http.StatusNotFound,
		"/":                       http.StatusNotFound,
	} {
		if a := h.get(path, token); a.status != want || a.header.Get("Location") != "" {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	h.get("/v2/tokens/x/y", token).want(http.StatusNotFound)
	h.do(request{method: "PUT", path: "/v2/limits/context", token: token}).want(http.StatusMethodNotAllowed)
}

var tracePattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

func TestErrorFormats(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	l := h.startSeal(seller)
	h.redeemed(l)
	legacy := h.post("/api/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
	exception, _ := legacy.at("exception").(map[string]any)
	if got := legacy.header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("media type %q", got)
	}
	if code, _ := exception["serviceCode"].(string); !regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-00$`).MatchString(code) {
		t.Errorf("service code %q", code)
	}
	if exception["timestamp"] != "2026-07-15T12:00:00.1234567" {
		t.Errorf("timestamp %v", exception["timestamp"])
	}

	modern := h.do(request{method: "POST", path: "/api/v2/auth/token/redeem?a=b", token: l.Token.Token, header: map[string]string{"X-Error-Format": "Problem-Details"}}).refused(codeUnauthorized)
	trace := modern.text("traceId")
	if !tracePattern.MatchString(trace) || modern.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("traceId %q, media type %q", trace, modern.header.Get("Content-Type"))
	}
	want := map[string]any{
		"title": "Bad Request", "status": 400.0, "instance": "/api/v2/auth/token/redeem", "detail": "Żądanie jest nieprawidłowe.",
		"errors": []any{map[string]any{
			"code": 21301.0, "description": "Brak autoryzacji.",
			"details": []any{"Tokeny dla operacji uwierzytelniania " + l.Reference + " zostały już pobrane."},
		}},
		"timestamp": "2026-07-15T12:00:00.1234567+00:00", "traceId": trace,
	}
	if diff := cmp.Diff(want, modern.object()); diff != "" {
		t.Error(diff)
	}
}

func TestUnauthorized(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	l := h.startSeal(seller)
	tokens := h.redeemed(l)
	good := tokens.Access.Token
	unsigned := "eyJhbGciOiJub25lIn0." + strings.Split(good, ".")[1] + "."
	foreign := newHarness(t, Config{Random: seeded(9)})
	for name, header := range map[string]string{
		"none":            "",
		"no scheme":       good,
		"basic":           "Basic " + good,
		"empty":           "Bearer ",
		"garbage":         "Bearer abc.def.ghi",
		"changed":         "Bearer " + good[:len(good)-4] + "AAAA",
		"algorithm none":  "Bearer " + unsigned,
		"refresh token":   "Bearer " + tokens.Refresh.Token,
		"operation token": "Bearer " + l.Token.Token,
		"another server":  "Bearer " + foreign.owner(seller),
	} {
		for _, format := range []string{"", "problem-details"} {
			a := h.do(request{method: "GET", path: "/v2/limits/context", header: map[string]string{"Authorization": header, "X-Error-Format": format}}).want(http.StatusUnauthorized)
			if a.text("title") != "Unauthorized" || a.text("detail") != "Wymagane jest uwierzytelnienie." || a.text("instance") != "/v2/limits/context" || !tracePattern.MatchString(a.text("traceId")) {
				t.Errorf("%s: %s", name, a.body)
			}
			if got := a.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
				t.Errorf("%s: WWW-Authenticate %q", name, got)
			}
		}
	}
	h.do(request{method: "GET", path: "/v2/limits/context", header: map[string]string{"Authorization": "bearer " + good}}).want(http.StatusOK)
	h.post("/v2/auth/token/refresh", good, nil).want(http.StatusUnauthorized)
	h.post("/v2/auth/token/redeem", good, nil).want(http.StatusUnauthorized)
	h.get("/v2/auth/"+l.Reference, good).want(http.StatusUnauthorized)
}

func TestSystemWarning(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	warn := map[string]string{"X-Test-System-Warning": "[W001]: Żółw wśród pól – 5€ | [W002]: koniec"}
	a := h.do(request{method: "POST", path: "/v2/auth/challenge", header: warn}).want(http.StatusOK)
	if got := a.header.Get("X-System-Warning"); got != "[W001]: Zolw wsrod pol ? 5? | [W002]: koniec" {
		t.Errorf("warning %q", got)
	}
	a = h.do(request{method: "POST", path: "/v2/auth/ksef-token", body: []byte("{}"), header: warn}).want(http.StatusBadRequest)
	if got := a.header.Get("X-System-Warning"); got != "" {
		t.Errorf("a refusal warns: %q", got)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	for name, body := range map[string]string{
		"empty": "", "array": "[]", "text": `"a"`, "cut off": `{"challenge":`, "two values": `{} {}`, "not JSON": "<a/>",
		"trailing comma": `{"challenge":"a",}`, "deep": strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000),
	} {
		if codes := h.post("/v2/auth/ksef-token", "", []byte(body)).want(http.StatusBadRequest).codes(); len(codes) != 1 || codes[0] != codeValidation {
			t.Errorf("%s: codes %v", name, codes)
		}
	}
	big := []byte(`{"challenge":"` + strings.Repeat("a", 20<<20) + `"}`)
	h.post("/v2/auth/ksef-token", "", big).want(http.StatusRequestEntityTooLarge)
	h.post("/v2/auth/xades-signature", "", big[:maxXML+1]).want(http.StatusRequestEntityTooLarge)

	// What real clients send: a byte order mark, PascalCase, extra members.
	token := h.owner(seller)
	e := newEnvelope()
	good := h.openBody(e)
	body := "\uFEFF" + jsonText(map[string]any{"FormCode": map[string]string{"SystemCode": "FA (3)", "SchemaVersion": "1-0E", "Value": "FA"}, "ENCRYPTION": good["encryption"], "extra": nil})
	h.post("/v2/sessions/online", token, []byte(body)).want(http.StatusCreated)
}

func TestValidationAggregates(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	a := h.post("/v2/auth/ksef-token", "", []byte("{}")).refused(codeValidation)
	list := a.at("exception").(map[string]any)["exceptionDetailList"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]any{"'challenge' must not be empty.", "'contextIdentifier' must not be empty.", "'encryptedToken' must not be empty."}, list["details"]); diff != "" {
		t.Error(diff)
	}
	token := h.owner(seller)
	a = h.get("/v2/sessions?sessionType=Online&pageSize=5", token).refused(codeValidation)
	if want := "'pageSize' must be between 10 and 1000. You entered 5."; !strings.Contains(string(a.body), want) {
		t.Errorf("detail: %s", a.body)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	session := map[string]any{"maxInvoiceSizeInMB": 1.0, "maxInvoiceWithAttachmentSizeInMB": 3.0, "maxInvoices": 10000.0}
	if diff := cmp.Diff(map[string]any{"onlineSession": session, "batchSession": session, "collectiveIdentifier": map[string]any{"maxInvoices": 500.0}},
		h.get("/v2/limits/context", token).want(http.StatusOK).object()); diff != "" {
		t.Error(diff)
	}
	if a := h.get("/v2/limits/subject", token).want(http.StatusOK); a.at("enrollment.maxEnrollments") != 300.0 || a.at("certificate.maxCertificates") != 100.0 {
		t.Errorf("subject: %s", a.body)
	}
	if a := h.get("/v2/rate-limits", token).want(http.StatusOK); a.at("invoiceSend.perHour") != 180.0 || a.at("other.perSecond") != 10.0 {
		t.Errorf("rates: %s", a.body)
	}
}

func TestUse(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	var order []string
	layer := func(name string, fail bool) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, name)
				if fail {
					w.Header().Set("Retry-After", "30")
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	h.Use(layer("inner", true))
	h.Use(layer("outer", false))
	rec := h.do(request{method: "POST", path: "/sim-only"})
	if rec.status != http.StatusTooManyRequests || rec.header.Get("Retry-After") != "30" {
		t.Errorf("status %d", rec.status)
	}
	if diff := cmp.Diff([]string{"outer", "inner"}, order); diff != "" {
		t.Error(diff)
	}
}

// TestLogs: what is logged names operations and statuses, nothing else.
func TestLogs(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := newHarness(t, Config{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	token := h.AddToken(seller)
	l := decode[startedLogin](h.post("/v2/auth/ksef-token", "", h.tokenBody(token, h.challenge(), seller)))
	access := h.redeemed(l).Access.Token
	c := h.open(access)
	number := c.invoice(c.send(invoiceXML("FV/77"))).text("ksefNumber")
	c.invoice(c.send(invoiceXML("FV/78", func(f *fa3.Faktura) { f.Podmiot1.DaneIdentyfikacyjne.NIP = string(other) })))
	h.get("/v2/invoices/ksef/"+number, access).want(http.StatusOK)
	h.get("/v2/limits/context", access+"x").want(http.StatusUnauthorized)
	text := log.String()
	if !strings.Contains(text, "POST /sessions/online/{referenceNumber}/invoices") {
		t.Fatalf("nothing is logged: %s", text)
	}
	for name, secret := range map[string]string{
		"KSeF token": token[40:], "access token": access[len(access)-20:], "NIP": string(seller), "other NIP": string(other),
		"invoice number": "FV/7", "KSeF number": number[20:], "buyer": "Stolarnia", "session": c.session,
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has a %s", name)
		}
	}
}
