package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

func databaseFile(data string) string { return filepath.Join(data, "faktupro.db") }

// privateFile creates the database readable by its owner alone, also in a
// folder that others may enter; SQLite gives its journal the same rights.
func privateFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// checkHistory refuses a database that knows less than the audit log beside it:
// one that was lost and made anew, or put back from an older copy. Going on
// would give out invoice numbers a second time.
func (a *app) checkHistory(ctx context.Context) error {
	last, ok, err := a.lastInvoiceEvent(ctx)
	if err != nil || !ok {
		return err
	}
	id, version, _ := strings.Cut(last.ID, ".")
	rec, err := a.store.Invoice(ctx, id)
	if err != nil && !errors.Is(err, invoicing.ErrNotFound) {
		return err
	}
	if want, e := strconv.ParseInt(version, 10, 64); err == nil && e == nil && rec.Version >= want {
		return nil
	}
	return fmt.Errorf("%s is older than the audit log beside it, whose entry %d tells of invoice %s, version %s: "+
		"put the newest backup of the database back; to start anew, move the whole folder away",
		databaseFile(a.cfg.DataDir), last.Seq, id, version)
}

// recentEntries is how many entries are looked through for an invoice at first;
// only a log without one among them is read from the start.
const recentEntries = 1024

func (a *app) lastInvoiceEvent(ctx context.Context) (last audit.Entry, ok bool, err error) {
	size := a.log.Size()
	starts := []uint64{0}
	if size > recentEntries {
		starts = []uint64{size - recentEntries, 0}
	}
	for _, from := range starts {
		for e, err := range a.log.Entries(ctx, from) {
			if err != nil {
				return audit.Entry{}, false, err
			}
			if e.Object.Kind == "invoice" {
				last, ok = e, true
			}
		}
		if ok {
			break
		}
	}
	return last, ok, nil
}

// ready reports whether the service can store: the database file is still the
// one that was opened, a writing transaction begins, and the disk takes bytes.
// KSeF may be down without stopping anybody.
func (a *app) ready(ctx context.Context) error {
	now, err := os.Stat(databaseFile(a.cfg.DataDir))
	if err != nil {
		return err
	}
	if !os.SameFile(a.database, now) {
		return errors.New("the database file was replaced while the service runs")
	}
	if err := a.store.Update(ctx, func(context.Context, invoicing.Tx) error { return nil }); err != nil {
		return err
	}
	return probeDisk(a.cfg.DataDir)
}

// probeDisk writes a page and takes it away again.
func probeDisk(dir string) error {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 16<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// Primary result codes of SQLite that pass when space or patience returns.
const (
	sqliteBusy  = 5
	sqliteIOErr = 10
	sqliteFull  = 13
)

// unavailable tells a database that cannot work for now from a defect.
func unavailable(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqliteBusy, sqliteIOErr, sqliteFull:
		return true
	}
	return false
}
