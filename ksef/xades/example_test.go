package xades_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// A login document for the test environment, signed with a certificate made on
// the spot.
func ExampleSign() {
	now := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Firma sp. z o.o.", NIP: "1234563218"}, key, now)
	if err != nil {
		panic(err)
	}
	doc := []byte(`<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1">…</AuthTokenRequest>`)
	signed, err := xades.Sign(doc, key, cert, xades.Options{SigningTime: now})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.HasSuffix(string(signed), "</ds:Signature></AuthTokenRequest>"))
	// Output: true
}

// Verify returns what was signed and by whom; read the content, not the input.
func ExampleVerify() {
	signed, now := exampleDocument()
	v, err := xades.Verify(signed, xades.VerifyOptions{Now: now})
	if err != nil {
		panic(err)
	}
	who, err := xades.SubjectOf(v.Certificate)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", v.Content)
	fmt.Println(who.NIP, v.SigningTime.Format(time.DateTime))
	// Output:
	// <a><b>1</b></a>
	// 1234563218 2026-03-02 09:30:00
}

// Every refusal names the rule and the code with which the KSeF answers.
func ExampleVerify_refused() {
	signed, now := exampleDocument()
	forged := strings.Replace(string(signed), "<b>1</b>", "<b>2</b>", 1)
	_, err := xades.Verify([]byte(forged), xades.VerifyOptions{Now: now})
	var e *xades.Error
	if errors.As(err, &e) {
		fmt.Println(e.Rule, e.Rule.KSeFCode())
	}
	// Output: reference.digest 9105
}

// Trust is a pool of roots, as in crypto/x509.
func ExampleVerify_trust() {
	signed, now := exampleDocument()
	_, err := xades.Verify(signed, xades.VerifyOptions{Now: now, Roots: x509.NewCertPool()})
	fmt.Println(errors.Is(err, &xades.Error{Rule: xades.RuleTrust}))
	// Output: true
}

func ExampleCanonicalize() {
	form, err := xades.Canonicalize([]byte(`<a  c='2' b="1"><!-- note --><d/></a>`), xades.Exclusive)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", form)
	// Output: <a b="1" c="2"><d></d></a>
}

func exampleDocument() (signed []byte, now time.Time) {
	now = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Firma", NIP: "1234563218"}, key, now)
	if err != nil {
		panic(err)
	}
	signed, err = xades.Sign([]byte(`<a><b>1</b></a>`), key, cert, xades.Options{SigningTime: now})
	if err != nil {
		panic(err)
	}
	return signed, now
}
