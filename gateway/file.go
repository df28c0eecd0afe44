package main

import (
	"fmt"
	"io"
	"os"
)

// readLimited reads a file of at most limit bytes; "-" is standard input.
func readLimited(path string, limit int64) ([]byte, error) {
	in := os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, no(fmt.Errorf("%s is larger than the %d bytes that are read at most", path, limit))
	}
	return data, nil
}

// writeWhole writes a file that is there whole or not at all: a torn one cannot
// replace a good one.
func writeWhole(path string, data []byte) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
