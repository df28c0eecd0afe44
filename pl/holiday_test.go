package pl_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

// calendars were copied by hand from printed calendars and almanacs.
var calendars = map[int]string{
	1990: "01-01 04-15 04-16 05-01 05-03 06-03 06-14 08-15 11-01 11-11 12-25 12-26",
	1999: "01-01 04-04 04-05 05-01 05-03 05-23 06-03 08-15 11-01 11-11 12-25 12-26",
	2000: "01-01 04-23 04-24 05-01 05-03 06-11 06-22 08-15 11-01 11-11 12-25 12-26",
	2008: "01-01 03-23 03-24 05-01 05-03 05-11 05-22 08-15 11-01 11-11 12-25 12-26",
	2010: "01-01 04-04 04-05 05-01 05-03 05-23 06-03 08-15 11-01 11-11 12-25 12-26",
	2011: "01-01 01-06 04-24 04-25 05-01 05-03 06-12 06-23 08-15 11-01 11-11 12-25 12-26",
	2017: "01-01 01-06 04-16 04-17 05-01 05-03 06-04 06-15 08-15 11-01 11-11 12-25 12-26",
	2018: "01-01 01-06 04-01 04-02 05-01 05-03 05-20 05-31 08-15 11-01 11-11 11-12 12-25 12-26",
	2019: "01-01 01-06 04-21 04-22 05-01 05-03 06-09 06-20 08-15 11-01 11-11 12-25 12-26",
	2024: "01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26",
	2025: "01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26",
	2026: "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26",
	2027: "01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26",
	2028: "01-01 01-06 04-16 04-17 05-01 05-03 06-04 06-15 08-15 11-01 11-11 12-24 12-25 12-26",
	2038: "01-01 01-06 04-25 04-26 05-01 05-03 06-13 06-24 08-15 11-01 11-11 12-24 12-25 12-26",
	2100: "01-01 01-06 03-28 03-29 05-01 05-03 05-16 05-27 08-15 11-01 11-11 12-24 12-25 12-26",
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	for year, want := range calendars {
		var got []string
		for h := range pl.Holidays(year) {
			got = append(got, h.Date.String()[5:])
			if h.Date.Year != year || h.Name == "" || h.Polish == "" {
				t.Errorf("%d: %+v", year, h)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%d (-want +got):\n%s", year, diff)
		}
	}
	for _, year := range []int{-1, 0, 10000} {
		for h := range pl.Holidays(year) {
			t.Errorf("year %d has the holiday %v", year, h.Date)
		}
	}
}

// TestHolidaysEveryYear holds IsHoliday and Holidays to each other and to what
// the law says of every year.
func TestHolidaysEveryYear(t *testing.T) {
	t.Parallel()
	for year := pl.FirstHolidayYear; year <= pl.LastHolidayYear; year++ {
		var listed, found []pl.Date
		for h := range pl.Holidays(year) {
			listed = append(listed, h.Date)
		}
		for d := range pl.Days(pl.NewDate(year, 1, 1), pl.NewDate(year, 12, 31)) {
			if d.IsHoliday() {
				found = append(found, d)
			}
		}
		if diff := cmp.Diff(found, listed); diff != "" {
			t.Fatalf("%d: IsHoliday and Holidays differ:\n%s", year, diff)
		}
		want := 12
		if year >= 2011 {
			want++
		}
		if year >= 2025 || year == 2018 {
			want++
		}
		if len(found) != want || !slices.IsSortedFunc(found, pl.Date.Compare) {
			t.Errorf("%d has %d holidays, want %d", year, len(found), want)
		}
	}
}

// TestEaster compares with the tables of the church reckoning done another way:
// by the paschal full moons of the 19 years of the cycle, valid 1900 to 2199.
func TestEaster(t *testing.T) {
	t.Parallel()
	moons := [19]string{
		"04-14", "04-03", "03-23", "04-11", "03-31", "04-18", "04-08", "03-28", "04-16", "04-05",
		"03-25", "04-13", "04-02", "03-22", "04-10", "03-30", "04-17", "04-07", "03-27",
	}
	for year := 1900; year <= 2199; year++ {
		moon, err := time.Parse(time.DateOnly, pl.NewDate(year, 1, 1).String()[:5]+moons[year%19])
		if err != nil {
			t.Fatal(err)
		}
		sunday := moon.AddDate(0, 0, 1)
		for sunday.Weekday() != time.Sunday {
			sunday = sunday.AddDate(0, 0, 1)
		}
		if got := pl.Easter(year); got.String() != sunday.Format(time.DateOnly) {
			t.Errorf("Easter %d = %v, want %s", year, got, sunday.Format(time.DateOnly))
		}
	}
	for year, want := range map[int]string{
		1583: "1583-04-10", 1598: "1598-03-22", 1818: "1818-03-22", 1886: "1886-04-25", 2285: "2285-03-22", 4099: "4099-04-19",
	} {
		if got := pl.Easter(year).String(); got != want {
			t.Errorf("Easter %d = %s, want %s", year, got, want)
		}
	}
}

func TestWorkdays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from string
		n    int
		want string
	}{
		{"2025-12-23", 1, "2025-12-29"}, // Christmas Eve is off, then the weekend
		{"2025-12-23", 3, "2025-12-31"},
		{"2025-12-31", 1, "2026-01-02"},
		{"2026-01-05", 1, "2026-01-07"}, // Epiphany
		{"2024-12-23", 1, "2024-12-24"}, // not off yet
		{"2026-04-03", 1, "2026-04-07"}, // Good Friday is a working day, Easter Monday not
		{"2026-04-02", 1, "2026-04-03"},
		{"2026-04-30", 1, "2026-05-04"},
		{"2026-06-03", 1, "2026-06-05"}, // Corpus Christi
		{"2018-11-09", 1, "2018-11-13"}, // the centenary
		{"2026-03-27", 1, "2026-03-30"}, // the clock goes forward on Sunday
		{"2026-10-23", 1, "2026-10-26"}, // and back
		{"2025-07-12", 7, "2025-07-22"}, // from a Saturday
		{"2025-12-29", -1, "2025-12-23"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-01-03", 0, "2026-01-03"}, // as it stands
		{"2010-01-05", 1, "2010-01-06"}, // Epiphany was a working day
	}
	for _, tt := range tests {
		if got := date(t, tt.from).AddWorkdays(tt.n); got.String() != tt.want {
			t.Errorf("%s plus %d working days = %v, want %s", tt.from, tt.n, got, tt.want)
		}
	}
	if got := date(t, "2026-01-03").OrNextWorkday(); got.String() != "2026-01-05" {
		t.Errorf("working day from Saturday = %v", got)
	}
	if got := date(t, "2026-01-05").OrNextWorkday(); got.String() != "2026-01-05" {
		t.Errorf("working day from Monday = %v", got)
	}
}

func TestCalendarEnds(t *testing.T) {
	t.Parallel()
	last := pl.NewDate(9999, 12, 31)
	for name, d := range map[string]pl.Date{
		"after the last day":         last.NextWorkday(),
		"far away":                   pl.NewDate(2026, 1, 1).AddWorkdays(1 << 30),
		"before the first day":       pl.NewDate(1, 1, 1).AddWorkdays(-1),
		"from no date":               pl.Date{}.AddWorkdays(3),
		"no date itself":             pl.Date{}.OrNextWorkday(),
		"from a day that is not one": pl.NewDate(2026, 2, 30).NextWorkday(),
	} {
		if !d.IsZero() {
			t.Errorf("%s: %v, want no date", name, d)
		}
	}
	if (pl.Date{}).IsWorkday() || (pl.Date{}).IsHoliday() || pl.NewDate(2026, 13, 1).IsWorkday() {
		t.Error("a day that is not in the calendar is a working day or a holiday")
	}
	for d := range pl.Days(last, pl.Date{}) {
		t.Errorf("day %v between a day and no date", d)
	}
	n := 0
	for range pl.Days(last, last) {
		n++
	}
	if n != 1 || !(pl.Date{}).End().IsZero() {
		t.Errorf("last day comes %d times", n)
	}
}

func TestWorkdayProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := genDate().Draw(t, "date")
		n := rapid.IntRange(1, 300).Draw(t, "n")
		later := d.AddWorkdays(n)
		if !later.IsWorkday() || later.DaysSince(d) < n {
			t.Fatalf("%v plus %d working days = %v", d, n, later)
		}
		count := 0
		for day := range pl.Workdays(d.AddDays(1), later) {
			if count++; day.Weekday() == time.Saturday || day.Weekday() == time.Sunday || day.IsHoliday() {
				t.Fatalf("%v is a working day", day)
			}
		}
		if count != n {
			t.Fatalf("%d working days after %v to %v, want %d", count, d, later, n)
		}
		if d.IsWorkday() && later.AddWorkdays(-n) != d {
			t.Fatalf("%v plus and minus %d working days = %v", d, n, later.AddWorkdays(-n))
		}
		if d.AddWorkdays(n) != d.AddWorkdays(n-1).NextWorkday() {
			t.Fatalf("working days after %v do not add up", d)
		}
		if gap := d.NextWorkday().DaysSince(d); gap < 1 || gap > 6 {
			t.Fatalf("next working day after %v is %d days later", d, gap)
		}
	})
}

// TestIterationStops leaves every loop at its first turn.
func TestIterationStops(t *testing.T) {
	t.Parallel()
	first, last := pl.NewDate(2026, 4, 4), pl.NewDate(2026, 4, 30)
	var got []pl.Date
	for d := range pl.Days(first, last) {
		got = append(got, d)
		break
	}
	for d := range pl.Workdays(first, last) {
		got = append(got, d)
		break
	}
	for h := range pl.Holidays(2026) {
		got = append(got, h.Date)
		break
	}
	if diff := cmp.Diff([]pl.Date{first, pl.NewDate(2026, 4, 7), pl.NewDate(2026, 1, 1)}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for d := range pl.Days(pl.NewDate(2025, 1, 1), pl.NewDate(2027, 12, 31)) {
		end := d.End()
		if pl.DateOf(end.Add(-1)) != d || pl.DateOf(end) != d.AddDays(1) {
			t.Fatalf("%v ends at %v", d, end)
		}
	}
}

func date(t *testing.T, s string) pl.Date {
	t.Helper()
	d, err := pl.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
