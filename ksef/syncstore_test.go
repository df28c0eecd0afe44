package ksef_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/kseftest"
)

func TestMemorySyncStore(t *testing.T) {
	kseftest.TestSyncStore(t, func(*testing.T) ksef.SyncStore { return new(ksef.MemorySyncStore) })
}

func TestFileSyncStore(t *testing.T) {
	kseftest.TestSyncStore(t, func(t *testing.T) ksef.SyncStore { return ksef.NewFileSyncStore(filepath.Join(t.TempDir(), "sync")) })
}

// TestFileSyncStoreSurvives: another process sees what was saved, and damage is
// told apart from an empty store.
func TestFileSyncStoreSurvives(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	lease, err := ksef.NewFileSyncStore(dir).Acquire(t.Context(), "s", "a", now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := ksef.NewFileSyncStore(dir).Save(t.Context(), lease, ksef.SyncCheckpoint{Delivered: 7}); err != nil {
		t.Fatal(err)
	}
	if c, err := ksef.NewFileSyncStore(dir).Load(t.Context(), "s"); err != nil || c.Delivered != 7 {
		t.Errorf("Load = %+v, %v", c, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.record"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	for _, damage := range []string{"", "{", "{}", `{"stream":"t","fence":1}`, `{"stream":"s","fence":-1}`} {
		if err := os.WriteFile(files[0], []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ksef.NewFileSyncStore(dir).Load(t.Context(), "s"); !errors.Is(err, ksef.ErrCheckpoint) {
			t.Errorf("Load of %q: %v", damage, err)
		}
		if _, err := ksef.NewFileSyncStore(dir).Acquire(t.Context(), "s", "b", now, now.Add(time.Minute)); !errors.Is(err, ksef.ErrCheckpoint) {
			t.Errorf("Acquire of %q: %v", damage, err)
		}
	}
}

func TestFileSyncStoreWithoutRoom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	_, err := ksef.NewFileSyncStore(filepath.Join(file, "below")).Acquire(t.Context(), "s", "a", now, now.Add(time.Minute))
	if !errors.Is(err, ksef.ErrLocalStore) {
		t.Errorf("Acquire below a file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ksef.NewFileSyncStore(t.TempDir()).Load(ctx, "s"); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Load after cancel: %v", err)
	}
}
