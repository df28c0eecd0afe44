package ksef_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

// startSimulator runs a simulated KSeF in this process, so that the examples
// need no network. A real program names ksef.Test() or ksef.Production().
func startSimulator() (*ksefsim.Server, ksef.Environment, func()) {
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		log.Fatal(err)
	}
	base, stop := sim.Start()
	return sim, ksef.Custom(base), stop
}

// signIn logs in with a KSeF token.
func signIn(ctx context.Context, sim *ksefsim.Server, env ksef.Environment) *ksef.Account {
	client, err := ksef.New(ksef.Config{Environment: env, Poll: fast})
	if err != nil {
		log.Fatal(err)
	}
	token := ksef.NewSecret(sim.AddToken(seller))
	account, err := client.Login(ctx, ksef.Token(ksef.NIPContext(seller), token))
	if err != nil {
		log.Fatal(err)
	}
	return account
}

// document is the XML of one invoice; package faktupro makes it from an
// ordinary description of an invoice.
func document(number string) []byte {
	f := sample(number)
	xml, err := fa3.Marshal(&f)
	if err != nil {
		log.Fatal(err)
	}
	return xml
}

// Sending an invoice and waiting for its KSeF number.
func Example() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	account := signIn(ctx, sim, env)

	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		log.Fatal(err)
	}
	ref, err := session.Send(ctx, document("FV/1/2026"), ksef.SendOptions{})
	if err != nil {
		log.Fatal(err)
	}
	status, err := account.WaitInvoice(ctx, session.Reference(), ref)
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := account.Sessions.InvoiceUPO(ctx, session.Reference(), ref)
	if err != nil {
		log.Fatal(err)
	}
	if err := session.Close(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.InvoiceNumber, status.Accepted(), status.KSeFNumber.Seller(), receipt.HashAnnounced)
	// Output: FV/1/2026 true 5265877635 true
}

// Logging in with a certificate; here with one signed by itself, as the test
// environment accepts it.
func ExampleClient_Login() {
	_, env, stop := startSimulator()
	defer stop()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Pracownia Cegła"}, key, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	client, err := ksef.New(ksef.Config{Environment: env})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Login(context.Background(), ksef.XAdES(ksef.NIPContext(seller), key, cert))
	if err != nil {
		log.Fatal(err)
	}
	_, kept := account.Evidence().DocumentHash() // a receipt will name this hash
	fmt.Println(kept)
	// Output: true
}

// A send whose answer is lost may have arrived: look for it before repeating.
func ExampleSessionsService_FindInvoice() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := signIn(ctx, sim, env)
	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		log.Fatal(err)
	}
	xml := document("FV/2/2026")
	_, err = session.Send(ctx, xml, ksef.SendOptions{})
	if errors.Is(err, ksef.ErrOutcomeUnknown) {
		_, err = find(ctx, account, session, xml)
	}
	fmt.Println(err)
	// Output: <nil>
}

// Telling a duplicate from other refusals.
func ExampleInvoiceStatus_Duplicate() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := signIn(ctx, sim, env)
	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		ref, err := session.Send(ctx, document("FV/3/2026"), ksef.SendOptions{})
		if err != nil {
			log.Fatal(err)
		}
		status, err := account.WaitInvoice(ctx, session.Reference(), ref)
		if err != nil {
			log.Fatal(err)
		}
		if original, _, ok := status.Duplicate(); ok {
			fmt.Println(status.Err(), original.Valid())
		}
	}
	// Output: ksef: accept invoice: status 440: duplicate of an invoice already in KSeF true
}

// Listing what became of the invoices of a session.
func ExampleSessionsService_Invoices() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := signIn(ctx, sim, env)
	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		log.Fatal(err)
	}
	for _, xml := range [][]byte{document("FV/4/2026"), []byte("<Faktura/>")} {
		if _, err := session.Send(ctx, xml, ksef.SendOptions{}); err != nil {
			log.Fatal(err)
		}
	}
	if err := session.Close(ctx); err != nil {
		log.Fatal(err)
	}
	for status, err := range account.Sessions.Invoices(ctx, session.Reference()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(status.OrdinalNumber, status.Accepted(), status.Err())
	}
	// Output:
	// 1 true <nil>
	// 2 false ksef: accept invoice: status 430: invoice file not valid
}
