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
)

// journalName is the file in Config.Dir: one event in JSON per line.
const journalName = "ksefsim.jsonl"

// ErrDir says that the stored state cannot be used: written by another version,
// damaged before its end, or not readable.
var ErrDir = errors.New("ksefsim: stored state cannot be used")

// entry is one line of the journal.
type entry struct {
	Kind    string `json:"k"`
	Counter uint64 `json:"n"` // of numbers, after the event
	Event   event  `json:"e"`
}

// journal appends events to a file. Events are added under the lock of the
// state, hence in the order in which they happened; whoever needs them on disk
// calls flush, and one caller writes for all who wait.
type journal struct {
	file *os.File

	mu      sync.Mutex
	settled *sync.Cond // signals a change of durable, writing or err
	queue   []entry
	added   uint64
	durable uint64
	writing bool
	err     error // once writing failed nothing is acknowledged any more
}

// openJournal opens or creates the journal in dir and replays what it holds.
// A last line without its end was never acknowledged: it is cut off.
func openJournal(dir string, replay func(kind string, counter uint64, event json.RawMessage) error) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDir, err)
	}
	file, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDir, err)
	}
	j := &journal{file: file}
	j.settled = sync.NewCond(&j.mu)
	if err := j.recover(dir, replay); err != nil {
		_ = file.Close()
		return nil, err
	}
	return j, nil
}

// recover replays the complete lines and leaves the file ready for the next.
func (j *journal) recover(dir string, replay func(string, uint64, json.RawMessage) error) error {
	end, err := replayLines(j.file, replay)
	if err != nil {
		return err
	}
	if err := j.file.Truncate(end); err != nil {
		return fmt.Errorf("%w: %w", ErrDir, err)
	}
	if _, err := j.file.Seek(end, io.SeekStart); err != nil {
		return fmt.Errorf("%w: %w", ErrDir, err)
	}
	return syncDir(dir)
}

// replayLines replays line by line and returns where the last complete line
// ends.
func replayLines(r io.Reader, replay func(string, uint64, json.RawMessage) error) (end int64, err error) {
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

// flush returns when everything added before is on disk.
func (j *journal) flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for target := j.added; j.durable < target && j.err == nil; {
		if j.writing {
			j.settled.Wait()
			continue
		}
		j.writeQueue()
	}
	return j.err
}

// writeQueue writes what is queued, releasing the lock meanwhile.
func (j *journal) writeQueue() {
	batch, upTo := j.queue, j.added
	j.queue, j.writing = nil, true
	j.mu.Unlock()
	err := j.write(batch)
	j.mu.Lock()
	j.writing = false
	if err != nil {
		j.err = fmt.Errorf("ksefsim: write journal: %w", err)
	} else {
		j.durable = upTo
	}
	j.settled.Broadcast()
}

func (j *journal) write(batch []entry) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf) // ends every value with a line feed
	enc.SetEscapeHTML(false)
	for i := range batch {
		if err := enc.Encode(&batch[i]); err != nil {
			return err
		}
	}
	if _, err := j.file.Write(buf.Bytes()); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *journal) close() error {
	return errors.Join(j.flush(), j.file.Close())
}
