// Send_xml uses the bare KSeF client for documents of one's own making: log in
// with a signed document, open an encrypted session, send, fetch the receipt.
//
//	go run ./examples/send_xml
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"log"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // waiting ends with the context
	defer cancel()
	sim := must(ksefsim.New(ksefsim.Config{}))
	base, stop := sim.Start()
	defer stop()
	client := must(ksef.New(ksef.Config{Environment: ksef.Custom(base)})) // or ksef.Test()

	// The test environment accepts a certificate that one signs oneself.
	const seller pl.NIP = "1234563218"
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	cert := must(xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Tartak Modrzew"}, key, time.Now()))
	account := must(client.Login(ctx, ksef.XAdES(ksef.NIPContext(seller), key, cert)))

	session := must(account.OpenOnline(ctx, ksef.FormFA3))
	xml := must(fa3.Marshal(invoice(seller, time.Now()))) // these bytes are the invoice: keep them
	ref := must(session.Send(ctx, xml, ksef.SendOptions{}))
	status := must(account.WaitInvoice(ctx, session.Reference(), ref))
	check(status.Err()) // refused, and why
	number := status.KSeFNumber
	fmt.Println("accepted", status.InvoiceNumber, "as", number)
	receipt := must(account.Sessions.InvoiceUPO(ctx, session.Reference(), ref))
	confirmation := must(upo.Verify(receipt.XML, upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}}))
	check(confirmation.Check(upo.Expected{InvoiceHash: sha256.Sum256(xml), KSeFNumber: number}))
	fmt.Println("UPO of", confirmation.Authority, "is signed and for this document")
	check(session.Close(ctx))
}

// invoice is about the smallest FA(3) document that KSeF accepts.
func invoice(seller pl.NIP, now time.Time) *fa3.Faktura {
	f := new(fa3.Faktura)
	f.Naglowek.DataWytworzeniaFa = fa3.NewDateTime(now)
	f.Podmiot1.DaneIdentyfikacyjne = fa3.TPodmiot1{NIP: string(seller), Nazwa: "Tartak Modrzew"}
	f.Podmiot1.Adres = fa3.TAdres{KodKraju: "PL", AdresL1: "Leśna 2, 38-700 Ustrzyki Dolne"}
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{NIP: "5253012349", Nazwa: "Stolarnia Sęk"}
	f.Podmiot2.JST, f.Podmiot2.GV = fa3.No, fa3.No
	f.Fa.RodzajFaktury, f.Fa.KodWaluty, f.Fa.P_1, f.Fa.P_2 = fa3.KindVAT, "PLN", pl.DateOf(now), "T/17/2026"
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "900.00", "207.00", "1107.00"
	f.Fa.FaWiersz = []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Deski", P_8A: "m3", P_8B: "0.75", P_9A: "1200.00", P_11: "900.00", P_12: fa3.Rate23}}
	f.Fa.Adnotacje = fa3.Adnotacje{P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No}
	f.Fa.Adnotacje.Zwolnienie.P_19N, f.Fa.Adnotacje.NoweSrodkiTransportu.P_22N, f.Fa.Adnotacje.PMarzy.P_PMarzyN = true, true, true
	return f
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
