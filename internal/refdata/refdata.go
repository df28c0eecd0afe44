// Package refdata finds the reference data that lies beside the repository,
// for tests that compare FaktuPro with original contracts and vectors.
//
//	raw := refdata.File(t, "ksef-vectors.json") // skips t where there is none
//
// The data is not part of the repository. A test that uses it says so by being
// skipped with a reason wherever it is absent.
package refdata

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Dir is the directory of the reference data: ../shared/reference/data seen
// from the root of the repository. The test is skipped when it does not exist.
func Dir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(Root(t), "..", "shared", "reference", "data")
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.Skipf("no reference data at ../shared/reference/data beside the repository: comparison with the originals skipped")
	}
	return dir
}

// File is the content of one reference file, named by its path elements below
// Dir. The test is skipped when the file does not exist.
func File(t testing.TB, elem ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{Dir(t)}, elem...)...))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no reference file %s: comparison with the original skipped", filepath.Join(elem...))
	}
	if err != nil {
		t.Fatalf("read reference file: %v", err)
	}
	return raw
}

// Root is the root of the repository: the nearest directory with a go.mod, up
// from the directory of the package under test.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the repository: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("find the repository: no go.mod above the package under test")
		}
		dir = parent
	}
}
