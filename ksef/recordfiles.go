package ksef

import (
	"bytes"
	"context"
)

// FileLimitStore is a [LimitStore] in a directory, for the processes of one
// machine. Network file systems without locks are not for it. A record that a
// crash of the machine takes away is made anew.
type FileLimitStore struct{ records recordDir }

// NewFileLimitStore names a directory. It is made when it is needed, for its
// owner alone. A [FileTokenStore] may use the same one.
func NewFileLimitStore(dir string) *FileLimitStore { return &FileLimitStore{recordDir{dir}} }

// Update implements LimitStore.
func (s *FileLimitStore) Update(ctx context.Context, key string, change func([]byte) ([]byte, error)) error {
	release, err := s.records.take(ctx, key, ".lock")
	if err != nil {
		return err
	}
	defer release()
	old, err := s.records.read(key)
	if err != nil {
		return err
	}
	next, err := change(bytes.Clone(old))
	if err != nil || bytes.Equal(old, next) {
		return err
	}
	return s.records.write(key, next, false)
}

// FileTokenStore is a [TokenStore] in a directory, for the processes of one
// machine. Files are readable by their owner alone, replaced in one step and
// flushed to disk. Network file systems without locks are not for it.
type FileTokenStore struct{ records recordDir }

// NewFileTokenStore names a directory. It is made when it is needed, for its
// owner alone.
func NewFileTokenStore(dir string) *FileTokenStore { return &FileTokenStore{recordDir{dir}} }

// Load implements TokenStore.
func (s *FileTokenStore) Load(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.records.read(key)
}

// Save implements TokenStore.
func (s *FileTokenStore) Save(ctx context.Context, key string, sealed []byte) error {
	release, err := s.records.take(ctx, key, ".lock")
	if err != nil {
		return err
	}
	defer release()
	return s.records.write(key, sealed, true)
}

// Lock implements TokenStore. The lock is another one than that of Save.
func (s *FileTokenStore) Lock(ctx context.Context, key string) (func(), error) {
	return s.records.take(ctx, key, ".turn")
}
