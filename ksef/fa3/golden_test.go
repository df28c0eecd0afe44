package fa3

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden compares the bytes of our samples with files, which pins the
// encoder down byte for byte, and reads them back.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		got, err := Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".xml")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		read, err := Unmarshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, read); diff != "" {
			t.Errorf("%s: read back: %s", name, diff)
		}
	}
}
