package pack

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// names lists a directory without the lock.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		if e.Name() != lockName {
			all = append(all, e.Name())
		}
	}
	return all
}

func TestDirKeepsAPackage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "package")
	key := testKey(t)
	m, err := Build(t.Context(), key, newInvoices(1).source(50), NewDir(dir), Config{PartSize: 30_000})
	if err != nil {
		t.Fatal(err)
	}
	// Another process, later.
	d := NewDir(dir)
	stored, err := d.Manifest()
	if diff := cmp.Diff(m, stored); diff != "" || err != nil {
		t.Fatal(err, diff)
	}
	for n := range stored.Parts {
		if err := stored.VerifyPart(t.Context(), d, n+1); err != nil {
			t.Error(err)
		}
		info, err := os.Stat(d.part(n + 1))
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() != m.Parts[n].EncryptedSize {
			t.Errorf("part %d: %v %v", n+1, info, err)
		}
	}
	a, err := Open(t.Context(), key, stored.Sealed, d, OpenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got, err := collect(a); len(got) != 50 || err != nil {
		t.Fatal(len(got), err)
	}
	if _, err := Build(t.Context(), key, of(doc("a", "1")), d, Config{}); !errors.Is(err, ErrComplete) {
		t.Errorf("second build: %v", err)
	}
	if err := d.Remove(t.Context()); err != nil || len(names(t, dir)) != 0 {
		t.Error(err, names(t, dir))
	}
	if err := NewDir(filepath.Join(dir, "nothing")).Remove(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestVerifyPartFindsDamage(t *testing.T) {
	dir := t.TempDir()
	d := NewDir(dir)
	m, err := Build(t.Context(), testKey(t), newInvoices(1).source(50), d, Config{PartSize: 30_000})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(d.part(2))
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{
		"bit":   append([]byte{whole[0] ^ 1}, whole[1:]...),
		"short": whole[:len(whole)-16],
		"long":  append(slices.Clone(whole), 0),
		"empty": nil,
	} {
		if err := os.WriteFile(d.part(2), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		err := m.VerifyPart(t.Context(), d, 2)
		if p, _ := errors.AsType[*PartError](err); !errors.Is(err, ErrHashMismatch) || p == nil || p.Part != 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Remove(d.part(2)); err != nil {
		t.Fatal(err)
	}
	if err := m.VerifyPart(t.Context(), d, 2); !errors.Is(err, ErrStore) || !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), dir) {
		t.Errorf("missing: %v", err)
	}
	if err := m.VerifyPart(t.Context(), d, len(m.Parts)+1); !errors.Is(err, ErrConfig) {
		t.Errorf("no such part: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.VerifyPart(ctx, d, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestDirIsForOneBuildAtATime(t *testing.T) {
	dir := t.TempDir()
	key := testKey(t)
	_, err := Build(t.Context(), key, func(yield func(Document, error) bool) {
		if _, err := Build(t.Context(), key, of(doc("b", "1")), NewDir(dir), Config{}); !errors.Is(err, ErrStoreInUse) {
			t.Errorf("second build: %v", err)
		}
		if err := NewDir(dir).Remove(t.Context()); !errors.Is(err, ErrStoreInUse) {
			t.Errorf("removal: %v", err)
		}
		if _, err := NewDir(dir).Manifest(); !errors.Is(err, ErrNoPackage) {
			t.Errorf("manifest: %v", err)
		}
		if _, err := NewDir(dir).Open(t.Context(), 1); !errors.Is(err, ErrNoPackage) {
			t.Errorf("part: %v", err)
		}
		yield(doc("a", "1"), nil)
	}, NewDir(dir), Config{})
	if err != nil {
		t.Fatal(err)
	}
}

// What a build without an end left is removed; other files stay.
func TestDirSweeps(t *testing.T) {
	dir := t.TempDir()
	ours := []string{"part-001.aes", "part-002.aes.half", "manifest.json.half", "part-1234.aes"}
	others := []string{"notes.txt", "part-00.aes", "part-001.aes.bak", "part-abc.aes", "part-001"}
	for _, name := range append(ours, others...) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Build(t.Context(), testKey(t), failing(errSupply), NewDir(dir), Config{}); !errors.Is(err, errSupply) {
		t.Fatal(err)
	}
	slices.Sort(others)
	if diff := cmp.Diff(others, names(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// Killed in the middle, at several places: the directory is not complete, the
// same Build goes through in it, and the result is that of a quiet build.
func TestKilledBuild(t *testing.T) {
	if os.Getenv("PACK_TEST_VICTIM") != "" {
		victim(t)
		return
	}
	key, err := KeyOf(make([]byte, 32), make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	want, err := Build(t.Context(), key, newInvoices(1).source(3000), new(discard), Config{PartSize: 200_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{1, 2, 5, len(want.Parts)} {
		dir := t.TempDir()
		kill(t, dir, parts)
		d := NewDir(dir)
		if _, err := d.Manifest(); !errors.Is(err, ErrNoPackage) {
			t.Errorf("manifest of a killed build: %v", err)
		}
		left := names(t, dir)
		if len(left) == 0 {
			t.Error("killed before there was anything")
		}
		for _, name := range left {
			whole, err := os.Stat(filepath.Join(dir, name))
			if err == nil && strings.HasSuffix(name, partSuffix) && whole.Size() != EncryptedSize(200_000) {
				t.Errorf("%s has %d bytes", name, whole.Size())
			}
		}
		got, err := Build(t.Context(), key, newInvoices(1).source(3000), d, Config{PartSize: 200_000})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatal(err, diff)
		}
		for n := range got.Parts {
			if err := got.VerifyPart(t.Context(), d, n+1); err != nil {
				t.Error(err)
			}
		}
		if files := names(t, dir); len(files) != len(got.Parts)+1 {
			t.Errorf("directory holds %v", files)
		}
	}
}

// victim builds and kills its own process, without a chance to clean up.
func victim(t *testing.T) {
	parts, _ := strconv.Atoi(os.Getenv("PACK_TEST_PARTS"))
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	key, err := KeyOf(make([]byte, 32), make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Build(t.Context(), key, newInvoices(1).source(3000), NewDir(os.Getenv("PACK_TEST_VICTIM")), Config{
		PartSize: 200_000,
		Progress: func(p Progress) {
			if p.Parts >= parts {
				_ = self.Kill()
			}
		},
	})
	t.Fatal("not killed", err)
}

func kill(t *testing.T, dir string, parts int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledBuild$", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), "PACK_TEST_VICTIM="+dir, "PACK_TEST_PARTS="+strconv.Itoa(parts))
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() == 1 {
		t.Fatalf("victim lived: %v\n%s", err, out)
	}
}

// tight is a store on a disk that fills up after so many bytes.
type tight struct {
	Memory
	room int
	when string
}

type tightPart struct {
	PartWriter
	s *tight
}

func (s *tight) Create(ctx context.Context, n int) (PartWriter, error) {
	w, err := s.Memory.Create(ctx, n)
	if s.when == "create" && n > 1 {
		err = syscall.ENOSPC
	}
	return tightPart{w, s}, err
}

func (s *tight) Finish(ctx context.Context, m *Manifest) error {
	if s.when == "finish" {
		return &fs.PathError{Op: "write", Path: "/private", Err: syscall.EDQUOT}
	}
	return s.Memory.Finish(ctx, m)
}

func (p tightPart) Write(b []byte) (int, error) {
	if p.s.room -= len(b); p.s.room < 0 && p.s.when == "write" {
		return 0, &fs.PathError{Op: "write", Path: "/private", Err: syscall.ENOSPC}
	}
	return p.PartWriter.Write(b)
}

func (p tightPart) Commit() error {
	if p.s.when == "commit" {
		return syscall.ENOSPC
	}
	return p.PartWriter.Commit()
}

func TestFullStore(t *testing.T) {
	for _, when := range []string{"create", "write", "commit", "finish"} {
		for _, form := range []Compression{Zip, TarGz} {
			s := &tight{room: 50_000, when: when}
			_, err := Build(t.Context(), testKey(t), newInvoices(1).source(500), s, Config{Compression: form, PartSize: 40_000})
			if !errors.Is(err, ErrDiskFull) || !errors.Is(err, ErrStore) || strings.Contains(err.Error(), "private") {
				t.Errorf("%s: %v", when, err)
			}
			emptied(t, &s.Memory)
		}
	}
}
