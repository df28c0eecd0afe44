package ksefsim

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"
)

// hold is what a test keeps from happening. It is guarded by the lock of the
// state and not stored: a new process holds nothing back.
type hold struct {
	processing bool // invoices stay at 150, sessions unfinished
	upo        bool // confirmations are not there yet
	storage    bool // invoices are not stored for good
	hole       bool // invoices are stored and not found

	invoices []*invoice
	waiting  []*session
}

// invoice keeps an invoice whose time has come.
func (h *hold) invoice(inv *invoice) bool {
	if h.processing && !inv.held {
		inv.held = true
		h.invoices = append(h.invoices, inv)
	}
	return h.processing
}

// sessions keeps a session that could be finished.
func (h *hold) sessions(se *session) bool {
	if !h.processing && !h.upo {
		return false
	}
	if !slices.Contains(h.waiting, se) {
		h.waiting = append(h.waiting, se)
	}
	return true
}

// release lets everything happen that was kept and is kept no more.
func (st *state) release(now time.Time) error {
	var errs []error
	if !st.hold.processing {
		held := st.hold.invoices
		st.hold.invoices = nil
		for _, inv := range held {
			inv.held = false
			errs = append(errs, st.settleInvoice(inv, now))
		}
	}
	if !st.hold.processing && !st.hold.upo {
		waiting := st.hold.waiting
		st.hold.waiting = nil
		for _, se := range waiting {
			errs = append(errs, st.finish(se, now))
		}
	}
	if !st.hold.storage && !st.hold.hole {
		errs = append(errs, st.storeHeld(now))
	}
	return errors.Join(errs...)
}

// set changes what is held back.
func (s *Server) set(change func(*hold)) error {
	st := s.state
	st.mu.Lock()
	now := s.cfg.instant()
	err := st.advance(now)
	change(&st.hold)
	err = errors.Join(err, st.release(now))
	st.mu.Unlock()
	return errors.Join(err, st.flush())
}

// HoldProcessing keeps invoices at status 150 and sessions unfinished, whatever
// the delays are, until it is called with false; then everything that was due
// happens. A new process on the same directory holds nothing back. The error is
// that of a journal that cannot be written.
func (s *Server) HoldProcessing(on bool) error {
	return s.set(func(h *hold) { h.processing = on })
}

// HoldUPO keeps confirmations of invoices accepted meanwhile away, and with them
// the end of their sessions.
func (s *Server) HoldUPO(on bool) error {
	return s.set(func(h *hold) { h.upo = on })
}

// HoldStorage keeps accepted invoices from being stored for good: they have a
// KSeF number and no permanentStorageDate, cannot be downloaded and are not found
// by queries and exports. When it ends they get the date of that moment.
func (s *Server) HoldStorage(on bool) error {
	return s.set(func(h *hold) { h.storage = on })
}

// HoldVisibility opens a hole below the present: invoices get their
// permanentStorageDate at once and are found only when it ends, while later ones
// would be. The high-water mark stays in front of the first of them, so a client
// that goes on from the mark misses nothing and one that goes on from the latest
// date it saw does.
func (s *Server) HoldVisibility(on bool) error {
	return s.set(func(h *hold) { h.hole = on })
}

// ReleaseVisibility shows the invoices in the hole at the given positions, in the
// order in which they were accepted, and leaves the others: what was stored
// earlier may then appear later.
func (s *Server) ReleaseVisibility(positions ...int) error {
	st := s.state
	st.mu.Lock()
	now := s.cfg.instant()
	hidden := slices.Clone(st.unshelved)
	var errs []error
	for _, i := range positions {
		if i < 0 || i >= len(hidden) || hidden[i].settled.Stored.IsZero() {
			continue
		}
		inv := hidden[i]
		errs = append(errs, st.commit(&invoiceStored{Session: inv.Session, Reference: inv.Reference, At: now, Stored: inv.settled.Stored}))
	}
	st.mu.Unlock()
	return errors.Join(append(errs, st.flush())...)
}

// ExpireSessions closes all interactive sessions that are open and cancels batch
// sessions that were not closed, as the end of their time would, and returns how
// many there were.
func (s *Server) ExpireSessions() (n int, err error) {
	st := s.state
	st.mu.Lock()
	now := s.cfg.instant()
	var open []*session
	for _, se := range st.session {
		if se.status().Code == statusAccepted {
			open = append(open, se)
		}
	}
	slices.SortFunc(open, func(a, b *session) int { return cmp.Compare(a.Reference, b.Reference) })
	var errs []error
	for _, se := range open {
		if se.Batch != nil {
			errs = append(errs, st.expireBatch(se, now))
		} else {
			errs = append(errs, st.closeSession(se, now))
		}
	}
	errs = append(errs, st.advance(now))
	st.mu.Unlock()
	return len(open), errors.Join(append(errs, st.flush())...)
}

// EndLogins revokes every login, as its holder could: refreshing is refused with
// exception 21301 naming status 425, access tokens live on until they expire.
func (s *Server) EndLogins() error {
	st := s.state
	st.mu.Lock()
	now := s.cfg.instant()
	var references []string
	for reference, l := range st.logins {
		if l.revoked.IsZero() {
			references = append(references, reference)
		}
	}
	slices.Sort(references)
	var errs []error
	for _, reference := range references {
		errs = append(errs, st.commit(&loginRevoked{Reference: reference, At: now}))
	}
	st.mu.Unlock()
	return errors.Join(append(errs, st.flush())...)
}

// dials are settings that tests change while a simulator runs.
type dials struct {
	cfg     *Config
	mu      sync.Mutex
	limits  ExportLimits
	voidTo  time.Time // links made until then are void
	warning string
}

// ExportLimits bound exports and metadata queries. A zero field means the limit
// of KSeF, or that of the Config.
type ExportLimits struct {
	Invoices int   // invoices of a package; 10,000
	Bytes    int64 // bytes of the XML of a package, before compression; 1,000,000,000
	PartSize int64 // bytes of a part before encryption; 50,000,000
	Window   int   // records that one metadata filter shows; 10,000
}

// or takes the limits of another where this has none.
func (l ExportLimits) or(other ExportLimits) ExportLimits {
	return ExportLimits{
		cmp.Or(l.Invoices, other.Invoices), cmp.Or(l.Bytes, other.Bytes),
		cmp.Or(l.PartSize, other.PartSize), cmp.Or(l.Window, other.Window),
	}
}

func (d *dials) exports() ExportLimits {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.limits.or(d.cfg.Exports).or(ExportLimits{maxSessionInvoices, maxExportBytes, maxExportPart, maxSessionInvoices})
}

func (d *dials) exportPart() int64 { return d.exports().PartSize }
func (d *dials) window() int       { return d.exports().Window }

// fitting is how many invoices of a list go into one package. One always does.
func (d *dials) fitting(list []*invoice, metadataOnly bool) int {
	l := d.exports()
	size := int64(0)
	for i, inv := range list {
		if !metadataOnly {
			size += int64(len(inv.XML))
		}
		if i >= l.Invoices || i > 0 && size > l.Bytes {
			return i
		}
	}
	return len(list)
}

// linksVoid reports whether links that became good at an instant were withdrawn.
func (d *dials) linksVoid(begins time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.voidTo.IsZero() && !begins.Add(linkSkew).After(d.voidTo)
}

// LimitExports changes the limits of exports begun and metadata queries made from
// now on, to see several parts or a truncated result with a few invoices.
func (s *Server) LimitExports(l ExportLimits) {
	s.dials.mu.Lock()
	defer s.dials.mu.Unlock()
	s.dials.limits = l
}

// ExpireLinks ends the validity of all links for uploads and downloads made so
// far; links of the same second are among them.
func (s *Server) ExpireLinks() {
	s.dials.mu.Lock()
	defer s.dials.mu.Unlock()
	s.dials.voidTo = s.cfg.instant()
}

// Warn puts a text into the header X-System-Warning of every success from now on,
// as "[code]: message | [code]: message"; "" ends it.
func (s *Server) Warn(text string) {
	s.dials.mu.Lock()
	defer s.dials.mu.Unlock()
	s.dials.warning = text
}

func (d *dials) warn() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.warning
}
