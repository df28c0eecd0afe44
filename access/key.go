package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// Environment says what a key is for; it is part of the key's text, so that a
// key for tests cannot be taken for a real one.
type Environment string

// The environments.
const (
	Live Environment = "live"
	Test Environment = "test"
)

// Pattern is a regular expression that finds keys in other text, for scanners
// and redactors. Parse tells real ones by their checksum.
const Pattern = `fp_(live|test)_[1-9A-HJ-NP-Za-km-z]{8}_[0-9A-Za-z_-]{43}_[0-9A-Za-z]{6}`

// Why a text is not a key, for errors.Is.
var (
	// ErrMalformed means that the text does not have the form of a key.
	ErrMalformed = errors.New("access: not an API key")
	// ErrMistyped means that the form is right and the checksum is not: the key
	// was typed or cut wrongly. Copy it again.
	ErrMistyped = errors.New("access: mistyped API key")
)

// The parts of a key by position: fp_live_<id 8>_<secret 43>_<checksum 6>.
const (
	prefix    = "fp_"
	idStart   = 8
	idEnd     = idStart + 8
	secStart  = idEnd + 1
	secEnd    = secStart + 43
	crcStart  = secEnd + 1
	keyLength = crcStart + 6

	base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// encoding is strict, so that a secret has one spelling only.
var encoding = base64.RawURLEncoding.Strict()

// Key is a parsed key. It does not print its secret.
type Key struct {
	Environment Environment
	ID          string // 8 characters of base 58, not secret

	secret *string // 32 bytes; a pointer to a string, which fmt never follows
}

// Hash is what is kept of a key's secret: HMAC-SHA-256 under the pepper. Its
// text form is 64 hexadecimal digits.
type Hash [sha256.Size]byte

// Generate makes a new key and the record that verifies it. The record has
// identifier, environment and hash; the caller adds the rest before storing it.
// random nil means crypto/rand, pepper may be empty.
func Generate(random io.Reader, env Environment, pepper []byte) (Secret, KeyRecord, error) {
	if env != Live && env != Test {
		return Secret{}, KeyRecord{}, fmt.Errorf("access: generate key: unknown environment %q", string(env))
	}
	if random == nil {
		random = rand.Reader
	}
	var raw [8 + 32]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return Secret{}, KeyRecord{}, fmt.Errorf("access: generate key: %w", err)
	}
	// The remainder of 64 bits prefers no identifier by more than one part in
	// a hundred thousand.
	id := digits(binary.BigEndian.Uint64(raw[:8]), base58, idEnd-idStart)
	body := prefix + string(env) + "_" + id + "_" + encoding.EncodeToString(raw[8:])
	rec := KeyRecord{ID: id, Environment: env, Hash: hash(raw[8:], pepper)}
	return newSecret(body + "_" + checksum(body)), rec, nil
}

// Parse reads the text of a key and finds typing mistakes without a lookup. The
// error is ErrMalformed or ErrMistyped. A parsed key is not a valid one: see
// Verify.
func Parse(text string) (Key, error) {
	if len(text) != keyLength || text[:len(prefix)] != prefix || text[idStart-1] != '_' || text[idEnd] != '_' || text[secEnd] != '_' {
		return Key{}, ErrMalformed
	}
	key := Key{Environment: Environment(text[len(prefix) : idStart-1]), ID: text[idStart:idEnd]}
	if key.Environment != Live && key.Environment != Test || strings.Trim(key.ID, base58) != "" {
		return Key{}, ErrMalformed
	}
	if checksum(text[:secEnd]) != text[crcStart:] {
		return Key{}, ErrMistyped
	}
	secret, err := encoding.DecodeString(text[secStart:secEnd])
	if err != nil {
		return Key{}, ErrMalformed
	}
	raw := string(secret)
	key.ID = strings.Clone(key.ID) // does not keep the whole text alive
	key.secret = &raw
	return key, nil
}

// Hash computes what a record keeps of the key.
func (k Key) Hash(pepper []byte) Hash {
	if k.secret == nil {
		return hash(nil, pepper)
	}
	return hash([]byte(*k.secret), pepper)
}

func hash(secret, pepper []byte) (h Hash) {
	mac := hmac.New(sha256.New, pepper)
	mac.Write(secret)
	mac.Sum(h[:0])
	return h
}

// Verify reports whether the key is the one the hash was made of, in time that
// does not depend on the answer. The zero Key never is.
func (k Key) Verify(want Hash, pepper []byte) bool {
	got := k.Hash(pepper)
	return hmac.Equal(got[:], want[:]) && k.secret != nil
}

// MarshalText is 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return errors.New("access: a key hash has 64 hexadecimal digits")
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return errors.New("access: a key hash has 64 hexadecimal digits")
	}
	return nil
}

// checksum is CRC-32 (IEEE) in six digits of base 62.
func checksum(body string) string {
	return digits(uint64(crc32.ChecksumIEEE([]byte(body))), base62, keyLength-crcStart)
}

// digits writes the lowest width digits of n.
func digits(n uint64, alphabet string, width int) string {
	out := make([]byte, width)
	base := uint64(len(alphabet))
	for i := width - 1; i >= 0; i-- {
		out[i] = alphabet[n%base]
		n /= base
	}
	return string(out)
}
