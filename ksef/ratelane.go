package ksef

import (
	"encoding/binary"
	"errors"
	"time"
)

// rollingWindow is one of the three times in which KSeF counts calls, all of
// them at once.
type rollingWindow struct {
	length time.Duration
	limit  func(RateLimit) int // 0: not limited
}

var rollingWindows = [...]rollingWindow{
	{time.Second, func(l RateLimit) int { return l.PerSecond }},
	{time.Minute, func(l RateLimit) int { return l.PerMinute }},
	{time.Hour, func(l RateLimit) int { return l.PerHour }},
}

// longest is the longest window in which the limit counts at all.
func (l RateLimit) longest() time.Duration {
	var longest time.Duration
	for _, w := range rollingWindows {
		if w.limit(l) > 0 {
			longest = w.length
		}
	}
	return longest
}

// rateLane is the record of one counter of calls: slots are the times at which
// calls were or will be made. Calls queue up: a new slot is never before the
// last one, so whether it fits is read off the slots that far back.
//
// Instants are nanoseconds since 1970, so that processes can share them.
type rateLane struct {
	slots   []int64 // rising
	floor   int64   // no slot before it: older ones have been forgotten
	blocked int64   // end of the wait that KSeF demanded
}

// next finds the first time for a call, and the window that decides it: zero
// when the call may be made now, or KSeF demanded the wait.
func (l *rateLane) next(now int64, limit RateLimit, margin time.Duration) (slot int64, by time.Duration) {
	n := len(l.slots)
	slot = max(now, l.floor)
	if n > 0 {
		slot = max(slot, l.slots[n-1])
	}
	for _, w := range rollingWindows {
		most := w.limit(limit)
		if most <= 0 || n < most {
			continue
		}
		if free := l.slots[n-most] + int64(w.length+margin); free > slot {
			slot, by = free, w.length
		}
	}
	if l.blocked > slot {
		slot, by = l.blocked, 0
	}
	return slot, by
}

// forget drops the slots that left the longest window.
func (l *rateLane) forget(now int64, longest, margin time.Duration) {
	l.floor = max(l.floor, now)
	oldest := l.floor - int64(longest+margin)
	for len(l.slots) > 0 && l.slots[0] <= oldest {
		l.slots = l.slots[1:]
	}
	if l.blocked <= now {
		l.blocked = 0
	}
}

func (l *rateLane) take(slot int64) { l.slots = append(l.slots, slot) }

// giveBack takes out a slot that was not used. The slots behind it stay where
// they are: others have been promised them.
func (l *rateLane) giveBack(slot int64) {
	for i := len(l.slots) - 1; i >= 0; i-- {
		if l.slots[i] == slot {
			l.slots = append(l.slots[:i], l.slots[i+1:]...)
			return
		}
	}
}

// horizon is how far ahead a record may promise anything. What is later comes
// from a clock that was wrong.
const horizon = 24 * time.Hour

// sane forgets what a wrong clock left behind.
func (l *rateLane) sane(now int64) {
	limit := now + int64(horizon)
	for n := len(l.slots); n > 0 && l.slots[n-1] > limit; n = len(l.slots) {
		l.slots = l.slots[:n-1]
	}
	if l.floor > limit {
		l.floor = 0
	}
	l.blocked = min(l.blocked, limit)
}

// laneVersion begins every record.
const laneVersion = 1

// maxLaneSlots bounds a record that is read: more than ten times the highest
// limit that the test environment can be given.
const maxLaneSlots = 1 << 20

var errLane = errors.New("record of calls is malformed")

// encode writes the version, the two instants and the distances of the slots.
func (l *rateLane) encode() []byte {
	b := make([]byte, 0, 32+6*len(l.slots))
	b = append(b, laneVersion)
	b = binary.AppendVarint(b, l.floor)
	b = binary.AppendVarint(b, l.blocked)
	b = binary.AppendUvarint(b, uint64(len(l.slots)))
	var last int64
	for _, s := range l.slots {
		b = binary.AppendVarint(b, s-last)
		last = s
	}
	return b
}

// decodeLane reads what encode wrote; nothing is an empty record.
func decodeLane(b []byte) (rateLane, error) {
	if len(b) == 0 {
		return rateLane{}, nil
	}
	r := varints{rest: b[1:], bad: b[0] != laneVersion}
	l := rateLane{floor: r.next(), blocked: r.next()}
	n := r.count(maxLaneSlots)
	if n > 0 {
		l.slots = make([]int64, 0, n+1)
	}
	var last int64
	for i := range n {
		s := last + r.next()
		r.bad = r.bad || i > 0 && s < last
		l.slots, last = append(l.slots, s), s
	}
	if r.bad || len(r.rest) > 0 {
		return rateLane{}, errLane
	}
	return l, nil
}

// varints reads numbers until one is malformed.
type varints struct {
	rest []byte
	bad  bool
}

func (r *varints) next() int64 {
	v, n := binary.Varint(r.rest)
	return int64(r.step(n)) * v
}

// count reads a length; every element takes at least a byte.
func (r *varints) count(most int) int {
	v, n := binary.Uvarint(r.rest)
	if r.step(n) == 0 || v > uint64(min(most, len(r.rest))) {
		r.bad = true
		return 0
	}
	return int(v)
}

// step goes past a number of n bytes and returns 1, or 0 when there is none.
func (r *varints) step(n int) int {
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return 1
}
