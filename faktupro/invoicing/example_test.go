package invoicing_test

import (
	"context"
	"crypto/x509"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// exampleService is a service on a database in a temporary directory and a
// simulated KSeF.
func exampleService() (service *invoicing.Service, stop func()) {
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		log.Fatal(err)
	}
	base, stopSim := sim.Start()
	client, err := ksef.New(ksef.Config{Environment: ksef.Custom(base)})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "faktupro")
	if err != nil {
		log.Fatal(err)
	}
	sqldb, err := sql.Open("sqlite", store.SQLiteDSN(filepath.Join(dir, "faktupro.db")))
	if err != nil {
		log.Fatal(err)
	}
	sqldb.SetMaxOpenConns(1)
	st, err := store.Open(bun.NewDB(sqldb, sqlitedialect.New()), store.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if err := st.Migrate(context.Background()); err != nil {
		log.Fatal(err)
	}
	service, err = invoicing.New(invoicing.Config{
		Store: st, Connect: invoicing.NewLogins(client, credential),
		Trust: upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return service, func() {
		stopSim()
		_ = sqldb.Close()
		_ = os.RemoveAll(dir)
	}
}

func Example() {
	ctx := context.Background()
	service, stop := exampleService()
	defer stop()

	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		log.Fatal(err)
	}
	inv.Number = "" // take the next one of the series
	rec, err := service.IssueDraft(ctx, inv, invoicing.CreateOptions{Key: "order-93"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rec.Number, rec.State)
	if rec, err = service.Deliver(ctx, rec.ID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(rec.Number, rec.State, rec.KSeFNumber.Valid())
	// Output:
	// FV/1/02/2026 sealed
	// FV/1/02/2026 confirmed true
}

// Run works in the background; whoever issues an invoice need not wait.
func ExampleService_Run() {
	service, stop := exampleService()
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- service.Run(ctx) }()

	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		log.Fatal(err)
	}
	rec, err := service.Create(ctx, inv, invoicing.CreateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err = service.Issue(ctx, rec.ID); err != nil {
		log.Fatal(err)
	}
	if rec, err = service.Deliver(ctx, rec.ID); err != nil { // waits for the worker
		log.Fatal(err)
	}
	receipt, err := service.UPO(ctx, rec.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rec.State, receipt.KSeFNumber == rec.KSeFNumber)
	cancel()
	fmt.Println(<-done)
	// Output:
	// confirmed true
	// <nil>
}
