package pl

import (
	"sync"
	"time"
	_ "time/tzdata" // the rules of Europe/Warsaw, also where the system has none
)

// Warsaw is the time zone Europe/Warsaw, in which Polish law and KSeF count
// days. Its rules are compiled into the program.
func Warsaw() *time.Location { return warsaw() }

var warsaw = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic("pl: the embedded time zone database has no Europe/Warsaw: " + err.Error())
	}
	return loc
})

// DateOf is the day it is in Warsaw at the instant t.
func DateOf(t time.Time) Date { return dateUTC(t.In(Warsaw())) }

// Start is the first instant of the day in Warsaw, in the zone of Warsaw; the
// zero time for no date. The Start of the next day is the first instant that no
// longer belongs to d: a day has 23 or 25 hours when the clock changes.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Warsaw())
	from, to := t.ZoneBounds()
	// Of two possible readings of midnight time.Date takes either.
	switch {
	case DateOf(t) != d: // midnight was skipped and t is before the change
		return to
	case !from.IsZero() && DateOf(from.Add(-1)) == d: // midnight came twice and t is the second
		return d.midnightBefore(from)
	}
	return t
}

// midnightBefore is midnight of d in the zone that was in force until change.
func (d Date) midnightBefore(change time.Time) time.Time {
	_, offset := change.Add(-1).Zone()
	return d.utc().Add(-time.Duration(offset) * time.Second).In(Warsaw())
}
