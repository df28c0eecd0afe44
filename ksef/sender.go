package ksef

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// SenderConfig says how a [Sender] works. The zero value is good for FA (3).
type SenderConfig struct {
	// Form is the structure of the invoices, FormFA3 if zero.
	Form FormCode
	// MaxInvoices is how many a session gets before the next is opened: 10,000
	// if zero. KSeF tells a context's own limit (see [LimitsService.Context]); a
	// session that KSeF calls full is replaced in any case.
	MaxInvoices int
	// Record, if set, is called before an invoice leaves, with where it is going.
	// What it returns as an error stops the sending. A caller that stores the
	// attempt durably can find out after a crash what became of the invoice, with
	// [Account.Resolve]; an attempt replaces those recorded before for the same
	// invoice. It is called by the goroutines that send.
	Record func(ctx context.Context, at Attempt) error
}

// Sender sends invoices one by one and brings the decision of KSeF on each. All
// goroutines share one online session, which is opened when it is needed and
// replaced when it expires, is full, was closed by KSeF or encrypted with a key
// that the ministry withdrew.
//
// A Sender never sends the same bytes twice unless KSeF has proved not to have
// them. A lost answer is resolved at once: from the session's list, if need be
// after ending the session.
type Sender struct {
	resolver
	cfg     SenderConfig
	opening flight[*sharedSession]

	mu      sync.Mutex
	current *sharedSession
	used    []*sharedSession
	closed  bool
}

// Sender returns a Sender for the account. Close it at the end.
func (a *Account) Sender(cfg SenderConfig) *Sender {
	if cfg.Form == "" {
		cfg.Form = FormFA3
	}
	if cfg.MaxInvoices <= 0 {
		cfg.MaxInvoices = maxSessionInvoices
	}
	return &Sender{resolver: resolver{account: a}, cfg: cfg}
}

// maxSessionInvoices is the ordinary limit of a session.
const maxSessionInvoices = 10_000

// Send sends one invoice in the ordinary way, see [Sender.SendWith].
func (s *Sender) Send(ctx context.Context, xml []byte) (*Delivery, error) {
	return s.SendWith(ctx, xml, SendOptions{})
}

// SendWith sends one invoice and waits for KSeF's decision. The outcome is never
// nil. Without an error it is DeliveryAccepted or DeliveryRejected, a refusal not
// being an error. With one it is DeliveryNotSent, and the invoice may be sent
// again once the cause has gone, or DeliveryUnknown (the error matches
// ErrOutcomeUnknown): then keep the attempt and ask [Account.Resolve], or let
// [Sender.Close] find out.
//
// Limits of calls are those of the group invoiceSend: beyond some 180 invoices
// an hour [Account.SendBatch] is the way.
func (s *Sender) SendWith(ctx context.Context, xml []byte, opt SendOptions) (*Delivery, error) {
	o := &Delivery{State: DeliveryNotSent, Attempt: Attempt{SHA256: sha256.Sum256(xml)}}
	if len(xml) == 0 || len(xml) > maxInvoice {
		o.Reason = invalid(opSend, "invoice must have between 1 and 10,000,000 bytes")
		return o, o.Reason
	}
	if about, err := fa3.Peek(xml); err == nil {
		o.Attempt.Number = about.P_2
		if nip := pl.NIP(about.SellerNIP); nip.Valid() {
			o.Attempt.Seller = nip
		}
	}
	again := patience{}
	for {
		err := s.attempt(ctx, o, xml, opt)
		if o.State != DeliveryNotSent || !again.left(err, o) {
			return o, err
		}
	}
}

// patience bounds how often one invoice is sent anew. Nothing of it is in KSeF
// each time.
type patience struct{ moves, failures int }

// Bounds of patience.
const (
	maxMoves    = 5 // sessions that did not take the invoice
	maxFailures = 2 // times that KSeF took it and failed
)

// errMove marks an attempt after which another session is to be tried.
var errMove = errors.New("ksef: send invoice: session did not take the invoice")

func (p *patience) left(err error, o *Delivery) bool {
	switch {
	case errors.Is(err, errMove):
		p.moves++
		return p.moves < maxMoves
	case err != nil && o.Status != nil && technical(o.Status.Status.Code):
		p.failures++
		return p.failures < maxFailures
	}
	return false
}

// attempt sends once. The error is nil when KSeF has decided on the document.
func (s *Sender) attempt(ctx context.Context, o *Delivery, xml []byte, opt SendOptions) error {
	session, err := s.lease(ctx)
	if err != nil {
		o.because(DeliveryNotSent, err)
		return err
	}
	defer s.release(ctx, session)
	at := &o.Attempt
	at.Session, at.Reference, at.At, o.Status = session.Reference(), "", s.account.client.now(), nil
	if s.cfg.Record != nil {
		if err := s.cfg.Record(ctx, *at); err != nil {
			o.because(DeliveryNotSent, err)
			return err
		}
	}
	session.await(o)
	reference, err := session.Send(ctx, xml, opt)
	at.Reference = reference
	if err == nil || perhapsSent(err) {
		err = s.decide(ctx, session, o, err)
	} else {
		err = s.refused(session, o, err)
	}
	if o.State != DeliveryUnknown {
		session.settled(o)
	}
	return err
}

// perhapsSent is true unless KSeF's answer, or the client's word that nothing
// left the machine, proves the contrary.
func perhapsSent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return !ok || e.unknown || e.Status >= 500 || e.Status/100 == 2
}

// decide finds out what became of an invoice that has left.
func (s *Sender) decide(ctx context.Context, session *sharedSession, o *Delivery, sendErr error) error {
	err := s.resolve(ctx, o, func(ctx context.Context) (listing, error) { return session.finish(ctx, s) })
	switch {
	case err != nil:
		reason := &Error{Op: opSend, Err: errors.Join(err, sendErr), unknown: true}
		o.because(DeliveryUnknown, reason)
		return reason
	case o.State != DeliveryNotSent:
		return nil
	case o.Status == nil: // the session has ended without it
		o.Reason = moving(sendErr)
	default: // KSeF failed: in this session the next would fare no better
		s.retire(session, o.Status.Status.Code == InvoiceSessionFailed || o.Status.Status.Code == InvoiceUnreadable)
	}
	return o.Reason
}

// refused judges an answer that says that the invoice was not taken.
func (s *Sender) refused(session *sharedSession, o *Delivery, err error) error {
	e, _ := errors.AsType[*Error](err)
	switch {
	case e.Retry() == RetryNewSession, e.Has(CodeSessionNotFound):
		s.retire(session, e.Has(CodeSessionStatus))
		o.because(DeliveryNotSent, moving(err))
	case e.judges():
		o.because(DeliveryRejected, err)
		return nil
	default:
		o.because(DeliveryNotSent, err)
	}
	return o.Reason
}

// judges reports KSeF's own word against the invoice. A 400 without a code may
// come from anything on the way, and a hash that differs was spoilt on it.
func (e *Error) judges() bool {
	return e.Status == 400 && len(e.Codes) > 0 && !e.Has(CodeSizeMismatch) && !e.Has(CodeHashMismatch)
}

// moving is the reason to go on in another session.
func moving(cause error) error {
	if cause == nil {
		return errMove
	}
	return fmt.Errorf("%w: %w", errMove, settled(cause))
}

// settled is a failure whose outcome has become known, or does not matter.
func settled(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.unknown {
		return err
	}
	known := *e
	known.unknown = false
	return &known
}

// sessionMargin is how long before its end a session gets no more invoices.
const sessionMargin = 5 * time.Minute
