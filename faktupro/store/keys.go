package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/access"
)

var _ access.Store = (*Store)(nil)

// keyRow is the record of an API key.
type keyRow struct {
	bun.BaseModel `bun:"table:faktupro_api_keys,alias:k"`

	ID            string `bun:"id,pk"`
	Environment   string `bun:"environment"`
	Label         string `bun:"label"`
	Scopes        string `bun:"scopes"` // separated by blanks, in their order
	Hash          string `bun:"hash"`
	CreatedAt     int64  `bun:"created_at"`
	ExpiresAt     int64  `bun:"expires_at"`
	RevokedAt     int64  `bun:"revoked_at"`
	RevokedReason string `bun:"revoked_reason"`
}

func newKeyRow(rec access.KeyRecord) (*keyRow, error) {
	hash, err := rec.Hash.MarshalText()
	if err != nil {
		return nil, err
	}
	scopes := make([]string, len(rec.Scopes))
	for i, scope := range rec.Scopes {
		scopes[i] = string(scope)
	}
	row := &keyRow{
		ID: rec.ID, Environment: string(rec.Environment), Label: rec.Label, Scopes: strings.Join(scopes, " "),
		Hash: string(hash), CreatedAt: micros(rec.CreatedAt), ExpiresAt: micros(rec.ExpiresAt),
		RevokedAt: micros(rec.RevokedAt), RevokedReason: rec.RevokedReason,
	}
	return row, checkText(row.ID, row.Environment, row.Label, row.Scopes, row.RevokedReason)
}

func (row *keyRow) record() (access.KeyRecord, error) {
	rec := access.KeyRecord{
		ID: row.ID, Environment: access.Environment(row.Environment), Label: row.Label,
		CreatedAt: instant(row.CreatedAt), ExpiresAt: instant(row.ExpiresAt),
		RevokedAt: instant(row.RevokedAt), RevokedReason: row.RevokedReason,
	}
	for _, scope := range strings.Fields(row.Scopes) {
		rec.Scopes = append(rec.Scopes, access.Scope(scope))
	}
	if err := rec.Hash.UnmarshalText([]byte(row.Hash)); err != nil {
		return access.KeyRecord{}, wrap("store: decode API key", err)
	}
	return rec, nil
}

// AddKey implements access.Store.
func (s *Store) AddKey(ctx context.Context, rec access.KeyRecord) error {
	row, err := newKeyRow(rec)
	if err != nil {
		return wrap("store: add API key", err)
	}
	ok, err := changed(s.db.NewInsert().Model(row).On("CONFLICT (id) DO NOTHING").Exec(ctx))
	if err != nil {
		return wrap("store: add API key", err)
	}
	if !ok {
		return access.ErrKeyExists
	}
	return nil
}

// Key implements access.Store.
func (s *Store) Key(ctx context.Context, id string) (access.KeyRecord, error) {
	if !storable(id) {
		return access.KeyRecord{}, access.ErrKeyNotFound
	}
	row := new(keyRow)
	err := s.reader.db.NewSelect().Model(row).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return access.KeyRecord{}, access.ErrKeyNotFound
	}
	if err != nil {
		return access.KeyRecord{}, wrap("store: read API key", err)
	}
	return row.record()
}

// RevokeKey implements access.Store.
func (s *Store) RevokeKey(ctx context.Context, id string, at time.Time, reason string) error {
	if _, err := s.Key(ctx, id); err != nil {
		return err
	}
	_, err := s.db.NewUpdate().Model((*keyRow)(nil)).
		Set("revoked_at = ?", micros(at)).Set("revoked_reason = ?", cleanText(reason)).
		Where("id = ?", id).Where("revoked_at = 0").Exec(ctx)
	if err != nil {
		return wrap("store: revoke API key", err)
	}
	return nil
}

// Keys implements access.Store. It reads all records before it yields the
// first: keys are few, and no connection is held while the caller works.
func (s *Store) Keys(ctx context.Context) iter.Seq2[access.KeyRecord, error] {
	return func(yield func(access.KeyRecord, error) bool) {
		var rows []keyRow
		if err := s.reader.db.NewSelect().Model(&rows).OrderExpr("id").Scan(ctx); err != nil {
			yield(access.KeyRecord{}, wrap("store: list API keys", err))
			return
		}
		for i := range rows {
			if !yield(rows[i].record()) {
				return
			}
		}
	}
}
