package ksef

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// FileSyncStore is a [SyncStore] in a directory, for programs on one machine. A
// checkpoint is one file, replaced in one step and flushed to disk before Save
// returns: after a crash it is the old one or the new one. Several processes may
// use the directory at the same time; network file systems without locks are not
// for it.
type FileSyncStore struct{ records recordDir }

// NewFileSyncStore names a directory. It is made when it is needed, for its
// owner alone.
func NewFileSyncStore(dir string) *FileSyncStore { return &FileSyncStore{recordDir{dir}} }

const opSyncFile = "checkpoint file"

// recordName does not tell which stream the file is for: the name would say
// whose invoices they are.
func recordName(stream string) string {
	sum := sha256.Sum256([]byte(stream))
	return "sync-" + hex.EncodeToString(sum[:12])
}

// change reads a record, changes it and, unless that fails, writes it.
func (s *FileSyncStore) change(ctx context.Context, stream string, change func(*syncRecord) error) error {
	release, err := s.records.take(ctx, recordName(stream), ".lock")
	if err != nil {
		return storeFailed(opSyncFile, err)
	}
	defer release()
	r, err := s.read(stream)
	if err != nil {
		return err
	}
	if err := change(r); err != nil || r.Fence == 0 {
		return err
	}
	data, err := json.Marshal(r)
	if err == nil {
		err = s.records.write(recordName(stream), data, true)
	}
	if err != nil {
		return storeFailed(opSyncFile, err)
	}
	return nil
}

func (s *FileSyncStore) read(stream string) (*syncRecord, error) {
	r := new(syncRecord)
	data, err := s.records.read(recordName(stream))
	if err != nil {
		return nil, storeFailed(opSyncFile, err)
	}
	if data == nil {
		return r, nil
	}
	if json.Unmarshal(data, r) != nil || r.Stream != stream || r.Fence < 1 {
		return nil, fmt.Errorf("ksef: %s: %w", opSyncFile, ErrCheckpoint)
	}
	return r, nil
}

// Acquire implements [SyncStore].
func (s *FileSyncStore) Acquire(ctx context.Context, stream, owner string, now, until time.Time) (lease SyncLease, err error) {
	err = s.change(ctx, stream, func(r *syncRecord) (err error) {
		lease, err = r.acquire(stream, owner, now, until)
		return err
	})
	if err != nil {
		return SyncLease{}, err
	}
	return lease, nil
}

// Renew implements [SyncStore].
func (s *FileSyncStore) Renew(ctx context.Context, lease SyncLease, until time.Time) error {
	return s.change(ctx, lease.Stream, func(r *syncRecord) error { return r.renew(lease, until) })
}

// Release implements [SyncStore].
func (s *FileSyncStore) Release(ctx context.Context, lease SyncLease) error {
	return s.change(ctx, lease.Stream, func(r *syncRecord) error { return r.release(lease) })
}

// Load implements [SyncStore]. A file is replaced in one step, so reading needs
// no lock.
func (s *FileSyncStore) Load(_ context.Context, stream string) (SyncCheckpoint, error) {
	r, err := s.read(stream)
	if err != nil {
		return SyncCheckpoint{}, err
	}
	return r.Checkpoint, nil
}

// Save implements [SyncStore].
func (s *FileSyncStore) Save(ctx context.Context, lease SyncLease, c SyncCheckpoint) error {
	return s.change(ctx, lease.Stream, func(r *syncRecord) error { return r.save(lease, c) })
}
