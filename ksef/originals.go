package ksef

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

// originals knows the hashes of invoices that others are duplicates of. A
// download tells one and costs one of few calls; the list of a session tells
// up to 1,000 with each call and needs no right to read invoices. So the first
// few of a session are downloaded, then the session is listed.
type originals struct {
	mu       sync.Mutex
	sessions map[string]*originalSession
}

type originalSession struct {
	turn   chan struct{} // holds a value while somebody asks KSeF
	asked  int
	hashes map[pl.KSeFNumber]pack.Hash // nil until listed
}

// Bounds of what is kept, and of the downloads before a session is listed.
const (
	maxOriginalSessions = 64
	fewDownloads        = 2
)

func (c *originals) session(reference string) *originalSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.sessions[reference]
	if s == nil {
		if c.sessions == nil || len(c.sessions) >= maxOriginalSessions {
			c.sessions = map[string]*originalSession{}
		}
		s = &originalSession{turn: make(chan struct{}, 1)}
		c.sessions[reference] = s
	}
	return s
}

// hash gives the SHA-256 of an original. An error means "ask again later".
func (c *originals) hash(ctx context.Context, a *Account, number pl.KSeFNumber, session string) (pack.Hash, error) {
	s := c.session(session)
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return pack.Hash{}, &Error{Op: opResolve, Err: ctx.Err()}
	}
	return s.hash(ctx, a, number, session)
}

func (s *originalSession) hash(ctx context.Context, a *Account, number pl.KSeFNumber, session string) (pack.Hash, error) {
	if hash, known := s.hashes[number]; known {
		return hash, nil
	}
	s.asked++
	var downloadErr error
	if session == "" || s.asked <= fewDownloads || s.hashes != nil {
		doc, err := a.Invoices.Get(ctx, number)
		if err == nil {
			return doc.SHA256, nil
		}
		downloadErr = err
	}
	if session == "" || ctx.Err() != nil {
		return pack.Hash{}, downloadErr
	}
	hashes, err := listOriginals(ctx, a, session)
	if err != nil {
		return pack.Hash{}, errors.Join(downloadErr, err)
	}
	s.hashes = hashes
	if hash, known := hashes[number]; known {
		return hash, nil
	}
	err = &Error{Op: opResolve, Err: fmt.Errorf("original of a duplicate is not in its session: %w", ErrNotReady)}
	return pack.Hash{}, errors.Join(downloadErr, err)
}

func listOriginals(ctx context.Context, a *Account, session string) (map[pl.KSeFNumber]pack.Hash, error) {
	hashes := map[pl.KSeFNumber]pack.Hash{}
	for status, err := range a.Sessions.Invoices(ctx, session) {
		if err != nil {
			return nil, err
		}
		if status.Accepted() {
			hashes[status.KSeFNumber] = status.InvoiceHash
		}
	}
	return hashes, nil
}

// add makes the invoices of a session known that has just been listed.
func (c *originals) add(session string, list listing) {
	s := c.session(session)
	s.hashes = map[pl.KSeFNumber]pack.Hash{}
	for hash, copies := range list {
		for _, status := range copies {
			if status.Accepted() {
				s.hashes[status.KSeFNumber] = hash
			}
		}
	}
}
