package upo_test

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

func trusted() upo.Trust { return upo.Trust{Certificates: []*x509.Certificate{ministry().cert}} }

func TestVerify(t *testing.T) {
	want := receipt()
	got, err := upo.Verify(ministry().sign(t, want.AppendXML(nil)), trusted())
	if err != nil {
		t.Fatal(err)
	}
	if got.Signature == nil || !got.Signature.Certificate.Equal(ministry().cert) || !got.Signature.Time.Equal(receivedAt.Truncate(time.Second)) {
		t.Errorf("signature %+v", got.Signature)
	}
	got.Signature = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerifyRefuses(t *testing.T) {
	xml := receipt().AppendXML(nil)
	signed := string(ministry().sign(t, xml))
	roots := x509.NewCertPool()
	roots.AddCert(ministry().cert)
	strangers := x509.NewCertPool()
	strangers.AddCert(newSigner().cert)
	at := func(now time.Time) upo.Trust {
		trust := trusted()
		trust.Now = func() time.Time { return now }
		return trust
	}
	tests := []struct {
		name  string
		doc   string
		trust upo.Trust
		rule  xades.Rule // empty: accepted
	}{
		{"known signer", signed, trusted(), ""},
		{"known root", signed, upo.Trust{Roots: roots}, ""},
		{"any signer", signed, upo.Trust{AnySigner: true}, ""},
		{"known signer, other roots", signed, upo.Trust{Certificates: trusted().Certificates, Roots: strangers}, ""},
		{"on the day", signed, at(receivedAt), ""},
		{"years later without a clock", signed, trusted(), ""},
		{"nobody trusted", signed, upo.Trust{}, xades.RuleTrust},
		{"another signer", signed, upo.Trust{Certificates: []*x509.Certificate{newSigner().cert}}, xades.RuleTrust},
		{"another root", signed, upo.Trust{Roots: strangers}, xades.RuleTrust},
		{"years later", signed, at(receivedAt.AddDate(10, 0, 0)), xades.RuleValidity},
		{"unsigned", string(xml), trusted(), xades.RuleNoSignature},
		{"forged number", replace(t, signed, "FV/2026/03/0001", "FV/2026/03/0002"), trusted(), xades.RuleDigest},
		{"forged by a stranger", string(newSigner().sign(t, xml)), trusted(), xades.RuleTrust},
		{"not XML", "{}", trusted(), xades.RuleDocument},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := upo.Verify([]byte(tt.doc), tt.trust)
			if tt.rule == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, upo.CodeSignature, "")
			if c != nil || !isRule(err, tt.rule) {
				t.Errorf("got %v, want rule %q and no receipt", err, tt.rule)
			}
		})
	}
}

func isRule(err error, rule xades.Rule) bool {
	var e *xades.Error
	return errors.As(err, &e) && e.Rule == rule
}

// TestVerifySignedNonsense: a good signature does not make a receipt.
func TestVerifySignedNonsense(t *testing.T) {
	_, err := upo.Verify(ministry().sign(t, []byte("<a/>")), trusted())
	wantCode(t, err, upo.CodeNamespace, "")
}

func TestCheck(t *testing.T) {
	one := receipt()
	page := receipt()
	page.Documents = append(page.Documents, document(1), document(2))
	hash := func(n byte) [32]byte { return sha256.Sum256(append(invoiceXML, n)) }
	full := upo.Expected{
		InvoiceHash: hash(0), KSeFNumber: ksefNumber(0), SellerNIP: seller,
		InvoiceNumber: "FV/2026/03/0001", SessionReference: session,
	}
	but := func(change func(*upo.Expected)) upo.Expected {
		want := full
		change(&want)
		return want
	}
	tests := []struct {
		name string
		c    *upo.Confirmation
		want upo.Expected
		diff []upo.Field
	}{
		{"everything", one, full, nil},
		{"hash alone", one, upo.Expected{InvoiceHash: hash(0)}, nil},
		{"hash on a page", page, upo.Expected{InvoiceHash: hash(2)}, nil},
		{"number on a page", page, upo.Expected{InvoiceHash: hash(1), KSeFNumber: ksefNumber(1)}, nil},
		{"nothing", one, upo.Expected{}, []upo.Field{upo.FieldInvoiceHash}},
		{"nothing on a page", page, upo.Expected{}, []upo.Field{upo.FieldInvoiceHash}},
		{"no hash", one, but(func(e *upo.Expected) { e.InvoiceHash = [32]byte{} }), []upo.Field{upo.FieldInvoiceHash}},
		{"hash", one, but(func(e *upo.Expected) { e.InvoiceHash = hash(1) }), []upo.Field{upo.FieldInvoiceHash}},
		{"KSeF number", one, but(func(e *upo.Expected) { e.KSeFNumber = ksefNumber(1) }), []upo.Field{upo.FieldKSeFNumber}},
		{"KSeF number on a page", page, but(func(e *upo.Expected) { e.KSeFNumber = ksefNumber(9) }), []upo.Field{upo.FieldKSeFNumber}},
		{"number of another on a page", page, but(func(e *upo.Expected) { e.KSeFNumber = ksefNumber(1) }), []upo.Field{upo.FieldInvoiceHash}},
		{"seller", one, but(func(e *upo.Expected) { e.SellerNIP = "5260250274" }), []upo.Field{upo.FieldSellerNIP}},
		{"invoice number", one, but(func(e *upo.Expected) { e.InvoiceNumber = "FV/2" }), []upo.Field{upo.FieldInvoiceNumber}},
		{"session", one, but(func(e *upo.Expected) { e.SessionReference = "x" }), []upo.Field{upo.FieldSessionReference}},
		{"all", one, upo.Expected{InvoiceHash: hash(9), KSeFNumber: "k", SellerNIP: "n", InvoiceNumber: "f", SessionReference: "s"}, []upo.Field{
			upo.FieldSessionReference, upo.FieldKSeFNumber, upo.FieldInvoiceHash, upo.FieldSellerNIP, upo.FieldInvoiceNumber,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.c.Check(tt.want)
			if tt.diff == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var m *upo.MismatchError
			if !errors.As(err, &m) || !errors.Is(err, upo.ErrMismatch) {
				t.Fatalf("got %v, want a *MismatchError", err)
			}
			if diff := cmp.Diff(tt.diff, m.Fields); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !m.Has(tt.diff[0]) || m.Has("another") {
				t.Error("Has disagrees with Fields")
			}
		})
	}
}

func TestFind(t *testing.T) {
	c := receipt()
	c.Documents = append(c.Documents, document(1))
	if d := c.Find(ksefNumber(1)); d != &c.Documents[1] {
		t.Errorf("found %v", d)
	}
	if d := c.Find(ksefNumber(2)); d != nil {
		t.Errorf("found %v", d)
	}
}
