package ksef

import (
	"errors"
	"testing"
	"time"
)

// TestSyncNext is the rule by which nothing is lost: where the next question
// begins.
func TestSyncNext(t *testing.T) {
	at := func(minute int) time.Time { return inventoryDay.Add(time.Duration(minute) * time.Minute) }
	open, past := syncWant{from: at(0), asked: at(60)}, syncWant{from: at(0), to: at(30), asked: at(60)}
	for _, c := range []struct {
		name string
		want syncWant
		got  syncGot
		next time.Time
		err  error
	}{
		{"whole: the mark", open, syncGot{mark: at(50), seen: at(40)}, at(50), nil},
		{"whole and empty: the mark", open, syncGot{mark: at(50)}, at(50), nil},
		{"whole, in the past: its end", past, syncGot{mark: at(55)}, at(30), nil},
		{"whole, in the past, the mark stands before its end", past, syncGot{mark: at(20)}, at(20), nil},
		{"a mark of later than the question", open, syncGot{mark: at(61)}, at(60), nil},
		{"no mark", open, syncGot{seen: at(40)}, time.Time{}, ErrProtocol},
		{"cut: the last, not the mark", open, syncGot{truncated: true, last: at(10), seen: at(10), mark: at(50)}, at(10), nil},
		{"cut, and the last is later than what came", open, syncGot{truncated: true, last: at(12), seen: at(10), mark: at(50)}, at(10), nil},
		{"cut, and the last is earlier than what came", open, syncGot{truncated: true, last: at(8), seen: at(10)}, at(8), nil},
		{"cut, invoices tell no date", open, syncGot{truncated: true, last: at(10)}, at(10), nil},
		{"cut, KSeF does not tell the last", open, syncGot{truncated: true, seen: at(10), mark: at(50)}, at(10), nil},
		{"cut, nobody tells", open, syncGot{truncated: true, mark: at(50)}, time.Time{}, ErrProtocol},
		{"cut without progress", open, syncGot{truncated: true, last: at(0), seen: at(0)}, at(0), ErrTooManyAlike},
	} {
		next, err := c.want.next(c.got)
		if !next.Equal(c.next) || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, %v, want %v, %v", c.name, next, err, c.next, c.err)
		}
	}
}
