package store_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/access/accesstest"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/faktupro/store/storetest"
)

// openDB opens a SQLite database; conns 0 = no limit.
func openDB(t testing.TB, dsn string, conns int) *bun.DB {
	t.Helper()
	sqldb, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	sqldb.SetMaxOpenConns(conns)
	db := bun.NewDB(sqldb, sqlitedialect.New())
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

// openStore returns an empty store on a file and its writing handle.
func openStore(t testing.TB, cfg store.Config) (*store.Store, *bun.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "żółw 100%?#.db")
	db := openDB(t, store.SQLiteDSN(path), 1)
	s, err := store.Open(db, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s, db
}

func TestConformance(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) invoicing.Store {
		s, _ := openStore(t, store.Config{})
		return s
	})
}

func TestConformanceWithReader(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) invoicing.Store {
		path := filepath.Join(t.TempDir(), "faktupro.db")
		db := openDB(t, store.SQLiteDSN(path), 1)
		writer, err := store.Open(db, store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(db, store.Config{Reader: openDB(t, store.SQLiteReadDSN(path), 4)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestAccessConformance(t *testing.T) {
	t.Parallel()
	accesstest.TestStore(t, func(t *testing.T) access.Store {
		s, _ := openStore(t, store.Config{})
		return s
	})
}

func TestConformanceWithin(t *testing.T) {
	t.Parallel()
	storetest.RunWithin(t, func(t *testing.T) storetest.Host {
		s, db := openStore(t, store.Config{})
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tx.Rollback() })
		return storetest.Host{Inside: s.Within(tx), Outside: s, Commit: tx.Commit}
	})
}

// sqlState is an error as PostgreSQL drivers make them.
type sqlState struct{ text, code string }

func (e sqlState) Error() string    { return e.text }
func (e sqlState) SQLState() string { return e.code }

// TestNotMigrated: who forgets Migrate is told, whatever is called first.
func TestNotMigrated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "empty.db")
	db := openDB(t, store.SQLiteDSN(path), 1)
	s, err := store.Open(db, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"Invoice":  func() error { _, err := s.Invoice(t.Context(), "inv_1"); return err },
		"Invoices": func() error { _, err := s.Invoices(t.Context(), invoicing.Filter{}); return err },
		"NextDue":  func() error { _, err := s.NextDue(t.Context(), "k", time.Now()); return err },
		"Key":      func() error { _, err := s.Key(t.Context(), "k"); return err },
		"Waiting":  func() error { _, err := s.NewRelay(nil).Waiting(t.Context()); return err },
		"Flush":    func() error { return s.NewRelay(nil).Flush(t.Context()) },
		"Update": func() error {
			return s.Update(t.Context(), func(ctx context.Context, tx invoicing.Tx) error {
				_, err := tx.Claim(ctx, invoicing.Claim{Kind: "k"})
				return err
			})
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, store.ErrNotMigrated) || !strings.Contains(err.Error(), "Migrate") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{sqlState{`pq: Relation »faktupro_outbox« existiert nicht`, "42P01"}, true},
		{errors.New(`ERROR: relation "faktupro_outbox" does not exist (SQLSTATE=42P01)`), true},
		{sqlState{`pq: relation "orders" does not exist`, "42P01"}, false}, // a table of the host
		{errors.New("no such table: orders"), false},
		{sqlState{"pq: deadlock detected on faktupro_outbox", "40P01"}, false},
	} {
		if got := errors.Is(store.Wrap("read", tt.err), store.ErrNotMigrated); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.err, got, tt.want)
		}
	}
}
