package ksef

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
)

var errTime = errors.New("timestamp is not ISO 8601")

// parseTime reads the timestamps of the API. They carry up to seven digits of
// fraction; in legacy error bodies the offset is missing and means UTC. Year 1
// stands for "not set" and gives the zero time.
func parseTime(s string) (time.Time, error) {
	if len(s) > 64 {
		return time.Time{}, errTime
	}
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", strings.ToUpper(s))
	}
	if t = t.UTC(); err != nil || t.Year() > 9999 {
		return time.Time{}, errTime
	}
	if t.Year() <= 1 {
		return time.Time{}, nil
	}
	return t, nil
}

// wireTime decodes a timestamp; null and "" leave the zero time.
type wireTime struct{ time.Time }

func (w *wireTime) UnmarshalJSON(data []byte) error {
	var s *string
	if err := json.Unmarshal(data, &s); err != nil {
		return errTime
	}
	if s == nil {
		w.Time = time.Time{}
		return nil
	}
	t, err := parseTime(*s)
	w.Time = t
	return err
}
