package ksefsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/faktupro/faktupro-go/internal/filelock"
)

// Files in Config.Dir.
const (
	journalName = "ksefsim.jsonl" // one event in JSON per line
	lockName    = "ksefsim.lock"  // empty; locked while a simulator uses the directory
)

var (
	// ErrDir says that the stored state cannot be used: written by another
	// version, damaged before its end, or not readable.
	ErrDir = errors.New("ksefsim: stored state cannot be used")
	// ErrLocked says that another simulator, in this process or another, uses
	// Config.Dir: close that one or choose another directory.
	ErrLocked = errors.New("ksefsim: another simulator uses the directory; stop it or choose another directory")
)

// entry is one line of the journal.
type entry struct {
	Kind    string `json:"k"`
	Counter uint64 `json:"n"` // of numbers, after the event
	Event   event  `json:"e"`
}

// journal appends events to a file. Events are added under the lock of the
// state, hence in the order in which they happened; whoever needs them on disk
// calls flush, and one caller writes for all who wait. What could not be written
// stays queued for the next flush, before everything that is added later.
type journal struct {
	file    journalFile
	release func() error // gives up the directory
	end     int64        // of what is durable; only the one who writes looks at it

	mu      sync.Mutex
	settled *sync.Cond // signals a change of durable, writing or failed
	queue   []entry
	added   uint64
	durable uint64
	writing bool
	failed  uint64 // attempts to write that failed
	err     error  // of the last one that did
	broken  bool   // what the disk holds is not known: nothing is acknowledged any more
}

// journalFile is the part of a file that is written to. Tests put a disk between
// that fills up or fails.
type journalFile interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

type replayFunc func(kind string, counter uint64, event json.RawMessage) error

// openJournal claims dir, opens or creates the journal in it and replays what it
// holds. A last line without its end was never acknowledged: it is cut off.
func openJournal(dir string, replay replayFunc) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDir, err)
	}
	release, err := filelock.Take(filepath.Join(dir, lockName))
	if errors.Is(err, filelock.ErrHeld) {
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDir, err)
	}
	j := &journal{release: release}
	j.settled = sync.NewCond(&j.mu)
	if err := j.open(dir, replay); err != nil {
		return nil, errors.Join(err, release())
	}
	return j, nil
}

// open replays the complete lines and leaves the file ready for the next.
func (j *journal) open(dir string, replay replayFunc) error {
	file, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDir, err)
	}
	j.file = file
	if j.end, err = replayLines(file, replay); err == nil {
		if err = file.Truncate(j.end); err != nil {
			err = fmt.Errorf("%w: %w", ErrDir, err)
		} else {
			err = syncDir(dir)
		}
	}
	if err != nil {
		_ = file.Close()
	}
	return err
}

// replayLines replays line by line and returns where the last complete line
// ends.
func replayLines(r io.Reader, replay replayFunc) (end int64, err error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrDir, err)
		}
		var stored struct {
			Kind    string          `json:"k"`
			Counter uint64          `json:"n"`
			Event   json.RawMessage `json:"e"`
		}
		if err := json.Unmarshal(line, &stored); err != nil {
			return 0, fmt.Errorf("%w: line %d is damaged", ErrDir, number)
		}
		if err := replay(stored.Kind, stored.Counter, stored.Event); err != nil {
			return 0, fmt.Errorf("%w: line %d: %w", ErrDir, number, err)
		}
		end += int64(len(line))
	}
}

// syncDir makes a new file's name durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDir, err)
	}
	defer d.Close()
	// Not every platform can sync a directory; the file itself is synced always.
	_ = d.Sync()
	return nil
}

// add queues an event without I/O.
func (j *journal) add(e entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.queue = append(j.queue, e)
	j.added++
}

// flush returns nil when everything added before is on disk. When an attempt to
// write it fails it returns the error; the next flush tries again.
func (j *journal) flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	target, failed := j.added, j.failed
	for j.durable < target {
		switch {
		case j.broken || j.failed != failed:
			return j.err
		case j.writing:
			j.settled.Wait()
		default:
			j.writeQueue()
		}
	}
	return nil
}

// writeQueue writes what is queued, releasing the lock meanwhile.
func (j *journal) writeQueue() {
	batch, upTo := j.queue, j.added
	j.queue, j.writing = nil, true
	j.mu.Unlock()
	broken, err := j.write(batch)
	j.mu.Lock()
	j.writing = false
	if err != nil {
		j.queue = append(batch, j.queue...)
		j.failed++
		j.broken, j.err = broken, fmt.Errorf("ksefsim: write journal: %w", err)
	} else {
		j.durable = upTo
	}
	j.settled.Broadcast()
}

// write makes a batch durable behind what is durable already. It reports broken
// when the system may have dropped the data: after a failed sync a second one
// that succeeds proves nothing.
func (j *journal) write(batch []entry) (broken bool, err error) {
	lines, err := encodeLines(batch)
	if err != nil {
		return false, err
	}
	if _, err := j.file.WriteAt(lines, j.end); err != nil {
		// What was written in part is cut off. Should that fail as well, the next
		// attempt overwrites it, since it begins with the same lines.
		return false, errors.Join(err, j.file.Truncate(j.end))
	}
	if err := j.file.Sync(); err != nil {
		return true, err
	}
	j.end += int64(len(lines))
	return false, nil
}

func encodeLines(batch []entry) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf) // ends every value with a line feed
	enc.SetEscapeHTML(false)
	for i := range batch {
		if err := enc.Encode(&batch[i]); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), nil
}

// close gives up the directory last, when nothing can be written any more.
func (j *journal) close() error {
	return errors.Join(j.flush(), j.file.Close(), j.release())
}
