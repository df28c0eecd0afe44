package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// selectRecords starts a query for invoices with their queue entries.
func (r reader) selectRecords(model any) *bun.SelectQuery {
	return r.db.NewSelect().Model(model).
		ColumnExpr("i.*, o.due_at, o.failures, o.last_error, o.lease_until, h.not_before").
		Join("LEFT JOIN faktupro_outbox AS o ON o.subject = i.id AND o.kind = ?", invoicing.JobTransmit).
		Join("LEFT JOIN faktupro_holds AS h ON h.seller = i.seller")
}

// Invoice implements invoicing.Reader.
func (r reader) Invoice(ctx context.Context, id string) (*invoicing.Record, error) {
	if !storable(id) {
		return nil, invoicing.ErrNotFound
	}
	row := new(recordRow)
	if err := r.selectRecords(row).Where("i.id = ?", id).Scan(ctx); err != nil {
		return nil, wrap("read invoice", orNotFound(err))
	}
	return row.record()
}

// Invoices implements invoicing.Reader.
func (r reader) Invoices(ctx context.Context, f invoicing.Filter) ([]*invoicing.Record, error) {
	if checkText(append([]string{string(f.Seller), f.Key, f.Before}, f.IDs...)...) != nil {
		return nil, nil // such a value is stored nowhere
	}
	var rows []recordRow
	if err := r.filter(&rows, f).OrderExpr("i.id DESC").Scan(ctx); err != nil {
		return nil, wrap("list invoices", err)
	}
	records := make([]*invoicing.Record, len(rows))
	for i := range rows {
		var err error
		if records[i], err = rows[i].record(); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func (r reader) filter(rows *[]recordRow, f invoicing.Filter) *bun.SelectQuery {
	q := r.selectRecords(rows)
	if f.IDs != nil {
		q = q.Where("i.id IN (?)", bun.List(f.IDs))
	}
	if f.Seller != "" {
		q = q.Where("i.seller = ?", string(f.Seller))
	}
	if len(f.States) > 0 {
		q = q.Where("i.state IN (?)", bun.List(f.States))
	}
	if f.Key != "" {
		q = q.Where("i.client_key = ?", f.Key)
	}
	if f.Before != "" {
		q = q.Where("i.id < ?", f.Before)
	}
	if f.Limit > 0 {
		q = q.Limit(int64(f.Limit))
	}
	return q
}

// InsertInvoice implements invoicing.Tx.
func (t transaction) InsertInvoice(ctx context.Context, r *invoicing.Record, draft []byte) error {
	row, err := newInvoiceRow(r)
	if err != nil {
		return wrap("insert invoice", err)
	}
	if err := checkText(row.ID, row.Seller, row.Kind, row.Number, row.Series, row.Currency, row.ClientKey, row.Replaces); err != nil {
		return wrap("insert invoice", err)
	}
	// The key is the only thing that two callers at once can have in common. It
	// is no error of the database, which would end the transaction in PostgreSQL.
	ok, err := changed(t.db.NewInsert().Model(row).On("CONFLICT (seller, client_key) DO NOTHING").Exec(ctx))
	if err != nil {
		return wrap("insert invoice", err)
	}
	if !ok {
		return invoicing.ErrKeyTaken
	}
	return t.PutDocument(ctx, r.ID, invoicing.Document{Draft: draft})
}

// UpdateInvoice implements invoicing.Tx.
func (t transaction) UpdateInvoice(ctx context.Context, r *invoicing.Record) error {
	row, err := newInvoiceRow(r)
	if err != nil {
		return wrap("update invoice", err)
	}
	if err := checkText(row.Number, row.Reference, row.Session, row.KSeFNumber, row.OriginNumber, row.OriginSession); err != nil {
		return wrap("update invoice", err)
	}
	row.Rejection = cleanText(row.Rejection)
	ok, err := changed(t.db.NewUpdate().Model(row).WherePK().Where("version = ?", r.Version-1).Exec(ctx))
	if err != nil {
		return wrap("update invoice", err)
	}
	if !ok {
		return fmt.Errorf("update invoice: version %d: %w", r.Version, invoicing.ErrConflict)
	}
	return nil
}
