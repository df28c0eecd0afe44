package invoicing_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// disasters are the ways in which a request can go wrong.
var disasters = map[string]func(http.ResponseWriter, *http.Request, http.Handler){
	"answer lost": loseAnswer, "request lost": loseRequest, "500 after the work": workThenFail(500),
	"502 before the work": answer(502, "", ""), "429": answer(429, "0", `{"status":{"code":429,"description":"x"}}`),
	"html":    answer(200, "", "<html>"),
	"refused": answer(400, "", `{"exception":{"exceptionDetailList":[{"exceptionCode":21405,"exceptionDescription":"x"}]}}`),
	"gone":    answer(400, "", `{"exception":{"exceptionDetailList":[{"exceptionCode":21184,"exceptionDescription":"x"}]}}`),
	"404":     answer(404, "", "not here"),
}

var errChaos = errors.New("died of chaos")

var (
	chaosRuns = flag.Int("chaos.runs", 16, "number of plans that TestChaos draws")
	chaosSeed = flag.Uint64("chaos.seed", 0, "seed of the only plan that TestChaos runs")
)

// TestChaos draws plans of what goes wrong: lines that break, workers that die
// at any step, failing transactions. Whatever the plan, each invoice ends under
// one KSeF number, and the series has no gaps. A failing plan is named by its
// seed.
func TestChaos(t *testing.T) {
	t.Parallel()
	seeds := []uint64{*chaosSeed}
	for range *chaosRuns {
		seeds = append(seeds, rand.Uint64())
	}
	if *chaosSeed != 0 {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			chaos(t, rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

func chaos(t *testing.T, r *rand.Rand) {
	w := newWorld(t, ksefsim.Config{})
	calls, kinds, steps := slices.Sorted(maps.Keys(requests)), slices.Sorted(maps.Keys(disasters)), invoicing.Steps()[2:]
	for range r.IntN(7) {
		call, kind := calls[r.IntN(len(calls))], kinds[r.IntN(len(kinds))]
		w.wire.on(requests[call], 1+r.IntN(2), disasters[kind])
		f := w.wire.faults[len(w.wire.faults)-1]
		f.skip = r.IntN(4)
		t.Logf("%s: %s, %d times after %d", call, kind, f.times, f.skip)
	}
	front := w.start()
	var ids []string
	for range 1 + r.IntN(4) {
		ids = append(ids, front.issue(t, sample(t)).ID)
	}
	for range r.IntN(5) {
		step, f := steps[r.IntN(len(steps))], &flaky{failAt: int32(r.IntN(12)), late: r.IntN(2) == 0}
		t.Logf("a worker dies after %s; its transaction %d fails, late=%v", step, f.failAt, f.late)
		w.die(step, ids[r.IntN(len(ids))], f)
	}
	p := w.start(func(c *invoicing.Config) { c.Lease = 100 * time.Millisecond })
	for _, id := range ids {
		p.finish(t, id)
		w.confirmed(p, id)
	}
	w.acceptedOnce(len(ids))
	w.gapless(p, len(ids))
}

// die starts a worker that panics after a step.
func (w *world) die(step invoicing.Step, id string, f *flaky) {
	var once sync.Once
	p := w.start(after(step, func() {
		once.Do(func() { panic(errChaos) })
	}), func(c *invoicing.Config) { f.Store, c.Store, c.Lease = c.Store, f, 100*time.Millisecond })
	defer func() {
		if r := recover(); r != nil && r != errChaos {
			panic(r)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = p.Deliver(ctx, id)
}
