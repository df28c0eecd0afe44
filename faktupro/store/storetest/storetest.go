// Package storetest holds the conformance suite that every implementation of
// invoicing.Store passes.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) invoicing.Store { return openEmptyStore(t) })
//	}
//
// RunWithin is the same for storage inside a transaction of the host.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// tests is the suite. A concurrent one runs several transactions at once.
var tests = []struct {
	name       string
	run        func(*testing.T, invoicing.Store)
	concurrent bool
}{
	{"keeps records", keepsRecords, false},
	{"updates one version after the other", updatesVersions, false},
	{"does not find what is not there", findsNothing, false},
	{"refuses text that no column can hold", refusesText, false},
	{"filters and orders lists", lists, false},
	{"keeps a client key unique per seller", keepsKeysUnique, false},
	{"keeps documents byte for byte", keepsDocuments, false},
	{"keeps the first receipt", keepsReceipts, false},
	{"keeps attempts", keepsAttempts, false},
	{"writes nothing of a failed transaction", writesAllOrNothing, false},
	{"counts series", countsSeries, false},
	{"moves series on", skips, false},
	{"reserves numbers", reservesNumbers, false},
	{"hands out gapless numbers to many at once", countsConcurrently, true},
	{"claims what is due", claimsDue, false},
	{"claims one by name", claimsSubject, false},
	{"leases exclusively", leasesExclusively, false},
	{"takes over from a dead process of the same name", takesOver, false},
	{"refuses writers without a lease", fences, false},
	{"holds a seller", holds, false},
	{"tells when the next job is due", tellsNextDue, false},
	{"claims what a wrong clock put off for years", claimsAbsurd, false},
	{"ends the leases of a wrong clock", endsAbsurdLeases, false},
	{"forgets the holds of a wrong clock", forgetsAbsurdHolds, false},
	{"never leases a job twice at once", claimsConcurrently, true},
	{"obeys a cancelled context", obeysContext, false},
}

// Run runs the suite. open returns a new, empty store for every subtest and
// registers its own clean-up.
func Run(t *testing.T, open func(*testing.T) invoicing.Store) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
	}
}

// Sellers of the suite.
const (
	sellerA pl.NIP = "5265877635"
	sellerB pl.NIP = "1111111111"
)

// base is an instant with microseconds, which stores must keep.
var base = time.Date(2026, time.November, 23, 9, 10, 11, 123456000, time.UTC)

// id is the n-th identifier; they sort by n.
func id(n int) string { return fmt.Sprintf("inv_%026d", n) }

// draft is a record as it is created.
func draft(n int, seller pl.NIP) *invoicing.Record {
	return &invoicing.Record{
		ID: id(n), Version: 1, State: invoicing.StateDraft, Seller: seller, Kind: faktupro.KindVAT,
		Series: "FV/{n}/{mm}/{yyyy}", Currency: "PLN", Created: base, Updated: base,
		Net: faktupro.MustDecimal("100.00"), VAT: faktupro.MustDecimal("23.00"), Gross: faktupro.MustDecimal("123.00"),
	}
}

func update(t *testing.T, s invoicing.Store, fn func(ctx context.Context, tx invoicing.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func insert(t *testing.T, s invoicing.Store, records ...*invoicing.Record) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error {
		for _, r := range records {
			if err := tx.InsertInvoice(ctx, r, []byte("{}")); err != nil {
				return err
			}
		}
		return nil
	})
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func isError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func obeysContext(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Update(ctx, func(ctx context.Context, tx invoicing.Tx) error {
		return tx.InsertInvoice(ctx, draft(2, sellerA), []byte("{}"))
	})
	isError(t, "Update after cancel", err, context.Canceled)
	_, err = s.Invoice(ctx, id(1))
	isError(t, "Invoice after cancel", err, context.Canceled)
	_, err = s.Invoice(t.Context(), id(2))
	isError(t, "Invoice that was not stored", err, invoicing.ErrNotFound)
}
