package invoicing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
)

// reconcile finds out what became of the invoices in StateUnknown. Nothing is
// ever sent again before KSeF has said that it does not have it.
func (b *batch) reconcile(ctx context.Context) error {
	var lost []*item
	for _, it := range b.in(StateUnknown) {
		if it.rec.Origin == (Origin{}) {
			lost = append(lost, it)
			continue
		}
		if err := b.resolveDuplicate(ctx, it); err != nil {
			return err
		}
	}
	for session, items := range bySession(lost) {
		if err := b.search(ctx, session, items); err != nil {
			return err
		}
	}
	return nil
}

// bySession yields the items of each session, in the order of the sessions.
func bySession(items []*item) func(yield func(string, []*item) bool) {
	groups := map[string][]*item{}
	var order []string
	for _, it := range items {
		session := it.rec.Session
		if groups[session] == nil {
			order = append(order, session)
		}
		groups[session] = append(groups[session], it)
	}
	slices.Sort(order)
	return func(yield func(string, []*item) bool) {
		for _, session := range order {
			if !yield(session, groups[session]) {
				return
			}
		}
	}
}

// search looks for items in the session they were meant for, by the hash of
// their documents. Those that it does not hold are sent again only when the
// session is over: before that, a delayed request might still arrive there.
func (b *batch) search(ctx context.Context, session string, items []*item) error {
	found, err := b.listed(ctx, session)
	if err != nil {
		return b.upstream(ctx, items, "look into session", err, false)
	}
	if !holdsAll(found, items) {
		over, err := b.end(ctx, session)
		if err != nil {
			return b.upstream(ctx, items, "end session", err, false)
		}
		if !over {
			return b.postpone(ctx, items, "the session is not over yet")
		}
		if found, err = b.listed(ctx, session); err != nil {
			return b.upstream(ctx, items, "look into session", err, false)
		}
	}
	return b.recordFound(ctx, found, items)
}

// listing are the invoices of a session by the hash of their documents.
type listing map[[32]byte]*ksef.InvoiceStatus

// listed lists a session. One that KSeF does not know holds nothing.
func (b *batch) listed(ctx context.Context, session string) (listing, error) {
	found := listing{}
	for st, err := range b.tm.Invoices(ctx, session) {
		if unknownSession(err) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		// An accepted copy tells more than a refused one of the same bytes.
		if earlier := found[st.InvoiceHash]; earlier == nil || judgeStatus(st) == fateAccepted {
			found[st.InvoiceHash] = st
		}
	}
	return found, nil
}

// unknownSession reports KSeF's own word that it does not know a session. A bare
// 404 may come from anything on the way and proves nothing.
func unknownSession(err error) bool {
	e, ok := errors.AsType[*ksef.Error](err)
	return ok && e.Has(ksef.CodeSessionNotFound)
}

func holdsAll(found listing, items []*item) bool {
	for _, it := range items {
		if found[it.rec.SHA256] == nil {
			return false
		}
	}
	return true
}

// recordFound adopts what the session holds and sends the rest again.
func (b *batch) recordFound(ctx context.Context, found listing, items []*item) error {
	changes := make([]change, len(items))
	for i, it := range items {
		var err error
		if st := found[it.rec.SHA256]; st != nil {
			changes[i], err = b.taken(ctx, it, st.ReferenceNumber)
		} else {
			changes[i], err = b.notReceived(ctx, it, 0, "the session is over and does not hold it")
		}
		if err != nil {
			return err
		}
	}
	return b.commit(ctx, changes, time.Time{})
}

// end closes a session if it is still open and reports whether it is over:
// nothing can arrive in it any more and everything in it is listed.
func (b *batch) end(ctx context.Context, session string) (over bool, err error) {
	for i := 0; ; i++ {
		st, err := b.tm.Status(ctx, session)
		switch {
		case unknownSession(err):
			return true, nil
		case err != nil:
			return false, err
		case st.Status.Final():
			return true, nil
		case st.Status.Code == ksef.SessionOpen:
			if err := b.tm.Close(ctx, session); err != nil && !errors.Is(err, ksef.ErrSessionNotOpen) {
				return false, err
			}
			b.closed[session] = true
		}
		if i >= maxEndPolls || pause(ctx, b.s.pace(i)) != nil {
			return false, ctx.Err()
		}
	}
}

// maxEndPolls is how often end asks before it lets the queue wait.
const maxEndPolls = 8

// postpone releases items without blaming anybody.
func (b *batch) postpone(ctx context.Context, items []*item, reason string) error {
	changes := make([]change, len(items))
	for i, it := range items {
		changes[i] = change{item: it, release: b.again(ctx, it, reason)}
	}
	return b.commit(ctx, changes, time.Time{})
}

// maxPace is the longest pause between two questions.
const maxPace = 5 * time.Second

// pace is the pause after the i-th question, from 0 on.
func (s *Service) pace(i int) time.Duration {
	return min(s.cfg.Pace<<min(i, 12), maxPace)
}
