package xades_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// FuzzVerify: no input panics, every refusal has a rule, and nothing is accepted
// without a signer and a content.
func FuzzVerify(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "login_p256.xml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add([]byte(loginDoc))
	f.Add([]byte(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>`))
	f.Add(bytes.ReplaceAll(golden, []byte("xml-exc-c14n#"), []byte("xml-exc-c14n#WithComments")))
	f.Add(bytes.Replace(golden, []byte(`URI=""`), []byte(`URI="#SignedProperties"`), 1))
	f.Fuzz(func(t *testing.T, doc []byte) {
		opt := xades.VerifyOptions{Now: signedAt, MaxSize: 1 << 16}
		got, err := xades.Verify(doc, opt)
		if err != nil {
			var e *xades.Error
			if !errors.As(err, &e) || e.Rule == "" {
				t.Fatalf("error without a rule: %v", err)
			}
			sealed, sealErr := xades.Seal(doc, ecKey())
			if sealErr != nil {
				return
			}
			if got, err = xades.Verify(sealed, opt); err != nil { // a forger with the key gets further
				return
			}
		}
		if got.Certificate == nil || len(got.Content) == 0 {
			t.Fatalf("accepted without a certificate or content")
		}
	})
}

// FuzzSign: whatever can be signed verifies, with the same content.
func FuzzSign(f *testing.F) {
	for _, doc := range signedDocuments {
		f.Add([]byte(doc))
	}
	cert := seal(f, ecKey())
	f.Fuzz(func(t *testing.T, doc []byte) {
		signed, err := xades.Sign(doc, ecKey(), cert, xades.Options{SigningTime: signedAt})
		if err != nil {
			return
		}
		got, err := xades.Verify(signed, xades.VerifyOptions{Now: signedAt})
		if err != nil {
			t.Fatalf("our own signature is refused: %v\n%s", err, signed)
		}
		want, err := xades.Canonicalize(doc, xades.Exclusive)
		if err != nil {
			t.Fatal(err)
		}
		content, err := xades.Canonicalize(got.Content, xades.Exclusive)
		if err != nil {
			// Comments between "]]" and ">" may leave a content that no reader
			// accepts, which is safe.
			return
		}
		if !bytes.Equal(want, content) {
			t.Fatalf("content changed:\n%s\n%s", want, content)
		}
	})
}
