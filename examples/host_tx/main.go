// Host_tx issues invoices inside the transactions of a web shop: an order and
// its invoice are stored together or not at all, and a sale that is rolled back
// leaves no hole in the numbers.
//
//	go run ./examples/host_tx
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver is the application's choice

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/pl"
)

// Order is a table of the shop: a cart can be sold once.
type Order struct {
	Cart    string `bun:",pk"`
	Invoice string `bun:",notnull"`
}

func main() {
	ctx, dir := context.Background(), must(os.MkdirTemp("", "shop"))
	defer os.RemoveAll(dir)
	sqldb := must(sql.Open("sqlite", store.SQLiteDSN(filepath.Join(dir, "shop.db"))))
	defer sqldb.Close()
	sqldb.SetMaxOpenConns(1) // SQLite has one writer
	db := bun.NewDB(sqldb, sqlitedialect.New())
	must(db.NewCreateTable().Model((*Order)(nil)).Exec(ctx))
	st := must(store.Open(db, store.Config{}))
	if err := st.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	service := must(invoicing.New(invoicing.Config{Store: st}))

	// checkout sells a cart. Returning the error undoes all of it.
	checkout := func(cart string) error {
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			inv, err := faktupro.DecodeInvoice(faktupro.Sample())
			if err != nil {
				return err
			}
			inv.Number, inv.IssueDate = "", pl.Date{} // the next number of the series, today
			rec, err := service.Using(st.Within(tx)).IssueDraft(ctx, inv, invoicing.CreateOptions{})
			if err != nil {
				return err
			}
			fmt.Printf("%s: takes number %s\n", cart, rec.Number)
			_, err = tx.NewInsert().Model(&Order{Cart: cart, Invoice: rec.ID}).Exec(ctx)
			return err
		})
	}
	for _, cart := range []string{"cart 17", "cart 17", "cart 18"} {
		if err := checkout(cart); err != nil {
			fmt.Printf("%s: rolled back, order and invoice: %v\n", cart, err)
		}
	}
	for _, rec := range must(service.List(ctx, invoicing.Query{})).Records { // newest first
		sold := must(db.NewSelect().Model((*Order)(nil)).Where("invoice = ?", rec.ID).Count(ctx))
		fmt.Println("stored:", rec.Number, rec.State, "for", sold, "order")
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
