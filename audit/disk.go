package audit

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// disk is the part of a file system that a FileStore uses. Tests put a disk
// between that fills up or fails.
type disk interface {
	OpenFile(path string, flag int, perm fs.FileMode) (diskFile, error)
	ReadDir(path string) ([]fs.DirEntry, error)
	Rename(from, to string) error
	// SyncDir makes names in a directory durable.
	SyncDir(path string) error
}

type diskFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	// Sync makes what was written durable.
	Sync() error
}

type osDisk struct{}

type osFile struct{ *os.File }

func (osDisk) OpenFile(path string, flag int, perm fs.FileMode) (diskFile, error) {
	f, err := os.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (osDisk) Rename(from, to string) error               { return os.Rename(from, to) }

func (osDisk) SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be flushed there
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (f osFile) Sync() error { return syncData(f.File) }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeFile puts a file in place durably: readers find the old content or the
// new one, also after a loss of power.
func writeFile(d disk, path string, data []byte) error {
	tmp := path + ".tmp"
	if err := writeNew(d, tmp, data); err != nil {
		return err
	}
	if err := d.Rename(tmp, path); err != nil {
		return err
	}
	return d.SyncDir(filepath.Dir(path))
}

func writeNew(d disk, path string, data []byte) error {
	f, err := d.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// readFile reads at most limit bytes of a small file.
func readFile(d disk, path string, limit int64) ([]byte, error) {
	f, err := d.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.NewSectionReader(f, 0, limit))
}
