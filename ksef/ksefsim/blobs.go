package ksefsim

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// blobsName is the directory in Config.Dir for uploaded parts of packages and
// for exports.
const blobsName = "ksefsim-blobs"

// blobs keeps large files beside the state: in Config.Dir, otherwise in memory.
type blobs struct {
	dir string // "" for memory
	mu  sync.Mutex
	mem map[string][]byte
}

// newBlobs opens the store below a directory.
func newBlobs(dir string) (*blobs, error) {
	b := &blobs{dir: filepath.Join(dir, blobsName)}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDir, err)
	}
	return b, nil
}

// errTooLarge says that a blob is larger than allowed.
var errTooLarge = errors.New("ksefsim: blob too large")

// save stores what r holds, up to limit bytes, durably and under its name only
// when complete. It returns size and hash.
func (b *blobs) save(name string, r io.Reader, limit int64) (size int64, hash digest, err error) {
	sum := sha256.New()
	r = io.TeeReader(io.LimitReader(r, limit+1), sum)
	if b.dir == "" {
		size, err = b.saveInMemory(name, r, limit)
	} else {
		size, err = b.saveOnDisk(name, r, limit)
	}
	sum.Sum(hash[:0])
	return size, hash, err
}

func (b *blobs) saveInMemory(name string, r io.Reader, limit int64) (int64, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	if int64(len(data)) > limit {
		return 0, errTooLarge
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mem[name] = data
	return int64(len(data)), nil
}

func (b *blobs) saveOnDisk(name string, r io.Reader, limit int64) (size int64, err error) {
	file, err := os.CreateTemp(b.dir, "new-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	if size, err = io.Copy(file, r); err != nil {
		return 0, err
	}
	if size > limit {
		return 0, errTooLarge
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(file.Name(), filepath.Join(b.dir, name)); err != nil {
		return 0, err
	}
	return size, syncDir(b.dir)
}

// blobReader reads a blob from anywhere in it.
type blobReader interface {
	io.ReadCloser
	io.ReaderAt
}

// memoryBlob is a blob in memory.
type memoryBlob struct{ *bytes.Reader }

// Close implements io.Closer.
func (memoryBlob) Close() error { return nil }

// open reads a blob. One that is not there is fs.ErrNotExist.
func (b *blobs) open(name string) (blobReader, error) {
	if b.dir != "" {
		return os.Open(filepath.Join(b.dir, name))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	data, found := b.mem[name]
	if !found {
		return nil, os.ErrNotExist
	}
	return memoryBlob{bytes.NewReader(data)}, nil
}

// remove forgets a blob, if it is there.
func (b *blobs) remove(name string) {
	if b.dir != "" {
		_ = os.Remove(filepath.Join(b.dir, name)) // what stays behind takes room and does no harm
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.mem, name)
}
