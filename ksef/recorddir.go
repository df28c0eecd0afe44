package ksef

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/faktupro/faktupro-go/internal/filelock"
)

// recordDir keeps small records of bytes in files that several processes use:
// each is replaced in one step, under a lock of its own.
type recordDir struct{ dir string }

// maxRecordFile bounds a record that is read.
const maxRecordFile = 16 << 20

var errRecordKey = errors.New("key of a record is not a plain word of at most 64 characters")

// take waits for a lock of a key. It belongs to one goroutine of one process.
func (d recordDir) take(ctx context.Context, key, lock string) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, ok := param(key); !ok {
		return nil, errRecordKey
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return nil, withoutPath(err)
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		release, err := filelock.Take(filepath.Join(d.dir, key+lock))
		if err == nil {
			return func() { _ = release() }, nil // it ends with the process at the latest
		}
		if !errors.Is(err, filelock.ErrHeld) {
			return nil, withoutPath(err)
		}
		// Chance keeps those who wait from marching in step.
		if err := sleep(ctx, wait/2+rand.N(wait)); err != nil {
			return nil, err
		}
	}
}

func (d recordDir) path(key string) string { return filepath.Join(d.dir, key+".record") }

// read returns nil for a record that is not there.
func (d recordDir) read(key string) ([]byte, error) {
	if _, ok := param(key); !ok {
		return nil, errRecordKey
	}
	f, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRecordFile+1))
	if err == nil && len(b) > maxRecordFile {
		err = errors.New("record is too large")
	}
	return b, withoutPath(err)
}

// write replaces a record, nil removes it. Its lock must be held.
func (d recordDir) write(key string, record []byte, durable bool) error {
	if record == nil {
		if err := os.Remove(d.path(key)); !errors.Is(err, fs.ErrNotExist) {
			return withoutPath(err)
		}
		return nil
	}
	next := d.path(key) + ".new"
	if err := writeWhole(next, record, durable); err != nil {
		return withoutPath(err)
	}
	return withoutPath(os.Rename(next, d.path(key)))
}

func writeWhole(path string, b []byte, durable bool) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil && durable {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// withoutPath keeps the names of the caller's directories out of logs.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s of a record: %w", p.Op, p.Err)
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return fmt.Errorf("%s of a record: %w", l.Op, l.Err)
	}
	return err
}
