package ksefsim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// forgery says which signature to make. It is made by hand, step by step, so
// that the simulator is tested against signatures that package xades would never
// write and not only against its own.
type forgery struct {
	content    string // canonical but for an XML declaration
	enveloping bool

	noDocument   bool              // the signature covers only its properties
	noProperties bool              // plain XML-DSig
	noSigned     bool              // there are properties and nothing signs them
	noReferences bool              // the signature covers nothing
	pemDigest    bool              // CertDigest over the PEM text
	derValue     bool              // ECDSA value in ASN.1
	shown        *x509.Certificate // put into KeyInfo in place of the signer's
}

const (
	dsig    = `http://www.w3.org/2000/09/xmldsig#`
	xadesNS = `http://uri.etsi.org/01903/v1.3.2#`
	excC14N = `http://www.w3.org/2001/10/xml-exc-c14n#`
	sha256N = `http://www.w3.org/2001/04/xmlenc#sha256`
)

func digestValue(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return `<ds:DigestMethod Algorithm="` + sha256N + `"></ds:DigestMethod><ds:DigestValue>` +
		base64.StdEncoding.EncodeToString(sum[:]) + `</ds:DigestValue>`
}

// forge makes a signed document.
func forge(t testing.TB, key crypto.Signer, cert *x509.Certificate, f forgery) []byte {
	t.Helper()
	_, content, found := strings.Cut(f.content, "?>")
	if !found {
		content = f.content
	}
	info := f.signedInfo(content, cert)
	value := signValue(t, key, strings.Replace(info, "<ds:SignedInfo>", `<ds:SignedInfo xmlns:ds="`+dsig+`">`, 1), f.derValue)
	shown := cert
	if f.shown != nil {
		shown = f.shown
	}
	object := ""
	if !f.noProperties {
		object = `<ds:Object><xades:QualifyingProperties xmlns:xades="` + xadesNS + `" Target="#Signature">` + f.properties(cert, false) + `</xades:QualifyingProperties></ds:Object>`
	}
	if f.enveloping {
		object += `<ds:Object Id="Document">` + content + `</ds:Object>`
	}
	signature := `<ds:Signature xmlns:ds="` + dsig + `" Id="Signature">` + info + `<ds:SignatureValue>` + value +
		`</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(shown.Raw) +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` + object + `</ds:Signature>`
	if f.enveloping {
		return []byte(signature)
	}
	end := strings.LastIndex(content, "</")
	return []byte(content[:end] + signature + content[end:])
}

func (f forgery) signedInfo(content string, cert *x509.Certificate) string {
	references := ""
	if !f.noDocument && !f.noReferences {
		uri, transform, form := "", `<ds:Transform Algorithm="`+dsig+`enveloped-signature"></ds:Transform>`, content
		if f.enveloping {
			uri, transform = "#Document", ""
			form = `<ds:Object xmlns:ds="` + dsig + `" Id="Document">` + content + `</ds:Object>`
		}
		references += `<ds:Reference URI="` + uri + `"><ds:Transforms>` + transform + `<ds:Transform Algorithm="` + excC14N +
			`"></ds:Transform></ds:Transforms>` + digestValue(form) + `</ds:Reference>`
	}
	if !f.noProperties && !f.noSigned && !f.noReferences {
		references += `<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties"><ds:Transforms><ds:Transform Algorithm="` +
			excC14N + `"></ds:Transform></ds:Transforms>` + digestValue(f.properties(cert, true)) + `</ds:Reference>`
	}
	method := `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256`
	if _, ec := cert.PublicKey.(*ecdsa.PublicKey); ec {
		method = `http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256`
	}
	return `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + excC14N + `"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="` +
		method + `"></ds:SignatureMethod>` + references + `</ds:SignedInfo>`
}

// properties writes SignedProperties as it stands in the document or in its
// exclusive canonical form, where namespaces appear with their first use.
func (f forgery) properties(cert *x509.Certificate, canonical bool) string {
	raw := cert.Raw
	if f.pemDigest {
		raw = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	}
	xa, ds := "", ""
	if canonical {
		xa, ds = ` xmlns:xades="`+xadesNS+`"`, ` xmlns:ds="`+dsig+`"`
	}
	sum := sha256.Sum256(raw)
	return fmt.Sprintf(`<xades:SignedProperties%[1]s Id="SignedProperties"><xades:SignedSignatureProperties><xades:SigningTime>2026-07-15T11:58:00Z</xades:SigningTime>`+
		`<xades:SigningCertificate><xades:Cert><xades:CertDigest><ds:DigestMethod%[2]s Algorithm="%[3]s"></ds:DigestMethod><ds:DigestValue%[2]s>%[4]s</ds:DigestValue></xades:CertDigest>`+
		`<xades:IssuerSerial><ds:X509IssuerName%[2]s>CN=issuer</ds:X509IssuerName><ds:X509SerialNumber%[2]s>%[5]s</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert></xades:SigningCertificate>`+
		`</xades:SignedSignatureProperties></xades:SignedProperties>`,
		xa, ds, sha256N, base64.StdEncoding.EncodeToString(sum[:]), cert.SerialNumber)
}

func signValue(t testing.TB, key crypto.Signer, canonical string, der bool) string {
	t.Helper()
	sum := sha256.Sum256([]byte(canonical))
	raw, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if _, ec := key.Public().(*ecdsa.PublicKey); ec && !der {
		var pair struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(raw, &pair); err != nil {
			t.Fatal(err)
		}
		raw = append(pair.R.FillBytes(make([]byte, 32)), pair.S.FillBytes(make([]byte, 32))...)
	}
	return base64.StdEncoding.EncodeToString(raw)
}
