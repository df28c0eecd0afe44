package pack

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// A real disk of one megabyte.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("pack", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk can be mounted here (%v): not tested", err)
	}
	defer func() { _ = syscall.Unmount(disk, 0) }()
	dir := filepath.Join(disk, "package")
	for _, partSize := range []int64{100_000, DefaultPartSize} {
		_, err := Build(t.Context(), testKey(t), newInvoices(1).source(3000), NewDir(dir), Config{PartSize: partSize})
		if !errors.Is(err, ErrDiskFull) {
			t.Fatal(err)
		}
		if left := names(t, dir); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if _, err := Build(t.Context(), testKey(t), newInvoices(1).source(30), NewDir(dir), Config{}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
