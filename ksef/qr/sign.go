package qr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"
)

// Signer signs codes with a KSeF certificate of type Offline. The key may live
// in a device or a service; it is asked for one signature per code.
type Signer struct {
	Certificate *x509.Certificate
	Key         crypto.Signer // RSA of 2048 to 4096 bits or ECDSA on P-256
	// DER writes ECDSA signatures as ASN.1 DER instead of r and s side by side,
	// which is the form the Ministry recommends. KSeF accepts both.
	DER bool
	// Rand is the source of randomness; nil is crypto/rand.
	Rand io.Reader
}

// Sign fills in serial number and signature. The certificate must be of type
// Offline, valid at the given time and belong to the key; the signature is
// verified before it is handed out.
func (s Signer) Sign(c CodeII, at time.Time) (CodeII, error) {
	if err := s.check(at); err != nil {
		return CodeII{}, err
	}
	c.Serial = Serial(s.Certificate)
	text, err := c.SignedText()
	if err != nil {
		return CodeII{}, err
	}
	if c.Signature, err = s.sign([]byte(text)); err != nil {
		return CodeII{}, &Error{Rule: RuleSigner, Err: err}
	}
	if err := c.VerifySignature(s.Certificate.PublicKey); err != nil {
		return CodeII{}, &Error{Rule: RuleSigner, Err: err}
	}
	return c, nil
}

func (s Signer) check(at time.Time) error {
	if s.Certificate == nil || s.Key == nil {
		return fail(RuleCertificate)
	}
	if err := checkKey(s.Certificate.PublicKey); err != nil {
		return err
	}
	public, ok := s.Certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(s.Key.Public()) {
		return fail(RuleCertificate)
	}
	return checkCertificate(s.Certificate, at)
}

func (s Signer) sign(text []byte) ([]byte, error) {
	random := s.Rand
	if random == nil {
		random = rand.Reader
	}
	digest := sha256.Sum256(text)
	if _, ok := s.Certificate.PublicKey.(*rsa.PublicKey); ok {
		return s.Key.Sign(random, digest[:], pss())
	}
	der, err := s.Key.Sign(random, digest[:], crypto.SHA256)
	if err != nil || s.DER {
		return der, err
	}
	return sideBySide(der)
}

// pss is RSASSA-PSS as KSeF verifies it: MGF1 with the same hash and a salt of
// exactly 32 bytes.
func pss() *rsa.PSSOptions { return &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256} }

// halfP256 is the width of r and of s in a signature of P-256.
const halfP256 = 32

// sideBySide turns an ECDSA signature from DER into r and s of full width (IEEE
// P1363).
func sideBySide(der []byte) ([]byte, error) {
	var v struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil || len(rest) > 0 || v.R.Sign() < 0 || v.S.Sign() < 0 || v.R.BitLen() > 256 || v.S.BitLen() > 256 {
		return nil, fail(RuleSignature)
	}
	out := make([]byte, 2*halfP256)
	v.R.FillBytes(out[:halfP256])
	v.S.FillBytes(out[halfP256:])
	return out, nil
}

// checkKey accepts the keys that KSeF issues certificates for.
func checkKey(public crypto.PublicKey) error {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); 2048 <= bits && bits <= 4096 {
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return nil
		}
	}
	return fail(RuleKey)
}

// Serial is the serial number of a certificate as codes have it: 16 digits 0-9
// A-F with leading zeros. A longer one, which KSeF does not give out, comes out
// longer and is refused by Link.
func Serial(certificate *x509.Certificate) string {
	return fmt.Sprintf("%016X", certificate.SerialNumber)
}
