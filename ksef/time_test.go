package ksef

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

func TestParseTime(t *testing.T) {
	tests := []struct {
		in   string
		want time.Time
		ok   bool
	}{
		{"2025-10-11T12:23:56.0154302", time.Date(2025, 10, 11, 12, 23, 56, 15430200, time.UTC), true},
		{"2025-10-11T12:23:56.0154302+00:00", time.Date(2025, 10, 11, 12, 23, 56, 15430200, time.UTC), true},
		{"2025-10-11T12:23:56+02:00", time.Date(2025, 10, 11, 10, 23, 56, 0, time.UTC), true},
		{"2025-10-11T12:23:56Z", time.Date(2025, 10, 11, 12, 23, 56, 0, time.UTC), true},
		{"2025-08-28T09:23:01.388123+00:00", time.Date(2025, 8, 28, 9, 23, 1, 388123000, time.UTC), true},
		{"0001-01-01T00:00:00+00:00", time.Time{}, true},
		{"0001-01-01T00:00:00", time.Time{}, true},
		{"", time.Time{}, true},
		{"2025-02-30T00:00:00Z", time.Time{}, false},
		{"2025-10-11", time.Time{}, false},
		{"yesterday", time.Time{}, false},
		{strings.Repeat("2", 70), time.Time{}, false},
	}
	for _, tt := range tests {
		got, err := parseTime(tt.in)
		if !got.Equal(tt.want) || (err == nil) != tt.ok {
			t.Errorf("parseTime(%q) = %v, %v", tt.in, got, err)
		}
	}
}

func TestParseReferenceTimes(t *testing.T) {
	var vectors struct {
		TimestampParsing []struct{ Text string }
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.TimestampParsing {
		if _, err := parseTime(v.Text); err != nil {
			t.Errorf("parseTime(%q): %v", v.Text, err)
		}
	}
}

func TestWireTime(t *testing.T) {
	var v struct{ A, B, C wireTime }
	v.B.Time = time.Now()
	if err := json.Unmarshal([]byte(`{"A":"2025-10-11T12:23:56.0154302","B":null,"C":""}`), &v); err != nil {
		t.Fatal(err)
	}
	if v.A.IsZero() || !v.B.IsZero() || !v.C.IsZero() {
		t.Errorf("decoded %v", v)
	}
	for _, bad := range []string{`{"A":7}`, `{"A":"x"}`, `{"A":[]}`} {
		if json.Unmarshal([]byte(bad), &v) == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2025-10-11T12:23:56.0154302")
	f.Add("0001-01-01T00:00:00+00:00")
	f.Add("9999-12-31T23:59:59.9999999-23:59")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseTime(s)
		if err != nil {
			return
		}
		if got.Location() != time.UTC || !got.IsZero() && got.Year() < 2 {
			t.Errorf("parseTime(%q) = %v", s, got)
		}
		if again, err := parseTime(got.Format(time.RFC3339Nano)); !got.IsZero() && (err != nil || !again.Equal(got)) {
			t.Errorf("%q does not survive a round: %v, %v", s, again, err)
		}
	})
}
