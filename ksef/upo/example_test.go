package upo_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// exampleReceipt plays the ministry: it confirms an invoice and signs.
func exampleReceipt(invoice []byte) (signed []byte, authority *x509.Certificate) {
	at := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	day := pl.DateOf(at)
	c := upo.Confirmation{
		SessionReference: "20260302-SO-2F67776000-0123456789-5A",
		Context:          upo.Context{Type: upo.ContextNIP, Value: "1234563218"},
		LoginHash:        sha256.Sum256([]byte("login document")),
		Structure:        "Schemat_FA(3)_v1-0E.xsd",
		FormCode:         "FA (3)",
		Documents: []upo.Document{{
			SellerNIP: "1234563218", KSeFNumber: pl.NewKSeFNumber("1234563218", day, [6]byte{1}),
			InvoiceNumber: "FV/1/2026", IssueDate: day, ReceivedAt: at, AcceptedAt: at,
			InvoiceHash: sha256.Sum256(invoice), Mode: upo.ModeOnline,
		}},
	}
	if err := c.Validate(); err != nil {
		panic(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Ministerstwo", NIP: "5260250274"}, key, at)
	if err != nil {
		panic(err)
	}
	signed, err = xades.Sign(c.AppendXML(nil), key, cert, xades.Options{SigningTime: at})
	if err != nil {
		panic(err)
	}
	return signed, cert
}

// The proof that an invoice was received: who signed, and for which bytes.
func ExampleVerify() {
	invoice := []byte("<Faktura>…</Faktura>")
	xml, authority := exampleReceipt(invoice)

	c, err := upo.Verify(xml, upo.Trust{Certificates: []*x509.Certificate{authority}})
	if err != nil {
		panic(err)
	}
	fmt.Println("received:", c.Documents[0].KSeFNumber)
	fmt.Println("this invoice:", c.Check(upo.Expected{InvoiceHash: sha256.Sum256(invoice)}) == nil)
	// Output:
	// received: 1234563218-20260302-010000000000-EE
	// this invoice: true
}

func ExampleConfirmation_Check() {
	xml, _ := exampleReceipt([]byte("<Faktura>…</Faktura>"))
	c, err := upo.Parse(xml)
	if err != nil {
		panic(err)
	}
	err = c.Check(upo.Expected{InvoiceHash: sha256.Sum256([]byte("another invoice")), InvoiceNumber: "FV/2/2026"})
	fmt.Println(err)
	fmt.Println(errors.Is(err, upo.ErrMismatch))
	// Output:
	// upo: the receipt is for something else: invoice hash, invoice number
	// true
}

func ExampleParse() {
	xml, _ := exampleReceipt([]byte("<Faktura>…</Faktura>"))
	c, err := upo.Parse(xml)
	if err != nil {
		panic(err)
	}
	d := c.Documents[0]
	fmt.Println(c.Version, d.InvoiceNumber, d.IssueDate, d.AcceptedAt.In(pl.Warsaw()).Format(time.DateTime))
	// Output: 4-3 FV/1/2026 2026-03-02 2026-03-02 10:30:00
}

func ExampleConfirmation_AppendXML() {
	c, err := upo.Parse((&upo.Confirmation{
		SessionReference: "20260302-SO-2F67776000-0123456789-5A",
		Context:          upo.Context{Type: upo.ContextPeppolID, Value: "PPL123456"},
		TokenReference:   "20260101-EC-2F67776000-0123456789-0B",
		Structure:        "Schemat_FA(3)_v1-0E.xsd",
		FormCode:         "FA (3)",
		Documents:        []upo.Document{document(0)},
	}).AppendXML(nil))
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Authority, c.TokenReference)
	// Output: Ministerstwo Finansów 20260101-EC-2F67776000-0123456789-0B
}
