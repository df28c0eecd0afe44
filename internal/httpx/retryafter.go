package httpx

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is the longest wait that is taken seriously; servers that ask
// for more mean "not today".
const maxRetryAfter = 24 * time.Hour

// ParseRetryAfter reads a Retry-After header: seconds, or an HTTP date that is
// measured against now. It reports false for a header that says nothing
// usable. The result is never negative and at most 24 hours.
func ParseRetryAfter(header string, now time.Time) (time.Duration, bool) {
	header = strings.TrimSpace(header)
	if header == "" || len(header) > 64 {
		return 0, false
	}
	if header[0] >= '0' && header[0] <= '9' {
		return retrySeconds(header)
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), maxRetryAfter), true
}

func retrySeconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	switch {
	case err != nil && allDigits(s):
		return maxRetryAfter, true
	case err != nil:
		return 0, false
	}
	if n >= uint64(maxRetryAfter/time.Second) {
		return maxRetryAfter, true
	}
	return time.Duration(n) * time.Second, true
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
