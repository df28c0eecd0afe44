package offline_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/offline"
)

func TestRules(t *testing.T) {
	t.Parallel()
	rules := offline.Rules()
	if len(rules) != 4 {
		t.Fatalf("%d rules", len(rules))
	}
	for _, r := range rules {
		again, ok := r.Mode.Rule()
		if diff := cmp.Diff(r, again); !ok || diff != "" {
			t.Errorf("%s: %s", r.Mode, diff)
		}
		if send := r.Workdays > 0; send == (r.Mode == offline.TotalFailure) || r.FA3 != send || r.Codes != send {
			t.Errorf("%s: %+v", r.Mode, r)
		}
		if r.Polish == "" || r.Article == "" || r.Trigger == "" {
			t.Errorf("%s is not described", r.Mode)
		}
	}
	if _, ok := offline.Mode("online").Rule(); ok {
		t.Error("online is an offline mode")
	}
}

func TestModeAt(t *testing.T) {
	t.Parallel()
	events := []offline.Event{
		event(t, "1", offline.Unavailable, "2026-02-03 08:00", "2026-02-03 20:00"),
		event(t, "2", offline.TotalFailure, "2026-02-03 12:00", "2026-02-03 13:00"),
		event(t, "3", offline.Emergency, "2026-02-03 10:00", ""),
	}
	for when, want := range map[string]offline.Mode{
		"2026-02-03 07:59": offline.Offline24, "2026-02-03 08:00": offline.Unavailable, "2026-02-03 10:00": offline.Emergency,
		"2026-02-03 12:30": offline.TotalFailure, "2026-02-03 13:00": offline.Emergency, "2027-02-03 13:00": offline.Emergency,
	} {
		if got := offline.ModeAt(events, at(t, when)); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	clock := func(s string) time.Time { return at(t, s) }
	notices := []offline.Notice{
		{EventID: 7, Category: "FAILURE", Type: "FAILURE_END", Start: clock("2026-02-03 08:00"), End: clock("2026-02-03 20:00"), Published: clock("2026-02-03 20:05"), Version: 1},
		{EventID: 7, Category: "FAILURE", Type: "FAILURE_START", Start: clock("2026-02-03 08:00"), Published: clock("2026-02-03 08:30"), Version: 1},
		// The maintenance is put off; it was announced with the first version.
		{EventID: 5, Category: "MAINTENANCE", Type: "MAINTENANCE_ANNOUNCEMENT", Start: clock("2026-02-11 20:00"), End: clock("2026-02-11 23:00"), Published: clock("2026-02-01 12:00"), Version: 2},
		{EventID: 5, Category: "MAINTENANCE", Type: "MAINTENANCE_ANNOUNCEMENT", Start: clock("2026-02-10 20:00"), End: clock("2026-02-10 23:00"), Published: clock("2026-02-01 12:00"), Version: 1},
		// A failure becomes total: the messages share the event.
		{EventID: 9, Category: "FAILURE", Type: "FAILURE_START", Start: clock("2026-02-20 08:00"), Published: clock("2026-02-20 08:10"), Version: 1},
		{EventID: 9, Category: "TOTAL_FAILURE", Type: "FAILURE_START", Start: clock("2026-02-20 10:00"), Published: clock("2026-02-20 10:10"), Version: 1},
		// Only the end is left in the list.
		{EventID: 3, Category: "FAILURE", Type: "FAILURE_END", Start: clock("2026-01-03 08:00"), End: clock("2026-01-03 20:00"), Published: clock("2026-01-03 21:00"), Version: 1},
		{EventID: 11, Category: "NEWS", Type: "HOLIDAYS", Published: clock("2026-01-03 21:00")},
	}
	got, err := offline.Events(notices)
	if err != nil {
		t.Fatal(err)
	}
	want := []offline.Event{
		{ID: "3", Kind: offline.Emergency, Announced: clock("2026-01-03 08:00"), Start: clock("2026-01-03 08:00"), End: clock("2026-01-03 20:00")},
		{ID: "5", Kind: offline.Unavailable, Announced: clock("2026-02-01 12:00"), Start: clock("2026-02-11 20:00"), End: clock("2026-02-11 23:00")},
		{ID: "7", Kind: offline.Emergency, Announced: clock("2026-02-03 08:30"), Start: clock("2026-02-03 08:00"), End: clock("2026-02-03 20:00")},
		{ID: "9", Kind: offline.Emergency, Announced: clock("2026-02-20 08:10"), Start: clock("2026-02-20 08:00")},
		{ID: "9", Kind: offline.TotalFailure, Announced: clock("2026-02-20 10:10"), Start: clock("2026-02-20 10:00")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := offline.Events(nil); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestEventsRefused(t *testing.T) {
	t.Parallel()
	for name, notices := range map[string][]offline.Notice{
		"no times":              {{EventID: 1, Category: "FAILURE", Type: "FAILURE_START"}},
		"ends before it starts": {{EventID: 1, Category: "MAINTENANCE", Start: at(t, "2026-02-03 08:00"), End: at(t, "2026-02-03 07:00"), Published: at(t, "2026-02-03 07:00")}},
		"too many":              make([]offline.Notice, 10_001),
	} {
		if _, err := offline.Events(notices); !errors.Is(err, offline.ErrEvidence) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
