package ksefsim

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

func TestHoldProcessing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	if err := h.HoldProcessing(true); err != nil {
		t.Fatal(err)
	}
	first, twice := c.send(invoiceXML("FV/1")), c.send(invoiceXML("FV/1"))
	c.close()
	for range 3 {
		c.invoice(first).statusIs(150)
		c.status().statusIs(170)
		h.clock.advance(time.Hour)
		c.token = h.owner(seller)
	}
	batch := h.sends(c.token, h.parcel(numbered(2), pack.Config{}))
	batch.status().statusIs(150)
	if err := h.HoldProcessing(false); err != nil {
		t.Fatal(err)
	}
	c.invoice(first).statusIs(200)
	c.invoice(twice).statusIs(440)
	c.status().statusIs(200)
	batch.status().statusIs(200)
}

func TestHoldUPO(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	if err := h.HoldUPO(true); err != nil {
		t.Fatal(err)
	}
	reference := c.send(invoiceXML("FV/1"))
	if a := c.invoice(reference).statusIs(200); a.at("upoDownloadUrl") != nil {
		t.Errorf("a link to nothing: %s", a.body)
	}
	c.get(c.path("invoices", reference, "upo"), c.token).refused(codeNoUPO)
	c.close()
	c.status().statusIs(170)
	if err := h.HoldUPO(false); err != nil {
		t.Fatal(err)
	}
	c.status().statusIs(200)
	c.get(c.path("invoices", reference, "upo"), c.token).want(http.StatusOK)
}

func TestHoldStorage(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	token := h.owner(seller)
	c := h.open(token)
	if err := h.HoldStorage(true); err != nil {
		t.Fatal(err)
	}
	reference := c.send(invoiceXML("FV/1"))
	a := c.invoice(reference).statusIs(200)
	number := a.text("ksefNumber")
	if a.at("permanentStorageDate") != nil {
		t.Errorf("stored: %s", a.body)
	}
	h.get("/v2/invoices/ksef/"+number, token).refused(codeInvoiceNotReady)
	h.clock.advance(time.Minute)
	if got := h.queried(token, "", filter(asSeller, dateInvoicing)); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	if err := h.HoldStorage(false); err != nil {
		t.Fatal(err)
	}
	if a := c.invoice(reference); !strings.HasPrefix(a.text("permanentStorageDate"), "2026-07-15T12:01:00") {
		t.Errorf("storage date: %s", a.body)
	}
	h.get("/v2/invoices/ksef/"+number, token).want(http.StatusOK)
	// What is held up when the process dies is stored by the next.
	if err := h.HoldStorage(true); err != nil {
		t.Fatal(err)
	}
	reference = c.send(invoiceXML("FV/2"))
	h = h.reopen(cfg)
	c.harness = h
	h.get("/v2/invoices/ksef/"+c.invoice(reference).text("ksefNumber"), token).want(http.StatusOK)
}

// TestHole: whoever goes on from the high-water mark misses nothing, whoever goes
// on from the latest date seen does.
func TestHole(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	c := h.open(token)
	query := func(from string) (numbers []string, mark, last string) {
		a := h.post("/v2/invoices/query/metadata", token, dated(datePermanent, map[string]any{"from": from})).want(200)
		for _, inv := range elements(a, "invoices") {
			numbers, last = append(numbers, inv["invoiceNumber"].(string)), inv["permanentStorageDate"].(string)
		}
		return numbers, a.text("permanentStorageHwmDate"), last
	}
	if err := h.HoldVisibility(true); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		c.send(invoiceXML(fmt.Sprintf("FV/%d", i)))
		h.clock.advance(time.Second)
	}
	if err := h.ReleaseVisibility(1, 7); err != nil {
		t.Fatal(err)
	}
	numbers, mark, last := query("2026-07-01T00:00:00Z")
	if fmt.Sprint(numbers) != "[FV/1]" || mark >= "2026-07-15T12:00:00.123456" {
		t.Errorf("in the hole: %v, mark %s", numbers, mark)
	}
	if err := h.HoldVisibility(false); err != nil {
		t.Fatal(err)
	}
	if numbers, _, _ := query(mark); fmt.Sprint(numbers) != "[FV/0 FV/1 FV/2]" {
		t.Errorf("from the mark: %v", numbers)
	}
	if numbers, _, _ := query(last); fmt.Sprint(numbers) != "[FV/1 FV/2]" {
		t.Errorf("from the latest date: %v", numbers)
	}
}

func TestExpireSessions(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	c := h.open(token)
	reference := c.send(invoiceXML("FV/1"))
	p := h.parcel(numbered(1), pack.Config{})
	batch := h.openBatch(token, h.batchBody(p))
	if n, err := h.ExpireSessions(); n != 2 || err != nil {
		t.Errorf("%d expired, %v", n, err)
	}
	c.postInvoice(c.sendBody(invoiceXML("FV/2"))).refused(codeSessionStatus)
	c.status().statusIs(200)
	c.invoice(reference).statusIs(200)
	batch.status().statusIs(440)
	batch.finish().refused(codeUploadLate)
}

func TestEndLogins(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	tokens := h.redeemed(h.startSeal(seller))
	if err := h.EndLogins(); err != nil {
		t.Fatal(err)
	}
	a := h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).refused(codeUnauthorized)
	if !strings.Contains(string(a.body), "(425)") {
		t.Errorf("refusal %s", a.body)
	}
	h.open(tokens.Access.Token)
}

func TestStartTLS(t *testing.T) {
	t.Parallel()
	sim := must(New(Config{Keys: sharedKeys()}))
	base, roots, stop, err := sim.StartTLS()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	answer, err := client.Get(base + "/v2/security/public-key-certificates")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestExpireLinks(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	p := h.parcel(numbered(1), pack.Config{})
	u := h.openBatch(token, h.batchBody(p))
	h.ExpireLinks()
	u.put(0, p.parts[0]).want(http.StatusForbidden)
	h.clock.advance(time.Second)
	h.sends(token, h.parcel(numbered(1), pack.Config{})).status().statusIs(200)
}

func TestRotateKeys(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	token := h.owner(seller)
	old := h.openBody(newEnvelope())
	_, oldID := h.publicKey(usageSymmetric)
	if err := h.RotateKeys(nil, false); err != nil {
		t.Fatal(err)
	}
	if _, id := h.publicKey(usageSymmetric); id == oldID {
		t.Error("the newest key is not the first")
	}
	h.post("/v2/sessions/online", token, old).want(http.StatusCreated) // both are good for a while
	if err := h.RotateKeys(nil, true); err != nil {
		t.Fatal(err)
	}
	h.post("/v2/sessions/online", token, old).refused(codePublicKey)
	h = h.reopen(cfg)
	h.post("/v2/sessions/online", token, old).refused(codePublicKey)
	_, now := h.publicKey(usageSymmetric)
	var before, after []publicKeyCertificate
	_ = json.Unmarshal(h.get("/v2/security/public-key-certificates", "").body, &before)
	ring := h.ring()
	same := &Keys{token: ring.published[0].key, symmetric: ring.published[1].key, upo: ring.upo.key}
	if err := h.RotateKeys(same, true); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(h.get("/v2/security/public-key-certificates", "").body, &after)
	if _, id := h.publicKey(usageSymmetric); id != now || after[1].CertificateID == before[1].CertificateID {
		t.Error("certified anew: another key, or the same certificate")
	}
}

func TestWarn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	h.Warn("[W001]: Przerwa o północy")
	if got := h.get("/v2/security/public-key-certificates", "").header.Get(warningHeader); got != "[W001]: Przerwa o polnocy" {
		t.Errorf("warning %q", got)
	}
	if got := h.get("/v2/limits/context", "").header.Get(warningHeader); got != "" {
		t.Errorf("warning beside a refusal %q", got)
	}
	h.Warn("")
	if got := h.get("/v2/security/public-key-certificates", "").header.Get(warningHeader); got != "" {
		t.Errorf("warning %q", got)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	c := h.open(token)
	const send = "POST /sessions/online/{referenceNumber}/invoices"
	for _, test := range []struct {
		fault  Fault
		status int
		header string
	}{
		{Fault{Status: 429, RetryAfter: 90 * time.Second}, 429, "90"},
		{Fault{}, 500, ""},
		{Fault{Status: 503}, 503, ""},
		{Fault{Status: 400, Code: 21184}, 400, ""},
	} {
		test.fault.Operation = send
		remove := h.Inject(test.fault)
		a := c.postInvoice(c.sendBody(invoiceXML("FV/1"))).want(test.status)
		if a.header.Get("Retry-After") != test.header {
			t.Errorf("%v: %v", test.fault, a.header)
		}
		h.get("/v2/limits/context", token).want(200)
		remove()
	}
	if codes := func() []int {
		defer h.Inject(Fault{Operation: send, Status: 400, Code: 21184})()
		return c.postInvoice(c.sendBody(invoiceXML("FV/1"))).codes()
	}(); codes[0] != codeSessionAway {
		t.Errorf("codes %v", codes)
	}
	// The second, the fourth and no more.
	remove := h.Inject(Fault{Operation: "GET /limits/context", Status: 502, Skip: 1, Every: 2, Times: 2})
	got := ""
	for range 8 {
		got += fmt.Sprint(h.get("/v2/limits/context", token).status, " ")
	}
	remove()
	if got != "200 502 200 502 200 200 200 200 " {
		t.Errorf("answers %s", got)
	}
}

// TestLostAnswers: over a real connection an answer is lost after the invoice was
// accepted; whoever sends it again learns so from status 440.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	base, stop := h.Start()
	defer stop()
	c := h.open(h.owner(seller))
	xml := invoiceXML("FV/1")
	post := func() error {
		body := must(json.Marshal(c.sendBody(xml)))
		r := must(http.NewRequest("POST", base+"/v2/sessions/online/"+c.session+"/invoices", strings.NewReader(string(body))))
		r.Header.Set("Authorization", "Bearer "+c.token)
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		return err
	}
	remove := h.Inject(Fault{Kind: FaultLostRequest, Times: 1})
	if err := post(); err == nil || len(h.Accepted()) != 0 {
		t.Error("the request was not lost")
	}
	remove()
	remove = h.Inject(Fault{Kind: FaultLostAnswer, Times: 1})
	if err := post(); err == nil || len(h.Accepted()) != 1 {
		t.Error("the answer was not lost, or the invoice was")
	}
	remove()
	c.invoice(c.send(xml)).statusIs(440)
	for kind, text := range map[FaultKind]string{FaultBlocked: `"incidentId"`, FaultBlockedPage: "<html>"} {
		remove := h.Inject(Fault{Kind: kind})
		answer := must(http.Get(base + "/v2/security/public-key-certificates"))
		buf := make([]byte, 400)
		n, _ := answer.Body.Read(buf)
		_ = answer.Body.Close()
		if answer.StatusCode != 403 || !strings.Contains(string(buf[:n]), text) {
			t.Errorf("blocked: %d %s", answer.StatusCode, buf[:n])
		}
		remove()
	}
	p := h.parcel(numbered(1), pack.Config{})
	u := h.openBatch(c.token, h.batchBody(p))
	defer h.Inject(Fault{Operation: OperationUpload, Kind: FaultLostAnswer, Times: 1})()
	r := must(http.NewRequest("PUT", base+u.links[0], strings.NewReader(string(p.parts[0]))))
	r.Header.Set(blobTypeHeader, blobType)
	if answer, err := http.DefaultClient.Do(r); err == nil {
		t.Errorf("the upload was answered: %d", answer.StatusCode)
	}
	u.finish().want(http.StatusNoContent)
}

func TestLatarnia(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	status := func() string { return h.get("/latarnia/status", "").want(200).text("status") }
	if status() != "AVAILABLE" {
		t.Error("not available")
	}
	start := h.clock.Now().Add(time.Hour)
	if _, err := h.Announce(Outage{Category: OutageMaintenance, Title: "Przerwa", Start: start, End: start.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	failure, err := h.Announce(Outage{Category: OutageFailure, Title: "Awaria", Text: "Trwa awaria"})
	if err != nil || status() != OutageFailure {
		t.Errorf("failure: %v", err)
	}
	h = h.reopen(cfg)
	if status() != OutageFailure {
		t.Error("forgotten")
	}
	if err := h.EndOutage(failure); err != nil || status() != "AVAILABLE" {
		t.Errorf("ended: %v", err)
	}
	h.clock.advance(90 * time.Minute)
	if status() != OutageMaintenance {
		t.Error("no maintenance")
	}
	h.clock.advance(time.Hour)
	if status() != "AVAILABLE" {
		t.Error("maintenance without end")
	}
	messages := decode[[]map[string]any](h.get("/latarnia/messages", "").want(200))
	if len(messages) != 3 || messages[2]["type"] != "FAILURE_END" || messages[2]["eventId"] != messages[1]["eventId"] {
		t.Errorf("messages %v", messages)
	}
	h.get("/latarnia/", "").want(http.StatusForbidden)
	h.handler = h.Latarnia()
	h.get("/status", "").want(200)
	if _, err := h.Announce(Outage{Category: "x"}); !errors.Is(err, ErrOutage) {
		t.Errorf("unknown category: %v", err)
	}
	if err := h.EndOutage(99); !errors.Is(err, ErrOutage) {
		t.Errorf("unknown event: %v", err)
	}
}
