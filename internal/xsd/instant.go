package xsd

import "bytes"

// instant is a value of xs:date or xs:dateTime on a line of time: seconds since
// 1970 in UTC, or in an unknown zone.
type instant struct {
	seconds  int64
	fraction []byte // digits of the second without zeros at the end
	zoned    bool
}

const (
	secondsPerDay = 24 * 60 * 60
	widestZone    = 14 * 60 * 60
)

// parseDate reads an xs:date.
func parseDate(b []byte) (t instant, ok bool) {
	days, rest, ok := parseDay(b)
	if !ok {
		return t, false
	}
	t.seconds = days * secondsPerDay
	return t, t.zone(rest)
}

// parseDateTime reads an xs:dateTime.
func parseDateTime(b []byte) (t instant, ok bool) {
	days, rest, ok := parseDay(b)
	if !ok || len(rest) < 9 || rest[0] != 'T' || rest[3] != ':' || rest[6] != ':' {
		return t, false
	}
	h, m, s := two(rest[1:]), two(rest[4:]), two(rest[7:])
	rest = rest[9:]
	if len(rest) > 0 && rest[0] == '.' {
		end := 1
		for end < len(rest) && isDigit(rest[end]) {
			end++
		}
		if end == 1 {
			return t, false
		}
		t.fraction, rest = bytes.TrimRight(rest[1:end], "0"), rest[end:]
	}
	midnight := h == 24 && m == 0 && s == 0 && len(t.fraction) == 0
	if h < 0 || h > 23 && !midnight || m < 0 || m > 59 || s < 0 || s > 59 {
		return t, false
	}
	t.seconds = days*secondsPerDay + int64(h)*3600 + int64(m)*60 + int64(s)
	return t, t.zone(rest)
}

// zone reads the time zone at the end.
func (t *instant) zone(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	t.zoned = true
	if len(b) == 1 && b[0] == 'Z' {
		return true
	}
	if len(b) != 6 || b[0] != '+' && b[0] != '-' || b[3] != ':' {
		return false
	}
	h, m := two(b[1:]), two(b[4:])
	if h < 0 || m < 0 || m > 59 || h > 14 || h == 14 && m > 0 {
		return false
	}
	offset := int64(h)*3600 + int64(m)*60
	if b[0] == '-' {
		offset = -offset
	}
	t.seconds -= offset
	return true
}

// parseDay reads year, month and day and returns the days since 1970.
func parseDay(b []byte) (days int64, rest []byte, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	n, year := 0, int64(0)
	for n < len(b) && isDigit(b[n]) {
		if year < 1e9 { // later years compare alike
			year = year*10 + int64(b[n]-'0')
		}
		n++
	}
	if n < 4 || n > 4 && b[0] == '0' || year == 0 || len(b) < n+6 || b[n] != '-' || b[n+3] != '-' {
		return 0, nil, false
	}
	if negative {
		year = -year
	}
	month, day := two(b[n+1:]), two(b[n+4:])
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, nil, false
	}
	return daysSince1970(year, int64(month), int64(day)), b[n+6:], true
}

// two is the value of the first two bytes, -1 if they are no digits.
func two(b []byte) int {
	if !isDigit(b[0]) || !isDigit(b[1]) {
		return -1
	}
	return int(b[0]-'0')*10 + int(b[1]-'0')
}

func daysIn(year int64, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 counts in the Gregorian calendar, whose 400 years have 146097
// days; years begin in March so that leap days come last.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	if year < 0 {
		era = (year - 399) / 400
	}
	y := year - era*400
	return era*146097 + y*365 + y/4 - y/100 + (153*(month-3)+2)/5 + day - 1 - 719468
}

// atLeast reports whether t is not before u; strictly: whether it is after. When
// just one of them has a time zone, the answer is yes only if it would be in
// every zone (XML Schema part 2, 3.2.7.4).
func (t *instant) atLeast(u *instant, strictly bool) bool {
	if t.zoned != u.zoned {
		return t.seconds-u.seconds > widestZone || t.seconds-u.seconds == widestZone && bytes.Compare(t.fraction, u.fraction) > 0
	}
	c := bytes.Compare(t.fraction, u.fraction)
	if t.seconds != u.seconds {
		return t.seconds > u.seconds
	}
	return c > 0 || c == 0 && !strictly
}
