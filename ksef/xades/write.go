package xades

import (
	"encoding/base64"
	"time"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// The signature is written in canonical form from the start: attributes in
// canonical order, no white space, no empty-element tags. Inside the document the
// prefixes are declared once, on ds:Signature and xades:QualifyingProperties; in
// the exclusive canonical form of a part each is declared where it first appears
// in that part. That is the only difference between the two spellings, so one
// writer serves both and nothing has to be read back to be hashed.

const (
	declareDS    = ` xmlns:ds="` + nsDS + `"`
	declareXAdES = ` xmlns:xades="` + nsXAdES + `"`
)

// append writes the whole ds:Signature as it stands in the document.
func (s *signature) append(dst []byte) []byte {
	dst = append(dst, `<ds:Signature`+declareDS+` Id="`+idSignature+`">`...)
	dst = s.appendSignedInfo(dst, false)
	dst = append(dst, `<ds:SignatureValue>`...)
	dst = base64.StdEncoding.AppendEncode(dst, s.value)
	dst = append(dst, `</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>`...)
	dst = base64.StdEncoding.AppendEncode(dst, s.cert.Raw)
	dst = append(dst, `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`+
		`<ds:Object><xades:QualifyingProperties`+declareXAdES+` Target="#`+idSignature+`">`...)
	dst = s.appendSignedProperties(dst, false)
	return append(dst, `</xades:QualifyingProperties></ds:Object></ds:Signature>`...)
}

func (s *signature) appendSignedInfo(dst []byte, canonical bool) []byte {
	dst = append(dst, `<ds:SignedInfo`...)
	if canonical {
		dst = append(dst, declareDS...)
	}
	dst = append(dst, `><ds:CanonicalizationMethod Algorithm="`+nsEC+`"></ds:CanonicalizationMethod>`+
		`<ds:SignatureMethod Algorithm="`...)
	dst = append(dst, s.method...)
	dst = append(dst, `"></ds:SignatureMethod>`+
		`<ds:Reference URI=""><ds:Transforms>`+
		`<ds:Transform Algorithm="`+transformEnveloped+`"></ds:Transform>`+
		`<ds:Transform Algorithm="`+nsEC+`"></ds:Transform>`+
		`</ds:Transforms>`...)
	dst = appendDigest(dst, "", s.document[:])
	dst = append(dst, `</ds:Reference>`+
		`<ds:Reference Type="`+typeSignedProperties+`" URI="#`+idSignedProperties+`"><ds:Transforms>`+
		`<ds:Transform Algorithm="`+nsEC+`"></ds:Transform>`+
		`</ds:Transforms>`...)
	dst = appendDigest(dst, "", s.properties[:])
	return append(dst, `</ds:Reference></ds:SignedInfo>`...)
}

func (s *signature) appendSignedProperties(dst []byte, canonical bool) []byte {
	xa, ds := "", ""
	if canonical {
		xa, ds = declareXAdES, declareDS
	}
	dst = append(append(dst, `<xades:SignedProperties`...), xa...)
	dst = append(dst, ` Id="`+idSignedProperties+`"><xades:SignedSignatureProperties><xades:SigningTime>`...)
	dst = s.time.UTC().Truncate(time.Second).AppendFormat(dst, time.RFC3339)
	dst = append(dst, `</xades:SigningTime><xades:SigningCertificate><xades:Cert><xades:CertDigest>`...)
	dst = appendDigest(dst, ds, s.certDigest[:])
	dst = append(append(dst, `</xades:CertDigest><xades:IssuerSerial><ds:X509IssuerName`...), ds...)
	dst = append(dst, '>')
	dst = xmlscan.AppendText(dst, s.issuer)
	dst = append(append(dst, `</ds:X509IssuerName><ds:X509SerialNumber`...), ds...)
	dst = append(dst, '>')
	dst = s.cert.SerialNumber.Append(dst, 10)
	return append(dst, `</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert></xades:SigningCertificate>`+
		`</xades:SignedSignatureProperties></xades:SignedProperties>`...)
}

func appendDigest(dst []byte, declaration string, sum []byte) []byte {
	dst = append(append(dst, `<ds:DigestMethod`...), declaration...)
	dst = append(dst, ` Algorithm="`+digestSHA256+`"></ds:DigestMethod><ds:DigestValue`...)
	dst = append(append(dst, declaration...), '>')
	dst = base64.StdEncoding.AppendEncode(dst, sum)
	return append(dst, `</ds:DigestValue>`...)
}
