package access

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is the full text of a key. It prints, logs and encodes as
// "[redacted]", also as an unexported field of another struct, where fmt
// bypasses methods; only Reveal returns the text. The zero Secret is empty.
type Secret struct {
	text *string // a pointer to a string: where fmt cannot call Format it prints the address
}

func newSecret(text string) Secret { return Secret{text: &text} }

// Reveal returns the text, to be shown once to the person who asked for it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String is "[redacted]".
func (s Secret) String() string { return redacted }

// Format prints "[redacted]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue is "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is "[redacted]"; encoders of JSON, XML and text use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON is "[redacted]".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
