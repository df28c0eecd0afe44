package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// Host is a transaction of an application with a store that takes part in it.
type Host struct {
	Inside  invoicing.Store // works inside the transaction
	Outside invoicing.Store // the same store without it; used after Commit only
	Commit  func() error
}

// RunWithin runs the suite on storage inside a transaction of the host, where
// many at once do not exist, and checks what the host commits. open begins a
// transaction on a new, empty store for every subtest and registers its end as
// the clean-up.
func RunWithin(t *testing.T, open func(*testing.T) Host) {
	for _, tt := range tests {
		if !tt.concurrent {
			t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t).Inside) })
		}
	}
	t.Run("leaves nothing of a failed update to the commit of the host", func(t *testing.T) { commitsAfterFailures(t, open(t)) })
}

// commitsAfterFailures: the host goes on after an update that failed. The
// numbers taken in it are free, and nothing of it stops the commit.
func commitsAfterFailures(t *testing.T, h Host) {
	boom := errors.New("boom")
	take := func(ctx context.Context, tx invoicing.Tx, n int) error {
		ordinal, err := tx.NextNumber(ctx, series)
		if err == nil && ordinal != 1 {
			t.Errorf("invoice %d gets ordinal %d", n, ordinal)
		}
		number := invoicing.Number{Seller: sellerA, Kind: "VAT", Number: "FV/1"}
		return errors.Join(err, tx.ClaimNumber(ctx, number, id(n))) // not inserted yet
	}
	err := h.Inside.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
		return errors.Join(take(ctx, tx, 1), boom)
	})
	isError(t, "Update that fails", err, boom)
	ctx, cancel := context.WithCancel(t.Context())
	err = h.Inside.Update(ctx, func(ctx context.Context, tx invoicing.Tx) error {
		defer cancel() // the caller gives up, the host does not
		return take(ctx, tx, 2)
	})
	isError(t, "Update that is cancelled", err, context.Canceled)
	func() {
		defer func() { _ = recover() }()
		_ = h.Inside.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
			_ = take(ctx, tx, 3)
			panic(boom)
		})
	}()
	update(t, h.Inside, func(ctx context.Context, tx invoicing.Tx) error {
		return errors.Join(take(ctx, tx, 4), tx.InsertInvoice(ctx, draft(4, sellerA), []byte("{}")))
	})
	if err := h.Commit(); err != nil {
		t.Fatalf("commit of the host: %v", err)
	}
	records, err := h.Outside.Invoices(t.Context(), invoicing.Filter{})
	if err != nil || len(records) != 1 || records[0].ID != id(4) {
		t.Errorf("after the commit: %d invoices, %v", len(records), err)
	}
	if n := next(t, h.Outside, series); n != 2 {
		t.Errorf("the series goes on with %d, want 2", n)
	}
}
