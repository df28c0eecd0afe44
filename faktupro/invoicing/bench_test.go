package invoicing_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// benchWorld keeps the audit log on disk, as a deployment does; the database is
// a file with synchronous=FULL in any case.
func benchWorld(b *testing.B) (*world, *process) {
	b.Helper()
	w := newWorld(b, ksefsim.Config{})
	key, err := audit.GenerateKey("faktupro/bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	log, err := audit.Open(context.Background(), audit.Config{
		Store: audit.NewFileStore(filepath.Join(b.TempDir(), "audit")), Signer: key,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := log.Close(); err != nil {
			b.Errorf("close audit log: %v", err)
		}
	})
	w.log = log
	return w, w.start()
}

// BenchmarkIssue creates and seals an invoice of three lines in one
// transaction: validation, number, FA(3), hash, queue, audit event, fsync.
func BenchmarkIssue(b *testing.B) {
	b.Run("1", func(b *testing.B) {
		_, p := benchWorld(b)
		inv := sample(b)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.IssueDraft(b.Context(), inv, invoicing.CreateOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("8", func(b *testing.B) {
		_, p := benchWorld(b)
		b.ReportAllocs()
		b.SetParallelism(4) // times GOMAXPROCS, 2 on the machine of reference
		b.RunParallel(func(pb *testing.PB) {
			inv := sample(b)
			for pb.Next() {
				if _, err := p.IssueDraft(b.Context(), inv, invoicing.CreateOptions{}); err != nil {
					b.Error(err)
					return
				}
			}
		})
		perSecond(b)
	})
}

// BenchmarkDeliver issues one invoice and brings it to its stored receipt, one
// after the other: a session of its own for each.
func BenchmarkDeliver(b *testing.B) {
	_, p := benchWorld(b)
	inv := sample(b)
	b.ReportAllocs()
	for b.Loop() {
		rec, err := p.IssueDraft(b.Context(), inv, invoicing.CreateOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if rec, err = p.Deliver(b.Context(), rec.ID); err != nil || rec.State != invoicing.StateConfirmed {
			b.Fatalf("%+v, %v", rec, err)
		}
	}
	perSecond(b)
}

// BenchmarkFlow has eight callers issue invoices while the worker brings them
// to their stored receipts, in batches.
func BenchmarkFlow(b *testing.B) {
	_, p := benchWorld(b)
	stop := run(b, p)
	b.ReportAllocs()
	b.ResetTimer()
	issueBy(b, p, 8, b.N)
	for {
		left, err := p.store.Invoices(b.Context(), invoicing.Filter{States: invoicing.States()[:6], Limit: 1})
		if err != nil {
			b.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	b.StopTimer()
	perSecond(b)
	stop()
}

func issueBy(b *testing.B, p *process, callers, n int) {
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			inv := sample(b)
			for j := i; j < n; j += callers {
				if _, err := p.IssueDraft(b.Context(), inv, invoicing.CreateOptions{}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invoices/s")
}
