package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
)

func TestSQLiteDSNSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%20e.db")
	writer := openDB(t, store.SQLiteDSN(path), 1)
	if _, err := writer.Exec("CREATE TABLE t (a)"); err != nil {
		t.Fatal(err)
	}
	reader := openDB(t, store.SQLiteReadDSN(path), 1)
	for _, tt := range []struct {
		db           *bun.DB
		pragma, want string
	}{
		{writer, "journal_mode", "wal"},
		{writer, "synchronous", "2"},
		{writer, "foreign_keys", "1"},
		{writer, "busy_timeout", "10000"},
		{writer, "query_only", "0"},
		{reader, "journal_mode", "wal"},
		{reader, "query_only", "1"},
		{reader, "busy_timeout", "10000"},
	} {
		var got string
		if err := tt.db.QueryRow("PRAGMA " + tt.pragma).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s = %q, %v, want %q", tt.pragma, got, err, tt.want)
		}
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "a b*")); err != nil || len(files) == 0 || files[0] != path {
		t.Errorf("files %q, %v, want %q first", files, err, path)
	}
	if _, err := reader.Exec("INSERT INTO t VALUES (1)"); err == nil {
		t.Error("the reading handle writes")
	}
}

func TestSQLiteDSNRelativePath(t *testing.T) {
	t.Parallel()
	dsn := store.SQLiteDSN("data/a b?.db")
	if !strings.HasPrefix(dsn, "file:data/a%20b%3F.db?") {
		t.Errorf("DSN = %s", dsn)
	}
}

func TestMigrateIsRepeatable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "faktupro.db")
	var wg sync.WaitGroup
	for range 3 { // as many processes start at once
		s, err := store.Open(openDB(t, store.SQLiteDSN(path), 1), store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for range 2 {
				if err := s.Migrate(t.Context()); err != nil {
					t.Errorf("Migrate: %v", err)
				}
			}
		})
	}
	wg.Wait()
	// A process that died between the migration and the note of it.
	db := openDB(t, store.SQLiteDSN(path), 1)
	if _, err := db.Exec("DELETE FROM faktupro_migrations"); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(db, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Errorf("Migrate after the note was lost: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	if _, err := store.Open(nil, store.Config{}); err == nil {
		t.Error("Open without a database succeeds")
	}
}

// TestFullDisk fills the database to its last page: a transaction either is
// there or it is not.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s, db := openStore(t, store.Config{})
	var pages int
	if err := db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+20)); err != nil {
		t.Fatal(err)
	}
	stored, failed := 0, 0
	for i := range 60 {
		err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error { return issue(ctx, tx, i) })
		if err == nil {
			stored++
			continue
		}
		failed++
		if !strings.Contains(err.Error(), "full") {
			t.Fatalf("Update: %v", err)
		}
	}
	if stored == 0 || failed == 0 {
		t.Fatalf("%d stored, %d failed: the disk was not full in the middle", stored, failed)
	}
	if _, err := db.Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"invoices", "documents", "numbers", "outbox"} {
		var n int
		if err := db.QueryRow("SELECT count(*) FROM faktupro_" + table).Scan(&n); err != nil || n != stored {
			t.Errorf("%d rows in %s, %v, want %d", n, table, err, stored)
		}
	}
	var next int
	if err := db.QueryRow("SELECT next FROM faktupro_series").Scan(&next); err != nil || next != stored+1 {
		t.Errorf("next number %d, %v, want %d", next, err, stored+1)
	}
}

// issue writes what belongs to an issued invoice.
func issue(ctx context.Context, tx invoicing.Tx, i int) error {
	at := time.Date(2026, time.November, 23, 0, 0, i, 0, time.UTC)
	r := &invoicing.Record{
		ID: fmt.Sprintf("inv_%026d", i), Version: 1, State: invoicing.StateSealed, Seller: "5265877635", Kind: faktupro.KindVAT,
		Created: at, Updated: at,
	}
	n, err := tx.NextNumber(ctx, invoicing.Series{Seller: r.Seller, Pattern: "FV/{n}", Period: ""})
	if err != nil {
		return err
	}
	r.Number = fmt.Sprint("FV/", n)
	if err := tx.ClaimNumber(ctx, invoicing.Number{Seller: r.Seller, Kind: r.Kind, Number: r.Number}, r.ID); err != nil {
		return err
	}
	if err := tx.InsertInvoice(ctx, r, []byte("{}")); err != nil {
		return err
	}
	if err := tx.PutDocument(ctx, r.ID, invoicing.Document{Draft: []byte("{}"), XML: make([]byte, 3000)}); err != nil {
		return err
	}
	return tx.Enqueue(ctx, invoicing.Job{Kind: invoicing.JobTransmit, Subject: r.ID, Seller: r.Seller, Due: at})
}

func TestWithinHostTransaction(t *testing.T) {
	t.Parallel()
	s, db := openStore(t, store.Config{})
	if _, err := db.Exec("CREATE TABLE orders (id TEXT)"); err != nil {
		t.Fatal(err)
	}
	errHost := errors.New("the host changed its mind")
	for i, want := range []error{nil, errHost} {
		err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO orders VALUES (?)", i); err != nil {
				return err
			}
			err := s.Within(tx).Update(ctx, func(ctx context.Context, tx invoicing.Tx) error { return issue(ctx, tx, i) })
			return errors.Join(err, want)
		})
		if !errors.Is(err, want) {
			t.Fatalf("transaction: %v", err)
		}
	}
	var orders, invoices int
	if err := db.QueryRow("SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM faktupro_invoices)").Scan(&orders, &invoices); err != nil {
		t.Fatal(err)
	}
	if orders != 1 || invoices != 1 {
		t.Errorf("%d orders and %d invoices, want one of each", orders, invoices)
	}
}

// TestWithinLostTransaction: some errors make SQLite roll back the whole
// transaction by itself. What the host writes after that would be committed
// statement by statement, so it is refused.
func TestWithinLostTransaction(t *testing.T) {
	t.Parallel()
	s, db := openStore(t, store.Config{})
	if _, err := db.Exec("CREATE TABLE orders (id TEXT)"); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err = s.Within(tx).Update(t.Context(), func(ctx context.Context, _ invoicing.Tx) error {
		_, err := tx.Exec("ROLLBACK")
		return errors.Join(err, boom)
	})
	if !errors.Is(err, boom) {
		t.Errorf("Update: %v", err)
	}
	if _, err := tx.Exec("INSERT INTO orders VALUES ('1')"); !errors.Is(err, sql.ErrTxDone) {
		t.Errorf("the host writes without a transaction: %v", err)
	}
	if err := tx.Commit(); err == nil {
		t.Error("the commit of the host succeeds")
	}
	if n, err := db.NewSelect().Table("orders").Count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d orders, %v", n, err)
	}
}

// TestForeignKeys: a number cannot be reserved for an invoice that does not
// come to be.
func TestForeignKeys(t *testing.T) {
	t.Parallel()
	s, _ := openStore(t, store.Config{})
	err := s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
		return tx.ClaimNumber(ctx, invoicing.Number{Seller: "5265877635", Kind: "VAT", Number: "1"}, "inv_absent")
	})
	if err == nil {
		t.Error("a number is reserved for nobody")
	}
}

func TestKeyTextIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := openStore(t, store.Config{})
	if err := s.AddKey(t.Context(), access.KeyRecord{ID: "AAAAAAA1", Label: "a\x00b"}); !errors.Is(err, invoicing.ErrText) {
		t.Errorf("AddKey: %v", err)
	}
	if _, err := s.Key(t.Context(), "a\x00"); !errors.Is(err, access.ErrKeyNotFound) {
		t.Errorf("Key: %v", err)
	}
}

// TestQueriesUseIndexes keeps the frequent queries from reading whole tables.
func TestQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	_, db := openStore(t, store.Config{})
	for _, query := range []string{
		"SELECT * FROM faktupro_invoices AS i LEFT JOIN faktupro_outbox AS o ON o.subject = i.id AND o.kind = 'x' WHERE i.seller = 'x' AND i.id < 'y' ORDER BY i.id DESC LIMIT 50",
		"SELECT * FROM faktupro_invoices AS i WHERE i.state IN ('a') AND i.id < 'y' ORDER BY i.id DESC LIMIT 50",
		"SELECT * FROM faktupro_invoices AS i WHERE i.seller = 'x' AND i.client_key = 'y'",
		"SELECT subject FROM faktupro_outbox AS o WHERE o.kind = 'x' AND (o.due_at <= 5 OR o.due_at > 9) ORDER BY o.due_at, o.subject LIMIT 1",
	} {
		for _, line := range plan(t, db, query) {
			if strings.HasPrefix(line, "SCAN") {
				t.Errorf("%s\nreads a whole table: %s", query, line)
			}
		}
	}
}

func plan(t *testing.T, db *bun.DB, query string) (lines []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b, c sql.NullInt64
		var detail string
		if err := rows.Scan(&a, &b, &c, &detail); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, detail)
	}
	return lines
}
