package xades_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// variant is a signature that others make and Verify has to accept.
type variant struct {
	name   string
	change func(t *testing.T, doc string) string
}

const (
	dsigC14N     = `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>`
	xpathFilter2 = `<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/descendant::ds:Signature</f:XPath></ds:Transform>`
)

// canonVariants uses one algorithm for SignedInfo and both references.
func canonVariants() []variant {
	var out []variant
	for _, m := range []xades.Canonicalization{
		xades.C14N10, xades.C14N10WithComments, xades.C14N11, xades.C14N11WithComments, xades.Exclusive, xades.ExclusiveWithComments,
	} {
		out = append(out, variant{string(m), func(_ *testing.T, doc string) string {
			return strings.ReplaceAll(doc, string(xades.Exclusive), string(m))
		}})
	}
	return out
}

var variants = append(canonVariants(), []variant{
	{"inclusive SignedInfo", swap(dsigC14N, `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>`)},
	{"prefix list", swap(excTransform, `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="ds #default xades"/></ds:Transform>`)},
	{"no canonicalisation of the document", swap(envTransform+excTransform, envTransform)},
	{"no transform of the properties", func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		return replace(t, doc, ref, replace(t, ref, between(t, ref, "<ds:Transforms>", "</ds:Transforms>"), ""))
	}},
	{"XPath", swap(envTransform, xpath(" not( ancestor-or-self::ds:Signature ) "))},
	{"XPath Filter 2.0", swap(envTransform, xpathFilter2)},
	{"enveloped and XPath", swap(envTransform, envTransform+xpath("not(ancestor-or-self::ds:Signature)"))},
	{"SHA-384 digests", func(_ *testing.T, doc string) string {
		return strings.Replace(doc, sha256Method, `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384">`, 2)
	}},
	{"SHA-512 digests", func(_ *testing.T, doc string) string {
		return strings.Replace(doc, sha256Method, `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512">`, 2)
	}},
	{"SHA-512 signature", swap("ecdsa-sha256", "ecdsa-sha512")},
	{"reference without type", swap(`Type="http://uri.etsi.org/01903#SignedProperties" `, "")},
	{"references the other way round", func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		return replace(t, replace(t, doc, ref, ""), docReference, ref+docReference)
	}},
	{"reference to the root by identifier", func(t *testing.T, doc string) string {
		return replace(t, replace(t, doc, "<AuthTokenRequest ", `<AuthTokenRequest Id="root" `), `URI=""`, `URI="#root"`)
	}},
	{"KeyInfo signed too", func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		key := replace(t, ref, propsReference, `<ds:Reference URI="#key">`)
		return replace(t, replace(t, doc, "<ds:KeyInfo>", `<ds:KeyInfo Id="key">`), ref, ref+key)
	}},
	{"signature first", func(t *testing.T, doc string) string {
		sig := between(t, doc, "<ds:Signature ", "</ds:Signature>")
		return replace(t, replace(t, doc, sig, ""), "<Challenge>", sig+"<Challenge>")
	}},
	{"other prefixes", func(_ *testing.T, doc string) string {
		doc = strings.NewReplacer("<ds:", "<", "</ds:", "</", "xmlns:ds", "xmlns").Replace(doc)
		return strings.NewReplacer("<xades:", "<q:", "</xades:", "</q:", "xmlns:xades", "xmlns:q").Replace(doc)
	}},
	{"indented", func(_ *testing.T, doc string) string {
		before, after, _ := strings.Cut(doc, "<ds:Signature ")
		after = strings.NewReplacer("><ds:", ">\n\t<ds:", "></ds:", ">\n</ds:", "><xades:", ">\r\n <xades:").Replace(after)
		return before + "<ds:Signature " + after
	}},
	{"wrapped Base64", func(t *testing.T, doc string) string {
		c := between(t, doc, "<ds:X509Certificate>", "</ds:X509Certificate>")
		return replace(t, doc, c, c[:60]+"&#13;\n"+c[60:120]+"\r\n\t "+c[120:])
	}},
	{"comments", func(_ *testing.T, doc string) string {
		return strings.NewReplacer("<ds:SignedInfo>", "<ds:SignedInfo><!-- one -->", "<Challenge>", "<!-- two --><Challenge>").Replace(doc)
	}},
	{"more in KeyInfo", swap("<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyName>not signed</ds:KeyName>")},
	{"more signed properties", swap("</xades:SignedSignatureProperties>",
		"<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></xades:SignaturePolicyIdentifier></xades:SignedSignatureProperties>"+
			`<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#r"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>`)},
	{"unsigned properties", swap("</xades:QualifyingProperties>",
		"<xades:UnsignedProperties><xades:UnsignedSignatureProperties/></xades:UnsignedProperties></xades:QualifyingProperties>")},
	{"SigningTime with fraction and offset", swap("T09:30:00Z", "T10:30:00.000+01:00")},
	{"second certificate", swap("</ds:X509Certificate>", "</ds:X509Certificate><ds:X509Certificate>AAAA</ds:X509Certificate>")},
}...)

func TestVerifyVariants(t *testing.T) {
	want, err := xades.Canonicalize([]byte(loginDoc), xades.Exclusive)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			got, err := xades.Verify([]byte(reseal(t, v.change(t, good))), xades.VerifyOptions{Now: signedAt})
			if err != nil {
				t.Fatal(err)
			}
			content, err := xades.Canonicalize(got.Content, xades.ExclusiveWithComments)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), strings.Replace(string(content), ` Id="root"`, "", 1)); diff != "" {
				t.Errorf("content (-signed +verified):\n%s", diff)
			}
			if !got.SigningTime.Equal(signedAt) {
				t.Errorf("signing time %v", got.SigningTime)
			}
		})
	}
}

func TestVerifySigningCertificateV2(t *testing.T) {
	cert := seal(t, ecKey())
	good := sign(t, loginDoc, ecKey(), cert)
	sum := sha512.Sum512(cert.Raw)
	issuerSerial, err := asn1.Marshal(struct {
		Issuer []asn1.RawValue
		Serial *big.Int
	}{
		[]asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: cert.RawIssuer}}, cert.SerialNumber,
	})
	if err != nil {
		t.Fatal(err)
	}
	v2 := func(serial []byte) string {
		out := `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>` +
			`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue>` +
			base64.StdEncoding.EncodeToString(sum[:]) + `</ds:DigestValue></xades:CertDigest>`
		if serial != nil {
			out += `<xades:IssuerSerialV2>` + base64.StdEncoding.EncodeToString(serial) + `</xades:IssuerSerialV2>`
		}
		return out + `</xades:Cert></xades:SigningCertificateV2>`
	}
	v1 := between(t, good, "<xades:SigningCertificate>", "</xades:SigningCertificate>")
	other := append([]byte(nil), issuerSerial...)
	other[len(other)-1] ^= 1
	tests := []struct {
		name, xml string
		rule      xades.Rule
	}{
		{"digest alone", v2(nil), ""},
		{"issuer and serial number", v2(issuerSerial), ""},
		{"both versions", v1 + v2(nil), ""},
		{"another serial number", v2(other), xades.RuleCertificateDigest},
		{"not DER", v2([]byte("x")), xades.RuleCertificateDigest},
		{"versions disagree", strings.Replace(v1, "<ds:DigestValue>", "<ds:DigestValue>AAAA", 1) + v2(nil), xades.RuleCertificateDigest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := xades.Verify([]byte(reseal(t, replace(t, good, v1, tt.xml))), xades.VerifyOptions{Now: signedAt})
			if tt.rule != "" {
				wantRule(t, err, tt.rule)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestVerifyAlgorithms goes through all the signature algorithms of the list.
func TestVerifyAlgorithms(t *testing.T) {
	p384, p521 := curveKey(t, elliptic.P384()), curveKey(t, elliptic.P521())
	const more, more07 = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2007/05/xmldsig-more#"
	tests := []struct {
		key crypto.Signer
		uri string
	}{
		{rsaKey(), more + "rsa-sha256"},
		{rsaKey(), more + "rsa-sha384"},
		{rsaKey(), more + "rsa-sha512"},
		{rsaKey(), more07 + "sha256-rsa-MGF1"},
		{rsaKey(), more07 + "sha384-rsa-MGF1"},
		{rsaKey(), more07 + "sha512-rsa-MGF1"},
		{ecKey(), more + "ecdsa-sha256"},
		{ecKey(), more + "ecdsa-sha384"},
		{ecKey(), more + "ecdsa-sha512"},
		{p384, more + "ecdsa-sha384"},
		{p521, more + "ecdsa-sha512"},
	}
	for _, tt := range tests {
		t.Run(tt.uri, func(t *testing.T) {
			doc := sign(t, loginDoc, tt.key, seal(t, tt.key))
			method := between(t, doc, `<ds:SignatureMethod Algorithm="`, `"`)
			doc = replace(t, doc, method, `<ds:SignatureMethod Algorithm="`+tt.uri+`"`)
			sealed, err := xades.Seal([]byte(doc), tt.key)
			if err != nil {
				t.Fatal(err)
			}
			got, err := xades.Verify(sealed, xades.VerifyOptions{Now: signedAt})
			if err != nil {
				t.Fatal(err)
			}
			if got.Method != tt.uri {
				t.Errorf("method %q", got.Method)
			}
		})
	}
}

func TestVerifySHA1(t *testing.T) {
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	for name, doc := range map[string]string{
		"signature": replace(t, good, "ecdsa-sha256", "ecdsa-sha1"),
		"digest":    replace(t, good, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"),
	} {
		doc := []byte(reseal(t, doc))
		if _, err := xades.Verify(doc, xades.VerifyOptions{AllowSHA1: true}); err != nil {
			t.Errorf("%s with AllowSHA1: %v", name, err)
		}
		_, err := xades.Verify(doc, xades.VerifyOptions{})
		wantRule(t, err, xades.RuleAlgorithm)
	}
}

// envelope builds an enveloping signature around an object.
func envelope(t *testing.T, object, uri, transforms string) string {
	t.Helper()
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	sig := between(t, good, "<ds:Signature ", "</ds:Signature>")
	ref := between(t, sig, docReference, "</ds:Reference>")
	ref2 := replace(t, ref, between(t, ref, "<ds:Transforms>", "</ds:Transforms>"), transforms)
	ref2 = replace(t, ref2, docReference, `<ds:Reference URI="`+uri+`">`)
	return replace(t, replace(t, sig, ref, ref2), "</ds:KeyInfo>", "</ds:KeyInfo>"+object)
}

func TestVerifyEnveloping(t *testing.T) {
	_, inner, _ := strings.Cut(loginDoc, "\n")
	base64Transform := `<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/></ds:Transforms>`
	exclusive := `<ds:Transforms>` + excTransform + `</ds:Transforms>`
	encoded := base64.StdEncoding.EncodeToString([]byte(loginDoc))
	tests := []struct {
		name, object, uri, transforms string
		want                          string
		rule                          xades.Rule
	}{
		{"object", `<ds:Object Id="doc">` + inner + `</ds:Object>`, "#doc", exclusive, inner, ""},
		{"object without transform", `<ds:Object Id="doc"> ` + inner + "\n</ds:Object>", "#doc", "", inner, ""},
		{
			"element", `<ds:Object>` + strings.Replace(inner, "<AuthTokenRequest", `<AuthTokenRequest Id="doc"`, 1) + `</ds:Object>`,
			"#doc", exclusive, strings.Replace(inner, `2.1">`, `2.1" Id="doc">`, 1), "",
		},
		{"Base64", `<ds:Object Id="doc">` + encoded[:40] + "\n" + encoded[40:] + `</ds:Object>`, "#doc", base64Transform, loginDoc, ""},
		{"signature itself", `<ds:Object Id="doc">` + inner + `</ds:Object>`, "", `<ds:Transforms>` + envTransform + excTransform + `</ds:Transforms>`, "", xades.RuleReference},
		{"two elements", `<ds:Object Id="doc">` + inner + inner + `</ds:Object>`, "#doc", exclusive, "", xades.RuleReference},
		{"text beside the element", `<ds:Object Id="doc">x` + inner + `</ds:Object>`, "#doc", exclusive, "", xades.RuleReference},
		{"nothing", `<ds:Object Id="doc"></ds:Object>`, "#doc", exclusive, "", xades.RuleReference},
		{"nested element", `<ds:Object>` + strings.Replace(inner, "<Challenge", `<Challenge Id="doc"`, 1) + `</ds:Object>`, "#doc", exclusive, "", xades.RuleReference},
		{"not Base64", `<ds:Object Id="doc">` + inner + `</ds:Object>`, "#doc", base64Transform, "", xades.RuleTransform},
		{"object of the properties", "", "#props", exclusive, "", xades.RuleReference},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := envelope(t, tt.object, tt.uri, tt.transforms)
			if tt.uri == "#props" {
				doc = replace(t, doc, "<ds:Object>", `<ds:Object Id="props">`)
			}
			got, err := xades.Verify([]byte(reseal(t, doc)), xades.VerifyOptions{Now: signedAt})
			if tt.rule != "" {
				wantRule(t, err, tt.rule)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got.Content)); diff != "" || !got.Enveloping {
				t.Errorf("enveloping %v, content (-want +got):\n%s", got.Enveloping, diff)
			}
		})
	}
}

// TestVerifyEnvelopingTwoObjects: two signed objects leave open which one is the
// document.
func TestVerifyEnvelopingTwoObjects(t *testing.T) {
	doc := envelope(t, `<ds:Object Id="a"><x/></ds:Object><ds:Object Id="b"><y/></ds:Object>`, "#a", "")
	ref := between(t, doc, `<ds:Reference URI="#a">`, "</ds:Reference>")
	doc = replace(t, doc, ref, ref+replace(t, ref, "#a", "#b"))
	_, err := xades.Verify([]byte(reseal(t, doc)), xades.VerifyOptions{Now: signedAt})
	wantRule(t, err, xades.RuleReference)
}

// TestVerifyContentLeavesCommentsOut: no reference covers comments, so a reader
// of Content must not see them.
func TestVerifyContentLeavesCommentsOut(t *testing.T) {
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	doc := strings.NewReplacer("1234563218", "12345<!-- x -->63218", "</AuthTokenRequest>", "</AuthTokenRequest><!-- y -->").Replace(good)
	got, err := xades.Verify([]byte(doc), xades.VerifyOptions{Now: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(loginDoc, string(got.Content)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestVariantsAgainstXmlsec has xmlsec1 judge the same signatures: both have to
// agree on every canonical form in them.
func TestVariantsAgainstXmlsec(t *testing.T) {
	t.Parallel()
	xmlsec := tool(t, "xmlsec1")
	cert := seal(t, ecKey())
	good := sign(t, loginDoc, ecKey(), cert)
	for _, v := range variants {
		if v.name == "second certificate" { // not a certificate at all, which xmlsec1 minds
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			if err := xmlsecVerify(t, xmlsec, reseal(t, v.change(t, good)), cert); err != nil {
				t.Errorf("xmlsec1 refuses the signature: %v", err)
			}
		})
	}
}

// TestCanonicalPartsAgainstXmlsec signs documents whose context leaks into the
// canonical form of SignedInfo and SignedProperties in every way it can.
func TestCanonicalPartsAgainstXmlsec(t *testing.T) {
	t.Parallel()
	xmlsec := tool(t, "xmlsec1")
	cert := seal(t, ecKey())
	documents := map[string]string{
		"default namespace":   `<a xmlns="urn:d"><b/></a>`,
		"unused prefixes":     `<p:a xmlns:p="urn:p" xmlns:z="urn:z" xmlns:b="urn:b"><z:c/></p:a>`,
		"same prefixes":       `<a xmlns:ds="urn:other" xmlns:xades="urn:other"><ds:b xades:c="1"/></a>`,
		"xml attributes":      `<a xml:lang="pl" xml:space="preserve"><b xml:lang="en"/></a>`,
		"xml:id":              `<a xml:id="i"/>`,
		"comments everywhere": "<!-- 1 --><a><!-- 2 --> <b>x<!-- 3 -->y</b></a><!-- 4 -->",
		"line ends":           "<a b='1&#13;2'>\r\n&#13;</a>",
	}
	for name, doc := range documents {
		for _, m := range canonVariants() {
			t.Run(name+"/"+m.name, func(t *testing.T) {
				sealed := reseal(t, m.change(t, sign(t, doc, ecKey(), cert)))
				if _, err := xades.Verify([]byte(sealed), xades.VerifyOptions{}); err != nil {
					t.Errorf("we refuse our own signature: %v", err)
				}
				if err := xmlsecVerify(t, xmlsec, sealed, cert); err != nil {
					t.Errorf("xmlsec1 refuses the signature: %v", err)
				}
			})
		}
	}
}
