package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// attemptRow is one attempt at sending.
type attemptRow struct {
	bun.BaseModel `bun:"table:faktupro_transmissions,alias:t"`

	InvoiceID     string `bun:"invoice_id,pk"`
	Seq           int64  `bun:"seq,pk"`
	Session       string `bun:"session"`
	Reference     string `bun:"reference"`
	Outcome       string `bun:"outcome"`
	Code          int64  `bun:"code"`
	Reason        string `bun:"reason"`
	OriginNumber  string `bun:"origin_number"`
	OriginSession string `bun:"origin_session"`
	StartedAt     int64  `bun:"started_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

// Attempts implements invoicing.Reader.
func (r reader) Attempts(ctx context.Context, id string) ([]invoicing.Attempt, error) {
	if !storable(id) {
		return nil, nil
	}
	var rows []attemptRow
	if err := r.db.NewSelect().Model(&rows).Where("invoice_id = ?", id).OrderExpr("seq").Scan(ctx); err != nil {
		return nil, wrap("list attempts", err)
	}
	attempts := make([]invoicing.Attempt, len(rows))
	for i, row := range rows {
		attempts[i] = invoicing.Attempt{
			InvoiceID: row.InvoiceID, Seq: int(row.Seq), Session: row.Session, Reference: row.Reference,
			Outcome: invoicing.Outcome(row.Outcome), Code: int(row.Code), Reason: row.Reason,
			Origin:  invoicing.Origin{Number: pl.KSeFNumber(row.OriginNumber), Session: row.OriginSession},
			Started: instant(row.StartedAt), Updated: instant(row.UpdatedAt),
		}
	}
	return attempts, nil
}

// PutAttempt implements invoicing.Tx. The instant of the start stays what it
// was at the first call.
func (t transaction) PutAttempt(ctx context.Context, a invoicing.Attempt) error {
	row := &attemptRow{
		InvoiceID: a.InvoiceID, Seq: int64(a.Seq), Session: a.Session, Reference: a.Reference,
		Outcome: string(a.Outcome), Code: int64(a.Code), Reason: cleanText(a.Reason),
		OriginNumber: string(a.Origin.Number), OriginSession: a.Origin.Session,
		StartedAt: micros(a.Started), UpdatedAt: micros(a.Updated),
	}
	q := t.db.NewInsert().Model(row).On("CONFLICT (invoice_id, seq) DO UPDATE")
	for _, column := range []string{
		"session", "reference", "outcome", "code", "reason", "origin_number", "origin_session", "updated_at",
	} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	if _, err := q.Exec(ctx); err != nil {
		return wrap("store attempt", err)
	}
	return nil
}
