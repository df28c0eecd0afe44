package pl

import (
	"cmp"
	"time"
)

// Date is a day of the calendar, without time of day or zone. The zero Date
// means "no date". Dates compare with ==.
type Date struct {
	Year  int        // 1 to 9999
	Month time.Month // 1 to 12
	Day   int        // 1 to 31
}

var dateKind = kind{name: "date", format: "write a day of the calendar as 2026-02-01"}

// NewDate is the Date of the three numbers as they stand: it does not turn 30
// February into 2 March. Check Valid when the numbers come from outside.
func NewDate(year int, month time.Month, day int) Date {
	return Date{Year: year, Month: month, Day: day}
}

// ParseDate reads a date in the form 2006-01-02 and nothing else: no blanks,
// no time, no day that the calendar does not have.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !digits(s[:4], 4) || !digits(s[5:7], 2) || !digits(s[8:], 2) {
		return Date{}, dateKind.error(ErrFormat)
	}
	d := Date{Year: number(s[:4]), Month: time.Month(number(s[5:7])), Day: number(s[8:])}
	if !d.Valid() {
		return Date{}, dateKind.error(ErrFormat)
	}
	return d, nil
}

// compactDate reads yyyymmdd, eight digits already checked.
func compactDate(s string) Date {
	return Date{Year: number(s[:4]), Month: time.Month(number(s[4:6])), Day: number(s[6:8])}
}

// IsZero reports whether d is no date. It makes the omitzero option of
// encoding/json work.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether the calendar has the day, from year 1 to 9999.
func (d Date) Valid() bool {
	return 1 <= d.Year && d.Year <= 9999 && time.January <= d.Month && d.Month <= time.December &&
		1 <= d.Day && d.Day <= daysIn(d.Year, d.Month)
}

// daysIn is the length of a month.
func daysIn(year int, month time.Month) int {
	switch month {
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	}
	return 31
}

// Compare is -1 when d is before e, 0 when they are equal, +1 when d is after
// e. No date is before every date.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is after e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays is the date n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return dateUTC(d.utc().AddDate(0, 0, n)) }

// AddMonths is the date n months later, or earlier when n is negative. When
// the month has no such day it is the month's last day, as article 112 of the
// Civil Code counts periods: 31 January plus one month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := dateUTC(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	first.Day = min(d.Day, daysIn(first.Year, first.Month))
	return first
}

// DaysSince is the number of days from e to d; negative when d is before e.
func (d Date) DaysSince(e Date) int { return int((d.utc().Unix() - e.utc().Unix()) / 86400) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// utc is a stand-in instant for calendar arithmetic, free of clock changes.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func dateUTC(t time.Time) Date {
	y, m, day := t.Date()
	return Date{Year: y, Month: m, Day: day}
}

// String is d as 2006-01-02, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	var buf [10]byte
	return string(d.append(buf[:0]))
}

// AppendText appends d as 2006-01-02, or nothing for no date. The error is not
// nil when d is neither valid nor zero.
func (d Date) AppendText(dst []byte) ([]byte, error) {
	if d.IsZero() {
		return dst, nil
	}
	if !d.Valid() {
		return dst, dateKind.error(ErrFormat)
	}
	return d.append(dst), nil
}

// MarshalText is d as 2006-01-02, or "" for no date. The error is not nil when
// d is neither valid nor zero.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	if len(text) > maxInput {
		return dateKind.error(ErrFormat)
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) append(dst []byte) []byte {
	dst = appendDigits(dst, d.Year, 4)
	dst = append(dst, '-')
	dst = appendDigits(dst, int(d.Month), 2)
	dst = append(dst, '-')
	return appendDigits(dst, d.Day, 2)
}

func (d Date) appendCompact(dst []byte) []byte {
	dst = appendDigits(dst, d.Year, 4)
	dst = appendDigits(dst, int(d.Month), 2)
	return appendDigits(dst, d.Day, 2)
}

// appendDigits appends n with leading zeros; what does not fit the width (no
// valid date) loses its sign and its upper digits.
func appendDigits(dst []byte, n, width int) []byte {
	start := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := start + width - 1; i >= start; i-- {
		dst[i] = '0' + byte(max(n%10, -(n%10)))
		n /= 10
	}
	return dst
}
