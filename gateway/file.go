package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// readLimited reads a file of at most limit bytes; "-" is standard input.
func readLimited(path string, limit int64) ([]byte, error) {
	data, err := readUpTo(path, limit+1)
	if err == nil && int64(len(data)) > limit {
		return nil, no(fmt.Errorf("%s is larger than the %d bytes that are read at most", path, limit))
	}
	return data, err
}

// readUpTo reads the first limit bytes of a file.
func readUpTo(path string, limit int64) ([]byte, error) {
	in := os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, limit))
}

// writeWhole writes a file that is there whole or not at all: a torn one cannot
// replace a good one. What a link points to is replaced, not the link; a device
// or a pipe is written to as it is.
func writeWhole(path string, data []byte) error {
	target, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target = path
	case err != nil:
		return err
	}
	if info, err := os.Stat(target); err == nil && !info.Mode().IsRegular() {
		return writeInto(target, data)
	}
	return replaceFile(target, data)
}

// writeInto writes to what is there already.
func writeInto(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// replaceFile writes a new file beside the old one, under a name that nobody else
// has, and puts it in its place.
func replaceFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// printable is text of others that is safe on a terminal: what does not print,
// or could steer it, is a dot.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}
