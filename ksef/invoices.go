package ksef

import (
	"context"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// InvoicesService reads invoices from KSeF.
type InvoicesService struct{ account *Account }

// InvoiceDocument is an invoice, byte for byte as its issuer sent it.
type InvoiceDocument struct {
	XML    []byte
	SHA256 [32]byte
	// HashAnnounced tells that the server announced the hash, which then was
	// compared with the content; false means that it announced none.
	HashAnnounced bool
}

// Get downloads the invoice with the given KSeF number. ErrNotReady means that
// it exists and can be had a little later.
//
// Needs InvoiceRead; group invoiceDownload.
//
//ksef:op GET /invoices/ksef/{ksefNumber}
func (s *InvoicesService) Get(ctx context.Context, number pl.KSeFNumber) (*InvoiceDocument, error) {
	const op = "download invoice"
	p, err := path(op, "/invoices/ksef/", string(number))
	if err != nil {
		return nil, err
	}
	d, err := download(call{op: op, group: GroupInvoiceDownload, path: p}, func(k call) (*httpx.Response, error) { return s.account.do(ctx, k) })
	return (*InvoiceDocument)(d), err
}
