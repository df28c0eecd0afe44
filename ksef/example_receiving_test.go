package ksef_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
)

// Keeping a store of purchase invoices up to date: call Run every quarter of an
// hour. The sink is called again with the same key after a crash, so it keeps
// what it has under that key.
func ExampleSync() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	issue(ctx, signIn(ctx, sim, env), "FV/1/2026")
	issue(ctx, signIn(ctx, sim, env), "FV/2/2026")
	account := office(ctx, sim.AddToken(buyer), env)
	dir, err := os.MkdirTemp("", "faktupro")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	inbox := map[string][]byte{} // a table with a unique key
	sync, err := account.NewSync(ksef.SyncConfig{
		Store: ksef.NewFileSyncStore(filepath.Join(dir, "sync")),
		Sink: ksef.SyncSinkFunc(func(_ context.Context, d ksef.SyncDelivery) error {
			inbox[d.Key] = d.Invoice.XML
			fmt.Println("received", d.Invoice.Metadata.InvoiceNumber)
			return nil
		}),
		Start: time.Now().Add(-24 * time.Hour),
	})
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		report, err := sync.Run(ctx, ksef.AsBuyer)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Delivered, "new")
	}
	// Output:
	// received FV/1/2026
	// received FV/2/2026
	// 2 new
	// 0 new
}

// office logs the buyer in.
func office(ctx context.Context, token string, env ksef.Environment) *ksef.Account {
	client, err := ksef.New(ksef.Config{Environment: env, Poll: fast})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Login(ctx, ksef.Token(ksef.NIPContext(buyer), ksef.NewSecret(token)))
	if err != nil {
		log.Fatal(err)
	}
	return account
}

// Exporting the invoices of a month. Every hash on the way is verified, and one
// invoice at a time is in memory.
func ExampleAccount_Export() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := signIn(ctx, sim, env)
	issue(ctx, account, "FV/3/2026")

	export, err := account.Export(ctx, ksef.ExportOrder{Filter: ksef.InvoiceFilter{
		Role:  ksef.AsSeller,
		Dates: ksef.DateRange{Type: ksef.ByInvoicing, From: time.Now().AddDate(0, -1, 0)},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for invoice, err := range export.Invoices(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(invoice.Metadata.InvoiceNumber, invoice.Metadata.GrossAmount, len(invoice.XML) > 0)
	}
	// Output: FV/3/2026 246 true
}

// How long will the first import of two years take?
func ExamplePlanSync() {
	for _, plan := range ksef.PlanSync(ksef.SyncLoad{Invoices: 60_000, Roles: 2, Span: 2 * 365 * 24 * time.Hour}) {
		fmt.Printf("%s: %v, because of %s\n", plan.Strategy, plan.Duration, plan.Slowest)
	}
	// Output:
	// export: 1h0m0s, because of invoiceExport
	// single: 937h1m1s, because of invoiceDownload
}

// Getting a KSeF certificate for logging in. The key stays in its hardware
// module; what KSeF issues is checked against it.
func ExampleAccount_RequestCertificate() {
	_, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := sealIn(ctx, env)

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // any crypto.Signer
	if err != nil {
		log.Fatal(err)
	}
	request, err := account.RequestCertificate(ctx, ksef.CertificateOrder{
		Name: "office server 2026", Type: ksef.CertificateAuthentication, Signer: key,
	})
	if err != nil {
		log.Fatal(err)
	}
	certificate, err := request.Await(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if _, _, err := certificate.OfflineSigner(key); err != nil {
		fmt.Println(err)
	}
	inventory, err := account.CertificateInventory(ctx, ksef.InventoryConfig{
		InUse: []*x509.Certificate{certificate.Certificate},
		Need:  []ksef.CertificateType{ksef.CertificateOffline},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, alarm := range inventory.Alarms {
		fmt.Println(alarm.English)
	}
	// Output:
	// ksef: sign offline invoice: certificate is for another use: this KSeF certificate is of type Authentication and only logs in; sign the codes of offline invoices with one of type Offline
	// there is no active KSeF certificate of type Offline: get one
}

// Tokens cease to log in: a program warns in time.
func ExampleAccount_TokenInventory() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	inventory, err := signIn(ctx, sim, env).TokenInventory(ctx, ksef.TokenInventoryConfig{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(inventory.Tokens), ksef.TokenLoginEnds())
	// Output: 1 2026-12-31
}
