package ksef

import (
	"context"
	"errors"
	"fmt"
)

// close starts the processing. KSeF's word that a part is missing or has another
// size leads back to the upload, once.
func (r *batchRun) close(ctx context.Context) (BatchStep, error) {
	return r.closeOr(ctx, func() (BatchStep, error) {
		r.state.Uploaded = nil
		err := r.uploadMissing(ctx)
		if err != nil && !errors.Is(err, ErrForbidden) {
			return "", err
		}
		return r.closeOr(ctx, func() (BatchStep, error) {
			return r.bury(ctx, fmt.Errorf("ksef: %s: parts do not arrive: %w", opBatch, ErrUnavailable))
		})
	})
}

// maxCloses is how often a close is tried whose answer got lost.
const maxCloses = 4

// closeOr closes the session; incomplete is called when KSeF says that parts are
// missing. A close whose answer was lost may have arrived or arrive still: the
// session's status decides, and the only thing to do otherwise is to close the
// same session again.
func (r *batchRun) closeOr(ctx context.Context, incomplete func() (BatchStep, error)) (BatchStep, error) {
	for try := 1; ; try++ {
		err := r.account.Batch.Close(ctx, r.state.Session)
		e, _ := errors.AsType[*Error](err)
		switch {
		case err == nil:
			return BatchProcessing, nil
		case e == nil:
			return "", err
		case e.Has(CodePartMissing), e.Has(CodeInvalidPartSize):
			return incomplete()
		case !e.unknown && !e.Has(CodeSessionStatus) && !e.Has(CodeUploadWindowExceeded):
			return "", err
		}
		status, statusErr := r.account.Sessions.Status(ctx, r.state.Session)
		switch {
		case statusErr != nil:
			return "", errors.Join(err, statusErr)
		case status.Status.Code != SessionOpen:
			return BatchProcessing, nil // how it ended is judged there
		case try == maxCloses:
			return "", err
		}
		if sleepErr := sleep(ctx, r.account.client.poll.Interval<<try); sleepErr != nil {
			return "", err
		}
	}
}

// wait follows the session to its end. A session that ended without reading the
// package holds no invoice and never will.
func (r *batchRun) wait(ctx context.Context) (BatchStep, error) {
	r.progress(BatchProgress{})
	status, err := r.account.WaitSession(ctx, r.state.Session)
	if err != nil {
		return "", err
	}
	switch status.Status.Code {
	case SessionProcessed, SessionNoCorrectInvoice:
		return BatchDone, nil
	case SessionKeyUnreadable:
		r.state.UselessKey = r.state.KeyID
	case SessionCancelled:
	case SessionPartsInvalid:
		if err := r.verify(ctx); err != nil {
			return "", err
		}
	case StatusUnknownError, StatusCancelledBySystem:
		return r.afterFailure(ctx, status)
	default:
		return "", sessionError(r.state.Session, status)
	}
	return r.another(ctx, status)
}

// another session is possible only while the key is at hand.
func (r *batchRun) another(ctx context.Context, status *SessionStatus) (BatchStep, error) {
	if r.key.IsZero() {
		if err := r.unseal(ctx); err != nil {
			return "", errors.Join(sessionError(r.state.Session, status), err)
		}
	}
	return r.bury(ctx, sessionError(r.state.Session, status))
}

// afterFailure: KSeF failed in the middle. Where it has taken some invoices, the
// list of them is the result; otherwise the package goes through another
// session. Should one have been taken all the same, it comes back as a duplicate
// of the same bytes.
func (r *batchRun) afterFailure(ctx context.Context, status *SessionStatus) (BatchStep, error) {
	for _, err := range r.account.Sessions.Invoices(ctx, r.state.Session) {
		if err != nil {
			return "", err
		}
		return BatchDone, nil
	}
	return r.another(ctx, status)
}

// verify compares the parts in the store with what was announced.
func (r *batchRun) verify(ctx context.Context) error {
	for _, part := range r.manifest.Parts {
		if err := r.manifest.VerifyPart(ctx, r.cfg.Store, part.Number); err != nil {
			return &Error{Op: opBatch, Err: err}
		}
	}
	return nil
}

// sessionError is the failure of a session, with its reference.
func sessionError(session string, status *SessionStatus) error {
	err := status.Err()
	if e, ok := errors.AsType[*StatusError](err); ok {
		e.Reference = session
	}
	return err
}
