package ksefsim

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// TestWrongLogins: signed documents that must not log anybody in, each with the
// exception code it gets. The first rows are controls of the forger.
func TestWrongLogins(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	cert := h.seal(seller, ecKey())
	fresh := func() string { return loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)) }
	forged := func(f forgery) []byte {
		f.content = fresh()
		return forge(t, ecKey(), cert, f)
	}
	signed := func() []byte { return h.signed(fresh(), ecKey(), cert) }
	replaced := func(from, to string) []byte {
		doc := signed()
		out := bytes.Replace(doc, []byte(from), []byte(to), 1)
		if bytes.Equal(doc, out) {
			t.Fatalf("nothing to replace: %q", from)
		}
		return out
	}
	content := func(from, to string) []byte {
		doc := strings.Replace(fresh(), from, to, 1)
		return h.signed(doc, ecKey(), cert)
	}
	dated := func(from, to time.Time) []byte {
		return forge(t, ecKey(), selfIssued(t, from, to, "VATPL-"+string(seller)), forgery{content: fresh()})
	}
	named := func(organization string) []byte {
		return h.signed(fresh(), ecKey(), selfIssued(t, noon.Add(-time.Hour), noon.Add(time.Hour), organization))
	}
	const accepted = 0
	for name, test := range map[string]struct {
		doc  func() []byte
		code int
	}{
		"control: signed by xades": {signed, accepted},
		"control: forged by hand":  {func() []byte { return forged(forgery{}) }, accepted},
		"control: forged with RSA": {func() []byte { return forge(t, rsaKey(), h.seal(seller, rsaKey()), forgery{content: fresh()}) }, accepted},
		"control: around, by hand": {func() []byte { return forged(forgery{enveloping: true}) }, accepted},
		"control: no declaration":  {func() []byte { return forged(forgery{}) }, accepted},
		"control: hint for schemas": {func() []byte {
			return content(`<AuthTokenRequest `, `<AuthTokenRequest xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" `)
		}, accepted},

		"empty":                 {func() []byte { return nil }, codeUnreadable},
		"not XML":               {func() []byte { return []byte("Dzień dobry") }, codeUnreadable},
		"cut off":               {func() []byte { d := signed(); return d[:len(d)-9] }, codeUnreadable},
		"two roots":             {func() []byte { return append(signed(), "<a></a>"...) }, codeUnreadable},
		"Windows-1250 bytes":    {func() []byte { return replaced("<Challenge>", "<!-- za\xBF\xF3\xB3\xE6 --><Challenge>") }, codeEncoding},
		"declared Windows-1250": {func() []byte { return replaced("UTF-8", "windows-1250") }, codeEncoding},
		"DOCTYPE with an entity": {func() []byte {
			return replaced("<AuthTokenRequest", `<!DOCTYPE AuthTokenRequest [<!ENTITY n "1234563218">]><AuthTokenRequest`)
		}, codeDocument},
		"processing instruction": {func() []byte {
			return replaced("<AuthTokenRequest", `<?xml-stylesheet href="a.xsl"?><AuthTokenRequest`)
		}, codeDocument},
		"unsigned":                 {func() []byte { return []byte(fresh()) }, codeNoSignature},
		"signature deep inside":    {func() []byte { return moved(signed()) }, codeNoSignature},
		"two signatures":           {func() []byte { return doubled(signed()) }, codeManySignatures},
		"NIP changed after":        {func() []byte { return replaced("<Nip>"+string(seller), "<Nip>"+string(other)) }, codeSignature},
		"text node added":          {func() []byte { return replaced("</ContextIdentifier>", "</ContextIdentifier> ") }, codeSignature},
		"SignatureValue changed":   {func() []byte { return flipped(signed(), "SignatureValue") }, codeSignature},
		"digest changed":           {func() []byte { return flipped(signed(), "DigestValue") }, codeSignature},
		"covers only properties":   {func() []byte { return forged(forgery{noDocument: true}) }, codeSignature},
		"covers nothing":           {func() []byte { return forged(forgery{noReferences: true}) }, codeSignature},
		"plain XML-DSig":           {func() []byte { return forged(forgery{noProperties: true}) }, codeSignature},
		"properties not signed":    {func() []byte { return forged(forgery{noSigned: true}) }, codeSignature},
		"ECDSA value in ASN.1":     {func() []byte { return forged(forgery{derValue: true}) }, codeSignature},
		"SHA-1":                    {func() []byte { return replaced("xmldsig-more#ecdsa-sha256", "xmldsig-more#ecdsa-sha1") }, codeSignature},
		"digest of PEM":            {func() []byte { return forged(forgery{pemDigest: true}) }, codeCertificate},
		"other certificate shown":  {func() []byte { return forged(forgery{shown: h.seal(other, rsaKey())}) }, codeCertificate},
		"certificate expired":      {func() []byte { return dated(noon.Add(-48*time.Hour), noon.Add(-time.Second)) }, codeCertificate},
		"certificate not yet good": {func() []byte { return dated(noon.Add(time.Minute), noon.Add(time.Hour)) }, codeCertificate},
		"weak key":                 {func() []byte { return weak(t, fresh()) }, codeCertificate},
		"no identifier":            {func() []byte { return named("PASSPORT-77") }, codeIdentityConflict},
		"ten digits too many":      {func() []byte { return named("VATPL-12345632180") }, codeIdentityConflict},
		"person and company": {func() []byte {
			return h.signed(fresh(), ecKey(), selfIssued(t, noon.Add(-time.Hour), noon.Add(time.Hour), "VATPL-"+string(seller), "Anna"))
		}, codeIdentityConflict},
		"foreign namespace": {func() []byte { return content(authNamespace21, "http://ksef.mf.gov.pl/auth/token/3.0") }, codeSchema},
		"no namespace":      {func() []byte { return content(` xmlns="`+authNamespace21+`"`, "") }, codeSchema},
		"other root":        {func() []byte { return []byte(strings.ReplaceAll(string(signed()), "AuthTokenRequest", "AuthRequest")) }, codeSignature},
		"other root, signed": {func() []byte {
			return h.signed(strings.ReplaceAll(fresh(), "AuthTokenRequest", "AuthRequest"), ecKey(), cert)
		}, codeSchema},
		"wrong order":          {func() []byte { return content("<SubjectIdentifierType>certificateSubject</SubjectIdentifierType>", "") }, codeSchema},
		"challenge malformed":  {func() []byte { return content("-CR-", "-cr-") }, codeSchema},
		"NIP malformed":        {func() []byte { return content(string(seller), "123-456-32-18") }, codeSchema},
		"two identifiers":      {func() []byte { return content("</Nip>", "</Nip><Nip>"+string(seller)+"</Nip>") }, codeSchema},
		"subject type unknown": {func() []byte { return content(byCertificateSubject, "certificate") }, codeSchema},
		"unknown element":      {func() []byte { return content("</AuthTokenRequest>", "<Extra></Extra></AuthTokenRequest>") }, codeSchema},
		"unknown attribute":    {func() []byte { return content("<Challenge>", `<Challenge lang="pl">`) }, codeSchema},
		"policy without list": {func() []byte {
			return content("</AuthTokenRequest>", "<AuthorizationPolicy></AuthorizationPolicy></AuthTokenRequest>")
		}, codeSchema},
		"Peppol context":     {func() []byte { return content(nipContext(seller), "<PeppolId>PPL123456</PeppolId>") }, codeSubjectContext},
		"Peppol certificate": {func() []byte { return named("PPL123456") }, codeSubjectContext},
		"replayed": {func() []byte {
			doc := signed()
			h.startLogin(doc)
			return doc
		}, codeChallenge},
		"unknown challenge": {func() []byte {
			return h.signed(loginDocument(authNamespace20, "20260715-CR-ABCDEF0123-ABCDEF0123-77", nipContext(seller)), ecKey(), cert)
		}, codeChallenge},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			a := h.post("/v2/auth/xades-signature", "", test.doc())
			if test.code == accepted {
				a.want(http.StatusAccepted)
				return
			}
			a.refused(test.code)
		})
	}
}

// selfIssued makes a seal certificate for the EC key with given dates.
func selfIssued(t testing.TB, from, to time.Time, organization string, given ...string) *x509.Certificate {
	t.Helper()
	names := []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 97}, Value: organization}}
	for _, g := range given {
		names = append(names, pkix.AttributeTypeAndValue{Type: []int{2, 5, 4, 42}, Value: g})
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(77), NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageDigitalSignature,
		Subject: pkix.Name{CommonName: organization, Country: []string{"PL"}, Organization: []string{"Tartak"}, ExtraNames: names},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, ecKey().Public(), ecKey())
	if err != nil {
		t.Fatal(err)
	}
	return must(x509.ParseCertificate(der))
}

// weak signs with a key on a curve of 224 bits.
func weak(t testing.TB, content string) []byte {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P224(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(5), NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour),
		Subject: pkix.Name{CommonName: "Tartak", ExtraNames: []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 97}, Value: "VATPL-" + string(seller)}}},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return forge(t, key, must(x509.ParseCertificate(der)), forgery{content: content})
}

var signaturePart = regexp.MustCompile(`(?s)<ds:Signature .*</ds:Signature>`)

// doubled puts the signature in twice.
func doubled(doc []byte) []byte {
	return signaturePart.ReplaceAllFunc(doc, func(s []byte) []byte { return append(bytes.Clone(s), s...) })
}

// moved puts the signature one level down.
func moved(doc []byte) []byte {
	s := signaturePart.Find(doc)
	out := bytes.Replace(doc, s, nil, 1)
	return bytes.Replace(out, []byte("</ContextIdentifier>"), append(bytes.Clone(s), "</ContextIdentifier>"...), 1)
}

// flipped changes one Base64 character of the first element of a name.
func flipped(doc []byte, element string) []byte {
	out := bytes.Clone(doc)
	i := bytes.Index(out, []byte("<ds:"+element+">")) + len(element) + 5 + 10
	if out[i] == 'A' {
		out[i] = 'B'
	} else {
		out[i] = 'A'
	}
	return out
}

// TestPeppolLogin: a provider registers itself by logging in to its own context.
func TestPeppolLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	doc := loginDocument(authNamespace21, h.challenge().Challenge, "<PeppolId>PPL123456</PeppolId>")
	l := h.startLogin(h.signed(doc, ecKey(), selfIssued(t, noon.Add(-time.Hour), noon.Add(time.Hour), "PPL123456")))
	status := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	if got := status.text("authenticationMethod"); got != "PeppolSignature" {
		t.Errorf("method %q", got)
	}
	token := h.redeemed(l).Access.Token
	a := h.post("/v2/sessions/online", token, h.openBody(newEnvelope())).want(http.StatusForbidden)
	if a.text("reasonCode") != "missing-permissions" {
		t.Errorf("reason %q", a.text("reasonCode"))
	}
}

// TestPersonOwner: a person's certificate with a NIP owns the context of the NIP.
func TestPersonOwner(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	cert := must(xades.SelfSigned(xades.Subject{GivenName: "Ewa", Surname: "Wilk", NIP: pl.NIP(other)}, rsaKey(), h.clock.Now()))
	l := h.startLogin(h.signed(loginDocument(authNamespace20, h.challenge().Challenge, nipContext(other)), rsaKey(), cert))
	token := h.redeemed(l).Access.Token
	h.post("/v2/sessions/online", token, h.openBody(newEnvelope())).want(http.StatusCreated)
}
