package audit

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
)

// The checkpoint file holds the newest signed checkpoint. It is written after
// every commit and before the commit is acknowledged, in place and without
// waiting for the disk: that outlives the end of the process, however violent,
// and costs microseconds. A loss of power may bring back an older checkpoint;
// the ones in the segment then speak for what came after it.
const (
	headName = "checkpoint"
	// headInPlace bounds what is overwritten in place: disks write a sector of
	// this size whole or not at all.
	headInPlace = 512
	// headSyncEvery is after how many commits the file is made durable too.
	headSyncEvery = 256
)

// headFile writes the checkpoint file.
type headFile struct {
	disk    disk
	path    string
	file    diskFile
	length  int    // of what the file holds
	pending []byte // checkpoint that could not be written
	commits int    // since the last sync
}

// put writes a checkpoint; when that fails it stays pending.
func (h *headFile) put(d disk, path string, note []byte) {
	h.disk, h.path = d, path
	h.pending = append(h.pending[:0], note...)
	_ = h.flush() // reported by the next call of flush
}

// flush writes the pending checkpoint.
func (h *headFile) flush() error {
	if len(h.pending) == 0 {
		return nil
	}
	if err := h.write(h.pending); err != nil {
		return err
	}
	if h.commits++; h.commits >= headSyncEvery {
		if err := h.sync(); err != nil {
			_ = h.close() // a new file next time: this one may have lost its data
			return err
		}
	}
	h.pending = h.pending[:0]
	return nil
}

// write overwrites the file where that is safe and replaces it elsewhere. A
// new length is not safe: content and length reach the disk separately.
func (h *headFile) write(note []byte) error {
	if h.file != nil && len(note) == h.length && len(note) <= headInPlace {
		_, err := h.file.WriteAt(note, 0)
		return err
	}
	if err := h.close(); err != nil {
		return err
	}
	if err := writeFile(h.disk, h.path, note); err != nil {
		return err
	}
	f, err := h.disk.OpenFile(h.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	h.file, h.length, h.commits = f, len(note), 0
	return nil
}

func (h *headFile) sync() error {
	if h.file == nil || h.commits == 0 {
		return nil
	}
	h.commits = 0
	return h.file.Sync()
}

func (h *headFile) close() error {
	if h.file == nil {
		return nil
	}
	f := h.file
	h.file = nil
	return f.Close()
}

// readHead reads the checkpoint file, nil when there is none. Another process
// may be writing it: only what reads the same twice counts.
func readHead(d disk, path string) ([]byte, error) {
	var last []byte
	for range 16 {
		b, err := readFile(d, path, maxCheckpoint+1)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if bytes.Equal(b, last) && last != nil {
			return b, nil
		}
		last = b
	}
	return last, nil
}
