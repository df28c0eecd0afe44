package qr

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Hash is the SHA-256 of the exact bytes of an invoice as they are sent to KSeF:
// not of a parsed, indented or re-encoded copy.
type Hash [sha256.Size]byte

// HashOf is the Hash of a document.
func HashOf(document []byte) Hash { return sha256.Sum256(document) }

// String is the hash as links have it: base64url without padding, 43 characters.
func (h Hash) String() string { return encode(h[:]) }

func parseHash(s string) (Hash, error) {
	raw, ok := decode(s)
	if !ok || len(raw) != sha256.Size {
		return Hash{}, fail(RuleHash)
	}
	return Hash(raw), nil
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// decode refuses line breaks, which package base64 would skip, and unused bits
// that are set.
func decode(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return raw, err == nil
}
