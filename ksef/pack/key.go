package pack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
)

// Key is the symmetric key of one package together with its initialisation
// vector. Make a new one for every package and every export, and keep it until
// the package is through: nothing else opens it. A Key does not print itself.
type Key struct{ secret *secret }

// secret lies behind a pointer so that no way of printing finds it.
type secret struct {
	key   [32]byte
	iv    [aes.BlockSize]byte
	block cipher.Block
}

const masked = "[key]"

// NewKey makes a fresh key. A nil random is the system's; anything else is for
// tests.
func NewKey(random io.Reader) (Key, error) {
	if random == nil {
		random = rand.Reader
	}
	var raw [32 + aes.BlockSize]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return Key{}, fmt.Errorf("pack: random source: %w", err)
	}
	return KeyOf(raw[:32], raw[32:])
}

// KeyOf takes a key of 32 bytes and a vector of 16 bytes that exist already.
func KeyOf(key, iv []byte) (Key, error) {
	s := new(secret)
	if len(key) != len(s.key) || len(iv) != len(s.iv) {
		return Key{}, fmt.Errorf("pack: %w: a key has 32 bytes and its vector 16", ErrConfig)
	}
	copy(s.key[:], key)
	copy(s.iv[:], iv)
	block, err := aes.NewCipher(key)
	s.block = block
	return Key{s}, err
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.secret == nil }

// Reveal returns a copy of the 32 bytes, for wrapping with the ministry's public
// key and for a safe place.
func (k Key) Reveal() []byte {
	if k.secret == nil {
		return nil
	}
	return append([]byte(nil), k.secret.key[:]...)
}

// IV returns a copy of the initialisation vector. It is no secret.
func (k Key) IV() []byte {
	if k.secret == nil {
		return nil
	}
	return append([]byte(nil), k.secret.iv[:]...)
}

// String returns a mask.
func (k Key) String() string { return masked }

// Format writes the mask whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// LogValue gives slog the mask.
func (k Key) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText writes the mask: a key cannot be stored by accident.
func (k Key) MarshalText() ([]byte, error) { return []byte(masked), nil }
