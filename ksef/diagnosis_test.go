package ksef

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// TestSignaturesAreCheckedBeforeTheyAreSent breaks what a signing step returns
// in the ways that happen, and wants the rule by name and nothing sent.
func TestSignaturesAreCheckedBeforeTheyAreSent(t *testing.T) {
	key, cert := seal(t, false)
	sign := func(doc []byte) []byte {
		signed, err := xades.Sign(doc, key, cert, xades.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	swap := func(old, replacement string) func([]byte) []byte {
		return func(doc []byte) []byte { return bytes.Replace(sign(doc), []byte(old), []byte(replacement), 1) }
	}
	tests := []struct {
		name string
		sign func(doc []byte) []byte
		rule xades.Rule
		code ErrorCode
	}{
		{"nothing signed", bytes.Clone, xades.RuleNoSignature, CodeSignatureMissing},
		{"no XML", func([]byte) []byte { return []byte("signed!") }, xades.RuleDocument, CodeInvalidDocument},
		{"changed after signing", swap("5265877635</Nip>", "1111111111</Nip>"), xades.RuleDigest, CodeInvalidSignature},
		{"reformatted after signing", swap("<ContextIdentifier>", "\n <ContextIdentifier>"), xades.RuleDigest, CodeInvalidSignature},
		{"changed before signing", func(doc []byte) []byte {
			return sign(bytes.Replace(doc, []byte("5265877635"), []byte("1111111111"), 1))
		}, SignedDocumentChanged, CodeSchemaViolation},
		{"another document", func([]byte) []byte { return sign([]byte("<a/>")) }, SignedDocumentChanged, CodeSchemaViolation},
		{"SHA-1", swap("xmldsig-more#ecdsa-sha256", "xmldsig-more#ecdsa-sha1"), xades.RuleAlgorithm, CodeInvalidSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			external := ExternalCredential{Context: NIPContext(testNIP), Sign: func(_ context.Context, doc []byte) ([]byte, error) { return tt.sign(doc), nil }}
			_, err := f.client(Config{}).Login(t.Context(), external)
			s, ok := errors.AsType[*SignatureError](err)
			if !ok || s.Rule != tt.rule || s.Code != tt.code || s.Remedy == "" || !strings.Contains(err.Error(), s.Remedy) || !errors.Is(err, ErrInvalidArgument) {
				t.Fatalf("err = %v", err)
			}
			if n := f.calls("POST /v2/auth/xades-signature"); n != 0 {
				t.Errorf("%d documents sent", n)
			}
		})
	}
}

// TestSignatureOnItsOwnLine: blanks that a signing program adds are no change.
func TestSignatureOnItsOwnLine(t *testing.T) {
	key, cert := seal(t, true)
	external := ExternalCredential{Context: NIPContext(testNIP), Sign: func(_ context.Context, doc []byte) ([]byte, error) {
		return xades.Sign(bytes.ReplaceAll(doc, []byte("><"), []byte(">\n  <")), key, cert, xades.Options{})
	}}
	if _, err := newFake(t).client(Config{}).Login(t.Context(), external); err != nil {
		t.Error(err)
	}
}

// TestCertificateWithoutNumber needs a login by fingerprint.
func TestCertificateWithoutNumber(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Anna Testowa", Country: []string{"DE"}}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	credential := XAdESCredential{Context: NIPContext(testNIP), Signer: key, Certificate: cert}
	_, err = newFake(t).client(Config{}).Login(t.Context(), credential)
	if s, ok := errors.AsType[*SignatureError](err); !ok || s.Rule != xades.RuleSubject || s.Code != CodeSubjectTypeConflict || !strings.Contains(s.Remedy, "ByFingerprint") {
		t.Errorf("by subject: %v", err)
	}
	credential.Subject = ByFingerprint
	if _, err := newFake(t).client(Config{}).Login(t.Context(), credential); err != nil {
		t.Errorf("by fingerprint: %v", err)
	}
}

// TestUncheckedSignatures leave the judgement to KSeF.
func TestUncheckedSignatures(t *testing.T) {
	f := newFake(t)
	f.failNext("POST /v2/auth/xades-signature", 1, 400, problem(9105))
	external := ExternalCredential{Context: NIPContext(testNIP), Unchecked: true, Sign: func(_ context.Context, doc []byte) ([]byte, error) { return doc, nil }}
	_, err := f.client(Config{}).Login(t.Context(), external)
	if e, ok := errors.AsType[*Error](err); !ok || !e.Has(CodeInvalidSignature) {
		t.Errorf("err = %v", err)
	}
}

func TestEveryRuleHasARemedy(t *testing.T) {
	for _, rule := range []xades.Rule{
		xades.RuleDocument, xades.RuleNoSignature, xades.RuleManySignatures, xades.RuleStructure, xades.RuleProfile, xades.RuleAlgorithm,
		xades.RuleDuplicateID, xades.RuleReference, xades.RuleTransform, xades.RuleDigest, xades.RuleSignatureValue, xades.RuleCertificate,
		xades.RuleCertificateDigest, xades.RuleKey, xades.RuleValidity, xades.RuleTrust, xades.RuleSubject, SignedDocumentChanged,
	} {
		if remedies[rule] == "" {
			t.Errorf("no remedy for %s", rule)
		}
	}
}
