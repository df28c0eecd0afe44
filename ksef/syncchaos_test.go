package ksef_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// syncFaults spoils what the receiver asks for, from a seed.
type syncFaults struct {
	random *rand.Rand
	off    bool
	counts map[string]int
}

// tap draws a fault for a request. Only what receiving does is spoiled.
func (f *syncFaults) tap(r *http.Request, next http.Handler) *http.Response {
	p := f.random.Float64()
	export := strings.Contains(r.URL.Path, "/invoices/exports")
	storage := strings.HasPrefix(r.URL.Path, "/storage/")
	reading := export || storage || strings.Contains(r.URL.Path, "/invoices/query/") || strings.Contains(r.URL.Path, "/invoices/ksef/")
	switch {
	case f.off || !reading:
		return nil
	case p < 0.05 && !storage:
		f.counts["429"]++
		return syncAnswer(http.StatusTooManyRequests, "", "Retry-After", strconv.Itoa(1+int(p*1000)))
	case p < 0.10:
		f.counts["5xx"]++
		return syncAnswer(http.StatusServiceUnavailable, "<html>busy</html>")
	case p < 0.14:
		f.counts["lost request"]++
		panic(http.ErrAbortHandler)
	case p < 0.18 && export:
		f.counts["lost answer"]++
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case p < 0.22 && storage:
		f.counts["address expired"]++
		return syncAnswer(http.StatusForbidden, "<Error><Code>AuthenticationFailed</Code></Error>", "Content-Type", "application/xml")
	case p < 0.34 && storage:
		f.counts["cut off"]++
		return syncCut(r, next, p)
	}
	return nil
}

func syncAnswer(status int, body string, header ...string) *http.Response {
	rec := httptest.NewRecorder()
	for i := 0; i+1 < len(header); i += 2 {
		rec.Header().Set(header[i], header[i+1])
	}
	rec.WriteHeader(status)
	_, _ = rec.WriteString(body)
	return rec.Result()
}

// syncCut lets a download break off somewhere, or spoils a byte of it.
func syncCut(r *http.Request, next http.Handler, p float64) *http.Response {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	resp := rec.Result()
	body, _ := io.ReadAll(resp.Body)
	at := int(p * 1e6)
	if resp.StatusCode != http.StatusOK || len(body) == 0 {
		resp.Body = io.NopCloser(strings.NewReader(string(body)))
		return resp
	}
	if at%3 == 0 {
		body[at%len(body)] ^= 1
		resp.Body = io.NopCloser(strings.NewReader(string(body)))
		return resp
	}
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(string(body[:at%len(body)])), brokenReader{}))
	return resp
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errSyncCut }

// syncStory is a random life of an office: invoices come in bursts, KSeF shows
// them late and out of order, the program runs now and then, sometimes dies.
type syncStory struct {
	seed     uint64
	steps    int
	size     int
	strategy ksef.SyncStrategy
	overlap  time.Duration
	sealed   bool
	spool    string
	totals   map[string]int // of faults
}

// mortalStore dies with the process: after the n-th call nothing is saved.
type mortalStore struct {
	ksef.SyncStore
	left int
}

var errDied = errors.New("the process was killed")

func (m *mortalStore) Save(ctx context.Context, lease ksef.SyncLease, c ksef.SyncCheckpoint) error {
	if m.left--; m.left < 0 {
		return errDied
	}
	return m.SyncStore.Save(ctx, lease, c)
}

// Release does nothing: a process that was killed does not tidy up.
func (m *mortalStore) Release(ctx context.Context, lease ksef.SyncLease) error {
	if m.left < 0 {
		return nil
	}
	return m.SyncStore.Release(ctx, lease)
}

func (st syncStory) play(t testing.TB, ctx context.Context) error {
	random := rand.New(rand.NewPCG(st.seed, 2))
	w, err := newSyncWorld(ctx, ksefsim.Config{
		Exports:        ksefsim.ExportLimits{Invoices: st.size, PartSize: 900, Window: st.size + 1},
		HighWaterDelay: time.Duration(random.IntN(3)) * time.Second,
		StorageDelay:   time.Duration(random.IntN(90)) * time.Second,
	})
	if err != nil {
		return err
	}
	faults := &syncFaults{random: random, counts: st.totals}
	w.wire.tap = faults.tap
	sink, store := newSyncLedger(), new(ksef.MemorySyncStore)
	hidden, accepted := false, 0
	for range st.steps {
		switch random.IntN(7) {
		case 0, 1:
			n := 1 + random.IntN(9)
			if err := w.issue(ctx, t, n); err != nil {
				return err
			}
			accepted += n
		case 2:
			time.Sleep(time.Duration(random.IntN(1200)) * time.Second)
		case 3:
			hidden = !hidden
			if err := w.sim.HoldVisibility(hidden); err != nil {
				return err
			}
		case 6: // what was stored later is shown before what was stored earlier
			if err := w.sim.ReleaseVisibility(1+random.IntN(3), 4, 5, 6, 7, 8); err != nil {
				return err
			}
		case 4:
			w.sim.ExpireLinks()
		case 5:
			if err := st.run(ctx, w, store, sink, random); err != nil {
				return err
			}
		}
	}
	return st.finish(ctx, w, store, sink, faults, random)
}

func (st syncStory) sync(w *syncWorld, store ksef.SyncStore, sink *syncLedger) (*ksef.Sync, error) {
	cfg := ksef.SyncConfig{
		Store: store, Sink: sink, Start: time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC), Strategy: st.strategy,
		Overlap: st.overlap, SaveEvery: 2, Few: 2, Spool: st.spool, MaxWait: time.Minute,
	}
	if st.sealed {
		sealer, err := ksef.KeySealer(make([]byte, 32))
		if err != nil {
			return nil, err
		}
		cfg.Sealer = sealer
	}
	return w.office.NewSync(cfg)
}

// run is a run in which anything may go wrong: it may be killed between sink and
// checkpoint, and calls may fail.
func (st syncStory) run(ctx context.Context, w *syncWorld, store ksef.SyncStore, sink *syncLedger, random *rand.Rand) error {
	mortal := &mortalStore{SyncStore: store, left: 1 << 20}
	if random.IntN(3) == 0 {
		mortal.left = random.IntN(5)
	}
	if random.IntN(3) == 0 { // killed before the sink has it
		last := sink.calls + random.IntN(6)
		sink.fail = func(call int) error {
			if call > last {
				mortal.left = 0
				return errDied
			}
			return nil
		}
		defer func() { sink.fail = nil }()
	}
	s, err := st.sync(w, mortal, sink)
	if err != nil {
		return err
	}
	_, err = s.Run(ctx, ksef.AsBuyer)
	return allowedFailure(err)
}

// allowedFailure lets pass what faults may do to a run. Whatever else comes out
// is a fault of the program.
func allowedFailure(err error) error {
	if err == nil || errors.Is(err, errDied) || errors.Is(err, ksef.ErrLeaseHeld) {
		return nil
	}
	for _, passing := range []error{ksef.ErrUnavailable, ksef.ErrRateLimited, ksef.ErrOutcomeUnknown, ksef.ErrHashMismatch, ksef.ErrForbidden, ksef.ErrNotReady} {
		if errors.Is(err, passing) {
			return nil
		}
	}
	if e, ok := errors.AsType[*ksef.Error](err); ok && e.Has(ksef.CodeExportLimitReached) {
		return nil
	}
	return err
}

// finish lets the weather clear up and receives the rest.
func (st syncStory) finish(ctx context.Context, w *syncWorld, store ksef.SyncStore, sink *syncLedger, faults *syncFaults, random *rand.Rand) error {
	for range 3 {
		if err := st.run(ctx, w, store, sink, random); err != nil {
			return err
		}
		time.Sleep(3 * time.Minute)
	}
	faults.off = true
	if err := w.sim.HoldVisibility(false); err != nil {
		return err
	}
	time.Sleep(15 * time.Minute) // leases end, everything is stored
	s, err := st.sync(w, store, sink)
	if err != nil {
		return err
	}
	report, err := s.Run(ctx, ksef.AsBuyer)
	if err != nil {
		return fmt.Errorf("in fine weather: %w", err)
	}
	if again, err := s.Run(ctx, ksef.AsBuyer); err != nil || again.Delivered != 0 {
		return fmt.Errorf("run again after %+v: %+v, %w", report, again, err)
	}
	return sink.check(w.sim)
}

// TestSyncRandomLives: whatever the schedule, the holes, the faults and the
// deaths, every invoice arrives, and none twice under two keys.
func TestSyncRandomLives(t *testing.T) {
	simKeys()
	totals := map[string]int{}
	lives := 0
	rapid.Check(t, func(rt *rapid.T) {
		lives++
		st := syncStory{
			seed:     rapid.Uint64().Draw(rt, "seed"),
			steps:    rapid.IntRange(4, 16).Draw(rt, "steps"),
			size:     rapid.IntRange(2, 9).Draw(rt, "package"),
			strategy: rapid.SampledFrom([]ksef.SyncStrategy{ksef.SyncAuto, ksef.SyncExport, ksef.SyncSingle}).Draw(rt, "strategy"),
			overlap:  rapid.SampledFrom([]time.Duration{-1, 0, time.Second, time.Hour}).Draw(rt, "overlap"),
			sealed:   rapid.Bool().Draw(rt, "sealed"),
			totals:   totals,
		}
		if rapid.Bool().Draw(rt, "spool") {
			dir, err := os.MkdirTemp("", "spool")
			if err != nil {
				rt.Fatal(err)
			}
			defer os.RemoveAll(dir)
			st.spool = dir
		}
		var err error
		synctest.Test(t, func(t *testing.T) {
			year2026()
			err = st.play(t, t.Context())
		})
		if err != nil {
			rt.Fatalf("%+v: %v", st, err)
		}
	})
	if t.Failed() {
		return
	}
	var names []string
	for name, n := range totals {
		names = append(names, fmt.Sprintf("%s %d", name, n))
		if n < 3 {
			t.Errorf("only %d times %q: the test proves little", n, name)
		}
	}
	slices.SortFunc(names, cmp.Compare)
	t.Logf("%d lives; faults: %s", lives, strings.Join(names, ", "))
}

// TestSyncTenThousand receives 10,000 invoices in packages of 700 under faults.
// It takes minutes: set FAKTUPRO_LONG=1.
func TestSyncTenThousand(t *testing.T) {
	if os.Getenv("FAKTUPRO_LONG") == "" {
		t.Skip("set FAKTUPRO_LONG=1 to receive 10,000 invoices")
	}
	const invoices = 10_000
	inSyncWorld(t, ksefsim.Config{Exports: ksefsim.ExportLimits{Invoices: 700, PartSize: 100_000}}, func(t *testing.T, w *syncWorld) {
		faults := &syncFaults{random: rand.New(rand.NewPCG(11, 2)), counts: map[string]int{}}
		w.wire.tap = faults.tap
		sink, store := newSyncLedger(), new(ksef.MemorySyncStore)
		st := syncStory{strategy: ksef.SyncExport, overlap: time.Second, sealed: true, spool: t.TempDir()}
		for left := invoices; left > 0; left -= 500 {
			if err := w.issue(t.Context(), t, 500); err != nil {
				t.Fatal(err)
			}
			if err := st.run(t.Context(), w, store, sink, faults.random); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.finish(t.Context(), w, store, sink, faults, faults.random); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d invoices in %d calls of the sink; faults: %v", len(sink.held), sink.calls, faults.counts)
	})
}
