package pack

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Made with: printf … | openssl enc -aes-256-cbc -K 000102…1f -iv f0f1…ff
var vectors = []struct{ plain, sealed string }{
	{"", "edaf9e57d045ac857f023f9dc238b14e"},
	{"a", "87b4284f573271cb59a5a667df164550"},
	{"<?xml version", "9f34a0c13f8712b45632eb5c2e4d7822"},
	{"0123456789abcdef", "cd951146cc74046a56c93a30e4a7cd50e5644b147420cb090229d6c7b90ed616"},
	{"0123456789abcdefg", "cd951146cc74046a56c93a30e4a7cd50beeb1658597866a117176dd303b195a4"},
	{"Zażółć gęślą jaźń, ul. Łąkowa 7", "bc536d310ae3b2ab19f134c67652a3c434a71a152547b85b0f5010414374a7102fe0eb47bc567a14de33349e5e4b29d4"},
}

func TestEncryptVectors(t *testing.T) {
	var raw, iv []byte
	for i := range 32 {
		raw = append(raw, byte(i))
	}
	for i := range 16 {
		iv = append(iv, byte(0xf0+i))
	}
	key, err := KeyOf(raw, iv)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		if got := hex.EncodeToString(key.Encrypt([]byte(v.plain))); got != v.sealed {
			t.Errorf("%q: %s", v.plain, got)
		}
		if got, err := key.Decrypt(unhex(t, v.sealed)); string(got) != v.plain || err != nil {
			t.Errorf("%q: %q %v", v.plain, got, err)
		}
	}
}

func TestEncryptedSizeAgainstReference(t *testing.T) {
	var ref struct {
		AESCBCSizes struct {
			Vectors []struct{ Plain, Cipher int64 }
		}
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.AESCBCSizes.Vectors) == 0 {
		t.Fatal("no vectors read")
	}
	key := testKey(t)
	for _, v := range ref.AESCBCSizes.Vectors {
		if got := EncryptedSize(v.Plain); got != v.Cipher {
			t.Errorf("%d: %d, want %d", v.Plain, got, v.Cipher)
		}
		if got := len(key.Encrypt(make([]byte, v.Plain))); int64(got) != v.Cipher {
			t.Errorf("%d: %d bytes, want %d", v.Plain, got, v.Cipher)
		}
	}
}

// Project Wycheproof has good and bad paddings.
func TestDecryptAgainstReference(t *testing.T) {
	var ref struct {
		TestGroups []struct {
			KeySize int
			Tests   []struct{ Key, IV, Msg, CT, Result, Comment string }
		}
	}
	if err := json.Unmarshal(refdata.File(t, "crypto-vectors", "aes_cbc_pkcs5.json"), &ref); err != nil {
		t.Fatal(err)
	}
	good, bad := 0, 0
	for _, g := range ref.TestGroups {
		if g.KeySize != 256 {
			continue
		}
		for _, v := range g.Tests {
			key, err := KeyOf(unhex(t, v.Key), unhex(t, v.IV))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := key.Decrypt(unhex(t, v.CT))
			if v.Result == "invalid" {
				bad++
				if err != ErrDecrypt || plain != nil {
					t.Errorf("%s: %v", v.Comment, err)
				}
				continue
			}
			good++
			if err != nil || !bytes.Equal(plain, unhex(t, v.Msg)) || !bytes.Equal(key.Encrypt(plain), unhex(t, v.CT)) {
				t.Errorf("%s: %v", v.Comment, err)
			}
		}
	}
	if good == 0 || bad == 0 {
		t.Fatalf("%d good and %d bad vectors read", good, bad)
	}
}

// However the plain text comes in pieces, the ciphertext is the same.
func TestSealerInPieces(t *testing.T) {
	key := testKey(t)
	plain := slices.Repeat([]byte("abcdefghijk"), 20)
	want := key.Encrypt(plain)
	for piece := 1; piece < 40; piece++ {
		s := sealer{cbc: key.encrypter()}
		for part := range slices.Chunk(plain, piece) {
			s.write(part)
		}
		s.close()
		if !bytes.Equal(s.out, want) {
			t.Errorf("pieces of %d", piece)
		}
	}
}

func TestPadding(t *testing.T) {
	block := func(fill byte, last ...byte) []byte {
		b := bytes.Repeat([]byte{fill}, 16)
		copy(b[16-len(last):], last)
		return b
	}
	tests := []struct {
		last []byte
		pad  int
		ok   bool
	}{
		{block('a', 1), 1, true},
		{block('a', 2, 2), 2, true},
		{block(16), 16, true},
		{block(2), 2, true},
		{block('a', 0), 0, false},
		{block(17), 17, false},
		{block('a', 1, 2), 2, false},
		{block(0, 3, 2, 3), 3, false},
		{block(255), 255, false},
		{append([]byte{'a'}, bytes.Repeat([]byte{16}, 15)...), 16, false},
	}
	for _, tt := range tests {
		if pad, ok := padding(tt.last); ok != tt.ok || ok && pad != tt.pad {
			t.Errorf("%x: %d %v", tt.last, pad, ok)
		}
	}
}

func TestDecryptRefuses(t *testing.T) {
	key := testKey(t)
	for _, sealed := range [][]byte{nil, make([]byte, 15), make([]byte, 17), key.Encrypt(nil)[:8]} {
		if _, err := key.Decrypt(sealed); err != ErrDecrypt {
			t.Errorf("%d bytes: %v", len(sealed), err)
		}
	}
	if _, err := (Key{}).Decrypt(make([]byte, 16)); err != ErrDecrypt {
		t.Errorf("no key: %v", err)
	}
	for _, lens := range [][2]int{{16, 16}, {32, 12}, {33, 16}, {0, 0}} {
		if _, err := KeyOf(make([]byte, lens[0]), make([]byte, lens[1])); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", lens, err)
		}
	}
	if _, err := NewKey(bytes.NewReader(make([]byte, 40))); err == nil {
		t.Error("a key of too little randomness")
	}
}

func TestHashText(t *testing.T) {
	const text = "UtQp9Gpc51y+u3xApZjIjgkpZ01js+J8KflSPW8WzIE="
	h, err := ParseHash(text)
	if err != nil || h.String() != text || h.IsZero() || hex.EncodeToString(h[:4]) != "52d429f4" {
		t.Errorf("%v %v", h, err)
	}
	for _, bad := range []string{"", "UtQp", text + "=", "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE=", text[:43]} {
		if _, err := ParseHash(bad); !errors.Is(err, ErrConfig) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
