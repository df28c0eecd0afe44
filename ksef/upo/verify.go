package upo

import (
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// Trust says whose signature makes a receipt. The zero value trusts nobody.
type Trust struct {
	// Certificates are signers known exactly, such as the ministry's seal of the
	// environment in use.
	Certificates []*x509.Certificate
	// Roots and Intermediates are authorities below which every signer is
	// trusted.
	Roots         *x509.CertPool
	Intermediates *x509.CertPool
	// AnySigner accepts every certificate. What remains proves that the receipt
	// has not changed since somebody signed it, and no more.
	AnySigner bool
	// Now is the clock for the dates of the certificates. Nil means that they
	// have to be valid when the receipt says it was signed, which is what an
	// archive wants: receipts outlive the certificates of their signers.
	Now func() time.Time
}

var (
	errUntrusted  = errors.New("the signer is not trusted")
	errEnveloping = errors.New("the signature is around the receipt instead of in it")
)

// Verify checks the signature of a receipt and that a trusted party made it, and
// reads what it covers. The error is an *Error; with CodeSignature it wraps an
// *xades.Error that names the rule.
func Verify(xml []byte, trust Trust) (*Confirmation, error) {
	opt := xades.VerifyOptions{MaxSize: MaxSize}
	if trust.Now != nil {
		opt.Now = trust.Now()
	}
	v, err := xades.Verify(xml, opt)
	if err != nil {
		return nil, &Error{Code: CodeSignature, Err: err}
	}
	if v.Enveloping {
		return nil, &Error{Code: CodeSignature, Err: &xades.Error{Rule: xades.RuleNoSignature, Err: errEnveloping}}
	}
	if err := trust.check(v, opt.Now); err != nil {
		return nil, &Error{Code: CodeSignature, Err: err}
	}
	c, err := Parse(v.Content)
	if err != nil {
		return nil, err
	}
	c.Signature = &Signature{Certificate: v.Certificate, Time: v.SigningTime}
	return c, nil
}

func (t Trust) check(v *xades.Verified, now time.Time) error {
	if now.IsZero() {
		now = v.SigningTime
	}
	switch {
	case t.AnySigner, slices.ContainsFunc(t.Certificates, v.Certificate.Equal):
		return nil
	case t.Roots == nil:
		return &xades.Error{Rule: xades.RuleTrust, Err: errUntrusted}
	}
	return v.CheckTrust(t.Roots, t.Intermediates, now)
}
