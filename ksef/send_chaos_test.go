package ksef_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// invoices makes documents by number, and the numbers in order.
func invoices(t testing.TB, n int) (docs map[string][]byte, numbers []string) {
	t.Helper()
	docs = make(map[string][]byte, n)
	for i := range n {
		number := fmt.Sprintf("FV/%d/2026", i+1)
		docs[number] = invoiceXML(t, number)
		numbers = append(numbers, number)
	}
	return docs, numbers
}

// sendAll is what a caller of Sender does: send, close, and send once more what
// is proven not to be there. It gives the deliveries by number and the rounds.
func sendAll(ctx context.Context, t testing.TB, a *ksef.Account, docs map[string][]byte, numbers []string, workers, perSession int) (map[string]*ksef.Delivery, int) {
	t.Helper()
	done := map[string]*ksef.Delivery{}
	bySum := map[pack.Hash]string{}
	var mu sync.Mutex
	for round := 1; round <= 20; round++ {
		sender := a.Sender(ksef.SenderConfig{MaxInvoices: perSession})
		pending := slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return done[n] != nil })
		if len(pending) == 0 {
			return done, round - 1
		}
		work := make(chan string)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for number := range work {
					d, err := sender.Send(ctx, docs[number])
					if (err != nil) != (d.State == ksef.DeliveryUnknown || d.State == ksef.DeliveryNotSent) {
						t.Errorf("%s: %v with %v", number, d.State, err)
					}
					if errors.Is(err, ksef.ErrOutcomeUnknown) != (d.State == ksef.DeliveryUnknown) {
						t.Errorf("%s: %v does not say that it is unknown: %v", number, d.State, err)
					}
					mu.Lock()
					bySum[d.Attempt.SHA256] = number
					if err == nil {
						done[number] = d
					}
					mu.Unlock()
				}
			})
		}
		for _, number := range pending {
			work <- number
		}
		close(work)
		wg.Wait()
		for _, d := range closeSender(ctx, t, sender) {
			if d.State != ksef.DeliveryNotSent {
				done[bySum[d.Attempt.SHA256]] = d
			}
		}
	}
	t.Fatalf("only %d of %d delivered", len(done), len(numbers))
	return nil, 0
}

func closeSender(ctx context.Context, t testing.TB, s *ksef.Sender) []*ksef.Delivery {
	t.Helper()
	var all []*ksef.Delivery
	for range 50 {
		report, err := s.Close(ctx)
		for _, d := range report.Resolved {
			if d.State != ksef.DeliveryUnknown {
				all = append(all, d)
			}
		}
		if err == nil {
			return all
		}
	}
	t.Fatal("the sender does not close")
	return nil
}

func checkDeliveries(t testing.TB, w *world, numbers []string, got map[string]*ksef.Delivery) {
	t.Helper()
	held := map[string]ksefsim.AcceptedInvoice{}
	for _, inv := range w.sim.Accepted() {
		held[inv.Number] = inv
	}
	for _, number := range numbers {
		d := got[number]
		if d == nil || d.State != ksef.DeliveryAccepted || d.KSeFNumber != held[number].KSeFNumber || d.Session != "" && d.Session != held[number].Session {
			t.Errorf("%s: told %+v, KSeF has %s", number, d, held[number].KSeFNumber)
		}
	}
}

// TestOnlineChaos sends through a network on a bad day: every invoice arrives
// once, every answer is right, and no copy is ever sent of what is there.
func TestOnlineChaos(t *testing.T) {
	for _, workers := range []int{1, 6} {
		for seed := uint64(1); seed <= 5; seed++ {
			t.Run(fmt.Sprintf("workers %d seed %d", workers, seed), func(t *testing.T) {
				onlineChaos(t, seed, workers, 100)
			})
		}
	}
}

func onlineChaos(t *testing.T, seed uint64, workers, n int) (trace []string) {
	inWorld(t, seed, rough, ksefsim.Config{ProcessingDelay: 40 * time.Millisecond}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, n)
		got, rounds := sendAll(t.Context(), t, a, docs, numbers, workers, 40)
		checkDeliveries(t, w, numbers, got)
		sessions, _, duplicates := w.census(t.Context(), a, ksef.SessionOnline, docs)
		if duplicates != 0 {
			t.Errorf("%d copies were sent of what KSeF had", duplicates)
		}
		t.Logf("online, seed %d, %d workers: %d in, %d out, %d sessions, %d rounds; %s", seed, workers, n, len(w.sim.Accepted()), sessions, rounds, w.faults())
		trace = w.trace
	})
	return trace
}

// TestChaosIsRepeatable runs one seed twice.
func TestChaosIsRepeatable(t *testing.T) {
	if diff := cmp.Diff(onlineChaos(t, 3, 1, 60), onlineChaos(t, 3, 1, 60)); diff != "" {
		t.Errorf("online: %s", diff)
	}
	if diff := cmp.Diff(batchChaos(t, 3, 1, 60), batchChaos(t, 3, 1, 60)); diff != "" {
		t.Errorf("batch: %s", diff)
	}
}

// TestBatchChaos sends packages on the same bad day, going on from the stored
// state after every error.
func TestBatchChaos(t *testing.T) {
	for _, parallel := range []int{1, 4} {
		for seed := uint64(1); seed <= 12; seed++ {
			t.Run(fmt.Sprintf("parallel %d seed %d", parallel, seed), func(t *testing.T) { batchChaos(t, seed, parallel, 60) })
		}
	}
}

func batchChaos(t *testing.T, seed uint64, parallel, n int) (trace []string) {
	bad := rough // a package takes few requests: more of them meet an event
	bad.rotate, bad.expireSessions, bad.spoilKey = 50, 20, 300
	inWorld(t, seed, bad, ksefsim.Config{ProcessingDelay: 300 * time.Millisecond}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, n)
		k := newKept(ksef.BatchConfig{Store: &pack.Memory{}, Parallel: parallel, Pack: pack.Config{PartSize: 4000, MaxParts: 50}})
		result, runs := k.finish(t.Context(), t, a, packed(docs, numbers))
		if result.Accepted != n || result.Rejected+result.Open != 0 || len(result.Documents) != n {
			t.Errorf("accepted %d, rejected %d, open %d", result.Accepted, result.Rejected, result.Open)
		}
		got := map[string]*ksef.Delivery{}
		for i := range result.Documents {
			got[numbers[i]] = &result.Documents[i].Delivery
		}
		checkDeliveries(t, w, numbers, got)
		sessions, processed, duplicates := w.census(t.Context(), a, ksef.SessionBatch, docs)
		if processed != 1 || duplicates != 0 {
			t.Errorf("%d sessions processed the package, %d duplicates", processed, duplicates)
		}
		t.Logf("batch, seed %d, parallel %d: %d in, %d out, %d sessions, %d runs; %s", seed, parallel, n, len(w.sim.Accepted()), sessions, runs, w.faults())
		trace = w.trace
	})
	return trace
}

// seriesOf makes documents of about 5 kB whose numbers no other series has.
func seriesOf(t testing.TB, series, n int) (docs map[string][]byte, numbers []string) {
	t.Helper()
	docs = make(map[string][]byte, n)
	f := sample("FV")
	line := f.Fa.FaWiersz[0]
	for i := 2; i <= 22; i++ {
		line.NrWierszaFa = int64(i)
		f.Fa.FaWiersz = append(f.Fa.FaWiersz, line)
	}
	for i := range n {
		number := fmt.Sprintf("FV/%d/%d", series, i+1)
		f.Fa.P_2 = number
		docs[number] = marshalled(t, f)
		numbers = append(numbers, number)
	}
	return docs, numbers
}
