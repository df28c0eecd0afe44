package store

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/migrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// columnTypes are the two types whose names differ between the databases.
type columnTypes struct {
	Bytes  string // any bytes
	Serial string // primary key that grows with every row
}

func columnTypesOf(db *bun.DB) (columnTypes, error) {
	switch name := db.Dialect().Name(); name {
	case dialect.SQLite:
		return columnTypes{Bytes: "BLOB", Serial: "INTEGER PRIMARY KEY AUTOINCREMENT"}, nil
	case dialect.PG:
		return columnTypes{Bytes: "BYTEA", Serial: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}, nil
	default:
		return columnTypes{}, fmt.Errorf("unsupported database %s", name)
	}
}

// Migrate brings the tables to the current version. It is safe to call at every
// start: what is applied already is left alone. Each migration is written so
// that a second run of it changes nothing, because the process may die between
// a migration and the note that it was applied.
//
// Tables are called faktupro_…, so a host may keep its own beside them.
//
// Several processes may start at once. Turning a new SQLite file into WAL mode
// does not wait for the busy timeout but fails, so whoever comes second tries
// again for as long as the timeout would have waited.
func (s *Store) Migrate(ctx context.Context) error {
	deadline := time.Now().Add(busyPatience)
	for {
		err := s.migrate(ctx)
		if err == nil {
			return nil
		}
		if !busy(err) || time.Now().After(deadline) {
			return fmt.Errorf("store: migrate: %w", err)
		}
		select {
		case <-time.After(busyPause):
		case <-ctx.Done():
			return fmt.Errorf("store: migrate: %w", ctx.Err())
		}
	}
}

const (
	busyPatience = 10 * time.Second
	busyPause    = 20 * time.Millisecond
)

// busy recognises SQLITE_BUSY by its text: drivers are the host's.
func busy(err error) bool { return strings.Contains(err.Error(), "SQLITE_BUSY") }

func (s *Store) migrate(ctx context.Context) error {
	types, err := columnTypesOf(s.db)
	if err != nil {
		return err
	}
	migrations := migrate.NewMigrations()
	if err := migrations.Discover(migrationFiles); err != nil {
		return err
	}
	m := migrate.NewMigrator(s.db, migrations,
		migrate.WithTableName("faktupro_migrations"),
		migrate.WithLocksTableName("faktupro_migration_locks"),
		migrate.WithMarkAppliedOnSuccess(true),
		migrate.WithUpsert(true),
		migrate.WithTemplateData(types),
	)
	if err := m.Init(ctx); err != nil {
		return err
	}
	_, err = m.Migrate(ctx)
	return err
}
