package qr_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/ksef/qr"
)

const document = `<Faktura><Podmiot1><DaneIdentyfikacyjne><NIP>1234563218</NIP></DaneIdentyfikacyjne></Podmiot1><Fa><P_1>2026-11-22</P_1></Fa></Faktura>`

func ExampleNewCodeI() {
	code, err := qr.NewCodeI(qr.Production, []byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	link, _ := code.Link()
	fmt.Println(link)
	fmt.Println(qr.Label(""), qr.Label("1234563218-20261123-0A1B2C3D4E5F-E1"))
	// Output:
	// https://qr.ksef.mf.gov.pl/invoice/1234563218/22-11-2026/u14qqTFwhwuQg0WKV_MLR7tIuOyOt7EUVOhTgxuwP7A
	// OFFLINE 1234563218-20261123-0A1B2C3D4E5F-E1
}

func ExampleSigner_Sign() {
	issued := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)
	key, certificate := offlineCertificate(issued)
	code, err := qr.NewCodeII(qr.Test, qr.NIPContext("1234563218"), []byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err = qr.Signer{Certificate: certificate, Key: key}.Sign(code, issued)
	if err != nil {
		fmt.Println(err)
		return
	}
	link, _ := code.Link()
	fmt.Println(link[:strings.LastIndexByte(link, '/')])
	fmt.Println(qr.LabelCertificate)
	fmt.Println("verified:", code.Verify(certificate, []byte(document), issued) == nil)
	// Output:
	// https://qr-test.ksef.mf.gov.pl/certificate/Nip/1234563218/1234563218/000000000000CAFE/u14qqTFwhwuQg0WKV_MLR7tIuOyOt7EUVOhTgxuwP7A
	// CERTYFIKAT
	// verified: true
}

func ExampleParse() {
	code, err := qr.Parse("https://qr.ksef.mf.gov.pl/invoice/1234563218/22-11-2026/u14qqTFwhwuQg0WKV_MLR7tIuOyOt7EUVOhTgxuwP7A")
	if err != nil {
		fmt.Println(err)
		return
	}
	switch code := code.(type) {
	case qr.CodeI:
		fmt.Println("seller", code.Seller, "issued", code.Issued)
		fmt.Println("same document:", code.Verify([]byte(document)) == nil)
	case qr.CodeII:
		fmt.Println("certificate", code.Serial)
	}
	_, err = qr.Parse("https://qr-ksef.example/invoice/1234563218/22-11-2026/u14qqTFwhwuQg0WKV_MLR7tIuOyOt7EUVOhTgxuwP7A")
	if e, ok := errors.AsType[*qr.Error](err); ok {
		fmt.Println(e.Polish())
	}
	// Output:
	// seller 1234563218 issued 2026-11-22
	// same document: true
	// adres nie należy do żadnego środowiska KSeF: nie otwieraj linku, poproś wystawcę o nową fakturę
}

// offlineCertificate stands in for a certificate that KSeF issued.
func offlineCertificate(now time.Time) (*ecdsa.PrivateKey, *x509.Certificate) {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xCAFE), Subject: pkix.Name{CommonName: "Piekarnia Kłos"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageContentCommitment,
	}
	der, _ := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	certificate, _ := x509.ParseCertificate(der)
	return key, certificate
}
