package ksefsim

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/pl"
)

// receipt fetches a confirmation and verifies hash and signature.
func (h *harness) receipt(path, token string) (*upo.Confirmation, []byte) {
	h.Helper()
	a := h.get(path, token).want(http.StatusOK)
	if got := a.header.Get("x-ms-meta-hash"); got != hash64(a.body) {
		h.Fatalf("hash %q of %q", got, hash64(a.body))
	}
	if got := a.header.Get("Content-Type"); got != "application/xml" {
		h.Errorf("media type %q", got)
	}
	c, err := upo.Verify(a.body, upo.Trust{Certificates: []*x509.Certificate{h.UPOCertificate()}, Now: h.clock.Now})
	if err != nil {
		h.Fatalf("confirmation: %v\n%s", err, a.body)
	}
	return c, a.body
}

// local cuts the host off a link.
func local(t testing.TB, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host != "ksef.test" {
		t.Fatalf("link %q", link)
	}
	return u.RequestURI()
}

func TestUPO(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	document := h.signed(loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)), ecKey(), h.seal(seller, ecKey()))
	c := h.open(h.redeemed(h.startLogin(document)).Access.Token)
	xml := invoiceXML("FV/1 & <2>")
	reference := c.send(xml)
	h.clock.advance(time.Second)
	status := c.invoice(reference).statusIs(200)
	number := pl.KSeFNumber(status.text("ksefNumber"))

	confirmation, raw := h.receipt(c.path("invoices", reference, "upo"), c.token)
	want := &upo.Confirmation{
		Version: upo.V43, Authority: "Ministerstwo Finansów", SessionReference: c.session,
		Context: upo.Context{Type: upo.ContextNIP, Value: string(seller)}, LoginHash: sha256.Sum256(document),
		Structure: "Schemat_FA(3)_v1-0E.xsd", FormCode: "FA (3)",
		Documents: []upo.Document{{
			SellerNIP: seller, KSeFNumber: number, InvoiceNumber: "FV/1 & <2>", IssueDate: pl.NewDate(2026, 7, 15),
			ReceivedAt: noon.Truncate(time.Millisecond), AcceptedAt: noon.Truncate(time.Millisecond), InvoiceHash: sha256.Sum256(xml), Mode: upo.ModeOnline,
		}},
	}
	confirmation.Signature = nil
	if diff := cmp.Diff(want, confirmation); diff != "" {
		t.Error(diff)
	}
	if err := confirmation.Check(upo.Expected{InvoiceHash: sha256.Sum256(xml), KSeFNumber: number, SellerNIP: seller, InvoiceNumber: "FV/1 & <2>", SessionReference: c.session}); err != nil {
		t.Error(err)
	}
	if !bytes.Contains(raw, []byte("2026-07-15T14:00:00.123+02:00")) {
		t.Errorf("times are not Polish: %s", raw)
	}
	_, byNumber := h.receipt(c.path("invoices", "ksef", string(number), "upo"), c.token)
	_, byLink := h.receipt(local(t, status.text("upoDownloadUrl")), "")
	h.clock.advance(time.Hour)
	again := h.owner(seller)
	_, later := h.receipt(c.path("invoices", reference, "upo"), again)
	for name, doc := range map[string][]byte{"by number": byNumber, "by link": byLink, "later": later} {
		if !bytes.Equal(doc, raw) {
			t.Errorf("%s: another document", name)
		}
	}

	c.token = again
	c.get(c.path("upo", "20260715-EU-0000000000-0000000000-00"), c.token).refused(codeNoUPO)
	c.close()
	page := c.status().statusIs(200).at("upo").(map[string]any)["pages"].([]any)[0].(map[string]any)
	whole, wholeRaw := h.receipt(c.path("upo", page["referenceNumber"].(string)), c.token)
	if diff := cmp.Diff(&upo.Page{Number: 1, Pages: 1, From: 1, To: 1, Total: 1}, whole.Page); diff != "" {
		t.Error(diff)
	}
	if _, linked := h.receipt(local(t, page["downloadUrl"].(string)), ""); !bytes.Equal(linked, wholeRaw) {
		t.Error("the link to the page leads to another document")
	}
}

func TestUPOVersions(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	access := h.tokenUser(seller)
	e := newEnvelope()
	a := h.do(request{method: "POST", path: "/v2/sessions/online", token: access, body: h.openBody(e), header: map[string]string{"X-KSeF-Feature": "upo-v4-2"}})
	c := &client{h, e, access, a.want(http.StatusCreated).text("referenceNumber")}
	reference := c.send(invoiceXML("FV/1"))
	confirmation, raw := h.receipt(c.path("invoices", reference, "upo"), access)
	if confirmation.Version != upo.V42 || confirmation.Documents[0].Mode != "" || !bytes.Contains(raw, []byte("KSeF/v4-2")) {
		t.Errorf("version %s, mode %q", confirmation.Version, confirmation.Documents[0].Mode)
	}
	if !strings.Contains(confirmation.TokenReference, "-EC-") {
		t.Errorf("token %q", confirmation.TokenReference)
	}
}

func TestNoUPO(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	first := c.send(invoiceXML("FV/1"))
	twice := c.send(invoiceXML("FV/1"))
	number := c.invoice(first).text("ksefNumber")
	second := h.open(c.token)
	for _, path := range []string{
		c.path("invoices", twice, "upo"),
		c.path("invoices", "20260715-EE-0000000000-0000000000-00", "upo"),
		c.path("invoices", "ksef", "1234563218-20260715-0100001AF629-00", "upo"),
		second.path("invoices", "ksef", number, "upo"), // it belongs to the first session
		c.path("upo", "20260715-EU-0000000000-0000000000-00"),
	} {
		h.get(path, c.token).refused(codeNoUPO)
	}
	h.get(c.path("invoices", "ksef", "FV-1", "upo"), c.token).refused(codeValidation)
	lost := *c
	lost.session = "20260715-SO-0000000000-0000000000-00"
	h.get(lost.path("invoices", first, "upo"), c.token).refused(codeNoSession)
	h.get(c.path("invoices", first, "upo"), h.owner(other)).refused(codeNoSession)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	good := local(t, c.invoice(c.send(invoiceXML("FV/1"))).text("upoDownloadUrl"))
	path, query, _ := strings.Cut(good, "?")
	changed := func(name, value string) string {
		q := must(url.ParseQuery(query))
		q.Set(name, value)
		return path + "?" + q.Encode()
	}
	h.get(good, "").want(http.StatusOK)
	for name, r := range map[string]request{
		"with a token":     {method: "GET", path: good, token: c.token},
		"no signature":     {method: "GET", path: path},
		"other signature":  {method: "GET", path: changed("sig", "AAAA")},
		"longer life":      {method: "GET", path: changed("se", "2030-01-01T00:00:00Z")},
		"no time":          {method: "GET", path: changed("se", "")},
		"other document":   {method: "GET", path: strings.Replace(good, "upo_", "upo_1", 1)},
		"nothing asked of": {method: "GET", path: "/storage/"},
	} {
		a := h.do(r)
		if a.status != http.StatusForbidden || !bytes.Contains(a.body, []byte("<Error><Code>AuthenticationFailed</Code>")) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	h.do(request{method: "PUT", path: good}).want(http.StatusForbidden)
	h.do(request{method: "POST", path: good}).want(http.StatusMethodNotAllowed)
	// A signed link to nothing is nothing.
	sim := h.Server
	for _, nothing := range []string{"/storage/01/x/invoice-upo/upo_1.xml", "/storage/01/" + strings.ToLower(c.session) + "/session-upo/upo_00.xml", "/storage/01"} {
		l := sim.link(&call{request: must(http.NewRequest("GET", "http://ksef.test/", nil)), now: h.clock.Now()}, nothing)
		h.get(local(t, l.url), "").want(http.StatusNotFound)
	}
	h.clock.advance(linkLife)
	h.get(good, "").want(http.StatusForbidden)
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{BaseURL: "https://ksef.example:8443/"})
	c := h.open(h.owner(seller))
	if link := c.invoice(c.send(invoiceXML("FV/1"))).text("upoDownloadUrl"); !strings.HasPrefix(link, "https://ksef.example:8443/storage/01/"+c.session+"/invoice-upo/upo_") {
		t.Errorf("link %q", link)
	}
}
