package ksefsim

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

func TestCollectiveIdentifiers(t *testing.T) {
	t.Parallel()
	for _, level := range []Level{Level27, Level28} {
		h := newHarness(t, Config{Level: level})
		token := h.owner(seller)
		h.stock(token)
		var invoices []any
		var numbers []string
		for _, inv := range h.Accepted()[:3] {
			numbers = append(numbers, string(inv.KSeFNumber))
			invoices = append(invoices, map[string]any{"ksefNumber": string(inv.KSeFNumber), "payment": map[string]any{"amount": 123.45, "currency": "PLN"}, "description": "Rata"})
		}
		number := h.post("/v2/collective-identifiers", token, map[string]any{"invoices": invoices}).want(http.StatusCreated).text("collectiveIdentifierNumber")
		if len(number) != 35 || number[:20] != string(seller)+"-IZ202607-" || number[33:] != fmt.Sprintf("%02X", pl.CRC8(number[:32])) {
			t.Errorf("number %s", number)
		}
		query := map[string]any{"dateCreatedFrom": "2026-07-01T00:00:00Z", "dateCreatedTo": "2026-07-30T00:00:00Z"}
		if list := elements(h.post("/v2/collective-identifiers/query", token, query).want(200), "collectiveIdentifiers"); len(list) != 1 || list[0]["invoiceCount"] != 3.0 {
			t.Errorf("list %v", list)
		}
		for name, value := range map[string]any{"invoiceCountFrom": 4, "invoiceCountTo": 2, "createdInCurrentContext": false, "collectiveIdentifierNumber": "x"} {
			q := map[string]any{"dateCreatedFrom": "2026-07-01T00:00:00Z", "dateCreatedTo": "2026-07-30T00:00:00Z", name: value}
			if list := elements(h.post("/v2/collective-identifiers/query", token, q).want(200), "collectiveIdentifiers"); len(list) != 0 {
				t.Errorf("%s: %v", name, list)
			}
		}
		if list := elements(h.get("/v2/collective-identifiers/ksef/"+numbers[0], token).want(200), "collectiveIdentifiers"); len(list) != 1 {
			t.Errorf("by number %v", list)
		}
		show := func(token string) []map[string]any {
			if level == Level27 {
				return elements(h.get("/v2/collective-identifiers/"+number+"/invoices", token).want(200), "invoices")
			}
			return elements(h.post("/v2/collective-identifiers/invoices", token, map[string]any{"collectiveIdentifierNumbers": []string{number}}).want(200), "invoices")
		}
		list := show(token)
		if len(list) != 3 || list[0]["ksefNumber"].(string) < list[2]["ksefNumber"].(string) || list[0]["payment"].(map[string]any)["amount"] != 123.45 {
			t.Errorf("invoices %v", list)
		}
		if list := show(h.owner(shopper)); len(list) != 0 {
			t.Errorf("a stranger sees %v", list)
		}
		h.get("/v2/collective-identifiers/ksef/x", token).refused(codeValidation)
		h.get("/v2/collective-identifiers/ksef/"+numbers[0]+"?pageSize=1", token).refused(codeValidation)
		h.post("/v2/collective-identifiers", token, map[string]any{}).refused(codeValidation)
		h.post("/v2/collective-identifiers", h.owner(other), map[string]any{"invoices": invoices}).refused(codeCollective)
		h.post("/v2/collective-identifiers", token, map[string]any{"invoices": append(invoices, invoices[0])}).refused(codeValidation)
		h.post("/v2/collective-identifiers/query", token, map[string]any{}).refused(codeValidation)
		if level == Level28 {
			h.post("/v2/collective-identifiers/invoices", token, map[string]any{}).refused(codeValidation)
		} else {
			h.get("/v2/collective-identifiers/"+number+"/invoices?pageSize=1", token).refused(codeValidation)
		}
		one := map[string]any{"invoices": invoices[:1]}
		for range mostCollections - 1 {
			h.post("/v2/collective-identifiers", token, one).want(http.StatusCreated)
		}
		h.post("/v2/collective-identifiers", token, one).refused(codeCollectiveFull)
	}
}

func TestPeppol(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	if list := elements(h.get("/v2/peppol/query", "").want(200), "peppolProviders"); len(list) != 0 {
		t.Errorf("providers %v", list)
	}
	cert := selfIssued(t, noon.Add(-time.Hour), noon.Add(time.Hour), "PPL123456")
	u := &user{subject: xades.Subject{}, key: ecKey(), cert: cert}
	context := identifier{typePeppolID, "PPL123456"}
	token := h.enters(u, context)
	list := elements(h.get("/v2/peppol/query?pageSize=10&pageOffset=0", "").want(200), "peppolProviders")
	if len(list) != 1 || list[0]["id"] != "PPL123456" {
		t.Errorf("providers %v", list)
	}
	h.post("/v2/sessions/online", token, map[string]any{}).want(http.StatusForbidden)
	h.asks("POST", "authorizations/grants", h.owner(seller), grantBody(context, company1, map[string]any{"permission": "PefInvoicing"})).statusIs(200)
	token = h.enters(u, context)
	if per := claimsOf(t, token)["per"]; per != `["PefInvoiceWrite"]` {
		t.Errorf("provider may %v", per)
	}
	h.post("/v2/sessions/online", token, h.openBody(newEnvelope())).want(http.StatusForbidden) // not for FA
	if got := h.lists("authorizations/grants", token, map[string]any{"queryType": "Received"}, "authorizationGrants"); len(got) != 1 {
		t.Errorf("received %v", got)
	}
	h.get("/v2/peppol/query?pageSize=1", "").refused(codeValidation)
}
