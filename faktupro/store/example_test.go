package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
)

func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "faktupro")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "faktupro.db")

	writer, err := sql.Open("sqlite", store.SQLiteDSN(path))
	if err != nil {
		log.Fatal(err)
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", store.SQLiteReadDSN(path))
	if err != nil {
		log.Fatal(err)
	}
	reader.SetMaxOpenConns(4)
	defer func() { _, _ = writer.Close(), reader.Close() }()

	st, err := store.Open(
		bun.NewDB(writer, sqlitedialect.New()),
		store.Config{Reader: bun.NewDB(reader, sqlitedialect.New())},
	)
	if err != nil {
		log.Fatal(err)
	}
	if err := st.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	invoices, err := st.Invoices(ctx, invoicing.Filter{})
	fmt.Println(len(invoices), err)
	// Output: 0 <nil>
}
