package ksefsim

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// csrOf makes a request for a certificate with the enrolment data of a login.
func (h *harness) csrOf(token string, key crypto.Signer, change ...func(map[string]string)) []byte {
	h.Helper()
	data := make(map[string]string)
	if err := json.Unmarshal(h.get("/v2/certificates/enrollments/data", token).want(200).body, &data); err != nil {
		h.Fatal(err)
	}
	for _, c := range change {
		c(data)
	}
	names := map[string]asn1.ObjectIdentifier{
		"commonName": {2, 5, 4, 3}, "surname": {2, 5, 4, 4}, "givenName": {2, 5, 4, 42}, "organizationName": {2, 5, 4, 10},
		"organizationIdentifier": {2, 5, 4, 97}, "countryName": {2, 5, 4, 6}, "serialNumber": {2, 5, 4, 5}, "uniqueIdentifier": {2, 5, 4, 45},
	}
	var subject pkix.RDNSequence
	for _, name := range []string{"commonName", "surname", "givenName", "organizationName", "organizationIdentifier", "countryName", "serialNumber", "uniqueIdentifier"} {
		if value := data[name]; value != "" {
			subject = append(subject, pkix.RelativeDistinguishedNameSET{{Type: names[name], Value: value}})
		}
	}
	return must(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{RawSubject: must(asn1.Marshal(subject))}, key))
}

// enrolls asks for a certificate and returns its serial number.
func (h *harness) enrolls(token, kind string, csr []byte) string {
	h.Helper()
	reference := h.post("/v2/certificates/enrollments", token, map[string]any{"certificateName": "Certyfikat ERP", "certificateType": kind, "csr": csr}).want(http.StatusAccepted).text("referenceNumber")
	return h.get("/v2/certificates/enrollments/"+reference, token).statusIs(200).text("certificateSerialNumber")
}

// retrieved fetches a certificate.
func (h *harness) retrieved(token, serial string) *x509.Certificate {
	h.Helper()
	list := elements(h.post("/v2/certificates/retrieve", token, map[string]any{"certificateSerialNumbers": []string{serial}}).want(200), "certificates")
	return must(x509.ParseCertificate(must(base64.StdEncoding.DecodeString(list[0]["certificate"].(string)))))
}

func newKey() crypto.Signer { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

func TestCertificateLife(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.enters(h.companyUser(seller), nipOf(seller))
	for name, key := range map[string]crypto.Signer{"EC": newKey(), "RSA": must(rsa.GenerateKey(rand.Reader, 2048))} {
		serial := h.enrolls(token, "authentication", h.csrOf(token, key))
		cert := h.retrieved(token, serial)
		ksef, _ := h.Issuers()
		if len(serial) != 16 || !strings.HasPrefix(serial, "01") || cert.CheckSignatureFrom(ksef) != nil || cert.KeyUsage != x509.KeyUsageDigitalSignature {
			t.Errorf("%s: certificate %s", name, serial)
		}
		u := &user{key: key, cert: cert}
		h.open(h.enters(u, nipOf(seller)))
		l := h.begin(u, nipOf(seller), byCertificateSubject)
		if a := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200); a.text("authenticationMethod") != "InternalCertificate" {
			t.Errorf("%s: method %s", name, a.body)
		}
		h.do(request{method: "POST", path: "/v2/certificates/" + serial + "/revoke", token: token}).want(http.StatusNoContent)
		h.post("/v2/certificates/"+serial+"/revoke", token, map[string]any{"revocationReason": "Superseded"}).refused(codeCertificateState)
		if a := h.refusedEntry(u, nipOf(seller), 460); !bytes.Contains(a.body, []byte(detailWithdrawn)) {
			t.Errorf("%s: revoked: %s", name, a.body)
		}
	}
	limits := h.get("/v2/certificates/limits", token).want(200)
	if limits.at("canRequest") != true || limits.at("enrollment.remaining") != 298.0 || limits.at("certificate.remaining") != 100.0 {
		t.Errorf("limits %s", limits.body)
	}
}

func TestCertificateMisuse(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.enters(h.companyUser(seller), nipOf(seller))
	key := newKey()
	offline := h.enrolls(token, "Offline", h.csrOf(token, key))
	h.refusedEntry(&user{key: key, cert: h.retrieved(token, offline)}, nipOf(seller), 460)
	login := h.enrolls(token, "Authentication", h.csrOf(token, key))
	u := &user{key: key, cert: h.retrieved(token, login)}
	put := func(serial, until string) *answer {
		return h.do(request{method: "PUT", path: "/v2/testdata/certificates/" + serial, token: token, body: map[string]any{"validTo": until}})
	}
	put(login, "2030-01-01T00:00:00Z").refused(codeValidation)
	put("0123456789ABCDEF", "2026-07-16T00:00:00Z").refused(codeNoCertificate)
	put(login, "2026-07-15T12:00:30Z").want(http.StatusOK)
	h.enters(u, nipOf(seller))
	h.clock.advance(time.Minute)
	if a := h.refusedEntry(u, nipOf(seller), 460); !bytes.Contains(a.body, []byte(detailExpired)) {
		t.Errorf("expired: %s", a.body)
	}
	h.post("/v2/certificates/"+login+"/revoke", token, map[string]any{}).refused(codeCertificateState)
	h.post("/v2/certificates/0123456789ABCDEF/revoke", token, map[string]any{}).refused(codeNoCertificate)
	// What another simulator issued is worth nothing here.
	foreign := newHarness(t, Config{Random: seeded(9)})
	there := foreign.enters(foreign.companyUser(seller), nipOf(seller))
	serial := foreign.enrolls(there, "Authentication", foreign.csrOf(there, key))
	h.enters(&user{key: key, cert: foreign.retrieved(there, serial)}, nipOf(seller)) // a stranger's, as every certificate on TEST
	for query, want := range map[string]int{`{}`: 2, `{"status":"Expired"}`: 1, `{"type":"Offline"}`: 1, `{"name":"erp"}`: 2, `{"name":"x y z"}`: 0, `{"expiresAfter":"2027-01-01T00:00:00Z"}`: 1, `{"certificateSerialNumber":"` + login + `"}`: 1} {
		if got := elements(h.post("/v2/certificates/query", token, []byte(query)).want(200), "certificates"); len(got) != want {
			t.Errorf("%s: %d, want %d", query, len(got), want)
		}
	}
	h.post("/v2/certificates/query", token, []byte(`{"status":"x"}`)).refused(codeValidation)
	h.post("/v2/certificates/query?pageSize=51", token, []byte(`{}`)).refused(codeValidation)
	h.post("/v2/certificates/retrieve", token, []byte(`{}`)).refused(codeValidation)
}

func TestWrongEnrolments(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.enters(h.companyUser(seller), nipOf(seller))
	good := func() map[string]any {
		return map[string]any{"certificateName": "Certyfikat ERP", "certificateType": "Offline", "csr": h.csrOf(token, newKey())}
	}
	for name, test := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"name":      {func(b map[string]any) { b["certificateName"] = "ERP/1 certificate" }, codeValidation},
		"short":     {func(b map[string]any) { b["certificateName"] = "ERP" }, codeValidation},
		"type":      {func(b map[string]any) { b["certificateType"] = "x" }, codeValidation},
		"no CSR":    {func(b map[string]any) { delete(b, "csr") }, codeValidation},
		"not a CSR": {func(b map[string]any) { b["csr"] = []byte("x") }, codeCSR},
		"curve": {func(b map[string]any) {
			b["csr"] = h.csrOf(token, must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)))
		}, codeCSRKey},
		"other data": {func(b map[string]any) {
			b["csr"] = h.csrOf(token, newKey(), func(d map[string]string) { d["commonName"] = "x" })
		}, codeCSRData},
		"more data": {func(b map[string]any) {
			b["csr"] = h.csrOf(token, newKey(), func(d map[string]string) { d["uniqueIdentifier"] = "x" })
		}, codeCSRData},
		"signature": {func(b map[string]any) {
			csr := bytes.Clone(b["csr"].([]byte))
			csr[len(csr)-1] ^= 1
			b["csr"] = csr
		}, codeCSR},
	} {
		b := good()
		test.change(b)
		if codes := h.post("/v2/certificates/enrollments", token, b).want(400).codes(); codes[0] != test.code {
			t.Errorf("%s: %v, want %d", name, codes, test.code)
		}
	}
	// A key belongs to one subject.
	key := newKey()
	h.enrolls(token, "Offline", h.csrOf(token, key))
	thief := h.enters(h.companyUser(other), nipOf(other))
	reference := h.post("/v2/certificates/enrollments", thief, map[string]any{"certificateName": "Certyfikat ERP", "certificateType": "Offline", "csr": h.csrOf(thief, key)}).want(202).text("referenceNumber")
	h.get("/v2/certificates/enrollments/"+reference, thief).statusIs(400)
	h.get("/v2/certificates/enrollments/"+reference, token).refused(codeEnrolmentUnknown)
	// Limits.
	set := func(body string) {
		h.post("/v2/testdata/limits/subject/certificate", token, []byte(body)).want(http.StatusOK)
	}
	set(`{"certificate":{"maxCertificates":1}}`)
	h.post("/v2/certificates/enrollments", token, good()).refused(codeCertificateLimit)
	set(`{"subjectIdentifierType":"nip","enrollment":{"maxEnrollments":1}}`)
	h.post("/v2/certificates/enrollments", token, good()).refused(codeEnrolmentLimit)
	if a := h.get("/v2/limits/subject", token).want(200); a.at("enrollment.maxEnrollments") != 1.0 {
		t.Errorf("limits %s", a.body)
	}
	h.post("/v2/testdata/limits/subject/certificate", token, []byte(`{"enrollment":{"maxEnrollments":-1}}`)).refused(codeValidation)
	h.do(request{method: "DELETE", path: "/v2/testdata/limits/subject/certificate", token: token}).want(http.StatusOK)
	h.post("/v2/certificates/enrollments", token, good()).want(202)
	h.clock.advance(operationRetention)
	late := h.enters(h.companyUser(other), nipOf(other))
	h.get("/v2/certificates/enrollments/"+reference, late).want(http.StatusGone)
}

// TestProfiles: only the test environment believes self-signed certificates.
func TestProfiles(t *testing.T) {
	t.Parallel()
	for profile, issuer := range map[Profile]string{ProfileDemo: "ksef-api-tr", ProfileProduction: "ksef-api-prd"} {
		h := newHarness(t, Config{Profile: profile})
		doc := loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller))
		h.post("/v2/auth/xades-signature", "", h.signed(doc, ecKey(), h.seal(seller, ecKey()))).refused(codeCertificate)
		cert, err := h.QualifiedCertificate(xades.Subject{Organization: "Tartak Borowy", NIP: seller}, ecKey())
		if err != nil {
			t.Fatal(err)
		}
		token := h.enters(&user{key: ecKey(), cert: cert}, nipOf(seller))
		if got := claimsOf(t, token)["iss"]; got != issuer {
			t.Errorf("%s: issuer %v", profile, got)
		}
		body := h.openBody(newEnvelope())
		body["formCode"] = formCode{"FA (2)", "1-0E", "FA"}
		h.post("/v2/sessions/online", token, body).refused(codeValidation)
		c := h.open(token)
		wrong := invoiceXML("FV/1", func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NIP = "5260001245" })
		want := 200
		if profile == ProfileProduction {
			want = 450
		}
		c.invoice(c.send(wrong)).statusIs(want)
	}
	h := newHarness(t, Config{})
	cert, _ := h.QualifiedCertificate(xades.Subject{Organization: "Tartak Borowy", NIP: seller}, ecKey())
	doc := h.signed(loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)), ecKey(), cert)
	l := decode[startedLogin](h.post("/v2/auth/xades-signature?verifyCertificateChain=true", "", doc).want(http.StatusAccepted))
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	if _, err := h.QualifiedCertificate(xades.Subject{}, ecKey()); err == nil {
		t.Error("a certificate of nobody")
	}
}

// TestCodeTwo verifies the second code of offline invoices.
func TestCodeTwo(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.enters(h.companyUser(seller), nipOf(seller))
	for name, key := range map[string]crypto.Signer{"EC": newKey(), "RSA": must(rsa.GenerateKey(rand.Reader, 2048))} {
		serial := h.enrolls(token, "Offline", h.csrOf(token, key))
		hash := base64.RawURLEncoding.EncodeToString(sha256.New().Sum(nil))
		link := func(context identifier, nip pl.NIP, serial string) string {
			path := "/certificate/" + context.Type + "/" + context.Value + "/" + string(nip) + "/" + serial + "/" + hash
			sum := sha256.Sum256([]byte("ksef.test" + path))
			var opts crypto.SignerOpts = crypto.SHA256
			if name == "RSA" {
				opts = &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256}
			}
			return path + "/" + base64.RawURLEncoding.EncodeToString(must(key.Sign(rand.Reader, sum[:], opts)))
		}
		page := h.get(link(nipOf(seller), seller, serial), "").want(http.StatusOK)
		for _, text := range []string{"Certyfikat istnieje", "Certyfikat jest aktywny", "Podpis wystawcy jest prawid", "Wystawca posiada uprawnienia do wystawienia faktury"} {
			if !bytes.Contains(page.body, []byte(text)) {
				t.Errorf("%s: no %q: %s", name, text, page.body)
			}
		}
		good := link(nipOf(seller), seller, serial)
		for what, bad := range map[string]string{
			"signature": good[:len(good)-4] + "AAAA", "other seller": link(nipOf(seller), other, serial), "other context": link(nipOf(other), other, serial),
			"serial": link(nipOf(seller), seller, "0123456789ABCDEF"), "form": "/certificate/Nip/" + string(seller), "hash": strings.Replace(good, hash, "x", 1),
		} {
			if a := h.get(bad, ""); a.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", name, what, a.status, a.body)
			}
		}
		h.do(request{method: "POST", path: "/v2/certificates/" + serial + "/revoke", token: token}).want(http.StatusNoContent)
		h.get(good, "").want(http.StatusNotFound)
	}
}

func TestCodeOne(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	c := h.open(h.owner(seller))
	xml := invoiceXML("FV/1")
	number := c.invoice(c.send(xml)).statusIs(200).text("ksefNumber")
	sum := sha256.Sum256(xml)
	good := "/invoice/" + string(seller) + "/15-07-2026/" + base64.RawURLEncoding.EncodeToString(sum[:])
	if page := h.get(good, "").want(http.StatusOK); !bytes.Contains(page.body, []byte(number)) {
		t.Errorf("page %s", page.body)
	}
	for _, bad := range []string{
		strings.Replace(good, "15-07", "16-07", 1), strings.Replace(good, string(seller), string(other), 1), good[:len(good)-1], "/invoice/x", good + "=",
	} {
		h.get(bad, "").want(http.StatusNotFound)
	}
}
