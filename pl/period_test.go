package pl_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	tests := []struct {
		event          string
		n              int
		unit           pl.Unit
		ends, tax, law string // law: by the Civil Code
	}{
		{"2026-01-15", 7, pl.InDays, "2026-01-22", "2026-01-22", "2026-01-22"},
		{"2026-01-10", 7, pl.InDays, "2026-01-17", "2026-01-19", "2026-01-19"}, // Saturday
		{"2025-12-10", 14, pl.InDays, "2025-12-24", "2025-12-29", "2025-12-29"},
		{"2024-12-10", 14, pl.InDays, "2024-12-24", "2024-12-24", "2024-12-24"},
		{"2026-04-01", 5, pl.InDays, "2026-04-06", "2026-04-07", "2026-04-07"}, // Easter Monday
		{"2026-01-14", 1, pl.InWeeks, "2026-01-21", "2026-01-21", "2026-01-21"},
		{"2025-12-31", 1, pl.InWeeks, "2026-01-07", "2026-01-07", "2026-01-07"},
		{"2026-01-31", 1, pl.InMonths, "2026-02-28", "2026-03-02", "2026-03-02"}, // shorter month, then Saturday
		{"2024-01-31", 1, pl.InMonths, "2024-02-29", "2024-02-29", "2024-02-29"},
		{"2026-08-31", 1, pl.InMonths, "2026-09-30", "2026-09-30", "2026-09-30"},
		{"2026-09-30", 1, pl.InMonths, "2026-10-30", "2026-10-30", "2026-10-30"}, // not the last day of October
		{"2025-11-24", 1, pl.InMonths, "2025-12-24", "2025-12-29", "2025-12-29"},
		{"2024-02-29", 1, pl.InYears, "2025-02-28", "2025-02-28", "2025-02-28"},
		{"2024-02-29", 4, pl.InYears, "2028-02-29", "2028-02-29", "2028-02-29"},
		{"2021-01-01", 5, pl.InYears, "2026-01-01", "2026-01-02", "2026-01-02"},
		{"2025-07-12", 7, pl.InWorkdays, "2025-07-22", "2025-07-22", "2025-07-22"},
		// The Civil Code did not move a limit from a Saturday before 2017.
		{"2016-12-10", 7, pl.InDays, "2016-12-17", "2016-12-19", "2016-12-17"},
		{"2016-12-11", 7, pl.InDays, "2016-12-18", "2016-12-19", "2016-12-19"},
		{"2016-12-17", 8, pl.InDays, "2016-12-25", "2016-12-27", "2016-12-27"},
		{"2016-12-24", 7, pl.InDays, "2016-12-31", "2017-01-02", "2016-12-31"},
		{"2016-12-25", 7, pl.InDays, "2017-01-01", "2017-01-02", "2017-01-02"},
		{"2016-12-31", 7, pl.InDays, "2017-01-07", "2017-01-09", "2017-01-09"},
	}
	for _, tt := range tests {
		p := pl.Period{N: tt.n, Unit: tt.unit}
		ends, err := p.Ends(date(t, tt.event))
		tax, err2 := p.Deadline(date(t, tt.event), pl.TaxOrdinance)
		civil, err3 := p.Deadline(date(t, tt.event), pl.CivilCode)
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		if ends.String() != tt.ends || tax.String() != tt.tax || civil.String() != tt.law {
			t.Errorf("%v from %s ends %v, tax %v, civil %v; want %s, %s, %s", p, tt.event, ends, tax, civil, tt.ends, tt.tax, tt.law)
		}
	}
}

func TestPeriodRefused(t *testing.T) {
	t.Parallel()
	day := pl.NewDate(2026, 1, 15)
	tests := []struct {
		name  string
		p     pl.Period
		event pl.Date
		law   pl.Law
	}{
		{"no length", pl.Period{}, day, pl.TaxOrdinance},
		{"negative", pl.Period{N: -1}, day, pl.TaxOrdinance},
		{"no event", pl.Period{N: 1}, pl.Date{}, pl.TaxOrdinance},
		{"no such day", pl.Period{N: 1}, pl.NewDate(2026, 2, 29), pl.TaxOrdinance},
		{"unknown unit", pl.Period{N: 1, Unit: 9}, day, pl.TaxOrdinance},
		{"unknown law", pl.Period{N: 1}, day, 9},
		{"beyond the calendar", pl.Period{N: 8000, Unit: pl.InYears}, day, pl.TaxOrdinance},
		{"weeks beyond the calendar", pl.Period{N: 4_000_000, Unit: pl.InWeeks}, day, pl.TaxOrdinance},
		{"longer than the calendar", pl.Period{N: 1 << 60, Unit: pl.InYears}, day, pl.TaxOrdinance},
	}
	for _, tt := range tests {
		if d, err := tt.p.Deadline(tt.event, tt.law); !errors.Is(err, pl.ErrPeriod) || !d.IsZero() {
			t.Errorf("%s: %v, %v", tt.name, d, err)
		}
	}
}

func TestPeriodProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		event := genDate().Draw(t, "event")
		p := pl.Period{
			N:    rapid.IntRange(1, 100).Draw(t, "n"),
			Unit: pl.Unit(rapid.IntRange(int(pl.InDays), int(pl.InWorkdays)).Draw(t, "unit")),
		}
		ends, err := p.Ends(event)
		tax, err2 := p.Deadline(event, pl.TaxOrdinance)
		civil, err3 := p.Deadline(event, pl.CivilCode)
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		if !ends.After(event) || tax.Before(ends) || civil.Before(ends) || civil.After(tax) || tax.DaysSince(ends) > 5 {
			t.Fatalf("%v from %v: ends %v, tax %v, civil %v", p, event, ends, tax, civil)
		}
		if !tax.IsWorkday() || ends.IsWorkday() && tax != ends {
			t.Fatalf("%v from %v: tax limit %v", p, event, tax)
		}
		if p.Unit == pl.InMonths && ends.Day != event.Day && ends.AddDays(1).Day != 1 {
			t.Fatalf("%v from %v ends %v", p, event, ends)
		}
		if p.Unit == pl.InWeeks && ends.Weekday() != event.Weekday() {
			t.Fatalf("%v from %v ends on another weekday", p, event)
		}
	})
}

func TestWellFormedNIP(t *testing.T) {
	t.Parallel()
	for n, want := range map[pl.NIP]bool{
		"1234563218": true, "1234563219": true, "": false, "0234563218": false, "1004563218": false, "123456321": false,
	} {
		if n.WellFormed() != want {
			t.Errorf("%s well formed: %v", n, !want)
		}
	}
}
