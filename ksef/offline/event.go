package offline

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Event is one announced unavailability or failure of KSeF.
type Event struct {
	ID   string `json:"id"`   // of the announcement, for the record
	Kind Mode   `json:"kind"` // the mode it gives: Unavailable, Emergency or TotalFailure
	// Announced is when the message about its start was published. A term moves
	// only for failures announced before it runs out.
	Announced time.Time `json:"announced"`
	Start     time.Time `json:"start"`
	// End is what the message about the end says, the zero time while there is
	// none.
	End time.Time `json:"end,omitzero"`
}

// InForce reports whether the event lasts at the instant.
func (e Event) InForce(at time.Time) bool {
	return !at.Before(e.Start) && (e.End.IsZero() || at.Before(e.End))
}

// check refuses events from which no term can be counted.
func (e Event) check() error {
	known := e.Kind == Unavailable || e.Kind == Emergency || e.Kind == TotalFailure
	if !known || !countable(e.Announced) || !countable(e.Start) {
		return fmt.Errorf("offline: event without kind, announcement or start: %w", ErrEvidence)
	}
	if !e.End.IsZero() && (!countable(e.End) || e.End.Before(e.Start)) {
		return fmt.Errorf("offline: event that ends before it starts: %w", ErrEvidence)
	}
	return nil
}

func checkEvents(events []Event) error {
	for _, e := range events {
		if err := e.check(); err != nil {
			return err
		}
	}
	return nil
}

// countable leaves out the zero time and years in which no term of KSeF runs;
// behind 2100 there is also no calendar of holidays.
func countable(t time.Time) bool { return 2000 <= t.Year() && t.Year() < pl.LastHolidayYear }

// endDay is the day on which the event ended in Warsaw. An end at midnight
// belongs to the day before, which gives the earlier and so the safer deadline.
func (e Event) endDay() pl.Date { return pl.DateOf(e.End.Add(-1)) }

// term is the last day to send what was issued during the event; no date while
// the event lasts.
func (e Event) term() pl.Date {
	rule, _ := e.Kind.Rule()
	if e.End.IsZero() {
		return pl.Date{}
	}
	return e.endDay().AddWorkdays(rule.Workdays)
}
