package qr_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/qr"
)

// noon is within the validity of the certificates made here.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sample is an invoice of the seller 1234563218.
func sample(tb testing.TB) []byte {
	tb.Helper()
	doc, err := os.ReadFile("../fa3/testdata/ordinary.xml")
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func ecKey(tb testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// certify makes a self-signed certificate with the serial number
// 0x00ABCDEF01234567 and one key usage.
func certify(tb testing.TB, key crypto.Signer, usage x509.KeyUsage) *x509.Certificate {
	tb.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x00ABCDEF01234567),
		Subject:      pkix.Name{CommonName: "Piekarnia Kłos"},
		NotBefore:    noon.AddDate(-1, 0, 0),
		NotAfter:     noon.AddDate(1, 0, 0),
		KeyUsage:     usage,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return cert
}

// rule is the broken rule, "" for no error and "?" for an error of another type.
func rule(err error) qr.Rule {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*qr.Error](err); ok {
		return e.Rule
	}
	return "?"
}
