package ksef

import (
	"context"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// syncWindow is the longest range of one question: within the 100 days of API
// 2.7.1 and the three months of older servers, the shortest of which have 89.
const syncWindow = 88 * 24 * time.Hour

// syncRun is one run in one role.
type syncRun struct {
	*Sync
	role    SubjectRole
	stream  string
	lease   SyncLease
	cp      SyncCheckpoint
	report  SyncReport
	cursor  time.Time // where the next question begins; never after cp.Position
	recent  map[pl.KSeFNumber]time.Time
	unsaved int
}

// syncWant is one question: everything stored from one time to another, To zero
// for no end, asked at a time.
type syncWant struct {
	from, to, asked time.Time
}

// syncGot is what KSeF said about the range of a question.
type syncGot struct {
	truncated bool
	last      time.Time // of the last invoice, as KSeF said; of a truncated answer only
	seen      time.Time // the latest that was seen
	mark      time.Time // high water mark
}

func (r *syncRun) run(ctx context.Context) error {
	cp, err := r.cfg.Store.Load(ctx, r.stream)
	if err != nil {
		return &Error{Op: opSync, Err: err}
	}
	r.begin(cp)
	if err := r.sweep(); err != nil {
		return err
	}
	if err := r.resume(ctx); err != nil {
		return err
	}
	for more := true; more; {
		if more, err = r.step(ctx); err != nil {
			r.saveQuietly(ctx)
			return err
		}
	}
	return nil
}

func (r *syncRun) begin(cp SyncCheckpoint) {
	if cp.Position.IsZero() {
		cp.Position = r.cfg.Start.UTC()
	}
	r.cp, r.recent = cp, map[pl.KSeFNumber]time.Time{}
	for _, known := range cp.Recent {
		r.recent[known.KSeFNumber] = known.Stored
	}
	r.cursor = cp.Position.Add(-r.cfg.Overlap)
	if r.cursor.Before(r.cfg.Start) && !cp.Position.Before(r.cfg.Start) {
		r.cursor = r.cfg.Start.UTC()
	}
	r.report.From = r.cursor
}

// step asks one question and delivers the answer.
func (r *syncRun) step(ctx context.Context) (more bool, err error) {
	want := r.want()
	got, err := r.fetch(ctx, want)
	if nothingNew(err) {
		return false, r.save(ctx)
	}
	if err != nil {
		return false, err
	}
	return r.advance(ctx, want, got)
}

// want begins at the cursor. A range without an end reaches until now, which may
// be too far.
func (r *syncRun) want() syncWant {
	w := syncWant{from: r.cursor, asked: r.now().UTC()}
	if w.asked.Sub(w.from) > syncWindow {
		w.to = w.from.Add(syncWindow)
	}
	return w
}

func (r *syncRun) filter(w syncWant) InvoiceFilter {
	return InvoiceFilter{Role: r.role, Dates: DateRange{Type: ByPermanentStorage, From: w.from, To: w.to, RestrictToHWM: true}}
}

// next is up to where the answer tells everything. An answer that was cut tells
// it up to its last invoice, whatever mark stands beside; a whole one up to the
// mark, but neither beyond the end of the question nor beyond the moment in which
// it was asked.
func (w syncWant) next(got syncGot) (time.Time, error) {
	if got.truncated {
		next := earlier(got.last, got.seen)
		if next.IsZero() {
			return next, fmt.Errorf("cut without the date of the last invoice: %w", ErrProtocol)
		}
		if !next.After(w.from) {
			return next, fmt.Errorf("%s: %w", ByPermanentStorage, ErrTooManyAlike)
		}
		return next, nil
	}
	if got.mark.IsZero() {
		return got.mark, fmt.Errorf("no high water mark: %w", ErrProtocol)
	}
	return earlier(earlier(got.mark, w.to), w.asked), nil
}

// earlier leaves times out that are not known.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// advance saves that everything up to the next place is delivered.
func (r *syncRun) advance(ctx context.Context, w syncWant, got syncGot) (more bool, err error) {
	next, err := w.next(got)
	if err != nil {
		return false, &Error{Op: opSync, Err: err}
	}
	next = next.UTC()
	if next.After(r.cp.Position) {
		r.cp.Position = next
	}
	r.cursor = next
	r.cp.Pending = nil
	reached := !w.to.IsZero() && !next.Before(w.to) // the end of a range in the past
	return got.truncated || reached, r.save(ctx)
}

// save writes the checkpoint, without what the next run cannot meet again.
func (r *syncRun) save(ctx context.Context) error {
	horizon := earlier(r.cp.Position.Add(-r.cfg.Overlap), r.cursor)
	r.cp.Recent = r.cp.Recent[:0]
	for number, stored := range r.recent {
		if stored.Before(horizon) {
			delete(r.recent, number)
			continue
		}
		r.cp.Recent = append(r.cp.Recent, SyncReceipt{number, stored})
	}
	r.cp.Saved = r.now().UTC()
	if err := r.cfg.Store.Save(ctx, r.lease, r.cp); err != nil {
		return &Error{Op: opSync, Err: err}
	}
	r.unsaved = 0
	return nil
}

// saveQuietly keeps what was delivered before a failure. When it cannot, that is
// delivered again.
func (r *syncRun) saveQuietly(ctx context.Context) {
	if r.unsaved > 0 {
		_ = r.save(context.WithoutCancel(ctx))
	}
}

// deliver gives an invoice to the sink unless it did so before.
func (r *syncRun) deliver(ctx context.Context, invoice *ReceivedInvoice) error {
	if r.known(invoice.KSeFNumber) {
		return nil
	}
	key := deliveryKey(r.stream, invoice.KSeFNumber)
	if err := ctx.Err(); err != nil {
		return &Error{Op: opSync, Err: err}
	}
	if err := r.cfg.Sink.Receive(ctx, SyncDelivery{key, r.context, r.role, invoice}); err != nil {
		return &SinkError{key, err}
	}
	r.recent[invoice.KSeFNumber] = r.stored(invoice.Metadata)
	r.cp.Delivered++
	r.report.Delivered++
	if r.unsaved++; r.unsaved >= r.cfg.SaveEvery {
		return r.save(ctx)
	}
	return nil
}

// stored is when an invoice was stored; one that does not tell is remembered as
// long as those of now.
func (r *syncRun) stored(m *InvoiceMetadata) time.Time {
	if m.PermanentStorageDate.IsZero() {
		return r.cp.Position
	}
	return m.PermanentStorageDate.UTC()
}

// known counts an invoice that is met again.
func (r *syncRun) known(number pl.KSeFNumber) bool {
	_, known := r.recent[number]
	if known {
		r.report.Repeated++
	}
	return known
}
