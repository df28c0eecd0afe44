package upo_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

const (
	session = "20260302-SO-2F67776000-0123456789-5A"
	token   = "20260101-EC-2F67776000-0123456789-0B"
	seller  = pl.NIP("1234563218")
)

var (
	receivedAt = time.Date(2026, time.March, 2, 9, 30, 0, 841e6, time.UTC)
	invoiceXML = []byte("<Faktura/>")
)

func ksefNumber(n byte) pl.KSeFNumber {
	return pl.NewKSeFNumber(seller, pl.NewDate(2026, time.March, 2), [6]byte{1, 2, 3, 4, 5, n})
}

func document(n byte) upo.Document {
	return upo.Document{
		SellerNIP:     seller,
		KSeFNumber:    ksefNumber(n),
		InvoiceNumber: "FV/2026/03/0001",
		IssueDate:     pl.NewDate(2026, time.March, 2),
		ReceivedAt:    receivedAt,
		AcceptedAt:    receivedAt.Add(204 * time.Millisecond),
		InvoiceHash:   sha256.Sum256(append(invoiceXML, n)),
		Mode:          upo.ModeOnline,
	}
}

// receipt is the receipt of one invoice.
func receipt() *upo.Confirmation {
	return &upo.Confirmation{
		Version:          upo.V43,
		Authority:        upo.Authority,
		SessionReference: session,
		Context:          upo.Context{Type: upo.ContextNIP, Value: string(seller)},
		LoginHash:        sha256.Sum256([]byte("login")),
		Structure:        "Schemat_FA(3)_v1-0E.xsd",
		FormCode:         "FA (3)",
		Documents:        []upo.Document{document(0)},
	}
}

// receipts are own samples of every shape, all valid against the schema of 4-3.
func receipts() map[string]*upo.Confirmation {
	all := map[string]*upo.Confirmation{}
	add := func(name string, change func(*upo.Confirmation)) {
		c := receipt()
		change(c)
		all[name] = c
	}
	add("invoice", func(*upo.Confirmation) {})
	add("token", func(c *upo.Confirmation) { c.TokenReference, c.LoginHash = token, [32]byte{} })
	add("offline", func(c *upo.Confirmation) { c.Documents[0].Mode = upo.ModeOffline })
	add("internal", func(c *upo.Confirmation) {
		c.Context = upo.Context{Type: upo.ContextInternalID, Value: "1234563218-00014"}
	})
	add("vatue", func(c *upo.Confirmation) {
		c.Context = upo.Context{Type: upo.ContextNIPVATUE, Value: "1234563218-ATU12345678"}
	})
	add("peppol", func(c *upo.Confirmation) { c.Context = upo.Context{Type: upo.ContextPeppolID, Value: "PPL123456"} })
	add("legacy-number", func(c *upo.Confirmation) {
		n := string(c.Documents[0].KSeFNumber)
		c.Documents[0].KSeFNumber = pl.KSeFNumber(n[:26] + "-" + n[26:])
	})
	add("special-characters", func(c *upo.Confirmation) { c.Documents[0].InvoiceNumber = `FV <1> & "2" żółć ']]>` })
	add("schema-version", func(c *upo.Confirmation) { c.SchemaVersion = `4-3 "x"` })
	add("summer-and-winter", func(c *upo.Confirmation) {
		c.Documents[0].ReceivedAt = time.Date(2026, time.October, 25, 0, 59, 59, 999e6, time.UTC)
		c.Documents[0].AcceptedAt = time.Date(2026, time.October, 25, 1, 0, 0, 0, time.UTC)
	})
	add("session", func(c *upo.Confirmation) {
		c.Page = &upo.Page{Number: 1, Pages: 2, From: 1, To: 3, Total: 5}
		c.Documents = []upo.Document{document(0), document(1), document(2)}
	})
	return all
}

// signer is the "ministry" of these tests.
type signer struct {
	key  crypto.Signer
	cert *x509.Certificate
}

func newSigner() signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Ministerstwo", NIP: "5260250274"}, key, receivedAt)
	if err != nil {
		panic(err)
	}
	return signer{key, cert}
}

var ministry = sync.OnceValue(newSigner)

func (s signer) sign(t testing.TB, xml []byte) []byte {
	t.Helper()
	out, err := xades.Sign(xml, s.key, s.cert, xades.Options{SigningTime: receivedAt})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantCode(t *testing.T, err error, code upo.Code, path string) {
	t.Helper()
	var e *upo.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *upo.Error with code %q", err, code)
	}
	if e.Code != code || e.Path != path {
		t.Fatalf("got code %q at %q (%v), want %q at %q", e.Code, e.Path, err, code, path)
	}
}

func replace(t testing.TB, doc, from, to string) string {
	t.Helper()
	if !strings.Contains(doc, from) {
		t.Fatalf("the document does not contain %q", from)
	}
	return strings.Replace(doc, from, to, 1)
}
