package ksef

import (
	"context"
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// fetch answers one question by the strategy of the configuration.
func (r *syncRun) fetch(ctx context.Context, w syncWant) (syncGot, error) {
	if r.cfg.Strategy == SyncExport {
		return r.byExport(ctx, w)
	}
	page, err := r.page(ctx, w, 0)
	if err != nil {
		return syncGot{}, err
	}
	if r.cfg.Strategy == SyncAuto && (page.HasMore || r.fresh(page) > r.cfg.Few) {
		return r.byExport(ctx, w)
	}
	return r.bySingles(ctx, w, page)
}

func (r *syncRun) page(ctx context.Context, w syncWant, offset int) (*MetadataPage, error) {
	r.report.Queries++
	page, err := r.account.Invoices.QueryPage(ctx, r.filter(w), PageOptions{Offset: offset})
	if err != nil {
		return nil, err
	}
	for _, m := range page.Invoices {
		if m == nil || m.KSeFNumber == "" {
			return nil, &Error{Op: opQuery, Status: 200, Err: ErrProtocol}
		}
	}
	return page, nil
}

// fresh counts what was not delivered before.
func (r *syncRun) fresh(page *MetadataPage) (n int) {
	for _, m := range page.Invoices {
		if _, known := r.recent[m.KSeFNumber]; !known {
			n++
		}
	}
	return n
}

// bySingles downloads one by one. A page with more behind it is an answer that
// was cut: the next question begins with its last invoice, so that pages cannot
// shift between two calls. Only where one moment fills a page, its next page is
// asked for.
func (r *syncRun) bySingles(ctx context.Context, w syncWant, page *MetadataPage) (syncGot, error) {
	got := syncGot{mark: page.HWM}
	for offset := 0; ; {
		if err := r.downloads(ctx, page, &got); err != nil {
			return got, err
		}
		if !page.HasMore {
			return got, nil
		}
		if page.Truncated || got.seen.After(w.from) {
			got.truncated, got.last = true, got.seen
			return got, nil
		}
		var err error
		offset++
		if page, err = r.page(ctx, w, offset); err != nil {
			return got, err
		}
	}
}

// downloads delivers the invoices of a page.
func (r *syncRun) downloads(ctx context.Context, page *MetadataPage, got *syncGot) error {
	for _, m := range page.Invoices {
		got.see(m)
		if r.known(m.KSeFNumber) {
			continue
		}
		r.report.Downloads++
		doc, err := r.account.Invoices.Get(ctx, m.KSeFNumber)
		if err != nil {
			return err
		}
		invoice, err := received(doc.XML, doc.SHA256, m)
		if err != nil {
			return &Error{Op: opSync, Err: err}
		}
		if err := r.deliver(ctx, invoice); err != nil {
			return err
		}
	}
	return nil
}

func (g *syncGot) see(m *InvoiceMetadata) {
	if m.PermanentStorageDate.After(g.seen) {
		g.seen = m.PermanentStorageDate
	}
}

// exportTries is how often an export is started for one question.
const exportTries = 3

// byExport fetches a package. An export that failed for a reason that passes is
// started again, under another key.
func (r *syncRun) byExport(ctx context.Context, w syncWant) (syncGot, error) {
	refused := ""
	for try := 1; ; try++ {
		r.report.Exports++
		export, err := r.account.export(ctx, r.order(w), refused)
		var got syncGot
		if err == nil {
			got, err = r.underway(ctx, w, export)
		}
		if err == nil || try == exportTries || !startAgain(err) || ctx.Err() != nil {
			return got, err
		}
		if refused, err = r.refusedKey(ctx, err); err != nil {
			return got, err
		}
	}
}

// refusedKey is the public key not to be used again, when the export ended
// because of it.
func (r *syncRun) refusedKey(ctx context.Context, failure error) (string, error) {
	s, ok := errors.AsType[*StatusError](failure)
	if !ok || s.Status.Code != ExportKeyUnreadable {
		return "", nil
	}
	key, err := r.account.client.keys.get(ctx, KeyForSession, "")
	return key.id, err
}

func (r *syncRun) order(w syncWant) ExportOrder {
	return ExportOrder{
		Filter: r.filter(w), Compression: r.cfg.Compression, Spool: r.spool(), MaxWait: r.cfg.MaxWait, Limits: r.cfg.Limits,
	}
}

// underway notes the export, so that it survives this process, and reads it.
func (r *syncRun) underway(ctx context.Context, w syncWant, export *Export) (syncGot, error) {
	if r.cfg.Sealer != nil {
		sealed, err := r.cfg.Sealer.Seal(ctx, []byte(export.Ticket().Reveal()))
		if err != nil {
			return syncGot{}, &Error{Op: opSync, Err: err}
		}
		r.cp.Pending = &SyncPending{Reference: export.Ticket().Reference, Ticket: sealed, From: w.from, To: w.to, Asked: w.asked}
		if err := r.save(ctx); err != nil {
			return syncGot{}, err
		}
	}
	return r.consume(ctx, export)
}

// consume delivers a package.
func (r *syncRun) consume(ctx context.Context, export *Export) (syncGot, error) {
	var got syncGot
	for invoice, err := range export.Invoices(ctx) {
		if err == nil {
			got.see(invoice.Metadata)
			err = r.deliver(ctx, invoice)
		}
		if err != nil {
			if startAgain(err) {
				err = errors.Join(err, discarded(export))
			}
			return got, err
		}
	}
	pkg := export.status.Package
	got.truncated, got.last, got.mark = pkg.Truncated, pkg.LastPermanentStorage, pkg.HWM
	return got, nil
}

func discarded(export *Export) error {
	if err := export.Discard(); err != nil {
		return storeFailed(opSync, err)
	}
	return nil
}

// resume takes up the export of an earlier process. When that is no longer
// possible, the range is asked for anew.
func (r *syncRun) resume(ctx context.Context) error {
	p := r.cp.Pending
	r.cp.Pending = nil
	if p == nil || r.cfg.Sealer == nil || p.From.After(r.cp.Position) {
		return nil
	}
	export, err := r.unseal(ctx, p)
	if err != nil {
		return nil // another key, or damaged: nothing is lost
	}
	r.cp.Pending = p
	got, err := r.consume(ctx, export)
	switch {
	case nothingNew(err), startAgain(err):
		r.cp.Pending = nil
		return nil
	case err != nil:
		r.saveQuietly(ctx)
		return err
	}
	r.report.Resumed = true
	_, err = r.advance(ctx, syncWant{p.From, p.To, p.Asked}, got)
	return err
}

func (r *syncRun) unseal(ctx context.Context, p *SyncPending) (*Export, error) {
	text, err := r.cfg.Sealer.Open(ctx, p.Ticket)
	if err != nil {
		return nil, err
	}
	ticket, err := ParseExportTicket(string(text))
	if err != nil {
		return nil, err
	}
	if ticket.Reference != p.Reference {
		return nil, fmt.Errorf("ticket of another export: %w", ErrCheckpoint)
	}
	return r.account.ResumeExport(ticket, r.order(syncWant{from: p.From, to: p.To}))
}

// startAgain tells failures of one export from those that the next one would
// meet as well.
func startAgain(err error) bool {
	if _, sink := errors.AsType[*SinkError](err); sink || err == nil {
		return false
	}
	if s, ok := errors.AsType[*StatusError](err); ok {
		switch s.Status.Code {
		case ExportExpired, ExportKeyUnreadable, StatusUnknownError, StatusCancelledBySystem:
			return true
		}
		return false
	}
	for _, passing := range []error{
		ErrExportStuck, ErrOutcomeUnknown, ErrHashMismatch, ErrGone, ErrNotFound,
		pack.ErrArchive, pack.ErrTruncated, pack.ErrTrailingData, pack.ErrNoMetadata,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}
