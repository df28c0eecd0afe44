package httpx_test

import (
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

func TestParseRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	tests := []struct {
		header string
		want   time.Duration
		ok     bool
	}{
		{"0", 0, true},
		{"30", 30 * time.Second, true},
		{" 2700 ", 2700 * time.Second, true},
		{"86400", day, true},
		{"86401", day, true},
		{"18446744073709551616", day, true},
		{"Sun, 22 Nov 2026 08:01:00 GMT", time.Minute, true},
		{"Sun, 22 Nov 2026 07:00:00 GMT", 0, true},
		{"Sun, 22 Nov 2099 07:00:00 GMT", day, true},
		{"", 0, false},
		{"-5", 0, false},
		{"30s", 0, false},
		{"1.5", 0, false},
		{"soon", 0, false},
		{strings.Repeat("1", 100), 0, false},
	}
	for _, tt := range tests {
		if got, ok := httpx.ParseRetryAfter(tt.header, now); got != tt.want || ok != tt.ok {
			t.Errorf("ParseRetryAfter(%q) = %v, %v, want %v, %v", tt.header, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzParseRetryAfter(f *testing.F) {
	f.Add("30")
	f.Add("Sun, 22 Nov 2026 08:01:00 GMT")
	f.Add("99999999999999999999")
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, header string) {
		d, ok := httpx.ParseRetryAfter(header, now)
		if d < 0 || d > 24*time.Hour || !ok && d != 0 {
			t.Errorf("ParseRetryAfter(%q) = %v, %v", header, d, ok)
		}
	})
}
