package ksef

import (
	"context"
	"errors"
	"time"
)

// OnlineSession is an open online session with its key. It lives up to 12
// hours, takes up to 10,000 invoices and serves any number of goroutines.
type OnlineSession struct {
	account *Account
	opened  OpenedSession
	form    FormCode
	key     *sessionKey
	keyID   string // of the ministry's key that encrypted it
}

// OpenOnline opens a session for invoices of one structure, with a fresh key
// and vector. When the ministry has just changed its public key, the key is
// wrapped anew and the call made once more.
func (a *Account) OpenOnline(ctx context.Context, form FormCode) (*OnlineSession, error) {
	return a.openOnline(ctx, form, "")
}

// openOnline avoids a key of the ministry that turned out useless.
func (a *Account) openOnline(ctx context.Context, form FormCode, refused string) (*OnlineSession, error) {
	const op = "open online session"
	key, err := newSessionKey(a.client.random)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	s := &OnlineSession{account: a, form: form, key: key}
	err = a.client.withOtherKey(ctx, KeyForSession, refused, func(pub publicKey) error {
		info, err := key.wrap(a.client.random, pub)
		if err != nil {
			return &Error{Op: op, Err: err}
		}
		opened, err := a.Online.Open(ctx, OpenOnlineRequest{FormCode: form, Encryption: info})
		if err != nil {
			return err
		}
		s.opened, s.keyID = *opened, pub.id
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Reference is the session's reference number.
func (s *OnlineSession) Reference() string { return s.opened.Reference }

// ValidUntil is when KSeF closes the session by itself.
func (s *OnlineSession) ValidUntil() time.Time { return s.opened.ValidUntil }

// FormCode is the structure of the session's invoices.
func (s *OnlineSession) FormCode() FormCode { return s.form }

// Evidence proves the login under which the session was opened; the receipts
// of the session name it.
func (s *OnlineSession) Evidence() Evidence { return s.opened.Evidence }

// SendOptions says how an invoice is sent. The zero value is the ordinary way.
type SendOptions struct {
	// Offline declares that the invoice was issued offline and is sent later.
	Offline bool
	// CorrectedHash is the SHA-256 of a rejected offline invoice that this one
	// corrects technically; nil otherwise.
	CorrectedHash *[32]byte
}

// maxInvoice is the largest invoice that any environment can be set to take.
// The limits in force are usually 1,000,000 bytes, 3,000,000 with attachment.
const maxInvoice = 10_000_000

// Send encrypts and sends one invoice as it is: the bytes of xml are what KSeF
// keeps and hashes. It returns the invoice's reference number in the session.
// Acceptance comes later, see [Account.WaitInvoice].
//
// When the error matches ErrOutcomeUnknown, KSeF may have the invoice: look
// for its hash with [SessionsService.FindInvoice] before sending it again.
func (s *OnlineSession) Send(ctx context.Context, xml []byte, opt SendOptions) (reference string, err error) {
	if len(xml) == 0 || len(xml) > maxInvoice {
		return "", invalid(opSend, "invoice must have between 1 and 10,000,000 bytes")
	}
	return s.account.Online.send(ctx, s.opened.Reference, s.key.payload(xml, opt))
}

// Close ends the sending. Invoices sent before are still processed. When the
// answer is lost, Close finds out from the session's status whether it is
// closed; a session that is closed already is no error.
func (s *OnlineSession) Close(ctx context.Context) error {
	err := s.account.Online.Close(ctx, s.opened.Reference)
	if err == nil || !errors.Is(err, ErrOutcomeUnknown) && !errors.Is(err, ErrSessionNotOpen) {
		return err
	}
	status, statusErr := s.account.Sessions.Status(ctx, s.opened.Reference)
	if statusErr != nil {
		return err // the first failure says more
	}
	if status.Status.Code != SessionOpen {
		return nil
	}
	return s.account.Online.Close(ctx, s.opened.Reference)
}
