package ksefsim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
)

// Object identifiers of the parts of a name.
var nameParts = []struct {
	oid  asn1.ObjectIdentifier
	part func(*person) *string
}{
	{asn1.ObjectIdentifier{2, 5, 4, 3}, func(p *person) *string { return &p.CommonName }},
	{asn1.ObjectIdentifier{2, 5, 4, 4}, func(p *person) *string { return &p.Surname }},
	{asn1.ObjectIdentifier{2, 5, 4, 42}, func(p *person) *string { return &p.GivenName }},
	{asn1.ObjectIdentifier{2, 5, 4, 10}, func(p *person) *string { return &p.Organization }},
	{asn1.ObjectIdentifier{2, 5, 4, 97}, func(p *person) *string { return &p.OrganizationID }},
	{asn1.ObjectIdentifier{2, 5, 4, 6}, func(p *person) *string { return &p.Country }},
	{asn1.ObjectIdentifier{2, 5, 4, 5}, func(p *person) *string { return &p.SerialNumber }},
	{asn1.ObjectIdentifier{2, 5, 4, 45}, func(p *person) *string { return &p.UniqueID }},
}

// nameOf reads the parts of a name that KSeF works with. Complete is false when
// it has others, or one of them twice.
func nameOf(name *pkix.Name) (p person, complete bool) {
	complete = true
	for _, part := range name.Names {
		i := slices.IndexFunc(nameParts, func(known struct {
			oid  asn1.ObjectIdentifier
			part func(*person) *string
		},
		) bool {
			return known.oid.Equal(part.Type)
		})
		text := textOf(part.Value)
		if i < 0 || text == "" || *nameParts[i].part(&p) != "" {
			complete = false
			continue
		}
		*nameParts[i].part(&p) = text
	}
	return p, complete
}

// textOf is the text of a part of a name; a unique identifier may be bits.
func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case asn1.BitString:
		return string(v.Bytes)
	}
	return ""
}

// signatureAlgorithms are those that a request for a certificate may use.
var signatureAlgorithms = []x509.SignatureAlgorithm{
	x509.SHA1WithRSA, x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
	x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
	x509.ECDSAWithSHA1, x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
}

// parseCSR reads a request for a certificate and checks its key, its algorithm,
// its signature and that it names exactly whom the login certificate names.
func parseCSR(der []byte, expected person) (*x509.CertificateRequest, error) {
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, refuse(codeCSR)
	}
	switch {
	case !acceptedKey(csr.PublicKey):
		return nil, refuse(codeCSRKey)
	case !slices.Contains(signatureAlgorithms, csr.SignatureAlgorithm):
		return nil, refuse(codeCSRAlgorithm)
	case csr.CheckSignature() != nil:
		return nil, refuse(codeCSR)
	}
	if named, complete := nameOf(&csr.Subject); !complete || named != expected {
		return nil, refuse(codeCSRData)
	}
	return csr, nil
}

// acceptedKey admits RSA of exactly 2048 bits and the curve P-256.
func acceptedKey(key any) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() == 2048
	case *ecdsa.PublicKey:
		return k.Curve == elliptic.P256()
	}
	return false
}
