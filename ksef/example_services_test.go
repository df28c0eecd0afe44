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
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

// sealIn logs in with a certificate, which tokens and certificates need.
func sealIn(ctx context.Context, env ksef.Environment) *ksef.Account {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Pracownia Cegła"}, key, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	client, err := ksef.New(ksef.Config{Environment: env, Poll: fast})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Login(ctx, ksef.XAdES(ksef.NIPContext(seller), key, cert))
	if err != nil {
		log.Fatal(err)
	}
	return account
}

// issue sends an invoice and waits for its KSeF number.
func issue(ctx context.Context, account *ksef.Account, number string) {
	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		log.Fatal(err)
	}
	ref, err := session.Send(ctx, document(number), ksef.SendOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := account.WaitInvoice(ctx, session.Reference(), ref); err != nil {
		log.Fatal(err)
	}
}

// Making a KSeF token for a program that only reads invoices. The token is
// shown once: store it where secrets belong.
func ExampleTokensService_Generate() {
	_, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := sealIn(ctx, env)

	made, err := account.Tokens.Generate(ctx, ksef.NewToken{
		Permissions: []ksef.Permission{ksef.PermInvoiceRead},
		Description: "reporting",
	})
	if err != nil {
		log.Fatal(err)
	}
	token, err := account.WaitToken(ctx, made.Reference)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.Description, token.State, made.Token)
	// Output: reporting Active [secret]
}

// Getting a KSeF certificate: the request names exactly whom KSeF expects, and
// the private key never leaves the program.
func ExampleCertificatesService_Enroll() {
	_, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := sealIn(ctx, env)

	data, err := account.Certificates.EnrollmentData(ctx)
	if err != nil {
		log.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	csr, err := data.CSR(key)
	if err != nil {
		log.Fatal(err)
	}
	request := ksef.EnrollRequest{Name: "office server", Type: ksef.CertificateAuthentication, CSR: csr}
	enrollment, err := account.Certificates.Enroll(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	status, err := account.WaitEnrollment(ctx, enrollment.Reference)
	if err != nil {
		log.Fatal(err)
	}
	issued, err := account.Certificates.Retrieve(ctx, status.Serial)
	if err != nil {
		log.Fatal(err)
	}
	_, err = account.Client().Login(ctx, ksef.XAdES(ksef.NIPContext(seller), key, issued[0].Certificate))
	fmt.Println(issued[0].Name, issued[0].Type, err)
	// Output: office server Authentication <nil>
}

// Letting an accounting office read the invoices of a company.
func ExamplePermissionsService_GrantEntity() {
	_, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := sealIn(ctx, env)

	operation, err := account.Permissions.GrantEntity(ctx, ksef.EntityGrant{
		Subject:     ksef.NIPIdentifier(buyer),
		Permissions: []ksef.EntityPermission{{Type: ksef.PermInvoiceRead, CanDelegate: true}},
		Description: "bookkeeping from 2026",
		Details:     ksef.EntityName{FullName: "Biuro rachunkowe Kalina"},
	})
	if err != nil {
		log.Fatal(err)
	}
	status, err := account.WaitPermission(ctx, operation)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.Err())
	// Output: <nil>
}

// Searching for invoices. KSeF allows 20 such calls an hour: keep what was
// found, and export when there is much.
func ExampleInvoicesService_Query() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx := context.Background()
	account := signIn(ctx, sim, env)
	issue(ctx, account, "FV/10/2026")
	issue(ctx, account, "FV/11/2026")

	now := time.Now()
	filter := ksef.InvoiceFilter{
		Role:  ksef.AsSeller,
		Dates: ksef.DateRange{Type: ksef.ByInvoicing, From: now.AddDate(0, 0, -30), To: now.Add(time.Minute)},
	}
	for invoice, err := range account.Invoices.Query(ctx, filter) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(invoice.InvoiceNumber, invoice.Type, invoice.GrossAmount, invoice.Currency)
	}
	// Output:
	// FV/10/2026 Vat 246 PLN
	// FV/11/2026 Vat 246 PLN
}

// A request that KSeF would refuse is refused before it is sent, and the error
// says which field is wrong and what to write.
func ExampleFieldError() {
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		log.Fatal(err)
	}
	base, stop := sim.Start()
	defer stop()
	account := sealIn(context.Background(), ksef.Custom(base))

	_, err = account.Tokens.Generate(context.Background(), ksef.NewToken{
		Permissions: []ksef.Permission{ksef.PermInvoiceRead},
		Description: "new",
	})
	if fault, ok := errors.AsType[*ksef.FieldError](err); ok {
		fmt.Println(fault.Field, "-", fault.Remedy)
	}
	// Output: description - write 5 to 256 characters
}
