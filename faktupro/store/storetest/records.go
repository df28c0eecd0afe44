package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// whole is a record with every field set.
func whole() *invoicing.Record {
	return &invoicing.Record{
		ID: id(7), Version: 1, State: invoicing.StateRejected, Seller: sellerA, Kind: "KOR",
		Number: "FV/1/11/2026 „ż'\"\\”", Series: "FV/{n:4}/{yyyy}", IssueDate: pl.NewDate(2026, time.November, 23),
		Currency: "EUR", Net: faktupro.MustDecimal("-1234567890123456.78"), VAT: faktupro.MustDecimal("0.00"),
		Gross: faktupro.MustDecimal("0.10"), SHA256: [32]byte{0: 1, 31: 255}, KSeFNumber: "5265877635-20250826-0100001AF629-AF",
		Rejection: &invoicing.Rejection{Code: 450, Description: "Błąd weryfikacji", Details: []string{"a", "b ż"}, Duplicate: "x"},
		Key:       "order-1", Replaces: id(1), ReplacedBy: id(2), Attempt: 3, Session: "20261123-SO-AA", Reference: "20261123-EE-BB",
		Origin:  invoicing.Origin{Number: "n", Session: "s"},
		Created: base, Sealed: base.Add(time.Microsecond), Sent: base.Add(2 * time.Second), Accepted: base.Add(3 * time.Hour),
		Settled: base.Add(4 * time.Hour), Updated: base.Add(5 * time.Hour),
	}
}

func keepsRecords(t *testing.T, s invoicing.Store) {
	for _, want := range []*invoicing.Record{whole(), draft(1, sellerB)} {
		insert(t, s, want)
		got, err := s.Invoice(t.Context(), want.ID)
		if err != nil {
			t.Fatalf("Invoice: %v", err)
		}
		equal(t, "record", got, want)
	}
}

func updatesVersions(t *testing.T, s invoicing.Store) {
	r := draft(7, sellerA)
	insert(t, s, r)
	next := whole()
	next.Version = 2
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.UpdateInvoice(ctx, next) })
	got, err := s.Invoice(t.Context(), r.ID)
	if err != nil {
		t.Fatalf("Invoice: %v", err)
	}
	equal(t, "record", got, next)

	for _, version := range []int64{2, 4, 1} {
		stale := whole()
		stale.Version, stale.Number = version, "stale"
		err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.UpdateInvoice(ctx, stale) })
		isError(t, "update of another version", err, invoicing.ErrConflict)
	}
	absent := draft(9, sellerA)
	absent.Version = 2
	err = s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.UpdateInvoice(ctx, absent) })
	isError(t, "update of an absent record", err, invoicing.ErrConflict)
	got, err = s.Invoice(t.Context(), r.ID)
	if err != nil {
		t.Fatalf("Invoice: %v", err)
	}
	equal(t, "record after refused updates", got, next)
}

func findsNothing(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA))
	for _, name := range []string{"", id(2), "%", "' OR ''='", "a\x00b", "\xff"} {
		_, err := s.Invoice(t.Context(), name)
		isError(t, "Invoice", err, invoicing.ErrNotFound)
		_, err = s.Document(t.Context(), name)
		isError(t, "Document", err, invoicing.ErrNotFound)
		_, err = s.Receipt(t.Context(), name)
		isError(t, "Receipt", err, invoicing.ErrNotFound)
		attempts, err := s.Attempts(t.Context(), name)
		if err != nil || len(attempts) != 0 {
			t.Errorf("Attempts: %v, %v", attempts, err)
		}
		for _, f := range []invoicing.Filter{{IDs: []string{name}}, {Seller: pl.NIP("x" + name)}, {Key: "k" + name}} {
			records, err := s.Invoices(t.Context(), f)
			if err != nil || len(records) != 0 {
				t.Errorf("Invoices: %d records, %v", len(records), err)
			}
		}
	}
}

func refusesText(t *testing.T, s invoicing.Store) {
	for _, text := range []string{"a\x00b", "\xff\xfe"} {
		r := draft(1, sellerA)
		r.Number = text
		err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return tx.InsertInvoice(ctx, r, []byte("{}")) })
		isError(t, "insert", err, invoicing.ErrText)
		err = s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
			return tx.ClaimNumber(ctx, invoicing.Number{Seller: sellerA, Kind: "VAT", Number: text}, id(1))
		})
		isError(t, "claim number", err, invoicing.ErrText)
	}
	// What comes from KSeF must not be able to stop its own recording.
	r := draft(1, sellerA)
	insert(t, s, r)
	r.Version, r.Rejection = 2, &invoicing.Rejection{Code: 430, Description: "a\x00b\xff"}
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error {
		if err := tx.UpdateInvoice(ctx, r); err != nil {
			return err
		}
		return tx.PutAttempt(ctx, invoicing.Attempt{InvoiceID: r.ID, Seq: 1, Outcome: invoicing.OutcomeRejected, Reason: "a\x00b\xff"})
	})
}

func lists(t *testing.T, s invoicing.Store) {
	for n := range 6 {
		r := draft(n, []pl.NIP{sellerA, sellerB}[n%2])
		r.State = []invoicing.State{invoicing.StateDraft, invoicing.StateSealed, invoicing.StateConfirmed}[n%3]
		insert(t, s, r)
	}
	tests := []struct {
		name   string
		filter invoicing.Filter
		want   []string
	}{
		{"all", invoicing.Filter{}, []string{id(5), id(4), id(3), id(2), id(1), id(0)}},
		{"limit", invoicing.Filter{Limit: 2}, []string{id(5), id(4)}},
		{"before", invoicing.Filter{Before: id(2)}, []string{id(1), id(0)}},
		{"seller", invoicing.Filter{Seller: sellerB}, []string{id(5), id(3), id(1)}},
		{"state", invoicing.Filter{States: []invoicing.State{invoicing.StateSealed}}, []string{id(4), id(1)}},
		{"states", invoicing.Filter{States: []invoicing.State{invoicing.StateSealed, invoicing.StateDraft}, Limit: 3}, []string{id(4), id(3), id(1)}},
		{"identifiers", invoicing.Filter{IDs: []string{id(1), id(4), id(9)}}, []string{id(4), id(1)}},
		{"no identifiers", invoicing.Filter{IDs: []string{}}, nil},
		{"everything at once", invoicing.Filter{Seller: sellerA, States: []invoicing.State{invoicing.StateSealed}, Before: id(5), Limit: 9}, []string{id(4)}},
	}
	for _, tt := range tests {
		records, err := s.Invoices(t.Context(), tt.filter)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var got []string
		for _, r := range records {
			got = append(got, r.ID)
		}
		equal(t, tt.name, got, tt.want)
	}
}

func keepsKeysUnique(t *testing.T, s invoicing.Store) {
	with := func(n int, seller pl.NIP, key string) *invoicing.Record {
		r := draft(n, seller)
		r.Key = key
		return r
	}
	insert(t, s, with(1, sellerA, "k"), with(2, sellerB, "k"), with(3, sellerA, ""), with(4, sellerA, ""))
	err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
		return tx.InsertInvoice(ctx, with(5, sellerA, "k"), []byte("{}"))
	})
	isError(t, "second invoice under a key", err, invoicing.ErrKeyTaken)
	records, err := s.Invoices(t.Context(), invoicing.Filter{Seller: sellerA, Key: "k"})
	if err != nil || len(records) != 1 || records[0].ID != id(1) {
		t.Errorf("by key: %v, %v", records, err)
	}
}

func keepsDocuments(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA))
	doc, err := s.Document(t.Context(), id(1))
	if err != nil {
		t.Fatalf("Document: %v", err)
	}
	equal(t, "document of a draft", *doc, invoicing.Document{Draft: []byte("{}")})

	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	want := invoicing.Document{Draft: []byte(`{"name":"Zażółć 'gęślą' \"jaźń\" \\ 😀"}`), XML: append(every, "'); DROP TABLE x; --"...)}
	update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.PutDocument(ctx, id(1), want) })
	if doc, err = s.Document(t.Context(), id(1)); err != nil {
		t.Fatalf("Document: %v", err)
	}
	equal(t, "document", *doc, want)
}

func keepsReceipts(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA))
	want := invoicing.Receipt{
		InvoiceID: id(1), KSeFNumber: "5265877635-20250826-0100001AF629-AF", Session: "20261123-SO-AA",
		XML: []byte("<Potwierdzenie>\x00\xff</Potwierdzenie>"), SHA256: [32]byte{5: 9}, Received: base,
	}
	other := want
	other.XML = []byte("<other/>")
	for _, r := range []invoicing.Receipt{want, other} {
		update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.PutReceipt(ctx, r) })
	}
	got, err := s.Receipt(t.Context(), id(1))
	if err != nil {
		t.Fatalf("Receipt: %v", err)
	}
	equal(t, "receipt", *got, want)
}

func keepsAttempts(t *testing.T, s invoicing.Store) {
	insert(t, s, draft(1, sellerA))
	first := invoicing.Attempt{
		InvoiceID: id(1), Seq: 1, Session: "S1", Outcome: invoicing.OutcomeIntended, Started: base, Updated: base,
	}
	second := invoicing.Attempt{
		InvoiceID: id(1), Seq: 2, Session: "S2", Reference: "R", Outcome: invoicing.OutcomeUnknown, Code: 440, Reason: "powód",
		Origin: invoicing.Origin{Number: "n", Session: "s"}, Started: base.Add(time.Second), Updated: base.Add(time.Minute),
	}
	later := first
	later.Outcome, later.Started, later.Updated = invoicing.OutcomeNotReceived, base.Add(time.Hour), base.Add(time.Hour)
	for _, a := range []invoicing.Attempt{second, first, later} {
		update(t, s, func(ctx context.Context, tx invoicing.Tx) error { return tx.PutAttempt(ctx, a) })
	}
	got, err := s.Attempts(t.Context(), id(1))
	if err != nil {
		t.Fatalf("Attempts: %v", err)
	}
	later.Started = base // the start stays
	equal(t, "attempts", got, []invoicing.Attempt{later, second})
}

func writesAllOrNothing(t *testing.T, s invoicing.Store) {
	boom := errors.New("boom")
	err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
		if err := writeEverything(ctx, tx); err != nil {
			return err
		}
		return boom
	})
	isError(t, "Update", err, boom)
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
			if err := writeEverything(ctx, tx); err != nil {
				return err
			}
			panic(boom)
		})
	}()
	_, err = s.Invoice(t.Context(), id(1))
	isError(t, "invoice of a failed transaction", err, invoicing.ErrNotFound)
	due, err := s.NextDue(t.Context(), "k", base)
	if err != nil || !due.IsZero() {
		t.Errorf("NextDue = %v, %v", due, err)
	}
	update(t, s, writeEverything) // all of it is still free, the number too
}

// writeEverything takes number 1 of a series and everything that is unique.
func writeEverything(ctx context.Context, tx invoicing.Tx) error {
	r := draft(1, sellerA)
	r.Key = "k"
	n, err := tx.NextNumber(ctx, series)
	if err == nil && n != 1 {
		err = errors.New("the series goes on although the transaction failed")
	}
	return errors.Join(err,
		tx.InsertInvoice(ctx, r, []byte("{}")),
		tx.ClaimNumber(ctx, invoicing.Number{Seller: sellerA, Kind: "VAT", Number: "1"}, r.ID),
		tx.PutAttempt(ctx, invoicing.Attempt{InvoiceID: r.ID, Seq: 1}),
		tx.PutReceipt(ctx, invoicing.Receipt{InvoiceID: r.ID, XML: []byte("x")}),
		tx.Enqueue(ctx, invoicing.Job{Kind: "k", Subject: r.ID, Seller: sellerA, Due: base}),
	)
}
