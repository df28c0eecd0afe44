package pl_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-02-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		got, err := pl.ParseDate(s)
		if err != nil || got.String() != s || !got.Valid() {
			t.Errorf("ParseDate(%s) = %s, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "2026-02-30", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31",
		"0000-01-01", "2026-1-1", "26-01-01", "2026/01/01", " 2026-01-01", "2026-01-01 ", "2026-01-01T00:00:00Z",
		"+026-01-01", "-001-01-01", "2026-01-0１", "20260101", "2026-01-1a",
	} {
		if got, err := pl.ParseDate(s); !errors.Is(err, pl.ErrFormat) || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
}

func TestDateAgreesWithTime(t *testing.T) {
	t.Parallel()
	for day := pl.NewDate(1899, 12, 28); day.Year < 2101; day = day.AddDays(1) {
		want := time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, time.UTC)
		if want.Format(time.DateOnly) != day.String() || !day.Valid() || day.Weekday() != want.Weekday() {
			t.Fatalf("%v is not %v", day, want)
		}
		if next := day.AddDays(1); day.Compare(next) != -1 || next.Compare(day) != 1 || next.DaysSince(day) != 1 {
			t.Fatalf("%v and %v compare wrongly", day, next)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2026-05-31", 0, "2026-05-31"},
	}
	for _, tt := range tests {
		from, err := pl.ParseDate(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, from.AddMonths(tt.months).String()); diff != "" {
			t.Errorf("%s plus %d months (-want +got):\n%s", tt.from, tt.months, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := genDate().Draw(t, "date")
		n := rapid.IntRange(-40000, 40000).Draw(t, "days")
		later := d.AddDays(n)
		if later.DaysSince(d) != n || later.AddDays(-n) != d || later.After(d) != (n > 0) || later.Before(d) != (n < 0) {
			t.Fatalf("%v plus %d days is %v", d, n, later)
		}
	})
}

func genDate() *rapid.Generator[pl.Date] {
	return rapid.Custom(func(t *rapid.T) pl.Date {
		return pl.NewDate(2000, 1, 1).AddDays(rapid.IntRange(-36500, 36500).Draw(t, "days since 2000"))
	})
}

func TestDateText(t *testing.T) {
	t.Parallel()
	type doc struct {
		Issued pl.Date  `json:"issued"`
		Due    pl.Date  `json:"due,omitzero"`
		Paid   *pl.Date `json:"paid,omitempty"`
	}
	for _, text := range []string{`{"issued":"2026-02-01"}`, `{"issued":""}`, `{"issued":"2026-02-01","due":"2026-02-15","paid":"2026-02-11"}`} {
		var d doc
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Errorf("decoding %s: %v", text, err)
			continue
		}
		out, err := json.Marshal(d)
		if err != nil {
			t.Errorf("encoding %v: %v", d, err)
		}
		if diff := cmp.Diff(text, string(out)); diff != "" {
			t.Errorf("encoded again (-want +got):\n%s", diff)
		}
	}
	for _, text := range []string{`{"issued":"2026-02-30"}`, `{"issued":"2026-02-01T00:00:00Z"}`, `{"issued":20260201}`} {
		if err := json.Unmarshal([]byte(text), new(doc)); err == nil {
			t.Errorf("decoding %s succeeds", text)
		}
	}
	if _, err := pl.NewDate(2026, 2, 30).MarshalText(); !errors.Is(err, pl.ErrFormat) {
		t.Errorf("encoding 30 February: %v", err)
	}
	if got := pl.NewDate(2026, 2, 30).String(); got != "2026-02-30" {
		t.Errorf("30 February prints as %s", got)
	}
	if got, err := pl.NewDate(2026, 2, 1).AppendText([]byte("P_1=")); err != nil || string(got) != "P_1=2026-02-01" {
		t.Errorf("AppendText = %s, %v", got, err)
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	tests := []struct{ instant, want string }{
		{"2026-01-31T22:59:59.999999999Z", "2026-01-31"}, // 23:59:59 in winter
		{"2026-01-31T23:00:00Z", "2026-02-01"},
		{"2026-07-31T21:59:59Z", "2026-07-31"}, // 23:59:59 in summer
		{"2026-07-31T22:00:00Z", "2026-08-01"},
		{"2026-03-28T22:59:59Z", "2026-03-28"}, // the night to summer time
		{"2026-03-28T23:00:00Z", "2026-03-29"},
		{"2026-03-29T21:59:59Z", "2026-03-29"},
		{"2026-03-29T22:00:00Z", "2026-03-30"},
		{"2026-10-24T21:59:59Z", "2026-10-24"}, // the night to winter time
		{"2026-10-24T22:00:00Z", "2026-10-25"},
		{"2026-10-25T22:59:59Z", "2026-10-25"},
		{"2026-10-25T23:00:00Z", "2026-10-26"},
		{"2026-01-01T00:30:00+14:00", "2025-12-31"},
	}
	for _, tt := range tests {
		instant, err := time.Parse(time.RFC3339Nano, tt.instant)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, pl.DateOf(instant).String()); diff != "" {
			t.Errorf("DateOf(%s) (-want +got):\n%s", tt.instant, diff)
		}
	}
}

func TestDateStart(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"2026-02-01": "2026-01-31T23:00:00Z",
		"2026-07-01": "2026-06-30T22:00:00Z",
		"2026-03-29": "2026-03-28T23:00:00Z",
		"2026-03-30": "2026-03-29T22:00:00Z", // 29 March had 23 hours
		"2026-10-26": "2026-10-25T23:00:00Z", // 25 October had 25 hours
		"1946-04-14": "1946-04-13T23:00:00Z", // midnight was skipped
	}
	for in, want := range tests {
		d, err := pl.ParseDate(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Start().UTC().Format(time.RFC3339)); diff != "" {
			t.Errorf("Start of %s (-want +got):\n%s", in, diff)
		}
	}
	if !(pl.Date{}).Start().IsZero() {
		t.Error("no date has a start")
	}
}

// TestDaysTouch walks through every day since the zone has rules: each starts
// at an instant that belongs to it, right after an instant that does not.
func TestDaysTouch(t *testing.T) {
	t.Parallel()
	for day := pl.NewDate(1879, 12, 30); day.Year < 2061; day = day.AddDays(1) {
		start := day.Start()
		if pl.DateOf(start) != day || !pl.DateOf(start.Add(-1)).Before(day) {
			t.Fatalf("%s starts at %s", day, start)
		}
		if length := day.AddDays(1).Start().Sub(start); length < 23*time.Hour || length > 25*time.Hour {
			t.Errorf("%s has %s", day, length)
		}
	}
}

func TestWarsaw(t *testing.T) {
	t.Parallel()
	if got := pl.Warsaw().String(); got != "Europe/Warsaw" {
		t.Errorf("Warsaw() = %s", got)
	}
}
