package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
)

// openLog returns an empty audit log.
func openLog(t testing.TB, s audit.Store) *audit.Log {
	t.Helper()
	key, err := audit.GenerateKey("faktupro/test", nil)
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(context.Background(), audit.Config{Store: s, Signer: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Errorf("close audit log: %v", err)
		}
	})
	return log
}

func event(id string) audit.Event {
	return audit.Event{
		ID: id, Time: time.Date(2026, time.November, 23, 1, 2, 3, 4000, time.UTC),
		Category: audit.CategoryBusiness, Type: audit.TypeInvoiceSealed, Outcome: audit.OutcomeOK,
		Actor: audit.Actor{Kind: audit.ActorAPIKey, ID: "AAAAAAA1"}, Object: audit.Object{Kind: "invoice", ID: "inv_1"},
		Request: "req-1", Details: map[string]string{audit.DetailStatus: "200"},
	}
}

func record(t testing.TB, s *store.Store, events ...audit.Event) {
	t.Helper()
	err := s.Update(context.Background(), func(ctx context.Context, tx invoicing.Tx) error { return tx.Audit(ctx, events...) })
	if err != nil {
		t.Fatal(err)
	}
}

// logged returns the identifiers in the log in order.
func logged(t testing.TB, log *audit.Log) (ids []string) {
	t.Helper()
	for entry, err := range log.Entries(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, entry.ID)
	}
	return ids
}

func TestRelayKeepsOrderAndEvents(t *testing.T) {
	t.Parallel()
	s, _ := openStore(t, store.Config{})
	log := openLog(t, audit.NewMemoryStore())
	relay := s.NewRelay(log)
	var want []string
	for i := range 600 { // more than two batches
		id := fmt.Sprintf("inv_1.%d", 1000-i)
		want = append(want, id)
		record(t, s, event(id))
	}
	record(t, s, event(want[0])) // written again before it is relayed
	if err := relay.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, logged(t, log)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	entry, found, err := log.Find(t.Context(), want[7])
	if err != nil || !found {
		t.Fatalf("Find: %v, %v", found, err)
	}
	if diff := cmp.Diff(event(want[7]), entry.Event); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if n, err := relay.Waiting(t.Context()); n != 0 || err != nil {
		t.Errorf("Waiting = %d, %v", n, err)
	}
}

// dyingLog appends and then fails, as when the process dies before the rows
// are deleted.
type dyingLog struct {
	*audit.Log
	deaths int
}

var errDied = errors.New("died")

func (l *dyingLog) Append(ctx context.Context, events ...audit.Event) ([]uint64, error) {
	seqs, err := l.Log.Append(ctx, events...)
	if l.deaths > 0 && err == nil {
		l.deaths--
		return nil, errDied
	}
	return seqs, err
}

func TestRelayAppendsOnceThoughItDies(t *testing.T) {
	t.Parallel()
	s, _ := openStore(t, store.Config{})
	log := &dyingLog{Log: openLog(t, audit.NewMemoryStore()), deaths: 2}
	record(t, s, event("a"), event("b"))
	for range 2 {
		if err := s.NewRelay(log).Flush(t.Context()); !errors.Is(err, errDied) {
			t.Fatalf("Flush: %v", err)
		}
	}
	record(t, s, event("c"))
	if err := s.NewRelay(log).Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, logged(t, log.Log)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestAuditRefusesWhatTheLogWouldRefuse(t *testing.T) {
	t.Parallel()
	s, _ := openStore(t, store.Config{})
	bad := event("a")
	bad.Details = map[string]string{"name": "Jan Kowalski"}
	err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
		return tx.Audit(ctx, event("b"), bad)
	})
	if !errors.Is(err, audit.ErrInvalidEvent) {
		t.Errorf("Audit: %v", err)
	}
	if n, err := s.NewRelay(nil).Waiting(t.Context()); n != 0 || err != nil {
		t.Errorf("Waiting = %d, %v", n, err)
	}
}
