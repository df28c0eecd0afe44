package invoicing

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// idPrefix makes an identifier recognisable in logs and URLs.
const idPrefix = "inv_"

// idLen is the prefix and 16 bytes in base 32.
const idLen = len(idPrefix) + 26

// idAlphabet is in ASCII order, so that texts sort like the bytes behind them.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID makes an identifier that sorts by the time it was made, to the
// millisecond: 48 bits of time, 80 random bits.
func newID(now time.Time, random io.Reader) (string, error) {
	var b [18]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli()))
	if _, err := io.ReadFull(random, b[8:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return idPrefix + idEncoding.EncodeToString(b[2:]), nil
}

// validID reports whether s can be an identifier that newID made.
func validID(s string) bool {
	if len(s) != idLen || s[:len(idPrefix)] != idPrefix {
		return false
	}
	_, err := idEncoding.DecodeString(s[len(idPrefix):])
	return err == nil
}

// encodeCursor hides the last identifier of a page, so that nobody builds on it.
func encodeCursor(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte("1" + id))
}

// decodeCursor is the reverse; the error is ErrCursor.
func decodeCursor(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) == 0 || b[0] != '1' || !validID(string(b[1:])) {
		return "", ErrCursor
	}
	return string(b[1:]), nil
}
