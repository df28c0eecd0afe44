package ksef

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// BreakerConfig keeps a client from hammering on a KSeF that is down: after
// some failures in a row (server errors, lost connections) the circuit opens
// and calls fail at once with a [*CircuitOpenError], until one call is let
// through as a probe and succeeds. The zero value works.
//
// Calls that read the state of sessions and invoices always go through: they
// find out what became of something sent, and are never more than a question.
// When one of them succeeds, the next call may probe at once.
type BreakerConfig struct {
	// Failures in a row, over all calls of the client, open the circuit; 5 if
	// zero. Each attempt counts.
	Failures int
	// OpenFor is the time before the first probe, 30 s if zero. It doubles with
	// every probe that fails, up to MaxOpen, 5 minutes if zero.
	OpenFor time.Duration
	MaxOpen time.Duration
	// Latarnia asks the ministry's availability service while the circuit is
	// open: a failure or maintenance announced there keeps it open until the
	// announced end, or for OpenFor more when no end is known. An announcement
	// alone never opens it, and the service's own failures mean nothing.
	Latarnia bool
}

// Circuit is the state of a breaker.
type Circuit string

// The states.
const (
	CircuitClosed   Circuit = "closed"    // calls are made
	CircuitOpen     Circuit = "open"      // calls fail at once
	CircuitHalfOpen Circuit = "half-open" // a probe is due or under way
)

// BreakerState tells how the breaker of a client stands.
type BreakerState struct {
	Circuit Circuit
	// Failures is the number of failures in a row.
	Failures int
	// Until is when the next probe may be made; zero if closed.
	Until time.Time
	// Last is the latest failure, in words without personal data.
	Last string
	// Announced is the state that Latarnia announced, "" if none is known.
	Announced Availability
}

// CircuitOpenError reports a call that was not made because KSeF is down. It
// matches ErrUnavailable. An [Error] around it has the wait in RetryAfter.
type CircuitOpenError struct{ State BreakerState }

// Error says why and until when.
func (e *CircuitOpenError) Error() string {
	text := fmt.Sprintf("not called: %d failures in a row (%s)", e.State.Failures, e.State.Last)
	if e.State.Announced != "" {
		text += ", KSeF announced " + string(e.State.Announced)
	}
	return text + ": next try at " + e.State.Until.UTC().Format(time.RFC3339)
}

// Is matches ErrUnavailable.
func (e *CircuitOpenError) Is(target error) bool { return target == ErrUnavailable }

// breaker guards one environment.
type breaker struct {
	client *Client
	cfg    BreakerConfig

	mu       sync.Mutex
	state    BreakerState
	openFor  time.Duration
	own      time.Time // end of openFor; state.Until may be later
	probing  bool
	asking   bool      // Latarnia is being asked
	askAfter time.Time // not again before
}

func newBreaker(c *Client, cfg *BreakerConfig) *breaker {
	if cfg == nil {
		return nil
	}
	b := &breaker{client: c, cfg: *cfg, state: BreakerState{Circuit: CircuitClosed}}
	if b.cfg.Failures <= 0 {
		b.cfg.Failures = 5
	}
	if b.cfg.OpenFor <= 0 {
		b.cfg.OpenFor = 30 * time.Second
	}
	if b.cfg.MaxOpen <= 0 {
		b.cfg.MaxOpen = 5 * time.Minute
	}
	b.cfg.MaxOpen = max(b.cfg.MaxOpen, b.cfg.OpenFor)
	return b
}

// Breaker tells how the circuit breaker stands. Without one the circuit is
// closed.
func (c *Client) Breaker() BreakerState {
	if c.breaker == nil {
		return BreakerState{Circuit: CircuitClosed}
	}
	c.breaker.mu.Lock()
	defer c.breaker.mu.Unlock()
	return c.breaker.state
}

// reconciles tells the calls that find out what became of something sent.
func (k call) reconciles() bool {
	switch k.group {
	case GroupInvoiceStatus, GroupSessionList, GroupSessionInvoices, GroupSessionMisc:
		return k.class == httpx.Read || k.class == httpx.Poll
	}
	return false
}

type admittedKey struct{}

// admit lets a call through the breaker, or not. Calls made within an admitted
// one, to log in, are admitted with it. done ends the admission.
func (c *Client) admit(ctx context.Context, k call) (within context.Context, done func(), err error) {
	b := c.breaker
	if b == nil || k.url != "" || ctx.Value(admittedKey{}) != nil {
		return ctx, func() {}, nil
	}
	done = func() {}
	if !k.reconciles() {
		probe, err := b.enter(ctx)
		if err != nil {
			held := &Error{Op: k.op, Err: err, RetryAfter: max(0, err.State.Until.Sub(c.now()))}
			return ctx, nil, c.finish(ctx, k, c.now(), held)
		}
		if probe {
			done = b.probed
		}
	}
	return context.WithValue(ctx, admittedKey{}, true), done, nil
}

// enter decides on a call; probe tells that it is the one that tries.
func (b *breaker) enter(ctx context.Context) (probe bool, refused *CircuitOpenError) {
	b.consult(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.state.Circuit == CircuitClosed:
		return false, nil
	case b.probing || b.client.now().Before(b.state.Until):
		return false, &CircuitOpenError{b.state}
	}
	b.probing = true
	b.become(CircuitHalfOpen)
	return true, nil
}

// probed ends a probe, also one that never reached KSeF.
func (b *breaker) probed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}

// attempted counts the outcome of an attempt.
func (b *breaker) attempted(ctx context.Context, k call, a httpx.Attempt) {
	failure := failureOf(ctx, a)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case a.Err != nil && failure == "":
		return // it tells nothing about KSeF
	case failure != "":
		b.failed(failure)
	case b.state.Circuit == CircuitClosed:
		b.state.Failures = 0
	case k.reconciles() || k.group == GroupAnonymous:
		b.state.Until = b.client.now().UTC() // it answers again: probe
		b.become(CircuitHalfOpen)
	default:
		b.state = BreakerState{Circuit: b.state.Circuit}
		b.become(CircuitClosed)
	}
}

// failureOf says what failed, "" for what is no failure of KSeF.
func failureOf(ctx context.Context, a httpx.Attempt) string {
	switch {
	case a.Status >= 500:
		return fmt.Sprintf("HTTP %d", a.Status)
	case a.Err == nil, ctx.Err() != nil, errors.Is(a.Err, httpx.ErrTooLarge):
		return ""
	}
	return (&httpx.Failure{Sent: true, Err: a.Err}).Error()
}

func (b *breaker) failed(why string) {
	b.state.Failures++
	b.state.Last = why
	now := b.client.now()
	switch {
	case b.state.Circuit == CircuitClosed && b.state.Failures >= b.cfg.Failures:
		b.openFor, b.askAfter = b.cfg.OpenFor, time.Time{}
	case b.state.Circuit == CircuitHalfOpen:
		b.openFor = min(2*b.openFor, b.cfg.MaxOpen)
	default:
		return
	}
	b.own = now.Add(b.openFor).UTC()
	b.state.Until = b.own
	b.become(CircuitOpen)
}

func (b *breaker) become(next Circuit) {
	if b.state.Circuit != next {
		b.state.Circuit = next
		b.client.observeBreaker(b.state)
	}
}

// askTimeout bounds what a refusal may cost.
const askTimeout = 5 * time.Second

// consult asks Latarnia while the circuit is open, once in OpenFor.
func (b *breaker) consult(ctx context.Context) {
	if !b.mayAsk() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	status, err := b.client.Latarnia.Status(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.client.now()
	b.asking, b.askAfter = false, now.Add(b.cfg.OpenFor)
	if err != nil || b.state.Circuit != CircuitOpen {
		return
	}
	b.state.Announced, b.state.Until = "", b.own
	if until, down := status.downUntil(now, b.cfg.OpenFor); down {
		b.state.Announced = status.Status
		if until.After(b.state.Until) {
			b.state.Until = until.UTC()
		}
	}
}

func (b *breaker) mayAsk() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.cfg.Latarnia || b.asking || b.state.Circuit != CircuitOpen || b.client.now().Before(b.askAfter) {
		return false
	}
	b.asking = true
	return true
}

// downUntil tells until when KSeF is down by announcement: the latest end of
// what is announced, or more from now when no end is known.
func (s *AvailabilityStatus) downUntil(now time.Time, more time.Duration) (until time.Time, down bool) {
	if !slices.Contains([]Availability{UnderMaintenance, InFailure, InTotalFailure}, s.Status) {
		return time.Time{}, false
	}
	for _, m := range s.Messages {
		if m.Category == s.Status && m.Type != FailureEnd && !m.Start.After(now) && m.End.After(until) {
			until = m.End
		}
	}
	if !until.After(now) {
		until = now.Add(more)
	}
	return until, true
}
