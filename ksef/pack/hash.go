package pack

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
)

// Hash is a SHA-256. As text it is standard Base64 with padding, as everywhere
// in the API of KSeF. The zero Hash stands for one that was not announced.
type Hash [sha256.Size]byte

// ParseHash reads the 44 characters of the API.
func ParseHash(text string) (Hash, error) {
	var h Hash
	return h, h.UnmarshalText([]byte(text))
}

// IsZero reports whether no hash was announced.
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns the Base64 text.
func (h Hash) String() string { return base64.StdEncoding.EncodeToString(h[:]) }

// MarshalText returns the Base64 text.
func (h Hash) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, h[:]), nil
}

// UnmarshalText reads the Base64 text.
func (h *Hash) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.Strict().DecodeString(string(text))
	if err != nil || len(raw) != len(h) {
		return fmt.Errorf("%w: not the Base64 of a SHA-256", ErrConfig)
	}
	copy(h[:], raw)
	return nil
}

// sum is the hash of what was written so far; more can be written.
func sum(from hash.Hash) (h Hash) {
	from.Sum(h[:0])
	return h
}
