package store

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// checkText refuses what a text column of one of the databases cannot hold:
// NUL bytes and invalid UTF-8.
func checkText(texts ...string) error {
	for _, s := range texts {
		if !storable(s) {
			return invoicing.ErrText
		}
	}
	return nil
}

func storable(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// cleanText makes foreign text storable: a reason that KSeF gave must not be
// able to stop its own recording.
func cleanText(s string) string {
	if storable(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// micros is an instant as it is stored: microseconds since 1970 UTC, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant is the reverse of micros.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
