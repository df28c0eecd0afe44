package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

func memFileStore(t testing.TB, d *memDisk, segment int64) *FileStore {
	dir := t.TempDir()
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return &FileStore{dir: "/log", disk: d, SegmentSize: segment, lockDir: dir}
}

// TestPowerLoss appends, takes the power away at every possible operation and
// checks what a restart finds: every acknowledged entry, nothing half, and a
// log that goes on.
func TestPowerLoss(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	rounds, tails := 0, 0
	for seed := range uint64(6) {
		for ops := 0; ; ops++ {
			rnd := rand.New(rand.NewPCG(seed, uint64(ops)))
			done, cut := powerLoss(t, key, ops, rnd)
			if t.Failed() {
				t.Fatalf("seed %d, power gone after %d operations", seed, ops)
			}
			rounds++
			tails += cut
			if done {
				break
			}
		}
	}
	t.Logf("%d crashes, %d of them with entries that had not been acknowledged", rounds, tails)
}

// powerLoss reports whether everything was appended before the power went, and
// 1 when the restart found more entries than were acknowledged.
func powerLoss(t *testing.T, key *Key, ops int, rnd *rand.Rand) (done bool, more int) {
	d := newMemDisk()
	d.ops = ops
	cfg := Config{Signer: key, Now: testNow, Store: memFileStore(t, d, 3000)}
	var acked []string
	tried := 0
	l, err := Open(t.Context(), cfg)
	for err == nil && tried < 14 {
		events := testEvents(fmt.Sprintf("e%d", tried), 1+tried%4)
		tried++
		if _, err = l.Append(t.Context(), events...); err == nil {
			for _, ev := range events {
				acked = append(acked, ev.ID)
			}
		}
	}
	if err != nil && !errors.Is(err, errPower) {
		t.Errorf("before the crash: %v", err)
	}
	if l != nil {
		_ = l.Close()
	}
	cfg.Store = memFileStore(t, d.crash(rnd), 3000)
	l, aerr := Open(t.Context(), cfg)
	if aerr != nil {
		t.Errorf("after the crash: %v", aerr)
		return true, 0
	}
	defer l.Close()
	for i, id := range acked {
		if e, ok, err := l.Find(t.Context(), id); err != nil || !ok || e.Seq != uint64(i) {
			t.Errorf("acknowledged entry %d: %d, %v, %v", i, e.Seq, ok, err)
		}
	}
	if l.Size() > uint64(len(acked)) {
		more = 1
	}
	signed, cerr := l.Checkpoint(t.Context())
	if c, err := OpenCheckpoint(signed, key.VerifierKey()); cerr != nil || err != nil || c.Size != l.Size() {
		t.Errorf("checkpoint after the crash: %+v, %v, %v; the log has %d entries", c, cerr, err, l.Size())
	}
	if _, err := l.Append(t.Context(), testEvents("after", 2)...); err != nil {
		t.Errorf("appending after the crash: %v", err)
	}
	if _, err := l.Verify(t.Context()); err != nil {
		t.Errorf("verifying after the crash: %v", err)
	}
	return err == nil, more
}

// TestCloseDurable: after Close everything is on the disk, the newest
// checkpoint too, and the file holds nothing but data.
func TestCloseDurable(t *testing.T) {
	d := newMemDisk()
	l := testOpen(t, Config{Store: memFileStore(t, d, 1<<20)})
	for i := range 5 {
		mustAppend(t, l, testEvent(fmt.Sprint(i)))
	}
	end := l.cfg.Store.(*FileStore).segments[0].limit
	mustClose(t, l)
	if f := d.durable["/log/"+headName]; !bytes.Equal(f.durable, l.head) {
		t.Errorf("durable checkpoint %q, want %q", f.durable, l.head)
	}
	if f := d.durable["/log/"+segmentName(0)]; int64(len(f.durable)) != end {
		t.Errorf("segment of %d bytes, want %d", len(f.durable), end)
	}
}

// TestFullDisk fills the disk during a write, with part of it done.
func TestFullDisk(t *testing.T) {
	for room := int64(0); room < 9000; room += 171 {
		d := newMemDisk()
		l := testOpen(t, Config{Store: memFileStore(t, d, 1<<20)})
		mustAppend(t, l, testEvents("before", 2)...)
		l.cfg.Store.(*FileStore).filled = l.cfg.Store.(*FileStore).segments[0].limit // no zeros in reserve
		d.names["/log/"+segmentName(0)].data = d.names["/log/"+segmentName(0)].data[:l.cfg.Store.(*FileStore).filled]
		d.room = room
		stored := []string{"before-0", "before-1"}
		var full error
		for i := 0; full == nil && i < 30; i++ {
			ev := testEvent(fmt.Sprintf("fill-%d", i))
			if _, full = l.Append(t.Context(), ev, testEvent(ev.ID+"b")); full == nil {
				stored = append(stored, ev.ID, ev.ID+"b")
			}
		}
		if !errors.Is(full, syscall.ENOSPC) || errors.Is(full, ErrBroken) || errors.Is(full, ErrTampered) {
			t.Fatalf("room %d: %v, want ENOSPC", room, full)
		}
		if _, err := l.Verify(t.Context()); err != nil {
			t.Fatalf("room %d: verify a log on a full disk: %v", room, err)
		}
		d.room = -1
		mustAppend(t, l, testEvent("again"))
		stored = append(stored, "again")
		mustClose(t, l)
		l = testOpen(t, Config{Store: memFileStore(t, d, 1<<20)})
		var got []string
		for e, err := range l.Entries(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.ID)
		}
		if !slices.Equal(got, stored) {
			t.Fatalf("room %d: stored %v, want %v", room, got, stored)
		}
		mustClose(t, l)
	}
}

// TestSyncError: when the disk fails to make data durable the log stops, and
// opening it again decides by what is there.
func TestSyncError(t *testing.T) {
	d := newMemDisk()
	l := testOpen(t, Config{Store: memFileStore(t, d, 1<<20)})
	mustAppend(t, l, testEvent("a"))
	d.syncErr = syscall.EIO
	if _, err := l.Append(t.Context(), testEvent("b")); !errors.Is(err, ErrBroken) || !errors.Is(err, syscall.EIO) {
		t.Fatalf("failed sync: %v, want ErrBroken", err)
	}
	if _, err := l.Append(t.Context(), testEvent("c")); !errors.Is(err, ErrBroken) {
		t.Fatalf("after a failed sync: %v, want ErrBroken", err)
	}
	mustClose(t, l)
	l = testOpen(t, Config{Store: memFileStore(t, d, 1<<20)})
	seqs := mustAppend(t, l, testEvent("a"), testEvent("b"), testEvent("c"))
	if !slices.Equal(seqs, []uint64{0, 1, 2}) {
		t.Errorf("repeated with the same IDs: %v", seqs)
	}
}

// TestHeadError: when only the checkpoint file cannot be written the entries
// are stored, and the next append catches up or tells.
func TestHeadError(t *testing.T) {
	d := newMemDisk()
	s := memFileStore(t, d, 1<<20)
	l := testOpen(t, Config{Store: s})
	mustAppend(t, l, testEvent("a"))
	d.ops = 2 // write and sync of the segment, then nothing
	mustAppend(t, l, testEvent("b"))
	if _, err := l.Append(t.Context(), testEvent("c")); !errors.Is(err, errPower) {
		t.Fatalf("checkpoint file still fails: %v", err)
	}
	d.ops = -1
	if seqs := mustAppend(t, l, testEvent("c")); seqs[0] != 2 {
		t.Errorf("sequence number %d, want 2", seqs[0])
	}
	if _, err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// failingStore is a store on a disk that is full at times.
type failingStore struct {
	Store
	err error
}

func (s *failingStore) Append(ctx context.Context, b Batch) error {
	if s.err != nil {
		return s.err
	}
	return s.Store.Append(ctx, b)
}

// TestModel compares the log with a list: appends with repeated IDs, failures,
// restarts, reads, proofs.
func TestModel(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	rapid.Check(t, func(rt *rapid.T) {
		d := newMemDisk()
		segment := rapid.Int64Range(500, 6000).Draw(rt, "segment size")
		m := &model{rt: rt, t: t}
		open := func() {
			m.store = &failingStore{Store: memFileStore(t, d, segment)}
			var err error
			if m.log, err = Open(t.Context(), Config{Store: m.store, Signer: key, Now: testNow}); err != nil {
				rt.Fatal(err)
			}
		}
		open()
		defer func() { _ = m.log.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"append": m.append,
			"full":   m.full,
			"find":   m.find,
			"prove":  m.prove,
			"restart": func(*rapid.T) {
				if err := m.log.Close(); err != nil {
					rt.Fatal(err)
				}
				open()
			},
			"": m.check,
		})
	})
}

type model struct {
	rt    *rapid.T
	t     *testing.T
	log   *Log
	store *failingStore
	ids   []string
}

func (m *model) draw(rt *rapid.T) (events []Event) {
	for range rapid.IntRange(1, 6).Draw(rt, "events") {
		events = append(events, testEvent(fmt.Sprintf("id-%d", rapid.IntRange(0, 60).Draw(rt, "id"))))
	}
	return events
}

func (m *model) append(rt *rapid.T) {
	events := m.draw(rt)
	seqs, err := m.log.Append(m.t.Context(), events...)
	if err != nil {
		rt.Fatal(err)
	}
	for i, ev := range events {
		want := slices.Index(m.ids, ev.ID)
		if want < 0 {
			want = len(m.ids)
			m.ids = append(m.ids, ev.ID)
		}
		if seqs[i] != uint64(want) {
			rt.Fatalf("%s got %d, want %d", ev.ID, seqs[i], want)
		}
	}
}

// full appends while the disk is full: what is already there is still found.
func (m *model) full(rt *rapid.T) {
	m.store.err = syscall.ENOSPC
	defer func() { m.store.err = nil }()
	events := m.draw(rt)
	known := !slices.ContainsFunc(events, func(ev Event) bool { return !slices.Contains(m.ids, ev.ID) })
	if _, err := m.log.Append(m.t.Context(), events...); known != (err == nil) || !known && !errors.Is(err, syscall.ENOSPC) {
		rt.Fatalf("known %v: %v", known, err)
	}
}

func (m *model) find(rt *rapid.T) {
	id := fmt.Sprintf("id-%d", rapid.IntRange(0, 60).Draw(rt, "id"))
	e, ok, err := m.log.Find(m.t.Context(), id)
	if want := slices.Index(m.ids, id); err != nil || ok != (want >= 0) || ok && e.Seq != uint64(want) {
		rt.Fatalf("Find(%s) = %d, %v, %v; want %d", id, e.Seq, ok, err, want)
	}
}

func (m *model) prove(rt *rapid.T) {
	if len(m.ids) == 0 {
		return
	}
	seq := rapid.IntRange(0, len(m.ids)-1).Draw(rt, "seq")
	p, err := m.log.Prove(m.t.Context(), uint64(seq))
	if err != nil {
		rt.Fatal(err)
	}
	text, err := p.MarshalText()
	if err != nil {
		rt.Fatal(err)
	}
	if e, err := VerifyProofText(text, m.log.VerifierKey()); err != nil || e.ID != m.ids[seq] {
		rt.Fatalf("proof of %d: %s, %v; want %s", seq, e.ID, err, m.ids[seq])
	}
}

func (m *model) check(rt *rapid.T) {
	if m.log.Size() != uint64(len(m.ids)) {
		rt.Fatalf("size %d, want %d", m.log.Size(), len(m.ids))
	}
	from := rapid.IntRange(0, len(m.ids)).Draw(rt, "from")
	next := from
	for e, err := range m.log.Entries(m.t.Context(), uint64(from)) {
		if err != nil || next >= len(m.ids) || e.ID != m.ids[next] {
			rt.Fatalf("Entries(%d) at %d: %s, %v", from, next, e.ID, err)
		}
		next++
	}
	if next != len(m.ids) {
		rt.Fatalf("Entries(%d) ends at %d, want %d", from, next, len(m.ids))
	}
	if _, err := m.log.Verify(m.t.Context()); err != nil {
		rt.Fatal(err)
	}
}
