package ksef

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// LimiterConfig plans calls so that they keep within KSeF's limits: a call that
// would be one too many waits first, instead of being refused with a 429 and a
// wait that grows with every repetition. The zero value works.
//
// KSeF counts the calls of each group in three rolling windows (a second, a
// minute, an hour) for each pair of context and caller's address. The limiter
// asks it for the limits when an account makes its first call, and again every
// hour; until then, and when that fails, the published ones hold.
type LimiterConfig struct {
	// Store keeps the records of calls. Nil means memory of this client alone;
	// programs that share an address and a context must share a store too.
	Store LimitStore
	// MaxWait is the longest time that a call waits for its turn, one minute
	// if zero, at most 24 hours. If its turn comes later it fails at once with
	// a [*LimitError]. [WithMaxWait] changes it for some calls.
	MaxWait time.Duration
	// Margin is added to every window, for the way to KSeF, which counts a
	// call when it arrives. 250 ms if zero.
	Margin time.Duration
	// Address is the caller's address as KSeF sees it. If empty, the one that
	// KSeF named at the login.
	Address string
}

// Defaults and times of the limiter.
const (
	defaultMaxWait = time.Minute
	defaultMargin  = 250 * time.Millisecond
	relearnAfter   = time.Hour
	relearnRetry   = 10 * time.Minute // after a failure to learn
)

// LimitError reports a call that was not made, because its turn comes later
// than the caller wants to wait. It matches ErrRateLimited. An [Error] around
// it has the wait in RetryAfter.
type LimitError struct {
	Group RateGroup
	// Window is the window that is full: a second, a minute or an hour. It is
	// zero when KSeF itself demanded the wait with a 429.
	Window time.Duration
	// Wait is the time from the call to its turn, At the turn itself.
	Wait time.Duration
	At   time.Time
}

// Error names the group, the window and the wait.
func (e *LimitError) Error() string {
	why := "KSeF demanded a wait"
	if e.Window > 0 {
		why = "calls of the last " + strings.TrimSuffix(strings.TrimSuffix(e.Window.String(), "0s"), "0m") + " are used up"
	}
	return fmt.Sprintf("limit of group %s: %s: next call in %s", e.Group, why, e.Wait.Round(time.Millisecond))
}

// Is matches ErrRateLimited.
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

type maxWaitKey struct{}

// WithMaxWait lets the calls made under the context wait up to d for their turn
// under the limits. It has no effect on a client without a limiter.
func WithMaxWait(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, maxWaitKey{}, d)
}

// limiter holds what a client knows about limits.
type limiter struct {
	client *Client
	cfg    LimiterConfig
	local  MemoryLimitStore // used while the store fails

	mu    sync.Mutex
	pairs map[string]*ratePair
}

func newLimiter(c *Client, cfg *LimiterConfig) *limiter {
	if cfg == nil {
		return nil
	}
	l := &limiter{client: c, cfg: *cfg, pairs: map[string]*ratePair{}}
	if l.cfg.Store == nil {
		l.cfg.Store = new(MemoryLimitStore)
	}
	if l.cfg.MaxWait <= 0 {
		l.cfg.MaxWait = defaultMaxWait
	}
	if l.cfg.Margin <= 0 {
		l.cfg.Margin = defaultMargin
	}
	return l
}

// pair finds the counters of a context and an address; the zero context has
// those of calls without a login.
func (l *limiter) pair(id ContextID, address string) *ratePair {
	if l.cfg.Address != "" && id != (ContextID{}) {
		address = l.cfg.Address
	}
	name := strings.Join([]string{strings.TrimRight(l.client.env.API, "/"), string(id.Type), id.Value, address}, "\n")
	l.mu.Lock()
	defer l.mu.Unlock()
	p, known := l.pairs[name]
	if !known {
		p = &ratePair{limiter: l, name: name}
		l.pairs[name] = p
	}
	return p
}

// counted finds the counters of a call, nil when nothing counts it.
func (l *limiter) counted(k call) *ratePair {
	switch {
	case l == nil || k.url != "" || k.group == "":
		return nil
	case k.counted != nil:
		return k.counted
	}
	return l.pair(ContextID{}, "")
}

func (l *limiter) maxWait(ctx context.Context) time.Duration {
	d, set := ctx.Value(maxWaitKey{}).(time.Duration)
	if !set {
		d = l.cfg.MaxWait
	}
	return min(d, horizon)
}

// update changes a record in the store. A store that fails must not keep
// invoices from being sent: this process then counts for itself.
func (l *limiter) update(ctx context.Context, key string, change func(*rateLane) error) error {
	edit := func(old []byte) ([]byte, error) {
		lane, err := decodeLane(old)
		if err != nil {
			lane = rateLane{} // a record that nobody can read counts as lost
		}
		lane.sane(l.client.now().UnixNano())
		if err := change(&lane); err != nil {
			return nil, err
		}
		return lane.encode(), nil
	}
	err := l.cfg.Store.Update(ctx, key, edit)
	if err == nil || errors.Is(err, errKept) || ctx.Err() != nil {
		return err
	}
	if _, refused := errors.AsType[*LimitError](err); refused {
		return err
	}
	l.client.log.LogAttrs(ctx, slog.LevelWarn, "ksef limiter counts alone: store failed", slog.String("error", err.Error()))
	return l.local.Update(ctx, key, edit)
}

// errKept ends an update that changes nothing.
var errKept = errors.New("record stays as it is")

// recordKey names a record; identifiers do not show in it.
func recordKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return "limit-" + hex.EncodeToString(sum[:20])
}
