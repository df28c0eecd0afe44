package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

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
