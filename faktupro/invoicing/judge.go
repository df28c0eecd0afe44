package invoicing

import (
	"context"
	"errors"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// sendVerdict is what the answer to a send tells.
type sendVerdict uint8

const (
	sendTaken   sendVerdict = iota // in KSeF's hands
	sendUnknown                    // perhaps in KSeF's hands: ask, do not repeat
	sendRefused                    // certainly not taken, the next one may be
	sendStop                       // certainly not taken, nor will the next one be
	sendMove                       // certainly not taken, go on in another session
)

// judgeSend reads the answer to a send. Certainty needs an answer of KSeF, or
// the client's word that nothing left the machine; everything else is unknown.
func judgeSend(err error) sendVerdict {
	if err == nil {
		return sendTaken
	}
	e, ok := errors.AsType[*ksef.Error](err)
	if !ok || errors.Is(err, ksef.ErrOutcomeUnknown) || e.Status >= 500 || e.Status >= 200 && e.Status < 300 {
		return sendUnknown
	}
	switch {
	case e.Retry() == ksef.RetryNewSession:
		return sendMove
	case e.Status == 400 || errors.Is(err, ksef.ErrInvalidArgument):
		return sendRefused
	}
	return sendStop
}

// fate is what a status of an invoice in its session means for us.
type fate uint8

const (
	fatePending   fate = iota // KSeF is still at it
	fateAccepted              // it has a KSeF number
	fateDuplicate             // KSeF holds a document under our number: perhaps this one
	fateFailed                // KSeF failed, which says nothing of the document
	fateRejected              // KSeF refuses the document
)

// judgeStatus reads a status. Unknown codes from 200 on are refusals, as KSeF
// demands of its clients; those below mean "in progress".
func judgeStatus(st *ksef.InvoiceStatus) fate {
	switch code := st.Status.Code; {
	case code < ksef.InvoiceAccepted:
		return fatePending
	case code == ksef.InvoiceAccepted && st.KSeFNumber == "":
		return fatePending
	case code == ksef.InvoiceAccepted:
		return fateAccepted
	case code == ksef.InvoiceDuplicate:
		return fateDuplicate
	case code == ksef.InvoiceSessionFailed, code == ksef.InvoiceUnreadable,
		code == ksef.StatusUnknownError, code == ksef.StatusCancelledBySystem:
		return fateFailed
	}
	return fateRejected
}

// rejectionOf is the refusal that a status speaks.
func rejectionOf(st *ksef.InvoiceStatus) *Rejection {
	return &Rejection{
		Code: st.Status.Code, Description: shorten(st.Status.Description, maxReason), Details: shortenAll(st.Status.Details),
	}
}

// originOf names the document of which KSeF says ours is a duplicate.
func originOf(st *ksef.InvoiceStatus) (Origin, bool) {
	number, session, ok := st.Duplicate()
	return Origin{Number: pl.KSeFNumber(number), Session: session}, ok && number != ""
}

// general reports a failure that the seller's other invoices would meet too.
func general(err error) bool {
	for _, target := range []error{
		ksef.ErrRateLimited, ksef.ErrUnavailable, ksef.ErrBlocked, ksef.ErrUnauthorized, ksef.ErrForbidden, ksef.ErrLoggedOut,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// blockedPause is the pause after a security device refused us: to insist
// makes it worse.
const blockedPause = 5 * time.Minute

// demanded is the pause that the other side asks for, at most MaxPause: a wrong
// answer must not stop the seller for days.
func demanded(err error) time.Duration {
	if errors.Is(err, ksef.ErrBlocked) {
		return blockedPause
	}
	if e, ok := errors.AsType[*ksef.Error](err); ok {
		return min(max(0, e.RetryAfter), MaxPause)
	}
	return 0
}

// statusOf is the HTTP or error code of a failure, for the record of attempts.
func statusOf(err error) int {
	if e, ok := errors.AsType[*ksef.Error](err); ok {
		if e.Code != 0 {
			return e.Code
		}
		return e.Status
	}
	return 0
}

// Limits of texts that come from outside and are stored.
const (
	maxReason  = 500
	maxDetails = 50
)

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && s[limit]&0xC0 == 0x80 { // not inside a character
		limit--
	}
	return s[:limit] + "…"
}

func shortenAll(texts []string) []string {
	var out []string
	for i, s := range texts {
		if i == maxDetails {
			break
		}
		out = append(out, shorten(s, maxReason))
	}
	return out
}

// reasonOf is a failure as it is stored and shown to operators. Errors hold no
// personal data by the rules of this repository.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	return shorten(err.Error(), maxReason)
}

// storeTimeout bounds the recording of what has happened already.
const storeTimeout = 15 * time.Second

// detached is a context for recording what has happened already: it must be
// written down even when the caller has gone.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
}
