package offline_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/offline"
	"github.com/faktupro/faktupro-go/pl"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	fail := func(start, end string) offline.Event { return event(t, "F", offline.Emergency, start, end) }
	down := func(start, end string) offline.Event { return event(t, "U", offline.Unavailable, start, end) }
	total := func(start string) offline.Event { return event(t, "T", offline.TotalFailure, start, "") }
	announced := func(e offline.Event, when string) offline.Event {
		e.Announced = at(t, when)
		return e
	}
	tests := []struct {
		name   string
		mode   offline.Mode
		at     string // also gives the date of issue
		events []offline.Event
		want   string // last day, "open" or "none"
	}{
		// offline24
		{"an ordinary day", offline.Offline24, "2026-02-03 10:00", nil, "2026-02-04"},
		{"a minute before midnight", offline.Offline24, "2026-02-03 23:59", nil, "2026-02-04"},
		{"Friday", offline.Offline24, "2026-02-06 10:00", nil, "2026-02-09"},
		{"Saturday", offline.Offline24, "2026-02-07 10:00", nil, "2026-02-09"},
		{"before Christmas 2025", offline.Offline24, "2025-12-23 10:00", nil, "2025-12-29"},
		{"on Christmas Eve 2025", offline.Offline24, "2025-12-24 10:00", nil, "2025-12-29"},
		{"before Christmas 2026", offline.Offline24, "2026-12-23 10:00", nil, "2026-12-28"},
		{"year end", offline.Offline24, "2025-12-31 23:00", nil, "2026-01-02"},
		{"year end 2026 with a weekend", offline.Offline24, "2026-12-31 10:00", nil, "2027-01-04"},
		{"before Epiphany", offline.Offline24, "2026-01-05 10:00", nil, "2026-01-07"},
		{"Good Friday", offline.Offline24, "2026-04-03 10:00", nil, "2026-04-07"},
		{"before Corpus Christi", offline.Offline24, "2026-06-03 10:00", nil, "2026-06-05"},
		{"before the clock goes forward", offline.Offline24, "2026-03-27 10:00", nil, "2026-03-30"},
		{"before the clock goes back", offline.Offline24, "2026-10-23 10:00", nil, "2026-10-26"},

		// offline24 and what is announced meanwhile
		{
			"a failure on the last day", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-04 08:00", "2026-02-04 20:00")},
			"2026-02-13",
		},
		{
			"a failure in the last second", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-04 23:59:59", "2026-02-05 20:00")},
			"2026-02-16",
		},
		{
			"a failure one second too late", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-05 00:00:00", "2026-02-05 20:00")},
			"2026-02-04",
		},
		{
			"a failure announced too late", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{announced(fail("2026-02-04 08:00", "2026-02-05 20:00"), "2026-02-05 09:00")},
			"2026-02-04",
		},
		{
			"a failure that lasts", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-04 08:00", "")},
			"open",
		},
		{
			"a failure that lasted when the invoice was issued", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-02 08:00", "2026-02-03 12:00")},
			"2026-02-12",
		},
		{
			"a failure that was over", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-02 08:00", "2026-02-03 09:00")},
			"2026-02-04",
		},
		{
			"a failure that ended in the same second", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-02 08:00", "2026-02-03 10:00")},
			"2026-02-04",
		},
		{
			"an unavailability moves nothing", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-04 08:00", "2026-02-06 20:00")},
			"2026-02-04",
		},
		{
			"a failure ends on Saturday", offline.Offline24, "2025-07-08 10:00",
			[]offline.Event{fail("2025-07-09 10:00", "2025-07-12 10:00")},
			"2025-07-22",
		},
		{
			"a failure over Christmas", offline.Offline24, "2025-12-23 10:00",
			[]offline.Event{fail("2025-12-27 10:00", "2025-12-28 10:00")},
			"2026-01-08",
		},
		{
			"a failure before Easter, over the change of the clock", offline.Offline24, "2026-03-27 10:00",
			[]offline.Event{fail("2026-03-28 22:00", "2026-03-29 04:00")},
			"2026-04-08",
		},
		{
			"total failure", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{total("2026-02-04 12:00")},
			"none",
		},
		{
			"total failure too late", offline.Offline24, "2026-02-03 10:00",
			[]offline.Event{total("2026-02-05 12:00")},
			"2026-02-04",
		},

		// unavailability
		{
			"planned unavailability", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "2026-02-03 20:00")},
			"2026-02-04",
		},
		{
			"over a weekend", offline.Unavailable, "2026-02-06 22:00",
			[]offline.Event{down("2026-02-06 20:00", "2026-02-08 06:00")},
			"2026-02-09",
		},
		{
			"until midnight", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "2026-02-04 00:00")},
			"2026-02-04",
		},
		{
			"before Christmas Eve", offline.Unavailable, "2026-12-23 10:00",
			[]offline.Event{down("2026-12-23 08:00", "2026-12-23 22:00")},
			"2026-12-28",
		},
		{
			"a failure follows", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "2026-02-03 20:00"), fail("2026-02-04 08:00", "2026-02-05 08:00")},
			"2026-02-16",
		},
		{
			"a total failure follows", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "2026-02-03 20:00"), total("2026-02-04 08:00")},
			"none",
		},
		{
			"end not announced", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "")},
			"open",
		},
		{
			"of two the longer counts", offline.Unavailable, "2026-02-03 10:00",
			[]offline.Event{down("2026-02-03 08:00", "2026-02-05 20:00"), down("2026-02-03 09:00", "2026-02-03 20:00")},
			"2026-02-06",
		},

		// emergency
		{
			"a failure of one day", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "2026-02-03 20:00")},
			"2026-02-12",
		},
		{
			"over New Year and Epiphany", offline.Emergency, "2025-12-23 09:00",
			[]offline.Event{fail("2025-12-23 08:00", "2025-12-23 10:00")},
			"2026-01-08",
		},
		{
			"ends after midnight in Warsaw, before it in UTC", offline.Emergency, "2026-03-28 12:00",
			[]offline.Event{fail("2026-03-28 08:00", "2026-03-30 00:30")},
			"2026-04-09",
		},
		{
			"a further failure starts the term again", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "2026-02-03 20:00"), fail("2026-02-12 10:00", "2026-02-13 10:00")},
			"2026-02-24",
		},
		{
			"and another", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{
				fail("2026-02-20 10:00", "2026-02-21 10:00"), // counts because of the second one
				fail("2026-02-03 08:00", "2026-02-03 20:00"), fail("2026-02-12 10:00", "2026-02-13 10:00"),
			},
			"2026-03-03",
		},
		{
			"a further failure too late", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "2026-02-03 20:00"), fail("2026-02-13 10:00", "2026-02-14 10:00")},
			"2026-02-12",
		},
		{
			"a shorter failure within the longer", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "2026-02-06 20:00"), fail("2026-02-03 09:00", "2026-02-04 20:00")},
			"2026-02-17",
		},
		{
			"the failure lasts", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "")},
			"open",
		},
		{
			"the failure lasts and another has ended", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", ""), fail("2026-02-04 08:00", "2026-02-04 09:00")},
			"open",
		},
		{
			"total failure while the failure lasts", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", ""), total("2026-03-01 08:00")},
			"none",
		},
		{
			"total failure in the term", offline.Emergency, "2026-02-03 10:00",
			[]offline.Event{fail("2026-02-03 08:00", "2026-02-03 20:00"), total("2026-02-12 23:59")},
			"none",
		},
		{
			"issued in a total failure", offline.TotalFailure, "2026-02-03 10:00",
			[]offline.Event{total("2026-02-03 08:00")},
			"none",
		},
	}
	for _, tt := range tests {
		issued := at(t, tt.at)
		got, err := offline.DeadlineFor(tt.mode, pl.DateOf(issued), issued, tt.events)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		text := got.Last.String()
		if got.Duty != offline.DutyDated {
			text = string(got.Duty)
		}
		if text != tt.want || (got.Duty == offline.DutyDated) == got.Last.IsZero() || len(got.Steps) == 0 {
			t.Errorf("%s: %s, want %s; steps %v", tt.name, text, tt.want, got.Steps)
		}
	}
}

func TestDeadlineRefused(t *testing.T) {
	t.Parallel()
	noon := at(t, "2026-02-03 12:00")
	today := pl.DateOf(noon)
	failure := event(t, "F", offline.Emergency, "2026-02-03 08:00", "2026-02-03 20:00")
	tests := []struct {
		name   string
		mode   offline.Mode
		issued pl.Date
		at     time.Time
		events []offline.Event
		want   error
	}{
		{"no failure", offline.Emergency, today, noon, nil, offline.ErrEvidence},
		{"no unavailability", offline.Unavailable, today, noon, []offline.Event{failure}, offline.ErrEvidence},
		{"no total failure", offline.TotalFailure, today, noon, []offline.Event{failure}, offline.ErrEvidence},
		{"before the failure", offline.Emergency, today, at(t, "2026-02-03 07:59"), []offline.Event{failure}, offline.ErrEvidence},
		{"after the failure", offline.Emergency, today, at(t, "2026-02-03 20:00"), []offline.Event{failure}, offline.ErrEvidence},
		{"unknown mode", "online", today, noon, nil, offline.ErrEvidence},
		{"no date", offline.Offline24, pl.Date{}, noon, nil, offline.ErrEvidence},
		{"no time", offline.Offline24, today, time.Time{}, nil, offline.ErrEvidence},
		{"tomorrow's date", offline.Offline24, today.AddDays(1), noon, nil, offline.ErrFuture},
		{"event without kind", offline.Offline24, today, noon, []offline.Event{{Announced: noon, Start: noon}}, offline.ErrEvidence},
		{"event without start", offline.Offline24, today, noon, []offline.Event{{Kind: offline.Emergency, Announced: noon}}, offline.ErrEvidence},
		{"event without announcement", offline.Offline24, today, noon, []offline.Event{{Kind: offline.Emergency, Start: noon}}, offline.ErrEvidence},
		{"event that ends before it starts", offline.Offline24, today, noon, []offline.Event{{
			Kind: offline.Emergency, Announced: noon, Start: noon, End: noon.Add(-1),
		}}, offline.ErrEvidence},
		{"event far away", offline.Offline24, today, noon, []offline.Event{{
			Kind: offline.Emergency, Announced: noon, Start: noon, End: noon.AddDate(7000, 0, 0),
		}}, offline.ErrEvidence},
	}
	for _, tt := range tests {
		if d, err := offline.DeadlineFor(tt.mode, tt.issued, tt.at, tt.events); !errors.Is(err, tt.want) || d.Duty != "" {
			t.Errorf("%s: %v, %v", tt.name, d, err)
		}
	}
}

func TestDeadlineSteps(t *testing.T) {
	t.Parallel()
	issued := at(t, "2025-07-08 10:00")
	got, err := offline.DeadlineFor(offline.Offline24, pl.DateOf(issued), issued, []offline.Event{
		event(t, "41", offline.Emergency, "2025-07-09 10:00", "2025-07-12 10:00"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := offline.Deadline{
		Duty: offline.DutyDated, Last: day(t, "2025-07-22"),
		Steps: []offline.Step{
			{Article: "art. 106nda", Last: day(t, "2025-07-09")},
			{Event: "41", Article: "art. 106nf(4) and (5), art. 106nh(3)(1)", Last: day(t, "2025-07-22")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	until := at(t, "2025-07-23 00:00")
	if !got.Until().Equal(until) || got.Passed(until.Add(-1)) || !got.Passed(until) {
		t.Errorf("until %v", got.Until())
	}
	for now, want := range map[string]int{
		"2025-07-12 12:00": 7, "2025-07-14 12:00": 7, "2025-07-21 23:59": 2, "2025-07-22 00:00": 1, "2025-07-23 00:00": 0,
	} {
		if n := got.Workdays(at(t, now)); n != want {
			t.Errorf("at %s %d working days are left, want %d", now, n, want)
		}
	}
}

func TestReferenceDeadlines(t *testing.T) {
	t.Parallel()
	var v struct {
		OfflineDeadline []struct {
			Mode offline.Mode

			Issued, BaseDeadline, FailureAnnounced, FailureEnded, Deadline pl.Date
		}
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	for _, e := range v.OfflineDeadline {
		noon := func(d pl.Date) time.Time { return d.Start().Add(12 * time.Hour) }
		failure := offline.Event{Kind: offline.Emergency, Announced: noon(e.FailureAnnounced), Start: noon(e.FailureAnnounced), End: noon(e.FailureEnded)}
		base, err := offline.DeadlineFor(e.Mode, e.Issued, noon(e.Issued), nil)
		moved, err2 := offline.DeadlineFor(e.Mode, e.Issued, noon(e.Issued), []offline.Event{failure})
		if err := errors.Join(err, err2); err != nil || base.Last != e.BaseDeadline || moved.Last != e.Deadline {
			t.Errorf("issued %v: %v and %v, %v; want %v and %v", e.Issued, base.Last, moved.Last, err, e.BaseDeadline, e.Deadline)
		}
	}
	if len(v.OfflineDeadline) == 0 {
		t.Error("no vectors found: has the file changed its form?")
	}
}

// TestDeadlineProperties: further failures never shorten a term, the order in
// which events are told makes no difference, the last day is a working day.
func TestDeadlineProperties(t *testing.T) {
	t.Parallel()
	start := at(t, "2025-12-01 00:00")
	hour := func(t *rapid.T, label string, limit int) time.Duration {
		return time.Duration(rapid.IntRange(0, limit).Draw(t, label)) * time.Hour
	}
	rapid.Check(t, func(t *rapid.T) {
		issued := start.Add(hour(t, "issued", 2000))
		var events []offline.Event
		last, err := offline.DeadlineFor(offline.Offline24, pl.DateOf(issued), issued, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 6).Draw(t, "failures") {
			begin := start.Add(hour(t, "begin", 2500))
			e := offline.Event{Kind: offline.Emergency, Announced: begin.Add(hour(t, "told", 48)), Start: begin, End: begin.Add(hour(t, "length", 100))}
			events = append(events, e)
			d, err := offline.DeadlineFor(offline.Offline24, pl.DateOf(issued), issued, events)
			if err != nil || d.Last.Before(last.Last) || !d.Last.IsWorkday() || d.Duty != offline.DutyDated {
				t.Fatalf("%v after %v, %v", d, last, err)
			}
			last = d
		}
		shuffled, err := offline.DeadlineFor(offline.Offline24, pl.DateOf(issued), issued, rapid.Permutation(events).Draw(t, "order"))
		if err != nil || shuffled.Last != last.Last {
			t.Fatalf("%v in another order, %v", shuffled, err)
		}
	})
}
