package pl

import (
	"errors"
	"fmt"
)

// Unit is what a legal period is counted in.
type Unit int

// The units. They do not mix: the law counts 30 days and one month differently.
const (
	InDays Unit = iota
	InWeeks
	InMonths
	InYears
	InWorkdays // as the VAT Act counts seven working days after a failure of KSeF
)

// Law says by which act a period ends.
type Law int

// The two acts agree on where a period ends and differ on a last day that is
// off: the Civil Code has moved it from a Saturday only since 1 January 2017.
const (
	TaxOrdinance Law = iota // Ordynacja podatkowa, art. 12
	CivilCode               // Kodeks cywilny, art. 110 to 115
)

// Period is a length of time as a provision states it: 7 days, 3 months.
type Period struct {
	N    int // 1 or more
	Unit Unit
}

// ErrPeriod is returned for a period or a starting day that no provision could
// mean: a length below one, an unknown unit or law, a day or an end outside the
// calendar.
var ErrPeriod = errors.New("not a legal period")

// saturdayOff is the day since which the Civil Code treats a Saturday at the
// end of a period as a day off (Act of 16 December 2016).
var saturdayOff = Date{Year: 2017, Month: 1, Day: 1}

// Ends is the last day of the period as it is counted, whether a day off or
// not. The day of the event that starts it is not counted. Weeks, months and
// years end on the day that by name or date is that of the event, and where the
// last month has no such day on its last one: a month from 31 January ends on
// 28 or 29 February, a year from 29 February on 28 February.
func (p Period) Ends(event Date) (Date, error) {
	const longest = 4_000_000 // days, more than the calendar has
	if !event.Valid() || p.N < 1 || p.N > longest {
		return Date{}, fmt.Errorf("pl: count period: %w", ErrPeriod)
	}
	end := Date{}
	switch p.Unit {
	case InDays:
		end = event.AddDays(p.N)
	case InWeeks:
		end = event.AddDays(7 * p.N)
	case InMonths:
		end = event.AddMonths(p.N)
	case InYears:
		end = event.AddMonths(12 * p.N)
	case InWorkdays:
		end = event.AddWorkdays(p.N)
	}
	if !end.Valid() {
		return Date{}, fmt.Errorf("pl: count period: %w", ErrPeriod)
	}
	return end, nil
}

// Deadline is the last day on which something can still be done in time: where
// the period Ends, moved behind days off. The time limit is kept until the End
// of that day.
//
// It is meant for limits to act. A period after which something simply is so,
// such as a person's age or a period of employment, Ends without being moved.
func (p Period) Deadline(event Date, law Law) (Date, error) {
	end, err := p.Ends(event)
	if err != nil {
		return Date{}, err
	}
	switch law {
	case TaxOrdinance:
		end = end.OrNextWorkday()
	case CivilCode:
		end = end.civilDeadline()
	default:
		end = Date{}
	}
	if !end.Valid() {
		return Date{}, fmt.Errorf("pl: count period: %w", ErrPeriod)
	}
	return end, nil
}

// civilDeadline follows article 115 of the Civil Code in the wording of the
// day on which the period would end.
func (d Date) civilDeadline() Date {
	if !d.Before(saturdayOff) {
		return d.OrNextWorkday()
	}
	for d.IsHoliday() || d.Weekday() == 0 {
		d = d.AddDays(1)
	}
	return d
}
