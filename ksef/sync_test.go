package ksef_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// inSyncWorld runs a story on a virtual clock.
func inSyncWorld(t *testing.T, cfg ksefsim.Config, story func(t *testing.T, w *syncWorld)) {
	t.Helper()
	simKeys() // real time: making them takes long
	synctest.Test(t, func(t *testing.T) {
		year2026()
		w, err := newSyncWorld(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		story(t, w)
	})
}

func (w *syncWorld) must(t *testing.T, n int) {
	t.Helper()
	if err := w.issue(t.Context(), t, n); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // the mark passes them
}

func newSync(t *testing.T, a *ksef.Account, cfg ksef.SyncConfig) *ksef.Sync {
	t.Helper()
	s, err := a.NewSync(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t *testing.T, s *ksef.Sync, role ksef.SubjectRole) ksef.SyncReport {
	t.Helper()
	report, err := s.Run(t.Context(), role)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	return report
}

func TestSyncStrategies(t *testing.T) {
	for _, c := range []struct {
		strategy           ksef.SyncStrategy
		first, second      int // invoices
		exports, downloads int
	}{
		{ksef.SyncExport, 15, 3, 2, 0},
		{ksef.SyncSingle, 15, 3, 0, 18},
		{ksef.SyncAuto, 15, 3, 1, 3},
	} {
		t.Run("strategy "+string(c.strategy), func(t *testing.T) {
			inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
				sink := newSyncLedger()
				cfg := syncConfig(sink)
				cfg.Strategy = c.strategy
				s := newSync(t, w.office, cfg)
				w.must(t, c.first)
				a := run(t, s, ksef.AsBuyer)
				w.must(t, c.second)
				b := run(t, s, ksef.AsBuyer)
				nothing := run(t, s, ksef.AsBuyer)
				if err := sink.check(w.sim); err != nil {
					t.Error(err)
				}
				if a.Delivered != c.first || b.Delivered != c.second || nothing.Delivered != 0 || sink.calls != c.first+c.second {
					t.Errorf("delivered %d, %d, %d; %d calls", a.Delivered, b.Delivered, nothing.Delivered, sink.calls)
				}
				if b.Repeated != c.first {
					t.Errorf("the overlap met %d invoices again, want %d", b.Repeated, c.first)
				}
				if a.Exports+b.Exports != c.exports || a.Downloads+b.Downloads != c.downloads {
					t.Errorf("%d exports, %d downloads", a.Exports+b.Exports, a.Downloads+b.Downloads)
				}
				if !b.Position.After(a.Position) || b.Position.After(time.Now()) {
					t.Errorf("positions %v, %v", a.Position, b.Position)
				}
			})
		})
	}
}

func TestSyncRoles(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		w.must(t, 2)
		for account, roles := range map[*ksef.Account]map[ksef.SubjectRole]int{
			w.issuer: {ksef.AsSeller: 2, ksef.AsBuyer: 0, ksef.AsThird: 0, ksef.AsAuthorized: 0},
			w.office: {ksef.AsSeller: 0, ksef.AsBuyer: 2, ksef.AsThird: 0, ksef.AsAuthorized: 0},
		} {
			sink := newSyncLedger()
			cfg := syncConfig(sink)
			cfg.Roles = []ksef.SubjectRole{ksef.AsSeller, ksef.AsBuyer, ksef.AsThird, ksef.AsAuthorized}
			reports, err := newSync(t, account, cfg).RunAll(t.Context())
			if err != nil || len(reports) != 4 {
				t.Fatal(reports, err)
			}
			for _, r := range reports {
				if r.Delivered != roles[r.Role] {
					t.Errorf("%s: %d", r.Role, r.Delivered)
				}
			}
		}
	})
}

// TestSyncTruncated: packages of three invoices, with invoices that arrive while
// they are read. Going on from the mark instead of the last invoice would lose
// most of them.
func TestSyncTruncated(t *testing.T) {
	for _, strategy := range []ksef.SyncStrategy{ksef.SyncExport, ksef.SyncSingle} {
		inSyncWorld(t, ksefsim.Config{Exports: ksefsim.ExportLimits{Invoices: 3, PartSize: 700, Window: 4}}, func(t *testing.T, w *syncWorld) {
			sink := newSyncLedger()
			cfg := syncConfig(ksef.SyncSinkFunc(func(ctx context.Context, d ksef.SyncDelivery) error {
				if w.serial < 30 && len(sink.held)%2 == 0 {
					if err := w.issue(ctx, t, 1); err != nil {
						return err
					}
				}
				return sink.Receive(ctx, d)
			}))
			cfg.Strategy, cfg.Spool = strategy, t.TempDir()
			for range 11 {
				w.must(t, 1)
			}
			s := newSync(t, w.office, cfg)
			report := run(t, s, ksef.AsBuyer)
			for last := report; last.Delivered > 0; last = run(t, s, ksef.AsBuyer) {
				time.Sleep(time.Minute)
			}
			if err := sink.check(w.sim); err != nil {
				t.Errorf("%s: %v", strategy, err)
			}
			if strategy == ksef.SyncExport && report.Exports < 4 || len(sink.held) < 12 {
				t.Errorf("%s: %d exports, %d invoices: the test proves little", strategy, report.Exports, len(sink.held))
			}
		})
	}
}

// TestSyncSameInstant: a package that ends between two invoices of one moment.
func TestSyncSameInstant(t *testing.T) {
	for _, strategy := range []ksef.SyncStrategy{ksef.SyncExport, ksef.SyncSingle} {
		inSyncWorld(t, ksefsim.Config{Exports: ksefsim.ExportLimits{Invoices: 3, Window: 3}}, func(t *testing.T, w *syncWorld) {
			sink := newSyncLedger()
			cfg := syncConfig(sink)
			cfg.Strategy, cfg.Overlap = strategy, -1
			w.must(t, 2)
			if err := w.sim.HoldStorage(true); err != nil {
				t.Fatal(err)
			}
			w.must(t, 2) // both are stored when the hold ends
			if err := w.sim.HoldStorage(false); err != nil {
				t.Fatal(err)
			}
			w.must(t, 1)
			s := newSync(t, w.office, cfg)
			run(t, s, ksef.AsBuyer)
			if err := sink.check(w.sim); err != nil {
				t.Errorf("%s: %v", strategy, err)
			}
			if err := w.sim.HoldStorage(true); err != nil {
				t.Fatal(err)
			}
			w.must(t, 4) // more of one moment than a package holds
			if err := w.sim.HoldStorage(false); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			if _, err := s.Run(t.Context(), ksef.AsBuyer); !errors.Is(err, ksef.ErrTooManyAlike) {
				t.Errorf("%s: more of one moment than a package holds: %v", strategy, err)
			}
		})
	}
}

// TestSyncHoles: invoices stored and not shown yet, later ones shown before
// them.
func TestSyncHoles(t *testing.T) {
	for _, strategy := range []ksef.SyncStrategy{ksef.SyncExport, ksef.SyncSingle} {
		inSyncWorld(t, ksefsim.Config{HighWaterDelay: time.Second, Exports: ksefsim.ExportLimits{Invoices: 2, Window: 3}}, func(t *testing.T, w *syncWorld) {
			sink := newSyncLedger()
			cfg := syncConfig(sink)
			cfg.Strategy, cfg.Overlap = strategy, -1 // the mark alone has to do
			s := newSync(t, w.office, cfg)
			w.must(t, 2)
			run(t, s, ksef.AsBuyer)
			if err := w.sim.HoldVisibility(true); err != nil {
				t.Fatal(err)
			}
			w.must(t, 4)
			run(t, s, ksef.AsBuyer)
			if err := w.sim.ReleaseVisibility(1, 2, 3); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			held := run(t, s, ksef.AsBuyer)
			if err := w.sim.HoldVisibility(false); err != nil {
				t.Fatal(err)
			}
			w.must(t, 1)
			time.Sleep(time.Minute)
			run(t, s, ksef.AsBuyer)
			if err := sink.check(w.sim); err != nil {
				t.Errorf("%s: %v", strategy, err)
			}
			if held.Position.After(time.Now().Add(-50 * time.Minute)) {
				t.Errorf("%s: the position passed the hole", strategy)
			}
		})
	}
}

// TestSyncDelayedStorage: invoices that have a number and no place in permanent
// storage for a while.
func TestSyncDelayedStorage(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{StorageDelay: 3 * time.Minute}, func(t *testing.T, w *syncWorld) {
		sink := newSyncLedger()
		s := newSync(t, w.office, syncConfig(sink))
		total := 0
		for range 8 {
			w.must(t, 1)
			time.Sleep(time.Minute)
			total += run(t, s, ksef.AsBuyer).Delivered
		}
		time.Sleep(10 * time.Minute)
		last := run(t, s, ksef.AsBuyer).Delivered
		if err := sink.check(w.sim); err != nil || last == 0 || total == 0 {
			t.Errorf("%v; %d and %d", err, total, last)
		}
	})
}

// TestSyncLongAgo: the first import of more than a year goes by ranges.
func TestSyncLongAgo(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		sink := newSyncLedger()
		cfg := syncConfig(sink)
		cfg.Strategy = ksef.SyncExport
		for range 5 {
			w.must(t, 2)
			time.Sleep(91 * 24 * time.Hour)
		}
		fresh, err := w.login(t.Context(), ksef.Token(ksef.NIPContext(buyer), ksef.NewSecret(w.sim.AddToken(buyer))))
		if err != nil {
			t.Fatal(err)
		}
		report := run(t, newSync(t, fresh, cfg), ksef.AsBuyer)
		if err := sink.check(w.sim); err != nil || report.Delivered != 10 || report.Exports != 6 {
			t.Errorf("%v; %+v", err, report)
		}
	})
}

func TestSyncSinkFails(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		sink, broken := newSyncLedger(), errors.New("disk full")
		sink.fail = func(call int) error {
			if call == 3 {
				return broken
			}
			return nil
		}
		s := newSync(t, w.office, syncConfig(sink))
		w.must(t, 5)
		report, err := s.Run(t.Context(), ksef.AsBuyer)
		if sinkErr, ok := errors.AsType[*ksef.SinkError](err); !ok || !errors.Is(err, broken) || len(sinkErr.Key) != 43 || report.Delivered != 2 {
			t.Fatalf("%+v, %v", report, err)
		}
		if again := run(t, s, ksef.AsBuyer); again.Delivered != 3 || again.Repeated != 2 {
			t.Errorf("%+v", again)
		}
		if err := sink.check(w.sim); err != nil || sink.calls != 6 {
			t.Errorf("%v; %d calls", err, sink.calls)
		}
	})
}

func TestSyncRewind(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		sink := newSyncLedger()
		s := newSync(t, w.office, syncConfig(sink))
		w.must(t, 3)
		run(t, s, ksef.AsBuyer)
		if err := s.Rewind(t.Context(), ksef.AsBuyer, time.Now().Add(-30*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if again := run(t, s, ksef.AsBuyer); again.Delivered != 3 || sink.calls != 6 || len(sink.held) != 3 {
			t.Errorf("%+v, %d calls", again, sink.calls)
		}
	})
}

// TestSyncExcludes: while one process delivers, another is kept out; one that
// was frozen for too long cannot spoil what the next one saved.
func TestSyncExcludes(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		sink := newSyncLedger()
		cfg := syncConfig(nil)
		var second *ksef.Sync
		var outcome error
		cfg.Sink = ksef.SyncSinkFunc(func(ctx context.Context, d ksef.SyncDelivery) error {
			time.Sleep(10 * time.Minute) // five leases long, and renewed
			_, outcome = second.Run(ctx, ksef.AsBuyer)
			return sink.Receive(ctx, d)
		})
		first := newSync(t, w.office, cfg)
		cfg.Sink = sink
		second = newSync(t, w.office, cfg)
		w.must(t, 1)
		run(t, first, ksef.AsBuyer)
		if !errors.Is(outcome, ksef.ErrLeaseHeld) || sink.calls != 1 {
			t.Errorf("the second process: %v; %d calls", outcome, sink.calls)
		}
		if reports, err := second.RunAll(t.Context()); err != nil || len(reports) != 1 {
			t.Errorf("after the first: %v, %v", reports, err)
		}
	})
}

func TestSyncLostLease(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		sink := newSyncLedger()
		cfg := syncConfig(sink)
		var s *ksef.Sync
		cfg.Sink = ksef.SyncSinkFunc(func(ctx context.Context, d ksef.SyncDelivery) error {
			if len(sink.held) == 1 { // a pause of the machine: somebody else takes the lease
				ahead := time.Now().Add(30 * time.Minute)
				if _, err := cfg.Store.Acquire(ctx, s.Stream(ksef.AsBuyer), "other", ahead, ahead.Add(time.Minute)); err != nil {
					return err
				}
				time.Sleep(time.Hour)
			}
			return sink.Receive(ctx, d)
		})
		s = newSync(t, w.office, cfg)
		w.must(t, 4)
		if _, err := s.Run(t.Context(), ksef.AsBuyer); !errors.Is(err, ksef.ErrLeaseLost) {
			t.Fatalf("Run: %v", err)
		}
		run(t, s, ksef.AsBuyer)
		if err := sink.check(w.sim); err != nil {
			t.Error(err)
		}
	})
}

func TestSyncRefusesConfig(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		good := syncConfig(newSyncLedger())
		for name, spoil := range map[string]func(*ksef.SyncConfig){
			"no store":     func(c *ksef.SyncConfig) { c.Store = nil },
			"no sink":      func(c *ksef.SyncConfig) { c.Sink = nil },
			"no start":     func(c *ksef.SyncConfig) { c.Start = time.Time{} },
			"future start": func(c *ksef.SyncConfig) { c.Start = time.Now().Add(time.Hour) },
			"strategy":     func(c *ksef.SyncConfig) { c.Strategy = "fast" },
		} {
			cfg := good
			spoil(&cfg)
			if _, err := w.office.NewSync(cfg); !errors.Is(err, ksef.ErrInvalidArgument) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := newSync(t, w.office, good).Run(t.Context(), "Subject9"); !errors.Is(err, ksef.ErrInvalidArgument) {
			t.Errorf("role: %v", err)
		}
	})
}
