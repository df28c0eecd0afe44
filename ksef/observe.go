package ksef

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Observer is told what a client does, for metrics. Its methods are called in
// the goroutine of the call, several at a time, and return quickly. Nothing
// they are given names a person, a company or a document, and every text but
// BreakerState.Last is one of few: good for labels.
type Observer interface {
	// ObserveCall is told the end of every call, however often it was tried.
	ObserveCall(CallRecord)
	// ObserveWait is told that a call waited for its turn under the limits, or
	// was refused because of them.
	ObserveWait(WaitRecord)
	// ObserveBreaker is told that the circuit breaker changed its state. It
	// must not call the client.
	ObserveBreaker(BreakerState)
}

// CallRecord is one call.
type CallRecord struct {
	// Op is the operation in words: "send invoice".
	Op      string
	Group   RateGroup // "" for downloads and uploads outside the API
	Outcome Outcome
	Status  int // HTTP status of a refusal, 0 after a success or without an answer
	// Took is the time from the call to its end, with its waits and repetitions.
	Took time.Duration
}

// WaitRecord is one wait of the limiter.
type WaitRecord struct {
	Op    string
	Group RateGroup
	// Window is the window that was full, zero if KSeF demanded the wait.
	Window time.Duration
	Waited time.Duration
	// Refused is the wait for which the call was refused instead, else zero.
	Refused time.Duration
}

// Outcome is the end of a call in one word.
type Outcome string

// The outcomes.
const (
	OutcomeOK          Outcome = "ok"
	OutcomeRefused     Outcome = "refused"      // KSeF said no: 4xx
	OutcomeLogin       Outcome = "unauthorised" // 401
	OutcomeBlocked     Outcome = "blocked"      // by a security device
	OutcomeRateLimited Outcome = "rate-limited" // 429, or not sent because of the limits
	OutcomeUnavailable Outcome = "unavailable"  // 5xx or no answer
	OutcomeHeld        Outcome = "held"         // not sent: the circuit is open
	OutcomeUnknown     Outcome = "unknown"      // it may have had its effect
	OutcomeCancelled   Outcome = "cancelled"    // by the caller or the deadline
	OutcomeFailed      Outcome = "failed"       // anything else
)

func outcomeOf(e *Error) Outcome {
	if e == nil {
		return OutcomeOK
	}
	if _, held := errors.AsType[*CircuitOpenError](e.Err); held {
		return OutcomeHeld
	}
	switch {
	case e.unknown:
		return OutcomeUnknown
	case e.Status == 0 && (errors.Is(e, context.Canceled) || errors.Is(e, context.DeadlineExceeded)):
		return OutcomeCancelled
	case errors.Is(e, ErrRateLimited):
		return OutcomeRateLimited
	case e.blocked:
		return OutcomeBlocked
	case e.Status == 401:
		return OutcomeLogin
	case errors.Is(e, ErrUnavailable):
		return OutcomeUnavailable
	case e.Status/100 == 4:
		return OutcomeRefused
	}
	return OutcomeFailed
}

func (c *Client) observeCall(k call, took time.Duration, e *Error) {
	if c.observer == nil {
		return
	}
	r := CallRecord{Op: k.op, Group: k.group, Outcome: outcomeOf(e), Took: took}
	if e != nil {
		r.Status = e.Status
	}
	c.observer.ObserveCall(r)
}

func (c *Client) observeWait(w WaitRecord) {
	if c.observer != nil {
		c.observer.ObserveWait(w)
	}
}

func (c *Client) observeBreaker(s BreakerState) {
	if c.observer != nil {
		c.observer.ObserveBreaker(s)
	}
}

// Tracer is told the beginning and the end of every call that is made, to make
// spans of them. Nothing it is given is a secret or names a person or a company.
type Tracer interface {
	// Start begins a span. The call is made under the context it returns; end
	// is called once, in the same goroutine.
	Start(ctx context.Context, s SpanStart) (_ context.Context, end func(SpanEnd))
}

// SpanStart is a call about to be made.
type SpanStart struct {
	Op    string
	Group RateGroup
	// References are the reference numbers in the address of the call: of
	// sessions, invoices and operations, as KSeF gave them out. KSeF numbers of
	// invoices are left out: they hold the seller's NIP.
	References []string
}

// SpanEnd is how it ended.
type SpanEnd struct {
	Outcome Outcome
	Status  int // as in CallRecord
	// TraceID is the number of a refused call at KSeF, for its support.
	TraceID string
}

// trace begins a span.
func (c *Client) trace(ctx context.Context, k call) (context.Context, func(error)) {
	if c.tracer == nil {
		return ctx, func(error) {}
	}
	ctx, end := c.tracer.Start(ctx, SpanStart{Op: k.op, Group: k.group, References: references(k.path)})
	return ctx, func(err error) {
		e, _ := errors.AsType[*Error](err)
		s := SpanEnd{Outcome: outcomeOf(e)}
		if e != nil {
			s.Status, s.TraceID = e.Status, e.TraceID
		}
		end(s)
	}
}

// references picks reference numbers out of a path: a date of eight digits, two
// letters, and more. A KSeF number begins with ten digits.
func references(path string) []string {
	var list []string
	for part := range strings.SplitSeq(path, "/") {
		if len(part) > 12 && part[8] == '-' && part[11] == '-' && strings.Trim(part[:8], "0123456789") == "" {
			list = append(list, part)
		}
	}
	return list
}
