package validate

import (
	"fmt"
	"strconv"
	"strings"
)

// dateGuesses reads a date as people write it: 2026-2-1, 2026/02/01, 1.02.2026,
// 20260201, or with a time behind it.
func dateGuesses(said string) []string {
	day, _, _ := strings.Cut(strings.TrimSpace(said), "T")
	day, _, _ = strings.Cut(day, " ")
	day = strings.TrimSuffix(day, "Z")
	if len(day) > 10 {
		day = day[:10] // a time zone
	}
	parts := strings.FieldsFunc(day, func(r rune) bool { return r == '-' || r == '.' || r == '/' })
	if len(parts) == 1 && len(day) == 8 {
		parts = []string{day[:4], day[4:6], day[6:]}
	}
	if len(parts) != 3 {
		return nil
	}
	if len(parts[2]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return nil
		}
		n[i] = v
	}
	if len(parts[0]) != 4 {
		return nil
	}
	return []string{fmt.Sprintf("%04d-%02d-%02d", n[0], n[1], n[2])}
}

// instantGuesses reads a date with time: with a space in the middle, without
// seconds, without zone, or without time.
func instantGuesses(said string) []string {
	s := strings.TrimSpace(said)
	i := strings.IndexAny(s, "T ")
	if i < 0 {
		i = len(s)
	}
	days := dateGuesses(s[:i])
	if len(days) == 0 {
		return nil
	}
	clock := strings.TrimSpace(strings.TrimPrefix(s[i:], "T"))
	zone := "Z"
	if z := strings.IndexAny(clock, "Z+-"); z >= 0 {
		clock, zone = strings.TrimSpace(clock[:z]), clock[z:]
	}
	switch strings.Count(clock, ":") {
	case 0:
		clock = "00:00:00"
	case 1:
		clock += ":00"
	}
	return []string{days[0] + "T" + clock + zone}
}
