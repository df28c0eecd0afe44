package xades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha1" // linked for archives read with AllowSHA1
	_ "crypto/sha256"
	_ "crypto/sha512"
	"errors"
	"math/big"
)

// scheme is the family of a signature algorithm.
type scheme uint8

const (
	schemeRSA scheme = iota + 1 // RSASSA-PKCS1-v1_5
	schemePSS                   // RSASSA-PSS, MGF1 and salt of the digest's size
	schemeECDSA
)

type signatureMethod struct {
	scheme scheme
	hash   crypto.Hash
}

// Algorithm identifiers that Sign writes.
const (
	methodRSASHA256   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	methodECDSASHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	methodECDSASHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
	methodECDSASHA512 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"
	digestSHA256      = "http://www.w3.org/2001/04/xmlenc#sha256"
)

const sha1 = crypto.SHA1

// methodOf looks an accepted signature algorithm up (ksef xades profile; names
// of RFC 9231). Keyed hashes and the parametrised RSA-PSS are absent on purpose.
func methodOf(uri string) (signatureMethod, bool) {
	switch uri {
	case methodRSASHA256:
		return signatureMethod{schemeRSA, crypto.SHA256}, true
	case "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384":
		return signatureMethod{schemeRSA, crypto.SHA384}, true
	case "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512":
		return signatureMethod{schemeRSA, crypto.SHA512}, true
	case "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1":
		return signatureMethod{schemePSS, crypto.SHA256}, true
	case "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1":
		return signatureMethod{schemePSS, crypto.SHA384}, true
	case "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1":
		return signatureMethod{schemePSS, crypto.SHA512}, true
	case methodECDSASHA256:
		return signatureMethod{schemeECDSA, crypto.SHA256}, true
	case methodECDSASHA384:
		return signatureMethod{schemeECDSA, crypto.SHA384}, true
	case methodECDSASHA512:
		return signatureMethod{schemeECDSA, crypto.SHA512}, true
	case nsDS + "rsa-sha1":
		return signatureMethod{schemeRSA, crypto.SHA1}, true
	case "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1":
		return signatureMethod{schemeECDSA, crypto.SHA1}, true
	}
	return signatureMethod{}, false
}

// hashOf looks an accepted digest algorithm up.
func hashOf(uri string) (crypto.Hash, bool) {
	switch uri {
	case digestSHA256:
		return crypto.SHA256, true
	case "http://www.w3.org/2001/04/xmldsig-more#sha384":
		return crypto.SHA384, true
	case "http://www.w3.org/2001/04/xmlenc#sha512":
		return crypto.SHA512, true
	case nsDS + "sha1":
		return crypto.SHA1, true
	}
	return 0, false
}

// checkKey enforces the minimum key: RSA of 2048 bits, a curve of 256. The
// upper bound on RSA keeps a hostile certificate from costing seconds.
func checkKey(pub crypto.PublicKey) error {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < 2048 || n > 16384 {
			return fail(RuleKey, "RSA keys have 2048 to 16384 bits")
		}
		return nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
			return nil
		}
		return fail(RuleKey, "elliptic keys are on P-256, P-384 or P-521")
	}
	return fail(RuleKey, "the key is neither RSA nor ECDSA")
}

// fieldSize is the width in bytes of r and of s in an ECDSA signature value.
func fieldSize(c elliptic.Curve) int { return (c.Params().BitSize + 7) / 8 }

var (
	errKeyMismatch = errors.New("the key in the certificate does not fit the signature algorithm")
	errECDSALength = errors.New("an ECDSA value is r and s of the curve's width, one after the other")
	errNegative    = errors.New("the signature value does not verify under the certificate's key")
)

// verify checks value over digest. ECDSA values are r||s (XML-DSig 1.1, 6.4.3).
func (m signatureMethod) verify(pub crypto.PublicKey, digest, value []byte) error {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		return m.verifyRSA(k, digest, value)
	case *ecdsa.PublicKey:
		return m.verifyECDSA(k, digest, value)
	}
	return errKeyMismatch
}

func (m signatureMethod) verifyRSA(k *rsa.PublicKey, digest, value []byte) error {
	var err error
	switch m.scheme {
	case schemeRSA:
		err = rsa.VerifyPKCS1v15(k, m.hash, digest, value)
	case schemePSS:
		err = rsa.VerifyPSS(k, m.hash, digest, value, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	default:
		return errKeyMismatch
	}
	if err != nil {
		return errNegative
	}
	return nil
}

func (m signatureMethod) verifyECDSA(k *ecdsa.PublicKey, digest, value []byte) error {
	if m.scheme != schemeECDSA {
		return errKeyMismatch
	}
	size := fieldSize(k.Curve)
	if len(value) != 2*size {
		return errECDSALength
	}
	r := new(big.Int).SetBytes(value[:size])
	s := new(big.Int).SetBytes(value[size:])
	if !ecdsa.Verify(k, digest, r, s) {
		return errNegative
	}
	return nil
}
