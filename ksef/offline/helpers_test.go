package offline_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/offline"
	"github.com/faktupro/faktupro-go/pl"
)

// sample is an FA(3) invoice FV/17/02/2026 of 3 February 2026.
func sample(tb testing.TB) []byte {
	tb.Helper()
	doc, err := os.ReadFile("../fa3/testdata/ordinary.xml")
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

// with is the sample with one text replaced.
func with(tb testing.TB, from, to string) []byte {
	tb.Helper()
	doc := sample(tb)
	if !bytes.Contains(doc, []byte(from)) {
		tb.Fatalf("the sample has no %s", from)
	}
	return bytes.Replace(doc, []byte(from), []byte(to), 1)
}

// at reads a time of the clock in Warsaw: 2026-02-03 10:00, optionally with
// seconds.
func at(tb testing.TB, s string) time.Time {
	tb.Helper()
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, s, pl.Warsaw()); err == nil {
			return t
		}
	}
	tb.Fatalf("no time: %s", s)
	return time.Time{}
}

func day(tb testing.TB, s string) pl.Date {
	tb.Helper()
	d, err := pl.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// event is announced when it starts.
func event(tb testing.TB, id string, kind offline.Mode, start, end string) offline.Event {
	tb.Helper()
	return offline.Event{ID: id, Kind: kind, Announced: at(tb, start), Start: at(tb, start), End: at(tb, end)}
}

// issued is the sample issued on its day in mode offline24.
func issued(tb testing.TB) offline.Document {
	tb.Helper()
	d, err := offline.New(offline.Issue{Mode: offline.Offline24, Document: sample(tb), At: at(tb, "2026-02-03 10:00")})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// rejected is the sample sent and rejected with a status.
func rejected(tb testing.TB, status int) offline.Document {
	tb.Helper()
	d, _, err := issued(tb).Sent(offline.Batch, at(tb, "2026-02-04 09:00"))
	if err != nil {
		tb.Fatal(err)
	}
	d, err = d.Answered(offline.Answer{Status: status, Original: number, OriginalHash: offline.Hash{1}})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

const number pl.KSeFNumber = "1234563218-20260204-0A1B2C3D4E5F-8E"
