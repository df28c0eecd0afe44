package ksef

import (
	"context"
	"errors"
	"sync"
)

// sharedSession is an online session used by many goroutines at a time.
type sharedSession struct {
	*OnlineSession
	ending flight[listing]

	mu      sync.Mutex
	given   int  // places given away
	busy    int  // goroutines that may be sending
	retired bool // no more places
	suspect bool // perhaps encrypted with a useless key
	ended   bool // closed for sure
	over    listing
	open    map[*Delivery]struct{} // not decided
}

// lease gives a place in a session, opening one if need be.
func (s *Sender) lease(ctx context.Context) (*sharedSession, error) {
	for {
		if session, err := s.place(); session != nil || err != nil {
			return session, err
		}
		if _, err := s.opening.do(ctx, s.openSession); err != nil {
			return nil, err
		}
	}
}

func (s *Sender) place() (*sharedSession, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, invalid(opSend, "sender is closed")
	}
	if s.current == nil || !s.current.take(s) {
		s.current = nil
		return nil, nil
	}
	return s.current, nil
}

func (x *sharedSession) take(s *Sender) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	until := x.ValidUntil()
	late := !until.IsZero() && !s.account.client.now().Add(sessionMargin).Before(until)
	if x.retired || late || x.given >= s.cfg.MaxInvoices {
		x.retired = true
		return false
	}
	x.given++
	x.busy++
	return true
}

// maxOpens is how often a session is opened when answers get lost. Each lost one
// leaves an empty session, which KSeF cancels.
const maxOpens = 4

// openSession opens the next session and makes it the current one. When the
// last one failed for its key, the ministry's keys are read again.
func (s *Sender) openSession(ctx context.Context) (*sharedSession, error) {
	useless := s.uselessKey(ctx)
	for try := 1; ; try++ {
		opened, err := s.account.openOnline(ctx, s.cfg.Form, useless)
		if err == nil {
			x := &sharedSession{OnlineSession: opened, open: map[*Delivery]struct{}{}}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.current, s.used = x, append(s.used, x)
			return x, nil
		}
		if try == maxOpens || !errors.Is(err, ErrOutcomeUnknown) || sleep(ctx, s.account.client.poll.Interval<<try) != nil {
			return nil, settled(err)
		}
	}
}

// uselessKey names the key of the last session if KSeF could not read it.
func (s *Sender) uselessKey(ctx context.Context) string {
	s.mu.Lock()
	var last *sharedSession
	if n := len(s.used); n > 0 && s.used[n-1].isSuspect() {
		last = s.used[n-1]
	}
	s.mu.Unlock()
	if last == nil {
		return ""
	}
	status, err := s.account.Sessions.Status(ctx, last.Reference())
	if err != nil || status.Status.Code != SessionKeyUnreadable {
		return ""
	}
	return last.keyID
}

func (x *sharedSession) isSuspect() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.suspect
}

// retire makes the others move to another session.
func (s *Sender) retire(x *sharedSession, suspect bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.retired = true
	x.suspect = x.suspect || suspect
}

// release gives a place back. The last to leave a retired session closes it, so
// that its receipt comes early; whether that succeeds is a matter for Close.
func (s *Sender) release(ctx context.Context, x *sharedSession) {
	x.mu.Lock()
	x.busy--
	last := x.busy == 0 && x.retired && !x.ended
	x.mu.Unlock()
	if last && ctx.Err() == nil && x.Close(ctx) == nil {
		x.end()
	}
}

func (x *sharedSession) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ended = true
}

// finish ends the session, for all that wait for it in one go.
func (x *sharedSession) finish(ctx context.Context, s *Sender) (listing, error) {
	s.retire(x, false)
	x.mu.Lock()
	over := x.over
	x.mu.Unlock()
	if over != nil {
		return over, nil
	}
	return x.ending.do(ctx, func(ctx context.Context) (listing, error) {
		list, err := s.end(ctx, x.Reference())
		if err != nil {
			return nil, err
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		x.over, x.ended = list, true
		return list, nil
	})
}

func (x *sharedSession) await(o *Delivery) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.open[o] = struct{}{}
}

func (x *sharedSession) settled(o *Delivery) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, o)
}
