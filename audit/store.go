package audit

import (
	"context"
	"iter"
)

// Batch is what one commit stores: entries with consecutive numbers and the
// signed checkpoint that covers the log up to and including them. A batch
// without entries only replaces the checkpoint.
type Batch struct {
	First      uint64   // number of the first entry
	Entries    [][]byte // each at most MaxEntry bytes; at most MaxBatch of them
	Checkpoint []byte   // signed note, at most 4 KiB
}

// MaxBatch is how many entries one commit may hold.
const MaxBatch = 1024

// maxCheckpoint bounds a signed note: room for several signatures.
const maxCheckpoint = 4 << 10

// Record is what a store reads back: an entry, or a checkpoint that stands
// after the entries it covers. Data and Checkpoint are valid until the next
// step of the iteration.
type Record struct {
	// Seq is the stored number of the entry, or the number of entries that the
	// checkpoint stands after.
	Seq        uint64
	Data       []byte // entry; nil for a checkpoint
	Checkpoint []byte // signed note; nil for an entry
}

// Reader is the reading half of a Store, enough to verify it.
type Reader interface {
	// Head returns the newest checkpoint that the store keeps outside the
	// stream of records, nil when there is none. Every acknowledged entry is
	// covered by it, save after a loss of power, when it may be a little older.
	Head(ctx context.Context) ([]byte, error)
	// Load finds the end of the stored records. acked is the size that Head
	// vouches for. A batch at the very end that a crash left incomplete and
	// that lies beyond acked is ignored, and removed when the store is locked.
	// What a crash cannot explain is not touched: Load returns a *TamperError
	// and Read shows everything that is there. A store that does not exist yet is
	// empty. Load must come before Read.
	Load(ctx context.Context, acked uint64) (size uint64, err error)
	// Read yields the records from the entry numbered from, in stored order,
	// with the numbers they carry, even when these are wrong. Damage ends it
	// with a *TamperError.
	Read(ctx context.Context, from uint64) iter.Seq2[Record, error]
}

// Store keeps the bytes of one log. It knows nothing of signatures and trees:
// the Log checks everything it reads. Read may run beside Append and then sees
// the log as it was when Read began; other methods are not called at the same
// time. Package audittest holds the tests that every store must pass.
type Store interface {
	Reader
	// Lock claims the store for one writer until Close, or fails with ErrLocked.
	Lock(ctx context.Context) error
	// Append stores a batch: all of it or nothing, durable on return, its
	// checkpoint the new Head. After an error the store is as before and
	// usable, unless the error matches ErrBroken.
	Append(ctx context.Context, b Batch) error
	// Close releases the lock and what else is held. The store may be locked
	// again afterwards.
	Close() error
}
