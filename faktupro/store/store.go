package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// Store is the storage on one database. It is safe for concurrent use.
type Store struct {
	reader
	db        *bun.DB
	catalogue audit.Catalogue
}

var _ invoicing.Store = (*Store)(nil)

// Config is what Open does not need.
type Config struct {
	// Reader serves the reads outside transactions; nil = the writing handle.
	Reader *bun.DB
	// Catalogue is the one of the audit log that the events go to; nil =
	// audit.Standard().
	Catalogue audit.Catalogue
}

// Open returns a Store on the host's database. It does no I/O; call Migrate
// before the first use. The host closes the database after the last use.
func Open(db *bun.DB, cfg Config) (*Store, error) {
	if db == nil {
		return nil, errors.New("store: open: no database")
	}
	if _, err := columnTypesOf(db); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	s := &Store{reader: reader{db: db}, db: db, catalogue: cfg.Catalogue}
	if cfg.Reader != nil {
		s.reader.db = cfg.Reader
	}
	if s.catalogue == nil {
		s.catalogue = audit.Standard()
	}
	return s, nil
}

// Update implements invoicing.Store.
func (s *Store) Update(ctx context.Context, fn func(ctx context.Context, tx invoicing.Tx) error) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return fn(ctx, s.transaction(tx))
	})
}

func (s *Store) transaction(tx bun.Tx) transaction {
	return transaction{reader: reader{db: tx}, catalogue: s.catalogue}
}

// reader reads, on a database or in a transaction.
type reader struct{ db bun.IDB }

// transaction writes too.
type transaction struct {
	reader
	catalogue audit.Catalogue
}

var _ invoicing.Tx = transaction{}

// changed reports whether a statement changed exactly one row.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// orNotFound translates the absence of a row.
func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return invoicing.ErrNotFound
	}
	return err
}
