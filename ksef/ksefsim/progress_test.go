package ksefsim

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestDelay walks a login, invoices and a session through their statuses.
func TestDelay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{ProcessingDelay: 10 * time.Second})
	l := h.startSeal(seller)
	if a := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(100); a.at("isTokenRedeemed") != nil {
		t.Errorf("login in progress: %s", a.body)
	}
	h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
	h.clock.advance(10 * time.Second)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)

	c := h.open(h.redeemed(l).Access.Token)
	first := c.send(invoiceXML("FV/1"))
	if a := c.invoice(first).statusIs(100); a.at("invoiceNumber") != nil || a.at("ksefNumber") != nil {
		t.Errorf("invoice in progress: %s", a.body)
	}
	c.get(c.path("invoices", first, "upo"), c.token).refused(codeNoUPO)
	h.clock.advance(5 * time.Second)
	c.invoice(first).statusIs(150)
	second, twice := c.send(invoiceXML("FV/2")), c.send(invoiceXML("FV/1"))
	c.close()
	c.status().statusIs(170)
	h.clock.advance(5 * time.Second)
	c.invoice(first).statusIs(200)
	c.invoice(second).statusIs(150)
	c.status().statusIs(170)
	if n := len(h.Accepted()); n != 1 {
		t.Errorf("%d accepted, want 1", n)
	}
	h.clock.advance(5 * time.Second)
	if n := len(h.Accepted()); n != 2 {
		t.Errorf("%d accepted, want 2", n)
	}
	a := c.status().statusIs(200)
	if a.at("successfulInvoiceCount") != 2.0 || a.at("failedInvoiceCount") != 1.0 || a.text("dateUpdated") != "2026-07-15T12:00:25.1234567+00:00" {
		t.Errorf("counters: %s", a.body)
	}
	c.invoice(twice).statusIs(440)
}

// TestPolls: results that come after a number of questions.
func TestPolls(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{ProcessingPolls: 3, ProcessingDelay: time.Hour})
	l := h.startSeal(seller)
	for _, want := range []int{100, 100, 100, 200} {
		h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(want)
	}
	c := h.open(h.redeemed(l).Access.Token)
	c.status().statusIs(100)
	first, second := c.send(invoiceXML("FV/1")), c.send(invoiceXML("FV/2"))
	for _, want := range []int{100, 150, 150, 200, 200} {
		c.invoice(first).statusIs(want)
	}
	c.close()
	// The second invoice and the session itself take as many questions.
	for _, want := range []int{170, 170, 170, 200} {
		c.status().statusIs(want)
	}
	c.invoice(second).statusIs(200)
	if n := len(h.Accepted()); n != 2 {
		t.Errorf("%d accepted", n)
	}

	body := h.openBody(newEnvelope())
	body["encryption"].(map[string]any)["encryptedSymmetricKey"] = []byte("no key")
	broken := &client{h, newEnvelope(), c.token, h.post("/v2/sessions/online", c.token, body).want(http.StatusCreated).text("referenceNumber")}
	lost := broken.send(invoiceXML("FV/3"))
	for _, want := range []int{100, 100, 100, 415} {
		broken.status().statusIs(want)
	}
	broken.invoice(lost).statusIs(405)
}

func TestSessionInvoices(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	for i := range 23 {
		c.send(invoiceXML(fmt.Sprintf("FV/%d", i/2))) // every second one is a duplicate
	}
	type list struct {
		Token    string `json:"continuationToken"`
		Invoices []struct {
			Ordinal int `json:"ordinalNumber"`
			Status  struct {
				Code int `json:"code"`
			} `json:"status"`
		} `json:"invoices"`
	}
	walk := func(path string) (ordinals []int) {
		token := ""
		for {
			page := decode[list](h.do(request{method: "GET", path: path, token: c.token, header: map[string]string{"x-continuation-token": token}}).want(http.StatusOK))
			for _, inv := range page.Invoices {
				ordinals = append(ordinals, inv.Ordinal)
			}
			if token = page.Token; token == "" {
				return ordinals
			}
		}
	}
	if got := walk(c.path("invoices")); len(got) != 23 || got[0] != 1 || got[22] != 23 {
		t.Errorf("invoices %v", got)
	}
	if got := walk(c.path("invoices") + "?pageSize=1000"); len(got) != 23 {
		t.Errorf("invoices %v", got)
	}
	if got := walk(c.path("invoices", "failed")); len(got) != 11 || got[0] != 2 || got[10] != 22 {
		t.Errorf("failed %v", got)
	}
	h.get(c.path("invoices")+"?pageSize=5", c.token).refused(codeValidation)
	h.get(c.path("invoices")+"?pageSize=many", c.token).refused(codeValidation)
	h.get(c.path("invoices", "20260715-EE-0000000000-0000000000-00"), c.token).refused(codeValidation)

	// A token fits its own list only.
	page := decode[list](h.get(c.path("invoices"), c.token))
	for _, path := range []string{c.path("invoices", "failed"), h.open(c.token).path("invoices")} {
		h.do(request{method: "GET", path: path, token: c.token, header: map[string]string{"x-continuation-token": page.Token}}).refused(codeContinuation)
	}
}

func TestSessionList(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	var sessions []*client
	for range 12 {
		sessions = append(sessions, h.open(token))
		h.clock.advance(time.Second)
	}
	h.open(h.owner(other)) // not listed
	sessions[0].close()    // cancelled
	sessions[1].send(invoiceXML("FV/1"))
	sessions[1].close()
	sessions[2].send(invoiceXML("FV/1"))
	sessions[2].close() // failed
	type list struct {
		Token    string `json:"continuationToken"`
		Sessions []struct {
			Reference string `json:"referenceNumber"`
			Total     int    `json:"totalInvoiceCount"`
		} `json:"sessions"`
	}
	ask := func(query string, header map[string]string) list {
		t.Helper()
		return decode[list](h.do(request{method: "GET", path: "/v2/sessions?" + query, token: token, header: header}).want(http.StatusOK))
	}
	first := ask("sessionType=online", nil)
	if len(first.Sessions) != 10 || first.Sessions[0].Reference != sessions[11].session || first.Token == "" {
		t.Fatalf("first page %+v", first)
	}
	rest := ask("sessionType=online", map[string]string{"x-continuation-token": first.Token})
	if len(rest.Sessions) != 2 || rest.Sessions[1].Reference != sessions[0].session || rest.Token != "" {
		t.Fatalf("second page %+v", rest)
	}
	at := func(seconds int) string {
		return url.QueryEscape(noon.Add(time.Duration(seconds) * time.Second).Format(time.RFC3339Nano))
	}
	for query, want := range map[string]int{
		"sessionType=Online&pageSize=1000":                                   12,
		"sessionType=Batch":                                                  0,
		"sessionType=Online&statuses=Cancelled":                              1,
		"sessionType=Online&statuses=succeeded&statuses=Failed":              2,
		"sessionType=Online&statuses=InProgress":                             9,
		"sessionType=Online&referenceNumber=" + sessions[3].session:          1,
		"sessionType=Online&dateCreatedFrom=" + at(10):                       2,
		"sessionType=Online&dateCreatedTo=" + at(3):                          4,
		"sessionType=Online&dateClosedFrom=" + at(0):                         3,
		"sessionType=Online&dateModifiedFrom=" + at(12):                      3,
		"sessionType=Online&dateCreatedFrom=2026-07-15T14:00:10&pageSize=10": 2, // Polish time
		"sessionType=Online&dateCreatedFrom=2026-07-16":                      0,
	} {
		if got := len(ask(query, nil).Sessions); got != want && got != 10 {
			t.Errorf("%s: %d sessions, want %d", query, got, want)
		}
	}
	for _, query := range []string{"", "sessionType=Mixed", "sessionType=Online&statuses=Open", "sessionType=Online&dateCreatedFrom=yesterday", "sessionType=Online&pageSize=1001"} {
		h.get("/v2/sessions?"+query, token).refused(codeValidation)
	}
	// The token is bound to the query but not to the page size.
	ask("sessionType=online&pageSize=11", map[string]string{"x-continuation-token": first.Token})
	h.do(request{method: "GET", path: "/v2/sessions?sessionType=Batch", token: token, header: map[string]string{"x-continuation-token": first.Token}}).refused(codeContinuation)
	// Somebody who may only write and has sent nothing sees nothing of others.
	h.get("/v2/sessions?sessionType=Online", h.tokenUser(seller, invoiceRead)).want(http.StatusForbidden)
	if !strings.Contains(string(h.get("/v2/sessions?sessionType=Online", h.tokenUser(other, introspection)).want(http.StatusOK).body), `"sessions":[`) {
		t.Error("an empty list is no list")
	}
}
