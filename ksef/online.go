package ksef

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// OnlineService has the calls of online sessions, one method each.
// [Account.OpenOnline] and [OnlineSession] do the cryptography and the order.
type OnlineService struct{ account *Account }

// EncryptionInfo hands the symmetric key of a session to KSeF.
type EncryptionInfo struct {
	// EncryptedSymmetricKey is the AES-256 key, encrypted with RSA-OAEP
	// (SHA-256) for the key named by PublicKeyID.
	EncryptedSymmetricKey []byte `json:"encryptedSymmetricKey"`
	// InitializationVector has 16 bytes and is not repeated in ciphertexts.
	InitializationVector []byte `json:"initializationVector"`
	// PublicKeyID makes a rotation of the ministry's keys visible.
	PublicKeyID string `json:"publicKeyId,omitempty"`
}

// OpenOnlineRequest is the body of the call that opens an online session.
type OpenOnlineRequest struct {
	FormCode   FormCode       `json:"formCode"`
	Encryption EncryptionInfo `json:"encryption"`
}

// OpenedSession is a session just opened.
type OpenedSession struct {
	Reference string
	// ValidUntil is 12 hours after the opening; KSeF closes the session then.
	ValidUntil time.Time
	// Evidence proves the login under which the session was opened; the
	// receipts of the session name it.
	Evidence Evidence
}

// Open opens an online session. KSeF decrypts the key later: a key wrapped
// wrongly shows as status 415 of the session. An open whose answer was lost
// leaves an empty session behind, which KSeF cancels by itself: opening
// another one is harmless.
//
// Needs InvoiceWrite, PefInvoiceWrite or EnforcementOperations; group
// onlineSession.
//
//ksef:op POST /sessions/online
func (s *OnlineService) Open(ctx context.Context, request OpenOnlineRequest) (*OpenedSession, error) {
	const op = "open online session"
	c := checker{op: op}
	c.need(request.FormCode.Valid(), "formCode", RuleRequired, "use one of the Form constants")
	request.Encryption.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	k := call{op: op, class: httpx.Once, group: GroupOnlineSession, method: "POST", path: "/sessions/online", body: body}
	k.header = http.Header{"X-KSeF-Feature": {"upo-v4-3"}} // the version of the receipts of this session
	var w wireOpened
	var under Evidence
	k.under = &under
	if err := s.account.json(ctx, k, &w); err != nil {
		return nil, err
	}
	if w.ReferenceNumber == "" {
		return nil, &Error{Op: op, Status: http.StatusCreated, Err: ErrProtocol, unknown: true}
	}
	return &OpenedSession{w.ReferenceNumber, w.ValidUntil.Time, under}, nil
}

// SendInvoiceRequest is the body of the call that sends one invoice.
type SendInvoiceRequest struct {
	InvoiceHash             []byte `json:"invoiceHash"` // SHA-256 of the plain XML
	InvoiceSize             int64  `json:"invoiceSize"`
	EncryptedInvoiceHash    []byte `json:"encryptedInvoiceHash"` // SHA-256 of the ciphertext
	EncryptedInvoiceSize    int64  `json:"encryptedInvoiceSize"`
	EncryptedInvoiceContent []byte `json:"encryptedInvoiceContent"`
	OfflineMode             bool   `json:"offlineMode"`
	// HashOfCorrectedInvoice is for technical corrections only.
	HashOfCorrectedInvoice []byte `json:"hashOfCorrectedInvoice,omitempty"`
}

// Send sends one encrypted invoice and returns its reference number.
//
// Needs InvoiceWrite, PefInvoiceWrite or EnforcementOperations; group
// invoiceSend.
//
//ksef:op POST /sessions/online/{referenceNumber}/invoices
func (s *OnlineService) Send(ctx context.Context, session string, request SendInvoiceRequest) (string, error) {
	c := checker{op: opSend}
	request.check(&c)
	if err := c.err(); err != nil {
		return "", err
	}
	body, err := json.Marshal(request)
	if err != nil {
		return "", &Error{Op: opSend, Err: err}
	}
	return s.send(ctx, session, body)
}

func (r SendInvoiceRequest) check(c *checker) {
	c.hash("invoiceHash", r.InvoiceHash)
	c.number("invoiceSize", r.InvoiceSize, 1, maxInvoice)
	c.hash("encryptedInvoiceHash", r.EncryptedInvoiceHash)
	c.number("encryptedInvoiceSize", r.EncryptedInvoiceSize, 1, int64(cipherLen(maxInvoice)))
	c.need(len(r.EncryptedInvoiceContent) > 0, "encryptedInvoiceContent", RuleRequired, "give the encrypted invoice")
	if r.HashOfCorrectedInvoice != nil {
		c.hash("hashOfCorrectedInvoice", r.HashOfCorrectedInvoice)
	}
}

const opSend = "send invoice"

func (s *OnlineService) send(ctx context.Context, session string, body []byte) (string, error) {
	p, err := path(opSend, "/sessions/online/", session, "/invoices")
	if err != nil {
		return "", err
	}
	var w wireSent
	k := call{op: opSend, class: httpx.Once, group: GroupInvoiceSend, method: "POST", path: p, body: body}
	if err := s.account.json(ctx, k, &w); err != nil {
		return "", err
	}
	if w.ReferenceNumber == "" {
		return "", &Error{Op: opSend, Status: http.StatusAccepted, Err: ErrProtocol, unknown: true}
	}
	return w.ReferenceNumber, nil
}

// Close ends the sending; KSeF then makes the receipt of the session. Closing
// an empty session is allowed and cancels it.
//
// Needs InvoiceWrite, PefInvoiceWrite or EnforcementOperations; group
// onlineSessionClose.
//
//ksef:op POST /sessions/online/{referenceNumber}/close
func (s *OnlineService) Close(ctx context.Context, session string) error {
	const op = "close online session"
	p, err := path(op, "/sessions/online/", session, "/close")
	if err != nil {
		return err
	}
	_, err = s.account.do(ctx, call{op: op, class: httpx.Once, group: GroupOnlineSessionClose, method: "POST", path: p})
	return err
}
