package ksefsim

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// TestReopenEverything: rights, certificates, tokens, limits, packages, exports
// and collective identifiers outlive a killed process.
func TestReopenEverything(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	h.testdata("subject", map[string]any{
		"subjectNip": string(seller), "subjectType": "JST", "description": "Gmina Augustów",
		"subunits": []any{map[string]any{"subjectNip": string(other), "description": "Szkoła"}},
	}).want(200)
	h.testdata("person", map[string]any{"nip": string(shopper), "pesel": clerk, "isBailiff": true, "description": "Komornik"}).want(200)
	h.testdata("attachment", map[string]any{"nip": string(seller)}).want(200)
	h.testdata("context/block", map[string]any{"contextIdentifier": nipOf(other)}).want(200)
	u := h.companyUser(seller)
	token := h.enters(u, nipOf(seller))
	h.asks("POST", "persons/grants", token, grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead", "Introspection"}})).statusIs(200)
	h.asks("POST", "authorizations/grants", token, grantBody(nipOf(shopper), company1, map[string]any{"permission": "SelfInvoicing"})).statusIs(200)
	operation := h.post("/v2/permissions/entities/grants", token, grantBody(nipOf(shopper), company1, map[string]any{
		"permissions": []any{map[string]any{"type": "InvoiceRead", "canDelegate": true}},
	})).want(202).text("referenceNumber")
	ktoken := h.post("/v2/tokens", token, tokenRequest("InvoiceRead")).want(202).text("referenceNumber")
	key := newKey()
	serial := h.enrolls(token, "Authentication", h.csrOf(token, key))
	revoked := h.enrolls(token, "Offline", h.csrOf(token, newKey()))
	h.do(request{method: "POST", path: "/v2/certificates/" + revoked + "/revoke", token: token}).want(204)
	h.post("/v2/testdata/limits/subject/certificate", token, []byte(`{"certificate":{"maxCertificates":7}}`)).want(200)
	one := map[string]int{"maxInvoiceSizeInMB": 2, "maxInvoiceWithAttachmentSizeInMB": 3, "maxInvoices": 50}
	h.post("/v2/testdata/limits/context/session", token, map[string]any{"onlineSession": one, "batchSession": one}).want(200)
	h.post("/v2/testdata/rate-limits/production", token, nil).want(200)
	batch := h.sends(token, h.parcel(numbered(3), pack.Config{}))
	number := string(h.Accepted()[0].KSeFNumber)
	h.post("/v2/collective-identifiers", token, map[string]any{"invoices": []any{map[string]any{"ksefNumber": number}}}).want(201)
	e := newEnvelope()
	export := h.post("/v2/invoices/exports", token, h.exportBody(e, filter(asSeller, datePermanent))).want(201).text("referenceNumber")

	ask := func() map[string]string {
		answers := make(map[string]string)
		for _, path := range []string{
			"/permissions/operations/" + operation, "/permissions/query/entities/roles", "/permissions/attachments/status", "/tokens", "/tokens/" + ktoken,
			"/limits/context", "/limits/subject", "/rate-limits", "/certificates/limits", "/sessions?sessionType=Batch", "/sessions/" + batch.session,
			"/sessions/" + batch.session + "/invoices", "/collective-identifiers/ksef/" + number, "/invoices/exports/" + export,
		} {
			answers[path] = string(h.get("/v2"+path, token).want(http.StatusOK).body)
		}
		for path, body := range map[string]any{
			"/permissions/query/persons/grants":             map[string]any{"queryType": inCurrentContext},
			"/permissions/query/authorizations/grants":      map[string]any{"queryType": "Granted"},
			"/permissions/query/personal/grants":            map[string]any{},
			"/permissions/query/subordinate-entities/roles": map[string]any{},
			"/certificates/query":                           map[string]any{},
			"/certificates/retrieve":                        map[string]any{"certificateSerialNumbers": []string{serial}},
			"/invoices/query/metadata":                      filter(asSeller, datePermanent),
		} {
			answers[path] = string(h.post("/v2"+path, token, body).want(http.StatusOK).body)
		}
		return answers
	}
	before := ask()
	cert := h.retrieved(token, serial)
	h = h.reopen(cfg)
	if diff := cmp.Diff(before, ask()); diff != "" {
		t.Error(diff)
	}
	h.unpacks(h.get("/v2/invoices/exports/"+export, token), e)
	h.enters(&user{key: key, cert: cert}, nipOf(seller))
	h.refusedEntry(h.companyUser(other), nipOf(other), 480)
	h.enters(h.personUser(clerk), nipOf(shopper))
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// TestConcurrentData: rights, tokens, packages and queries at once.
func TestConcurrentData(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{EnforceRateLimits: true, Dir: t.TempDir()})
	token := h.owner(seller)
	p := h.parcel(numbered(20), pack.Config{})
	done := make(chan bool)
	work := []func(i int){
		func(i int) {
			h.post("/v2/permissions/persons/grants", token, grantBody(peselOf(fmt.Sprintf("9001%02d12345", i+1)), person1, map[string]any{"permissions": []string{"InvoiceRead"}}))
		},
		func(int) {
			h.post("/v2/permissions/query/persons/grants", token, map[string]any{"queryType": inCurrentContext})
		},
		func(int) { h.post("/v2/tokens", token, tokenRequest("InvoiceRead")) },
		func(int) { h.post("/v2/invoices/query/metadata", token, filter(asSeller, datePermanent)) },
		func(int) {
			h.post("/v2/invoices/exports", token, h.exportBody(newEnvelope(), filter(asSeller, datePermanent)))
		},
		func(int) { _ = h.HoldStorage(false) },
		func(int) { h.ExpireLinks(); h.Warn("x"); h.Inject(Fault{Skip: 1 << 30})() },
		func(i int) {
			if i == 0 {
				u := h.openBatch(token, h.batchBody(p))
				h.clock.advance(2e9)
				u.finish()
			}
		},
	}
	for _, f := range work {
		go func() {
			for i := range 6 {
				f(i)
			}
			done <- true
		}()
	}
	for range work {
		<-done
	}
}
