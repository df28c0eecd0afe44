package ksef_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// longSeed is the seed of the long runs: KSEF_LONG_SEED, which also asks for
// them.
func longSeed(t testing.TB) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("KSEF_LONG_SEED"), 10, 64)
	if err != nil {
		t.Skip("set KSEF_LONG_SEED to a number to send 10,000 invoices")
	}
	return seed
}

const tenThousand = 10_000

// TestOnline10000 sends a month of a large company one by one on a bad day.
func TestOnline10000(t *testing.T) {
	seed := longSeed(t)
	start := time.Now()
	inWorld(t, seed, rough, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, tenThousand)
		got, rounds := sendAll(t.Context(), t, a, docs, numbers, 8, tenThousand)
		checkDeliveries(t, w, numbers, got)
		sessions, _, duplicates := w.census(t.Context(), a, ksef.SessionOnline, docs)
		if duplicates != 0 {
			t.Errorf("%d copies were sent of what KSeF had", duplicates)
		}
		t.Logf("online, seed %d: %d in, %d out, %d sessions, %d rounds; %s", seed, len(numbers), len(w.sim.Accepted()), sessions, rounds, w.faults())
	})
	t.Logf("took %v", time.Since(start).Round(time.Millisecond))
}

// TestBatch10000 sends the same as a package of 50 parts, from files, on the
// same bad day.
func TestBatch10000(t *testing.T) {
	seed := longSeed(t)
	start := time.Now()
	dir := t.TempDir()
	inWorld(t, seed, rough, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, tenThousand)
		k := newKept(ksef.BatchConfig{Store: pack.NewDir(dir), Pack: pack.Config{PartSize: 400_000}})
		result, runs := k.finish(t.Context(), t, a, packed(docs, numbers))
		if result.Accepted != tenThousand {
			t.Errorf("%d accepted", result.Accepted)
		}
		sessions, processed, duplicates := w.census(t.Context(), a, ksef.SessionBatch, docs)
		if processed != 1 || duplicates != 0 {
			t.Errorf("%d sessions processed the package, %d duplicates", processed, duplicates)
		}
		t.Logf("batch, seed %d: %d in, %d out, %d sessions, %d runs; %s", seed, len(numbers), len(w.sim.Accepted()), sessions, runs, w.faults())
	})
	t.Logf("took %v", time.Since(start).Round(time.Millisecond))
}

// BenchmarkSendBatch10000 sends 10,000 invoices of 5 kB in one package through
// the simulator, and counts only what the client does up to the end of the
// upload as pack-ms; the rest of the time the simulator judges every invoice.
func BenchmarkSendBatch10000(b *testing.B) {
	sim, env := newSimulator(b, nil)
	a := login(b, env, credential(b, sim, "token"))
	var size int64
	b.ReportAllocs()
	run := 0
	for b.Loop() {
		b.StopTimer()
		run++
		docs, numbers := seriesOf(b, run, tenThousand)
		size = 0
		for _, xml := range docs {
			size += int64(len(xml))
		}
		var packed10k, uploaded time.Duration
		start := time.Now()
		cfg := ksef.BatchConfig{Store: pack.NewDir(b.TempDir())}
		cfg.Progress = func(p ksef.BatchProgress) {
			switch {
			case p.Step == ksef.BatchPacking:
				packed10k = time.Since(start)
			case p.Step == ksef.BatchUploading:
				uploaded = time.Since(start)
			}
		}
		runtime.GC()
		b.StartTimer()
		start = time.Now()
		result, err := a.SendBatch(b.Context(), packed(docs, numbers), cfg)
		if err != nil || result.Accepted != tenThousand {
			b.Fatalf("%+v, %v", result, err)
		}
		b.ReportMetric(float64(packed10k.Milliseconds()), "pack-ms")
		b.ReportMetric(float64(uploaded.Milliseconds()), "uploaded-ms")
	}
	b.SetBytes(size)
}

// BenchmarkSender sends one invoice at a time through the simulator and waits
// for KSeF's decision.
func BenchmarkSender(b *testing.B) {
	sim, env := newSimulator(b, nil)
	a := login(b, env, credential(b, sim, "token"))
	s := a.Sender(ksef.SenderConfig{})
	docs, numbers := seriesOf(b, 0, 1)
	template := docs[numbers[0]]
	b.SetBytes(int64(len(template)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		xml := bytes.Replace(template, []byte(numbers[0]), fmt.Appendf(nil, "FV/%d", i), 1)
		if d, err := s.Send(b.Context(), xml); err != nil || d.State != ksef.DeliveryAccepted {
			b.Fatal(d.Reason, err)
		}
	}
}
