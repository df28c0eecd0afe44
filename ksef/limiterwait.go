package ksef

import (
	"context"
	"errors"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// rateLaneID is one counter: a group, or one operation of group other.
type rateLaneID struct {
	key   string
	group RateGroup
	limit RateLimit
}

// wait returns when the call may be made; it has then been counted.
func (p *ratePair) wait(ctx context.Context, group RateGroup, op string) error {
	id, limited := p.lane(group, op)
	if !limited {
		return ctx.Err()
	}
	start := p.now()
	by, err := p.waitTurn(ctx, id, start.Add(p.limiter.maxWait(ctx)))
	refused, late := errors.AsType[*LimitError](err)
	if waited := p.now().Sub(start); waited > 0 || late {
		w := WaitRecord{Op: op, Group: id.group, Window: by, Waited: waited}
		if late {
			w.Refused, w.Window = refused.Wait, refused.Window
		}
		p.limiter.client.observeWait(w)
	}
	return err
}

func (p *ratePair) waitTurn(ctx context.Context, id rateLaneID, latest time.Time) (by time.Duration, err error) {
	if deadline, ok := ctx.Deadline(); ok {
		// A context's deadline is on the system's clock, not on ours.
		if left := p.now().Add(time.Until(deadline)); left.Before(latest) {
			latest = left
		}
	}
	for {
		slot, window, err := p.reserve(ctx, id, latest)
		if err != nil {
			return window, err
		}
		wait := time.Duration(slot - p.now().UnixNano())
		if wait <= 0 {
			return by, nil
		}
		by = window
		if err := sleep(ctx, wait); err != nil {
			p.giveBack(ctx, id, slot)
			return by, err
		}
		if p.stands(ctx, id, slot) {
			return by, nil
		}
	}
}

// reserve takes the next slot unless it is too late for the caller.
func (p *ratePair) reserve(ctx context.Context, id rateLaneID, latest time.Time) (slot int64, by time.Duration, err error) {
	margin := p.limiter.cfg.Margin
	err = p.limiter.update(ctx, id.key, func(l *rateLane) error {
		now := p.now()
		l.forget(now.UnixNano(), id.limit.longest(), margin)
		slot, by = l.next(now.UnixNano(), id.limit, margin)
		if at := time.Unix(0, slot).UTC(); at.After(latest) && at.After(now) {
			return &LimitError{Group: id.group, Window: by, Wait: at.Sub(now), At: at}
		}
		l.take(slot)
		return nil
	})
	return slot, by, err
}

// stands tells whether the slot is good when its time has come: KSeF may have
// demanded a wait from somebody else meanwhile. If not, it is given back.
func (p *ratePair) stands(ctx context.Context, id rateLaneID, slot int64) bool {
	err := p.limiter.update(context.WithoutCancel(ctx), id.key, func(l *rateLane) error {
		if l.blocked <= slot {
			return errKept
		}
		l.giveBack(slot)
		return nil
	})
	return err != nil
}

func (p *ratePair) giveBack(ctx context.Context, id rateLaneID, slot int64) {
	_ = p.limiter.update(context.WithoutCancel(ctx), id.key, func(l *rateLane) error {
		l.giveBack(slot)
		return nil
	})
}

// answered tells the others what KSeF demanded.
func (p *ratePair) answered(ctx context.Context, group RateGroup, op string, a httpx.Attempt) {
	id, limited := p.lane(group, op)
	if a.Status != 429 || !limited {
		return
	}
	p.mistrust()
	if !a.Asked {
		return
	}
	until := p.now().Add(a.RetryAfter).UnixNano()
	_ = p.limiter.update(context.WithoutCancel(ctx), id.key, func(l *rateLane) error {
		if l.blocked >= until {
			return errKept
		}
		l.blocked = until
		return nil
	})
}
