package qr_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/qr"
)

func TestSignAndVerify(t *testing.T) {
	t.Parallel()
	doc := sample(t)
	code, err := qr.NewCodeII(qr.Test, qr.NIPContext("1234563218"), doc)
	if err != nil {
		t.Fatal(err)
	}
	ec := ecKey(t, elliptic.P256())
	for name, signer := range map[string]qr.Signer{
		"RSA":      {Key: rsaKey()},
		"ECDSA":    {Key: ec},
		"ECDSADER": {Key: ec, DER: true},
	} {
		signer.Certificate = certify(t, signer.Key, x509.KeyUsageContentCommitment)
		signed, err := signer.Sign(code, noon)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if signed.Serial != "00ABCDEF01234567" {
			t.Errorf("%s: serial %s", name, signed.Serial)
		}
		if err := signed.Verify(signer.Certificate, doc, noon); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		link, err := signed.Link()
		if err != nil {
			t.Fatal(err)
		}
		again, err := qr.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.(qr.CodeII).Verify(signer.Certificate, doc, noon); err != nil {
			t.Errorf("%s: read back: %v", name, err)
		}
		checkTampering(t, signed, signer.Certificate, doc)
	}
}

// checkTampering changes one part after the other.
func checkTampering(t *testing.T, good qr.CodeII, cert *x509.Certificate, doc []byte) {
	t.Helper()
	tests := []struct {
		name   string
		change func(*qr.CodeII)
		want   qr.Rule
	}{
		{"environment", func(c *qr.CodeII) { c.Base = qr.Production }, qr.RuleSignature},
		{"context", func(c *qr.CodeII) { c.Context = qr.NIPContext("9876543210") }, qr.RuleSignature},
		{"context type", func(c *qr.CodeII) { c.Context = qr.Context{Type: qr.ContextPeppol, Value: "PPL123456"} }, qr.RuleSignature},
		{"seller", func(c *qr.CodeII) { c.Seller = "9876543210" }, qr.RuleSeller},
		{"serial", func(c *qr.CodeII) { c.Serial = "00ABCDEF01234568" }, qr.RuleCertificate},
		{"hash", func(c *qr.CodeII) { c.Hash[0] ^= 1 }, qr.RuleDocument},
		{"signature", func(c *qr.CodeII) { c.Signature[len(c.Signature)-1] ^= 1 }, qr.RuleSignature},
		{"no signature", func(c *qr.CodeII) { c.Signature = nil }, qr.RuleSignature},
		{"cut signature", func(c *qr.CodeII) { c.Signature = c.Signature[1:] }, qr.RuleSignature},
		{"zero signature", func(c *qr.CodeII) { clear(c.Signature) }, qr.RuleSignature},
	}
	for _, tt := range tests {
		code := good
		code.Signature = append([]byte(nil), good.Signature...)
		tt.change(&code)
		if got := rule(code.Verify(cert, doc, noon)); got != tt.want {
			t.Errorf("%s changed: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, at := range []time.Time{cert.NotBefore.Add(-time.Second), cert.NotAfter.Add(time.Second)} {
		if got := rule(good.Verify(cert, doc, at)); got != qr.RuleValidity {
			t.Errorf("at %v: %q", at, got)
		}
	}
	if got := rule(good.VerifyIssuer(nil, noon)); got != qr.RuleCertificate {
		t.Errorf("no certificate: %q", got)
	}
}

func TestSignRefused(t *testing.T) {
	t.Parallel()
	code := qr.CodeII{Base: qr.Test, Context: qr.NIPContext("1111111111"), Seller: "1111111111"}
	key, other := ecKey(t, elliptic.P256()), ecKey(t, elliptic.P256())
	p384 := ecKey(t, elliptic.P384())
	offline := certify(t, key, x509.KeyUsageContentCommitment)
	weak, err := rsa.GenerateKey(nil, 1024)
	tests := []struct {
		name   string
		signer qr.Signer
		at     time.Time
		want   qr.Rule
	}{
		{"nothing", qr.Signer{}, noon, qr.RuleCertificate},
		{"no key", qr.Signer{Certificate: offline}, noon, qr.RuleCertificate},
		{"another key", qr.Signer{Certificate: offline, Key: other}, noon, qr.RuleCertificate},
		{"RSA key of an EC certificate", qr.Signer{Certificate: offline, Key: rsaKey()}, noon, qr.RuleCertificate},
		{"for login", qr.Signer{Certificate: certify(t, key, x509.KeyUsageDigitalSignature), Key: key}, noon, qr.RulePurpose},
		{"for both", qr.Signer{Certificate: certify(t, key, x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment), Key: key}, noon, qr.RulePurpose},
		{"for nothing", qr.Signer{Certificate: certify(t, key, 0), Key: key}, noon, qr.RulePurpose},
		{"expired", qr.Signer{Certificate: offline, Key: key}, noon.AddDate(2, 0, 0), qr.RuleValidity},
		{"not yet valid", qr.Signer{Certificate: offline, Key: key}, noon.AddDate(-2, 0, 0), qr.RuleValidity},
		{"P-384", qr.Signer{Certificate: certify(t, p384, x509.KeyUsageContentCommitment), Key: p384}, noon, qr.RuleKey},
		{"a signer that fails", qr.Signer{Certificate: offline, Key: fakeSigner{key, nil, errDevice}}, noon, qr.RuleSigner},
		{"a signer that signs nonsense", qr.Signer{Certificate: offline, Key: fakeSigner{key, []byte{0x30, 6, 2, 1, 1, 2, 1, 1}, nil}}, noon, qr.RuleSigner},
		{"a signer that writes nonsense", qr.Signer{Certificate: offline, Key: fakeSigner{key, []byte("??"), nil}}, noon, qr.RuleSigner},
		{"a signer with a number too large", qr.Signer{Certificate: offline, Key: fakeSigner{key, largeSignature(t), nil}}, noon, qr.RuleSigner},
	}
	for _, tt := range tests {
		if got, err := tt.signer.Sign(code, tt.at); rule(err) != tt.want || got.Signature != nil {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if err == nil { // Go may refuse to make so short a key at all
		if got := rule(code.VerifySignature(&weak.PublicKey)); got != qr.RuleKey {
			t.Errorf("RSA 1024: %q", got)
		}
	}
	if got := rule(code.VerifySignature("not a key")); got != qr.RuleKey {
		t.Errorf("not a key: %q", got)
	}
	if got := rule(code.VerifySignature(&key.PublicKey)); got != qr.RuleSerial {
		t.Errorf("unsigned code: %q", got)
	}
}

// TestSignPKCS1 has a signer that ignores the padding it was asked for, as
// some devices do.
func TestSignPKCS1(t *testing.T) {
	t.Parallel()
	code := qr.CodeII{Base: qr.Test, Context: qr.NIPContext("1111111111"), Seller: "1111111111"}
	signer := qr.Signer{Certificate: certify(t, rsaKey(), x509.KeyUsageContentCommitment), Key: oldPadding{rsaKey()}}
	_, err := signer.Sign(code, noon)
	if rule(err) != qr.RuleSigner {
		t.Error(err)
	}
	e, _ := errors.AsType[*qr.Error](err)
	if rule(e.Err) != qr.RuleSignature || !errors.Is(err, e.Err) {
		t.Error(err)
	}
}

func TestSideBySide(t *testing.T) {
	t.Parallel()
	got, err := qr.SideBySide([]byte{0x30, 7, 2, 2, 1, 2, 2, 1, 3}) // r = 0x0102, s = 3
	want := make([]byte, 64)
	want[30], want[31], want[63] = 1, 2, 3
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, %v", got, err)
	}
	for _, der := range []string{"", "\x30\x06\x02\x01\xff\x02\x01\x03", "\x30\x06\x02\x01\x01\x02\x01\x03\x00"} {
		if got, err := qr.SideBySide([]byte(der)); err == nil {
			t.Errorf("%x gives %x", der, got)
		}
	}
}

var errDevice = errors.New("device asleep")

type fakeSigner struct {
	key    crypto.Signer
	answer []byte
	err    error
}

func (s fakeSigner) Public() crypto.PublicKey { return s.key.Public() }

func (s fakeSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return s.answer, s.err
}

type oldPadding struct{ *rsa.PrivateKey }

func (k oldPadding) Sign(random io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	return k.PrivateKey.Sign(random, digest, crypto.SHA256)
}

func largeSignature(t *testing.T) []byte {
	t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), 300)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{n, n})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
