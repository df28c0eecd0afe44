package ksefsim

import (
	"crypto"
	"crypto/x509"
	"net/http"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// Persons of the samples; invented.
const (
	clerk     = "90010112349" // a PESEL
	internal  = string(seller) + "-00011"
	euEntity  = string(seller) + "-DE123456789"
	firstName = "Adam"
	lastName  = "Abacki"
)

// user is somebody who can log in.
type user struct {
	subject xades.Subject
	key     crypto.Signer
	cert    *x509.Certificate
}

func (h *harness) user(s xades.Subject) *user {
	h.Helper()
	cert, err := xades.SelfSigned(s, ecKey(), h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	return &user{s, ecKey(), cert}
}

// personUser is a natural person with a PESEL, companyUser the seal of a company.
func (h *harness) personUser(pesel string) *user {
	h.Helper()
	return h.user(xades.Subject{GivenName: firstName, Surname: lastName, PESEL: pl.PESEL(pesel)})
}

func (h *harness) companyUser(nip pl.NIP) *user {
	h.Helper()
	return h.user(xades.Subject{Organization: "Biuro Rachunkowe Lipa", NIP: nip})
}

// fingerprint is the identifier of a user known by the certificate alone.
func (u *user) fingerprint() string {
	id, err := xades.SubjectOf(u.cert)
	if err != nil {
		panic(err)
	}
	return id.Fingerprint
}

// begin starts a login in a context; by says whether the subject of the
// certificate counts or its fingerprint.
func (h *harness) begin(u *user, context identifier, by string) startedLogin {
	h.Helper()
	doc := loginDocumentBy(h.challenge().Challenge, "<"+context.Type+">"+context.Value+"</"+context.Type+">", by)
	return h.startLogin(h.signed(doc, u.key, u.cert))
}

func loginDocumentBy(challenge, context, by string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><AuthTokenRequest xmlns="` + authNamespace21 + `"><Challenge>` + challenge +
		`</Challenge><ContextIdentifier>` + context + `</ContextIdentifier><SubjectIdentifierType>` + by + `</SubjectIdentifierType></AuthTokenRequest>`
}

// enters logs in and returns the access token.
func (h *harness) enters(u *user, context identifier) string {
	h.Helper()
	l := h.begin(u, context, byCertificateSubject)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	return h.redeemed(l).Access.Token
}

// entersBy is enters by fingerprint.
func (h *harness) entersBy(u *user, context identifier) string {
	h.Helper()
	l := h.begin(u, context, byCertificateFingerprint)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	return h.redeemed(l).Access.Token
}

// refusedEntry checks the status with which a login fails.
func (h *harness) refusedEntry(u *user, context identifier, code int) *answer {
	h.Helper()
	l := h.begin(u, context, byCertificateSubject)
	return h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(code)
}

func nipOf(nip pl.NIP) identifier         { return identifier{typeNIP, string(nip)} }
func peselOf(pesel string) identifier     { return identifier{typePESEL, pesel} }
func (u *user) byFingerprint() identifier { return identifier{typeFingerprint, u.fingerprint()} }

// person and company are descriptions of whom a right is given to.
var person1 = map[string]any{"subjectDetailsType": personByID, "personById": map[string]any{"firstName": firstName, "lastName": lastName}}

var company1 = map[string]any{"fullName": "Biuro Rachunkowe Lipa"}

var stranger1 = map[string]any{
	"subjectDetailsType": personByFpNoID,
	"personByFpNoId": map[string]any{
		"firstName": firstName, "lastName": lastName, "birthDate": "1990-01-01",
		"idDocument": map[string]any{"type": "paszport", "number": "XY123", "country": "DE"},
	},
}

// asks sends a request about rights and returns the status of its operation.
func (h *harness) asks(method, path, token string, body any) *answer {
	h.Helper()
	reference := h.do(request{method: method, path: "/v2/permissions/" + path, token: token, body: body}).want(http.StatusAccepted).text("referenceNumber")
	return h.get("/v2/permissions/operations/"+reference, token).want(http.StatusOK)
}

// lists sends a query about rights and returns its elements.
func (h *harness) lists(path, token string, body any, name string) []map[string]any {
	h.Helper()
	a := h.post("/v2/permissions/query/"+path, token, body).want(http.StatusOK)
	return elements(a, name)
}

func elements(a *answer, name string) []map[string]any {
	a.t.Helper()
	list, is := a.at(name).([]any)
	if !is {
		a.t.Fatalf("no list %s: %s", name, a.body)
	}
	out := make([]map[string]any, len(list))
	for i := range list {
		out[i] = list[i].(map[string]any)
	}
	return out
}

// testdata posts test data.
func (h *harness) testdata(path string, body any) *answer {
	h.Helper()
	return h.post("/v2/testdata/"+path, "", body)
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	body := map[string]any{
		"subjectNip": string(seller), "subjectType": "jst", "description": "Gmina Augustów",
		"subunits": []any{map[string]any{"subjectNip": string(other), "description": "Szkoła Podstawowa"}},
	}
	h.testdata("subject", body).want(http.StatusOK)
	h.testdata("subject", body).refused(codeExists)
	token := h.owner(seller)
	roles := elements(h.get("/v2/permissions/query/entities/roles", token).want(200), "roles")
	if len(roles) != 1 || roles[0]["role"] != roleJST {
		t.Errorf("roles %v", roles)
	}
	member := elements(h.get("/v2/permissions/query/entities/roles", h.owner(other)).want(200), "roles")
	if len(member) != 1 || member[0]["role"] != roleJSTMember || member[0]["parentEntityIdentifier"].(map[string]any)["value"] != string(seller) {
		t.Errorf("roles of the member %v", member)
	}
	for want, filter := range map[int]any{
		1: map[string]any{"subordinateEntityIdentifier": nipOf(other)},
		0: map[string]any{"subordinateEntityIdentifier": nipOf(shopper)},
	} {
		if got := h.lists("subordinate-entities/roles", token, filter, "roles"); len(got) != want {
			t.Errorf("members %v, want %d", got, want)
		}
	}
	h.testdata("subject/remove", map[string]any{"subjectNip": string(seller)}).want(http.StatusOK)
	if got := h.lists("subordinate-entities/roles", token, map[string]any{}, "roles"); len(got) != 0 {
		t.Errorf("members after removal %v", got)
	}
	h.testdata("subject", body).refused(codeValidation) // not later than the first
	h.clock.advance(time.Second)
	h.testdata("subject", body).want(http.StatusOK)
	h.testdata("subject", map[string]any{}).refused(codeValidation)
	h.testdata("subject/remove", map[string]any{}).refused(codeValidation)
}

func TestPersons(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	u := h.personUser(clerk)
	h.refusedEntry(u, nipOf(seller), 415)
	body := map[string]any{"nip": string(seller), "pesel": clerk, "isBailiff": true, "description": "Komornik"}
	h.testdata("person", body).want(http.StatusOK)
	h.testdata("person", body).refused(codeExists)
	token := h.enters(u, nipOf(seller))
	if per := claimsOf(t, token)["per"].(string); per != `["InvoiceRead","InvoiceWrite","Introspection","CredentialsRead","CredentialsManage","SubunitManage","CollectiveIdentifierManage","EnforcementOperations"]` {
		t.Errorf("permissions %s", per)
	}
	roles := elements(h.get("/v2/permissions/query/entities/roles", token).want(200), "roles")
	if len(roles) != 1 || roles[0]["role"] != roleBailiff {
		t.Errorf("roles %v", roles)
	}
	h.testdata("person/remove", map[string]any{"nip": string(seller)}).want(http.StatusOK)
	h.refusedEntry(u, nipOf(seller), 415)
	l := h.begin(h.companyUser(seller), nipOf(seller), byCertificateSubject)
	h.clock.advance(time.Second)
	body["isDeceased"] = true
	h.testdata("person", body).want(http.StatusOK)
	h.refusedEntry(u, nipOf(seller), 470)
	h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeDeceased)
	h.testdata("person", map[string]any{"pesel": "x"}).refused(codeValidation)
	h.testdata("person/remove", map[string]any{"nip": "1"}).refused(codeValidation)
}

func TestBlockedContext(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	body := map[string]any{"contextIdentifier": nipOf(seller)}
	h.testdata("context/block", body).want(http.StatusOK)
	h.refusedEntry(h.companyUser(seller), nipOf(seller), 480)
	h.testdata("context/unblock", body).want(http.StatusOK)
	h.owner(seller)
	h.testdata("context/block", map[string]any{}).refused(codeValidation)
	h.testdata("context/unblock", map[string]any{}).refused(codeValidation)
}

func TestConsent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	allowed := func() any {
		return h.get("/v2/permissions/attachments/status", token).want(200).at("isAttachmentAllowed")
	}
	if allowed() != false {
		t.Error("consent from the start")
	}
	body := map[string]any{"nip": string(seller)}
	h.testdata("attachment", body).want(http.StatusOK)
	if allowed() != true {
		t.Error("no consent")
	}
	h.testdata("attachment/revoke", map[string]any{"nip": string(seller), "expectedEndDate": "2026-07-17"}).want(http.StatusOK)
	if allowed() != true {
		t.Error("revoked before its day")
	}
	h.testdata("attachment/revoke", body).want(http.StatusOK)
	if a := h.get("/v2/permissions/attachments/status", token).want(200); a.at("isAttachmentAllowed") != false || a.text("revokedDate") == "" {
		t.Errorf("revoked consent: %s", a.body)
	}
	h.testdata("attachment", map[string]any{}).refused(codeValidation)
	h.testdata("attachment/revoke", map[string]any{"nip": string(seller), "expectedEndDate": "x"}).refused(codeValidation)
}

func TestTestPermissions(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	u := h.personUser(clerk)
	body := map[string]any{
		"contextIdentifier": nipOf(seller), "authorizedIdentifier": peselOf(clerk),
		"permissions": []any{map[string]any{"permissionType": "SubunitManage", "description": "Test uprawnień"}},
	}
	h.testdata("permissions", body).want(http.StatusOK)
	token := h.enters(u, nipOf(seller))
	list := h.lists("persons/grants", token, map[string]any{"queryType": inCurrentContext, "authorIdentifier": map[string]any{"type": "System"}}, "permissions")
	if len(list) != 1 || list[0]["authorIdentifier"].(map[string]any)["type"] != "System" {
		t.Errorf("rights %v", list)
	}
	h.testdata("permissions/revoke", body).want(http.StatusOK)
	h.refusedEntry(u, nipOf(seller), 415)
	h.testdata("permissions", map[string]any{}).refused(codeValidation)
	h.testdata("permissions/revoke", map[string]any{}).refused(codeValidation)
}

// TestTestDataIsForTests: other environments have no test data.
func TestTestDataIsForTests(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{Profile: ProfileDemo})
	h.testdata("person", map[string]any{}).want(http.StatusNotFound)
}
