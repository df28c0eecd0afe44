package ksefsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

func TestOnlineSession(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	if status := c.status().statusIs(100); status.at("invoiceCount") != nil || status.text("validUntil") != "2026-07-16T00:00:00.1234567+00:00" {
		t.Errorf("an open session: %s", status.body)
	}
	xml := invoiceXML("FV/1/07/2026")
	reference := c.send(xml)
	if !strings.HasPrefix(reference, "20260715-EE-") {
		t.Errorf("reference %q", reference)
	}
	a := c.invoice(reference).statusIs(200)
	number := pl.KSeFNumber(a.text("ksefNumber"))
	if !number.Valid() || number.Seller() != seller || number.Date() != pl.NewDate(2026, 7, 15) {
		t.Errorf("KSeF number %q", number)
	}
	want := map[string]any{
		"ordinalNumber": 1.0, "invoiceNumber": "FV/1/07/2026", "ksefNumber": string(number), "referenceNumber": reference,
		"invoiceHash": hash64(xml), "invoicingDate": "2026-07-15T12:00:00.1234567+00:00", "acquisitionDate": "2026-07-15T12:00:00.1234567+00:00",
		"permanentStorageDate": "2026-07-15T12:00:00.123456+00:00", "invoicingMode": "Online",
		"status":                       map[string]any{"code": 200.0, "description": "Sukces"},
		"upoDownloadUrl":               a.text("upoDownloadUrl"),
		"upoDownloadUrlExpirationDate": "2026-07-18T12:00:00.0000000+00:00",
	}
	if diff := cmp.Diff(want, a.object()); diff != "" {
		t.Error(diff)
	}
	accepted := h.Accepted()
	if len(accepted) != 1 || accepted[0].KSeFNumber != number || accepted[0].Seller != seller || string(accepted[0].XML) != string(xml) {
		t.Errorf("accepted: %+v", accepted)
	}

	download := h.get("/v2/invoices/ksef/"+string(number), c.token).want(http.StatusOK)
	if string(download.body) != string(xml) || download.header.Get("x-ms-meta-hash") != hash64(xml) {
		t.Error("the download is not what was sent")
	}
	c.close()
	closed := c.status().statusIs(200)
	if closed.at("invoiceCount") != 1.0 || closed.at("successfulInvoiceCount") != 1.0 || closed.at("failedInvoiceCount") != 0.0 {
		t.Errorf("counters: %s", closed.body)
	}
	c.postInvoice(c.sendBody(xml)).refused(codeSessionStatus)
	c.post("/v2/sessions/online/"+c.session+"/close", c.token, nil).refused(codeSessionStatus)
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	first, second := h.open(h.owner(seller)), h.open(h.owner(seller))
	original := first.invoice(first.send(invoiceXML("FV/1"))).statusIs(200).text("ksefNumber")
	// Other bytes, same number: what counts is seller, kind and number.
	reference := second.send(invoiceXML("FV/1", func(f *fa3.Faktura) { f.Fa.P_15 = "124.00" }))
	a := second.invoice(reference).statusIs(440)
	if a.at("ksefNumber") != nil || a.at("invoicingMode") != nil || a.text("invoiceNumber") != "FV/1" {
		t.Errorf("duplicate: %s", a.body)
	}
	want := map[string]any{"originalKsefNumber": original, "originalSessionReferenceNumber": first.session}
	if diff := cmp.Diff(want, a.at("status.extensions")); diff != "" {
		t.Error(diff)
	}
	if details := fmt.Sprint(a.at("status.details")); !strings.Contains(details, original) || !strings.Contains(details, first.session) {
		t.Errorf("details %s", details)
	}
	// A correction may carry the number of the invoice it corrects.
	second.invoice(second.send(invoiceXML("FV/1", func(f *fa3.Faktura) { f.Fa.RodzajFaktury = fa3.KindKOR }))).statusIs(200)

	third := h.open(h.owner(seller))
	third.send(invoiceXML("FV/1"))
	third.close()
	closed := third.status().statusIs(445)
	if closed.at("invoiceCount") != 1.0 || closed.at("successfulInvoiceCount") != 0.0 || closed.at("failedInvoiceCount") != 1.0 {
		t.Errorf("counters: %s", closed.body)
	}
}

func TestEmptySession(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	c.close()
	a := c.status().statusIs(440)
	if a.text("status.description") != "Sesja anulowana" || a.at("invoiceCount") != nil {
		t.Errorf("empty session: %s", a.body)
	}
}

func TestWrongSessionKey(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	tokenKey, _ := h.publicKey(usageToken)
	symmetric, _ := h.publicKey(usageSymmetric)
	for name, wrapped := range map[string][]byte{
		"other key":    wrap(tokenKey, make([]byte, 32)),
		"no RSA":       []byte("plain"),
		"24 bytes":     wrap(symmetric, make([]byte, 24)),
		"nothing":      wrap(symmetric, nil),
		"hex of a key": wrap(symmetric, []byte(strings.Repeat("ab", 32))),
	} {
		body := h.openBody(newEnvelope())
		body["encryption"].(map[string]any)["encryptedSymmetricKey"] = wrapped
		c := &client{h, newEnvelope(), token, h.post("/v2/sessions/online", token, body).want(http.StatusCreated).text("referenceNumber")}
		a := c.status().statusIs(415)
		if a.text("status.description") != "Błąd odszyfrowania dostarczonego klucza" {
			t.Errorf("%s: %s", name, a.body)
		}
		refused := c.postInvoice(c.sendBody(invoiceXML("FV/1"))).refused(codeSessionStatus)
		if !strings.Contains(string(refused.body), "415") {
			t.Errorf("%s: the detail does not name the status: %s", name, refused.body)
		}
	}
}

func TestWrongOpenings(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	encryption := func(b map[string]any) map[string]any { return b["encryption"].(map[string]any) }
	for name, test := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"control":       {func(map[string]any) {}, 0},
		"no key id":     {func(b map[string]any) { delete(encryption(b), "publicKeyId") }, 0},
		"unknown form":  {func(b map[string]any) { b["formCode"] = formCode{"FA (4)", "1-0E", "FA"} }, codeValidation},
		"no space":      {func(b map[string]any) { b["formCode"] = formCode{"FA(3)", "1-0E", "FA"} }, codeValidation},
		"no form":       {func(b map[string]any) { delete(b, "formCode") }, codeValidation},
		"no encryption": {func(b map[string]any) { b["encryption"] = nil }, codeValidation},
		"short IV":      {func(b map[string]any) { encryption(b)["initializationVector"] = make([]byte, 14) }, codeValidation},
		"long IV":       {func(b map[string]any) { encryption(b)["initializationVector"] = make([]byte, 17) }, codeValidation},
		"no key":        {func(b map[string]any) { encryption(b)["encryptedSymmetricKey"] = nil }, codeValidation},
		"unknown key":   {func(b map[string]any) { encryption(b)["publicKeyId"] = hash64(nil) }, codePublicKey},
		"token key":     {func(b map[string]any) { _, encryption(b)["publicKeyId"] = h.publicKey(usageToken) }, codePublicKey},
	} {
		body := h.openBody(newEnvelope())
		test.change(body)
		a := h.post("/v2/sessions/online", token, body)
		if test.code == 0 {
			a.want(http.StatusCreated)
		} else if codes := a.want(http.StatusBadRequest).codes(); len(codes) != 1 || codes[0] != test.code {
			t.Errorf("%s: codes %v, want %d", name, codes, test.code)
		}
	}
}

// TestWrongSends: requests to send that are refused at once.
func TestWrongSends(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	for name, test := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"control":                  {func(map[string]any) {}, 0},
		"encrypted size":           {func(b map[string]any) { b["encryptedInvoiceSize"] = b["encryptedInvoiceSize"].(int) + 16 }, codeFileSize},
		"encrypted hash":           {func(b map[string]any) { b["encryptedInvoiceHash"] = b["invoiceHash"] }, codeFileHash},
		"no hash":                  {func(b map[string]any) { delete(b, "invoiceHash") }, codeValidation},
		"hash in hex":              {func(b map[string]any) { b["invoiceHash"] = strings.Repeat("ab", 22) }, codeValidation},
		"size zero":                {func(b map[string]any) { b["invoiceSize"] = 0 }, codeValidation},
		"size a fraction":          {func(b map[string]any) { b["invoiceSize"] = 1.5 }, codeValidation},
		"no content":               {func(b map[string]any) { b["encryptedInvoiceContent"] = "" }, codeValidation},
		"content not Base64":       {func(b map[string]any) { b["encryptedInvoiceContent"] = "a b!" }, codeValidation},
		"URL-safe Base64":          {func(b map[string]any) { b["encryptedInvoiceContent"] = "_-_-" }, codeValidation},
		"correction, not offline":  {func(b map[string]any) { b["hashOfCorrectedInvoice"] = hash64(nil) }, codeValidation},
		"correction of an unknown": {func(b map[string]any) { b["hashOfCorrectedInvoice"], b["offlineMode"] = hash64(nil), true }, codeValidation},
	} {
		body := c.sendBody(invoiceXML("FV/" + name))
		test.change(body)
		a := c.postInvoice(body)
		if test.code == 0 {
			a.want(http.StatusAccepted)
		} else if codes := a.want(http.StatusBadRequest).codes(); len(codes) != 1 || codes[0] != test.code {
			t.Errorf("%s: codes %v, want %d: %s", name, codes, test.code, a.body)
		}
	}
	lost := *c
	lost.session = "20260715-SO-0000000000-0000000000-00"
	lost.postInvoice(c.sendBody(invoiceXML("FV/9"))).refused(codeNoSession)
	stranger := *c
	stranger.token = h.owner(other)
	stranger.postInvoice(c.sendBody(invoiceXML("FV/9"))).refused(codeNoSession)
}

// TestJudgement: invoices that are taken and rejected by their status.
func TestJudgement(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{Judge: func(xml []byte) []string {
		if strings.Contains(string(xml), "zakazane") {
			return []string{"zakazane słowo"}
		}
		return nil
	}})
	c := h.open(h.owner(seller))
	today := pl.DateOf(noon)
	xml := func(change func(*fa3.Faktura)) func(string) []byte {
		return func(number string) []byte { return invoiceXML(number, change) }
	}
	text := func(from, to string) func(string) []byte {
		return func(number string) []byte {
			return []byte(strings.Replace(string(invoiceXML(number)), from, to, 1))
		}
	}
	fixed := func(s string) func(string) []byte { return func(string) []byte { return []byte(s) } }
	for name, test := range map[string]struct {
		doc    func(number string) []byte
		status int
	}{
		"control":                {xml(func(*fa3.Faktura) {}), 200},
		"control: no prolog":     {text(`<?xml version="1.0" encoding="UTF-8"?>`, ""), 200},
		"control: U+0085":        {text("Stolarnia", "Stolarnia\u0085"), 200},
		"control: U+FFFD":        {text("Stolarnia", "Stolarnia\uFFFD"), 200},
		"issued long ago":        {xml(func(f *fa3.Faktura) { f.Fa.P_1 = pl.NewDate(2026, 2, 1) }), 200},
		"issued tomorrow":        {xml(func(f *fa3.Faktura) { f.Fa.P_1 = today.AddDays(1) }), 450},
		"wrong NIP check digit":  {xml(func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NIP = "1234563219" }), 200},
		"forbidden by Judge":     {text("Stolarnia", "zakazane"), 450},
		"byte order mark":        {func(n string) []byte { return append([]byte("\xEF\xBB\xBF"), invoiceXML(n)...) }, 430},
		"DOCTYPE":                {text("<Faktura", "<!DOCTYPE Faktura><Faktura"), 430},
		"processing instruction": {text("<Faktura", `<?a b?><Faktura`), 430},
		"U+007F":                 {text("Stolarnia", "Stolarnia\u007F"), 430},
		"U+0090":                 {text("Stolarnia", "Stolarnia\u0090"), 430},
		"U+FDD0":                 {text("Stolarnia", "Stolarnia\uFDD0"), 430},
		"U+1FFFE":                {text("Stolarnia", "Stolarnia\U0001FFFE"), 430},
		"U+10FFFF":               {text("Stolarnia", "Stolarnia\U0010FFFF"), 430},
		"U+0081 as a reference":  {text("Stolarnia", "Stolarnia&#x81;"), 430},
		"windows-1250":           {text("UTF-8", "windows-1250"), 430},
		"malformed UTF-8":        {text("Stolarnia", "Stolarnia\xB1"), 430},
		"not XML":                {fixed("%PDF-1.7"), 430},
		"cut off":                {func(n string) []byte { x := invoiceXML(n); return x[:len(x)-5] }, 430},
		"unknown element":        {text("</Fa>", "<P_99>1</P_99></Fa>"), invoiceSchema},
		"element missing":        {text("<P_15>123.00</P_15>", ""), invoiceSchema},
		"other form":             {text("2025/06/25/13775", "2023/06/29/12648"), invoiceSchema},
		"kind unknown":           {text("<RodzajFaktury>VAT", "<RodzajFaktury>FV"), invoiceSchema},
		"currency unknown":       {text("<KodWaluty>PLN", "<KodWaluty>PLZ"), invoiceSchema},
		"NIP with dashes":        {text("<NIP>1234563218", "<NIP>123-456-32-18"), invoiceSchema},
		"buyer's NIP with PL":    {text("<NIP>5260001246", "<NIP>PL5260001246"), invoiceSchema},
		"number too long":        {func(n string) []byte { return invoiceXML(strings.Repeat("9", 257)) }, invoiceSchema},
		"another seller":         {xml(func(f *fa3.Faktura) { f.Podmiot1.DaneIdentyfikacyjne.NIP = string(other) }), 410},
		"attachment":             {xml(attach), 415},
		"1,000,000 bytes":        {func(n string) []byte { return padded(n, 1_000_000) }, 200},
		"1,000,001 bytes":        {func(n string) []byte { return padded(n, 1_000_001) }, 430},
		"over 3 MB":              {func(n string) []byte { return padded(n, 3_000_001) }, 430},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.harness = &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			doc := test.doc("FV/" + name)
			a := c.invoice(c.send(doc)).statusIs(test.status)
			if test.status != 200 && (a.at("ksefNumber") != nil || a.at("status.details") == nil) {
				t.Errorf("a rejection: %s", a.body)
			}
			if test.status == 200 && a.text("ksefNumber") == "" {
				t.Error("no KSeF number")
			}
		})
	}
}

// attach gives an invoice a small attachment.
func attach(f *fa3.Faktura) {
	f.Zalacznik = &fa3.Zalacznik{BlokDanych: []fa3.BlokDanych{{
		ZNaglowek: "Pomiary", MetaDane: []fa3.MetaDane{{ZKlucz: "licznik", ZWartosc: "7"}},
	}}}
}

// padded makes an invoice of an exact size.
func padded(number string, size int) []byte {
	// A comment is the one thing that can have any length.
	xml := string(invoiceXML(number))
	fill := size - len(xml) - len("<!---->")
	return []byte(strings.Replace(xml, "<Fa>", "<!--"+strings.Repeat("x", fill)+"--><Fa>", 1))
}

// TestDeclarations: the plain hash and size are compared after decryption.
func TestDeclarations(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	xml := invoiceXML("FV/1")
	send := func(change func(map[string]any)) *answer {
		body := c.sendBody(xml)
		change(body)
		return c.invoice(c.postInvoice(body).want(http.StatusAccepted).text("referenceNumber"))
	}
	send(func(b map[string]any) { b["invoiceSize"] = len(xml) + 1 }).statusIs(430)
	send(func(b map[string]any) { b["invoiceHash"] = hash64([]byte("other")) }).statusIs(430)
	garbage := func(ciphertext []byte) func(map[string]any) {
		return func(b map[string]any) {
			b["encryptedInvoiceContent"], b["encryptedInvoiceSize"] = ciphertext, len(ciphertext)
			b["encryptedInvoiceHash"] = hash64(ciphertext)
		}
	}
	send(garbage(xml[:16*10])).statusIs(435)
	send(garbage(xml[:16*10+1])).statusIs(435)
	// The vector in front of the ciphertext, as older documentation had it.
	send(garbage(append(c.iv, c.encrypt(xml)...))).statusIs(430)
	wrongKey := newEnvelope()
	send(garbage(wrongKey.encrypt(xml))).statusIs(435)
	if n := len(h.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

// TestInvoicingMode: the days in Warsaw decide, unless the sender did.
func TestInvoicingMode(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	// Two seconds before midnight in Warsaw, where summer is two hours ahead.
	h.clock.now = time.Date(2026, 7, 15, 21, 59, 58, 0, time.UTC)
	token := h.owner(seller)
	c := h.open(token)
	mode := func(number string, offline bool) string {
		body := c.sendBody(invoiceXML(number))
		body["offlineMode"] = offline
		a := c.invoice(c.postInvoice(body).want(http.StatusAccepted).text("referenceNumber")).statusIs(200)
		day := pl.KSeFNumber(a.text("ksefNumber")).Date().String()
		return a.text("invoicingMode") + " " + day
	}
	if got := mode("FV/1", false); got != "Online 2026-07-15" {
		t.Errorf("on the day of issue: %s", got)
	}
	if got := mode("FV/2", true); got != "Offline 2026-07-15" {
		t.Errorf("declared offline: %s", got)
	}
	h.clock.advance(3 * time.Second)
	if got := mode("FV/3", false); got != "Offline 2026-07-16" {
		t.Errorf("after midnight: %s", got)
	}
	// Tomorrow has begun in Warsaw, though not in Greenwich.
	c.invoice(c.send(invoiceXML("FV/4", func(f *fa3.Faktura) { f.Fa.P_1 = pl.NewDate(2026, 7, 16) }))).statusIs(200)
}

func TestTechnicalCorrection(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	h.testdata("attachment", map[string]any{"nip": string(seller)}).want(http.StatusOK)
	broken := []byte(strings.Replace(string(invoiceXML("FV/1")), "<P_15>123.00</P_15>", "", 1))
	c.invoice(c.send(broken)).statusIs(430)
	good := invoiceXML("FV/2")
	c.invoice(c.send(good)).statusIs(200)
	foreign := invoiceXML("FV/3", func(f *fa3.Faktura) { f.Podmiot1.DaneIdentyfikacyjne.NIP = string(other) })
	c.invoice(c.send(foreign)).statusIs(410)

	correct := func(xml, original []byte) *answer {
		body := c.sendBody(xml)
		body["offlineMode"], body["hashOfCorrectedInvoice"] = true, hash64(original)
		return c.postInvoice(body)
	}
	correct(invoiceXML("FV/4"), good).refused(codeNotCorrectable)
	correct(invoiceXML("FV/4"), foreign).refused(codeNotCorrectable)
	// The one case in which an attachment may go through an interactive session.
	a := c.invoice(correct(invoiceXML("FV/1", attach), broken).want(http.StatusAccepted).text("referenceNumber")).statusIs(200)
	if a.text("invoicingMode") != "Offline" {
		t.Errorf("mode %q", a.text("invoicingMode"))
	}
	correct(invoiceXML("FV/5"), broken).refused(codeCorrected)
}

func TestInvoiceLimit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	first := c.send(invoiceXML("FV/1"))
	// Ten thousand real invoices take seconds: fill the session from inside.
	se := h.state.session[c.session]
	for len(se.invoices) < maxSessionInvoices {
		se.invoices = append(se.invoices, se.byRef[first])
	}
	refused := c.postInvoice(c.sendBody(invoiceXML("FV/2"))).refused(codeInvoiceLimit)
	if !strings.Contains(string(refused.body), "10000") {
		t.Errorf("detail: %s", refused.body)
	}
}

func TestStrictIdentifiers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	e := newEnvelope()
	a := h.do(request{
		method: "POST", path: "/v2/sessions/online", token: token, body: h.openBody(e),
		header: map[string]string{"X-KSeF-Feature": "upo-v4-3, subject-identifier-validation"},
	}).want(http.StatusCreated)
	c := &client{h, e, token, a.text("referenceNumber")}
	c.invoice(c.send(invoiceXML("FV/1"))).statusIs(200)
	c.invoice(c.send(invoiceXML("FV/2", func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NIP = "1234563219" }))).statusIs(450)
	unit := func(id string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Podmiot3 = []fa3.Podmiot3{{DaneIdentyfikacyjne: fa3.TPodmiot3{IDWew: id, Nazwa: "Oddział"}, Rola: "2"}}
		}
	}
	c.invoice(c.send(invoiceXML("FV/3", unit("6824515772-12343")))).statusIs(200)
	c.invoice(c.send(invoiceXML("FV/4", unit("6824515772-12345")))).statusIs(450)
}

func TestAutoClose(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	full, empty := h.open(token), h.open(token)
	full.send(invoiceXML("FV/1"))
	h.clock.advance(sessionLife)
	fresh := h.owner(seller)
	full.token, empty.token = fresh, fresh
	if a := full.status().statusIs(200); a.text("dateUpdated") != "2026-07-16T00:00:00.1234567+00:00" {
		t.Errorf("closed at %s", a.text("dateUpdated"))
	}
	empty.status().statusIs(440)
}

// TestVisibility: who may only send sees what it sent itself.
func TestVisibility(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	mine := h.open(h.owner(seller))
	reference := mine.send(invoiceXML("FV/1"))
	number := mine.invoice(reference).statusIs(200).text("ksefNumber")

	reader := h.tokenUser(seller, invoiceRead)
	a := h.get(mine.path(), reader).want(http.StatusForbidden)
	want := map[string]any{
		"requiredAnyOfPermissions": []any{"InvoiceWrite", "Introspection", "PefInvoiceWrite", "EnforcementOperations"},
		"presentPermissions":       []any{"InvoiceRead"},
	}
	if diff := cmp.Diff(want, a.at("security")); diff != "" {
		t.Error(diff)
	}
	h.get("/v2/invoices/ksef/"+number, reader).want(http.StatusOK)
	h.get("/v2/invoices/ksef/"+number, h.tokenUser(seller, invoiceWrite)).want(http.StatusForbidden)
	h.get("/v2/invoices/ksef/"+number, h.owner(shopper)).want(http.StatusOK)
	h.get("/v2/invoices/ksef/"+number, h.owner(other)).refused(codeNoInvoice)
	h.get("/v2/invoices/ksef/1234563218-20260715-0100001AF629-00", reader).refused(codeNoInvoice)
	h.get("/v2/invoices/ksef/FV-1", reader).refused(codeValidation)

	// A session of a person is not seen by another one who may only write.
	state := h.state
	state.mu.Lock()
	state.session[mine.session].login.Subject = identifier{typePESEL, "44051401458"}
	state.mu.Unlock()
	h.get(mine.path(), h.tokenUser(seller, invoiceWrite)).refused(codeNoSession)
	h.get(mine.path(), h.tokenUser(seller, introspection)).want(http.StatusOK)
	h.get(mine.path("invoices", reference), h.owner(other)).refused(codeNoSession)
}

func TestStorageDelay(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{StorageDelay: time.Minute})
	c := h.open(h.owner(seller))
	reference := c.send(invoiceXML("FV/1"))
	a := c.invoice(reference).statusIs(200)
	path := "/v2/invoices/ksef/" + a.text("ksefNumber")
	if a.at("permanentStorageDate") != nil {
		t.Errorf("stored too early: %s", a.body)
	}
	h.get(path, c.token).refused(codeInvoiceNotReady)
	h.clock.advance(time.Minute)
	h.get(path, c.token).want(http.StatusOK)
	if got := c.invoice(reference).text("permanentStorageDate"); got != "2026-07-15T12:01:00.123456+00:00" {
		t.Errorf("stored at %q", got)
	}
	// The form of KSeF 1.0 has one dash more.
	legacy := path[:len(path)-9] + "-" + path[len(path)-9:]
	h.get(legacy, c.token).want(http.StatusOK)
}
