package ksefsim

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/faktupro/faktupro-go/pl"
)

// TestConcurrency: many clients log in, send, ask and close at once, over real
// connections; every invoice gets its own number.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{"memory": {}, "disk": {Dir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, cfg)
			base, stop := h.Start()
			defer stop()
			h.handler = remote(t, base)
			const clients, invoices = 12, 8
			var wg sync.WaitGroup
			for i := range clients {
				wg.Go(func() {
					c := h.open(h.owner(seller))
					for n := range invoices {
						// Neighbours send the same numbers: half of them are duplicates.
						reference := c.send(invoiceXML(fmt.Sprintf("FV/%d/%d", i/2, n)))
						c.invoice(reference).want(http.StatusOK)
						c.get(c.path("invoices"), c.token).want(http.StatusOK)
					}
					c.close()
					c.status().want(http.StatusOK)
					h.get("/v2/auth/sessions", c.token).want(http.StatusOK)
				})
			}
			wg.Go(func() {
				for range 20 {
					h.AddToken(other)
					h.Accepted()
					h.Use(func(next http.Handler) http.Handler { return next })
				}
			})
			wg.Wait()
			accepted := h.Accepted()
			if len(accepted) != clients*invoices/2 {
				t.Errorf("%d accepted, want %d", len(accepted), clients*invoices/2)
			}
			seen := make(map[pl.KSeFNumber]bool)
			for _, inv := range accepted {
				if seen[inv.KSeFNumber] {
					t.Errorf("%s given twice", inv.KSeFNumber)
				}
				seen[inv.KSeFNumber] = true
			}
		})
	}
}

// remote passes requests on to a server, each over a real connection.
func remote(t testing.TB, base string) http.Handler {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequest(r.Method, base+r.URL.RequestURI(), r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		out.Header, out.Host, out.ContentLength = r.Header, r.Host, r.ContentLength
		in, err := client.Do(out)
		if err != nil {
			t.Error(err)
			return
		}
		defer in.Body.Close()
		for name, values := range in.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(in.StatusCode)
		_, _ = io.Copy(w, in.Body)
	})
}

// TestOneChallengeOneLogin: of many who replay one document, one gets in.
func TestOneChallengeOneLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	doc := h.signed(loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)), ecKey(), h.seal(seller, ecKey()))
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 16 {
		wg.Go(func() {
			a := h.post("/v2/auth/xades-signature", "", doc)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	wg.Wait()
	if statuses[http.StatusAccepted] != 1 || statuses[http.StatusBadRequest] != 15 {
		t.Errorf("answers %v", statuses)
	}
}

// TestDeterminism: the same seed, clock and requests give the same answers.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	run := func() string {
		clock := &clock{now: noon}
		sim, err := New(Config{Now: clock.Now, Random: seeded(3)}) // keys of its own
		if err != nil {
			t.Fatal(err)
		}
		h := &harness{TB: t, Server: sim, clock: clock, handler: sim}
		var log strings.Builder
		log.Write(h.get("/v2/security/public-key-certificates", "").body)
		log.Write(h.post("/v2/auth/challenge", "", nil).body)
		log.WriteString(h.AddToken(seller))
		token := h.owner(seller)
		log.WriteString(token)
		c := h.open(token)
		reference := c.send(invoiceXML("FV/1"))
		log.Write(c.invoice(reference).body)
		log.Write(h.post("/v2/auth/ksef-token", "", []byte("{}")).body)
		log.Write(h.post("/v2/tokens", token, tokenRequest("InvoiceRead")).body)
		h.asks("POST", "persons/grants", token, grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}}))
		log.Write(h.post("/v2/permissions/query/persons/grants", token, map[string]any{"queryType": inCurrentContext}).body)
		log.Write(h.post("/v2/invoices/query/metadata", token, filter(asSeller, datePermanent)).body)
		ksef, qualified := h.Issuers()
		log.Write(append(ksef.Raw, qualified.Raw...))
		return log.String()
	}
	first, second := run(), run()
	if first != second {
		t.Errorf("two runs differ:\n%s\n%s", first, second)
	}
}

// TestThousandClients: a thousand clients at once, each with a session of
// its own, over real connections.
func TestThousandClients(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a thousand logins")
	}
	t.Parallel()
	h := newHarness(t, Config{})
	base, stop := h.Start()
	defer stop()
	token := h.owner(seller)
	e := newEnvelope()
	body := h.openBody(e)
	h.handler = remote(t, base)
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			c := &client{h, e, token, h.post("/v2/sessions/online", token, body).want(http.StatusCreated).text("referenceNumber")}
			c.invoice(c.send(invoiceXML(fmt.Sprintf("T/%d", i)))).statusIs(200)
			c.close()
			c.status().statusIs(200)
		})
	}
	wg.Wait()
	if n := len(h.Accepted()); n != 1000 {
		t.Errorf("%d accepted", n)
	}
}
