package refdata_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

func TestRoot(t *testing.T) {
	if _, err := os.Stat(filepath.Join(refdata.Root(t), "internal", "refdata", "refdata.go")); err != nil {
		t.Fatalf("Root does not contain this package: %v", err)
	}
}

func TestFile(t *testing.T) {
	if raw := refdata.File(t, "ksef-vectors.json"); !json.Valid(raw) {
		t.Fatal("ksef-vectors.json is not JSON")
	}
}

// skipped runs f as a subtest's body and reports whether it skipped.
func skipped(t *testing.T, f func(testing.TB)) (skipped bool) {
	t.Run("inner", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		f(t)
	})
	return skipped
}

func TestAbsentDataSkips(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module sample\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pkg := filepath.Join(root, "deep", "pkg")
	if err := os.MkdirAll(pkg, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(pkg)
	if got := refdata.Root(t); !sameDir(t, got, root) {
		t.Errorf("Root() = %s, want %s", got, root)
	}
	if !skipped(t, func(t testing.TB) { refdata.Dir(t) }) {
		t.Error("Dir did not skip")
	}
	if !skipped(t, func(t testing.TB) { refdata.File(t, "none.json") }) {
		t.Error("File did not skip")
	}
}

func sameDir(t *testing.T, a, b string) bool {
	t.Helper()
	ai, err := os.Stat(a)
	if err != nil {
		t.Fatal(err)
	}
	bi, err := os.Stat(b)
	if err != nil {
		t.Fatal(err)
	}
	return os.SameFile(ai, bi)
}
