package ksef

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

func newKey(t testing.TB) *sessionKey {
	t.Helper()
	k, err := newSessionKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestPayload(t *testing.T) {
	k := newKey(t)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(
			rapid.IntRange(0, 70),
			rapid.IntRange(encryptChunk-17, encryptChunk+17),
			rapid.IntRange(2*encryptChunk-17, 3*encryptChunk+17),
		).Draw(t, "size")
		xml := bytes.Repeat([]byte("0123456789abcdef<"), size/17+1)[:size]
		opt := SendOptions{Offline: rapid.Bool().Draw(t, "offline")}
		if rapid.Bool().Draw(t, "correction") {
			opt.CorrectedHash = &[32]byte{1, 2, 3}
		}
		var got SendInvoiceRequest
		dec := json.NewDecoder(bytes.NewReader(k.payload(xml, opt)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		plain, sum := sha256.Sum256(xml), sha256.Sum256(got.EncryptedInvoiceContent)
		want := SendInvoiceRequest{
			InvoiceHash: plain[:], InvoiceSize: int64(size),
			EncryptedInvoiceHash: sum[:], EncryptedInvoiceSize: int64((size/16 + 1) * 16),
			EncryptedInvoiceContent: got.EncryptedInvoiceContent, OfflineMode: opt.Offline,
		}
		if opt.CorrectedHash != nil {
			want.HashOfCorrectedInvoice = opt.CorrectedHash[:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if back := decrypt(k.key[:], k.iv[:], got.EncryptedInvoiceContent); !bytes.Equal(back, xml) {
			t.Fatalf("decrypted %d bytes, want %d", len(back), len(xml))
		}
	})
}

func TestCipherSizesOfTheDocumentation(t *testing.T) {
	var vectors struct {
		AESCBCSizes struct {
			Vectors []struct{ Plain, Cipher int }
		} `json:"aesCbcSizes"`
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.AESCBCSizes.Vectors {
		if got := cipherLen(v.Plain); got != v.Cipher {
			t.Errorf("cipherLen(%d) = %d, want %d", v.Plain, got, v.Cipher)
		}
	}
}

func TestTokenPlaintextOfTheDocumentation(t *testing.T) {
	var vectors struct {
		TokenPlaintext []struct {
			KSeFToken   string `json:"ksefToken"`
			TimestampMs int64
			Plaintext   string
		}
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.TokenPlaintext {
		if got := tokenPlaintext(v.KSeFToken, v.TimestampMs); string(got) != v.Plaintext {
			t.Errorf("tokenPlaintext = %q", got)
		}
		if got := tokenReference(v.KSeFToken); len(got) != 36 {
			t.Errorf("tokenReference = %q", got)
		}
	}
}

func TestEverySessionHasItsOwnKey(t *testing.T) {
	a, b := newKey(t), newKey(t)
	if a.key == b.key || a.iv == b.iv || bytes.Equal(a.key[:], make([]byte, 32)) {
		t.Error("key or vector is not random")
	}
	if _, err := newSessionKey(iotest.ErrReader(errors.New("dry"))); err == nil {
		t.Error("a key was made without randomness")
	}
}

func TestWrapIsOAEPWithSHA256(t *testing.T) {
	k := newKey(t)
	info, err := k.wrap(rand.Reader, publicKey{id: "id", key: &rsaKey().PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	back, err := rsa.DecryptOAEP(sha256.New(), nil, rsaKey(), info.EncryptedSymmetricKey, nil)
	if err != nil || !bytes.Equal(back, k.key[:]) || !bytes.Equal(info.InitializationVector, k.iv[:]) || info.PublicKeyID != "id" {
		t.Errorf("unwrapped %d bytes, %v", len(back), err)
	}
	longest := bytes.Repeat([]byte("x"), maxTokenLen+1+13)
	if _, err := encryptOAEP(rand.Reader, &rsaKey().PublicKey, longest); err != nil {
		t.Errorf("the longest token does not fit: %v", err)
	}
}

var invoiceSizes = []int{2_200, 20_000, 1_000_000}

// BenchmarkPayload against BenchmarkPayloadBare is the price of the request
// over its cryptography.
func BenchmarkPayload(b *testing.B) {
	k := newKey(b)
	for _, size := range invoiceSizes {
		xml := bytes.Repeat([]byte("x"), size)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				k.payload(xml, SendOptions{})
			}
		})
	}
}

// BenchmarkPayloadBare hashes, encrypts, hashes and encodes into buffers made
// beforehand, and builds nothing.
func BenchmarkPayloadBare(b *testing.B) {
	k := newKey(b)
	for _, size := range invoiceSizes {
		xml := bytes.Repeat([]byte("x"), size/16*16)
		ciphertext := make([]byte, len(xml))
		encoded := make([]byte, base64.StdEncoding.EncodedLen(len(xml)))
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				sha256.Sum256(xml)
				cipher.NewCBCEncrypter(k.block, k.iv[:]).CryptBlocks(ciphertext, xml)
				sha256.Sum256(ciphertext)
				base64.StdEncoding.Encode(encoded, ciphertext)
			}
		})
	}
}

// BenchmarkSend is a whole send call without a network.
func BenchmarkSend(b *testing.B) {
	c, err := New(Config{Environment: Custom("http://ksef.test"), HTTP: &http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			body := io.NopCloser(strings.NewReader(`{"referenceNumber":"` + testInvoice + `"}`))
			return &http.Response{StatusCode: 202, Header: http.Header{}, Body: body, ContentLength: -1, Request: r}, nil
		}),
	}})
	if err != nil {
		b.Fatal(err)
	}
	a := newAccount(c, nil, &grant{access: TokenInfo{NewSecret("x"), time.Now().Add(24 * time.Hour)}})
	s := &OnlineSession{account: a, opened: OpenedSession{Reference: testSession}, key: newKey(b)}
	for _, size := range invoiceSizes[:2] {
		xml := bytes.Repeat([]byte("x"), size)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := s.Send(b.Context(), xml, SendOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
