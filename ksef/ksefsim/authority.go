package ksefsim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// authority is an issuer of certificates.
type authority struct {
	key  steadySigner
	cert *x509.Certificate
}

// authorityLife is how long the certificate of an issuer is valid.
const authorityLife = 20 * 365 * 24 * time.Hour

// authoritiesMade says which issuers a simulator has: the one of KSeF
// certificates and one that stands for the qualified issuers of the EU.
type authoritiesMade struct {
	KSeF      credential `json:"ksef"`
	Qualified credential `json:"qualified"`
}

func (*authoritiesMade) kind() string { return "authorities" }

func (e *authoritiesMade) apply(st *state) (err error) {
	if st.vault.ksef, err = e.KSeF.authority(); err != nil {
		return err
	}
	st.vault.qualified, err = e.Qualified.authority()
	return err
}

func (c credential) authority() (*authority, error) {
	signer, cert, err := c.load()
	if err != nil {
		return nil, err
	}
	key, ok := signer.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errKeyKind
	}
	return &authority{steadySigner{key}, cert}, nil
}

// makeAuthorities makes the issuers of a simulator that has none.
func (s *Server) makeAuthorities() (*authoritiesMade, error) {
	e := new(authoritiesMade)
	for _, a := range []struct {
		name string
		to   *credential
	}{{"KSeF simulator: KSeF certificates", &e.KSeF}, {"KSeF simulator: qualified certificates", &e.Qualified}} {
		key, err := newECKey(s.chance)
		if err != nil {
			return nil, err
		}
		if *a.to, err = rootCertificate(key, a.name, s.chance, s.cfg.instant()); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// rootCertificate makes the certificate of an issuer.
func rootCertificate(key *ecdsa.PrivateKey, name string, random *entropy, now time.Time) (credential, error) {
	template := &x509.Certificate{
		SerialNumber:          new(big.Int).SetBytes(newSerial(random)),
		Subject:               pkix.Name{Country: []string{"PL"}, Organization: []string{"FaktuPro"}, CommonName: name},
		NotBefore:             now.Add(-24 * time.Hour).Truncate(time.Second),
		NotAfter:              now.Add(authorityLife).Truncate(time.Second),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(random, template, template, key.Public(), steadySigner{key})
	if err != nil {
		return credential{}, fmt.Errorf("ksefsim: make issuer: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return credential{}, fmt.Errorf("ksefsim: store key: %w", err)
	}
	return credential{Key: pkcs8, Certificate: der}, nil
}

// newSerial draws a serial number of eight bytes. Like those of the real system
// it begins with 01, a zero digit that careless clients lose.
func newSerial(random *entropy) []byte {
	serial := random.bytes(8)
	serial[0] = 0x01
	return serial
}

// issued reports whether a certificate is one of this issuer, as its signature
// shows.
func (a *authority) issued(cert *x509.Certificate) bool {
	return cert.CheckSignatureFrom(a.cert) == nil
}

// issue makes a certificate from a template.
func (a *authority) issue(template *x509.Certificate, key crypto.PublicKey, random *entropy) ([]byte, error) {
	der, err := x509.CreateCertificate(random, template, a.cert, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("ksefsim: issue certificate: %w", err)
	}
	return der, nil
}

// QualifiedCertificate makes a certificate for key as a qualified issuer would:
// what logs in to the profiles DEMO and PRD, where nobody may vouch for itself,
// and with verifyCertificateChain. The error is that of xades.SelfSigned for a
// subject that cannot be certified.
func (s *Server) QualifiedCertificate(subject xades.Subject, key crypto.Signer) (*x509.Certificate, error) {
	template, err := xades.SelfSigned(subject, key, s.cfg.instant())
	if err != nil {
		return nil, fmt.Errorf("ksefsim: certificate of the subject: %w", err)
	}
	issuer := s.authorities().qualified
	template.SerialNumber = new(big.Int).SetBytes(newSerial(s.chance))
	template.AuthorityKeyId = issuer.cert.SubjectKeyId
	template.SignatureAlgorithm = x509.UnknownSignatureAlgorithm // that of the issuer
	der, err := issuer.issue(template, key.Public(), s.chance)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// authorities copies the pointers to the issuers out of the state.
func (s *Server) authorities() (a struct{ ksef, qualified *authority }) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	a.ksef, a.qualified = s.state.vault.ksef, s.state.vault.qualified
	return a
}

// Issuers are the certificates of the two issuers of a simulator: of KSeF
// certificates, and of those that QualifiedCertificate makes.
func (s *Server) Issuers() (ksef, qualified *x509.Certificate) {
	a := s.authorities()
	return a.ksef.cert, a.qualified.cert
}
