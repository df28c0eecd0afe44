package ksef

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// SyncStrategy is how invoices are fetched.
type SyncStrategy string

// The strategies.
const (
	// SyncAuto asks for one page of metadata and downloads one by one when there
	// are few new invoices, else exports.
	SyncAuto SyncStrategy = ""
	// SyncExport fetches packages of up to 10,000 invoices: 20 an hour.
	SyncExport SyncStrategy = "export"
	// SyncSingle downloads one by one: 64 an hour.
	SyncSingle SyncStrategy = "single"
)

// SyncConfig says what is received, where it goes and where the progress is
// kept. Store, Sink and Start are required.
type SyncConfig struct {
	Store SyncStore
	Sink  SyncSink
	// Start is from when invoices are wanted, by the time of their permanent
	// storage. It counts until the first checkpoint is saved.
	Start time.Time
	// Roles are those that RunAll goes through: AsBuyer if empty.
	Roles []SubjectRole
	// Strategy is SyncAuto if empty; Few is up to how many new invoices it
	// downloads one by one, 10 if zero.
	Strategy SyncStrategy
	Few      int
	// Overlap is how far each run goes back behind the last position, 10 minutes
	// if zero, negative for not at all. KSeF promises that nothing appears there
	// any more; the overlap is for the day on which it does.
	Overlap time.Duration
	// SaveEvery is after how many deliveries the checkpoint is saved within a
	// package, 100 if zero: as many may be delivered twice after a crash.
	SaveEvery int
	// Owner names the process in leases; random if empty. Lease is for how long
	// one is taken, 2 minutes if zero and at most MaxSyncLease; it is renewed
	// while the run goes on.
	Owner string
	Lease time.Duration
	// Sealer protects the key of an export in the store, so that an export under
	// way is taken up again after a crash. Nil: it is not kept, and another one is
	// started, of which there may be 20 an hour.
	Sealer Sealer
	// Compression, Spool, MaxWait and Limits are those of [ExportOrder]. What
	// dead processes left in Spool is removed by the next run of the role.
	Compression Compression
	Spool       string
	MaxWait     time.Duration
	Limits      pack.OpenConfig
}

// Defaults of [SyncConfig].
const (
	syncFew       = 10
	syncOverlap   = 10 * time.Minute
	syncSaveEvery = 100
	syncLease     = 2 * time.Minute
)

func (c SyncConfig) withDefaults() SyncConfig {
	if len(c.Roles) == 0 {
		c.Roles = []SubjectRole{AsBuyer}
	}
	if c.Few == 0 {
		c.Few = syncFew
	}
	if c.Overlap == 0 {
		c.Overlap = syncOverlap
	}
	c.Overlap = max(c.Overlap, 0)
	if c.SaveEvery <= 0 {
		c.SaveEvery = syncSaveEvery
	}
	if c.Lease <= 0 {
		c.Lease = syncLease
	}
	c.Lease = min(c.Lease, MaxSyncLease)
	return c
}

func (c SyncConfig) check(now time.Time) error {
	k := checker{op: opSync}
	k.need(c.Store != nil, "Store", RuleRequired, "give a store for the progress")
	k.need(c.Sink != nil, "Sink", RuleRequired, "give a sink for the invoices")
	k.need(!c.Start.IsZero(), "Start", RuleRequired, "say from when invoices are wanted")
	k.need(!c.Start.After(now), "Start", RuleRange, "begin in the past")
	if c.Strategy != SyncAuto {
		oneOf(&k, "Strategy", c.Strategy, SyncExport, SyncSingle)
	}
	return k.err()
}

const opSync = "receive invoices"

// Sync keeps a store of invoices up to date with KSeF: every invoice of a role
// is delivered to the sink, at least once and with the same key whenever it is
// repeated, however many arrive meanwhile and however often the process dies.
//
// It asks by the time of permanent storage, and never beyond the high water mark
// up to which KSeF guarantees that nothing appears any more. It goes on from the
// last invoice of a package that was cut, else from the mark, and looks back a
// little each time. Run it every 15 minutes or less often.
type Sync struct {
	account *Account
	context ContextID
	cfg     SyncConfig
}

// NewSync prepares receiving. It does no I/O.
func (a *Account) NewSync(cfg SyncConfig) (*Sync, error) {
	if err := cfg.check(a.client.now()); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	if cfg.Owner == "" {
		var b [6]byte
		if _, err := io.ReadFull(a.client.random, b[:]); err != nil {
			return nil, &Error{Op: opSync, Err: err}
		}
		cfg.Owner = hex.EncodeToString(b[:])
	}
	return &Sync{account: a, context: a.credential.identity().context, cfg: cfg}, nil
}

// Stream is the name of a role's checkpoint in the store: environment, context
// and role.
func (s *Sync) Stream(role SubjectRole) string {
	env := s.account.client.env
	name := env.Name
	if env.AllowHTTP || name == "" {
		name = env.API
	}
	return name + "|" + s.context.String() + "|" + string(role)
}

// SyncReport tells what one run did.
type SyncReport struct {
	Role SubjectRole
	// From is where the run began to look, Position up to where everything is
	// delivered now.
	From, Position time.Time
	Delivered      int // confirmed by the sink
	Repeated       int // met again and left out
	Exports        int // started
	Queries        int // pages of metadata
	Downloads      int // of single invoices
	Resumed        bool
}

// Run receives what is new in one role. The report is right also when there is
// an error: what was delivered stays delivered, and the next run goes on from
// there. ErrLeaseHeld means that another process is at it. A failure that passes
// is [Error.Temporary]; after ErrRateLimited wait for [Error.RetryAfter].
func (s *Sync) Run(ctx context.Context, role SubjectRole) (SyncReport, error) {
	r := &syncRun{Sync: s, role: role, stream: s.Stream(role), report: SyncReport{Role: role}}
	c := checker{op: opSync}
	oneOf(&c, "subjectType", role, AsSeller, AsBuyer, AsThird, AsAuthorized)
	if err := c.err(); err != nil {
		return r.report, err
	}
	err := s.leased(ctx, r.stream, func(ctx context.Context, lease SyncLease) error {
		r.lease = lease
		return r.run(ctx)
	})
	r.report.Position = r.cp.Position
	return r.report, err
}

// RunAll runs every role of the configuration, one after the other. A role that
// another process receives is left to it. Over a limit of calls the rest would
// fail as well and is not begun.
func (s *Sync) RunAll(ctx context.Context) ([]SyncReport, error) {
	var reports []SyncReport
	var errs []error
	for _, role := range s.cfg.Roles {
		report, err := s.Run(ctx, role)
		if errors.Is(err, ErrLeaseHeld) {
			continue
		}
		reports = append(reports, report)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", role, err))
		}
		if errors.Is(err, ErrRateLimited) || errors.Is(err, ErrBlocked) || ctx.Err() != nil {
			break
		}
	}
	return reports, errors.Join(errs...)
}

// Rewind sets a role back, for a check after a fault or for a new sink: the next
// run delivers everything from then on again, under the same keys.
func (s *Sync) Rewind(ctx context.Context, role SubjectRole, to time.Time) error {
	stream := s.Stream(role)
	return s.leased(ctx, stream, func(ctx context.Context, lease SyncLease) error {
		cp, err := s.cfg.Store.Load(ctx, stream)
		if err != nil {
			return err
		}
		if cp.Position.IsZero() || to.Before(cp.Position) {
			cp.Position = to.UTC()
		}
		// What was delivered before the new position stays known, the rest is
		// forgotten; an export under way begins too late.
		cp.Recent = slices.DeleteFunc(cp.Recent, func(r SyncReceipt) bool { return !r.Stored.Before(to) })
		cp.Pending, cp.Saved = nil, s.account.client.now().UTC()
		return s.cfg.Store.Save(ctx, lease, cp)
	})
}
