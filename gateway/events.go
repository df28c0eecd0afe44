package main

import (
	"context"
	"crypto/rand"
	"log/slog"

	"golang.org/x/time/rate"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/gateway/api"
)

// recorder writes the gateway's own events to the audit log.
type recorder struct {
	log    *audit.Log
	logger *slog.Logger
	denied *rate.Limiter
}

// newRecorder bounds refused calls to ten a second: each entry is one fsync,
// and a flood must not be able to buy more of them than the invoices need. What
// goes beyond stays in the ordinary log.
func newRecorder(log *audit.Log, logger *slog.Logger) *recorder {
	return &recorder{log: log, logger: logger, denied: rate.NewLimiter(10, 50)}
}

// record appends an event of the gateway itself.
func (r *recorder) record(ctx context.Context, ev audit.Event) error {
	ev.ID = "gw_" + rand.Text()
	_, err := r.log.Append(ctx, ev)
	return err
}

// deny records a refused call. It cannot fail the call, which is refused anyway.
func (r *recorder) deny(ctx context.Context, keyID, reason string) {
	if !r.denied.Allow() {
		r.logger.Warn("access denied; not in the audit log, too many", "keyId", keyID, "reason", reason)
		return
	}
	ev := audit.Event{Type: audit.TypeAccessDenied, Outcome: audit.OutcomeDeny, Request: api.RequestID(ctx), Details: map[string]string{}}
	if reason != "" {
		ev.Details[audit.DetailCode] = reason
	}
	if keyID != "" {
		ev.Details[audit.DetailKey] = keyID
	}
	if err := r.record(context.WithoutCancel(ctx), ev); err != nil {
		r.logger.Error("audit", "error", err)
	}
}
