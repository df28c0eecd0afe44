package invoicing

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// transmit sends the sealed invoices in one new session. The session is
// recorded with each of them before anything is sent: whoever finds them after
// a crash knows where to ask.
func (b *batch) transmit(ctx context.Context) error {
	items := b.in(StateSealed)
	if len(items) == 0 || ctx.Err() != nil {
		return nil
	}
	session, err := b.tm.Open(ctx)
	if err != nil {
		return b.upstream(ctx, items, "open session", err, true)
	}
	b.s.cfg.After(StepSessionOpened)
	if err := b.recordIntent(ctx, items, session.Reference()); err != nil {
		return err
	}
	b.s.cfg.After(StepSessionRecorded)
	sent := b.sendAll(ctx, session, b.in(StateSending))
	if err := b.recordSent(ctx, sent); err != nil {
		return err
	}
	b.s.cfg.After(StepSentRecorded)
	b.close(ctx, session.Reference())
	b.s.cfg.After(StepClosed)
	return nil
}

// recordIntent notes in which session the items are going to be sent.
func (b *batch) recordIntent(ctx context.Context, items []*item, session string) error {
	changes := make([]change, len(items))
	for i, it := range items {
		next, event, err := b.s.move(ctx, it.rec, StateSending)
		if err != nil {
			return err
		}
		next.Attempt++
		next.Session, next.Reference, next.Origin = session, "", Origin{}
		complete(&event, next, 0)
		changes[i] = change{item: it, next: next, event: event, attempt: next.attempt(OutcomeIntended, 0, "")}
	}
	return b.commit(ctx, changes, time.Time{})
}

// attempt is the current attempt as it is stored.
func (r *Record) attempt(outcome Outcome, code int, reason string) *Attempt {
	return &Attempt{
		InvoiceID: r.ID, Seq: r.Attempt, Session: r.Session, Reference: r.Reference,
		Outcome: outcome, Code: code, Reason: reason, Origin: r.Origin,
		Started: r.Updated, Updated: r.Updated,
	}
}

// sending is the result of one send.
type sending struct {
	item      *item
	reference string
	verdict   sendVerdict
	err       error
}

// sendAll sends the items until one answer forbids to go on.
func (b *batch) sendAll(ctx context.Context, session Session, items []*item) []sending {
	results := make([]sending, len(items))
	var stop atomic.Pointer[sending]
	parallel(len(items), b.s.cfg.Parallel, func(i int) {
		if first := stop.Load(); first != nil {
			results[i] = sending{item: items[i], verdict: first.verdict, err: first.err}
			return
		}
		results[i] = b.send(ctx, session, items[i])
		if v := results[i].verdict; v == sendStop || v == sendMove {
			stop.CompareAndSwap(nil, &results[i])
		}
	})
	return results
}

func (b *batch) send(ctx context.Context, session Session, it *item) sending {
	if err := ctx.Err(); err != nil {
		return sending{item: it, verdict: sendStop, err: err}
	}
	xml, err := b.s.sealedXML(ctx, it.rec)
	if err != nil {
		return sending{item: it, verdict: sendRefused, err: err}
	}
	reference, err := session.Send(ctx, xml)
	if err == nil && reference == "" {
		err = errors.New("the answer holds no reference")
	}
	verdict := judgeSend(err)
	if verdict == sendTaken {
		b.s.cfg.After(StepSent)
	}
	return sending{item: it, reference: reference, verdict: verdict, err: err}
}

// recordSent writes down what the sends brought.
func (b *batch) recordSent(ctx context.Context, sent []sending) error {
	changes := make([]change, 0, len(sent))
	var hold time.Time
	for _, r := range sent {
		c, err := b.sentChange(ctx, r)
		if err != nil {
			return err
		}
		if r.verdict == sendStop && c.release != nil && general(r.err) {
			hold = b.s.now().Add(max(demanded(r.err), b.s.cfg.Backoff.Base))
		}
		changes = append(changes, c)
	}
	return b.commit(ctx, changes, hold)
}

func (b *batch) sentChange(ctx context.Context, r sending) (change, error) {
	switch r.verdict {
	case sendTaken:
		return b.taken(ctx, r.item, r.reference)
	case sendUnknown:
		r.item.err = &UpstreamError{Op: "send invoice", Err: r.err}
		return b.unknown(ctx, r.item, statusOf(r.err), reasonOf(r.err))
	}
	c, err := b.notReceived(ctx, r.item, statusOf(r.err), reasonOf(r.err))
	if err != nil {
		return change{}, err
	}
	c.release = b.again(ctx, r.item, "send invoice: "+reasonOf(r.err))
	c.release.Due = later(c.release.Due, b.s.now().Add(demanded(r.err)))
	if r.verdict == sendMove && c.release.Failures <= maxMoves {
		c.release.Due = b.s.now()
	}
	r.item.err = &UpstreamError{Op: "send invoice", Until: c.release.Due, Err: r.err}
	return c, nil
}

// maxMoves is how often an invoice moves on to another session at once.
const maxMoves = 3

// taken: KSeF has the document and calls it by reference.
func (b *batch) taken(ctx context.Context, it *item, reference string) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateSent)
	if err != nil {
		return change{}, err
	}
	next.Reference = reference
	complete(&event, next, 0)
	return change{item: it, next: next, event: event, attempt: next.attempt(OutcomeSent, 0, "")}, nil
}

// unknown: KSeF may have the document.
func (b *batch) unknown(ctx context.Context, it *item, code int, reason string) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateUnknown)
	if err != nil {
		return change{}, err
	}
	complete(&event, next, code)
	return change{item: it, next: next, event: event, attempt: next.attempt(OutcomeUnknown, code, reason)}, nil
}

// notReceived: KSeF does not have the document, that is proven.
func (b *batch) notReceived(ctx context.Context, it *item, code int, reason string) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateSealed)
	if err != nil {
		return change{}, err
	}
	complete(&event, next, code)
	return change{item: it, next: next, event: event, attempt: next.attempt(OutcomeNotReceived, code, reason)}, nil
}

// interrupted turns the items that a dead worker left while sending into
// unknown ones: nobody knows whether its request arrived.
func (b *batch) interrupted(ctx context.Context) error {
	var changes []change
	for _, it := range b.in(StateSending) {
		c, err := b.unknown(ctx, it, 0, "the process ended while sending")
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	return b.commit(ctx, changes, time.Time{})
}

// close ends a session. A failure is left alone: the results of the invoices
// do not depend on it, and KSeF closes a forgotten session after 12 hours.
func (b *batch) close(ctx context.Context, session string) {
	b.closed[session] = true
	_ = b.tm.Close(ctx, session)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// parallel calls fn for 0 to n-1, at most limit at a time, and waits.
func parallel(n, limit int, fn func(i int)) {
	if n == 1 || limit <= 1 {
		for i := range n {
			fn(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, limit) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				fn(i)
			}
		})
	}
	wg.Wait()
}
