package audit

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxName bounds origins and key names, so that a checkpoint with one
// signature fits one sector of a disk.
const maxName = 128

// Checkpoint is the head of the tree at a size: it commits to every entry
// below that size. Its signed form is a note by the C2SP checkpoint format.
type Checkpoint struct {
	Origin string    `json:"origin"` // name of the log
	Size   uint64    `json:"size"`   // number of entries
	Root   tlog.Hash `json:"root"`   // RFC 6962 root hash of the entries
}

// text is the note text: origin, size in decimal, root in base64, one a line.
func (c Checkpoint) text() string {
	b := make([]byte, 0, 256)
	b = append(append(b, c.Origin...), '\n')
	b = append(strconv.AppendUint(b, c.Size, 10), '\n')
	b = append(base64.StdEncoding.AppendEncode(b, c.Root[:]), '\n')
	return string(b)
}

func (c Checkpoint) sign(signer note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.text()}, signer)
}

var errCheckpoint = errors.New("malformed checkpoint")

// parseCheckpoint reads note text. The format allows further lines; this log
// writes none and accepts none.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || !validOrigin(lines[0]) {
		return Checkpoint{}, errCheckpoint
	}
	size, n, ok := leadingNumber([]byte(lines[1]))
	if !ok || n != len(lines[1]) {
		return Checkpoint{}, errCheckpoint
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Checkpoint{}, errCheckpoint
	}
	return Checkpoint{lines[0], size, root}, nil
}

func validOrigin(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' || r == unicode.ReplacementChar
	})
}

// OpenCheckpoint verifies a signed checkpoint against verifier keys in the form
// name+hash+data. It fails with ErrWrongKey when none of the keys signed it, and
// with a *TamperError when one did and the text or the signature is not what
// it signed.
func OpenCheckpoint(signed []byte, verifierKeys ...string) (Checkpoint, error) {
	keys, err := parseVerifiers(verifierKeys)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: open checkpoint: %w", err)
	}
	c, _, err := openCheckpoint(signed, keys)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: open checkpoint: %w", err)
	}
	return c, nil
}

func parseVerifiers(texts []string) (note.Verifiers, error) {
	var list []note.Verifier
	for _, text := range texts {
		v, err := note.NewVerifier(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%w: not a verifier key in the form name+hash+data", ErrKey)
		}
		list = append(list, v)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: no verifier key", ErrKey)
	}
	return note.VerifierList(list...), nil
}

func openCheckpoint(signed []byte, keys note.Verifiers) (Checkpoint, note.Signature, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, note.Signature{}, tampered(ErrChanged, "checkpoint too long")
	}
	n, err := note.Open(signed, keys)
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return Checkpoint{}, note.Signature{}, ErrWrongKey
	case errors.As(err, &invalid):
		return Checkpoint{}, note.Signature{}, tampered(ErrChanged, "checkpoint does not match its signature")
	case err != nil:
		return Checkpoint{}, note.Signature{}, tampered(ErrChanged, "checkpoint is not a signed note")
	}
	// note decodes the signature leniently: the last character has bits that say
	// nothing. One signature has one spelling here, so that any change shows.
	for _, sig := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return Checkpoint{}, note.Signature{}, tampered(ErrChanged, "signature is not canonical base64")
		}
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, note.Signature{}, tampered(ErrForged, "signed text is not a checkpoint")
	}
	return c, n.Sigs[0], nil
}
