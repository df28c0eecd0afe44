package audit

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// TestFlipEveryByte changes every byte of every file of a log; Verify and Open
// must both refuse, and Open must not repair.
func TestFlipEveryByte(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := sample(t, dir, 1, 3, 1)
	files := append(segmentFiles(t, dir), filepath.Join(dir, headName))
	if len(files) < 3 {
		t.Fatalf("want several segments, have %v", files)
	}
	flips := 0
	for _, path := range files {
		data := readAll(t, path)
		for i := range data {
			changed := bytes.Clone(data)
			changed[i] ^= 1 << (i % 8)
			writeAll(t, path, changed)
			if report, err := VerifyDir(t.Context(), dir, key.VerifierKey()); err == nil {
				t.Fatalf("%s: byte %d changed: Verify finds nothing: %+v", filepath.Base(path), i, report)
			}
			if err := tryOpen(dir, key, nil); err == nil {
				t.Fatalf("%s: byte %d changed: Open accepts", filepath.Base(path), i)
			}
			if !bytes.Equal(readAll(t, path), changed) {
				t.Fatalf("%s: byte %d changed: the file was touched", filepath.Base(path), i)
			}
			flips++
		}
		writeAll(t, path, data)
	}
	if _, err := VerifyDir(t.Context(), dir, key.VerifierKey()); err != nil {
		t.Fatalf("restored log: %v", err)
	}
	t.Logf("%d changes, all detected", flips)
}

// TestFlipEveryByteAfterCrash does the same to a log whose process was killed:
// there are zeros behind the data, and no last words. Bytes behind the data may
// change without notice, since nothing was stored there.
func TestFlipEveryByteAfterCrash(t *testing.T) {
	live := filepath.Join(t.TempDir(), "log")
	key := testKey(t, "example.com/audit", 1)
	l := testOpen(t, Config{Store: NewFileStore(live), Signer: key})
	mustAppend(t, l, testEvents("a", 2)...)
	mustAppend(t, l, testEvents("b", 1)...)
	end := l.cfg.Store.(*FileStore).segments[0].limit
	dir := copyDir(t, live)
	for _, path := range append(segmentFiles(t, dir), filepath.Join(dir, headName)) {
		data := readAll(t, path)
		for i := range data {
			if i > int(end)+100 && i < len(data)-100 {
				continue // zeros like those around
			}
			changed := bytes.Clone(data)
			changed[i] ^= 0x10
			writeAll(t, path, changed)
			report, err := VerifyDir(t.Context(), dir, key.VerifierKey())
			behind := path != filepath.Join(dir, headName) && i >= int(end)
			if behind && (err != nil || report.Size != 3) {
				t.Fatalf("byte %d behind the data: %+v, %v", i, report, err)
			}
			if !behind && err == nil {
				t.Fatalf("%s: byte %d: not detected", filepath.Base(path), i)
			}
		}
		writeAll(t, path, data)
	}
}

// TestRollBack puts older copies back.
func TestRollBack(t *testing.T) {
	base := t.TempDir()
	dir, anchor := filepath.Join(base, "log"), NewFileAnchor(filepath.Join(base, "anchor"))
	key := testKey(t, "example.com/audit", 1)
	open := func() *Log { return testOpen(t, Config{Store: NewFileStore(dir), Signer: key, Anchor: anchor}) }
	l := open()
	mustAppend(t, l, testEvents("a", 3)...)
	mustClose(t, l)
	old := copyDir(t, dir)
	l = open()
	mustAppend(t, l, testEvents("b", 2)...)
	known, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)

	verify := func(dir string, known ...[]byte) error {
		_, err := Verify(t.Context(), NewFileStore(dir), VerifyOptions{VerifierKeys: []string{key.VerifierKey()}, Known: known})
		return err
	}
	rolled := attack{kind: ErrRolledBack, first: 3, last: 4}
	rolled.check(t, "Verify", verify(old, known))
	rolled.check(t, "Open", tryOpen(copyDir(t, old), key, anchor))
	if err := verify(old); err != nil {
		t.Errorf("an old copy is a good log to who knows nothing else: %v", err)
	}
	if err := verify(dir, known); err != nil {
		t.Errorf("the present log: %v", err)
	}

	mixed := copyDir(t, old) // old entries under the present checkpoint
	writeAll(t, filepath.Join(mixed, headName), readAll(t, filepath.Join(dir, headName)))
	attack{kind: ErrTruncated, first: 3, last: 4}.check(t, "Verify", verify(mixed))

	stale := copyDir(t, dir) // present entries under an old checkpoint, as after a loss of power
	writeAll(t, filepath.Join(stale, headName), readAll(t, filepath.Join(old, headName)))
	if err := verify(stale, known); err != nil {
		t.Errorf("an old checkpoint before entries with signatures of their own: %v", err)
	}

	empty := filepath.Join(t.TempDir(), "log")
	attack{kind: ErrRolledBack, first: 0, last: 4}.check(t, "Open of an empty store", tryOpen(empty, key, anchor))
}

// TestDamageBehindOldCheckpoint: even when the checkpoint is older, as after a
// loss of power, damage before a later commit is not taken for its work.
func TestDamageBehindOldCheckpoint(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := testKey(t, "example.com/audit", 1)
	l := testOpen(t, Config{Store: NewFileStore(dir), Signer: key})
	mustAppend(t, l, testEvents("a", 2)...)
	old := readAll(t, filepath.Join(dir, headName))
	mustAppend(t, l, testEvents("b", 2)...)
	mustAppend(t, l, testEvents("c", 2)...)
	mustClose(t, l)
	writeAll(t, filepath.Join(dir, headName), old)
	path := segmentFiles(t, dir)[0]
	data := readAll(t, path)
	next := bytes.Index(data, []byte(`{"v":1,"seq":4,`)) - frameHeader
	data[next-300] ^= 1 // in entry 3 or the checkpoint behind it
	writeAll(t, path, data)
	_, err := VerifyDir(t.Context(), dir, key.VerifierKey())
	attack{kind: ErrChanged, first: 3, last: 3}.check(t, "Verify", err)
	attack{kind: ErrChanged, first: 3, last: 3}.check(t, "Open", tryOpen(dir, key, nil))

	// In the last commit the same cannot be told from a crash, which may have
	// kept that commit from being acknowledged.
	writeAll(t, path, data[:next])
	report, err := VerifyDir(t.Context(), dir, key.VerifierKey())
	if err != nil || report.Size != 2 {
		t.Errorf("torn last commit: %+v, %v", report, err)
	}
	if err := tryOpen(dir, key, nil); err != nil {
		t.Errorf("torn last commit: %v", err)
	}
	if n := len(readAll(t, path)); n >= next {
		t.Errorf("the torn commit was not removed: %d bytes of %d", n, next)
	}
}

// TestRewrite has the holder of the key, and of another key, write a new history.
func TestRewrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := sample(t, dir, 2, 2)
	known := readAll(t, filepath.Join(dir, headName))
	forked := filepath.Join(t.TempDir(), "log")
	l := testOpen(t, Config{Store: NewFileStore(forked), Signer: key})
	mustAppend(t, l, testEvents("other", 5)...)
	mustClose(t, l)
	opt := VerifyOptions{VerifierKeys: []string{key.VerifierKey()}, Known: [][]byte{known}}
	_, err := Verify(t.Context(), NewFileStore(forked), opt)
	attack{kind: ErrForked, unlocated: true}.check(t, "Verify", err)

	other := testKey(t, "example.com/audit", 2)
	stranger := filepath.Join(t.TempDir(), "log")
	l = testOpen(t, Config{Store: NewFileStore(stranger), Signer: other})
	mustAppend(t, l, testEvents("c0", 2)...)
	mustClose(t, l)
	report, err := VerifyDir(t.Context(), stranger, key.VerifierKey())
	if !errors.Is(err, ErrWrongKey) || errors.Is(err, ErrTampered) || report.Size != 0 || report.OK() {
		t.Errorf("another key: %+v, %v; want ErrWrongKey", report, err)
	}
	if err := tryOpen(stranger, key, nil); !errors.Is(err, ErrWrongKey) {
		t.Errorf("Open with another key: %v, want ErrWrongKey", err)
	}
}

// TestMixLogs moves files between logs of one key.
func TestMixLogs(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	make2 := func(origin, prefix string) string {
		dir := filepath.Join(t.TempDir(), "log")
		l := testOpen(t, Config{Store: NewFileStore(dir), Signer: key, Origin: origin})
		mustAppend(t, l, testEvents(prefix, 3)...)
		mustClose(t, l)
		return dir
	}
	a, b := make2("example.com/a", "x"), make2("example.com/b", "x")
	a2 := make2("example.com/a", "y")
	check := func(name, dir string, kind error) {
		t.Helper()
		_, err := Verify(t.Context(), NewFileStore(dir), VerifyOptions{VerifierKeys: []string{key.VerifierKey()}, Origin: "example.com/a"})
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v, want %v", name, err, kind)
		}
	}
	check("log of another origin", b, ErrWrongLog)
	_, err := Open(t.Context(), Config{Store: NewFileStore(b), Signer: key, Origin: "example.com/a"})
	if !errors.Is(err, ErrWrongLog) {
		t.Errorf("Open: %v, want ErrWrongLog", err)
	}
	mixed := copyDir(t, a)
	writeAll(t, filepath.Join(mixed, headName), readAll(t, filepath.Join(a2, headName)))
	check("checkpoint of another log of the same name", mixed, ErrChanged)
	mixed = copyDir(t, a)
	writeAll(t, filepath.Join(mixed, segmentName(0)), readAll(t, filepath.Join(a2, segmentName(0))))
	check("entries of another log of the same name", mixed, ErrChanged)
	check("untouched", a, nil)
	opt := VerifyOptions{VerifierKeys: []string{key.VerifierKey()}, Known: [][]byte{readAll(t, filepath.Join(b, headName))}}
	if _, err := Verify(t.Context(), NewFileStore(a), opt); !errors.Is(err, ErrWrongLog) {
		t.Errorf("known checkpoint of another log: %v, want ErrWrongLog", err)
	}
}

// TestChangedWhileOpen changes files under an open log.
func TestChangedWhileOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	l := testOpen(t, Config{Store: NewFileStore(dir)})
	mustAppend(t, l, testEvents("a", 300)...)
	rewrite(t, segmentFiles(t, dir)[0], func(list []frame) []frame {
		for _, seq := range []uint64{7, 290} {
			f := &list[at(list, seq)]
			f.data = bytes.Replace(f.data, []byte(`"150"`), []byte(`"200"`), 1)
		}
		return list
	})
	if _, err := l.Prove(t.Context(), 290); !errors.Is(err, ErrChanged) {
		t.Errorf("Prove of an entry in the last tile: %v, want ErrChanged", err)
	}
	if _, err := l.Prove(t.Context(), 7); !errors.Is(err, ErrChanged) {
		t.Errorf("Prove of the entry: %v, want ErrChanged", err)
	}
	if _, err := l.Prove(t.Context(), 9); !errors.Is(err, ErrChanged) {
		t.Errorf("Prove of its neighbour: %v, want ErrChanged", err)
	}
	report, err := l.Verify(t.Context())
	if !errors.Is(err, ErrChanged) || report.OK() {
		t.Errorf("Verify: %+v, %v; want ErrChanged", report, err)
	}
}

// TestOldLog opens a log that an earlier version of the format's code wrote:
// stored logs stay readable.
func TestOldLog(t *testing.T) {
	const old = "testdata/v1"
	if *update {
		if err := os.RemoveAll(old); err != nil {
			t.Fatal(err)
		}
		sample(t, old, attackSizes...)
		remove(t, filepath.Join(old, "lock"))
	}
	dir := copyDir(t, old)
	key := testKey(t, "example.com/audit", 1)
	report, err := VerifyDir(t.Context(), dir, key.VerifierKey())
	if err != nil || report.Size != 10 {
		t.Fatalf("%+v, %v", report, err)
	}
	l := testOpen(t, Config{Store: NewFileStore(dir), Signer: key})
	if e, ok, err := l.Find(t.Context(), "c4-3"); err != nil || !ok || e.Seq != 9 {
		t.Errorf("Find: %d, %v, %v", e.Seq, ok, err)
	}
	mustAppend(t, l, testEvent("new"))
}

// TestVerifyBesideWriter: verifying a log that is being written finds nothing.
func TestVerifyBesideWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := testKey(t, "example.com/audit", 1)
	s := NewFileStore(dir)
	s.SegmentSize = 50 << 10
	l := testOpen(t, Config{Store: s, Signer: key})
	var working atomic.Int32
	var wg sync.WaitGroup
	for w := range 3 {
		working.Add(1)
		wg.Go(func() {
			defer working.Add(-1)
			for i := range 400 {
				if _, err := l.Append(t.Context(), testEvent(fmt.Sprintf("%d-%d", w, i))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	outside, inside, runs := uint64(0), uint64(0), 0
	for ; working.Load() > 0 && !t.Failed(); runs++ {
		report, err := VerifyDir(t.Context(), dir, key.VerifierKey())
		if err != nil || report.Size < outside {
			t.Errorf("from outside: %+v, %v, after %d entries", report, err, outside)
		}
		outside = report.Size
		if report, err = l.Verify(t.Context()); err != nil || report.Size < inside {
			t.Errorf("from inside: %+v, %v, after %d entries", report, err, inside)
		}
		inside = report.Size
	}
	wg.Wait()
	t.Logf("%d times, up to %d entries", runs, outside)
}
