package invoicing

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/faktupro/faktupro-go/audit"
)

// actorKey is the context key of the caller.
type actorKey struct{}

type caller struct {
	actor   audit.Actor
	request string
}

// WithActor notes in a context who acts and under which request, for the audit
// events of Create, Issue and Retry. Without it the actor is the service.
func WithActor(ctx context.Context, actor audit.Actor, request string) context.Context {
	return context.WithValue(ctx, actorKey{}, caller{actor, request})
}

func (s *Service) callerOf(ctx context.Context) caller {
	c, ok := ctx.Value(actorKey{}).(caller)
	if !ok {
		c.actor = audit.Actor{Kind: audit.ActorSystem, ID: s.cfg.Worker}
	}
	// The log refuses what could be a name or a tax number; an event that it
	// refuses would block all that wait behind it.
	if !audit.ShapeID.Valid(c.actor.ID) {
		c.actor.ID = ""
	}
	if !audit.ShapeID.Valid(c.request) {
		c.request = ""
	}
	return c
}

// move returns r in another state, with the audit event of the change. It is
// the only place where a state changes.
func (s *Service) move(ctx context.Context, r *Record, to State) (*Record, audit.Event, error) {
	t, ok := find(r.State, to)
	if !ok {
		return nil, audit.Event{}, &StateError{
			ID: r.ID, State: r.State, Op: "make " + string(to), Reason: "there is no such transition",
		}
	}
	next, event := s.touch(ctx, r, t.Event)
	next.State = to
	next.stamp(to)
	event.Outcome = outcomeOf(to)
	describe(&event, audit.DetailCode, t.Code)
	return next, event, nil
}

// touch returns r as its next version, with the audit event of the change.
func (s *Service) touch(ctx context.Context, r *Record, eventType string) (*Record, audit.Event) {
	next := r.clone()
	next.Version++
	next.Updated = s.now()
	return next, s.event(ctx, next, eventType)
}

// event describes the latest change of r. It names no person and no number of
// the seller: the document is named by its identifier and its hash.
func (s *Service) event(ctx context.Context, r *Record, eventType string) audit.Event {
	c := s.callerOf(ctx)
	return audit.Event{
		ID: r.LastEventID(), Time: r.Updated, Category: audit.CategoryBusiness, Type: eventType,
		Outcome: audit.OutcomeOK, Actor: c.actor, Request: c.request,
		Object:  audit.Object{Kind: "invoice", ID: r.ID},
		Details: map[string]string{},
	}
}

func outcomeOf(to State) audit.Outcome {
	switch to {
	case StateUnknown:
		return audit.OutcomeUnknown
	case StateRejected:
		return audit.OutcomeFail
	}
	return audit.OutcomeOK
}

// complete adds to an event what identifies the document and where it is.
func complete(e *audit.Event, r *Record, status int) {
	if r.SHA256 != ([32]byte{}) {
		describe(e, audit.DetailSHA256, hex.EncodeToString(r.SHA256[:]))
	}
	describe(e, audit.DetailSession, r.Session)
	describe(e, audit.DetailReference, r.Reference)
	describe(e, audit.DetailKSeFNumber, string(r.KSeFNumber))
	if r.Attempt > 0 {
		describe(e, audit.DetailAttempt, strconv.Itoa(r.Attempt))
	}
	if status > 0 {
		describe(e, audit.DetailStatus, strconv.Itoa(status))
	}
}

// detailShapes are the forms the audit log demands of our details.
var detailShapes = map[string]audit.Shape{
	audit.DetailCode: audit.ShapeCode, audit.DetailSHA256: audit.ShapeSHA256,
	audit.DetailSession: audit.ShapeReference, audit.DetailReference: audit.ShapeReference,
	audit.DetailKSeFNumber: audit.ShapeKSeF, audit.DetailAttempt: audit.ShapeNumber,
	audit.DetailStatus: audit.ShapeNumber, audit.DetailUPO: audit.ShapeSHA256,
	audit.DetailSeries: audit.ShapeSeries, audit.DetailInvoice: audit.ShapeID,
}

// describe adds a detail, unless it is empty or its form is not the one that
// the log accepts: what KSeF wrote must not be able to block the log.
func describe(e *audit.Event, key, value string) {
	if detailShapes[key].Valid(value) {
		e.Details[key] = value
	}
}

// stamp notes when a state was reached first.
func (r *Record) stamp(to State) {
	at := map[State]*time.Time{
		StateSealed: &r.Sealed, StateSent: &r.Sent, StateAccepted: &r.Accepted,
		StateConfirmed: &r.Settled, StateRejected: &r.Settled,
	}[to]
	if at != nil && at.IsZero() {
		*at = r.Updated
	}
}
