package ksefsim

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// acting adds a body that acts for the seller.
func acting(nip pl.NIP, role fa3.TRolaPodmiotuUpowaznionego) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) {
		f.PodmiotUpowazniony = &fa3.PodmiotUpowazniony{
			DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: string(nip), Nazwa: "Kancelaria"},
			Adres:               fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Sądowa 1"}, RolaPU: role,
		}
	}
}

// TestActingForTheSeller: representatives, bailiffs and parts of a local
// government issue invoices of others when they are what they say.
func TestActingForTheSeller(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	agent := h.owner(other)
	c := h.open(agent)
	c.invoice(c.send(invoiceXML("A/1", acting(other, "3")))).statusIs(410)
	h.asks("POST", "authorizations/grants", h.owner(seller), grantBody(nipOf(other), company1, map[string]any{"permission": "TaxRepresentative"})).statusIs(200)
	c.invoice(c.send(invoiceXML("A/2", acting(other, "3")))).statusIs(200)
	if got := h.queried(agent, "", filter(asAuthorized, datePermanent)); len(got) != 1 {
		t.Errorf("as authorised body: %v", got)
	}
	c.invoice(c.send(invoiceXML("A/3", acting(other, "1")))).statusIs(410)
	h.testdata("subject", map[string]any{"subjectNip": string(other), "subjectType": "EnforcementAuthority", "description": "Urząd Skarbowy"}).want(200)
	c.invoice(c.send(invoiceXML("A/4", acting(other, "1")))).statusIs(200)

	part := func(f *fa3.Faktura) {
		f.Podmiot3 = []fa3.Podmiot3{{DaneIdentyfikacyjne: fa3.TPodmiot3{NIP: string(shopper), Nazwa: "Szkoła"}, Rola: "7"}}
	}
	school := h.open(h.owner(shopper))
	school.invoice(school.send(invoiceXML("A/5", part))).statusIs(410)
	h.testdata("subject", map[string]any{
		"subjectNip": string(seller), "subjectType": "JST", "description": "Gmina Augustów",
		"subunits": []any{map[string]any{"subjectNip": string(shopper), "description": "Szkoła"}},
	}).want(200)
	school.invoice(school.send(invoiceXML("A/6", part))).statusIs(200)
	school.invoice(school.send(invoiceXML("A/7"))).statusIs(410)
}

// TestEUEntityInvoices: an EU entity issues and sees what it bought, no more.
func TestEUEntityInvoices(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	owner := h.owner(seller)
	h.stock(owner)
	admin := h.user(xades.Subject{GivenName: "Anna", Surname: "Alpen", PESEL: clerk})
	context := identifier{typeNIPVATUE, euEntity}
	known := map[string]any{
		"subjectDetailsType": personByFpID,
		"personByFpWithId":   map[string]any{"firstName": firstName, "lastName": lastName, "identifier": peselOf(clerk)},
	}
	body := grantBody(admin.byFingerprint(), known, map[string]any{
		"contextIdentifier": context, "euEntityName": "Holz GmbH, Berlin", "euEntityDetails": map[string]any{"fullName": "Holz GmbH", "address": "Berlin"},
	})
	h.asks("POST", "eu-entities/administration/grants", owner, body).statusIs(200)
	h.clock.advance(1e9)
	token := h.entersBy(admin, context)
	for role, want := range map[string]int{asSeller: 1, asBuyer: 1, asThird: 0} {
		if got := h.queried(token, "", filter(role, datePermanent)); len(got) != want {
			t.Errorf("%s: %v", role, got)
		}
	}
	h.post("/v2/invoices/exports", token, h.exportBody(newEnvelope(), filter(asThird, dateIssue))).refused(codeExportRole)
	c := h.open(token)
	c.invoice(c.send(invoiceXML("E/1"))).statusIs(200)
	// What belongs to companies is not for EU entities.
	for _, path := range []string{"authorizations", "indirect", "subunits", "eu-entities/administration"} {
		all := h.signer.issue(claims{Type: tokenAccess, ContextType: context.Type, ContextValue: context.Value, Permissions: listClaim(allPermissions())}, h.clock.Now(), accessLife).Token
		b := grantBody(peselOf(clerk), person1, map[string]any{"permissions": []string{"InvoiceRead"}, "contextIdentifier": identifier{typeInternalID, pick11()}, "subunitName": "Oddział"})
		switch path {
		case "authorizations":
			b = grantBody(nipOf(other), company1, map[string]any{"permission": "SelfInvoicing"})
		case "eu-entities/administration":
			b = body
		}
		if a := h.post("/v2/permissions/"+path+"/grants", all, b).want(http.StatusForbidden); a.text("reasonCode") != reasonContext {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

// pick11 is an internal identifier with the right check digit.
func pick11() string {
	for _, last := range "0123456789" {
		if id := string(seller) + "-0001" + string(last); pl.InternalID(id).Valid() {
			return id
		}
	}
	return ""
}

// TestLostParts: parts that vanished from the disk are a fault of the simulator
// and not of the package.
func TestLostParts(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	p := h.parcel(numbered(1), pack.Config{})
	u := h.openBatch(h.owner(seller), h.batchBody(p))
	u.put(0, p.parts[0]).want(http.StatusCreated)
	files, err := filepath.Glob(filepath.Join(cfg.Dir, blobsName, "part-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v %v", files, err)
	}
	content := must(os.ReadFile(files[0]))
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	u.finish().want(http.StatusInternalServerError)
	u.status().statusIs(100)
	if err := os.WriteFile(files[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
	u.finish().want(http.StatusNoContent)
	u.status().statusIs(200)
	if files, _ := filepath.Glob(filepath.Join(cfg.Dir, blobsName, "part-*")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	// What was never closed is swept away with the next package.
	u = h.openBatch(u.token, h.batchBody(p))
	u.put(0, p.parts[0]).want(http.StatusCreated)
	if _, err := h.ExpireSessions(); err != nil {
		t.Fatal(err)
	}
	h.openBatch(u.token, h.batchBody(p))
	if files, _ := filepath.Glob(filepath.Join(cfg.Dir, blobsName, "part-*")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

// TestManyExports: more packages than are kept in memory are built again.
func TestManyExports(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	h.stock(token)
	e := newEnvelope()
	body := h.exportBody(e, filter(asSeller, datePermanent))
	var references []string
	for range mostBuilt + 3 {
		reference := h.post("/v2/invoices/exports", token, body).want(201).text("referenceNumber")
		h.get("/v2/invoices/exports/"+reference, token).statusIs(200)
		references = append(references, reference)
	}
	h.unpacks(h.get("/v2/invoices/exports/"+references[0], token), e)
}
