package ksef_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// collect reads a list to its end.
func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

func TestTokensOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	made, err := a.Tokens.Generate(t.Context(), ksef.NewToken{Permissions: []ksef.Permission{ksef.PermInvoiceRead, ksef.PermInvoiceWrite}, Description: "office system"})
	if err != nil {
		t.Fatal(err)
	}
	active, err := a.WaitToken(t.Context(), made.Reference)
	if err != nil || active.State != ksef.TokenActive || active.Context != ksef.NIPContext(seller) || active.Created.IsZero() {
		t.Fatalf("%+v, %v", active, err)
	}
	b := login(t, env, ksef.Token(ksef.NIPContext(seller), made.Token))
	if list := collect(t, b.Tokens.List(t.Context(), ksef.TokenFilter{})); len(list) != 1 || list[0].Reference != made.Reference {
		t.Errorf("a token sees %v", list)
	}
	if err := a.Tokens.Revoke(t.Context(), made.Reference); err != nil {
		t.Error(err)
	}
	for _, token := range collect(t, a.Tokens.List(t.Context(), ksef.TokenFilter{States: []ksef.TokenState{ksef.TokenActive}})) {
		if token.Reference == made.Reference {
			t.Error("revoked and still active")
		}
	}
	if _, err := a.Tokens.Get(t.Context(), "20261122-EC-2F67776000-97273B191A-65"); err == nil {
		t.Error("a token that does not exist was found")
	}
}

// enrol gets a KSeF certificate for a new key.
func enrol(t *testing.T, a *ksef.Account, kind ksef.CertificateType) (*ecdsa.PrivateKey, ksef.KSeFCertificate) {
	t.Helper()
	data, err := a.Certificates.EnrollmentData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := data.CSR(key)
	if err != nil {
		t.Fatal(err)
	}
	e, err := a.Certificates.Enroll(t.Context(), ksef.EnrollRequest{Name: "Księgowość", Type: kind, CSR: csr})
	if err != nil {
		t.Fatal(err)
	}
	status, err := a.WaitEnrollment(t.Context(), e.Reference)
	if err != nil || status.Err() != nil {
		t.Fatal(err, status.Err())
	}
	list, err := a.Certificates.Retrieve(t.Context(), status.Serial)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return key, list[0]
}

func TestCertificatesOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	if q, err := a.Certificates.Limits(t.Context()); err != nil || !q.CanRequest || q.Certificate.Remaining == 0 {
		t.Errorf("%+v, %v", q, err)
	}
	key, cert := enrol(t, a, ksef.CertificateAuthentication)
	b := login(t, env, ksef.XAdES(ksef.NIPContext(seller), key, cert.Certificate))
	if list := collect(t, b.Certificates.Query(t.Context(), ksef.CertificateFilter{Serial: cert.Serial})); len(list) != 1 || list[0].State != ksef.CertificateActive || list[0].Subject != ksef.NIPIdentifier(seller) {
		t.Errorf("%+v", list)
	}
	if err := a.Certificates.Revoke(t.Context(), cert.Serial, ksef.RevokedSuperseded); err != nil {
		t.Error(err)
	}
	err := a.Certificates.Revoke(t.Context(), cert.Serial, "")
	if e, ok := errors.AsType[*ksef.Error](err); !ok || !e.Has(ksef.CodeCertificateNotActive) {
		t.Errorf("revoked twice: %v", err)
	}
}

func TestPermissionsOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	ctx := t.Context()
	person := ksef.SubjectDetails{ByIdentifier: &ksef.Person{FirstName: "Adam", LastName: "Abacki"}}
	grants := map[string]func() (string, error){
		"person": func() (string, error) {
			return a.Permissions.GrantPerson(ctx, ksef.PersonGrant{Subject: ksef.PESELIdentifier("15062788702"), Permissions: []ksef.Permission{ksef.PermInvoiceRead}, Description: "accounting", Details: person})
		},
		"entity": func() (string, error) {
			return a.Permissions.GrantEntity(ctx, ksef.EntityGrant{Subject: ksef.NIPIdentifier(buyer), Permissions: []ksef.EntityPermission{{Type: ksef.PermInvoiceRead, CanDelegate: true}}, Description: "accounting", Details: ksef.EntityName{FullName: "Biuro Kalina"}})
		},
		"authorisation": func() (string, error) {
			return a.Permissions.GrantAuthorization(ctx, ksef.AuthorizationGrant{Subject: ksef.NIPIdentifier(buyer), Permission: ksef.PermSelfInvoicing, Description: "self-invoicing", Details: ksef.EntityName{FullName: "Biuro Kalina"}})
		},
	}
	for name, grant := range grants {
		ref, err := grant()
		if err != nil {
			t.Fatal(name, err)
		}
		status, err := a.WaitPermission(ctx, ref)
		if err != nil || status.Err() != nil {
			t.Errorf("%s: %v, %v", name, err, status.Err())
		}
	}
	list := collect(t, a.Permissions.Persons(ctx, ksef.PersonFilter{Type: ksef.GrantedInCurrentContext, Permissions: []ksef.Permission{ksef.PermInvoiceRead}}))
	if len(list) == 0 || list[0].Authorized == nil || list[0].Permission != ksef.PermInvoiceRead || list[0].Start.IsZero() {
		t.Fatalf("%+v", list)
	}
	if auths := collect(t, a.Permissions.Authorizations(ctx, ksef.AuthorizationFilter{Side: ksef.AuthorizationsGranted})); len(auths) != 1 || auths[0].Authorized != ksef.NIPIdentifier(buyer) {
		t.Errorf("%+v", auths)
	}
	for _, f := range []func() error{
		func() error { return drain(a.Permissions.Own(ctx, ksef.OwnFilter{})) },
		func() error { return drain(a.Permissions.Subunits(ctx, ksef.SubunitFilter{})) },
		func() error { return drain(a.Permissions.Received(ctx, ksef.EntityFilter{})) },
		func() error { return drain(a.Permissions.Roles(ctx)) },
		func() error { return drain(a.Permissions.Subordinates(ctx, ksef.SubordinateFilter{})) },
	} {
		if err := f(); err != nil {
			t.Error(err)
		}
	}
	ref, err := a.Permissions.Revoke(ctx, list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if status, err := a.WaitPermission(ctx, ref); err != nil || status.Err() != nil {
		t.Error(err)
	}
	if status, err := a.Permissions.AttachmentStatus(ctx); err != nil || status.Allowed {
		t.Errorf("%+v, %v", status, err)
	}
	if err := a.Client().TestData.AllowAttachments(ctx, seller); err != nil {
		t.Error(err)
	}
	if status, err := a.Permissions.AttachmentStatus(ctx); err != nil || !status.Allowed {
		t.Errorf("%+v, %v", status, err)
	}
}

func drain[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

// sendSome sends invoices and waits until they have numbers.
func sendSome(t *testing.T, a *ksef.Account, numbers ...string) []pl.KSeFNumber {
	t.Helper()
	s, err := a.OpenOnline(t.Context(), ksef.FormFA3)
	if err != nil {
		t.Fatal(err)
	}
	var list []pl.KSeFNumber
	for _, n := range numbers {
		ref, err := s.Send(t.Context(), invoiceXML(t, n), ksef.SendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		status, err := a.WaitInvoice(t.Context(), s.Reference(), ref)
		if err != nil || !status.Accepted() {
			t.Fatal(err, status)
		}
		list = append(list, status.KSeFNumber)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestQueryAndExportOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	numbers := sendSome(t, a, "FV/1", "FV/2", "FV/3")
	filter := ksef.InvoiceFilter{Role: ksef.AsSeller, Dates: ksef.DateRange{Type: ksef.ByInvoicing, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}}
	found := collect(t, a.Invoices.Query(t.Context(), filter))
	if len(found) != 3 || found[0].KSeFNumber != numbers[0] || found[0].Seller.NIP != seller || found[0].FormCode != ksef.FormFA3 || found[0].GrossAmount.IsZero() {
		t.Fatalf("%+v", found)
	}
	var key [32]byte
	var iv [16]byte
	_, _ = rand.Read(key[:])
	info, err := a.Client().WrapKey(t.Context(), key, iv, "")
	if err != nil {
		t.Fatal(err)
	}
	ref, err := a.Invoices.StartExport(t.Context(), ksef.ExportRequest{Encryption: info, Filter: filter})
	if err != nil {
		t.Fatal(err)
	}
	status := waitExport(t, a, ref)
	for _, part := range status.Package.Parts {
		r, err := a.Client().OpenExportPart(t.Context(), part)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		block, _ := aes.NewCipher(key[:])
		cipher.NewCBCDecrypter(block, iv[:]).CryptBlocks(sealed, sealed)
		plain := sealed[:len(sealed)-int(sealed[len(sealed)-1])]
		if sum := sha256.Sum256(plain); !bytes.Equal(sum[:], part.Hash) || int64(len(plain)) != part.Size {
			t.Error("decrypted part does not have its hash")
		}
	}
	if len(status.Package.Parts) == 0 || status.Package.InvoiceCount != 3 {
		t.Errorf("%+v", status.Package)
	}
}

func waitExport(t *testing.T, a *ksef.Account, ref string) *ksef.ExportStatus {
	t.Helper()
	for range 100 {
		status, err := a.Invoices.ExportStatus(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if status.Final() {
			if status.Err() != nil {
				t.Fatal(status.Err())
			}
			return status
		}
	}
	t.Fatal("export does not end")
	return nil
}

func TestCollectiveOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	numbers := sendSome(t, a, "FV/1", "FV/2")
	iz, err := a.Collective.Create(t.Context(), []ksef.CollectiveInvoice{{KSeFNumber: numbers[0], Description: "first"}, {KSeFNumber: numbers[1]}})
	if err != nil || !iz.Valid() {
		t.Fatal(iz, err)
	}
	list := collect(t, a.Collective.Query(t.Context(), ksef.CollectiveFilter{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}))
	if len(list) != 1 || list[0].Number != iz || list[0].InvoiceCount != 2 || !list[0].CreatedInContext {
		t.Errorf("%+v", list)
	}
	if of := collect(t, a.Collective.OfInvoice(t.Context(), numbers[1])); len(of) != 1 || of[0].Number != iz {
		t.Errorf("%+v", of)
	}
	if in := collect(t, a.Collective.Invoices(t.Context(), iz)); len(in) != 2 || in[0].Number != iz {
		t.Errorf("%+v", in)
	}
}

func TestTestDataAndLatarniaOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	ctx, c := t.Context(), a.Client()
	steps := map[string]func(context.Context) error{
		"subject": func(ctx context.Context) error {
			return c.TestData.CreateSubject(ctx, ksef.TestSubject{NIP: buyer, Type: ksef.TestVATGroup, Description: "VAT group"})
		},
		"person": func(ctx context.Context) error {
			return c.TestData.CreatePerson(ctx, ksef.TestPerson{NIP: buyer, PESEL: "15062788702", Description: "owner"})
		},
		"session limits": func(ctx context.Context) error {
			l := ksef.SessionLimits{MaxInvoiceSizeMB: 2, MaxInvoiceWithAttachmentSizeMB: 4, MaxInvoices: 50}
			if err := a.TestLimits.SetSession(ctx, ksef.TestSessionLimits{Online: l, Batch: l}); err != nil {
				return err
			}
			if got, err := a.Limits.Context(ctx); err != nil || got.Online != l {
				t.Errorf("%+v, %v", got, err)
			}
			return a.TestLimits.ResetSession(ctx)
		},
		"rates": func(ctx context.Context) error {
			rates, err := a.Limits.Rates(ctx)
			if err != nil {
				return err
			}
			return errors.Join(a.TestLimits.SetRates(ctx, rates), a.TestLimits.ResetRates(ctx), a.TestLimits.ProductionRates(ctx))
		},
		"subject limits": func(ctx context.Context) error {
			return errors.Join(a.TestLimits.SetSubject(ctx, ksef.TestSubjectLimits{}), a.TestLimits.ResetSubject(ctx))
		},
		"block": func(ctx context.Context) error {
			id := ksef.NIPContext(buyer)
			return errors.Join(c.TestData.BlockContext(ctx, id), c.TestData.UnblockContext(ctx, id))
		},
		"providers": func(ctx context.Context) error { return drain(c.Peppol.Providers(ctx)) },
	}
	for name, step := range steps {
		if err := step(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if status, err := c.Latarnia.Status(ctx); err != nil || status.Status != ksef.Available {
		t.Errorf("%+v, %v", status, err)
	}
	if _, err := c.Latarnia.Messages(ctx); err != nil {
		t.Error(err)
	}
}
