package ksef

import (
	"bytes"
	"context"
	"iter"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// operation is how the contract tests call one low-level method.
type operation struct {
	op string // method and path, as in the ksef:op comment
	// samples are valid requests that together set every property; none for an
	// operation without a body. Their type is that of the body.
	samples []any
	// answer is the type of the answer's body, nil for none.
	answer any
	call   func(ctx context.Context, a *Account, request any) (any, error)
}

// with makes a call that has a body.
func with[R any](f func(ctx context.Context, a *Account, r R) (any, error)) func(context.Context, *Account, any) (any, error) {
	return func(ctx context.Context, a *Account, request any) (any, error) { return f(ctx, a, *request.(*R)) }
}

// without makes a call that has none.
func without(f func(ctx context.Context, a *Account) (any, error)) func(context.Context, *Account, any) (any, error) {
	return func(ctx context.Context, a *Account, _ any) (any, error) { return f(ctx, a) }
}

func done(err error) (any, error) { return nil, err }

func got[T any](v T, err error) (any, error) { return v, err }

func all[T any](seq iter.Seq2[T, error]) (any, error) {
	var list []T
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func operations() []operation {
	var list []operation
	for _, part := range [][]operation{loginOperations(), sessionOperations(), invoiceOperations(), credentialOperations(), grantOperations(), permissionOperations(), testOperations()} {
		list = append(list, part...)
	}
	return list
}

// Values of the samples.
var (
	sample32     = bytes.Repeat([]byte{7}, 32)
	sampleKey    = strings.Repeat("k", 43) + "="
	sampleTime   = time.Date(2026, 11, 1, 10, 30, 0, 0, time.UTC)
	sampleNumber = pl.NewKSeFNumber(testNIP, pl.NewDate(2026, 11, 1), [6]byte{1, 0, 0, 1, 0xaf, 0x62})
	samplePrint  = strings.Repeat("0123456789ABCDEF", 4)
	sampleUnit   = unitOf("5265877635-1234")
	samplePESEL  = pl.PESEL("15062788702")
)

const (
	sampleRef        = "20261122-EG-2F67776000-97273B191A-65"
	sampleSerial     = CertificateSerial("01F20A5D352AE590")
	sampleCollective = CollectiveNumber("1111111111-IZ202607-65ED02180000-E7")
)

// unitOf adds the check digit.
func unitOf(id string) pl.InternalID {
	for digit := '0'; ; digit++ {
		if unit := pl.InternalID(id + string(digit)); unit.Valid() {
			return unit
		}
	}
}

func ptr[T any](v T) *T { return &v }

func sampleEncryption() EncryptionInfo {
	return EncryptionInfo{EncryptedSymmetricKey: []byte("wrapped key"), InitializationVector: sample32[:16], PublicKeyID: sampleKey}
}

func loginOperations() []operation {
	return []operation{
		{"POST /auth/challenge", nil, wireChallenge{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Auth.Challenge(ctx))
		})},
		{"POST /auth/xades-signature", nil, wireAuthInit{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Auth.SubmitXAdES(ctx, []byte("<x/>"), true))
		})},
		{"POST /auth/ksef-token", []any{&wireTokenLogin{
			Challenge: "20261122-CR-1E88E55000-4D3C803C92-B2", ContextIdentifier: NIPContext(testNIP), EncryptedToken: []byte("sealed"), PublicKeyID: sampleKey,
			AuthorizationPolicy: &wirePolicy{wireAllowedIPs{[]string{"203.0.113.7"}, []string{"198.51.100.1-198.51.100.20"}, []string{"192.0.2.0/24"}}},
		}}, wireAuthInit{}, with(func(ctx context.Context, a *Account, w wireTokenLogin) (any, error) {
			login := TokenLogin{Challenge: w.Challenge, Context: w.ContextIdentifier, EncryptedToken: w.EncryptedToken, PublicKeyID: w.PublicKeyID}
			if w.AuthorizationPolicy != nil {
				ips := w.AuthorizationPolicy.AllowedIPs
				login.Policy = IPPolicy{ips.IP4Addresses, ips.IP4Ranges, ips.IP4Masks}
			}
			return got(a.client.Auth.SubmitToken(ctx, login))
		})},
		{"GET /auth/{referenceNumber}", nil, wireAuthStatus{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Auth.Status(ctx, "P1", NewSecret("operation")))
		})},
		{"POST /auth/token/redeem", nil, wireTokens{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Auth.Redeem(ctx, NewSecret("operation")))
		})},
		{"POST /auth/token/refresh", nil, wireRefresh{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Auth.Refresh(ctx, NewSecret("refresh")))
		})},
		{"GET /auth/sessions", nil, wireLogins{}, without(func(ctx context.Context, a *Account) (any, error) { return all(a.Logins.List(ctx)) })},
		{"DELETE /auth/sessions/current", nil, nil, without(func(ctx context.Context, a *Account) (any, error) {
			return done(a.client.Auth.EndCurrent(ctx, NewSecret("given")))
		})},
		{"DELETE /auth/sessions/{referenceNumber}", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.Logins.End(ctx, "P1")) })},
		{"GET /security/public-key-certificates", nil, []wirePublicKey{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.client.Security.PublicKeyCertificates(ctx))
		})},
		{"GET /limits/context", nil, ContextLimits{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Limits.Context(ctx)) })},
		{"GET /limits/subject", nil, SubjectLimits{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Limits.Subject(ctx)) })},
		{"GET /rate-limits", nil, RateLimits{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Limits.Rates(ctx)) })},
		{"GET /peppol/query", nil, wireProviders{}, without(func(ctx context.Context, a *Account) (any, error) { return all(a.client.Peppol.Providers(ctx)) })},
	}
}

func sessionOperations() []operation {
	return []operation{
		{"POST /sessions/online", []any{&OpenOnlineRequest{FormFA3, sampleEncryption()}}, wireOpened{}, with(func(ctx context.Context, a *Account, r OpenOnlineRequest) (any, error) {
			return got(a.Online.Open(ctx, r))
		})},
		{"POST /sessions/online/{referenceNumber}/invoices", []any{&SendInvoiceRequest{sample32, 6480, sample32, 6496, []byte("cipher"), true, sample32}}, wireSent{}, with(func(ctx context.Context, a *Account, r SendInvoiceRequest) (any, error) {
			return got(a.Online.Send(ctx, "P1", r))
		})},
		{"POST /sessions/online/{referenceNumber}/close", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.Online.Close(ctx, "P1")) })},
		{"POST /sessions/batch", []any{&OpenBatchRequest{
			FormFA3, BatchFile{16037, sample32, CompressionTarGz, []BatchPart{{1, 16048, sample32}}}, sampleEncryption(), true,
		}}, wireBatchOpened{}, with(func(ctx context.Context, a *Account, r OpenBatchRequest) (any, error) {
			return got(a.Batch.Open(ctx, r))
		})},
		{"POST /sessions/batch/{referenceNumber}/close", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.Batch.Close(ctx, "P1")) })},
		{"GET /sessions", nil, wireSessionList{}, without(func(ctx context.Context, a *Account) (any, error) {
			at := sampleTime
			return all(a.Sessions.List(ctx, SessionFilter{SessionOnline, sampleRef, at, at, at, at, at, at, []SessionState{SessionsFailed}}))
		})},
		{"GET /sessions/{referenceNumber}", nil, wireSessionStatus{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Sessions.Status(ctx, "P1")) })},
		{"GET /sessions/{referenceNumber}/invoices", nil, wireInvoiceList{}, without(func(ctx context.Context, a *Account) (any, error) { return all(a.Sessions.Invoices(ctx, "P1")) })},
		{"GET /sessions/{referenceNumber}/invoices/failed", nil, wireInvoiceList{}, without(func(ctx context.Context, a *Account) (any, error) {
			return all(a.Sessions.FailedInvoices(ctx, "P1"))
		})},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}", nil, wireInvoiceStatus{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Sessions.Invoice(ctx, "P1", "P2"))
		})},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo", nil, nil, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Sessions.InvoiceUPO(ctx, "P1", "P2"))
		})},
		{"GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo", nil, nil, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Sessions.InvoiceUPOByKSeFNumber(ctx, "P1", "P2"))
		})},
		{"GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}", nil, nil, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Sessions.UPO(ctx, "P1", "P2"))
		})},
	}
}

func sampleFilter() InvoiceFilter {
	return InvoiceFilter{
		Role:       AsBuyer,
		Dates:      DateRange{ByPermanentStorage, sampleTime, sampleTime.Add(24 * time.Hour), true},
		KSeFNumber: sampleNumber, InvoiceNumber: "FV/1/11/2026", Amount: &AmountRange{AmountGross, ptr(decimal.New(-1050, -2)), ptr(decimal.New(99, 3))},
		SellerNIP: testNIP, Buyer: &Identifier{IdentifierVATUE, "ATU12345678"}, Currencies: []string{"PLN", "EUR"}, Mode: ModeOffline,
		SelfInvoicing: ptr(true), FormType: FormTypeFA, Types: []InvoiceType{TypeVAT, TypeCorrection}, HasAttachment: ptr(false),
	}
}

func invoiceOperations() []operation {
	return []operation{
		{"GET /invoices/ksef/{ksefNumber}", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Invoices.Get(ctx, "P1")) })},
		{"POST /invoices/query/metadata", []any{ptr(sampleFilter())}, wireMetadataPage{}, with(func(ctx context.Context, a *Account, f InvoiceFilter) (any, error) {
			return got(a.Invoices.QueryPage(ctx, f, PageOptions{Sort: Descending, Offset: 2, Size: 100}))
		})},
		{"POST /invoices/exports", []any{&ExportRequest{sampleEncryption(), true, sampleFilter(), CompressionTarGz}}, wireSent{}, with(func(ctx context.Context, a *Account, r ExportRequest) (any, error) {
			return got(a.Invoices.StartExport(ctx, r))
		})},
		{"GET /invoices/exports/{referenceNumber}", nil, ExportStatus{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Invoices.ExportStatus(ctx, "P1")) })},
		{"POST /collective-identifiers", []any{&wireCollect{[]CollectiveInvoice{{sampleNumber, &Payment{decimal.New(12345, -2), "PLN"}, "November"}}}}, wireCollected{}, with(func(ctx context.Context, a *Account, r wireCollect) (any, error) {
			return got(a.Collective.Create(ctx, r.Invoices))
		})},
		{"POST /collective-identifiers/query", []any{&CollectiveFilter{sampleCollective, sampleTime, sampleTime.Add(time.Hour), ptr(1), ptr(500), ptr(false)}}, wireCollectives{}, with(func(ctx context.Context, a *Account, r CollectiveFilter) (any, error) {
			return all(a.Collective.Query(ctx, r))
		})},
		{"POST /collective-identifiers/invoices", []any{&wireCollectedQuery{[]CollectiveNumber{sampleCollective}}}, wireCollectedInvoices{}, with(func(ctx context.Context, a *Account, r wireCollectedQuery) (any, error) {
			return all(a.Collective.Invoices(ctx, r.Numbers...))
		})},
		{"GET /collective-identifiers/ksef/{ksefNumber}", nil, wireCollectives{}, without(func(ctx context.Context, a *Account) (any, error) { return all(a.Collective.OfInvoice(ctx, "P1")) })},
	}
}
