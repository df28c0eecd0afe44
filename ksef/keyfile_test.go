package ksef

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// keyData reads a file made by OpenSSL 3 for these tests only; the key in all
// of them is the same and names an invented person.
func keyData(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "keys", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

var keyPassword, filePassword = NewSecret("zażółć"), NewSecret("secret")

// checkKey wants the key of the tests with its certificate, able to sign.
func checkKey(t *testing.T, k *KeyFile, err error, others int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if k.Certificate.Subject.CommonName != "Anna Testowa" || len(k.Chain) != others {
		t.Errorf("certificate of %s, %d others", k.Certificate.Subject.CommonName, len(k.Chain))
	}
	if _, err := xades.Sign([]byte("<a/>"), k.Signer, k.Certificate, xades.Options{SigningTime: time.Now()}); err != nil {
		t.Error(err)
	}
}

func TestReadPEM(t *testing.T) {
	tests := []struct {
		cert, key string
		password  Secret
		others    int
	}{
		{"leaf.crt", "aes256.key", keyPassword, 0},
		{"leaf.crt", "aes128.key", keyPassword, 0},
		{"leaf.crt", "des3.key", keyPassword, 0},
		{"chain.crt", "plain.key", Secret{}, 1},
		{"chain.crt", "sec1.key", Secret{}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			k, err := ReadPEM(keyData(t, tt.cert), keyData(t, tt.key), tt.password)
			checkKey(t, k, err, tt.others)
			cert, _ := pem.Decode(keyData(t, "leaf.crt"))
			key, _ := pem.Decode(keyData(t, tt.key))
			if strings.HasSuffix(key.Type, "PRIVATE KEY") {
				k, err = ReadPEM(cert.Bytes, key.Bytes, tt.password) // DER
				checkKey(t, k, err, 0)
			}
		})
	}
}

func TestReadPEMRefuses(t *testing.T) {
	leaf := keyData(t, "leaf.crt")
	tests := []struct {
		name      string
		cert, key []byte
		password  Secret
		is        error
		says      string
	}{
		{"wrong password", leaf, keyData(t, "aes256.key"), NewSecret("Zażółć"), ErrWrongPassword, "wrong password"},
		{"no password", leaf, keyData(t, "aes256.key"), Secret{}, ErrWrongPassword, "wrong password"},
		{"old scheme", leaf, keyData(t, "old.key"), keyPassword, ErrInvalidArgument, "openssl pkcs8 -topk8 -v2 aes256"},
		{"scrypt", leaf, keyData(t, "scrypt.key"), keyPassword, ErrInvalidArgument, "openssl pkcs8 -topk8 -v2 aes256"},
		{"outdated PEM", leaf, keyData(t, "dek.key"), keyPassword, ErrInvalidArgument, "outdated way"},
		{"certificate of another key", keyData(t, "ca.crt"), keyData(t, "plain.key"), Secret{}, ErrInvalidArgument, "none of the certificates belongs"},
		{"no certificate", keyData(t, "plain.key"), keyData(t, "plain.key"), Secret{}, ErrInvalidArgument, "certificate is unreadable"},
		{"no key", leaf, leaf, Secret{}, ErrInvalidArgument, "private key is unreadable"},
		{"too large", leaf, make([]byte, maxKeyFile+1), Secret{}, ErrInvalidArgument, "larger than 1 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadPEM(tt.cert, tt.key, tt.password)
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestReadPKCS12(t *testing.T) {
	for _, name := range []string{"modern.p12", "legacy.p12"} {
		t.Run(name, func(t *testing.T) {
			k, err := ReadPKCS12(keyData(t, name), filePassword)
			checkKey(t, k, err, 1)
		})
	}
	k, err := ReadPEM(keyData(t, "chain.crt"), keyData(t, "plain.key"), Secret{})
	if err != nil {
		t.Fatal(err)
	}
	encoders := map[string]*pkcs12.Encoder{"AES": pkcs12.Modern2023, "3DES": pkcs12.LegacyDES, "RC2": pkcs12.LegacyRC2, "PBMAC1": pkcs12.Modern2026}
	for name, encoder := range encoders {
		t.Run(name, func(t *testing.T) {
			// The issuer first and the owner's certificate behind it, as some
			// programs write them.
			file, err := encoder.Encode(k.Signer, k.Chain[0], []*x509.Certificate{k.Certificate}, "secret")
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadPKCS12(file, filePassword)
			checkKey(t, got, err, 1)
			if _, err := ReadPKCS12(file, NewSecret("Secret")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("wrong password: %v", err)
			}
		})
	}
}

func TestReadPKCS12Refuses(t *testing.T) {
	modern := keyData(t, "modern.p12")
	tests := []struct {
		name string
		file []byte
		is   error
		says string
	}{
		{"no key", keyData(t, "certonly.p12"), ErrInvalidArgument, "no private key"},
		{"cut", modern[:len(modern)/2], ErrInvalidArgument, "damaged"},
		{"empty", nil, ErrInvalidArgument, "no PKCS #12 file"},
		{"PEM", keyData(t, "leaf.crt"), ErrInvalidArgument, "no PKCS #12 file"},
		{"BER", []byte{0x30, 0x80, 0, 0}, ErrInvalidArgument, "BER"},
		{"too large", make([]byte, maxKeyFile+1), ErrInvalidArgument, "larger than 1 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadPKCS12(tt.file, filePassword)
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// TestLoginWithKeyFiles logs in with a key from a file, in every context.
func TestLoginWithKeyFiles(t *testing.T) {
	contexts := []ContextID{
		NIPContext(testNIP), InternalIDContext(sampleUnit), {ContextNIPVATUE, string(testNIP) + "-ATU12345678"}, PeppolContext("PPL123456"),
	}
	for _, id := range contexts {
		t.Run(string(id.Type), func(t *testing.T) {
			f := newFake(t)
			k, err := ReadPKCS12(keyData(t, "modern.p12"), filePassword)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.client(Config{}).Login(t.Context(), k.Credential(id)); err != nil {
				t.Fatal(err)
			}
			if want := "<" + string(id.Type) + ">" + id.Value + "</" + string(id.Type) + ">"; !strings.Contains(string(f.authDoc), want) {
				t.Errorf("document without %s", want)
			}
		})
	}
}

func FuzzReadPEM(f *testing.F) {
	leaf := keyData(f, "leaf.crt")
	for _, name := range []string{"aes256.key", "des3.key", "old.key", "plain.key", "dek.key"} {
		f.Add(keyData(f, name))
		if block, _ := pem.Decode(keyData(f, name)); block != nil {
			f.Add(block.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, key []byte) {
		k, err := ReadPEM(leaf, key, Secret{})
		if (k == nil) == (err == nil) {
			t.Errorf("key %v, error %v", k, err)
		}
	})
}
