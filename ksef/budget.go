package ksef

import (
	"context"
	"errors"
	"math"
	"time"
)

// Budget is what the limits of one group leave at a moment.
type Budget struct {
	Group RateGroup
	// Left is how many calls may be made at once. It is math.MaxInt for a
	// group without limits.
	Left int
	// Next is when the next call may be made: now, unless Left is 0.
	Next time.Time
	// Blocked is the end of a wait that KSeF demanded with a 429, else zero.
	Blocked time.Time
	// Windows are the windows that are limited, the shortest first.
	Windows []WindowBudget
}

// WindowBudget is what is left of one rolling window.
type WindowBudget struct {
	// Length is a second, a minute or an hour.
	Length time.Duration
	Limit  int
	// Used counts the calls that are still in the window and those that wait
	// for their turn.
	Used int
	Left int
	// More is when the oldest call leaves the window; zero if Used is 0.
	More time.Time
}

var errNoLimiter = errors.New("client has no limiter: set Config.Limiter")

// Budget tells what is left of the limits of a group, for everybody who shares
// the limiter's store. In GroupOther each operation counts by itself; the
// budget is that of the one this client has used up most. Nothing is sent.
func (a *Account) Budget(ctx context.Context, group RateGroup) (Budget, error) {
	p, err := a.counters("ask for budget")
	if err != nil {
		return Budget{}, err
	}
	least, err := p.budget(ctx, group, "")
	if group != GroupOther {
		return least, err
	}
	for _, op := range p.called() {
		if err != nil {
			break
		}
		var b Budget
		b, err = p.budget(ctx, group, op)
		if b.Left < least.Left || b.Left == least.Left && b.Next.After(least.Next) {
			least = b
		}
	}
	return least, err
}

// Plan tells how long n calls of a group take from now on when nobody else
// calls: the wait until the last of them may be made. Nothing is sent. For
// GroupOther it is n calls of an operation not called before.
func (a *Account) Plan(ctx context.Context, group RateGroup, n int) (time.Duration, error) {
	p, err := a.counters("plan calls")
	if err != nil {
		return 0, err
	}
	return p.plan(ctx, group, n)
}

func (a *Account) counters(op string) (*ratePair, error) {
	p := a.counted(a.current())
	if p == nil {
		return nil, &Error{Op: op, Err: errors.Join(errNoLimiter, ErrInvalidArgument)}
	}
	return p, nil
}

// look reads a record.
func (p *ratePair) look(ctx context.Context, id rateLaneID) (rateLane, time.Time, error) {
	var lane rateLane
	now := p.now()
	err := p.limiter.update(ctx, id.key, func(l *rateLane) error {
		lane = rateLane{append([]int64(nil), l.slots...), l.floor, l.blocked}
		return errKept
	})
	if errors.Is(err, errKept) {
		err = nil
	}
	lane.forget(now.UnixNano(), id.limit.longest(), p.limiter.cfg.Margin)
	return lane, now, err
}

func (p *ratePair) budget(ctx context.Context, group RateGroup, op string) (Budget, error) {
	id, limited := p.lane(group, op)
	if !limited {
		return Budget{Group: group, Left: math.MaxInt, Next: p.now().UTC()}, ctx.Err()
	}
	lane, now, err := p.look(ctx, id)
	if err != nil {
		return Budget{}, err
	}
	margin := p.limiter.cfg.Margin
	b := Budget{Group: group, Left: math.MaxInt}
	for _, w := range rollingWindows {
		if most := w.limit(id.limit); most > 0 {
			left := lane.window(now, w.length, most, margin)
			b.Windows = append(b.Windows, left)
			b.Left = min(b.Left, left.Left)
		}
	}
	next, _ := lane.next(now.UnixNano(), id.limit, margin)
	b.Next = time.Unix(0, next).UTC()
	if lane.blocked > 0 {
		b.Blocked = time.Unix(0, lane.blocked).UTC()
	}
	if b.Next.After(now) {
		b.Left = 0
	}
	return b, nil
}

func (l *rateLane) window(now time.Time, length time.Duration, most int, margin time.Duration) WindowBudget {
	w := WindowBudget{Length: length, Limit: most}
	start := now.Add(-length - margin).UnixNano()
	for i, s := range l.slots {
		if s > start {
			w.Used = len(l.slots) - i
			w.More = time.Unix(0, s).Add(length + margin).UTC()
			break
		}
	}
	w.Left = max(0, most-w.Used)
	return w
}

func (p *ratePair) plan(ctx context.Context, group RateGroup, n int) (time.Duration, error) {
	id, limited := p.lane(group, "")
	if !limited || n <= 0 {
		return 0, ctx.Err()
	}
	lane, now, err := p.look(ctx, id)
	if err != nil {
		return 0, err
	}
	last := now.UnixNano()
	for range n {
		last, _ = lane.next(last, id.limit, p.limiter.cfg.Margin)
		lane.take(last)
		lane.forget(last, id.limit.longest(), p.limiter.cfg.Margin)
	}
	return time.Duration(last - now.UnixNano()), nil
}
