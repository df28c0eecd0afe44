package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/faktupro/faktupro-go/internal/filelock"
)

// Dir keeps the parts of one package in a directory: part-001.aes and so on,
// manifest.json, and a lock. Parts are written under another name, flushed and
// renamed; the manifest comes last. So whatever happens, a directory with a
// manifest has the whole package, and what is in one without is left over from
// a build that did not finish: the next Build removes it. Other files in the
// directory are not touched.
type Dir struct {
	path    string
	mu      sync.Mutex
	release func() error // of the lock, while a build runs
}

var (
	_ PartStore = (*Dir)(nil)
	_ Parts     = (*Dir)(nil)
)

const (
	manifestName = "manifest.json"
	lockName     = "lock"
	partSuffix   = ".aes"
	halfSuffix   = ".half"
)

// NewDir names a directory. It is made when it is needed, for its owner alone.
func NewDir(path string) *Dir { return &Dir{path: path} }

func (d *Dir) part(n int) string {
	return filepath.Join(d.path, fmt.Sprintf("part-%03d%s", n, partSuffix))
}

// Begin implements PartStore.
func (d *Dir) Begin(context.Context) error {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return err
	}
	release, err := filelock.Take(filepath.Join(d.path, lockName))
	if errors.Is(err, filelock.ErrHeld) {
		return ErrStoreInUse
	}
	if err != nil {
		return err
	}
	err = d.refuseComplete()
	if err == nil {
		err = d.sweep()
	}
	if err != nil {
		return errors.Join(err, release())
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release = release
	return nil
}

func (d *Dir) refuseComplete() error {
	_, err := os.Lstat(filepath.Join(d.path, manifestName))
	if err == nil {
		return ErrComplete
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// sweep removes all files of a package that has no manifest.
func (d *Dir) sweep() error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if ours(e.Name()) {
			if err := os.Remove(filepath.Join(d.path, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func ours(name string) bool {
	name = strings.TrimSuffix(name, halfSuffix)
	if name == manifestName {
		return true
	}
	digits, found := strings.CutPrefix(name, "part-")
	digits, suffixed := strings.CutSuffix(digits, partSuffix)
	return found && suffixed && len(digits) >= 3 && strings.Trim(digits, "0123456789") == ""
}

// Create implements PartStore.
func (d *Dir) Create(_ context.Context, n int) (PartWriter, error) {
	return newFile(d.part(n))
}

// Finish implements PartStore.
func (d *Dir) Finish(_ context.Context, m *Manifest) error {
	f, err := newFile(filepath.Join(d.path, manifestName))
	if err != nil {
		return err
	}
	if _, err := m.WriteTo(f); err != nil {
		return errors.Join(err, f.Abort())
	}
	// The names of the parts are on disk before that of the manifest.
	if err := syncDir(d.path); err != nil {
		return errors.Join(err, f.Abort())
	}
	if err := f.Commit(); err != nil {
		return err
	}
	if err := syncDir(d.path); err != nil {
		return err
	}
	return d.unlock()
}

// Discard implements PartStore.
func (d *Dir) Discard(context.Context) error {
	// The manifest goes first, so that a crash here leaves no lie behind.
	err := os.Remove(filepath.Join(d.path, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, d.sweep(), d.unlock())
}

// Remove removes a package that is no longer needed, complete or not.
func (d *Dir) Remove(ctx context.Context) error {
	release, err := filelock.Take(filepath.Join(d.path, lockName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if errors.Is(err, filelock.ErrHeld) {
		return fmt.Errorf("pack: remove: %w", ErrStoreInUse)
	}
	if err == nil {
		d.mu.Lock()
		d.release = release
		d.mu.Unlock()
		err = d.Discard(ctx)
	}
	if err != nil {
		return fmt.Errorf("pack: remove: %w", storeError(err))
	}
	return nil
}

func (d *Dir) unlock() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.release == nil {
		return nil
	}
	release := d.release
	d.release = nil
	return release()
}

// Open implements Parts. Only a complete package can be opened.
func (d *Dir) Open(_ context.Context, n int) (io.ReadCloser, error) {
	if err := d.refuseComplete(); !errors.Is(err, ErrComplete) {
		return nil, fmt.Errorf("pack: open part: %w", ErrNoPackage)
	}
	f, err := os.Open(d.part(n))
	if err != nil {
		return nil, fmt.Errorf("pack: open part: %w", storeError(err))
	}
	return f, nil
}

// Manifest reads that of the complete package. ErrNoPackage tells that the
// build has not been finished.
func (d *Dir) Manifest() (*Manifest, error) {
	f, err := os.Open(filepath.Join(d.path, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("pack: manifest: %w", ErrNoPackage)
	}
	if err != nil {
		return nil, fmt.Errorf("pack: manifest: %w", storeError(err))
	}
	defer f.Close()
	return ReadManifest(f)
}

// halfFile becomes visible under its name when it is complete.
type halfFile struct {
	*os.File
	path string
}

func newFile(path string) (*halfFile, error) {
	f, err := os.OpenFile(path+halfSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &halfFile{f, path}, nil
}

// Commit implements PartWriter.
func (f *halfFile) Commit() error {
	err := f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.path+halfSuffix, f.path)
	}
	return err
}

// Abort implements PartWriter.
func (f *halfFile) Abort() error { return errors.Join(f.Close(), os.Remove(f.path+halfSuffix)) }

// syncDir makes names durable. Windows does not know that.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
