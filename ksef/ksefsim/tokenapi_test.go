package ksefsim

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

func tokenRequest(permissions ...string) map[string]any {
	return map[string]any{"permissions": permissions, "description": "Integracja ERP"}
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	a := h.post("/v2/tokens", owner, tokenRequest("InvoiceRead", "invoicewrite")).want(http.StatusAccepted)
	reference, text := a.text("referenceNumber"), a.text("token")
	item := h.get("/v2/tokens/"+reference, owner).want(200)
	if item.text("status") != tokenStatusActive || item.text("description") != "Integracja ERP" || item.at("lastUseDate") != nil {
		t.Errorf("token %s", item.body)
	}
	login := func(want int) startedLogin {
		l := decode[startedLogin](h.post("/v2/auth/ksef-token", "", h.tokenBody(text, h.challenge(), seller)).want(http.StatusAccepted))
		h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(want)
		return l
	}
	access := h.redeemed(login(200)).Access.Token
	h.open(access)
	if h.get("/v2/tokens/"+reference, owner).text("lastUseDate") == "" {
		t.Error("the login left no trace")
	}
	// By token: only itself, and nothing that needs a signature.
	if list := elements(h.get("/v2/tokens", access).want(200), "tokens"); len(list) != 1 {
		t.Errorf("own tokens %v", list)
	}
	h.post("/v2/tokens", access, tokenRequest("InvoiceRead")).want(http.StatusForbidden)
	h.post("/v2/certificates/enrollments", access, map[string]any{}).refused(codeValidation)
	h.post("/v2/certificates/enrollments", access, map[string]any{"certificateName": "Certyfikat", "certificateType": "Offline", "csr": []byte("x")}).refused(codeNoEnrolment)
	h.post("/v2/tokens", owner, map[string]any{}).refused(codeValidation)
	h.get("/v2/certificates/enrollments/data", access).refused(codeNoCSRData)
	h.post("/v2/certificates/0123456789ABCDEF/revoke", access, map[string]any{}).want(http.StatusForbidden)
	h.do(request{method: "DELETE", path: "/v2/tokens/" + reference, token: access}).want(http.StatusNoContent)
	h.do(request{method: "DELETE", path: "/v2/tokens/" + reference, token: access}).want(http.StatusNoContent)
	login(450)
	if h.get("/v2/tokens/"+reference, owner).text("status") != tokenStatusRevoked {
		t.Error("not revoked")
	}
	h.get("/v2/tokens/x", owner).refused(codeValidation)
	h.do(request{method: "DELETE", path: "/v2/tokens/x", token: owner}).refused(codeValidation)
}

func TestTokenActivation(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{ProcessingPolls: 1})
	l := h.startSeal(seller)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(100)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	owner := h.redeemed(l).Access.Token
	reference := h.post("/v2/tokens", owner, tokenRequest("InvoiceRead")).want(202).text("referenceNumber")
	for _, want := range []string{tokenStatusPending, tokenStatusActive, tokenStatusActive} {
		if got := h.get("/v2/tokens/"+reference, owner).want(200).text("status"); got != want {
			t.Errorf("status %s, want %s", got, want)
		}
	}
	h.do(request{method: "DELETE", path: "/v2/tokens/" + reference, token: owner}).want(http.StatusNoContent)
	for _, want := range []string{tokenStatusRevoking, tokenStatusRevoked} {
		if got := h.get("/v2/tokens/"+reference, owner).want(200).text("status"); got != want {
			t.Errorf("status %s, want %s", got, want)
		}
	}
}

func TestTokenLists(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	if err := h.Grant(seller, "Pesel:"+clerk, "InvoiceRead"); err != nil {
		t.Fatal(err)
	}
	reader := h.enters(h.personUser(clerk), nipOf(seller))
	for i := range 13 {
		h.post("/v2/tokens", owner, map[string]any{"permissions": []string{"InvoiceRead"}, "description": fmt.Sprintf("Token %02d", i)}).want(202)
	}
	own := h.post("/v2/tokens", reader, tokenRequest("InvoiceRead")).want(202).text("referenceNumber")
	h.post("/v2/tokens", reader, tokenRequest("InvoiceWrite")).refused(codeTokenRights)
	if list := elements(h.get("/v2/tokens", reader).want(200), "tokens"); len(list) != 1 || list[0]["referenceNumber"] != own {
		t.Errorf("the reader sees %v", list)
	}
	first := h.get("/v2/tokens?pageSize=10", owner).want(200)
	next := h.do(request{method: "GET", path: "/v2/tokens?pageSize=10", token: owner, header: map[string]string{continuationHeader: first.text("continuationToken")}}).want(200)
	if len(elements(first, "tokens")) != 10 || len(elements(next, "tokens")) != 4 || next.at("continuationToken") != nil {
		t.Errorf("pages %s %s", first.body, next.body)
	}
	h.do(request{method: "GET", path: "/v2/tokens?pageSize=20", token: owner, header: map[string]string{continuationHeader: "x"}}).refused(codeContinuation)
	for query, want := range map[string]int{
		"status=Active": 14, "status=Pending&status=Revoked": 0, "description=token 0": 10, "description=ERP": 1,
		"authorIdentifier=" + clerk[:4]: 1, "authorIdentifierType=Pesel": 1, "authorIdentifierType=Fingerprint": 0,
	} {
		q, _ := url.ParseQuery(query)
		if got := len(elements(h.get("/v2/tokens?pageSize=100&"+q.Encode(), owner).want(200), "tokens")); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	for _, query := range []string{"description=ab", "authorIdentifier=1", "status=Gone", "authorIdentifierType=Nobody", "pageSize=9"} {
		if codes := h.get("/v2/tokens?"+query, owner).want(400).codes(); codes[0] != codeValidation {
			t.Errorf("%s: %v", query, codes)
		}
	}
	peppol := h.signer.issue(claims{Type: tokenAccess, ContextType: typePeppolID, ContextValue: "PPL123456", Permissions: `["InvoiceRead"]`}, noon, accessLife)
	h.post("/v2/tokens", peppol.Token, tokenRequest("InvoiceRead")).refused(codeTokenContext)
}
