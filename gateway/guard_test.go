package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/store"
)

// execute runs a statement on the database of a stopped gateway.
func execute(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", store.SQLiteDSN(databaseFile(dir)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func demoIn(t *testing.T, dir string, args ...string) (text string, code int) {
	t.Helper()
	stdout, stderr, code := inside(t, append([]string{"demo", "--out", dir}, args...)...)
	return stdout + stderr, code
}

// TestDemoChecksWhatItWrites changes one figure of the stored document.
func TestDemoChecksWhatItWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if text, code := demoIn(t, dir); code != exitDone {
		t.Fatal(text)
	}
	execute(t, dir, `UPDATE faktupro_documents SET xml = CAST(replace(CAST(xml AS TEXT), '3355.73', '9355.73') AS BLOB)`)
	if text, code := demoIn(t, dir, "--resume"); code == exitDone || strings.Contains(text, "agree") {
		t.Errorf("a changed document: exit %d\n%s", code, text)
	}
}

// TestLostDatabase: numbers must not start again beside an audit log that knows better.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	dir, older := t.TempDir(), filepath.Join(t.TempDir(), "older.db")
	for i := range 2 {
		if text, code := demoIn(t, dir); code != exitDone {
			t.Fatal(text)
		}
		if i == 0 {
			copyFile(t, databaseFile(dir), older)
		}
	}
	for _, tt := range []struct {
		name   string
		damage func()
	}{
		{"older copy", func() { copyFile(t, older, databaseFile(dir)) }},
		{"deleted", func() { removeAll(t, databaseFile(dir)) }},
		{"emptied", func() { removeAll(t, databaseFile(dir)); copyFile(t, os.DevNull, databaseFile(dir)) }},
	} {
		removeAll(t, databaseFile(dir)+"-wal")
		removeAll(t, databaseFile(dir)+"-shm")
		tt.damage()
		text, code := demoIn(t, dir)
		if code != exitFault || !strings.Contains(text, "older than the audit log") {
			t.Errorf("%s: exit %d\n%s", tt.name, code, text)
		}
	}
}

// TestLostAuditKey: the remedy is in the message, and no new key is made that
// would only hide the loss.
func TestLostAuditKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if text, code := demoIn(t, dir); code != exitDone {
		t.Fatal(text)
	}
	key := filepath.Join(dir, "audit.key")
	removeAll(t, key)
	if text, code := demoIn(t, dir); code != exitFault || !strings.Contains(text, "restore audit.key") {
		t.Errorf("exit %d\n%s", code, text)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made beside the old log")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func removeAll(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// TestRefusedInvoiceLeavesNothing: an invoice that cannot be issued must not
// stand in the way of the next one.
func TestRefusedInvoiceLeavesNothing(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "a1.json")
	sample, _, _ := inside(t, "sample")
	if err := os.WriteFile(file, []byte(strings.Replace(sample, `{"kind":"VAT"`, `{"number":"A/1","kind":"VAT"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{exitDone, exitNo} {
		if text, code := demoIn(t, dir, "--invoice", file); code != want {
			t.Fatalf("run %d: exit %d, want %d\n%s", i, code, want, text)
		}
	}
	if text, code := demoIn(t, dir); code != exitDone {
		t.Errorf("the next invoice: exit %d\n%s", code, text)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if text, code := demoIn(t, dir); code != exitDone {
		t.Fatal(text)
	}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && !e.IsDir() && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// serveOnce starts the service, waits until it serves and stops it.
func serveOnce(t *testing.T) (out string, code int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := &readyWriter{ready: make(chan struct{})}
	ended := make(chan int, 1)
	var stderr bytes.Buffer
	go func() { ended <- run(ctx, []string{"serve"}, w, &stderr) }()
	select {
	case <-w.ready:
	case code := <-ended:
		return w.String() + stderr.String(), code
	}
	cancel()
	return w.String(), <-ended
}

// TestNobodyIsLockedOut: when no key can be used any more, the next start makes one.
func TestNobodyIsLockedOut(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("FAKTUPRO_ADDR", "127.0.0.1:0")
	t.Setenv("FAKTUPRO_DATA", dir)
	for _, step := range []struct {
		name, statement string
		key             bool
	}{
		{"first start", "", true},
		{"second start", "", false},
		{"expired", "UPDATE faktupro_api_keys SET expires_at = 1", true},
		{"revoked", "UPDATE faktupro_api_keys SET revoked_at = 1", true},
		{"one is left", "", false},
	} {
		if step.statement != "" {
			execute(t, dir, step.statement)
		}
		out, code := serveOnce(t)
		if code != exitDone || strings.Contains(out, "fp_live_") != step.key {
			t.Errorf("%s: exit %d, key wanted %v:\n%s", step.name, code, step.key, out)
		}
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := openApp(t.Context(), Config{DataDir: dir, KSeF: KSeFConfig{Environment: "sandbox"}}, appOptions{now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(databaseFile(dir), databaseFile(dir)+".away"); err != nil {
		t.Fatal(err)
	}
	if err := a.ready(t.Context()); err == nil {
		t.Error("ready although the database file is gone")
	}
}
