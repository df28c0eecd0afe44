package pack

import (
	"errors"
	"io"
	"os"
	"runtime"
)

// spool keeps ciphertext that comes as a stream: a little of it in memory, more
// in a temporary file that only its owner reads and that is gone with the
// process.
type spool struct {
	dir    string
	limit  int64 // in memory
	size   int64
	memory []byte
	file   *os.File
}

// Write implements io.Writer.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.size+int64(len(p)) > s.limit {
		if err := s.toFile(); err != nil {
			return 0, err
		}
	}
	s.size += int64(len(p))
	if s.file != nil {
		return s.file.Write(p)
	}
	s.memory = append(s.memory, p...)
	return len(p), nil
}

func (s *spool) toFile() error {
	f, err := os.CreateTemp(s.dir, "ksef-package-*.aes") // mode 0600
	if err != nil {
		return err
	}
	s.file = f
	if runtime.GOOS != "windows" {
		// Without a name it cannot outlive the process, however that ends.
		if err := os.Remove(f.Name()); err != nil {
			return err
		}
	}
	_, err = f.Write(s.memory)
	s.memory = nil
	return err
}

// ReadAt implements io.ReaderAt.
func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(p, off)
	}
	if off >= int64(len(s.memory)) {
		return 0, io.EOF
	}
	n := copy(p, s.memory[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close removes everything.
func (s *spool) Close() error {
	s.memory = nil
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	err := f.Close()
	if runtime.GOOS == "windows" {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
