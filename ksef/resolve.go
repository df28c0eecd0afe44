package ksef

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

const opResolve = "resolve outcome"

// Resolve finds out what became of an invoice whose outcome is unknown, without
// sending anything: it asks the invoice's status, else looks through the
// session for its hash, else, when the session cannot be asked, through the
// invoices of the context. A refusal as a duplicate is decided by the hash of
// the original: the same bytes mean that the invoice is in KSeF, others that
// somebody used its number.
//
// DeliveryNotSent needs a proof, and that is a session that has ended and does
// not list the invoice. Resolve therefore closes the attempt's session when it
// is open and does not list it: use it for sessions of a process that has
// ended, not for one in which a [Sender] is still at work, which resolves by
// itself. It waits until KSeF has decided, or the context ends.
//
// With an error the outcome is DeliveryUnknown as before: ask again later.
func (a *Account) Resolve(ctx context.Context, at Attempt) (*Delivery, error) {
	r := &resolver{account: a}
	o := &Delivery{Attempt: at}
	if at.Session == "" {
		return o.because(DeliveryNotSent, nil), nil
	}
	err := r.resolve(ctx, o, func(ctx context.Context) (listing, error) { return r.end(ctx, at.Session) })
	if err != nil {
		o.because(DeliveryUnknown, err)
	}
	return o, err
}

// resolver turns what KSeF tells into outcomes.
type resolver struct {
	account   *Account
	originals originals
}

// resolve settles an outcome; ending ends the session and lists it.
func (r *resolver) resolve(ctx context.Context, o *Delivery, ending func(context.Context) (listing, error)) error {
	status, err := r.find(ctx, &o.Attempt, ending)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrGone), errors.Is(err, ErrForbidden):
		return r.search(ctx, o, err)
	case err != nil:
		return err
	case status == nil:
		o.because(DeliveryNotSent, nil)
		return nil
	}
	return r.settle(ctx, o, status)
}

// find gives the final status of an attempt, nil when the session has ended
// without it.
func (r *resolver) find(ctx context.Context, at *Attempt, ending func(context.Context) (listing, error)) (*InvoiceStatus, error) {
	if at.Reference == "" {
		status, err := r.account.Sessions.FindInvoice(ctx, at.Session, at.SHA256)
		if err == nil {
			at.Reference = status.ReferenceNumber
			if status.decided() {
				return status, nil
			}
		}
		if notInSession(err) {
			list, err := ending(ctx)
			return list.best(at.SHA256), err
		}
		if err != nil {
			return nil, err
		}
	}
	return r.account.waitDecided(ctx, at.Session, at.Reference)
}

// notInSession tells the answer of a list that was read to its end from KSeF's
// word that the session is not there.
func notInSession(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == 0 && errors.Is(e.Err, ErrNotFound)
}

// decided reports a final status. KSeF may show success a moment before the
// number.
func (s *InvoiceStatus) decided() bool { return s.Final() && (!s.Accepted() || s.KSeFNumber != "") }

func (a *Account) waitDecided(ctx context.Context, session, invoice string) (*InvoiceStatus, error) {
	return poll(ctx, a.client.poll, "wait for invoice",
		func(ctx context.Context) (*InvoiceStatus, error) { return a.Sessions.Invoice(ctx, session, invoice) },
		(*InvoiceStatus).decided)
}

// settle reads a final status. The error is one of comparing with the original
// of a duplicate; the question is open then.
func (r *resolver) settle(ctx context.Context, o *Delivery, status *InvoiceStatus) error {
	o.Status, o.Attempt.Reference = status, status.ReferenceNumber
	switch code := status.Status.Code; {
	case !status.decided():
		return &Error{Op: opResolve, Err: fmt.Errorf("session has ended before its invoices: %w", ErrNotReady)}
	case status.Accepted():
		o.accepted(status.KSeFNumber, o.Attempt.Session)
	case code == InvoiceDuplicate:
		return r.compare(ctx, o, status)
	case technical(code):
		o.because(DeliveryNotSent, status.Err())
	default:
		o.because(DeliveryRejected, status.Err())
	}
	return nil
}

// technical reports statuses that say nothing of the document: KSeF does not
// have it, and the same bytes may be accepted next time.
func technical(code int) bool {
	return code == InvoiceSessionFailed || code == InvoiceUnreadable || code == StatusUnknownError || code == StatusCancelledBySystem
}

// compare decides a duplicate by the hash of the original.
func (r *resolver) compare(ctx context.Context, o *Delivery, status *InvoiceStatus) error {
	number, session, _ := status.Duplicate()
	if number == "" {
		return r.search(ctx, o, status.Err())
	}
	hash, err := r.originals.hash(ctx, r.account, number, session)
	if err != nil {
		return err
	}
	if hash == o.Attempt.SHA256 {
		o.Earlier = true
		o.accepted(number, session)
		return nil
	}
	o.Duplicate = number
	o.because(DeliveryRejected, status.Err())
	return nil
}

// searchBefore is how much earlier than the attempt the search begins: clocks
// differ, and an earlier copy of the same bytes counts as well.
const searchBefore = 24 * time.Hour

// search looks for the invoice among those of the context, by its hash. Not to
// find it proves nothing: then the error that led here stands.
func (r *resolver) search(ctx context.Context, o *Delivery, cause error) error {
	at := &o.Attempt
	if at.At.IsZero() {
		return cause
	}
	filter := InvoiceFilter{InvoiceNumber: at.Number, SellerNIP: at.Seller, Dates: DateRange{Type: ByInvoicing, From: at.At.Add(-searchBefore)}}
	if now := r.account.client.now(); now.Sub(filter.Dates.From) > maxRange {
		filter.Dates.To = filter.Dates.From.Add(maxRange)
	}
	for _, role := range []SubjectRole{AsSeller, AsBuyer, AsAuthorized, AsThird} {
		filter.Role = role
		found, err := r.among(ctx, filter, at.SHA256)
		if err != nil {
			return errors.Join(cause, err)
		}
		if found != "" {
			o.accepted(found, "")
			return nil
		}
	}
	return cause
}

func (r *resolver) among(ctx context.Context, filter InvoiceFilter, hash pack.Hash) (pl.KSeFNumber, error) {
	for m, err := range r.account.Invoices.Query(ctx, filter) {
		if err != nil {
			return "", err
		}
		if len(m.InvoiceHash) == sha256.Size && pack.Hash(m.InvoiceHash) == hash {
			return m.KSeFNumber, nil
		}
	}
	return "", nil
}

// listing are the invoices of a session that has ended, by their hash.
type listing map[pack.Hash][]*InvoiceStatus

// best is the status that tells most of several copies: an accepted one.
func (l listing) best(hash pack.Hash) *InvoiceStatus {
	for _, status := range l[hash] {
		if status.Accepted() {
			return status
		}
	}
	if len(l[hash]) > 0 {
		return l[hash][0]
	}
	return nil
}

func (r *resolver) list(ctx context.Context, session string) (listing, error) {
	l := listing{}
	for status, err := range r.account.Sessions.Invoices(ctx, session) {
		if err != nil {
			return nil, err
		}
		l[status.InvoiceHash] = append(l[status.InvoiceHash], status)
	}
	return l, nil
}

// end closes an online session unless it is closed, waits until nothing can
// arrive in it any more and everything in it is decided, and lists it.
func (r *resolver) end(ctx context.Context, session string) (listing, error) {
	if err := r.account.closeOnline(ctx, session); err != nil {
		return nil, err
	}
	if _, err := r.account.WaitSession(ctx, session); err != nil {
		return nil, err
	}
	return r.list(ctx, session)
}

// closeOnline closes a session unless it is closed, whatever answers get lost.
func (a *Account) closeOnline(ctx context.Context, session string) error {
	for try := 1; ; try++ {
		status, err := a.Sessions.Status(ctx, session)
		if err != nil || status.Status.Code != SessionOpen {
			return err
		}
		err = a.Online.Close(ctx, session)
		if err == nil || errors.Is(err, ErrSessionNotOpen) {
			return nil
		}
		if try == maxCloses || !errors.Is(err, ErrOutcomeUnknown) || sleep(ctx, a.client.poll.Interval<<try) != nil {
			return err
		}
	}
}
