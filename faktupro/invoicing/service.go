package invoicing

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// DefaultSeries is the pattern of the numbers of invoices that bring none.
const DefaultSeries faktupro.NumberPattern = "FV/{n}/{mm}/{yyyy}"

// DefaultKindSeries are the patterns of the kinds that are numbered apart, so
// that their numbers say what they are. A kind that is not there uses
// DefaultSeries.
func DefaultKindSeries() map[faktupro.Kind]faktupro.NumberPattern {
	const correction, advance, settlement = "KOR/{n}/{mm}/{yyyy}", "ZAL/{n}/{mm}/{yyyy}", "ROZ/{n}/{mm}/{yyyy}"
	return map[faktupro.Kind]faktupro.NumberPattern{
		faktupro.KindCorrection: correction, faktupro.KindAdvanceCorrection: correction,
		faktupro.KindSettlementCorrection: correction,
		faktupro.KindAdvance:              advance, faktupro.KindSettlement: settlement,
	}
}

// Config is what a Service is made of. Store is required; Connect only for
// Deliver and Run.
type Config struct {
	Store   Store
	Connect Connector
	// Trust decides which signatures on receipts (UPO) are believed. It belongs
	// to the environment of KSeF that Connect leads to and is required with it.
	Trust upo.Trust
	// Audit moves the audit events from the store to the log; Run and Deliver
	// call it. nil = the host relays them itself.
	Audit Relay

	// Series numbers the invoices that bring no number; "" = DefaultSeries.
	Series faktupro.NumberPattern
	// KindSeries numbers particular kinds instead; nil = DefaultKindSeries when
	// Series is empty too, else none.
	KindSeries map[faktupro.Kind]faktupro.NumberPattern

	// Worker names this process in the leases of the queue. A process with the
	// name of a dead one takes its work over at once instead of waiting for
	// the leases to end, so the name must be unique among the living. "" = a
	// random name.
	Worker string
	// Lease is how long a dead worker blocks its invoices; 0 = 1 min, at most
	// MaxPause.
	Lease time.Duration
	// Batch is the greatest number of invoices in one session; 0 = 100.
	Batch int
	// Workers is the number of batches at a time in Run; 0 = 2.
	Workers int
	// Parallel is the number of calls to KSeF at a time in a batch; 0 = 4.
	Parallel int
	// Interval is how often Run looks for work that another process left;
	// 0 = 1 s.
	Interval time.Duration
	// Patience is how long a batch waits for KSeF to process its invoices
	// before it puts them back into the queue; 0 = 20 s.
	Patience time.Duration
	// Pace is the pause before the second question about a result; it doubles
	// from one question to the next, up to 5 s. 0 = 200 ms, which keeps the
	// calls for one invoice well within the limits of KSeF.
	Pace time.Duration
	// Grace is how long Run lets its batches finish after its context ends;
	// 0 = 10 s.
	Grace time.Duration
	// Backoff spaces repeated attempts.
	Backoff Backoff

	Now    func() time.Time // nil = time.Now; written into records and leases
	Random io.Reader        // nil = crypto/rand; safe for concurrent use
	Logger *slog.Logger     // nil = silence; used by Run only
	// After is called after every step, from any goroutine; nil = nothing.
	After func(Step)
}

// Relay moves audit events to their log. See store.Relay.
type Relay interface {
	Flush(ctx context.Context) error
}

// Service issues invoices and brings them to KSeF. It is safe for concurrent
// use, and several Services in several processes may share one store.
type Service struct {
	cfg      Config
	store    Store
	instance string // differs between processes with the same Worker
	hosted   bool   // inside a transaction that the host commits
	*shared
}

// shared is what a Service and those that Using makes of it have in common.
type shared struct {
	wake     chan struct{} // signals new work to Run
	flushing sync.Mutex    // one relay pass at a time
}

// New returns a Service. It does no I/O but reading a few random bytes.
func New(cfg Config) (*Service, error) {
	if cfg.Store == nil {
		return nil, errors.New("invoicing: new service: no store")
	}
	if cfg.Connect != nil && !believes(cfg.Trust) {
		return nil, errors.New("invoicing: new service: Config.Trust is empty, so no receipt would be believed: name the signer of the receipts in the environment of Connect")
	}
	cfg.setDefaults()
	if err := cfg.checkSeries(); err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, store: cfg.Store, shared: &shared{wake: make(chan struct{}, 1)}}
	var err error
	if s.instance, err = s.token(); err != nil {
		return nil, fmt.Errorf("invoicing: new service: %w", err)
	}
	if s.cfg.Worker == "" {
		s.cfg.Worker = s.instance
	}
	return s, nil
}

// believes reports whether there is anybody whose receipts count.
func believes(t upo.Trust) bool { return len(t.Certificates) > 0 || t.Roots != nil || t.AnySigner }

// checkSeries judges all patterns.
func (c *Config) checkSeries() error {
	if err := c.Series.Validate(); err != nil {
		return fmt.Errorf("invoicing: new service: series: %w", err)
	}
	for kind, pattern := range c.KindSeries {
		if err := pattern.Validate(); err != nil {
			return fmt.Errorf("invoicing: new service: series of %s: %w", kind, err)
		}
	}
	return nil
}

// series is the pattern for invoices of a kind.
func (c *Config) series(kind faktupro.Kind) faktupro.NumberPattern {
	if pattern := c.KindSeries[kind]; pattern != "" {
		return pattern
	}
	return c.Series
}

func (c *Config) setDefaults() {
	if c.Series == "" && c.KindSeries == nil {
		c.KindSeries = DefaultKindSeries()
	}
	orDefault(&c.Series, DefaultSeries)
	orDefault(&c.Lease, time.Minute)
	c.Lease = min(c.Lease, MaxPause)
	orDefault(&c.Batch, 100)
	orDefault(&c.Workers, 2)
	orDefault(&c.Parallel, 4)
	orDefault(&c.Interval, time.Second)
	orDefault(&c.Patience, 20*time.Second)
	orDefault(&c.Pace, 200*time.Millisecond)
	orDefault(&c.Grace, 10*time.Second)
	c.Backoff = c.Backoff.withDefaults()
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.After == nil {
		c.After = func(Step) {}
	}
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Using returns a Service for the host's own transaction, on the storage that
// store.Store.Within gives for it. It creates, issues and reads; what it writes
// stands or falls with the transaction. When one of its calls fails, nothing of
// that call remains, and the host may go on and commit.
//
// Nothing is announced before the host commits: no step goes to Config.After,
// and Run is not woken. Run finds the invoices within Config.Interval after the
// commit, or at once when the host calls Wake. Deliver and Run on the returned
// Service fail with ErrInTransaction.
//
// Warning: until the transaction ends call only the returned Service, in one
// goroutine. On a database handle with one connection, as SQLite wants it, a
// call of the outer Service or of its Store waits for the transaction, which
// waits for the call, for ever.
func (s *Service) Using(st Store) *Service {
	return &Service{cfg: s.cfg, store: st, instance: s.instance, hosted: true, shared: s.shared}
}

// Wake makes Run look at the queue now. A host calls it after it has committed
// invoices that a Service from Using issued; all others are announced already.
func (s *Service) Wake() { s.signal() }

// announce reports a committed step of the caller; inside the host's
// transaction nothing is committed yet.
func (s *Service) announce(step Step) {
	if !s.hosted {
		s.cfg.After(step)
	}
}

// queued reports committed work for Run.
func (s *Service) queued() {
	if !s.hosted {
		s.signal()
	}
}

// now is the current instant as it is stored.
func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// token is a text that is made only once.
func (s *Service) token() (string, error) {
	var b [12]byte
	if _, err := io.ReadFull(s.cfg.Random, b[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// signal tells Run that there is work.
func (s *Service) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// flushAudit relays the audit events, if that is this service's business.
func (s *Service) flushAudit(ctx context.Context) error {
	if s.cfg.Audit == nil {
		return nil
	}
	s.flushing.Lock()
	defer s.flushing.Unlock()
	if err := s.cfg.Audit.Flush(ctx); err != nil {
		return fmt.Errorf("relay audit events: %w", err)
	}
	return nil
}
