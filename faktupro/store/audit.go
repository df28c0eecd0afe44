package store

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/audit"
)

// eventRow is an audit event that waits for its log.
type eventRow struct {
	bun.BaseModel `bun:"table:faktupro_audit_outbox,alias:a"`

	ID      int64  `bun:"id,pk,autoincrement"`
	EventID string `bun:"event_id"`
	Event   string `bun:"event"`
}

// eventJSON is an audit event as it is stored.
type eventJSON struct {
	ID         string            `json:"id"`
	Time       int64             `json:"time"` // microseconds since 1970 UTC
	Category   audit.Category    `json:"category,omitempty"`
	Type       string            `json:"type"`
	Outcome    audit.Outcome     `json:"outcome,omitempty"`
	ActorKind  string            `json:"actorKind,omitempty"`
	ActorID    string            `json:"actorId,omitempty"`
	ObjectKind string            `json:"objectKind,omitempty"`
	ObjectID   string            `json:"objectId,omitempty"`
	Request    string            `json:"request,omitempty"`
	Details    map[string]string `json:"details,omitempty"`
}

// Audit implements invoicing.Tx. An event that the catalogue refuses is
// refused here, with the transaction: in the log it would stop the relay.
func (t transaction) Audit(ctx context.Context, events ...audit.Event) error {
	rows := make([]eventRow, len(events))
	for i, e := range events {
		if err := t.catalogue.Check(e); err != nil {
			return wrap("store audit event", err)
		}
		text, err := encodeEvent(e)
		if err != nil {
			return wrap("store audit event", err)
		}
		rows[i] = eventRow{EventID: e.ID, Event: text}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := t.db.NewInsert().Model(&rows).On("CONFLICT (event_id) DO NOTHING").Exec(ctx); err != nil {
		return wrap("store audit event", err)
	}
	return nil
}

func encodeEvent(e audit.Event) (string, error) {
	b, err := json.Marshal(eventJSON{
		ID: e.ID, Time: micros(e.Time), Category: e.Category, Type: e.Type, Outcome: e.Outcome,
		ActorKind: e.Actor.Kind, ActorID: e.Actor.ID, ObjectKind: e.Object.Kind, ObjectID: e.Object.ID,
		Request: e.Request, Details: e.Details,
	})
	return string(b), err
}

func decodeEvent(text string) (audit.Event, error) {
	var j eventJSON
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return audit.Event{}, err
	}
	return audit.Event{
		ID: j.ID, Time: instant(j.Time), Category: j.Category, Type: j.Type, Outcome: j.Outcome,
		Actor:   audit.Actor{Kind: j.ActorKind, ID: j.ActorID},
		Object:  audit.Object{Kind: j.ObjectKind, ID: j.ObjectID},
		Request: j.Request, Details: j.Details,
	}, nil
}
