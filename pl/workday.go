package pl

import (
	"iter"
	"time"
)

// IsWorkday reports whether the day is a working day (dzień roboczy): not a
// Saturday, a Sunday or a public holiday.
func (d Date) IsWorkday() bool {
	if !d.Valid() {
		return false
	}
	if day := d.Weekday(); day == time.Saturday || day == time.Sunday {
		return false
	}
	return !d.IsHoliday()
}

// NextWorkday is the first working day after d, or no date when d is not
// valid or the calendar ends (31 December 9999).
func (d Date) NextWorkday() Date { return d.AddWorkdays(1) }

// OrNextWorkday is d if it is a working day, else the next one. No date stays
// no date.
func (d Date) OrNextWorkday() Date {
	if d.IsWorkday() {
		return d
	}
	return d.NextWorkday()
}

// AddWorkdays is the nth working day after d, or before d when n is negative; d
// itself is not counted, so it need not be a working day. With n = 0 it is d as
// it stands. It is no date when d is not valid or the calendar ends first.
func (d Date) AddWorkdays(n int) Date {
	const longest = 4_000_000 // days, more than the calendar has
	if n < -longest || n > longest {
		return Date{}
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 && d.Valid() {
		if d = d.AddDays(step); d.IsWorkday() {
			n -= step
		}
	}
	if !d.Valid() {
		return Date{}
	}
	return d
}

// Days is every day from the first to the last, both included; none when first
// is after last or one of them is not valid.
func Days(first, last Date) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		if !first.Valid() || !last.Valid() {
			return
		}
		for d := first; !d.After(last); d = d.AddDays(1) {
			if !yield(d) {
				return
			}
		}
	}
}

// Workdays is every working day from the first to the last, both included.
func Workdays(first, last Date) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		for d := range Days(first, last) {
			if d.IsWorkday() && !yield(d) {
				return
			}
		}
	}
}

// End is the first instant in Warsaw that no longer belongs to the day: a time
// limit that ends with d is kept before End. The zero time for no date.
func (d Date) End() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.AddDays(1).Start()
}
