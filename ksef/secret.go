package ksef

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret holds a token and does not print itself: not with fmt in any verb,
// not with slog, not as JSON, not even as an unexported field of something
// else that is printed. Only [Secret.Reveal] gives the text.
//
// The zero Secret is empty. Two Secrets are == only when one is a copy of the
// other, whatever they hold.
type Secret struct{ text *string }

// NewSecret wraps a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// same compares the texts.
func (s Secret) same(other Secret) bool { return s.Reveal() == other.Reveal() }

// IsZero reports whether the Secret is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns a mask that tells an empty Secret from a set one.
func (s Secret) String() string {
	if s.text == nil {
		return "[no secret]"
	}
	return "[secret]"
}

// Format writes the mask whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue gives slog the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText writes the mask: a Secret cannot be stored by accident.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the text as it is, so that a Secret can be a field of a
// configuration that is read from a file or the environment.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
