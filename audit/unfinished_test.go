package audit

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestFirstStartInterrupted takes the power away at every operation of the very
// first start: what is left is no tampered log, and the next start finishes it.
func TestFirstStartInterrupted(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	unfinished := 0
	for seed := range uint64(8) {
		for ops := 0; ; ops++ {
			d := newMemDisk()
			d.ops = ops
			l, err := Open(t.Context(), Config{Signer: key, Now: testNow, Store: memFileStore(t, d, 1<<20)})
			if err == nil {
				err = l.Close()
			}
			killed := err != nil
			for name, left := range map[string]*memDisk{"killed": d, "power loss": d.crash(rand.New(rand.NewPCG(seed, uint64(ops))))} {
				left.ops = -1
				store := memFileStore(t, left, 1<<20)
				r, err := Verify(t.Context(), store, VerifyOptions{VerifierKeys: []string{key.VerifierKey()}})
				switch {
				case errors.Is(err, ErrEmpty):
					unfinished++
					if errors.Is(err, ErrTampered) || r.OK() || r.Fault != nil || r.Size != 0 {
						t.Errorf("%s after %d operations: %+v, %v", name, ops, r, err)
					}
				case err != nil || !r.OK():
					t.Errorf("%s after %d operations: %+v, %v", name, ops, r, err)
				}
				mustClose(t, testOpen(t, Config{Signer: key, Store: store}))
				if r, err := Verify(t.Context(), store, VerifyOptions{VerifierKeys: []string{key.VerifierKey()}, Checkpoints: true}); err != nil || !r.OK() {
					t.Errorf("%s after %d operations, then started: %+v, %v", name, ops, r, err)
				}
			}
			if !killed {
				break
			}
		}
	}
	if unfinished < 16 {
		t.Errorf("only %d unfinished logs seen", unfinished)
	}
}

// TestNoLog: a directory without a log, or none at all, is empty.
func TestNoLog(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	dir := t.TempDir()
	for _, dir := range []string{dir, filepath.Join(dir, "missing")} {
		if r, err := VerifyDir(t.Context(), dir, key.VerifierKey()); !errors.Is(err, ErrEmpty) || errors.Is(err, ErrTampered) || r.OK() {
			t.Errorf("%+v, %v; want ErrEmpty", r, err)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) > 0 {
		t.Errorf("verifying left %v", names)
	}
	if r, err := Verify(t.Context(), NewMemoryStore(), VerifyOptions{VerifierKeys: []string{key.VerifierKey()}}); !errors.Is(err, ErrEmpty) || r.OK() {
		t.Errorf("in memory: %+v, %v; want ErrEmpty", r, err)
	}
}

// TestEverythingRemoved: without knowledge from elsewhere it looks like a log
// that never began, but not like a good one.
func TestEverythingRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := sample(t, dir, attackSizes...)
	known := readAll(t, filepath.Join(dir, headName))
	empty := t.TempDir()
	mustClose(t, testOpen(t, Config{Store: NewFileStore(empty), Signer: key}))
	atBirth := readAll(t, filepath.Join(empty, headName))
	other := readAll(t, filepath.Join(otherLog(t), headName))
	for _, path := range append(segmentFiles(t, dir), filepath.Join(dir, headName)) {
		remove(t, path)
	}
	verify := func(opt VerifyOptions) (*Report, error) {
		opt.VerifierKeys = []string{key.VerifierKey()}
		return Verify(t.Context(), NewFileStore(dir), opt)
	}
	if r, err := verify(VerifyOptions{}); !errors.Is(err, ErrEmpty) || r.OK() {
		t.Errorf("nothing known: %+v, %v; want ErrEmpty", r, err)
	}
	if r, err := verify(VerifyOptions{Known: [][]byte{atBirth}}); !errors.Is(err, ErrEmpty) || r.OK() || r.Known != 1 {
		t.Errorf("checkpoint of the empty log known: %+v, %v; want ErrEmpty", r, err)
	}
	for _, list := range [][][]byte{{known}, {atBirth, known}} {
		r, err := verify(VerifyOptions{Known: list})
		attack{kind: ErrRolledBack, first: 0, last: 9}.check(t, "Verify", err)
		if r.OK() || r.Fault == nil {
			t.Errorf("the report does not tell: %+v", r)
		}
	}
	if _, err := verify(VerifyOptions{Known: [][]byte{other}}); !errors.Is(err, ErrWrongKey) {
		t.Errorf("checkpoint by another key: %v, want ErrWrongKey", err)
	}
	if _, err := verify(VerifyOptions{Known: [][]byte{atBirth}, Origin: "example.com/other"}); !errors.Is(err, ErrWrongLog) {
		t.Errorf("checkpoint of another log: %v, want ErrWrongLog", err)
	}
}

// otherLog is the directory of a log of somebody else.
func otherLog(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "other")
	mustClose(t, testOpen(t, Config{Store: NewFileStore(dir), Signer: testKey(t, "example.com/audit", 2)}))
	return dir
}

// TestEntriesWithoutCheckpoint: the checkpoint file is there before the first
// entry, so entries without it, even torn ones, are not what a crash leaves.
// Neither Verify nor Open may take them for an empty log.
func TestEntriesWithoutCheckpoint(t *testing.T) {
	base := filepath.Join(t.TempDir(), "log")
	key := sample(t, base, 3)
	segment := filepath.Base(segmentFiles(t, base)[0])
	whole := readAll(t, filepath.Join(base, segment))
	start := bytes.LastIndex(whole, frameMagic) // of the checkpoint behind the entries
	for name, data := range map[string][]byte{
		"whole":                     whole,
		"behind the entries":        whole[:start],
		"inside the checkpoint":     whole[:len(whole)-1],
		"inside the last entry":     whole[:start-1],
		"first checkpoint damaged":  append(append(bytes.Clone(whole[:segmentHeader+40]), 'x'), whole[segmentHeader+41:]...),
		"inside the first entry":    whole[:bytes.Index(whole, append(bytes.Clone(frameMagic), kindEntry))+5],
		"zeros behind a torn entry": append(bytes.Clone(whole[:start-1]), make([]byte, 4096)...),
	} {
		dir := copyDir(t, base)
		remove(t, filepath.Join(dir, headName))
		writeAll(t, filepath.Join(dir, segment), data)
		r, err := VerifyDir(t.Context(), dir, key.VerifierKey())
		attack{kind: ErrDeleted, unlocated: true}.check(t, name+": Verify", err)
		if r.OK() || r.Fault == nil {
			t.Errorf("%s: the report does not tell: %+v", name, r)
		}
		if err := tryOpen(dir, key, nil); !errors.Is(err, ErrTampered) {
			t.Errorf("%s: Open: %v, want ErrTampered", name, err)
		}
		if !bytes.Equal(readAll(t, filepath.Join(dir, segment)), data) {
			t.Errorf("%s: the file was touched", name)
		}
	}
}

// TestOpenKey: a key is made only for a log that has not begun.
func TestOpenKey(t *testing.T) {
	dir := t.TempDir()
	path, logDir := filepath.Join(dir, "audit.key"), filepath.Join(dir, "log")
	anchor := NewFileAnchor(filepath.Join(dir, "anchor"))
	ctx := context.Background()
	key, err := OpenKey(ctx, path, NewFileStore(logDir), anchor)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(logDir); err == nil {
		t.Error("asking for the key made the log")
	}
	again, err := OpenKey(ctx, path, NewFileStore(logDir), anchor)
	if err != nil || again.VerifierKey() != key.VerifierKey() {
		t.Fatalf("second start before the log began: %v, %v", again, err)
	}
	store := NewFileStore(logDir)
	if key, err = OpenKey(ctx, path, store, nil); err != nil {
		t.Fatal(err)
	}
	l := testOpen(t, Config{Store: store, Signer: key, Anchor: anchor}) // the same store, looked into before
	mustAppend(t, l, testEvents("a", 2)...)
	mustClose(t, l)
	saved := readAll(t, path)
	remove(t, path)

	refused := func(name string, r Reader, a Anchor) {
		t.Helper()
		_, err := OpenKey(ctx, path, r, a)
		if !errors.Is(err, ErrKey) || !errors.Is(err, os.ErrNotExist) ||
			!bytes.Contains([]byte(err.Error()), []byte(path)) ||
			!bytes.Contains([]byte(err.Error()), []byte("restore audit.key from your backup")) {
			t.Errorf("%s: %v, want ErrKey with file and remedy", name, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: a key file was left: %v", name, err)
		}
	}
	refused("entries", NewFileStore(logDir), nil)
	remove(t, filepath.Join(logDir, headName))
	refused("entries without a checkpoint", NewFileStore(logDir), nil)
	refused("only the anchor knows", NewFileStore(filepath.Join(dir, "gone")), anchor)
	empty := t.TempDir()
	mustClose(t, testOpen(t, Config{Store: NewFileStore(empty), Signer: key}))
	refused("no entry yet, but a checkpoint", NewFileStore(empty), nil)
	remove(t, filepath.Join(empty, headName))
	refused("only the first checkpoint", NewFileStore(empty), nil)
	writeAll(t, segmentFiles(t, empty)[0], []byte("garbage"))
	refused("damaged", NewFileStore(empty), nil)

	writeAll(t, path, saved)
	if again, err := OpenKey(ctx, path, NewFileStore(logDir), anchor); err != nil || again.VerifierKey() != key.VerifierKey() {
		t.Errorf("restored: %v, %v", again, err)
	}
	writeAll(t, path, saved[:20])
	if _, err := OpenKey(ctx, path, NewFileStore(t.TempDir()), nil); !errors.Is(err, ErrKey) {
		t.Errorf("damaged key file: %v, want ErrKey", err)
	}
}
