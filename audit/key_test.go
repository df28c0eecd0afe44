package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestLoadOrCreateKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets", "audit.key")
	var texts [8]string
	var wg sync.WaitGroup
	for i := range texts {
		wg.Go(func() {
			k, err := LoadOrCreateKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			texts[i] = k.PrivateText()
		})
	}
	wg.Wait()
	for i := range texts {
		if texts[i] != texts[0] || texts[i] == "" {
			t.Fatal("processes that create the key at one time got different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("files left behind: %v", names)
	}
}

func TestLoadKeyRefuses(t *testing.T) {
	dir := t.TempDir()
	good := testKey(t, "example.com/audit", 1).PrivateText()
	for name, test := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"readable by others": {good, 0o644},
		"readable by group":  {good, 0o640},
		"empty":              {"", 0o600},
		"cut short":          {good[:len(good)-5], 0o600},
		"a public key":       {testKey(t, "example.com/audit", 1).VerifierKey(), 0o600},
		"endless":            {strings.Repeat("x", 1<<20), 0o600},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, []byte(test.text), test.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadOrCreateKey(path)
		if !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v, want ErrKey", name, err)
		}
		if err != nil && strings.Contains(err.Error(), good[len(good)-20:]) {
			t.Errorf("%s: the error holds the key", name)
		}
		if string(readAll(t, path)) != test.text {
			t.Errorf("%s: the file was overwritten", name)
		}
	}
}

// TestKeyForms: the text form is the note package's, whatever bytes the key has.
func TestKeyForms(t *testing.T) {
	for n := range 200 {
		key := testKey(t, "example.com/audit", byte(n))
		again, err := ParseKey(key.PrivateText() + "\n")
		if err != nil || again.VerifierKey() != key.VerifierKey() {
			t.Fatalf("key %d: %v", n, err)
		}
		if _, err := note.NewSigner(key.PrivateText()); err != nil {
			t.Fatalf("key %d: %v", n, err)
		}
		signed, err := Checkpoint{Origin: "o", Size: 0}.sign(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCheckpoint(signed, key.VerifierKey()); err != nil {
			t.Fatalf("key %d: %v", n, err)
		}
	}
	for name, f := range map[string]func() (*Key, error){
		"short":      func() (*Key, error) { return NewKey("a", make(ed25519.PrivateKey, 10)) },
		"blank name": func() (*Key, error) { return GenerateKey("a b", nil) },
		"long name":  func() (*Key, error) { return GenerateKey(strings.Repeat("a", 129), nil) },
		"no name":    func() (*Key, error) { return GenerateKey("", nil) },
		"not a key":  func() (*Key, error) { return ParseKey("PRIVATE+KEY+a+00000000+AAAA") },
		"wrong hash": func() (*Key, error) {
			return ParseKey(strings.Replace(testKey(t, "a", 1).PrivateText(), "a+", "b+", 1))
		},
		"no randomness": func() (*Key, error) {
			_, err := GenerateKey("a", strings.NewReader("short"))
			if err == nil {
				return nil, nil
			}
			return nil, ErrKey
		},
	} {
		if _, err := f(); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v, want ErrKey", name, err)
		}
	}
}

func TestKeyNeverPrints(t *testing.T) {
	key := testKey(t, "example.com/audit", 7)
	secret := key.PrivateText()[len(key.PrivateText())-30:]
	cfg := Config{Store: NewMemoryStore(), Signer: key}
	var logged bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(h).Info("x", "key", key, "cfg", cfg, "deref", *key)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{key, *key, cfg, []*Key{key}, map[string]Key{"a": *key}, struct{ k Key }{*key}} {
			fmt.Fprintf(&logged, verb+"\n", v)
		}
	}
	js, _ := json.Marshal(struct{ K *Key }{key})
	logged.Write(js)
	if strings.Contains(logged.String(), secret) || strings.Contains(logged.String(), fmt.Sprintf("%x", secret)) {
		t.Errorf("the private key is printed:\n%s", logged.String())
	}
	if !strings.Contains(logged.String(), key.VerifierKey()) {
		t.Error("the public key is not printed")
	}
}

// TestKeyRotation opens a log with a new key that names the old one.
func TestKeyRotation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	first, second := testKey(t, "example.com/audit", 1), testKey(t, "example.com/audit", 2)
	l := testOpen(t, Config{Store: NewFileStore(dir), Signer: first})
	mustAppend(t, l, testEvents("a", 2)...)
	mustClose(t, l)
	if err := tryOpen(dir, second, nil); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("new key alone: %v, want ErrWrongKey", err)
	}
	rotated := Config{Store: NewFileStore(dir), Signer: second, OldVerifierKeys: []string{first.VerifierKey()}}
	l = testOpen(t, rotated)
	p, err := l.Prove(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyProof(p, second.VerifierKey()); err != nil {
		t.Errorf("an old entry under the new key: %v", err)
	}
	mustAppend(t, l, testEvents("b", 2)...)
	mustClose(t, l)
	both := VerifyOptions{VerifierKeys: []string{second.VerifierKey(), first.VerifierKey()}, Checkpoints: true}
	if r, err := Verify(t.Context(), NewFileStore(dir), both); err != nil || r.Size != 4 {
		t.Errorf("both keys, every checkpoint: %+v, %v", r, err)
	}
	if _, err := VerifyDir(t.Context(), dir, second.VerifierKey()); err != nil {
		t.Errorf("the new key alone proves the whole log: %v", err)
	}
	every := VerifyOptions{VerifierKeys: []string{second.VerifierKey()}, Checkpoints: true}
	if _, err := Verify(t.Context(), NewFileStore(dir), every); !errors.Is(err, ErrForged) {
		t.Errorf("every checkpoint with the new key alone: %v, want ErrForged", err)
	}
}

// plainSigner is a note.Signer that cannot tell its public key.
type plainSigner struct{ s note.Signer }

func (p plainSigner) Name() string                    { return p.s.Name() }
func (p plainSigner) KeyHash() uint32                 { return p.s.KeyHash() }
func (p plainSigner) Sign(msg []byte) ([]byte, error) { return p.s.Sign(msg) }

func TestConfig(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"no store":         {Config{Signer: key}, "Config.Store"},
		"no signer":        {Config{Store: NewMemoryStore()}, "Config.Signer"},
		"signer alone":     {Config{Store: NewMemoryStore(), Signer: plainSigner{key}}, "Config.VerifierKey"},
		"bad verifier key": {Config{Store: NewMemoryStore(), Signer: key, VerifierKey: "x"}, "verifier key"},
		"blank in origin":  {Config{Store: NewMemoryStore(), Signer: key, Origin: "a b"}, "Config.Origin"},
		"line in origin":   {Config{Store: NewMemoryStore(), Signer: key, Origin: "a\nb"}, "Config.Origin"},
		"endless origin":   {Config{Store: NewMemoryStore(), Signer: key, Origin: strings.Repeat("x", 200)}, "Config.Origin"},
	} {
		if _, err := Open(context.Background(), test.cfg); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want something about %s", name, err, test.want)
		}
	}
	l := testOpen(t, Config{Store: NewMemoryStore(), Signer: plainSigner{key}, VerifierKey: key.VerifierKey(), Origin: "example.com/other"})
	mustAppend(t, l, testEvent("a"))
	p, err := l.Prove(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := OpenCheckpoint(p.Checkpoint, key.VerifierKey()); err != nil || c.Origin != "example.com/other" {
		t.Errorf("%+v, %v", c, err)
	}
}
