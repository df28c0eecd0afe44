package pl_test

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

func ExampleHolidays() {
	for h := range pl.Holidays(2026) {
		if h.Date.Month == time.December {
			fmt.Println(h.Date, h.Name, "-", h.Polish)
		}
	}
	// Output:
	// 2026-12-24 Christmas Eve - Wigilia Bożego Narodzenia
	// 2026-12-25 Christmas Day - pierwszy dzień Bożego Narodzenia
	// 2026-12-26 Second Day of Christmas - drugi dzień Bożego Narodzenia
}

func ExampleDate_NextWorkday() {
	day := pl.NewDate(2026, time.December, 23)
	fmt.Println(day.NextWorkday(), day.NextWorkday().Weekday())
	// Output: 2026-12-28 Monday
}

func ExampleDate_AddWorkdays() {
	end := pl.NewDate(2026, time.March, 31) // a failure ends before Easter
	fmt.Println(end.AddWorkdays(7))
	// Output: 2026-04-10
}

func ExampleWorkdays() {
	for d := range pl.Workdays(pl.NewDate(2026, time.April, 30), pl.NewDate(2026, time.May, 5)) {
		fmt.Println(d, d.Weekday())
	}
	// Output:
	// 2026-04-30 Thursday
	// 2026-05-04 Monday
	// 2026-05-05 Tuesday
}

func ExamplePeriod_Deadline() {
	served := pl.NewDate(2026, time.January, 31)
	month := pl.Period{N: 1, Unit: pl.InMonths}
	ends, _ := month.Ends(served)
	deadline, _ := month.Deadline(served, pl.TaxOrdinance)
	fmt.Println("ends", ends, ends.Weekday())
	fmt.Println("last day to act", deadline, "until", deadline.End().Format(time.RFC3339))
	// Output:
	// ends 2026-02-28 Saturday
	// last day to act 2026-03-02 until 2026-03-03T00:00:00+01:00
}
