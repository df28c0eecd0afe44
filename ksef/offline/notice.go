package offline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Notice is one message of Latarnia, the Ministry's service that announces
// unavailability and failures.
type Notice struct {
	ID      string
	EventID int64 // the messages about one event share it
	// Category is FAILURE, TOTAL_FAILURE or MAINTENANCE.
	Category string
	// Type is FAILURE_START, FAILURE_END or MAINTENANCE_ANNOUNCEMENT.
	Type      string
	Start     time.Time
	End       time.Time // the zero time when not told
	Version   int       // a later version of a message replaces the earlier
	Published time.Time
}

// maxNotices is more than Latarnia publishes in a year.
const maxNotices = 10_000

// categories is the kind of event that each category announces.
var categories = map[string]Mode{"MAINTENANCE": Unavailable, "FAILURE": Emergency, "TOTAL_FAILURE": TotalFailure}

const failureEnd = "FAILURE_END"

// Events joins messages to events, in the order of their announcement. Of several
// versions of a message the newest counts, but the event was announced when the
// first was published. Messages of unknown category are left out: what they mean
// for terms is not known. An event whose start was never seen counts as announced
// when it started. The error is ErrEvidence for more than 10,000 messages or an
// event from which no term can be counted.
func Events(notices []Notice) ([]Event, error) {
	if len(notices) > maxNotices {
		return nil, fmt.Errorf("offline: read %d announcements: %w", len(notices), ErrEvidence)
	}
	sorted := slices.Clone(notices)
	slices.SortStableFunc(sorted, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), a.Published.Compare(b.Published))
	})
	type key struct {
		id   int64
		kind Mode
	}
	joined := map[key]*Event{}
	for _, n := range sorted {
		kind, known := categories[n.Category]
		if !known {
			continue
		}
		k := key{n.EventID, kind}
		if joined[k] == nil {
			joined[k] = &Event{ID: strconv.FormatInt(n.EventID, 10), Kind: kind}
		}
		joined[k].join(n)
	}
	events := make([]Event, 0, len(joined))
	for _, e := range joined {
		if e.Announced.IsZero() {
			e.Announced = e.Start
		}
		events = append(events, *e)
	}
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(a.Announced.Compare(b.Announced), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Kind, b.Kind))
	})
	return events, checkEvents(events)
}

// join takes over what a message says; messages come from the oldest version to
// the newest. The message about a failure's start knows no end.
func (e *Event) join(n Notice) {
	if !n.Start.IsZero() {
		e.Start = n.Start
	}
	if n.Type == failureEnd || e.Kind == Unavailable {
		e.End = n.End
	}
	if n.Type == failureEnd {
		return
	}
	if e.Announced.IsZero() || n.Published.Before(e.Announced) {
		e.Announced = n.Published
	}
}
