package offline_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/offline"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	failure := event(t, "F", offline.Emergency, "2026-02-04 08:00", "2026-02-05 20:00") // moves the term to 16 February
	tests := []struct {
		name   string
		state  offline.State
		sentAt string
		now    string
		events []offline.Event
		want   string
	}{
		{"the same day", offline.StateIssued, "", "2026-02-03 12:00", nil, ""},
		{"the last day", offline.StateIssued, "", "2026-02-04 00:00", nil, "deadline.today"},
		{"the last minute", offline.StateIssued, "", "2026-02-04 23:59:59", nil, "deadline.today"},
		{"too late", offline.StateIssued, "", "2026-02-05 00:00", nil, "deadline.missed"},
		{"sent, no answer", offline.StateSent, "2026-02-04 10:00", "2026-02-04 12:00", nil, "outcome.unknown"},
		{"sent, no answer, too late", offline.StateSent, "2026-02-04 10:00", "2026-02-07 12:00", nil, "outcome.unknown"},
		{"sent in time", offline.StateSent, "2026-02-03 11:00", "2026-02-03 12:00", nil, ""},
		{"rejected", offline.StateRejected, "2026-02-03 11:00", "2026-02-03 12:00", nil, "rejected"},
		{"rejected on the last day", offline.StateRejected, "2026-02-03 11:00", "2026-02-04 12:00", nil, "deadline.today rejected"},
		{"blocked", offline.StateBlocked, "2026-02-03 11:00", "2026-02-03 12:00", nil, "blocked"},
		{"accepted in time", offline.StateAccepted, "2026-02-04 23:59:59", "2026-02-09 12:00", nil, ""},
		{"accepted late", offline.StateAccepted, "2026-02-05 00:00", "2026-02-09 12:00", nil, "sent.late"},
		{"accepted in the moved term", offline.StateAccepted, "2026-02-16 20:00", "2026-02-20 12:00", []offline.Event{failure}, ""},
		{"moved, plenty of time", offline.StateIssued, "", "2026-02-06 12:00", []offline.Event{failure}, ""},
		{"moved, two days left", offline.StateIssued, "", "2026-02-13 12:00", []offline.Event{failure}, "deadline.near"},
		{"moved, the weekend before", offline.StateIssued, "", "2026-02-14 12:00", []offline.Event{failure}, "deadline.today"},
		{
			"failure lasts", offline.StateRejected, "2026-02-04 07:00", "2026-02-14 12:00",
			[]offline.Event{event(t, "F", offline.Emergency, "2026-02-04 08:00", "")},
			"failure.lasting rejected",
		},
		{
			"total failure", offline.StateRejected, "2026-02-04 07:00", "2026-02-14 12:00",
			[]offline.Event{event(t, "F", offline.TotalFailure, "2026-02-04 08:00", "")},
			"duty.gone",
		},
		{
			"unavailability ahead", offline.StateIssued, "", "2026-02-03 12:00",
			[]offline.Event{event(t, "U", offline.Unavailable, "2026-02-04 18:00", "2026-02-05 06:00")},
			"unavailable.ahead",
		},
		{
			"unavailability ends in time", offline.StateIssued, "", "2026-02-03 12:00",
			[]offline.Event{event(t, "U", offline.Unavailable, "2026-02-04 18:00", "2026-02-04 22:00")},
			"",
		},
		{
			"unavailability has begun", offline.StateIssued, "", "2026-02-04 19:00",
			[]offline.Event{event(t, "U", offline.Unavailable, "2026-02-04 18:00", "2026-02-05 06:00")},
			"deadline.today",
		},
		{"released", offline.StateReleased, "", "2026-02-09 12:00", nil, ""},
	}
	placeholder := regexp.MustCompile(`%|!`)
	for _, tt := range tests {
		d := issued(t)
		d.State, d.SentAt = tt.state, at(t, tt.sentAt)
		list, err := d.Warnings(at(t, tt.now), tt.events)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var codes []string
		for _, w := range list {
			codes = append(codes, string(w.Code))
			if len(w.EN) < 30 || len(w.PL) < 30 || placeholder.MatchString(w.EN+w.PL) {
				t.Errorf("%s: %+v", tt.name, w)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(codes, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	d := issued(t)
	d.Mode = offline.Emergency
	if _, err := d.Warnings(at(t, "2026-02-03 12:00"), nil); err == nil {
		t.Error("an emergency without evidence")
	}
}

func TestWarningTexts(t *testing.T) {
	t.Parallel()
	d := issued(t)
	list, err := d.Warnings(at(t, "2026-02-05 09:00"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []offline.Warning{{
		Code: offline.WarnMissed,
		EN:   "The term for sending ended on 2026-02-04: send the invoice to KSeF at once, it is accepted late as well.",
		PL:   "Termin przesłania minął 2026-02-04: wyślij fakturę do KSeF niezwłocznie, spóźniona też zostanie przyjęta.",
	}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
}
