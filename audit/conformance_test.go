package audit_test

import (
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/audit/audittest"
)

func TestMemoryStore(t *testing.T) {
	audittest.Run(t, func(*testing.T) func() audit.Store {
		s := audit.NewMemoryStore()
		return func() audit.Store { return s }
	})
}

func TestFileStore(t *testing.T) {
	audittest.Run(t, func(t *testing.T) func() audit.Store {
		dir := filepath.Join(t.TempDir(), "log")
		return func() audit.Store { return audit.NewFileStore(dir) }
	})
}

// Many small segments.
func TestFileStoreSmallSegments(t *testing.T) {
	audittest.Run(t, func(t *testing.T) func() audit.Store {
		dir := filepath.Join(t.TempDir(), "log")
		return func() audit.Store {
			s := audit.NewFileStore(dir)
			s.SegmentSize = 8 << 10
			return s
		}
	})
}
