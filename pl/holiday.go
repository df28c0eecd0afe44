package pl

import (
	"iter"
	"time"
)

// FirstHolidayYear and LastHolidayYear bound the years whose days off are known
// here. Outside them the rules of the nearest known year are applied, which for
// the past is wrong: 22 July was a day off until 1989, for example.
const (
	FirstHolidayYear = 1990
	LastHolidayYear  = 2100
)

// Holiday is a public holiday: a day off work by the Act of 18 January 1951 on
// days off work (ustawa o dniach wolnych od pracy) or by an act for one day.
// Sundays are days off by the same act and are not listed unless they are also
// a holiday.
type Holiday struct {
	Date   Date
	Name   string // in English
	Polish string // as the act calls it
}

// holidayRule is one entry of the act. A day with a month is fixed, one without
// is counted from Easter Sunday.
type holidayRule struct {
	month  time.Month
	day    int // of the month, or days after Easter Sunday
	first  int // first year in force; 0 since before FirstHolidayYear
	last   int // last year in force; 0 to this day
	name   string
	polish string
}

// holidayRules is in the order of the calendar, which holds in every year:
// Easter Monday is 26 April at the latest, Pentecost 10 May at the earliest,
// Corpus Christi 24 June at the latest. The act for 12 November 2018 is
// of 7 November 2018, the one for Christmas Eve of 6 December 2024.
var holidayRules = [...]holidayRule{
	{month: time.January, day: 1, name: "New Year's Day", polish: "Nowy Rok"},
	{month: time.January, day: 6, first: 2011, name: "Epiphany", polish: "Święto Trzech Króli"},
	{day: 0, name: "Easter Sunday", polish: "pierwszy dzień Wielkiej Nocy"},
	{day: 1, name: "Easter Monday", polish: "drugi dzień Wielkiej Nocy"},
	{month: time.May, day: 1, name: "State Holiday", polish: "Święto Państwowe"},
	{month: time.May, day: 3, name: "Constitution Day", polish: "Święto Narodowe Trzeciego Maja"},
	{day: 49, name: "Pentecost", polish: "pierwszy dzień Zielonych Świątek"},
	{day: 60, name: "Corpus Christi", polish: "dzień Bożego Ciała"},
	{month: time.August, day: 15, name: "Assumption of Mary", polish: "Wniebowzięcie Najświętszej Maryi Panny"},
	{month: time.November, day: 1, name: "All Saints' Day", polish: "Wszystkich Świętych"},
	{month: time.November, day: 11, name: "Independence Day", polish: "Narodowe Święto Niepodległości"},
	{
		month: time.November, day: 12, first: 2018, last: 2018,
		name: "Centenary of Independence", polish: "Święto Narodowe z okazji Setnej Rocznicy Odzyskania Niepodległości",
	},
	{month: time.December, day: 24, first: 2025, name: "Christmas Eve", polish: "Wigilia Bożego Narodzenia"},
	{month: time.December, day: 25, name: "Christmas Day", polish: "pierwszy dzień Bożego Narodzenia"},
	{month: time.December, day: 26, name: "Second Day of Christmas", polish: "drugi dzień Bożego Narodzenia"},
}

// inForce reports whether the rule holds in the year.
func (r *holidayRule) inForce(year int) bool {
	return year >= r.first && (r.last == 0 || year <= r.last)
}

// matches reports whether d is the rule's day; sinceEaster is the number of
// days from Easter Sunday of the same year.
func (r *holidayRule) matches(d Date, sinceEaster int) bool {
	if !r.inForce(d.Year) {
		return false
	}
	if r.month == 0 {
		return r.day == sinceEaster
	}
	return r.month == d.Month && r.day == d.Day
}

func (r *holidayRule) in(year int, easter Date) Holiday {
	d := Date{Year: year, Month: r.month, Day: r.day}
	if r.month == 0 {
		d = easter.AddDays(r.day)
	}
	return Holiday{Date: d, Name: r.name, Polish: r.polish}
}

// IsHoliday reports whether the day is a public holiday. An ordinary Sunday is
// none; see IsWorkday. No date and days that the calendar does not have are
// none either.
func (d Date) IsHoliday() bool {
	if !d.Valid() {
		return false
	}
	sinceEaster := -1 // no rule has it
	if time.March <= d.Month && d.Month <= time.June {
		sinceEaster = d.DaysSince(Easter(d.Year))
	}
	for i := range holidayRules {
		if holidayRules[i].matches(d, sinceEaster) {
			return true
		}
	}
	return false
}

// Holidays is every public holiday of a year from 1 to 9999, in the order of
// the calendar. No day comes twice.
func Holidays(year int) iter.Seq[Holiday] {
	return func(yield func(Holiday) bool) {
		if year < 1 || year > 9999 {
			return
		}
		easter := Easter(year)
		for i := range holidayRules {
			if r := &holidayRules[i]; r.inForce(year) && !yield(r.in(year, easter)) {
				return
			}
		}
	}
}

// Easter is Easter Sunday (Niedziela Wielkanocna) of a year from 1 to 9999 in
// the Gregorian calendar: the Sunday after the first ecclesiastical full moon
// of spring.
func Easter(year int) Date {
	century := year / 100
	golden := year % 19 // place in the 19-year cycle of the moon, from 0
	// The epact, the moon's age on 1 January less one, with the corrections of
	// 1582: three leap days in 400 years fall out, the moon gains eight days in
	// 2500 years.
	moonGain := (8*century + 13) / 25
	age := (19*golden + century - century/4 - moonGain + 15) % 30
	// Days from 21 March to the full moon. The cycle has 29 places for 30 ages:
	// the last is moved, and the one before it where it would meet the other.
	age -= (golden + 11*age) / 319
	moon := Date{Year: year, Month: time.March, Day: 21}.AddDays(age)
	return moon.AddDays(7 - int(moon.Weekday()))
}
