package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var testTime = time.Date(2026, 11, 22, 10, 20, 30, 123456000, time.UTC)

func testNow() time.Time { return testTime }

// testKey makes the key that belongs to a number.
func testKey(t testing.TB, name string, n byte) *Key {
	t.Helper()
	key, err := GenerateKey(name, bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testEvent(id string) Event {
	return Event{
		ID: id, Type: TypeInvoiceSent, Actor: Actor{ActorAPIKey, "k7Qm2xPa"},
		Object: Object{"invoice", "inv-" + id}, Request: "req-" + id,
		Details: map[string]string{DetailStatus: "150", DetailSeries: "FV/{n}/2026"},
	}
}

func testEvents(prefix string, n int) []Event {
	list := make([]Event, n)
	for i := range list {
		list[i] = testEvent(fmt.Sprintf("%s-%d", prefix, i))
	}
	return list
}

func testOpen(t testing.TB, cfg Config) *Log {
	t.Helper()
	if cfg.Signer == nil {
		cfg.Signer = testKey(t, "example.com/audit", 1)
	}
	cfg.Now = testNow
	l, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func mustAppend(t testing.TB, l *Log, events ...Event) []uint64 {
	t.Helper()
	seqs, err := l.Append(t.Context(), events...)
	if err != nil {
		t.Fatal(err)
	}
	return seqs
}

func mustClose(t testing.TB, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// sample makes a closed log: commits of the given sizes, small segments.
func sample(t testing.TB, dir string, sizes ...int) *Key {
	t.Helper()
	key := testKey(t, "example.com/audit", 1)
	s := NewFileStore(dir)
	s.SegmentSize = 900
	l := testOpen(t, Config{Store: s, Signer: key})
	for i, n := range sizes {
		mustAppend(t, l, testEvents(fmt.Sprintf("c%d", i), n)...)
	}
	mustClose(t, l)
	return key
}

func copyDir(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

func segmentFiles(t testing.TB, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil || len(list) == 0 {
		t.Fatalf("segments in %s: %v, %v", dir, list, err)
	}
	return list
}

func readAll(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeAll(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// rewrite decodes the frames of a segment file, lets a function change them
// and writes them back with right checksums: what an attacker can do who knows
// the format and lacks the key.
func rewrite(t testing.TB, path string, change func([]frame) []frame) {
	t.Helper()
	data := readAll(t, path)
	first, _ := parseSegmentName(filepath.Base(path))
	seed, ok := parseSegmentHeader(data[:segmentHeader], first)
	if !ok {
		t.Fatal("bad header")
	}
	var frames []frame
	r := frameReader{src: bytes.NewReader(data), seed: seed, off: segmentHeader, limit: int64(len(data))}
	for {
		f, state, err := r.next()
		if err != nil || state != frameGood {
			break
		}
		f.data = bytes.Clone(f.data)
		frames = append(frames, f)
	}
	out := bytes.Clone(data[:segmentHeader])
	for _, f := range change(frames) {
		out = appendFrame(out, seed, f)
	}
	writeAll(t, path, out)
}

func fault(err error) *TamperError {
	var e *TamperError
	errors.As(err, &e)
	return e
}

// tryOpen opens and closes a log, for its error.
func tryOpen(dir string, key *Key, anchor Anchor) error {
	l, err := Open(context.Background(), Config{Store: NewFileStore(dir), Signer: key, Anchor: anchor})
	if err != nil {
		return err
	}
	return l.Close()
}
