package main

import (
	"os"
	"path/filepath"
	"testing"
)

func mustWrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestWriteWhole: the file is replaced; links, neighbours and devices are not.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link, neighbour := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "link.tmp")
	mustWrite(t, target, "old")
	mustWrite(t, neighbour, "precious")
	if err := os.Symlink("target", link); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := writeWhole(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if mustRead(t, target) != "new" || mustRead(t, neighbour) != "precious" {
		t.Errorf("target %q, neighbour %q", mustRead(t, target), mustRead(t, neighbour))
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info, err)
	}
	if err := writeWhole(filepath.Join(dir, "none", "x"), nil); err == nil {
		t.Error("written into a folder that does not exist")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 3 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestWriteWholeDevice: a device takes the bytes and stays a device.
func TestWriteWholeDevice(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "null")
	if err := os.Symlink(os.DevNull, pipe); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := writeWhole(pipe, []byte("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("the device is %v now, %v", info.Mode(), err)
	}
}

func TestReadLimited(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "f")
	mustWrite(t, file, "12345")
	if data, err := readLimited(file, 5); err != nil || string(data) != "12345" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := readLimited(file, 4); exitCode(err) != exitNo {
		t.Errorf("one byte too many: %v", err)
	}
	if data, err := readUpTo(file, 2); err != nil || string(data) != "12" {
		t.Errorf("%q, %v", data, err)
	}
}
