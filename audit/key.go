package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// DefaultKeyName is the name of keys that LoadOrCreateKey makes, and so the
// origin of a log that names none.
const DefaultKeyName = "faktupro/audit"

// Key is an Ed25519 key that signs checkpoints. It implements note.Signer and
// prints only its public half.
type Key struct {
	note.Signer
	verifier string
	secret   func() string // note form of the private key; a function prints as an address
}

// GenerateKey makes a key. The name goes into every checkpoint; it holds no
// blanks and no plus sign. random is the source of 32 bytes, nil means
// crypto/rand.
func GenerateKey(name string, random io.Reader) (*Key, error) {
	if random == nil {
		random = rand.Reader
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("audit: generate key: %w", err)
	}
	return NewKey(name, ed25519.NewKeyFromSeed(seed))
}

// NewKey makes a Key of an Ed25519 private key. Errors match ErrKey.
func NewKey(name string, private ed25519.PrivateKey) (*Key, error) {
	if len(private) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("audit: key: %w: wrong size", ErrKey)
	}
	verifier, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w: bad name", ErrKey)
	}
	// The note form is name, hash and key data; the hash is that of the public key.
	fields := strings.SplitN(verifier, "+", 3)
	data := append([]byte{1}, private.Seed()...)
	return ParseKey("PRIVATE+KEY+" + name + "+" + fields[1] + "+" + base64.StdEncoding.EncodeToString(data))
}

// ParseKey reads the text form of a private key: PRIVATE+KEY+name+hash+data.
func ParseKey(text string) (*Key, error) {
	text = strings.TrimSpace(text)
	signer, err := note.NewSigner(text)
	if err != nil || len(signer.Name()) > maxName {
		return nil, fmt.Errorf("audit: key: %w: not a private key in note form", ErrKey)
	}
	prefix := fmt.Sprintf("PRIVATE+KEY+%s+%08x+", signer.Name(), signer.KeyHash())
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, prefix))
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("audit: key: %w: not an Ed25519 key", ErrKey)
	}
	public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", ErrKey)
	}
	return &Key{Signer: signer, verifier: verifier, secret: func() string { return text }}, nil
}

// VerifierKey is the public half in the form name+hash+data. Give it to those
// who verify proofs, over a way that the log's own machine does not control.
func (k Key) VerifierKey() string { return k.verifier }

// PrivateText is the private key in note form, to be stored as a secret.
func (k Key) PrivateText() string { return k.secret() }

// Format prints the public half for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.verifier) }

// MarshalText writes the public half, so that a key that gets into a document
// or a log line by accident stays secret.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.verifier), nil }

// LoadOrCreateKey reads a key file, or makes a key named DefaultKeyName and
// stores it when there is none. The file is readable by its owner alone (mode
// 0600) and appears whole or not at all; when two processes create it, both
// get the same key. A file that others may read is refused.
//
// It does not know whether the key is that of an existing log; OpenKey does.
func LoadOrCreateKey(path string) (*Key, error) {
	k, err := LoadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	k, err = GenerateKey(DefaultKeyName, nil)
	if err != nil {
		return nil, err
	}
	if err := k.save(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("audit: create key: %w", err)
	}
	return LoadKey(path)
}

// OpenKey reads the key file of a log, or makes one as LoadOrCreateKey does when
// neither the store nor the anchor, which may be nil, knows a log yet. It
// changes nothing in the store; Open may follow with the same one.
//
// When the file is missing and the log is not, no other key would do: OpenKey
// creates none and fails with an error that matches ErrKey and fs.ErrNotExist.
// The file must be restored from a backup.
func OpenKey(ctx context.Context, path string, store Reader, anchor Anchor) (*Key, error) {
	k, err := LoadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	known, err := begun(ctx, store, anchor)
	if err != nil {
		return nil, fmt.Errorf("audit: open key: %w", err)
	}
	if !known {
		return LoadOrCreateKey(path)
	}
	// Another process may have made both between the two looks.
	if k, err = LoadKey(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("audit: open key: %w: the log is signed with %s, which is missing; restore %s from your backup: %w",
			ErrKey, path, filepath.Base(path), fs.ErrNotExist)
	}
	return k, err
}

// begun reports whether a key has ever signed something for a log.
func begun(ctx context.Context, store Reader, anchor Anchor) (bool, error) {
	if anchor != nil {
		if last, err := anchor.Last(ctx); err != nil || last != nil {
			return err == nil, err
		}
	}
	head, err := store.Head(ctx)
	if err != nil || head != nil {
		return err == nil, err
	}
	if empty, err := vacant(ctx, store); err != nil || !empty {
		return err == nil, err
	}
	for range store.Read(ctx, 0) {
		return true, nil // a first checkpoint
	}
	return false, nil
}

// LoadKey reads a key file.
func LoadKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("audit: load key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("audit: load key: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("audit: load key: %w: others may read %s; run chmod 600", ErrKey, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, 4<<10))
	if err != nil {
		return nil, fmt.Errorf("audit: load key: %w", err)
	}
	return ParseKey(string(bytes.TrimSpace(data)))
}

// save writes the file beside its place and links it there, which fails with
// fs.ErrExist when somebody else was first.
func (k *Key) save(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(k.PrivateText() + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return osDisk{}.SyncDir(filepath.Dir(path))
}
