package xades

import (
	"bytes"
	"crypto/x509"
	"errors"
	"time"
)

// selectCertificate finds in KeyInfo the certificate that the signed properties
// describe. Nothing else in KeyInfo says anything about the signer: it is not
// signed, so it may be what an attacker put there.
func (v *verifier) selectCertificate() error {
	all, err := v.readCertificates()
	if err != nil {
		return err
	}
	for i, raw := range all {
		if !v.described(raw) {
			continue
		}
		cert, err := x509.ParseCertificate(raw)
		if err != nil {
			return fail(RuleCertificate, "the signing certificate cannot be read")
		}
		if err := v.checkSerial(cert); err != nil {
			return err
		}
		v.certificate = cert
		v.readOthers(all, i)
		return nil
	}
	return fail(RuleCertificateDigest, "SigningCertificate describes no certificate in KeyInfo")
}

// readCertificates decodes every X509Certificate in KeyInfo.
func (v *verifier) readCertificates() ([][]byte, error) {
	var all [][]byte
	for i, end := v.keyInfo+1, v.nodes[v.keyInfo].end; i < end; i++ {
		if !v.nodes[i].is(nsDS, "X509Certificate") {
			continue
		}
		if len(all) == maxCertificates {
			return nil, fail(RuleCertificate, "too many certificates")
		}
		der, err := v.base64(i)
		if err != nil || len(der) > maxCertificate {
			return nil, fail(RuleCertificate, "a certificate that is not Base64 of DER, or too large")
		}
		all = append(all, der)
	}
	if len(all) == 0 {
		return nil, fail(RuleCertificate, "there is no X509Certificate")
	}
	return all, nil
}

// described reports whether all signed descriptions are of this certificate.
func (v *verifier) described(raw []byte) bool {
	for _, id := range v.properties.certs {
		h := id.hash.New()
		h.Write(raw)
		if !bytes.Equal(h.Sum(nil), id.digest) {
			return false
		}
	}
	return true
}

func (v *verifier) checkSerial(cert *x509.Certificate) error {
	for _, id := range v.properties.certs {
		if id.serial != nil && id.serial.Cmp(cert.SerialNumber) != 0 {
			return fail(RuleCertificateDigest, "SigningCertificate has another serial number")
		}
	}
	return nil
}

// readOthers keeps the certificates beside the signer's that can be read.
func (v *verifier) readOthers(all [][]byte, signer int) {
	for i, raw := range all {
		if cert, err := x509.ParseCertificate(raw); i != signer && err == nil {
			v.others = append(v.others, cert)
		}
	}
}

var (
	errExpired     = errors.New("the certificate has expired")
	errNotYetValid = errors.New("the certificate is not valid yet")
)

// checkCertificate judges purpose, dates and, when roots are given, the chain.
func (v *verifier) checkCertificate() error {
	cert := v.certificate
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if cert.KeyUsage != 0 && cert.KeyUsage&signs == 0 {
		return fail(RuleCertificate, "the certificate is not meant for signatures")
	}
	at := v.opt.Now
	if at.IsZero() {
		at = v.properties.time
	}
	switch {
	case at.Before(cert.NotBefore):
		return &Error{Rule: RuleValidity, Err: errNotYetValid}
	case at.After(cert.NotAfter):
		return &Error{Rule: RuleValidity, Err: errExpired}
	case v.opt.Roots == nil:
		return nil
	}
	return checkChain(cert, v.others, v.opt.Roots, v.opt.Intermediates, at)
}

// CheckTrust reports whether a chain leads from the signing certificate to one
// of roots, through intermediates (which may be nil) and the other certificates
// of the signature, all of it valid at the instant at. It is what Verify does
// when it is given roots, for callers who decide later. The error is an *Error
// with RuleTrust.
func (v *Verified) CheckTrust(roots, intermediates *x509.CertPool, at time.Time) error {
	return checkChain(v.Certificate, v.Others, roots, intermediates, at)
}

func checkChain(cert *x509.Certificate, others []*x509.Certificate, roots, intermediates *x509.CertPool, at time.Time) error {
	if roots == nil {
		roots = x509.NewCertPool() // nil would mean the roots of the system
	}
	pool := x509.NewCertPool()
	if intermediates != nil {
		pool = intermediates.Clone()
	}
	for _, c := range others {
		pool.AddCert(c)
	}
	_, err := cert.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: pool, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return fail(RuleTrust, "no chain leads from the certificate to a trusted root")
	}
	return nil
}
