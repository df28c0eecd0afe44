package ksef

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// most counts the calls in the fullest window of a length, ends included.
func fullest(times []int64, length time.Duration) int {
	slices.Sort(times)
	most, first := 0, 0
	for i, at := range times {
		for at-times[first] >= int64(length) {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func checkWindows(t rapid.TB, times []int64, limit RateLimit) {
	t.Helper()
	for _, w := range rollingWindows {
		if most := w.limit(limit); most > 0 && fullest(times, w.length) > most {
			t.Errorf("%d calls in %v, %d allowed", fullest(times, w.length), w.length, most)
		}
	}
}

func anyLimit(t *rapid.T) RateLimit {
	n := rapid.IntRange(0, 12)
	return RateLimit{n.Draw(t, "second"), n.Draw(t, "minute"), n.Draw(t, "hour")}
}

// TestLaneNeverOverfills: however calls come and are called off, and however
// long they travel, no window at the other end has one too many.
func TestLaneNeverOverfills(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit, margin := anyLimit(t), time.Duration(rapid.Int64Range(1, int64(time.Second)).Draw(t, "margin"))
		var lane rateLane
		var made, waiting []int64
		now := int64(1_800_000_000_000_000_000)
		for range rapid.IntRange(1, 120).Draw(t, "calls") {
			now += rapid.SampledFrom([]int64{0, 0, 1, 1e6, 3e8, 1e9, 7e9, 6e10, 6e11, 4e12}).Draw(t, "pause")
			lane.forget(now, limit.longest(), margin)
			slot, _ := lane.next(now, limit, margin)
			if slot < now {
				t.Fatalf("a slot %v in the past", time.Duration(now-slot))
			}
			lane.take(slot)
			waiting = append(waiting, slot)
			if rapid.IntRange(0, 4).Draw(t, "calls off") == 0 {
				if i := rapid.IntRange(0, len(waiting)-1).Draw(t, "which"); waiting[i] >= now {
					lane.giveBack(waiting[i])
					waiting = slices.Delete(waiting, i, i+1)
				}
			}
			again, err := decodeLane(lane.encode())
			if err != nil || !slices.Equal(again.slots, lane.slots) || again.floor != lane.floor {
				t.Fatalf("record changed on its way: %v", err)
			}
			lane = again
		}
		for _, slot := range waiting {
			made = append(made, slot+rapid.Int64Range(0, int64(margin)).Draw(t, "travels"))
		}
		checkWindows(t, made, limit)
	})
}

// TestLaneWastesNothing: calls that come too fast are made at the best pace.
func TestLaneWastesNothing(t *testing.T) {
	var lane rateLane
	limit := RateLimit{PerSecond: 2, PerMinute: 5, PerHour: 7}
	var got []time.Duration
	var windows []time.Duration
	for range 9 {
		slot, by := lane.next(0, limit, 0)
		lane.take(slot)
		got, windows = append(got, time.Duration(slot)), append(windows, by)
	}
	s, m, h := time.Second, time.Minute, time.Hour
	if diff := cmp.Diff([]time.Duration{0, 0, s, s, 2 * s, m, m, h, h}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]time.Duration{0, 0, s, 0, s, m, 0, h, 0}, windows); diff != "" {
		t.Error(diff)
	}
}

func TestLaneForgetsAWrongClock(t *testing.T) {
	const year = int64(365 * 24 * time.Hour)
	lane := rateLane{slots: []int64{5, year, year + 1}, floor: year, blocked: year}
	lane.sane(10)
	want := rateLane{slots: []int64{5}, blocked: 10 + int64(horizon)}
	if !slices.Equal(lane.slots, want.slots) || lane.floor != 0 || lane.blocked != want.blocked {
		t.Errorf("lane is %+v", lane)
	}
}

// TestLaneRemembersWhatItForgot: after calls were forgotten, a clock that is
// behind gets no slot in the time that they were in.
func TestLaneRemembersWhatItForgot(t *testing.T) {
	limit := RateLimit{PerMinute: 1}
	late, early := int64(2*time.Hour), int64(30*time.Second)
	lane := rateLane{slots: []int64{0}}
	lane.forget(late, limit.longest(), 0)
	slot, _ := lane.next(late, limit, 0)
	lane.take(slot)
	lane.giveBack(slot)
	lane.forget(early, limit.longest(), 0)
	if slot, _ := lane.next(early, limit, 0); slot < int64(time.Minute) {
		t.Errorf("a call %v after another one, one a minute allowed", time.Duration(slot))
	}
}

func FuzzDecodeLane(f *testing.F) {
	f.Add([]byte(nil))
	f.Add((&rateLane{}).encode())
	f.Add((&rateLane{slots: []int64{1, 1, 1 << 60}, floor: -1, blocked: 7}).encode())
	f.Add([]byte{laneVersion, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		lane, err := decodeLane(b)
		if err != nil {
			return
		}
		if !slices.IsSorted(lane.slots) {
			t.Fatal("slots are not in order")
		}
		again, err := decodeLane(lane.encode())
		if err != nil || !slices.Equal(again.slots, lane.slots) || again.floor != lane.floor || again.blocked != lane.blocked {
			t.Fatalf("%+v became %+v, %v", lane, again, err)
		}
	})
}

func attemptRefused(wait time.Duration) httpx.Attempt {
	return httpx.Attempt{Status: 429, RetryAfter: wait, Asked: true}
}

// TestLaneForgets keeps a record small: an hour's calls and no more.
func TestLaneForgets(t *testing.T) {
	var lane rateLane
	limit := RateLimit{PerHour: 20}
	for now := range int64(500) {
		at, _ := lane.next(now*int64(time.Minute), limit, time.Second)
		lane.forget(at, limit.longest(), time.Second)
		lane.take(at)
	}
	if n := len(lane.slots); n > 21 {
		t.Errorf("%d calls are remembered, 20 an hour allowed", n)
	}
	lane.forget(lane.slots[len(lane.slots)-1]+int64(2*time.Hour), limit.longest(), time.Second)
	if len(lane.slots) != 0 {
		t.Errorf("%d calls of two hours ago are remembered", len(lane.slots))
	}
}
