package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// known maps the library's errors to problems. First match wins.
var known = []struct {
	err                 error
	status              int
	code, title, detail string
}{
	{invoicing.ErrNotFound, http.StatusNotFound, "invoice.not_found", "There is no such invoice", "Check the identifier; GET /v1/invoices lists them."},
	{invoicing.ErrCursor, http.StatusBadRequest, "cursor.invalid", "The cursor is not one of ours", "Use next of the previous page, unchanged, or start without a cursor."},
	{invoicing.ErrNotReady, http.StatusConflict, "invoice.not_ready", "The document does not exist yet", "The XML exists once the invoice is issued, the UPO once KSeF has confirmed it; ask again when state says so."},
	{invoicing.ErrDamaged, http.StatusInternalServerError, "invoice.damaged", "The stored document was changed", "Its bytes do not match their hash and are not handed out or sent. Restore the database from a backup."},
	{invoicing.ErrKeyReused, http.StatusUnprocessableEntity, "idempotency_key.reused", "The idempotency key belongs to another invoice", "Use a new key for every new invoice; repeat a key only with the same body."},
	{invoicing.ErrConflict, http.StatusConflict, "invoice.state", "The state of the invoice does not allow this", "Read the invoice: its state says what can be done next. Somebody may have changed it meanwhile."},
	{invoicing.ErrUpstream, http.StatusServiceUnavailable, "ksef.unavailable", "KSeF does not answer for now", "The invoice waits in the queue and is sent when KSeF answers; nothing has to be repeated."},
	{ErrNoProof, http.StatusNotFound, "proof.not_found", "The audit log holds no such entry", "The entry of a change appears within seconds; try again."},
}

// fail turns any error of the library into a problem. What it does not know is
// logged under the request's id and answered as an internal problem.
func (s *server) fail(ctx context.Context, err error) error {
	var invalid *faktupro.ValidationError
	if errors.As(err, &invalid) {
		return invalidInvoice(invalid)
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			if k.status >= http.StatusInternalServerError {
				s.Logger.Error("request failed", "requestId", RequestID(ctx), "code", k.code, "error", err)
			}
			return newProblem(k.status, k.code, k.title, k.detail)
		}
	}
	if s.Unavailable(err) {
		s.Logger.Error("storage", "requestId", RequestID(ctx), "error", err)
		return problemFor(http.StatusServiceUnavailable)
	}
	return internalProblem(s.Logger, RequestID(ctx), err)
}
