package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// Within returns storage that works inside the host's own transaction: what the
// service writes is committed or rolled back together with what the host
// writes. The host commits; until then nothing is durable, so such a storage is
// for creating and issuing, never for transmitting.
//
// An update that fails leaves nothing behind, and the host may go on and commit
// all the same. Only when the database refuses to undo the update is the whole
// transaction of the host rolled back, and its commit fails.
//
// Warning: between the begin and the end of the transaction use nothing but
// what Within returns, in one goroutine. A database handle with one connection,
// as SQLite wants it, gives that connection to the transaction: a call of the
// Store itself, or of a Service on it, waits for it, and the transaction waits
// for the call, for ever.
func (s *Store) Within(tx bun.Tx) invoicing.Store {
	return within{s.transaction(tx), tx.Tx}
}

// within is a Store that is already inside a transaction.
type within struct {
	transaction
	host *sql.Tx
}

// undoTimeout bounds the undoing of an update whose caller may have gone.
const undoTimeout = 15 * time.Second

// Update runs fn behind a savepoint. Without it a host that commits after an
// error of fn would commit half of fn: a number without its invoice.
func (w within) Update(ctx context.Context, fn func(ctx context.Context, tx invoicing.Tx) error) (err error) {
	if err := w.exec(ctx, "SAVEPOINT faktupro"); err != nil {
		return err
	}
	released := false
	defer func() {
		if released {
			return
		}
		if undoErr := w.undo(ctx); undoErr != nil {
			err = errors.Join(err, undoErr)
		}
	}()
	if err := fn(ctx, w.transaction); err != nil {
		return err
	}
	if err := w.exec(ctx, "RELEASE SAVEPOINT faktupro"); err != nil {
		return err
	}
	released = true
	return nil
}

// undo takes back what was written since the savepoint, even when the context
// of the update has ended: that of the host may live on.
func (w within) undo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
	defer cancel()
	for _, statement := range []string{"ROLLBACK TO SAVEPOINT faktupro", "RELEASE SAVEPOINT faktupro"} {
		if err := w.exec(ctx, statement); err != nil {
			return errors.Join(err, w.host.Rollback())
		}
	}
	return nil
}

func (w within) exec(ctx context.Context, statement string) error {
	if _, err := w.db.ExecContext(ctx, statement); err != nil {
		return wrap(statement, err)
	}
	return nil
}
