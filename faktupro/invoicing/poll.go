package invoicing

import (
	"context"
	"errors"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// errOtherDocument: a reference led to a document that is not ours.
var errOtherDocument = errors.New("the reference belongs to another document")

// fewInvoices is up to how many invoices are asked for one by one; more are
// read as a list, which costs one call.
const fewInvoices = 2

// poll waits for KSeF's verdict on the invoices that it has taken in.
func (b *batch) poll(ctx context.Context) error {
	for session, items := range bySession(b.in(StateSent)) {
		if !b.closed[session] {
			b.close(ctx, session) // left open by a worker that died
		}
		if err := b.pollSession(ctx, session, items); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) pollSession(ctx context.Context, session string, items []*item) error {
	deadline := time.Now().Add(b.s.cfg.Patience)
	for i := 0; ; i++ {
		statuses, err := b.statuses(ctx, session, items)
		if err != nil {
			return b.upstream(ctx, items, "read status", err, false)
		}
		if items, err = b.judge(ctx, items, statuses); err != nil || len(items) == 0 {
			return err
		}
		if time.Now().After(deadline) || pause(ctx, b.s.pace(i)) != nil {
			return b.postpone(ctx, items, "KSeF is still processing it")
		}
	}
}

// statuses reads the statuses of items, nil where KSeF has none yet.
func (b *batch) statuses(ctx context.Context, session string, items []*item) ([]*ksef.InvoiceStatus, error) {
	statuses := make([]*ksef.InvoiceStatus, len(items))
	if len(items) <= fewInvoices {
		for i, it := range items {
			var err error
			if statuses[i], err = b.tm.Invoice(ctx, session, it.rec.Reference); err != nil {
				return nil, err
			}
		}
		return statuses, nil
	}
	byReference := map[string]*ksef.InvoiceStatus{}
	for st, err := range b.tm.Invoices(ctx, session) {
		if err != nil {
			return nil, err
		}
		byReference[st.ReferenceNumber] = st
	}
	for i, it := range items {
		statuses[i] = byReference[it.rec.Reference]
	}
	return statuses, nil
}

// judge records the verdicts and returns the items that have none yet.
func (b *batch) judge(ctx context.Context, items []*item, statuses []*ksef.InvoiceStatus) ([]*item, error) {
	var pending []*item
	var changes []change
	accepted := 0
	for i, it := range items {
		st := statuses[i]
		if st == nil || judgeStatus(st) == fatePending {
			pending = append(pending, it)
			continue
		}
		c, err := b.verdict(ctx, it, st)
		if err != nil {
			return nil, err
		}
		if c.next != nil && c.next.State == StateAccepted {
			accepted++
		}
		changes = append(changes, c)
	}
	if err := b.commit(ctx, changes, time.Time{}); err != nil {
		return nil, err
	}
	if accepted > 0 {
		b.s.cfg.After(StepAccepted)
	}
	return pending, nil
}

// verdict is the change that a final status makes.
func (b *batch) verdict(ctx context.Context, it *item, st *ksef.InvoiceStatus) (change, error) {
	if st.InvoiceHash != ([32]byte{}) && st.InvoiceHash != it.rec.SHA256 {
		return b.stray(ctx, it), nil
	}
	switch judgeStatus(st) {
	case fateAccepted:
		return b.accepted(ctx, it, st.KSeFNumber, st.AcquisitionDate)
	case fateDuplicate:
		return b.duplicate(ctx, it, st)
	case fateFailed:
		return b.failed(ctx, it, st)
	}
	return b.rejected(ctx, it, rejectionOf(st))
}

// stray: the reference is not ours. Nothing is concluded from it; somebody has
// to look, and the next attempt asks again.
func (b *batch) stray(ctx context.Context, it *item) change {
	it.err = &UpstreamError{Op: "read status", Err: errOtherDocument}
	return change{item: it, release: b.again(ctx, it, errOtherDocument.Error())}
}

// accepted: the invoice has its KSeF number.
func (b *batch) accepted(ctx context.Context, it *item, number pl.KSeFNumber, at time.Time) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateAccepted)
	if err != nil {
		return change{}, err
	}
	next.KSeFNumber = number
	if !at.IsZero() {
		next.Accepted = at.UTC().Truncate(time.Microsecond)
	}
	complete(&event, next, ksef.InvoiceAccepted)
	return change{
		item: it, next: next, event: event, attempt: next.attempt(OutcomeAccepted, ksef.InvoiceAccepted, ""),
	}, nil
}

// duplicate: KSeF has a document under our number and names it. When it does
// not name it, the question cannot be answered yet and is asked again: calling
// the invoice rejected would be a guess.
func (b *batch) duplicate(ctx context.Context, it *item, st *ksef.InvoiceStatus) (change, error) {
	origin, ok := originOf(st)
	if !ok {
		const reason = "duplicate of a document that KSeF does not name"
		it.err = &UpstreamError{Op: "read status", Err: errors.New(reason)}
		return change{item: it, release: b.again(ctx, it, reason)}, nil
	}
	next, event, err := b.s.move(ctx, it.rec, StateUnknown)
	if err != nil {
		return change{}, err
	}
	next.Origin = origin
	complete(&event, next, st.Status.Code)
	return change{
		item: it, next: next, event: event, attempt: next.attempt(OutcomeUnknown, st.Status.Code, "duplicate"),
	}, nil
}

// failed: KSeF could not process it, which says nothing of the document. It is
// sent again after a pause; if it was taken in after all, KSeF will call the
// second copy a duplicate and its hash will prove it ours.
func (b *batch) failed(ctx context.Context, it *item, st *ksef.InvoiceStatus) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateSealed)
	if err != nil {
		return change{}, err
	}
	complete(&event, next, st.Status.Code)
	reason := shorten(st.Status.Description, maxReason)
	it.err = &UpstreamError{Op: "process invoice", Err: &ksefFailure{st.Status.Code}}
	return change{
		item: it, next: next, event: event, attempt: next.attempt(OutcomeFailed, st.Status.Code, reason),
		release: b.again(ctx, it, it.err.Error()),
	}, nil
}

// rejected: KSeF refuses the document for good.
func (b *batch) rejected(ctx context.Context, it *item, why *Rejection) (change, error) {
	next, event, err := b.s.move(ctx, it.rec, StateRejected)
	if err != nil {
		return change{}, err
	}
	next.Rejection = why
	complete(&event, next, why.Code)
	return change{
		item: it, next: next, event: event, done: true,
		attempt: next.attempt(OutcomeRejected, why.Code, shorten(why.Description, maxReason)),
	}, nil
}
