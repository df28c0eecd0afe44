package xades_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

func benchmarkSign(b *testing.B, key crypto.Signer) {
	cert := seal(b, key)
	digest := sha256.Sum256([]byte(loginDoc))
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("XAdES", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := xades.Sign([]byte(loginDoc), key, cert, xades.Options{SigningTime: signedAt}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSignP256(b *testing.B)    { benchmarkSign(b, curveKey(b, elliptic.P256())) }
func BenchmarkSignRSA2048(b *testing.B) { benchmarkSign(b, rsaKey()) }

func benchmarkVerify(b *testing.B, key crypto.Signer) {
	cert := seal(b, key)
	doc := []byte(sign(b, loginDoc, key, cert))
	b.Run("bare", func(b *testing.B) {
		digest := sha256.Sum256(doc)
		value, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		if err != nil {
			b.Fatal(err)
		}
		algorithm := x509.ECDSAWithSHA256
		if cert.PublicKeyAlgorithm == x509.RSA {
			algorithm = x509.SHA256WithRSA
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := cert.CheckSignature(algorithm, doc, value); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("XAdES", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerifyP256(b *testing.B)    { benchmarkVerify(b, curveKey(b, elliptic.P256())) }
func BenchmarkVerifyRSA2048(b *testing.B) { benchmarkVerify(b, rsaKey()) }

func BenchmarkCanonicalize(b *testing.B) {
	for _, size := range []struct {
		name string
		rows int
	}{{"small", 1}, {"large", 10000}} {
		doc := []byte(`<r xmlns="urn:r">` + strings.Repeat(`<row n="1"><name>Usługa transportowa</name><net>100.00</net></row>`, size.rows) + `</r>`)
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if _, err := xades.Canonicalize(doc, xades.Exclusive); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
