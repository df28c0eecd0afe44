package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/audit"
)

// AuditLog is what a Relay needs of an audit log; *audit.Log is one. Append
// returns only when the events are on disk, and appending an event again by the
// same ID changes nothing.
type AuditLog interface {
	Append(ctx context.Context, events ...audit.Event) ([]uint64, error)
}

// Relay moves audit events from the store to the audit log: in the order in
// which they were written, and exactly once, because the log knows an event by
// its ID. A row is deleted only after the log has it on disk; a crash between
// the two repeats an append that the log recognises.
//
// One process relays to one log; a Relay is safe for concurrent use.
type Relay struct {
	db  *bun.DB
	log AuditLog
	mu  sync.Mutex
}

// NewRelay returns a Relay from the store to the log.
func (s *Store) NewRelay(log AuditLog) *Relay { return &Relay{db: s.db, log: log} }

// relayBatch is how many events are appended at a time.
const relayBatch = 256

// Flush moves all events that wait. When it returns nil, every event of a
// transaction that was committed before the call is in the log.
func (r *Relay) Flush(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		n, err := r.flush(ctx)
		if err != nil {
			return wrap("store: relay audit events", err)
		}
		if n < relayBatch {
			return nil
		}
	}
}

func (r *Relay) flush(ctx context.Context) (int, error) {
	var rows []eventRow
	err := r.db.NewSelect().Model(&rows).OrderExpr("id").Limit(relayBatch).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	events := make([]audit.Event, len(rows))
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
		if events[i], err = decodeEvent(row.Event); err != nil {
			return 0, fmt.Errorf("decode event %s: %w", row.EventID, err)
		}
	}
	if _, err := r.log.Append(ctx, events...); err != nil {
		return 0, err
	}
	_, err = r.db.NewDelete().Model((*eventRow)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return len(rows), err
}

// Waiting returns how many events are not in the log yet.
func (r *Relay) Waiting(ctx context.Context) (int64, error) {
	n, err := r.db.NewSelect().Model((*eventRow)(nil)).Count(ctx)
	if err != nil {
		return 0, wrap("store: count audit events", err)
	}
	return n, nil
}
