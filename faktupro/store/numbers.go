package store

import (
	"context"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// NextNumber implements invoicing.Numbers. The row stays locked until the
// transaction ends, so numbers are handed out in the order of commits.
func (t transaction) NextNumber(ctx context.Context, s invoicing.Series) (int64, error) {
	if err := checkText(string(s.Seller), string(s.Pattern), s.Period); err != nil {
		return 0, wrap("next number", err)
	}
	var next int64
	err := t.db.NewRaw(`
		INSERT INTO faktupro_series AS s (seller, pattern, period, next) VALUES (?, ?, ?, 2)
		ON CONFLICT (seller, pattern, period) DO UPDATE SET next = s.next + 1
		RETURNING next`, string(s.Seller), string(s.Pattern), s.Period).Scan(ctx, &next)
	if err != nil {
		return 0, wrap("next number", err)
	}
	return next - 1, nil
}

// SkipTo implements invoicing.Numbers.
func (t transaction) SkipTo(ctx context.Context, s invoicing.Series, next int64) error {
	if err := checkText(string(s.Seller), string(s.Pattern), s.Period); err != nil {
		return wrap("skip numbers", err)
	}
	_, err := t.db.NewRaw(`
		INSERT INTO faktupro_series AS s (seller, pattern, period, next) VALUES (?, ?, ?, ?)
		ON CONFLICT (seller, pattern, period) DO UPDATE
		SET next = CASE WHEN EXCLUDED.next > s.next THEN EXCLUDED.next ELSE s.next END`,
		string(s.Seller), string(s.Pattern), s.Period, next).Exec(ctx)
	if err != nil {
		return wrap("skip numbers", err)
	}
	return nil
}

// ClaimNumber implements invoicing.Numbers.
func (t transaction) ClaimNumber(ctx context.Context, n invoicing.Number, id string) error {
	if err := checkText(string(n.Seller), string(n.Kind), n.Number); err != nil {
		return wrap("claim number", err)
	}
	ok, err := changed(t.db.NewRaw(`
		INSERT INTO faktupro_numbers (seller, kind, number, invoice_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (seller, kind, number) DO NOTHING`,
		string(n.Seller), string(n.Kind), n.Number, id).Exec(ctx))
	if err != nil {
		return wrap("claim number", err)
	}
	if !ok {
		return invoicing.ErrNumberTaken
	}
	return nil
}

// MoveNumber implements invoicing.Numbers.
func (t transaction) MoveNumber(ctx context.Context, n invoicing.Number, from, to string) error {
	ok, err := changed(t.db.NewRaw(`
		UPDATE faktupro_numbers SET invoice_id = ?
		WHERE seller = ? AND kind = ? AND number = ? AND invoice_id = ?`,
		to, string(n.Seller), string(n.Kind), n.Number, from).Exec(ctx))
	if err != nil {
		return wrap("move number", err)
	}
	if !ok {
		return invoicing.ErrNumberTaken
	}
	return nil
}
