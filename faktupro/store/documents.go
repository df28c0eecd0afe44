package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// documentRow keeps the large columns out of the invoice row, which is
// rewritten with every change of state.
type documentRow struct {
	bun.BaseModel `bun:"table:faktupro_documents,alias:d"`

	InvoiceID string `bun:"invoice_id,pk"`
	Draft     string `bun:"draft"`
	XML       []byte `bun:"xml"`
}

// Document implements invoicing.Reader.
func (r reader) Document(ctx context.Context, id string) (*invoicing.Document, error) {
	if !storable(id) {
		return nil, invoicing.ErrNotFound
	}
	row := new(documentRow)
	if err := r.db.NewSelect().Model(row).Where("invoice_id = ?", id).Scan(ctx); err != nil {
		return nil, wrap("read document", orNotFound(err))
	}
	return &invoicing.Document{Draft: []byte(row.Draft), XML: row.XML}, nil
}

// PutDocument implements invoicing.Tx.
func (t transaction) PutDocument(ctx context.Context, id string, d invoicing.Document) error {
	row := &documentRow{InvoiceID: id, Draft: string(d.Draft), XML: d.XML}
	if err := checkText(row.Draft); err != nil {
		return wrap("store document", err)
	}
	_, err := t.db.NewInsert().Model(row).
		On("CONFLICT (invoice_id) DO UPDATE").Set("draft = EXCLUDED.draft").Set("xml = EXCLUDED.xml").
		Exec(ctx)
	if err != nil {
		return wrap("store document", err)
	}
	return nil
}

// receiptRow is a receipt byte for byte.
type receiptRow struct {
	bun.BaseModel `bun:"table:faktupro_upos,alias:u"`

	InvoiceID  string `bun:"invoice_id,pk"`
	KSeFNumber string `bun:"ksef_number"`
	Session    string `bun:"session"`
	XML        []byte `bun:"xml"`
	SHA256     string `bun:"sha256"`
	ReceivedAt int64  `bun:"received_at"`
}

// Receipt implements invoicing.Reader.
func (r reader) Receipt(ctx context.Context, id string) (*invoicing.Receipt, error) {
	if !storable(id) {
		return nil, invoicing.ErrNotFound
	}
	row := new(receiptRow)
	if err := r.db.NewSelect().Model(row).Where("invoice_id = ?", id).Scan(ctx); err != nil {
		return nil, wrap("read receipt", orNotFound(err))
	}
	hash, err := decodeHash(row.SHA256)
	if err != nil {
		return nil, wrap("read receipt", err)
	}
	return &invoicing.Receipt{
		InvoiceID: row.InvoiceID, KSeFNumber: pl.KSeFNumber(row.KSeFNumber), Session: row.Session,
		XML: row.XML, SHA256: hash, Received: instant(row.ReceivedAt),
	}, nil
}

// PutReceipt implements invoicing.Tx.
func (t transaction) PutReceipt(ctx context.Context, r invoicing.Receipt) error {
	row := &receiptRow{
		InvoiceID: r.InvoiceID, KSeFNumber: string(r.KSeFNumber), Session: r.Session,
		XML: r.XML, SHA256: encodeHash(r.SHA256), ReceivedAt: micros(r.Received),
	}
	if _, err := t.db.NewInsert().Model(row).On("CONFLICT (invoice_id) DO NOTHING").Exec(ctx); err != nil {
		return wrap("store receipt", err)
	}
	return nil
}
