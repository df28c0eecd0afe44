package audit

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
)

// memDisk is a disk that remembers what was made durable and what was not, so
// that a test can take the power away: of everything since the last sync an
// arbitrary part survives, in any order, sector by sector.
type memDisk struct {
	mu      sync.Mutex
	names   map[string]*memFile // as programs see them
	durable map[string]*memFile // as they stand on the disk
	room    int64               // bytes left; negative means no limit
	ops     int                 // operations until everything fails; negative means never
	syncErr error               // result of the next Sync
}

type memFile struct {
	data    []byte // as programs see it
	durable []byte // as it stands on the disk
}

var errPower = errors.New("power is gone")

const sector = 512

func newMemDisk() *memDisk {
	return &memDisk{names: map[string]*memFile{}, durable: map[string]*memFile{}, room: -1, ops: -1}
}

// step counts an operation that changes something.
func (d *memDisk) step() error {
	if d.ops == 0 {
		return errPower
	}
	if d.ops > 0 {
		d.ops--
	}
	return nil
}

func (d *memDisk) OpenFile(path string, flag int, _ fs.FileMode) (diskFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, ok := d.names[path]
	switch {
	case !ok && flag&syscall.O_CREAT == 0:
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	case !ok || flag&syscall.O_TRUNC != 0:
		if err := d.step(); err != nil {
			return nil, err
		}
	}
	if !ok {
		f = &memFile{}
		d.names[path] = f
	}
	if flag&syscall.O_TRUNC != 0 {
		f.data = nil
	}
	return &memHandle{d, f}, nil
}

func (d *memDisk) ReadDir(dir string) ([]fs.DirEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []fs.DirEntry
	for _, path := range slices.Sorted(maps.Keys(d.names)) {
		if filepath.Dir(path) == dir {
			list = append(list, memEntry(filepath.Base(path)))
		}
	}
	return list, nil
}

// memEntry is a directory entry of which only the name is asked for.
type memEntry string

func (e memEntry) Name() string             { return string(e) }
func (memEntry) IsDir() bool                { return false }
func (memEntry) Type() fs.FileMode          { return 0 }
func (memEntry) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid }

func (d *memDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return nil
}

func (d *memDisk) SyncDir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	d.durable = maps.Clone(d.names)
	return nil
}

// crash returns the disk as it may come up after the power went. Names changed
// since the last SyncDir are all old or all new.
func (d *memDisk) crash(rnd *rand.Rand) *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := d.durable
	if rnd.IntN(2) == 0 {
		names = d.names
	}
	after := newMemDisk()
	for _, path := range slices.Sorted(maps.Keys(names)) {
		data := names[path].survivor(rnd)
		after.names[path] = &memFile{data: data, durable: slices.Clone(data)}
	}
	after.durable = maps.Clone(after.names)
	return after
}

// survivor mixes old and new sectors and takes the old or the new size.
func (f *memFile) survivor(rnd *rand.Rand) []byte {
	size := len(f.durable)
	if rnd.IntN(2) == 0 {
		size = len(f.data)
	}
	out := make([]byte, size)
	copy(out, f.durable)
	for at := 0; at < size; at += sector {
		if rnd.IntN(2) == 0 && at < len(f.data) {
			n := copy(out[at:min(at+sector, size)], f.data[at:])
			clear(out[at+n : min(at+sector, size)])
		}
	}
	return out
}

type memHandle struct {
	d *memDisk
	f *memFile
}

func (h *memHandle) ReadAt(p []byte, off int64) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if off >= int64(len(h.f.data)) {
		return 0, io.EOF
	}
	n := copy(p, h.f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt writes in part when the disk is full or the power goes meanwhile.
func (h *memHandle) WriteAt(p []byte, off int64) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	err := h.d.step()
	n := len(p)
	if err != nil { // up to a sector, which is written whole or not at all
		n = max(0, int((off+int64(n/2))/sector*sector-off))
	}
	if grow := off + int64(n) - int64(len(h.f.data)); grow > 0 {
		if h.d.room >= 0 && grow > h.d.room {
			n, grow, err = max(0, n-int(grow-h.d.room)), h.d.room, syscall.ENOSPC
		}
		if h.d.room >= 0 {
			h.d.room -= grow
		}
		h.f.data = append(h.f.data, make([]byte, grow)...)
	}
	if n > 0 {
		copy(h.f.data[off:], p[:n])
	}
	return n, err
}

func (h *memHandle) Truncate(size int64) error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.step(); err != nil {
		return err
	}
	if cut := int64(len(h.f.data)) - size; cut > 0 {
		h.f.data = h.f.data[:size:size]
		if h.d.room >= 0 {
			h.d.room += cut
		}
	}
	return nil
}

func (h *memHandle) Sync() error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.syncErr; err != nil {
		h.d.syncErr = nil
		return err
	}
	if err := h.d.step(); err != nil {
		return err
	}
	h.f.durable = slices.Clone(h.f.data)
	return nil
}

func (h *memHandle) Size() (int64, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	return int64(len(h.f.data)), nil
}

func (h *memHandle) Close() error { return nil }
