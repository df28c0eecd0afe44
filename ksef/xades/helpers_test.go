package xades_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// signedAt is the day on which every test signs.
var signedAt = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

const (
	testNIP   = pl.NIP("1234563218")
	testPESEL = pl.PESEL("44051401359")
	loginDoc  = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1"><Challenge>20260302-CR-0123456789-ABCDEF0123-5E</Challenge>` +
		`<ContextIdentifier><Nip>1234563218</Nip></ContextIdentifier>` +
		`<SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>`
)

// steadySigner signs as RFC 6979 says, so that signatures are the same in every
// run.
type steadySigner struct{ *ecdsa.PrivateKey }

func (s steadySigner) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.PrivateKey.Sign(nil, digest, opts)
}

// ecKey is a fixed P-256 key.
var ecKey = sync.OnceValue(func() crypto.Signer {
	scalar := sha256.Sum256([]byte("a key for tests only"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		panic(err)
	}
	return steadySigner{key}
})

var rsaKey = sync.OnceValue(func() crypto.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func curveKey(t testing.TB, c elliptic.Curve) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// seal is a test certificate of an organisation.
func seal(t testing.TB, key crypto.Signer) *x509.Certificate {
	t.Helper()
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Jabłonka & Syn sp. z o.o.", NIP: testNIP}, key, signedAt)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func sign(t testing.TB, doc string, key crypto.Signer, cert *x509.Certificate) string {
	t.Helper()
	out, err := xades.Sign([]byte(doc), key, cert, xades.Options{SigningTime: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// replace changes a document once and fails when there is nothing to change, so
// that no test passes for want of its forgery.
func replace(t testing.TB, doc, from, to string) string {
	t.Helper()
	if !strings.Contains(doc, from) {
		t.Fatalf("the document does not contain %q", from)
	}
	return strings.Replace(doc, from, to, 1)
}

// between returns the part of doc from the first start to the next end, both
// included.
func between(t testing.TB, doc, start, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(doc, start)
	if !ok {
		t.Fatalf("the document does not contain %q", start)
	}
	inner, _, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("the document does not contain %q", end)
	}
	return start + inner + end
}

// tool finds an independent implementation to compare with.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: comparison skipped", name)
	}
	return path
}

func wantRule(t *testing.T, err error, rule xades.Rule) {
	t.Helper()
	var e *xades.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *xades.Error with rule %q", err, rule)
	}
	if e.Rule != rule {
		t.Fatalf("got rule %q (%v), want %q", e.Rule, err, rule)
	}
}

// issue makes a certificate signed by another one.
func issue(t testing.TB, parent *x509.Certificate, parentKey, key crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(99), NotBefore: signedAt.AddDate(0, -1, 0), NotAfter: signedAt.AddDate(1, 0, 0),
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// foreignCertificate makes a self-signed certificate that SelfSigned would not.
func foreignCertificate(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(77), NotBefore: signedAt.AddDate(0, -1, 0), NotAfter: signedAt.AddDate(1, 0, 0),
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}
