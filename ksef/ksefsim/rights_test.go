package ksefsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// grantBody is the body of a grant.
func grantBody(subject identifier, details any, more map[string]any) map[string]any {
	b := map[string]any{"subjectIdentifier": subject, "description": "Dział księgowości", "subjectDetails": details}
	for name, value := range more {
		b[name] = value
	}
	return b
}

func scopes(list []map[string]any, name string) []string {
	var out []string
	for _, g := range list {
		out = append(out, g[name].(string))
	}
	slices.Sort(out)
	return out
}

func TestGrantToPerson(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner, u := h.owner(seller), h.personUser(clerk)
	h.refusedEntry(u, nipOf(seller), 415)
	h.asks("POST", "persons/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"invoiceread", "InvoiceWrite"}})).statusIs(200)
	token := h.enters(u, nipOf(seller))
	h.open(token)
	a := h.post("/v2/permissions/persons/grants", token, map[string]any{}).want(http.StatusForbidden)
	if security := fmt.Sprint(a.at("security")); !strings.Contains(security, "CredentialsManage") || !strings.Contains(security, "InvoiceRead InvoiceWrite") {
		t.Errorf("security %s", security)
	}
	query := map[string]any{"queryType": inCurrentContext}
	list := h.lists("persons/grants", owner, query, "permissions")
	if got := scopes(list, "permissionScope"); !slices.Equal(got, []string{"InvoiceRead", "InvoiceWrite"}) {
		t.Errorf("listed %v", got)
	}
	mine := h.lists("personal/grants", token, map[string]any{}, "permissions")
	if len(mine) != 2 || mine[0]["canDelegate"] != false || mine[0]["permissionState"] != grantActive {
		t.Errorf("own rights %v", mine)
	}
	// Giving it again changes nothing.
	h.asks("POST", "persons/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}})).statusIs(200)
	if list := h.lists("persons/grants", owner, query, "permissions"); len(list) != 2 {
		t.Errorf("after a repetition %v", list)
	}
	for _, g := range list {
		h.asks("DELETE", "common/grants/"+g["id"].(string), owner, nil).statusIs(200)
	}
	h.refusedEntry(u, nipOf(seller), 415)
	h.open(token) // an access token lives on
}

func TestGrantFilters(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	for i := range 12 {
		pesel := fmt.Sprintf("9001%02d12345", i+1)
		h.asks("POST", "persons/grants", owner, grantBody(peselOf(pesel), person1, map[string]any{"permissions": []string{"Introspection"}})).statusIs(200)
		h.clock.advance(1e9)
	}
	first := h.post("/v2/permissions/query/persons/grants?pageSize=10", owner, map[string]any{"queryType": grantedInThisContext}).want(200)
	second := h.post("/v2/permissions/query/persons/grants?pageSize=10&pageOffset=1", owner, map[string]any{"queryType": grantedInThisContext}).want(200)
	if len(elements(first, "permissions")) != 10 || first.at("hasMore") != true || len(elements(second, "permissions")) != 2 || second.at("hasMore") != false {
		t.Errorf("pages %s %s", first.body, second.body)
	}
	newest := elements(first, "permissions")[0]["authorizedIdentifier"].(map[string]any)["value"]
	if newest != "90011212345" {
		t.Errorf("first of the list %v", newest)
	}
	for name, test := range map[string]struct {
		filter map[string]any
		want   int
	}{
		"authorized":      {map[string]any{"authorizedIdentifier": peselOf("90010112345")}, 1},
		"author":          {map[string]any{"authorIdentifier": nipOf(seller)}, 10},
		"system":          {map[string]any{"authorIdentifier": map[string]any{"type": "System"}}, 0},
		"other type":      {map[string]any{"permissionTypes": []string{"InvoiceRead"}}, 0},
		"type":            {map[string]any{"permissionTypes": []string{"Introspection"}}, 10},
		"inactive":        {map[string]any{"permissionState": "Inactive"}, 0},
		"context":         {map[string]any{"contextIdentifier": nipOf(seller)}, 10},
		"another context": {map[string]any{"contextIdentifier": nipOf(other)}, 0},
		"target":          {map[string]any{"targetIdentifier": map[string]any{"type": "AllPartners"}}, 0},
	} {
		test.filter["queryType"] = inCurrentContext
		if got := h.lists("persons/grants", owner, test.filter, "permissions"); len(got) != test.want {
			t.Errorf("%s: %d, want %d", name, len(got), test.want)
		}
	}
	h.post("/v2/permissions/query/persons/grants", owner, map[string]any{}).refused(codeValidation)
	h.post("/v2/permissions/query/persons/grants?pageSize=5", owner, map[string]any{"queryType": inCurrentContext}).refused(codeValidation)
}

// TestDelegation: a client trusts an office, the office its staff.
func TestDelegation(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	client, office, staff := h.owner(seller), h.owner(other), h.personUser(clerk)
	selective := grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}, "targetIdentifier": nipOf(seller)})
	h.asks("POST", "indirect/grants", office, selective).statusIs(410)
	h.asks("POST", "entities/grants", client, grantBody(nipOf(other), company1, map[string]any{
		"permissions": []any{map[string]any{"type": "InvoiceRead", "canDelegate": true}, map[string]any{"type": "InvoiceWrite"}},
	})).statusIs(200)
	received := h.lists("entities/grants", office, map[string]any{"contextIdentifier": nipOf(seller)}, "permissions")
	if got := scopes(received, "permissionScope"); !slices.Equal(got, []string{"InvoiceRead", "InvoiceWrite"}) {
		t.Errorf("received %v", got)
	}
	h.open(h.enters(h.companyUser(other), nipOf(seller))) // the office itself
	h.asks("POST", "indirect/grants", office, selective).statusIs(200)
	token := h.enters(staff, nipOf(seller))
	if per := claimsOf(t, token)["per"]; per != `["InvoiceRead"]` {
		t.Errorf("passed on %v", per)
	}
	mine := h.lists("personal/grants", token, map[string]any{"targetIdentifier": nipOf(seller)}, "permissions")
	if len(mine) != 1 || mine[0]["targetIdentifier"].(map[string]any)["value"] != string(seller) {
		t.Errorf("own rights %v", mine)
	}
	general := grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead", "InvoiceWrite"}, "targetIdentifier": map[string]any{"type": "AllPartners"}})
	h.asks("POST", "indirect/grants", office, general).statusIs(200)
	if per := claimsOf(t, h.enters(staff, nipOf(seller)))["per"]; per != `["InvoiceRead"]` {
		t.Errorf("what may not be passed on: %v", per)
	}
	all := h.lists("persons/grants", office, map[string]any{"queryType": inCurrentContext}, "permissions")
	if len(all) != 3 {
		t.Errorf("rights in the office %v", all)
	}
	// The client withdraws its trust: the selective right lapses.
	for _, g := range received {
		h.asks("DELETE", "common/grants/"+g["id"].(string), client, nil).statusIs(200)
	}
	h.refusedEntry(staff, nipOf(seller), 415)
	lapsed := h.lists("persons/grants", office, map[string]any{"queryType": inCurrentContext, "permissionState": grantInactive}, "permissions")
	if len(lapsed) != 1 {
		t.Errorf("lapsed %v", lapsed)
	}
}

func TestSubunits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner, admin := h.owner(seller), h.personUser(clerk)
	unit := string(seller) + "-0001"
	sum := 0
	for i, d := range strings.ReplaceAll(unit, "-", "") {
		sum += int(d-'0') * []int{1, 3}[i%2]
	}
	id := identifier{typeInternalID, unit + fmt.Sprint(sum%10)}
	body := grantBody(peselOf(clerk), person1, map[string]any{"contextIdentifier": id, "subunitName": "Oddział Suwałki"})
	h.asks("POST", "subunits/grants", owner, body).statusIs(200)
	token := h.enters(admin, id)
	if per := claimsOf(t, token)["per"]; per != `["CredentialsManage"]` {
		t.Errorf("administrator may %v", per)
	}
	list := h.lists("subunits/grants", owner, map[string]any{"subunitIdentifier": id}, "permissions")
	if len(list) != 1 || list[0]["subunitName"] != "Oddział Suwałki" {
		t.Errorf("administrators %v", list)
	}
	h.asks("POST", "persons/grants", token, grantBody(peselOf("90020212345"), person1, map[string]any{"permissions": []string{"InvoiceWrite"}})).statusIs(200)
	c := h.open(h.enters(h.personUser("90020212345"), id))
	c.invoice(c.send(invoiceXML("FV/1"))).statusIs(200) // a unit issues for its company

	wrong := identifier{typeInternalID, unit + fmt.Sprint((sum+1)%10)}
	h.post("/v2/permissions/subunits/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"contextIdentifier": wrong, "subunitName": "Oddział Ełk"})).refused(codeValidation)
	h.asks("POST", "subunits/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"contextIdentifier": nipOf(other)})).statusIs(430)
	h.testdata("subject", map[string]any{
		"subjectNip": string(seller), "subjectType": "VatGroup", "description": "Grupa Lipa",
		"subunits": []any{map[string]any{"subjectNip": string(other), "description": "Spółka córka"}},
	}).want(200)
	h.asks("POST", "subunits/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"contextIdentifier": nipOf(shopper)})).statusIs(410)
	h.asks("POST", "subunits/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"contextIdentifier": nipOf(other)})).statusIs(200)
	h.enters(admin, nipOf(other))
}

func TestEUEntities(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	admin := h.user(xades.Subject{GivenName: "Anna", Surname: "Alpen", PESEL: "90010112349"})
	clerkOf := h.user(xades.Subject{GivenName: "Bernd", Surname: "Berg", PESEL: "90020212345"})
	context := identifier{typeNIPVATUE, euEntity}
	body := grantBody(admin.byFingerprint(), stranger1, map[string]any{
		"contextIdentifier": context, "euEntityName": "Holz GmbH, Berlin",
		"euEntityDetails": map[string]any{"fullName": "Holz GmbH", "address": "Berlin"},
	})
	h.asks("POST", "eu-entities/administration/grants", owner, body).statusIs(200)
	token := h.entersBy(admin, context)
	if per := claimsOf(t, token)["per"]; per != `["InvoiceRead","InvoiceWrite","Introspection","VatUeManage"]` {
		t.Errorf("administrator may %v", per)
	}
	h.asks("POST", "eu-entities/grants", token, grantBody(clerkOf.byFingerprint(), stranger1, map[string]any{"permissions": []string{"InvoiceRead"}})).statusIs(200)
	h.entersBy(clerkOf, context)
	h.post("/v2/permissions/eu-entities/grants", token, map[string]any{}).refused(codeValidation)
	if got := h.lists("eu-entities/grants", owner, map[string]any{"vatUeIdentifier": "DE123456789"}, "permissions"); len(got) != 4 {
		t.Errorf("administrators %v", got)
	}
	inside := h.lists("eu-entities/grants", token, map[string]any{"authorizedFingerprintIdentifier": clerkOf.fingerprint()[:20]}, "permissions")
	if len(inside) != 1 || inside[0]["euEntityName"] != "Holz GmbH, Berlin" {
		t.Errorf("representatives %v", inside)
	}
	h.lists("personal/grants", token, map[string]any{}, "permissions")
	body["contextIdentifier"] = identifier{typeNIPVATUE, string(other) + "-DE123456789"}
	h.asks("POST", "eu-entities/administration/grants", owner, body).statusIs(410)
	h.asks("DELETE", "common/grants/"+inside[0]["id"].(string), token, nil).statusIs(200)
	h.post("/v2/permissions/eu-entities/grants", owner, map[string]any{}).want(http.StatusForbidden)
}

func TestAuthorizations(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner, agent := h.owner(seller), h.owner(other)
	body := func(to identifier, scope string) map[string]any {
		return grantBody(to, company1, map[string]any{"permission": scope})
	}
	h.asks("POST", "authorizations/grants", owner, body(nipOf(other), "SelfInvoicing")).statusIs(200)
	h.asks("POST", "authorizations/grants", owner, body(nipOf(other), "PefInvoicing")).statusIs(450)
	h.asks("POST", "authorizations/grants", owner, body(nipOf(seller), "SelfInvoicing")).statusIs(440)
	h.asks("POST", "authorizations/grants", owner, body(identifier{typePeppolID, "PPL123456"}, "PefInvoicing")).statusIs(200)
	given := h.lists("authorizations/grants", owner, map[string]any{"queryType": "Granted", "permissionTypes": []string{"SelfInvoicing"}}, "authorizationGrants")
	got := h.lists("authorizations/grants", agent, map[string]any{"queryType": "Received"}, "authorizationGrants")
	if len(given) != 1 || len(got) != 1 || given[0]["id"] != got[0]["id"] {
		t.Errorf("given %v received %v", given, got)
	}
	h.asks("DELETE", "common/grants/"+given[0]["id"].(string), owner, nil).statusIs(400)
	h.asks("DELETE", "authorizations/grants/"+given[0]["id"].(string), agent, nil).statusIs(410)
	h.asks("DELETE", "authorizations/grants/"+given[0]["id"].(string), owner, nil).statusIs(200)
	h.do(request{method: "DELETE", path: "/v2/permissions/authorizations/grants/x", token: owner}).refused(codeValidation)
	h.post("/v2/permissions/query/authorizations/grants", owner, map[string]any{}).refused(codeValidation)
}

// TestPermissionTime: operations take their time and are told for 30 days.
func TestPermissionTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{ProcessingPolls: 2})
	h.state.pace.polls = 0
	owner := h.owner(seller)
	h.state.pace.polls = 2
	reference := h.post("/v2/permissions/persons/grants", owner, grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}})).want(202).text("referenceNumber")
	for _, want := range []int{100, 100, 200, 200} {
		h.get("/v2/permissions/operations/"+reference, owner).statusIs(want)
	}
	h.get("/v2/permissions/operations/"+reference, h.signer.issue(claims{Type: tokenAccess, ContextType: typeNIP, ContextValue: string(other)}, noon, accessLife).Token).refused(codeValidation)
	h.clock.advance(operationRetention)
	late := h.signer.issue(claims{Type: tokenAccess, ContextType: typeNIP, ContextValue: string(seller)}, h.clock.Now(), accessLife).Token
	h.get("/v2/permissions/operations/"+reference, late).want(http.StatusGone)
}

func TestWrongGrants(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	good := func() map[string]any {
		return grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}})
	}
	for name, change := range map[string]func(map[string]any){
		"no subject":     func(b map[string]any) { delete(b, "subjectIdentifier") },
		"subject type":   func(b map[string]any) { b["subjectIdentifier"] = identifier{typePeppolID, "PPL123456"} },
		"PESEL":          func(b map[string]any) { b["subjectIdentifier"] = peselOf("90130112349") },
		"no permissions": func(b map[string]any) { b["permissions"] = []string{} },
		"twice":          func(b map[string]any) { b["permissions"] = []string{"InvoiceRead", "InvoiceRead"} },
		"unknown":        func(b map[string]any) { b["permissions"] = []string{"VatUeManage"} },
		"description":    func(b map[string]any) { b["description"] = "ab" },
		"no details":     func(b map[string]any) { delete(b, "subjectDetails") },
		"other details":  func(b map[string]any) { b["subjectDetails"] = stranger1 },
		"empty details":  func(b map[string]any) { b["subjectDetails"] = map[string]any{"subjectDetailsType": personByID} },
	} {
		b := good()
		change(b)
		if codes := h.post("/v2/permissions/persons/grants", owner, b).want(http.StatusBadRequest).codes(); !slices.Contains(codes, codeValidation) {
			t.Errorf("%s: %v", name, codes)
		}
	}
	for _, path := range []string{"entities", "authorizations", "indirect", "subunits", "eu-entities/administration"} {
		h.post("/v2/permissions/"+path+"/grants", owner, map[string]any{}).refused(codeValidation)
	}
	nobody := identifier{"Nobody", "1"}
	for path, body := range map[string]any{
		"personal": map[string]any{"contextIdentifier": nobody}, "subunits": map[string]any{"subunitIdentifier": nobody},
		"entities": map[string]any{"contextIdentifier": nobody}, "eu-entities": map[string]any{"vatUeIdentifier": "x"},
	} {
		h.post("/v2/permissions/query/"+path+"/grants", owner, body).refused(codeValidation)
	}
	h.post("/v2/permissions/query/subordinate-entities/roles", owner, map[string]any{"subordinateEntityIdentifier": nobody}).refused(codeValidation)
	b := good()
	b["permissions"] = []string{"EnforcementOperations"}
	h.asks("POST", "persons/grants", owner, b).statusIs(430)
	b = grantBody(nipOf(seller), person1, map[string]any{"permissions": []string{"InvoiceRead"}})
	h.asks("POST", "persons/grants", owner, b).statusIs(440)
	h.asks("DELETE", "common/grants/00000000-0000-4000-8000-000000000000", owner, nil).statusIs(400)
	h.do(request{method: "DELETE", path: "/v2/permissions/common/grants/x", token: owner}).refused(codeValidation)
}

// TestIssuingForOthers: who may issue invoices for another seller.
func TestIssuingForOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	if err := h.Grant(seller, "Nip:"+string(shopper), "CredentialsManage"); err != nil {
		t.Fatal(err)
	}
	c := h.open(h.owner(shopper))
	self := func(number string) []byte {
		return invoiceXML(number, func(f *fa3.Faktura) { f.Fa.Adnotacje.P_17 = fa3.Yes })
	}
	c.invoice(c.send(self("FV/1"))).statusIs(410)
	h.asks("POST", "authorizations/grants", h.owner(seller), grantBody(nipOf(shopper), company1, map[string]any{"permission": "SelfInvoicing"})).statusIs(200)
	c.invoice(c.send(self("FV/2"))).statusIs(200)
	c.invoice(c.send(invoiceXML("FV/3"))).statusIs(410) // not self-invoicing
	for _, bad := range []struct {
		context pl.NIP
		subject string
		scope   string
	}{{seller, "Nip:1", "InvoiceRead"}, {seller, "Peppol:x", "InvoiceRead"}, {seller, "Nip:" + string(shopper), "Everything"}} {
		if err := h.Grant(bad.context, bad.subject, bad.scope); err == nil {
			t.Errorf("%v: granted", bad)
		}
	}
}
