package ksef

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// UPODocument is an official confirmation of receipt (UPO), byte for byte as
// the ministry signed it. Keep these bytes: package ksef/upo reads and checks
// them.
type UPODocument struct {
	XML    []byte
	SHA256 [32]byte
	// HashAnnounced tells that the server announced the hash, which then was
	// compared with the content; false means that it announced none.
	HashAnnounced bool
}

// InvoiceUPO downloads the receipt of one accepted invoice. Of a duplicate,
// the receipt belongs to the original's session, see
// [InvoiceStatus.Duplicate].
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionMisc.
//
//ksef:op GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo
func (s *SessionsService) InvoiceUPO(ctx context.Context, session, invoice string) (*UPODocument, error) {
	return s.upo(ctx, "download invoice UPO", "/sessions/", session, "/invoices/", invoice, "/upo")
}

// InvoiceUPOByKSeFNumber downloads the receipt of one accepted invoice.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionMisc.
//
//ksef:op GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo
func (s *SessionsService) InvoiceUPOByKSeFNumber(ctx context.Context, session string, number pl.KSeFNumber) (*UPODocument, error) {
	return s.upo(ctx, "download invoice UPO by KSeF number", "/sessions/", session, "/invoices/ksef/", string(number), "/upo")
}

// UPO downloads a page of the receipt of a whole session.
//
// Needs InvoiceWrite, Introspection, PefInvoiceWrite or EnforcementOperations;
// group sessionMisc.
//
//ksef:op GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}
func (s *SessionsService) UPO(ctx context.Context, session, page string) (*UPODocument, error) {
	return s.upo(ctx, "download session UPO", "/sessions/", session, "/upo/", page)
}

func (s *SessionsService) upo(ctx context.Context, op string, parts ...string) (*UPODocument, error) {
	p, err := path(op, parts...)
	if err != nil {
		return nil, err
	}
	d, err := download(call{op: op, group: GroupSessionMisc, path: p}, func(k call) (*httpx.Response, error) { return s.account.do(ctx, k) })
	return (*UPODocument)(d), err
}

// DownloadUPO downloads a receipt from the address that a status gave. It needs
// no login, sends none, and counts against no limit.
func (c *Client) DownloadUPO(ctx context.Context, address string) (*UPODocument, error) {
	const op = "download UPO from storage"
	if !c.trusts(address) {
		return nil, invalid(op, "address does not belong to the environment")
	}
	d, err := download(call{op: op, url: address}, func(k call) (*httpx.Response, error) { return c.do(ctx, k) })
	return (*UPODocument)(d), err
}

// trusts keeps a forged answer from sending us to any place it likes. KSeF
// serves storage from the host of its API.
func (c *Client) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return false
	}
	if c.env.AllowHTTP {
		return u.Scheme == "https" || u.Scheme == "http"
	}
	official := strings.HasSuffix(u.Hostname(), ".ksef.mf.gov.pl") && u.Port() == ""
	return u.Scheme == "https" && (u.Host == c.base.Host || official)
}

// document has the fields of UPODocument and InvoiceDocument.
type document struct {
	XML           []byte
	SHA256        [32]byte
	HashAnnounced bool
}

func download(k call, do func(call) (*httpx.Response, error)) (*document, error) {
	k.class, k.method, k.accept, k.limit = httpx.Read, "GET", "application/xml", maxDocument
	resp, err := do(k)
	if err != nil {
		return nil, err
	}
	d := &document{XML: resp.Body, SHA256: sha256.Sum256(resp.Body)}
	d.HashAnnounced, err = announced(resp.Header, d.SHA256)
	if err == nil && len(resp.Body) == 0 {
		err = ErrProtocol
	}
	if err != nil {
		return nil, &Error{Op: k.op, Status: resp.Status, Err: err}
	}
	return d, nil
}

// announced compares the hash in the header x-ms-meta-hash, Base64 SHA-256.
func announced(h http.Header, sum [32]byte) (bool, error) {
	given := h.Get("X-Ms-Meta-Hash")
	if given == "" {
		return false, nil
	}
	want, err := base64.StdEncoding.DecodeString(given)
	if err != nil || subtle.ConstantTimeCompare(want, sum[:]) != 1 {
		return true, ErrHashMismatch
	}
	return true, nil
}
