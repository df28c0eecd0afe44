package xades_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

func reseal(t *testing.T, doc string) string {
	t.Helper()
	out, err := xades.Seal([]byte(doc), ecKey())
	if err != nil {
		t.Fatalf("cannot seal the forgery: %v", err)
	}
	return string(out)
}

func TestVerifyRefuses(t *testing.T) {
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	if _, err := xades.Verify([]byte(good), xades.VerifyOptions{Now: signedAt}); err != nil {
		t.Fatalf("control: %v", err)
	}
	for _, f := range forgeries {
		t.Run(f.name, func(t *testing.T) {
			doc := f.change(t, good)
			if f.reseal {
				doc = reseal(t, doc)
			}
			_, err := xades.Verify([]byte(doc), xades.VerifyOptions{Now: signedAt})
			wantRule(t, err, f.rule)
		})
	}
}

// TestSealMakesValid: the forger of these tests makes valid signatures when
// there is nothing to object to.
func TestSealMakesValid(t *testing.T) {
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	doc := reseal(t, replace(t, good, "1234563218", "5260250274"))
	if _, err := xades.Verify([]byte(doc), xades.VerifyOptions{Now: signedAt}); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyEveryByte changes every byte of a signed document: whatever is still
// accepted reads exactly the same.
func TestVerifyEveryByte(t *testing.T) {
	good := []byte(sign(t, loginDoc, ecKey(), seal(t, ecKey())))
	want, err := xades.Canonicalize([]byte(loginDoc), xades.Exclusive)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for i := range good {
		doc := bytes.Clone(good)
		doc[i] ^= 0x01
		got, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt})
		var e *xades.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("byte %d: error without a rule: %v", i, err)
		}
		if err != nil {
			continue
		}
		accepted++
		content, err := xades.Canonicalize(got.Content, xades.Exclusive)
		if err != nil || !bytes.Equal(content, want) {
			t.Fatalf("byte %d: accepted with other content (%v): %s", i, err, content)
		}
	}
	if accepted > 8 {
		t.Errorf("%d changes accepted, want hardly any", accepted)
	}
}

func TestVerifyValidity(t *testing.T) {
	cert := seal(t, ecKey())
	doc := []byte(sign(t, loginDoc, ecKey(), cert))
	tests := []struct {
		name string
		now  time.Time
		ok   bool
	}{
		{"first instant", cert.NotBefore, true},
		{"last instant", cert.NotAfter, true},
		{"expired", cert.NotAfter.Add(time.Second), false},
		{"not yet valid", cert.NotBefore.Add(-time.Second), false},
		{"no clock", time.Time{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := xades.Verify(doc, xades.VerifyOptions{Now: tt.now})
			if tt.ok != (err == nil) {
				t.Fatalf("got %v", err)
			}
			if !tt.ok {
				wantRule(t, err, xades.RuleValidity)
			}
		})
	}
	late, err := xades.Sign([]byte(loginDoc), ecKey(), cert, xades.Options{SigningTime: cert.NotAfter.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = xades.Verify(late, xades.VerifyOptions{})
	wantRule(t, err, xades.RuleValidity)
}

func TestVerifyKeys(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, loginDoc, ecKey(), seal(t, ecKey()))
	t.Run("RSA 1024", func(t *testing.T) {
		doc := replace(t, good, "ecdsa-sha256", "rsa-sha256")
		wantRule(t, verifyWith(t, doc, small, foreignCertificate(t, small, nil)), xades.RuleKey)
	})
	t.Run("P-224", func(t *testing.T) {
		key := curveKey(t, elliptic.P224())
		wantRule(t, verifyWith(t, good, key, foreignCertificate(t, key, nil)), xades.RuleKey)
	})
	t.Run("key for encryption", func(t *testing.T) {
		cert := foreignCertificate(t, ecKey(), func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
		wantRule(t, verifyWith(t, good, ecKey(), cert), xades.RuleCertificate)
	})
	t.Run("key for commitments", func(t *testing.T) {
		cert := foreignCertificate(t, ecKey(), func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment })
		if err := verifyWith(t, good, ecKey(), cert); err != nil {
			t.Error(err)
		}
	})
}

// verifyWith puts another certificate into a document, describes it properly and
// signs again.
func verifyWith(t *testing.T, doc string, key crypto.Signer, cert *x509.Certificate) error {
	t.Helper()
	sum := sha256.Sum256(cert.Raw)
	doc = withCertDigest(t, withCertificate(t, doc, cert.Raw), sum[:])
	number := between(t, doc, "<ds:X509SerialNumber>", "</ds:X509SerialNumber>")
	doc = replace(t, doc, number, "<ds:X509SerialNumber>"+cert.SerialNumber.String()+"</ds:X509SerialNumber>")
	sealed, err := xades.Seal([]byte(doc), key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = xades.Verify(sealed, xades.VerifyOptions{Now: signedAt})
	return err
}

func TestVerifyTrust(t *testing.T) {
	rootKey, middleKey := curveKey(t, elliptic.P256()), curveKey(t, elliptic.P384())
	ca := func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
		c.Subject.CommonName = "Urząd główny"
	}
	root := foreignCertificate(t, rootKey, ca)
	middle := issue(t, root, rootKey, middleKey, func(c *x509.Certificate) {
		ca(c)
		c.Subject.CommonName = "Urząd pośredni"
	})
	leaf := issue(t, middle, middleKey, ecKey(), func(c *x509.Certificate) { c.Subject.CommonName = "Pieczęć" })
	doc := []byte(sign(t, loginDoc, ecKey(), leaf))

	roots, middles, strangers := x509.NewCertPool(), x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	middles.AddCert(middle)
	strangers.AddCert(seal(t, rsaKey()))

	t.Run("no roots", func(t *testing.T) {
		if _, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt}); err != nil {
			t.Error(err)
		}
	})
	t.Run("chain given", func(t *testing.T) {
		if _, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt, Roots: roots, Intermediates: middles}); err != nil {
			t.Error(err)
		}
	})
	t.Run("chain in the signature", func(t *testing.T) {
		der := base64.StdEncoding.EncodeToString(middle.Raw)
		with := replace(t, string(doc), "</ds:X509Certificate>", "</ds:X509Certificate><ds:X509Certificate>"+der+"</ds:X509Certificate>")
		got, err := xades.Verify([]byte(with), xades.VerifyOptions{Now: signedAt, Roots: roots})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Others) != 1 || !got.Others[0].Equal(middle) {
			t.Errorf("got %d other certificates", len(got.Others))
		}
	})
	t.Run("decided later", func(t *testing.T) {
		got, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt})
		if err != nil {
			t.Fatal(err)
		}
		if err := got.CheckTrust(roots, middles, signedAt); err != nil {
			t.Error(err)
		}
		wantRule(t, got.CheckTrust(roots, nil, signedAt), xades.RuleTrust)
		wantRule(t, got.CheckTrust(nil, middles, signedAt), xades.RuleTrust)
		wantRule(t, got.CheckTrust(roots, middles, signedAt.AddDate(5, 0, 0)), xades.RuleTrust)
	})
	t.Run("chain missing", func(t *testing.T) {
		_, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt, Roots: roots})
		wantRule(t, err, xades.RuleTrust)
	})
	t.Run("another root", func(t *testing.T) {
		_, err := xades.Verify(doc, xades.VerifyOptions{Now: signedAt, Roots: strangers, Intermediates: middles})
		wantRule(t, err, xades.RuleTrust)
	})
}

func TestVerifySize(t *testing.T) {
	doc := []byte(sign(t, loginDoc, ecKey(), seal(t, ecKey())))
	if _, err := xades.Verify(doc, xades.VerifyOptions{MaxSize: len(doc)}); err != nil {
		t.Error(err)
	}
	_, err := xades.Verify(doc, xades.VerifyOptions{MaxSize: len(doc) - 1})
	wantRule(t, err, xades.RuleDocument)
}

// TestVerifyManyElements: a document of tiny elements does not fill the memory.
func TestVerifyManyElements(t *testing.T) {
	_, err := xades.Verify([]byte("<a>"+strings.Repeat("<b/>", 1<<20)+"</a>"), xades.VerifyOptions{})
	wantRule(t, err, xades.RuleDocument)
}

func TestErrorIs(t *testing.T) {
	_, err := xades.Verify([]byte(loginDoc), xades.VerifyOptions{})
	if !errors.Is(err, &xades.Error{Rule: xades.RuleNoSignature}) {
		t.Errorf("%v is not RuleNoSignature", err)
	}
	if errors.Is(err, &xades.Error{Rule: xades.RuleDigest}) {
		t.Errorf("%v is RuleDigest", err)
	}
	if strings.Contains(err.Error(), string(testNIP)) {
		t.Error("the error repeats the document")
	}
}

func TestRuleCodes(t *testing.T) {
	for rule, want := range map[xades.Rule]int{
		xades.RuleDocument: 9101, xades.RuleNoSignature: 9102, xades.RuleManySignatures: 9103,
		xades.RuleStructure: 9105, xades.RuleProfile: 9105, xades.RuleAlgorithm: 9105, xades.RuleDuplicateID: 9105,
		xades.RuleReference: 9105, xades.RuleTransform: 9105, xades.RuleDigest: 9105, xades.RuleSignatureValue: 9105,
		xades.RuleCertificate: 21115, xades.RuleCertificateDigest: 21115, xades.RuleKey: 21115,
		xades.RuleValidity: 21115, xades.RuleTrust: 21115, xades.RuleSubject: 21406,
	} {
		if got := rule.KSeFCode(); got != want {
			t.Errorf("%s: code %d, want %d", rule, got, want)
		}
	}
}
