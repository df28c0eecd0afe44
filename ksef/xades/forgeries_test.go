package xades_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// forgery is a change to a good document that Verify must refuse. With reseal
// the forger owns the key and makes digests and value right again, so that only
// the rule under test can catch him.
type forgery struct {
	name   string
	reseal bool
	rule   xades.Rule
	change func(t *testing.T, doc string) string
}

func swap(from, to string) func(*testing.T, string) string {
	return func(t *testing.T, doc string) string { return replace(t, doc, from, to) }
}

// drop removes the part between two marks.
func drop(start, end string) func(*testing.T, string) string {
	return func(t *testing.T, doc string) string { return replace(t, doc, between(t, doc, start, end), "") }
}

const (
	docReference   = `<ds:Reference URI="">`
	propsReference = `<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties">`
	excTransform   = `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>`
	envTransform   = `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>`
	sha256Method   = `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">`
	ecdsaMethod    = `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256">`
)

var forgeries = []forgery{
	// The document changed after signing.
	{"NIP changed", false, xades.RuleDigest, swap("<Nip>1234563218", "<Nip>1234563219")},
	{"text added", false, xades.RuleDigest, swap("</ContextIdentifier>", "</ContextIdentifier> ")},
	{"element added", false, xades.RuleDigest, swap("</ContextIdentifier>", "</ContextIdentifier><Nip>1</Nip>")},
	{"attribute added", false, xades.RuleDigest, swap("<Challenge>", `<Challenge a="1">`)},
	{"root namespace changed", false, xades.RuleDigest, swap("auth/token/2.1", "auth/token/2.0")},
	{"text around the signature", false, xades.RuleDigest, swap("<ds:Signature ", "x<ds:Signature ")},
	{"signing time changed", false, xades.RuleDigest, swap("T09:30:00Z", "T09:30:01Z")},
	{"SignedInfo changed", false, xades.RuleSignatureValue, swap(docReference, `<ds:Reference Id="a" URI="">`)},
	{"value changed", false, xades.RuleSignatureValue, func(t *testing.T, doc string) string {
		v := between(t, doc, "<ds:SignatureValue>", "</ds:SignatureValue>")
		return replace(t, doc, v, v[:30]+string(v[30]^1)+v[31:])
	}},
	{"value in ASN.1", false, xades.RuleSignatureValue, func(t *testing.T, doc string) string {
		digest := sha256.Sum256([]byte("any"))
		der, err := ecKey().Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		v := between(t, doc, "<ds:SignatureValue>", "</ds:SignatureValue>")
		return replace(t, doc, v, "<ds:SignatureValue>"+base64.StdEncoding.EncodeToString(der)+"</ds:SignatureValue>")
	}},
	{"value of zeros", false, xades.RuleSignatureValue, func(t *testing.T, doc string) string {
		v := between(t, doc, "<ds:SignatureValue>", "</ds:SignatureValue>")
		return replace(t, doc, v, "<ds:SignatureValue>"+base64.StdEncoding.EncodeToString(make([]byte, 64))+"</ds:SignatureValue>")
	}},

	// There is no signature where one has to be.
	{"unsigned", false, xades.RuleNoSignature, drop("<ds:Signature ", "</ds:Signature>")},
	{"foreign namespace", false, xades.RuleNoSignature, swap("http://www.w3.org/2000/09/xmldsig#\" Id", "urn:dsig\" Id")},
	{"deep inside", true, xades.RuleNoSignature, func(t *testing.T, doc string) string {
		sig := between(t, doc, "<ds:Signature ", "</ds:Signature>")
		return replace(t, replace(t, doc, sig, ""), "</ContextIdentifier>", sig+"</ContextIdentifier>")
	}},
	{"two signatures", false, xades.RuleManySignatures, func(t *testing.T, doc string) string {
		sig := between(t, doc, "<ds:Signature ", "</ds:Signature>")
		return replace(t, doc, sig, sig+sig)
	}},
	{"counter signature", true, xades.RuleManySignatures, swap("</xades:QualifyingProperties>",
		"<xades:UnsignedProperties><ds:Signature/></xades:UnsignedProperties></xades:QualifyingProperties>")},

	// It is no document.
	{"doctype", false, xades.RuleDocument, swap("<AuthTokenRequest", `<!DOCTYPE a [<!ENTITY e "1">]><AuthTokenRequest`)},
	{"instruction", false, xades.RuleDocument, swap("<Challenge>", "<?php?><Challenge>")},
	{"not XML", false, xades.RuleDocument, func(*testing.T, string) string { return `{"challenge":"x"}` }},
	{"cut off", false, xades.RuleDocument, func(_ *testing.T, doc string) string { return doc[:len(doc)-20] }},
	{"empty", false, xades.RuleDocument, func(*testing.T, string) string { return "" }},
	{"Latin 2", false, xades.RuleDocument, swap("UTF-8", "ISO-8859-2")},

	// The signature covers too little.
	{"document not covered", true, xades.RuleReference, drop(docReference, "</ds:Reference>")},
	{"properties not covered", true, xades.RuleProfile, drop(propsReference, "</ds:Reference>")},
	{"nothing covered", true, xades.RuleReference, func(t *testing.T, doc string) string {
		return drop(docReference, "</ds:Reference>")(t, drop(propsReference, "</ds:Reference>")(t, doc))
	}},
	{"part of the document", true, xades.RuleReference, func(t *testing.T, doc string) string {
		doc = replace(t, doc, "<Challenge>", `<Challenge Id="c">`)
		doc = replace(t, doc, docReference, `<ds:Reference URI="#c">`)
		return replace(t, doc, envTransform, "")
	}},
	{"document twice", true, xades.RuleReference, func(t *testing.T, doc string) string {
		ref := between(t, doc, docReference, "</ds:Reference>")
		return replace(t, doc, ref, ref+ref)
	}},
	{"properties twice", true, xades.RuleReference, func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		return replace(t, doc, ref, ref+ref)
	}},
	{"nine references", false, xades.RuleReference, func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		return replace(t, doc, ref, strings.Repeat(ref, 9))
	}},
	{"reference without URI", false, xades.RuleReference, swap(docReference, "<ds:Reference>")},
	{"reference to a file", true, xades.RuleReference, swap(docReference, `<ds:Reference URI="file:///etc/passwd">`)},
	{"reference to the web", true, xades.RuleReference, swap(docReference, `<ds:Reference URI="http://example.org/">`)},
	{"reference to nowhere", true, xades.RuleReference, swap(docReference, `<ds:Reference URI="#nowhere">`)},
	{"XPointer", true, xades.RuleReference, swap(docReference, `<ds:Reference URI="#xpointer(/)">`)},

	// Wrapping: what is checked is not what is read.
	{"identifier twice", true, xades.RuleDuplicateID, swap("<Challenge>", `<Challenge Id="SignedProperties">`)},
	{"identifier twice in other letters", true, xades.RuleDuplicateID, swap("<Challenge>", `<Challenge xml:id="SignedProperties">`)},
	{"type leads elsewhere", true, xades.RuleReference, func(t *testing.T, doc string) string {
		doc = replace(t, doc, `Target="#Signature">`, `Target="#Signature" Id="q">`)
		return replace(t, doc, `URI="#SignedProperties"`, `URI="#q"`)
	}},
	{"signed properties copied", true, xades.RuleReference, func(t *testing.T, doc string) string {
		props := between(t, doc, "<xades:SignedProperties", "</xades:SignedProperties>")
		old := replace(t, props, `Id="SignedProperties"`, `Id="Old"`)
		doc = replace(t, doc, "</ds:Object>", `</ds:Object><ds:Object xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">`+old+"</ds:Object>")
		return replace(t, doc, `URI="#SignedProperties"`, `URI="#Old"`)
	}},
	{"two QualifyingProperties", true, xades.RuleProfile, func(t *testing.T, doc string) string {
		q := between(t, doc, "<xades:QualifyingProperties", "</xades:QualifyingProperties>")
		return replace(t, doc, q, q+replace(t, q, `Id="SignedProperties"`, `Id="Other"`))
	}},

	// It is not XAdES.
	{"plain XML-DSig", true, xades.RuleProfile, func(t *testing.T, doc string) string {
		return drop("<ds:Object>", "</ds:Object>")(t, drop(propsReference, "</ds:Reference>")(t, doc))
	}},
	{"another target", true, xades.RuleProfile, swap(`Target="#Signature"`, `Target="#Other"`)},
	{"signature without identifier", true, xades.RuleProfile, swap(` Id="Signature"`, "")},
	{"no SigningTime", true, xades.RuleProfile, drop("<xades:SigningTime>", "</xades:SigningTime>")},
	{"SigningTime without zone", true, xades.RuleProfile, swap("T09:30:00Z", "T09:30:00")},
	{"SigningTime twice", true, xades.RuleProfile, swap("<xades:SigningTime>",
		"<xades:SigningTime>2020-01-01T00:00:00Z</xades:SigningTime><xades:SigningTime>")},
	{"no SigningCertificate", true, xades.RuleProfile, drop("<xades:SigningCertificate>", "</xades:SigningCertificate>")},
	{"empty SigningCertificate", true, xades.RuleProfile, drop("<xades:Cert>", "</xades:Cert>")},
	{"no CertDigest", true, xades.RuleProfile, drop("<xades:CertDigest>", "</xades:CertDigest>")},
	{"unsigned properties alone", true, xades.RuleProfile, drop("<xades:SignedProperties", "</xades:SignedProperties>")},
	{"older namespace", true, xades.RuleProfile, swap("01903/v1.3.2#", "01903/v1.1.1#")},

	// Algorithms and transforms.
	{"HMAC", false, xades.RuleAlgorithm, swap("2001/04/xmldsig-more#ecdsa-sha256", "2000/09/xmldsig#hmac-sha1")},
	{"SHA-1 signature", true, xades.RuleAlgorithm, swap("ecdsa-sha256", "ecdsa-sha1")},
	{"SHA-1 digest", true, xades.RuleAlgorithm, swap("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1")},
	{"MD5 digest", false, xades.RuleAlgorithm, swap("2001/04/xmlenc#sha256", "2001/04/xmldsig-more#md5")},
	{"parametrised RSA-PSS", false, xades.RuleAlgorithm, swap("2001/04/xmldsig-more#ecdsa-sha256", "2007/05/xmldsig-more#rsa-pss")},
	{"parameter of the method", false, xades.RuleAlgorithm, swap(ecdsaMethod, ecdsaMethod+"<ds:HMACOutputLength>1</ds:HMACOutputLength>")},
	{"unknown canonicalisation", false, xades.RuleAlgorithm, swap(`<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`,
		`<ds:CanonicalizationMethod Algorithm="urn:c14n"`)},
	{"canonicalisation with parameters", false, xades.RuleAlgorithm, swap("</ds:CanonicalizationMethod>", "<x/></ds:CanonicalizationMethod>")},
	{"method of another key", false, xades.RuleSignatureValue, swap("ecdsa-sha256", "rsa-sha256")},
	{"XSLT", false, xades.RuleTransform, swap(envTransform, `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform>`)},
	{"XPath that selects nothing", false, xades.RuleTransform, swap(envTransform, xpath("self::nothing"))},
	{"XPath with another prefix", false, xades.RuleTransform, swap(envTransform, xpath("not(ancestor-or-self::xades:Signature)"))},
	{"XPath filter that intersects", false, xades.RuleTransform, swap(envTransform,
		`<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">/descendant::ds:Signature</f:XPath></ds:Transform>`)},
	{"signature not left out", true, xades.RuleTransform, swap(envTransform, "")},
	{"signature left out of the properties", true, xades.RuleTransform, func(t *testing.T, doc string) string {
		ref := between(t, doc, propsReference, "</ds:Reference>")
		return replace(t, doc, ref, replace(t, ref, excTransform, envTransform+excTransform))
	}},
	{"transform after canonicalisation", false, xades.RuleTransform, swap(envTransform+excTransform, excTransform+envTransform)},
	{"Base64 of the document", true, xades.RuleTransform, swap(excTransform, `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"></ds:Transform>`)},
	{"too many transforms", false, xades.RuleTransform, swap(envTransform, strings.Repeat(envTransform, 5))},
	{"inherited xml:base in C14N 1.1", false, xades.RuleTransform, func(t *testing.T, doc string) string {
		doc = reseal(t, replace(t, doc, "<AuthTokenRequest ", `<AuthTokenRequest xml:base="http://example.org/" `))
		return replace(t, doc, `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`,
			`<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"`)
	}},

	// Structure.
	{"SignedInfo missing", false, xades.RuleStructure, drop("<ds:SignedInfo>", "</ds:SignedInfo>")},
	{"value missing", false, xades.RuleStructure, drop("<ds:SignatureValue>", "</ds:SignatureValue>")},
	{"value empty", false, xades.RuleStructure, func(t *testing.T, doc string) string {
		return replace(t, doc, between(t, doc, "<ds:SignatureValue>", "</ds:SignatureValue>"), "<ds:SignatureValue/>")
	}},
	{"elements out of order", false, xades.RuleStructure, func(t *testing.T, doc string) string {
		info := between(t, doc, "<ds:SignedInfo>", "</ds:SignedInfo>")
		return replace(t, replace(t, doc, info, ""), "<ds:KeyInfo>", info+"<ds:KeyInfo>")
	}},
	{"unknown element", false, xades.RuleStructure, swap("</ds:Object>", "</ds:Object><ds:Extra/>")},
	{"text between elements", false, xades.RuleStructure, swap("<ds:KeyInfo>", "x<ds:KeyInfo>")},
	{"comment in a digest", false, xades.RuleStructure, func(t *testing.T, doc string) string {
		d := between(t, doc, "<ds:DigestValue>", "</ds:DigestValue>")
		return replace(t, doc, d, d[:30]+"<!-- -->"+d[30:])
	}},
	{"digest is not Base64", false, xades.RuleStructure, swap("<ds:DigestValue>", "<ds:DigestValue>!")},

	// The certificate.
	{"no KeyInfo", false, xades.RuleCertificate, drop("<ds:KeyInfo>", "</ds:KeyInfo>")},
	{"no certificate", true, xades.RuleCertificate, drop("<ds:X509Certificate>", "</ds:X509Certificate>")},
	{"certificate is not Base64", true, xades.RuleCertificate, swap("<ds:X509Certificate>", "<ds:X509Certificate>-")},
	{"eleven certificates", true, xades.RuleCertificate, func(t *testing.T, doc string) string {
		c := between(t, doc, "<ds:X509Certificate>", "</ds:X509Certificate>")
		return replace(t, doc, c, strings.Repeat(c, 11))
	}},
	{"other certificate of the same key", false, xades.RuleCertificateDigest, func(t *testing.T, doc string) string {
		return withCertificate(t, doc, foreignCertificate(t, ecKey(), nil).Raw)
	}},
	{"certificate of another key", false, xades.RuleCertificateDigest, func(t *testing.T, doc string) string {
		return withCertificate(t, doc, seal(t, rsaKey()).Raw)
	}},
	{"digest over PEM", true, xades.RuleCertificateDigest, func(t *testing.T, doc string) string {
		sum := sha256.Sum256(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: seal(t, ecKey()).Raw}))
		return withCertDigest(t, doc, sum[:])
	}},
	{"slashes in the issuer", true, xades.RuleCertificateDigest, swap("<ds:X509IssuerName>", "<ds:X509IssuerName>/C=PL")},
	{"another serial number", true, xades.RuleCertificateDigest, swap("<ds:X509SerialNumber>", "<ds:X509SerialNumber>1")},
	{"hexadecimal serial number", true, xades.RuleCertificateDigest, swap("<ds:X509SerialNumber>", "<ds:X509SerialNumber>0x")},
	{"no serial number", true, xades.RuleCertificateDigest, drop("<ds:X509SerialNumber>", "</ds:X509SerialNumber>")},
	{"no IssuerSerial", true, xades.RuleCertificateDigest, drop("<xades:IssuerSerial>", "</xades:IssuerSerial>")},
	{"not a certificate", true, xades.RuleCertificate, func(t *testing.T, doc string) string {
		sum := sha256.Sum256([]byte("not DER"))
		return withCertDigest(t, withCertificate(t, doc, []byte("not DER")), sum[:])
	}},
}

func xpath(expression string) string {
	return `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">` +
		expression + `</ds:XPath></ds:Transform>`
}

func withCertificate(t *testing.T, doc string, der []byte) string {
	t.Helper()
	return replace(t, doc, between(t, doc, "<ds:X509Certificate>", "</ds:X509Certificate>"),
		"<ds:X509Certificate>"+base64.StdEncoding.EncodeToString(der)+"</ds:X509Certificate>")
}

// withCertDigest replaces the digest in SigningCertificate.
func withCertDigest(t *testing.T, doc string, sum []byte) string {
	t.Helper()
	digest := between(t, doc, "<xades:CertDigest>", "</xades:CertDigest>")
	value := between(t, digest, "<ds:DigestValue>", "</ds:DigestValue>")
	return replace(t, doc, digest, replace(t, digest, value,
		"<ds:DigestValue>"+base64.StdEncoding.EncodeToString(sum)+"</ds:DigestValue>"))
}
