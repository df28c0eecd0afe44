package ksef

import (
	"crypto"
	"crypto/x509"
	"errors"
	"strings"
)

// ErrCertificateUse: a certificate of KSeF is used for what it is not for. The
// error is a [*CertificateUseError].
var ErrCertificateUse = errors.New("certificate is for another use")

// CertificateUseError reports a mix-up of the two types of KSeF certificates.
type CertificateUseError struct {
	// Type is what the certificate is for, Wanted what it was used for.
	Type, Wanted    CertificateType
	English, Polish string
}

// Error says what to do.
func (e *CertificateUseError) Error() string { return ErrCertificateUse.Error() + ": " + e.English }

// Is matches ErrCertificateUse and ErrInvalidArgument.
func (e *CertificateUseError) Is(target error) bool {
	return target == ErrCertificateUse || target == ErrInvalidArgument
}

// CertificateTypeOf tells what a certificate that KSeF issued is for. It is false for
// certificates of other issuers: many qualified ones have the key usage of an
// offline certificate and log in all the same.
func CertificateTypeOf(cert *x509.Certificate) (CertificateType, bool) {
	if cert == nil || !strings.Contains(cert.Issuer.CommonName, "KSeF") {
		return "", false
	}
	return usageType(cert)
}

// usageType reads the key usage alone.
func usageType(cert *x509.Certificate) (CertificateType, bool) {
	logs := cert.KeyUsage&x509.KeyUsageDigitalSignature != 0
	signs := cert.KeyUsage&x509.KeyUsageContentCommitment != 0
	switch {
	case logs && !signs:
		return CertificateAuthentication, true
	case signs && !logs:
		return CertificateOffline, true
	}
	return "", false
}

// CheckCertificateUse refuses a KSeF certificate that is not of the wanted type with a
// [*CertificateUseError]. Certificates of other issuers pass as login
// certificates only: an offline invoice is signed with one of KSeF.
func CheckCertificateUse(cert *x509.Certificate, wanted CertificateType) error {
	got, known := CertificateTypeOf(cert)
	switch {
	case !known && wanted == CertificateAuthentication, got == wanted:
		return nil
	}
	return misuse(got, wanted)
}

func misuse(got, wanted CertificateType) error {
	e := &CertificateUseError{Type: got, Wanted: wanted}
	switch {
	case wanted == CertificateAuthentication:
		e.English = "this KSeF certificate is of type Offline and only signs the codes on offline invoices; log in with one of type Authentication"
		e.Polish = "ten certyfikat KSeF jest typu Offline i służy tylko do podpisywania kodów na fakturach offline; zaloguj się certyfikatem typu Authentication"
	case got == CertificateAuthentication:
		e.English = "this KSeF certificate is of type Authentication and only logs in; sign the codes of offline invoices with one of type Offline"
		e.Polish = "ten certyfikat KSeF jest typu Authentication i służy tylko do logowania; kody faktur offline podpisz certyfikatem typu Offline"
	default:
		e.English = "this certificate was not issued by KSeF as one of type Offline; get one from KSeF to sign the codes of offline invoices"
		e.Polish = "ten certyfikat nie jest certyfikatem KSeF typu Offline; do podpisywania kodów faktur offline pobierz taki certyfikat z KSeF"
	}
	return e
}

// Credential logs in to the context with the certificate and its key. One of
// type Offline is refused.
func (c KSeFCertificate) Credential(id ContextID, signer crypto.Signer) (Credential, error) {
	if err := c.serves("log in", CertificateAuthentication, signer); err != nil {
		return nil, err
	}
	return XAdES(id, signer, c.Certificate), nil
}

// OfflineSigner gives certificate and key for signing the codes on offline
// invoices (package qr). A certificate of type Authentication is refused.
func (c KSeFCertificate) OfflineSigner(signer crypto.Signer) (*x509.Certificate, crypto.Signer, error) {
	if err := c.serves("sign offline invoice", CertificateOffline, signer); err != nil {
		return nil, nil, err
	}
	return c.Certificate, signer, nil
}

func (c KSeFCertificate) serves(op string, wanted CertificateType, signer crypto.Signer) error {
	switch {
	case c.Certificate == nil || signer == nil:
		return invalid(op, "certificate or key is missing")
	case c.Type != wanted:
		return &Error{Op: op, Err: misuse(c.Type, wanted)}
	case !sameKey(c.Certificate, signer.Public()):
		return invalid(op, "key does not belong to the certificate")
	}
	return nil
}

func sameKey(cert *x509.Certificate, key crypto.PublicKey) bool {
	k, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(key)
}
