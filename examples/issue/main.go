// Issue is an application that embeds invoicing: an invoice comes as JSON, is
// numbered and kept in the application's own SQLite file, and goes to KSeF.
//
//	go run ./examples/issue
package main

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	_ "embed" // invoice.json
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
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/pl"
)

//go:embed invoice.json
var invoiceJSON []byte

func main() {
	ctx, dir := context.Background(), must(os.MkdirTemp("", "issue"))
	defer os.RemoveAll(dir)
	db := must(sql.Open("sqlite", store.SQLiteDSN(filepath.Join(dir, "app.db"))))
	defer db.Close()
	db.SetMaxOpenConns(1) // SQLite has one writer
	st := must(store.Open(bun.NewDB(db, sqlitedialect.New()), store.Config{}))
	check(st.Migrate(ctx)) // the tables are named faktupro_…

	// KSeF, simulated on loopback; a real one is ksef.Test() or ksef.Production().
	sim := must(ksefsim.New(ksefsim.Config{}))
	base, stop := sim.Start()
	defer stop()
	client := must(ksef.New(ksef.Config{Environment: ksef.Custom(base)}))
	login := func(_ context.Context, seller pl.NIP) (ksef.Credential, error) {
		return ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller))), nil
	}
	trust := upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}}
	service := must(invoicing.New(invoicing.Config{Store: st, Connect: invoicing.NewLogins(client, login), Trust: trust}))

	inv := must(faktupro.DecodeInvoice(invoiceJSON)) // a *faktupro.ValidationError lists all mistakes
	rec := must(service.IssueDraft(ctx, inv, invoicing.CreateOptions{Key: "sale-1"}))
	fmt.Println("issued     ", rec.Number, rec.Gross, rec.Currency) // on disk, final, waiting to be sent
	rec = must(service.Deliver(ctx, rec.ID))                        // a server leaves this to service.Run
	if rec.State != invoicing.StateConfirmed {
		log.Fatalf("refused by KSeF: %d %s", rec.Rejection.Code, rec.Rejection.Description)
	}
	fmt.Println("KSeF number", rec.KSeFNumber)

	// Deliver has checked the receipt. Anybody can do so again with the two files.
	xml, receipt := must(service.XML(ctx, rec.ID)), must(service.UPO(ctx, rec.ID))
	check(must(upo.Verify(receipt.XML, trust)).Check(upo.Expected{InvoiceHash: sha256.Sum256(xml), KSeFNumber: rec.KSeFNumber}))
	fmt.Println("UPO         signed, and for these", len(xml), "bytes")
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
