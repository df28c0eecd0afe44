package ksefsim

import (
	"errors"
	"slices"
	"time"
)

// tick is the unit in which the store that keeps invoices for good counts.
const tick = time.Microsecond

// storageDate is when an invoice that is accepted now is stored for good. It is
// behind every high-water mark that was ever told, so that whoever goes on from
// a mark misses nothing. It is zero while storage is held up; hidden says that
// the invoice is not found although it has its date.
func (st *state) storageDate(now time.Time) (stored time.Time, hidden bool) {
	if st.hold.storage {
		return time.Time{}, false
	}
	stored = now.Add(st.pace.storage).Truncate(tick)
	if !stored.After(st.mark) {
		stored = st.mark.Add(tick)
	}
	return stored, st.hold.hole
}

// shelve notes from when an accepted invoice is found.
func (st *state) shelve(inv *invoice) {
	e := inv.settled
	inv.position = len(st.accepted)
	for _, name := range inv.Facts.names() {
		st.concerned[name] = append(st.concerned[name], inv)
	}
	switch {
	case e.Stored.IsZero() || e.Hidden:
		st.unshelved = append(st.unshelved, inv)
	case e.Stored.Sub(e.At) < time.Millisecond: // set back behind a mark, not delayed
		inv.visible = e.At
	default:
		inv.visible = e.Stored
	}
}

// found reports whether an invoice is in the store.
func (inv *invoice) found(now time.Time) bool {
	return !inv.visible.IsZero() && !now.Before(inv.visible)
}

// invoiceStored says that an invoice whose storage was held up is stored.
type invoiceStored struct {
	Session   string    `json:"session"`
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
	Stored    time.Time `json:"stored"` // permanentStorageDate
}

func (*invoiceStored) kind() string { return "invoice-stored" }

func (e *invoiceStored) apply(st *state) error {
	se, known := st.session[e.Session]
	if !known {
		return errUnknownReference
	}
	inv, known := se.byRef[e.Reference]
	if !known {
		return errUnknownReference
	}
	inv.settled.Stored, inv.settled.Hidden, inv.visible = e.Stored, false, e.At
	st.unshelved = slices.DeleteFunc(st.unshelved, func(other *invoice) bool { return other == inv })
	return nil
}

// storeHeld stores everything that was held up.
func (st *state) storeHeld(now time.Time) error {
	var errs []error
	for _, inv := range slices.Clone(st.unshelved) {
		e := &invoiceStored{Session: inv.Session, Reference: inv.Reference, At: now, Stored: inv.settled.Stored}
		if e.Stored.IsZero() {
			e.Stored, _ = st.storageDate(now)
		}
		errs = append(errs, st.commit(e))
	}
	return errors.Join(errs...)
}

// highWater is the high-water mark: no invoice that cannot be found yet will
// ever have a date of permanent storage up to it.
func (s *Server) highWater(now time.Time) time.Time {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	mark := now.Add(-s.cfg.HighWaterDelay).Truncate(tick).Add(-tick)
	for _, inv := range st.unshelved {
		if stored := inv.settled.Stored; !stored.IsZero() && !mark.Before(stored) {
			mark = stored.Add(-tick)
		}
	}
	if mark.After(st.mark) {
		st.mark = mark
	}
	return mark
}
