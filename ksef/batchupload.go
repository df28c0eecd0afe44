package ksef

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// upload brings the parts that the session does not have yet. After a crash they
// are read back and compared first.
func (r *batchRun) upload(ctx context.Context) (BatchStep, error) {
	if r.resumed {
		status, err := r.account.Sessions.Status(ctx, r.state.Session)
		switch {
		case err != nil:
			return "", err
		case status.Final() && status.Status.Code != SessionProcessed:
			return r.bury(ctx, sessionError(r.state.Session, status))
		case status.Status.Code != SessionOpen:
			return BatchProcessing, nil
		}
	}
	err := r.uploadMissing(ctx)
	if errors.Is(err, ErrForbidden) {
		return r.expired(ctx, err)
	}
	if err != nil {
		return "", err
	}
	return BatchClosing, nil
}

// expired deals with addresses that are not accepted any more. If the session
// has all parts all the same, closing it succeeds. If it misses one, it is dead:
// nobody can complete it, and nobody closes it.
func (r *batchRun) expired(ctx context.Context, cause error) (BatchStep, error) {
	if err := r.save(ctx, BatchClosing); err != nil {
		return "", err
	}
	return r.closeOr(ctx, func() (BatchStep, error) { return r.bury(ctx, cause) })
}

func (r *batchRun) uploadMissing(ctx context.Context) error {
	var missing []pack.PartInfo
	for _, p := range r.manifest.Parts {
		if !slices.Contains(r.state.Uploaded, p.Number) {
			missing = append(missing, p)
		}
	}
	limit := r.cfg.Parallel
	if limit <= 0 {
		limit = defaultParallel
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work := make(chan pack.PartInfo)
	done := uploads{run: r, stop: stop}
	var wg sync.WaitGroup
	for range min(limit, len(missing)) {
		wg.Go(func() {
			for part := range work {
				done.add(ctx, part, r.uploadPart(ctx, part))
			}
		})
	}
	for _, part := range missing {
		if ctx.Err() != nil {
			break
		}
		work <- part
	}
	close(work)
	wg.Wait()
	if done.err == nil && len(missing) > done.count {
		return &Error{Op: opBatch, Err: context.Cause(ctx)}
	}
	return done.err
}

const defaultParallel = 4

// uploads gathers what the workers did.
type uploads struct {
	run   *batchRun
	stop  context.CancelFunc
	mu    sync.Mutex
	count int
	err   error // the first
}

func (u *uploads) add(ctx context.Context, part pack.PartInfo, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err == nil {
		u.count++
		u.run.state.Uploaded = append(u.run.state.Uploaded, part.Number)
		u.run.progress(BatchProgress{})
		err = u.run.save(context.WithoutCancel(ctx), BatchUploading) // it has happened
	}
	if err != nil && u.err == nil {
		u.err = err
		u.stop()
	}
}

func (r *batchRun) uploadPart(ctx context.Context, part pack.PartInfo) error {
	if r.resumed {
		if err := r.manifest.VerifyPart(ctx, r.cfg.Store, part.Number); err != nil {
			return &Error{Op: opBatch, Err: err}
		}
	}
	i := slices.IndexFunc(r.uploads, func(u PartUpload) bool { return u.OrdinalNumber == part.Number })
	if i < 0 {
		return &Error{Op: opBatch, Err: ErrProtocol}
	}
	open := func() (io.ReadCloser, error) { return r.cfg.Store.Open(ctx, part.Number) }
	return r.account.Batch.UploadPart(ctx, r.uploads[i], part.EncryptedSize, open)
}
