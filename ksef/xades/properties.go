package xades

import (
	"crypto"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"time"
)

// properties are the signed properties of XAdES that Verify relies on.
type properties struct {
	node   int32 // SignedProperties
	object int32 // the ds:Object around them
	time   time.Time
	certs  []certificateID // what SigningCertificate and SigningCertificateV2 describe
}

// certificateID is a xades:Cert.
type certificateID struct {
	hash   crypto.Hash
	digest []byte
	serial *big.Int // nil when there is no IssuerSerial
}

func profile(text string) error { return fail(RuleProfile, text) }

// readProperties finds the one QualifyingProperties and reads its signed part
// (ETSI TS 101 903, 6 and 7).
func (v *verifier) readProperties() error {
	qualifying := int32(-1)
	for _, object := range v.objects {
		for c := range v.children(object) {
			if !v.nodes[c].is(nsXAdES, "QualifyingProperties") {
				continue
			}
			if qualifying >= 0 {
				return profile("there is more than one QualifyingProperties")
			}
			qualifying, v.properties.object = c, object
		}
	}
	if qualifying < 0 {
		return profile("there is no QualifyingProperties: this is XML-DSig without XAdES")
	}
	if target, _ := v.attribute(qualifying, "Target"); v.id == "" || target != "#"+v.id {
		return profile("QualifyingProperties is not about this signature")
	}
	s, err := v.sequence(qualifying)
	if err != nil {
		return structure(err)
	}
	node, ok := s.next(nsXAdES, "SignedProperties")
	if !ok {
		return profile("there is no SignedProperties")
	}
	v.properties.node = node
	return v.readSignedProperties(node)
}

func (v *verifier) readSignedProperties(node int32) error {
	s, err := v.sequence(node)
	if err != nil {
		return structure(err)
	}
	about, ok := s.next(nsXAdES, "SignedSignatureProperties")
	if !ok {
		return profile("there is no SignedSignatureProperties")
	}
	list, err := v.elements(about)
	if err != nil {
		return structure(err)
	}
	seen := make(map[string]bool)
	for _, c := range list {
		name := string(v.nodes[c].local())
		if string(v.nodes[c].space) != nsXAdES {
			continue
		}
		if seen[name] {
			return profile("a signed property twice")
		}
		seen[name] = true
		if err := v.readProperty(c, name); err != nil {
			return err
		}
	}
	switch {
	case !seen["SigningTime"]:
		return profile("there is no SigningTime")
	case len(v.properties.certs) == 0:
		return profile("there is no SigningCertificate")
	}
	return nil
}

func (v *verifier) readProperty(i int32, name string) error {
	switch name {
	case "SigningTime":
		text, err := v.text(i)
		if err != nil {
			return structure(err)
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return profile("SigningTime is not a time with a zone")
		}
		v.properties.time = at.UTC()
	case "SigningCertificate":
		return v.readSigningCertificate(i, v.readIssuerSerial)
	case "SigningCertificateV2":
		return v.readSigningCertificate(i, v.readIssuerSerialV2)
	}
	return nil
}

// readSigningCertificate reads the first Cert, which is the signing certificate;
// the others, if any, are of its chain.
func (v *verifier) readSigningCertificate(i int32, readIssuer func(*sequence) (*big.Int, error)) error {
	list, err := v.sequence(i)
	if err != nil {
		return structure(err)
	}
	cert, ok := list.next(nsXAdES, "Cert")
	if !ok {
		return profile("SigningCertificate describes no certificate")
	}
	s, err := v.sequence(cert)
	if err != nil {
		return structure(err)
	}
	digest, ok := s.next(nsXAdES, "CertDigest")
	if !ok {
		return profile("SigningCertificate has no digest")
	}
	d, err := v.sequence(digest)
	if err != nil {
		return structure(err)
	}
	var id certificateID
	if id.hash, id.digest, err = v.readDigest(d); err != nil {
		return err
	}
	if id.serial, err = readIssuer(s); err != nil {
		return &Error{Rule: RuleCertificateDigest, Err: err}
	}
	if len(s.list) > 0 || len(d.list) > 0 {
		return structure(errOrder)
	}
	v.properties.certs = append(v.properties.certs, id)
	return nil
}

var (
	errNoIssuer = errors.New("SigningCertificate has no issuer and serial number")
	errIssuer   = errors.New("the issuer name does not follow RFC 2253")
	errSerial   = errors.New("the serial number is not decimal")
)

// readIssuerSerial reads the issuer and serial number of the first version. Of
// the name only the form is checked: implementations spell the same name in
// many ways, and the digest decides. The KSeF refuses OpenSSL's slashes.
func (v *verifier) readIssuerSerial(s *sequence) (*big.Int, error) {
	i, ok := s.next(nsXAdES, "IssuerSerial")
	if !ok {
		return nil, errNoIssuer
	}
	list, err := v.sequence(i)
	if err != nil {
		return nil, err
	}
	name, ok1 := list.next(nsDS, "X509IssuerName")
	number, ok2 := list.next(nsDS, "X509SerialNumber")
	if !ok1 || !ok2 || len(list.list) > 0 {
		return nil, errNoIssuer
	}
	issuer, err := v.text(name)
	if err != nil || strings.HasPrefix(issuer, "/") {
		return nil, errIssuer
	}
	text, err := v.text(number)
	if err != nil || len(text) > 60 {
		return nil, errSerial
	}
	serial, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, errSerial
	}
	return serial, nil
}

// readIssuerSerialV2 reads the optional DER of the second version.
func (v *verifier) readIssuerSerialV2(s *sequence) (*big.Int, error) {
	i, ok := s.next(nsXAdES, "IssuerSerialV2")
	if !ok {
		return nil, nil
	}
	der, err := v.base64(i)
	if err != nil {
		return nil, err
	}
	var id struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	if rest, err := asn1.Unmarshal(der, &id); err != nil || len(rest) > 0 {
		return nil, errors.New("IssuerSerialV2 is not the DER of an issuer and a serial number")
	}
	return id.Serial, nil
}
