package xades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Subject is whom a test certificate names. With an Organization it is a seal
// and needs a NIP; otherwise it is a person with a GivenName, a Surname and
// either a NIP or a PESEL.
type Subject struct {
	Organization string
	GivenName    string
	Surname      string
	NIP          pl.NIP
	PESEL        pl.PESEL
	// CommonName defaults to the organisation or to given name and surname.
	CommonName string
}

// selfSignedLifetime and selfSignedStart are what the official test builders use.
const (
	selfSignedLifetime = 2 // years
	selfSignedStart    = 61 * time.Minute
)

// SelfSigned makes a certificate for key that the test environment of the KSeF
// accepts: a seal with organizationIdentifier VATPL-nip, or a person with
// serialNumber TINPL-nip or PNOPL-pesel. It is valid from 61 minutes before now
// for two years. No other environment accepts it.
//
// A key under RSA 2048 or P-256 is an *Error with RuleKey, an incomplete subject
// one with RuleSubject.
func SelfSigned(subject Subject, key crypto.Signer, now time.Time) (*x509.Certificate, error) {
	if key == nil {
		return nil, fail(RuleKey, "a key is needed")
	}
	if err := checkKey(key.Public()); err != nil {
		return nil, err
	}
	name, err := subject.name()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serialNumber(key.Public(), now),
		Subject:               name,
		NotBefore:             now.Add(-selfSignedStart).UTC(),
		NotAfter:              now.AddDate(selfSignedLifetime, 0, 0).UTC(),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		SignatureAlgorithm:    certificateAlgorithm(key.Public()),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, &Error{Rule: RuleKey, Err: err}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, &Error{Rule: RuleCertificate, Err: err}
	}
	return cert, nil
}

// name builds the subject. The attributes that Go has no field for go to
// ExtraNames, which are written after the ordinary ones.
func (s Subject) name() (pkix.Name, error) {
	n := pkix.Name{CommonName: s.CommonName, Country: []string{"PL"}}
	person := s.GivenName != "" || s.Surname != ""
	switch {
	case s.Organization != "" && (person || s.PESEL != ""):
		return n, fail(RuleSubject, "a seal has no given name, surname or PESEL")
	case s.Organization != "" && s.NIP == "":
		return n, fail(RuleSubject, "a seal needs a NIP")
	case s.Organization == "" && (s.GivenName == "" || s.Surname == ""):
		return n, fail(RuleSubject, "a person needs a given name and a surname, a seal an organisation")
	case s.Organization == "" && (s.NIP == "") == (s.PESEL == ""):
		return n, fail(RuleSubject, "a person needs either a NIP or a PESEL")
	case s.Organization != "":
		n.Organization = []string{s.Organization}
		n.ExtraNames = []pkix.AttributeTypeAndValue{{Type: oidOrganization, Value: "VATPL-" + string(s.NIP)}}
		n.CommonName = orElse(n.CommonName, s.Organization)
		return n, nil
	case s.PESEL != "":
		n.SerialNumber = "PNOPL-" + string(s.PESEL)
	default:
		n.SerialNumber = "TINPL-" + string(s.NIP)
	}
	n.CommonName = orElse(n.CommonName, strings.TrimSpace(s.GivenName+" "+s.Surname))
	n.ExtraNames = []pkix.AttributeTypeAndValue{
		{Type: oidGivenName, Value: s.GivenName},
		{Type: oidSurname, Value: s.Surname},
	}
	return n, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// serialNumber derives a positive number of up to 63 bits from key and time, so
// that the same arguments make the same certificate.
func serialNumber(pub crypto.PublicKey, now time.Time) *big.Int {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		der = nil // checkKey admits only keys that can be written
	}
	h := sha256.New()
	h.Write(der)
	h.Write(now.UTC().AppendFormat(nil, time.RFC3339Nano))
	sum := h.Sum(nil)
	sum[0] = sum[0]&0x7f | 0x40 // positive, and never shortened by leading zeros
	return new(big.Int).SetBytes(sum[:8])
}

func certificateAlgorithm(pub crypto.PublicKey) x509.SignatureAlgorithm {
	k, ok := pub.(*ecdsa.PublicKey)
	switch {
	case !ok:
		return x509.SHA256WithRSA
	case k.Curve == elliptic.P384():
		return x509.ECDSAWithSHA384
	case k.Curve == elliptic.P521():
		return x509.ECDSAWithSHA512
	}
	return x509.ECDSAWithSHA256
}
