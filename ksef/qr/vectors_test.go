package qr_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/qr"
	"github.com/faktupro/faktupro-go/pl"
)

// TestSignatures reads links whose signatures were made by OpenSSL.
func TestSignatures(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		Name, Document, Base, ContextType, ContextValue, SignedText, Link, PublicKey string

		Seller  pl.NIP
		Serial  string
		Refused map[string]string // links that must not verify
	}
	raw, err := os.ReadFile("testdata/signatures.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, v := range vectors {
		public := publicKey(t, v.PublicKey)
		code := parseII(t, v.Link)
		want := qr.CodeII{
			Base: v.Base, Context: qr.Context{Type: qr.ContextType(v.ContextType), Value: v.ContextValue},
			Seller: v.Seller, Serial: v.Serial, Hash: qr.HashOf([]byte(v.Document)),
		}
		if text, err := want.SignedText(); err != nil || text != v.SignedText {
			t.Errorf("%s: signed text %s, %v", v.Name, text, err)
		}
		if text, err := code.SignedText(); err != nil || text != v.SignedText {
			t.Errorf("%s: signed text of the link %s, %v", v.Name, text, err)
		}
		if err := code.VerifySignature(public); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		for why, link := range v.Refused {
			refused++
			if got := rule(parseII(t, link).VerifySignature(public)); got != qr.RuleSignature {
				t.Errorf("%s, %s: %q", v.Name, why, got)
			}
		}
	}
	if len(vectors) < 4 || refused < 5 {
		t.Errorf("%d vectors, %d to refuse", len(vectors), refused)
	}
}

// TestReferenceLinks compares with the examples of the Ministry.
func TestReferenceLinks(t *testing.T) {
	t.Parallel()
	var v struct {
		InvoiceHashEncodings []struct{ Base64, Base64URLNoPadding string }
		QRCode1              []struct {
			BaseURL, InvoiceHashBase64Url, URL string
			SellerNip                          pl.NIP
			IssueDateP1                        pl.Date
		}
		QRCode2 []struct {
			CertificateSerial, StringToSign, URL, LabelUnderCode, PublicKeySpkiBase64 string
		}
		KsefCertificateExample struct{ CertificateDerBase64, SerialHex16 string }
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	for _, e := range v.InvoiceHashEncodings {
		raw, err := base64.StdEncoding.DecodeString(e.Base64)
		if err != nil || qr.Hash(raw).String() != e.Base64URLNoPadding {
			t.Errorf("hash %s: %v", e.Base64, err)
		}
	}
	for _, e := range v.QRCode1 {
		raw, err := base64.RawURLEncoding.DecodeString(e.InvoiceHashBase64Url)
		if err != nil {
			t.Fatal(err)
		}
		made, err := qr.CodeI{Base: e.BaseURL, Seller: e.SellerNip, Issued: e.IssueDateP1, Hash: qr.Hash(raw)}.Link()
		if err != nil || made != e.URL {
			t.Errorf("link %s, %v; want %s", made, err, e.URL)
		}
		read, err := qr.Parse(e.URL)
		if err != nil || read.(qr.CodeI).Issued != e.IssueDateP1 {
			t.Errorf("%s: %v, %v", e.URL, read, err)
		}
	}
	raw, err := base64.StdEncoding.DecodeString(v.KsefCertificateExample.CertificateDerBase64)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil || qr.Serial(cert) != v.KsefCertificateExample.SerialHex16 {
		t.Fatalf("certificate: %v", err)
	}
	for _, e := range v.QRCode2 {
		code := parseII(t, e.URL)
		if text, err := code.SignedText(); err != nil || text != e.StringToSign || code.Serial != e.CertificateSerial || e.LabelUnderCode != qr.LabelCertificate {
			t.Errorf("%s: %s, %v", e.URL, text, err)
		}
		if err := code.VerifySignature(publicKey(t, e.PublicKeySpkiBase64)); err != nil {
			t.Error(err)
		}
		// The example was signed with a certificate for logging in.
		if got := rule(code.VerifyIssuer(cert, cert.NotBefore)); got != qr.RulePurpose {
			t.Errorf("with the certificate of the example: %q", got)
		}
	}
	if len(v.QRCode1) == 0 || len(v.QRCode2) == 0 {
		t.Error("no vectors found: has the file changed its form?")
	}
}

// TestOpenSSL has OpenSSL verify what we sign.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: comparison with it skipped")
	}
	code := qr.CodeII{Base: qr.Test, Context: qr.NIPContext("1111111111"), Seller: "1111111111", Hash: qr.HashOf(nil)}
	for name, tt := range map[string]struct {
		key     crypto.Signer
		options []string
	}{
		"RSA":   {rsaKey(), []string{"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha256"}},
		"ECDSA": {ecKey(t, elliptic.P256()), nil},
	} {
		signer := qr.Signer{Key: tt.key, Certificate: certify(t, tt.key, x509.KeyUsageContentCommitment), DER: true}
		signed, err := signer.Sign(code, noon)
		if err != nil {
			t.Fatal(err)
		}
		text, err := signed.SignedText()
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(tt.key.Public())
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		files := map[string][]byte{
			"key": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), "text": []byte(text), "signature": signed.Signature,
		}
		for file, content := range files {
			if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		args := append([]string{"dgst", "-sha256", "-verify", "key", "-signature", "signature"}, tt.options...)
		cmd := exec.Command(program, append(args, "text")...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Verified OK") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

func publicKey(t *testing.T, spki string) crypto.PublicKey {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(spki)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := key.(*ecdsa.PublicKey); ok && k.Curve != elliptic.P256() {
		t.Fatal("vector on another curve")
	}
	return key
}

func parseII(t *testing.T, link string) qr.CodeII {
	t.Helper()
	code, err := qr.Parse(link)
	if err != nil {
		t.Fatalf("%s: %v", link, err)
	}
	second, ok := code.(qr.CodeII)
	if !ok {
		t.Fatalf("%s is read as %T", link, code)
	}
	return second
}
