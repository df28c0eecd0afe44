package ksefsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRateLimits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{EnforceRateLimits: true})
	token, stranger := h.owner(seller), h.owner(other)
	list := "/v2/sessions?sessionType=Online" // 5 a second, 10 a minute, 60 an hour
	for range 5 {
		h.get(list, token).want(http.StatusOK)
	}
	a := h.get(list, token).want(http.StatusTooManyRequests)
	if a.header.Get("Retry-After") != "1" || !strings.Contains(string(a.body), "Przekroczono limit 5 żądań na sekundę. Spróbuj ponownie po") {
		t.Errorf("refusal: %v %s", a.header, a.body)
	}
	modern := h.do(request{method: "GET", path: list, token: token, header: map[string]string{"X-Error-Format": "problem-details"}}).want(429)
	if modern.text("title") != "Too Many Requests" || modern.header.Get("Content-Type") != typeProblem {
		t.Errorf("modern refusal: %s", modern.body)
	}
	h.get(list, stranger).want(http.StatusOK)                 // another context
	h.get("/v2/limits/context", token).want(http.StatusOK)    // another group
	wait, _ := strconv.Atoi(modern.header.Get("Retry-After")) // grown by asking while blocked
	if wait < 2 {
		t.Errorf("wait %d", wait)
	}
	h.clock.advance(time.Duration(wait) * time.Second)
	for range 5 {
		h.get(list, token).want(http.StatusOK)
	}
	h.clock.advance(2 * time.Second)
	minute := h.get(list, token).want(429)
	if !strings.Contains(string(minute.body), "limit 10 żądań na minutę") {
		t.Errorf("minute: %s", minute.body)
	}
	wait, _ = strconv.Atoi(minute.header.Get("Retry-After"))
	h.clock.advance(time.Duration(wait)*time.Second - time.Millisecond)
	h.get(list, token).want(429)
	h.clock.advance(time.Hour)
	h.get("/v2/sessions?sessionType=Online", h.owner(seller)).want(http.StatusOK)
	for i := range 61 { // unauthenticated: 60 a second by address
		if a := h.post("/v2/auth/challenge", "", nil); (a.status == http.StatusTooManyRequests) != (i+2 > 60) && i < 55 {
			t.Fatalf("request %d: %d", i, a.status)
		}
	}
}

// TestMeter holds the windows to their definition with every request counted.
func TestMeter(t *testing.T) {
	t.Parallel()
	m := meter{counts: make(map[rateKey]*count)}
	limits := rateValues{3, 7, 20}
	now, key := noon, rateKey{group: rateOther}
	var served []time.Time
	for i := range 2000 {
		now = now.Add(time.Duration(i*i%977) * 17 * time.Millisecond)
		e := m.take(key, limits, now)
		if e != nil {
			if e.wait <= 0 {
				t.Fatalf("wait %v", e.wait)
			}
			now = now.Add(e.wait) // a client that obeys gets through
			if e := m.take(key, limits, now); e != nil {
				t.Fatalf("refused after the wait: %+v", e)
			}
		}
		served = append(served, now)
		for _, w := range windows {
			if n := w.limit(limits); len(served) > n && now.Sub(served[len(served)-1-n]) < w.length {
				t.Fatalf("%d served within %v", n+1, w.length)
			}
		}
	}
}

func TestRateOverrides(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{EnforceRateLimits: true})
	token := h.owner(seller)
	body := func(change func(map[string]any)) map[string]any {
		groups := make(map[string]any)
		for _, g := range rateGroups(Level28) {
			if g.since != Level28 {
				groups[g.name] = map[string]int{"perSecond": 2, "perMinute": 5, "perHour": 9}
			}
		}
		change(groups)
		return map[string]any{"rateLimits": groups}
	}
	h.post("/v2/testdata/rate-limits", token, body(func(map[string]any) {})).want(http.StatusOK)
	if a := h.get("/v2/rate-limits", token).want(200); a.at("sessionList.perHour") != 9.0 || a.at("onlineSessionClose.perHour") != 240.0 {
		t.Errorf("limits %s", a.body)
	}
	list := "/v2/sessions?sessionType=Online"
	h.get(list, token).want(200)
	h.get(list, token).want(200)
	h.get(list, token).want(429)
	a := h.post("/v2/testdata/rate-limits", token, body(func(g map[string]any) {
		g["onlineSession"] = map[string]int{"perSecond": 1, "perMinute": 1, "perHour": 11111111}
	})).refused(codeValidation)
	if !strings.Contains(string(a.body), "'rateLimits.onlineSession.perHour' must be between 1 and 1200. You entered 11111111.") {
		t.Errorf("refusal %s", a.body)
	}
	h.clock.advance(time.Second)
	h.post("/v2/testdata/rate-limits", token, body(func(g map[string]any) { delete(g, "other") })).refused(codeValidation)
	h.clock.advance(time.Minute)
	h.post("/v2/testdata/rate-limits/production", token, nil).want(200)
	h.do(request{method: "DELETE", path: "/v2/testdata/rate-limits", token: token}).want(200)
	if a := h.get("/v2/rate-limits", token).want(200); a.at("sessionList.perHour") != 60.0 {
		t.Errorf("limits %s", a.body)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[Level]struct {
		groups     []string
		collective int
	}{
		Level26: {nil, http.StatusNotFound},
		Level27: {[]string{"collectiveIdentifier"}, http.StatusOK},
		Level28: {[]string{"anonymous", "batchSessionClose", "collectiveIdentifier", "onlineSessionClose"}, http.StatusNotFound},
	} {
		h := newHarness(t, Config{Level: level, EnforceRateLimits: true})
		token := h.owner(seller)
		var newer []string
		for name := range h.get("/v2/rate-limits", token).want(200).object() {
			if slices.Contains(newerProperties, name) {
				newer = append(newer, name)
			}
		}
		slices.Sort(newer)
		if !slices.Equal(newer, want.groups) {
			t.Errorf("%s: groups %v", level, newer)
		}
		h.get("/v2/collective-identifiers/"+string(seller)+"-IZ202607-000000000000-00/invoices", token).want(want.collective)
		if want.collective == http.StatusOK {
			h.get("/v2/collective-identifiers/x/other", token).want(http.StatusNotFound)
		}
		if has := h.get("/v2/limits/context", token).want(200).at("collectiveIdentifier") != nil; has != (level == Level28) {
			t.Errorf("%s: limit of collective identifiers: %t", level, has)
		}
		c := h.open(token)
		c.close()
		h.get("/v2/sessions/"+c.session, token).want(200)
	}
}

func TestSessionLimits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	limits := func(mb, attached, n int) map[string]any {
		one := map[string]int{"maxInvoiceSizeInMB": mb, "maxInvoiceWithAttachmentSizeInMB": attached, "maxInvoices": n}
		return map[string]any{"onlineSession": one, "batchSession": one}
	}
	h.post("/v2/testdata/limits/context/session", token, limits(2, 3, 2)).want(200)
	if a := h.get("/v2/limits/context", token).want(200); a.at("onlineSession.maxInvoices") != 2.0 || a.at("collectiveIdentifier.maxInvoices") != 500.0 {
		t.Errorf("limits %s", a.body)
	}
	c := h.open(token)
	for i := range 2 {
		c.send(invoiceXML(fmt.Sprintf("FV/%d", i)))
	}
	c.postInvoice(c.sendBody(invoiceXML("FV/9"))).refused(codeInvoiceLimit)
	h.post("/v2/testdata/limits/context/session", token, limits(6, 3, 2)).refused(codeValidation)
	h.post("/v2/testdata/limits/context/session", token, map[string]any{}).refused(codeValidation)
	h.do(request{method: "DELETE", path: "/v2/testdata/limits/context/session", token: token}).want(200)
	c.send(invoiceXML("FV/9"))
}
