package ksef

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// ratePair has the counters of one context and address, and what KSeF told
// about their limits.
type ratePair struct {
	limiter *limiter
	name    string

	mu       sync.Mutex
	rates    RateLimits // nil until learnt
	at       time.Time  // when KSeF told them
	stale    time.Time  // learn again from then on
	learning bool
	others   map[string]struct{} // operations of group other that were called
}

func (p *ratePair) now() time.Time { return p.limiter.client.now() }

// lane finds the counter of an operation, false when it is not limited.
func (p *ratePair) lane(group RateGroup, op string) (rateLaneID, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	counted, limit, known := p.rates.countedAs(group)
	if !known || limit.longest() == 0 {
		return rateLaneID{}, false
	}
	if counted != GroupOther {
		return rateLaneID{recordKey(p.name, string(counted)), counted, limit}, true
	}
	if op != "" {
		if p.others == nil {
			p.others = map[string]struct{}{}
		}
		p.others[op] = struct{}{}
	}
	return rateLaneID{recordKey(p.name, string(counted), op), counted, limit}, true
}

// called lists the operations of group other that this client has called.
func (p *ratePair) called() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]string, 0, len(p.others))
	for op := range p.others {
		list = append(list, op)
	}
	return list
}

// mistrust makes the limits be learnt again after a 429 that was not expected.
func (p *ratePair) mistrust() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if soon := p.now().Add(relearnRetry); p.stale.After(soon) {
		p.stale = soon
	}
}

// learn asks for the limits when they are not known or old. One caller asks,
// the others go on with what is known.
func (p *ratePair) learn(ctx context.Context, ask func(context.Context) (RateLimits, error)) {
	if !p.mayLearn() {
		return
	}
	defer p.learnt()
	if p.readShared(ctx) {
		return
	}
	if _, err := ask(ctx); err != nil { // a success calls told
		p.postpone()
		p.limiter.client.log.LogAttrs(ctx, slog.LevelWarn, "ksef limits not learnt", slog.String("error", err.Error()))
	}
}

func (p *ratePair) mayLearn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.learning || p.now().Before(p.stale) {
		return false
	}
	p.learning = true
	return true
}

func (p *ratePair) learnt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.learning = false
}

// set keeps limits that are newer than those known.
func (p *ratePair) set(rates RateLimits, at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !at.After(p.at) {
		return false
	}
	p.rates, p.at, p.stale = rates, at, at.Add(relearnAfter)
	return true
}

// postpone keeps what is known a little longer.
func (p *ratePair) postpone() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stale = p.now().Add(relearnRetry)
}

// sharedRates is how limits are stored.
type sharedRates struct {
	At    time.Time  `json:"at"`
	Rates RateLimits `json:"rates"`
}

func (p *ratePair) ratesKey() string { return recordKey(p.name, "", "rates") }

// readShared takes limits that somebody else learnt in the last hour.
func (p *ratePair) readShared(ctx context.Context) bool {
	var found sharedRates
	err := p.limiter.cfg.Store.Update(ctx, p.ratesKey(), func(old []byte) ([]byte, error) {
		found = sharedRates{}
		if json.Unmarshal(old, &found) != nil {
			found = sharedRates{}
		}
		return nil, errKept
	})
	age := p.now().Sub(found.At)
	if !errors.Is(err, errKept) || len(found.Rates) == 0 || age < 0 || age >= relearnAfter {
		return false
	}
	return p.set(found.Rates, found.At)
}

// told keeps what KSeF said and shares it.
func (p *ratePair) told(ctx context.Context, rates RateLimits) {
	now := p.now().UTC()
	record, err := json.Marshal(sharedRates{now, rates})
	if err != nil || !p.set(rates, now) {
		return
	}
	_ = p.limiter.cfg.Store.Update(ctx, p.ratesKey(), func([]byte) ([]byte, error) { return record, nil })
}
