package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// benchEvent encodes to about 300 bytes.
func benchEvent(n uint64) Event {
	return Event{
		ID:      "0199f3c2-7b1a-7c3e-9d52-" + fmt.Sprintf("%012x", n),
		Time:    time.Date(2026, 11, 22, 10, 20, 30, 123456000, time.UTC),
		Type:    TypeInvoiceAccepted,
		Actor:   Actor{ActorAPIKey, "k7Qm2xPa"},
		Object:  Object{"invoice", "0199f3c2-7b1a-7c3e-9d52-51c0aa7be001"},
		Details: map[string]string{DetailStatus: "200", DetailSession: "20261122-SO-2F67776000-A1B2C3D4E5-06"},
	}
}

// floor measures what the disk does: one writer that appends as many bytes as
// a commit of one entry has and makes them durable.
type floor struct {
	f    *os.File
	took time.Duration
	n    int
}

func newFloor(b *testing.B) *floor {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return &floor{f: f}
}

func (f *floor) run(b *testing.B, n int) {
	data := make([]byte, 600)
	start := time.Now()
	for range n {
		if _, err := f.f.Write(data); err != nil {
			b.Fatal(err)
		}
		if err := syncData(f.f); err != nil {
			b.Fatal(err)
		}
	}
	f.took += time.Since(start)
	f.n += n
}

func benchLog(b *testing.B, store Store) *Log {
	b.Helper()
	key, err := GenerateKey("bench/audit", nil)
	if err != nil {
		b.Fatal(err)
	}
	l, err := Open(context.Background(), Config{Store: store, Signer: key})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

// BenchmarkAppend reports durable entries per second beside the rate of bare
// syncs of the same disk, taken in turns so that both see the same load.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 8, 64, 512} {
		b.Run("writers="+strconv.Itoa(writers), func(b *testing.B) {
			l := benchLog(b, NewFileStore(filepath.Join(b.TempDir(), "log")))
			disk := newFloor(b)
			turn := 50 * writers
			b.ReportAllocs()
			b.SetBytes(int64(len(benchEntry(b))))
			for done := 0; done < b.N; done += turn {
				b.StopTimer()
				disk.run(b, 30)
				b.StartTimer()
				appendAll(b, l, writers, done, min(b.N, done+turn))
			}
			rate := float64(b.N) / b.Elapsed().Seconds()
			syncs := float64(disk.n) / disk.took.Seconds()
			b.ReportMetric(rate, "entries/s")
			b.ReportMetric(syncs, "fdatasync/s")
			b.ReportMetric(rate/syncs, "ratio")
		})
	}
}

func benchEntry(b *testing.B) []byte {
	b.Helper()
	ev := complete(benchEvent(0), Standard(), time.Now())
	return appendEntry(nil, 1000, appendTail(nil, &ev))
}

// appendAll appends events from one number to another, one a call.
func appendAll(b *testing.B, l *Log, writers, from, to int) {
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(to); i = next.Add(1) - 1 {
				if _, err := l.Append(context.Background(), benchEvent(uint64(i))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func filled(b *testing.B, n int) (*Log, string) {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "log")
	l := benchLog(b, NewFileStore(dir))
	for i := 0; i < n; i += MaxBatch {
		events := make([]Event, 0, MaxBatch)
		for j := i; j < min(n, i+MaxBatch); j++ {
			events = append(events, benchEvent(uint64(j)))
		}
		if _, err := l.Append(context.Background(), events...); err != nil {
			b.Fatal(err)
		}
	}
	return l, dir
}

func BenchmarkVerify(b *testing.B) {
	const n = 200_000
	l, dir := filled(b, n)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := VerifyDir(context.Background(), dir, l.VerifierKey()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkProve(b *testing.B) {
	l, _ := filled(b, 100_000)
	b.ReportAllocs()
	seq := uint64(0)
	for b.Loop() {
		if _, err := l.Prove(context.Background(), seq%100_000); err != nil {
			b.Fatal(err)
		}
		seq += 7919
	}
}

// BenchmarkVerifyProof is what somebody without the log pays: one signature
// and a path of hashes.
func BenchmarkVerifyProof(b *testing.B) {
	l, _ := filled(b, 100_000)
	p, err := l.Prove(context.Background(), 4711)
	if err != nil {
		b.Fatal(err)
	}
	text, err := p.MarshalText()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := VerifyProofText(text, l.VerifierKey()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a log, which verifies it and builds the index.
func BenchmarkOpen(b *testing.B) {
	const n = 200_000
	l, dir := filled(b, n)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		again, err := Open(context.Background(), Config{Store: NewFileStore(dir), Signer: l.cfg.Signer})
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
