// Package audittest holds the tests that every [audit.Store] must pass. A
// package with a store of its own calls it from a test:
//
//	func TestStore(t *testing.T) {
//		audittest.Run(t, func(t *testing.T) func() audit.Store {
//			dir := t.TempDir()
//			return func() audit.Store { return mystore.New(dir) }
//		})
//	}
package audittest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/google/go-cmp/cmp"
)

// Run runs the tests. fresh makes an empty storage and returns a function that
// gives a handle to it; it is called again after Close to see what stayed, and
// while another handle is locked to see that this is refused. The handles may
// all be one value.
func Run(t *testing.T, fresh func(t *testing.T) func() audit.Store) {
	t.Helper()
	tests := []struct {
		name string
		run  func(t *testing.T, handle func() audit.Store)
	}{
		{"empty", testEmpty},
		{"read back", testReadBack},
		{"read from anywhere", testReadFrom},
		{"lock", testLock},
		{"refusals", testRefusals},
		{"largest", testLargest},
		{"short of acknowledged", testShort},
		{"read beside append", testReadBesideAppend},
		{"log", testLog},
		{"log exactly once", testExactlyOnce},
		{"log concurrent", testConcurrent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, fresh(t))
		})
	}
}

// record is an audit.Record as text.
type record struct {
	Seq        uint64
	Entry      string
	Checkpoint string
}

// content is what a store should hold.
type content struct {
	size    uint64
	head    string
	records []record
}

func (c *content) batch(entries int) audit.Batch {
	c.head = fmt.Sprintf("checkpoint over %d entries, number %d", c.size+uint64(entries), len(c.records))
	b := audit.Batch{First: c.size, Checkpoint: []byte(c.head)}
	for range entries {
		text := fmt.Sprintf("entry %d %s", c.size, strings.Repeat("x", int(c.size%97)))
		b.Entries = append(b.Entries, []byte(text))
		c.records = append(c.records, record{Seq: c.size, Entry: text})
		c.size++
	}
	c.records = append(c.records, record{Seq: c.size, Checkpoint: c.head})
	return b
}

// from is what Read(seq) should yield.
func (c *content) from(seq uint64) []record {
	for i, r := range c.records {
		if seq == 0 || r.Seq > seq || r.Seq == seq && r.Entry != "" {
			return c.records[i:]
		}
	}
	return nil
}

func read(t *testing.T, s audit.Store, from uint64) []record {
	t.Helper()
	var list []record
	for rec, err := range s.Read(context.Background(), from) {
		if err != nil {
			t.Fatalf("Read(%d): %v", from, err)
		}
		list = append(list, record{rec.Seq, string(rec.Data), string(rec.Checkpoint)})
	}
	return list
}

// lock opens a handle for writing at the size that content has.
func lock(t *testing.T, handle func() audit.Store, c *content) audit.Store {
	t.Helper()
	s := handle()
	if err := s.Lock(context.Background()); err != nil {
		t.Fatalf("Lock: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	size, err := s.Load(context.Background(), c.size)
	if err != nil || size != c.size {
		t.Fatalf("Load = %d, %v; want %d", size, err, c.size)
	}
	return s
}

func add(t *testing.T, s audit.Store, c *content, sizes ...int) {
	t.Helper()
	for _, n := range sizes {
		if err := s.Append(context.Background(), c.batch(n)); err != nil {
			t.Fatalf("Append of %d entries: %v", n, err)
		}
	}
}

func check(t *testing.T, s audit.Store, c *content) {
	t.Helper()
	head, err := s.Head(context.Background())
	if err != nil || string(head) != c.head {
		t.Errorf("Head = %q, %v; want %q", head, err, c.head)
	}
	if diff := cmp.Diff(c.records, read(t, s, 0)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func reopen(t *testing.T, s audit.Store, handle func() audit.Store, c *content) audit.Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return lock(t, handle, c)
}

func testEmpty(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	check(t, s, c)
	check(t, reopen(t, s, handle, c), c)
}

func testReadBack(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 0, 1, 3, 0, 0, 255, 1, 600)
	check(t, s, c)
	s = reopen(t, s, handle, c)
	check(t, s, c)
	add(t, s, c, 2, 0)
	check(t, s, c)
	check(t, reopen(t, s, handle, c), c)
}

func testReadFrom(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 1, 254, 3, 1, 500, 1)
	for range 2 {
		for _, from := range []uint64{0, 1, 2, 254, 255, 256, 257, 258, 259, 511, 512, 513, c.size - 1, c.size, c.size + 5} {
			if diff := cmp.Diff(c.from(from), read(t, s, from)); diff != "" {
				t.Errorf("Read(%d) (-want +got):\n%s", from, diff)
			}
		}
		s = reopen(t, s, handle, c)
	}
	for rec, err := range s.Read(context.Background(), 300) {
		if err != nil || rec.Seq != 300 {
			t.Fatalf("first record of Read(300) is %d, %v", rec.Seq, err)
		}
		break
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range s.Read(ctx, 0) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Read with a cancelled context yields %v", err)
		}
		break
	}
}

func testLock(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 2)
	if err := handle().Lock(context.Background()); !errors.Is(err, audit.ErrLocked) {
		t.Errorf("second Lock: %v, want ErrLocked", err)
	}
	add(t, s, c, 1) // the refused one must not have taken the lock away
	check(t, reopen(t, s, handle, c), c)
}

func testRefusals(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 3)
	note := []byte("checkpoint")
	entry := [][]byte{[]byte("entry")}
	for name, b := range map[string]audit.Batch{
		"gap":                 {First: 4, Entries: entry, Checkpoint: note},
		"overlap":             {First: 2, Entries: entry, Checkpoint: note},
		"no checkpoint":       {First: 3, Entries: entry},
		"endless checkpoint":  {First: 3, Entries: entry, Checkpoint: make([]byte, 1<<20)},
		"empty entry":         {First: 3, Entries: [][]byte{{}}, Checkpoint: note},
		"entry too long":      {First: 3, Entries: [][]byte{make([]byte, audit.MaxEntry+1)}, Checkpoint: note},
		"second one too long": {First: 3, Entries: [][]byte{entry[0], make([]byte, audit.MaxEntry+1)}, Checkpoint: note},
		"too many":            {First: 3, Entries: make([][]byte, audit.MaxBatch+1), Checkpoint: note},
	} {
		if err := s.Append(context.Background(), b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	check(t, s, c)
	s = reopen(t, s, handle, c)
	check(t, s, c)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(context.Background(), c.batch(1)); err == nil {
		t.Error("Append without Lock: accepted")
	}
}

func testLargest(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, audit.MaxBatch)
	b := c.batch(1)
	b.Entries[0] = []byte(strings.Repeat("y", audit.MaxEntry))
	b.Checkpoint = []byte(strings.Repeat("z", 4<<10))
	n := len(c.records)
	c.records[n-2].Entry, c.records[n-1].Checkpoint, c.head = string(b.Entries[0]), string(b.Checkpoint), string(b.Checkpoint)
	if err := s.Append(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	check(t, s, c)
	add(t, s, c, 1) // a shorter checkpoint after a longer one
	check(t, s, c)
	check(t, reopen(t, s, handle, c), c)
}

func testShort(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 5)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := handle().Load(context.Background(), 6); !errors.Is(err, audit.ErrTampered) {
		t.Errorf("Load of 5 entries of which 6 are acknowledged: %v, want ErrTampered", err)
	}
	if size, err := handle().Load(context.Background(), 4); err != nil || size != 5 {
		t.Errorf("Load of 5 entries of which 4 are acknowledged = %d, %v", size, err)
	}
}

func testReadBesideAppend(t *testing.T, handle func() audit.Store) {
	c := new(content)
	s := lock(t, handle, c)
	add(t, s, c, 10, 300)
	want := c.records
	n := 0
	for rec, err := range s.Read(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if got := (record{rec.Seq, string(rec.Data), string(rec.Checkpoint)}); n >= len(want) || got != want[n] {
			t.Fatalf("record %d is %v", n, got)
		}
		if n++; n%50 == 0 {
			add(t, s, c, 20)
		}
	}
	if n != len(want) {
		t.Errorf("a Read that began before saw %d records, want %d", n, len(want))
	}
	check(t, s, c)
}
