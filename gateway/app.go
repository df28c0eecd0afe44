package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// app is everything that the commands share: storage, audit log, way to KSeF,
// and the service on top. Close releases it in the reverse order.
type app struct {
	cfg     Config
	store   *store.Store
	log     *audit.Log
	relay   *store.Relay
	sandbox *sandbox // nil outside the sandbox
	service *invoicing.Service
	trust   upo.Trust

	database os.FileInfo // the file as it was opened
	closers  []func() error
}

// appOptions are the differences between serve and demo.
type appOptions struct {
	now    func() time.Time
	logger *slog.Logger
	after  func(invoicing.Step)
}

// openApp builds the application in cfg.DataDir.
func openApp(ctx context.Context, cfg Config, opt appOptions) (_ *app, err error) {
	a := &app{cfg: cfg}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, err
	}
	if err := a.openStore(ctx); err != nil {
		return nil, err
	}
	if err := a.openAudit(ctx, opt); err != nil {
		return nil, err
	}
	if err := a.checkHistory(ctx); err != nil {
		return nil, err
	}
	way, trust, err := a.openKSeF(opt)
	if err != nil {
		return nil, err
	}
	a.trust = trust
	a.service, err = invoicing.New(invoicing.Config{
		Store: a.store, Connect: way, Trust: trust, Audit: a.relay,
		Worker: "gateway", Now: opt.now, Logger: opt.logger, After: opt.after,
	})
	return a, err
}

// openStore opens the embedded database: one writing connection, because
// SQLite has one writer, and a pool of reading ones beside it.
func (a *app) openStore(ctx context.Context) error {
	path := databaseFile(a.cfg.DataDir)
	if err := privateFile(path); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	write, err := a.openDB(store.SQLiteDSN(path), 1)
	if err != nil {
		return err
	}
	read, err := a.openDB(store.SQLiteReadDSN(path), 4)
	if err != nil {
		return err
	}
	if a.store, err = store.Open(write, store.Config{Reader: read}); err != nil {
		return err
	}
	if err := a.store.Migrate(ctx); err != nil {
		return err
	}
	a.database, err = os.Stat(path)
	return err
}

func (a *app) openDB(dsn string, connections int) (*bun.DB, error) {
	conn, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	conn.SetMaxOpenConns(connections)
	conn.SetMaxIdleConns(connections)
	db := bun.NewDB(conn, sqlitedialect.New())
	a.closers = append(a.closers, db.Close)
	return db, nil
}

// openAudit opens the log, beside the database. Its signing key and its last
// checkpoint lie outside the log's own folder, so that a log rolled back to an
// older copy is noticed.
func (a *app) openAudit(ctx context.Context, opt appOptions) error {
	logStore := audit.NewFileStore(auditDir(a.cfg.DataDir))
	anchor := audit.NewFileAnchor(anchorFile(a.cfg.DataDir))
	signer, err := audit.OpenKey(ctx, filepath.Join(a.cfg.DataDir, "audit.key"), logStore, anchor)
	if err != nil {
		return err
	}
	a.log, err = audit.Open(ctx, audit.Config{Store: logStore, Signer: signer, Anchor: anchor, Now: opt.now})
	if err != nil {
		return err
	}
	a.closers = append(a.closers, a.log.Close, func() error {
		_, err := a.log.Checkpoint(context.WithoutCancel(ctx))
		return err
	})
	a.relay = a.store.NewRelay(a.log)
	return nil
}

func auditDir(data string) string   { return filepath.Join(data, "audit") }
func anchorFile(data string) string { return filepath.Join(data, "audit.checkpoint") }

// proof returns the text that proves an event's entry, for a reader who has
// nothing but the log's public key.
func (a *app) proof(ctx context.Context, eventID string) ([]byte, error) {
	if err := a.relay.Flush(ctx); err != nil {
		return nil, err
	}
	p, err := a.log.ProveEvent(ctx, eventID)
	if errors.Is(err, audit.ErrNotFound) {
		return nil, errNoEntry
	}
	if err != nil {
		return nil, err
	}
	return p.MarshalText()
}

var errNoEntry = errors.New("the audit log holds no entry for this event")

// Close releases everything, last opened first.
func (a *app) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}
