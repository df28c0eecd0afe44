package storetest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

var series = invoicing.Series{Seller: sellerA, Pattern: "FV/{n}/{mm}/{yyyy}", Period: "2026-11"}

func next(t *testing.T, s invoicing.Store, series invoicing.Series) (n int64) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx invoicing.Tx) (err error) {
		n, err = tx.NextNumber(ctx, series)
		return err
	})
	return n
}

func countsSeries(t *testing.T, s invoicing.Store) {
	others := []invoicing.Series{
		{Seller: sellerB, Pattern: series.Pattern, Period: series.Period},
		{Seller: series.Seller, Pattern: "A/{n}/{mm}/{yyyy}", Period: series.Period},
		{Seller: series.Seller, Pattern: series.Pattern, Period: "2026-12"},
		{Seller: series.Seller, Pattern: series.Pattern, Period: ""},
	}
	for want := int64(1); want <= 3; want++ {
		if n := next(t, s, series); n != want {
			t.Errorf("number %d, want %d", n, want)
		}
	}
	for _, other := range others {
		if n := next(t, s, other); n != 1 {
			t.Errorf("series %+v starts with %d", other, n)
		}
	}
}

func skips(t *testing.T, s invoicing.Store) {
	skip := func(n int64) {
		update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.SkipTo(ctx, series, n) })
	}
	skip(10)
	skip(5) // never back
	if n := next(t, s, series); n != 10 {
		t.Errorf("number %d, want 10", n)
	}
	skip(20)
	if n := next(t, s, series); n != 20 {
		t.Errorf("number %d, want 20", n)
	}
}

func reservesNumbers(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA), draft(2, sellerA))
	number := invoicing.Number{Seller: sellerA, Kind: "VAT", Number: "FV/1"}
	claim := func(n invoicing.Number, id string) error {
		return s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.ClaimNumber(ctx, n, id) })
	}
	move := func(from, to string) error {
		return s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.MoveNumber(ctx, number, from, to) })
	}
	isError(t, "first claim", claim(number, id(1)), nil)
	isError(t, "second claim", claim(number, id(2)), invoicing.ErrNumberTaken)
	for _, free := range []invoicing.Number{
		{Seller: sellerB, Kind: "VAT", Number: "FV/1"},
		{Seller: sellerA, Kind: "KOR", Number: "FV/1"},
		{Seller: sellerA, Kind: "VAT", Number: "fv/1"},
		{Seller: sellerA, Kind: "VAT", Number: "FV/1 "},
	} {
		isError(t, "claim of another number", claim(free, id(2)), nil)
	}
	isError(t, "move from one that does not hold it", move(id(2), id(1)), invoicing.ErrNumberTaken)
	isError(t, "move", move(id(1), id(2)), nil)
	isError(t, "second move", move(id(1), id(2)), invoicing.ErrNumberTaken)
	isError(t, "claim after the move", claim(number, id(1)), invoicing.ErrNumberTaken)
}

func countsConcurrently(t *testing.T, s invoicing.Store) {
	const writers, each = 8, 10
	numbers := make(chan int64, writers*each)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				var n int64
				err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) (err error) {
					n, err = tx.NextNumber(ctx, series)
					return err
				})
				if err != nil {
					t.Errorf("NextNumber: %v", err)
				}
				numbers <- n
			}
		})
	}
	wg.Wait()
	close(numbers)
	var got, want []int64
	for n := range numbers {
		got = append(got, n)
		want = append(want, int64(len(want)+1))
	}
	slices.Sort(got)
	equal(t, "numbers", got, want)
}
