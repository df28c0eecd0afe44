package qr_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/qr"
)

func BenchmarkCodeI(b *testing.B) {
	doc := sample(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		code, err := qr.NewCodeI(qr.Test, doc)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := code.Link(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignRSA(b *testing.B)   { benchmarkSign(b, rsaKey()) }
func BenchmarkSignECDSA(b *testing.B) { benchmarkSign(b, ecKey(b, elliptic.P256())) }

func benchmarkSign(b *testing.B, key crypto.Signer) {
	signer := qr.Signer{Key: key, Certificate: certify(b, key, x509.KeyUsageContentCommitment)}
	code := qr.CodeII{Base: qr.Test, Context: qr.NIPContext("1111111111"), Seller: "1111111111"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := signer.Sign(code, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(two)))
	for b.Loop() {
		if _, err := qr.Parse(two); err != nil {
			b.Fatal(err)
		}
	}
}
