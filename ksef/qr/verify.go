package qr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"time"
)

// Verify reports whether the code was signed with the key of this certificate
// for exactly these bytes, and the certificate was of type Offline and valid at
// the given time, that of the invoice's issue. What it does not prove is told in
// the package comment. The error is an *Error with RuleDocument, RuleSeller,
// RuleCertificate (another serial number), RuleKey, RuleSignature, RulePurpose
// or RuleValidity, the first of these that fails.
func (c CodeII) Verify(certificate *x509.Certificate, document []byte, at time.Time) error {
	if HashOf(document) != c.Hash {
		return fail(RuleDocument)
	}
	want, err := NewCodeII(c.Base, c.Context, document)
	switch {
	case err != nil:
		return err
	case want.Seller != c.Seller:
		return fail(RuleSeller)
	}
	return c.VerifyIssuer(certificate, at)
}

// VerifyIssuer is Verify without the document, for a code on paper whose
// document is not at hand.
func (c CodeII) VerifyIssuer(certificate *x509.Certificate, at time.Time) error {
	if certificate == nil || Serial(certificate) != c.Serial {
		return fail(RuleCertificate)
	}
	if err := c.VerifySignature(certificate.PublicKey); err != nil {
		return err
	}
	return checkCertificate(certificate, at)
}

// VerifySignature reports whether the signature holds under the key: an *Error
// with RuleKey or RuleSignature if not.
func (c CodeII) VerifySignature(public crypto.PublicKey) error {
	if err := checkKey(public); err != nil {
		return err
	}
	text, err := c.SignedText()
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(text))
	if !holds(public, digest[:], c.Signature) {
		return fail(RuleSignature)
	}
	return nil
}

func holds(public crypto.PublicKey, digest, signature []byte) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPSS(k, crypto.SHA256, digest, signature, pss()) == nil
	case *ecdsa.PublicKey:
		// DER of exactly 64 bytes is possible, though hardly ever met.
		return holdsSideBySide(k, digest, signature) || ecdsa.VerifyASN1(k, digest, signature)
	}
	return false
}

func holdsSideBySide(k *ecdsa.PublicKey, digest, signature []byte) bool {
	if len(signature) != 2*halfP256 {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:halfP256]), new(big.Int).SetBytes(signature[halfP256:])
	return ecdsa.Verify(k, digest, r, s)
}

// checkCertificate: KSeF certificates of type Offline have the key usage
// contentCommitment (nonRepudiation), those for logging in digitalSignature.
func checkCertificate(certificate *x509.Certificate, at time.Time) error {
	if !Offline(certificate) {
		return fail(RulePurpose)
	}
	if at.Before(certificate.NotBefore) || at.After(certificate.NotAfter) {
		return fail(RuleValidity)
	}
	return nil
}

// Offline reports whether a KSeF certificate is of type Offline, for signing
// codes, and not one for logging in.
func Offline(certificate *x509.Certificate) bool {
	return certificate.KeyUsage&x509.KeyUsageContentCommitment != 0 &&
		certificate.KeyUsage&x509.KeyUsageDigitalSignature == 0
}
