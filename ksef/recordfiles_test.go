package ksef_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/kseftest"
)

func TestLimitStores(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		kseftest.TestLimitStore(t, func(*testing.T) ksef.LimitStore { return new(ksef.MemoryLimitStore) })
	})
	t.Run("file", func(t *testing.T) {
		kseftest.TestLimitStore(t, func(t *testing.T) ksef.LimitStore {
			return ksef.NewFileLimitStore(filepath.Join(t.TempDir(), "a", "b"))
		})
	})
}

func TestTokenStores(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		kseftest.TestTokenStore(t, func(*testing.T) ksef.TokenStore { return new(ksef.MemoryTokenStore) })
	})
	t.Run("file", func(t *testing.T) {
		kseftest.TestTokenStore(t, func(t *testing.T) ksef.TokenStore {
			return ksef.NewFileTokenStore(filepath.Join(t.TempDir(), "a", "b"))
		})
	})
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := filepath.Join(t.TempDir(), "tokens")
	s := ksef.NewFileTokenStore(dir)
	if err := s.Save(t.Context(), "login", []byte("x")); err != nil {
		t.Fatal(err)
	}
	unlock, err := s.Lock(t.Context(), "login")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory has mode %v, %v", info.Mode(), err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// TestKeysDoNotLeaveTheDirectory: a key is never a path.
func TestKeysDoNotLeaveTheDirectory(t *testing.T) {
	dir := t.TempDir()
	tokens, limits := ksef.NewFileTokenStore(dir), ksef.NewFileLimitStore(dir)
	for _, key := range []string{"", "../x", "a/b", `a\b`, "a.b", "a b", "ą", strings.Repeat("a", 65)} {
		_, loaded := tokens.Load(t.Context(), key)
		_, locked := tokens.Lock(t.Context(), key)
		saved := tokens.Save(t.Context(), key, []byte("x"))
		updated := limits.Update(t.Context(), key, func([]byte) ([]byte, error) { return []byte("x"), nil })
		if loaded == nil || locked == nil || saved == nil || updated == nil {
			t.Errorf("key %q: %v, %v, %v, %v", key, loaded, locked, saved, updated)
		}
	}
}

// TestFileTrouble: errors say what failed and never where.
func TestFileTrouble(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secret-place")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := ksef.NewFileTokenStore(file) // a file where the directory should be
	for name, err := range map[string]error{
		"save": s.Save(t.Context(), "a", []byte("x")),
		"load": func() error { _, err := s.Load(t.Context(), "a"); return err }(),
		"lock": func() error { _, err := s.Lock(t.Context(), "a"); return err }(),
	} {
		if err == nil || strings.Contains(err.Error(), "secret-place") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
