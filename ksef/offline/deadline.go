package offline

import (
	"fmt"
	"slices"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Duty is whether an invoice must still be sent. The values are stable.
type Duty string

// The duties.
const (
	DutyDated Duty = "dated" // by the last day
	DutyOpen  Duty = "open"  // by a day that is known only when a failure or unavailability has ended
	DutyNone  Duty = "none"  // not at all, because of a total failure
)

// Deadline is until when an invoice must be sent to KSeF, as far as the events
// known today tell.
type Deadline struct {
	Duty Duty    `json:"duty"`
	Last pl.Date `json:"last,omitzero"` // the last day; no date unless Duty is DutyDated
	// Steps tells how it came about, the first term first.
	Steps []Step `json:"steps"`
}

// Step is one reason for a deadline.
type Step struct {
	Event   string  `json:"event,omitempty"` // ID of the event, "" for the date of issue
	Article string  `json:"article"`
	Last    pl.Date `json:"last,omitzero"` // the last day by this step; no date while the event lasts
}

// Until is the first instant after the last day, in Warsaw; the zero time when
// there is no last day.
func (d Deadline) Until() time.Time { return d.Last.End() }

// Passed reports whether the last day is over.
func (d Deadline) Passed(now time.Time) bool {
	return d.Duty == DutyDated && !now.Before(d.Until())
}

// Workdays is how many working days are left, today included if it is one; 0
// when there is no last day.
func (d Deadline) Workdays(now time.Time) int {
	n := 0
	if d.Duty == DutyDated {
		for range pl.Workdays(pl.DateOf(now), d.Last) {
			n++
		}
	}
	return n
}

// DeadlineFor counts the term for sending. Issued is the date of issue (P_1), at
// the instant at which the invoice was really issued, which tells the events
// that were in force.
//
// The error is ErrEvidence when no event supports the mode, ErrFuture when the
// date of issue is later than at.
func DeadlineFor(mode Mode, issued pl.Date, at time.Time, events []Event) (Deadline, error) {
	rule, known := mode.Rule()
	if !known || !issued.Valid() || !countable(at) || !countable(issued.Start()) {
		return Deadline{}, fmt.Errorf("offline: count term: unknown mode or no date: %w", ErrEvidence)
	}
	if issued.After(pl.DateOf(at)) {
		return Deadline{}, fmt.Errorf("offline: count term: %w", ErrFuture)
	}
	if err := checkEvents(events); err != nil {
		return Deadline{}, err
	}
	if rule.AfterEnd || mode == TotalFailure {
		return afterEvent(rule, at, events)
	}
	last := issued.AddWorkdays(rule.Workdays)
	d := Deadline{Duty: DutyDated, Last: last, Steps: []Step{{Article: rule.Article, Last: last}}}
	return d.move(at, events), nil
}

// afterEvent is the term of an invoice issued during an event.
func afterEvent(rule Rule, at time.Time, events []Event) (Deadline, error) {
	i := -1
	for j, e := range events {
		if e.Kind == rule.Mode && e.InForce(at) && (i < 0 || endsLater(e, events[i])) {
			i = j
		}
	}
	if i < 0 {
		return Deadline{}, fmt.Errorf("offline: mode %s: no such event was in force: %w", rule.Mode, ErrEvidence)
	}
	d := Deadline{Duty: DutyDated, Last: events[i].term()}
	d.Steps = []Step{{Event: events[i].ID, Article: rule.Article, Last: d.Last}}
	switch {
	case rule.Mode == TotalFailure:
		d.Duty, d.Last, d.Steps[0].Last = DutyNone, pl.Date{}, pl.Date{}
		return d, nil
	case d.Last.IsZero():
		d.Duty = DutyOpen
	}
	rest := slices.Delete(slices.Clone(events), i, i+1)
	return d.move(at, rest), nil
}

func endsLater(a, b Event) bool {
	return !b.End.IsZero() && (a.End.IsZero() || a.End.After(b.End))
}

// move applies the failures announced before the term runs out, in the order of
// their announcement, because each of them lets it run longer. A term never gets
// shorter.
func (d Deadline) move(at time.Time, events []Event) Deadline {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return a.Announced.Compare(b.Announced) })
	for _, e := range events {
		over := !e.End.IsZero() && !e.End.After(at) // before the invoice was issued
		late := d.Duty == DutyDated && !e.Announced.Before(d.Until())
		if over || late || e.Kind == Unavailable {
			continue
		}
		if e.Kind == TotalFailure {
			return d.cancel(e)
		}
		d.extend(e)
	}
	return d
}

func (d Deadline) cancel(e Event) Deadline {
	d.Duty, d.Last = DutyNone, pl.Date{}
	d.Steps = append(d.Steps, Step{Event: e.ID, Article: "art. 106nf(7), art. 106nh(3)(2)"})
	return d
}

func (d *Deadline) extend(e Event) {
	last := e.term()
	if d.Duty == DutyDated && !last.IsZero() && !last.After(d.Last) {
		return
	}
	d.Steps = append(d.Steps, Step{Event: e.ID, Article: "art. 106nf(4) and (5), art. 106nh(3)(1)", Last: last})
	if last.IsZero() || d.Duty == DutyOpen {
		d.Duty, d.Last = DutyOpen, pl.Date{}
		return
	}
	d.Last = last
}
