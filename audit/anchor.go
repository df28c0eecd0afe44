package audit

import (
	"context"
	"fmt"
)

// Anchor keeps a copy of the newest checkpoint out of reach of whoever can
// change the log: another disk, another machine, a bucket that forbids
// overwriting. Only such a copy reveals that a whole older log was put back.
type Anchor interface {
	// Last returns the newest published checkpoint, nil when there is none.
	Last(ctx context.Context) ([]byte, error)
	// Publish keeps a newer one.
	Publish(ctx context.Context, checkpoint []byte) error
}

// FileAnchor is an Anchor in a file, to be placed on another disk than the log
// or at least in another backup.
type FileAnchor struct{ path string }

// NewFileAnchor returns an anchor at a path, whose directory must exist.
func NewFileAnchor(path string) FileAnchor { return FileAnchor{path} }

// Last reads the file.
func (a FileAnchor) Last(context.Context) ([]byte, error) { return readHead(osDisk{}, a.path) }

// Publish replaces the file durably.
func (a FileAnchor) Publish(_ context.Context, checkpoint []byte) error {
	return writeFile(osDisk{}, a.path, checkpoint)
}

// publish hands the newest checkpoint to the anchor.
func (l *Log) publish(ctx context.Context, checkpoint []byte) error {
	if l.cfg.Anchor == nil {
		return nil
	}
	if err := l.cfg.Anchor.Publish(ctx, checkpoint); err != nil {
		return fmt.Errorf("publish checkpoint: %w", err)
	}
	return nil
}
