package ksef

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
)

// CSR makes a request for a certificate (PKCS #10, DER) that names exactly whom
// KSeF expects, signed by the key that the certificate will be for: RSA of 2048
// bits or P-256. The key stays where it is.
func (d EnrollmentData) CSR(signer crypto.Signer) ([]byte, error) {
	const op = "make certificate request"
	if signer == nil || !enrollable(signer.Public()) {
		return nil, invalid(op, "key must be RSA of 2048 bits or on the curve P-256")
	}
	subject, err := d.subject()
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{RawSubject: subject}, signer)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	return der, nil
}

func enrollable(key crypto.PublicKey) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() == 2048
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256()
	}
	return false
}

type nameAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

// subject is the distinguished name, in the order and with the kinds of string
// that the ministry's own programs use: letters outside ASCII in a
// PrintableString are refused.
func (d EnrollmentData) subject() ([]byte, error) {
	attributes := []struct {
		oid   asn1.ObjectIdentifier
		tag   int
		value string
	}{
		{asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.TagUTF8String, d.CommonName},
		{asn1.ObjectIdentifier{2, 5, 4, 4}, asn1.TagUTF8String, d.Surname},
		{asn1.ObjectIdentifier{2, 5, 4, 42}, asn1.TagUTF8String, d.GivenName},
		{asn1.ObjectIdentifier{2, 5, 4, 10}, asn1.TagUTF8String, d.OrganizationName},
		{asn1.ObjectIdentifier{2, 5, 4, 97}, asn1.TagUTF8String, d.OrganizationIdentifier},
		{asn1.ObjectIdentifier{2, 5, 4, 6}, asn1.TagPrintableString, d.CountryName},
		{asn1.ObjectIdentifier{2, 5, 4, 5}, asn1.TagPrintableString, d.SerialNumber},
		{asn1.ObjectIdentifier{2, 5, 4, 45}, asn1.TagUTF8String, d.UniqueIdentifier},
	}
	var name []asn1.RawValue
	for _, a := range attributes {
		if a.value == "" {
			continue
		}
		pair, err := asn1.Marshal(nameAttribute{a.oid, asn1.RawValue{Tag: a.tag, Bytes: []byte(a.value)}})
		if err != nil {
			return nil, err
		}
		name = append(name, asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: pair})
	}
	return asn1.Marshal(name)
}
