package invoicing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// requests are the calls of the flow by name.
var requests = map[string]string{
	"open": reqOpen, "send": reqSend, "close": reqClose, "status": reqInvoice, "receipt": reqUPO, "login": `^POST .*/auth/`,
}

// TestLostLines breaks the line before and after the simulator has done its
// work, for each call of the flow.
func TestLostLines(t *testing.T) {
	t.Parallel()
	faults := map[string]func(http.ResponseWriter, *http.Request, http.Handler){
		"answer lost": loseAnswer, "request lost": loseRequest,
		"500 after the work": workThenFail(500), "503 before the work": answer(503, "", "sorry"),
		"html": answer(200, "", "<html>"), "empty": answer(200, "", ""),
	}
	for call, pattern := range requests {
		for fault, act := range faults {
			t.Run(call+"/"+fault, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, ksefsim.Config{})
				w.wire.on(pattern, 2, act)
				p := w.start()
				rec := p.issue(t, sample(t))
				p.finish(t, rec.ID)
				w.confirmed(p, rec.ID)
				w.acceptedOnce(1)
			})
		}
	}
}

// TestLostSendIsNotRepeated: the answer to the send is lost, KSeF has the
// invoice. It is looked up, not sent again.
func TestLostSendIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqSend, 1, loseAnswer)
	p := w.start()
	rec := p.issue(t, sample(t))
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
	if n := w.wire.count(reqSend); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

// TestLostSendWhileKSeFIsAway: after the lost answer KSeF does not even tell
// what its session holds. The invoice stays unknown, whatever happens, until
// it does.
func TestLostSendWhileKSeFIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqSend, 1, loseAnswer)
	w.wire.on(reqList, 40, answer(400, "", `{"exception":{"exceptionDetailList":[{"exceptionCode":21405,"exceptionDescription":"x"}]}}`))
	p := w.start()
	rec := p.issue(t, sample(t))
	for range 5 {
		got, err := p.Deliver(t.Context(), rec.ID)
		if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateUnknown || got.Pending.LastError == "" {
			t.Fatalf("Deliver: %+v, %v", got, err)
		}
	}
	if n := w.wire.count(reqSend); n != 1 {
		t.Errorf("sent %d times", n)
	}
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
	w.acceptedOnce(1)
}

// TestRateLimit: Retry-After is obeyed for all invoices of the seller, also
// those issued later, and for nobody else.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"open", "send"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			w.wire.on(requests[call], 1, answer(429, "2700", `{"status":{"code":429,"description":"Too Many Requests"}}`))
			var clock clock
			p := w.start(func(c *invoicing.Config) { c.Now = clock.Now })
			first, second := p.issue(t, sample(t)), p.issue(t, sample(t))
			start := clock.Now()
			rec, err := p.Deliver(t.Context(), first.ID)
			if !errors.Is(err, invoicing.ErrUpstream) || !errors.Is(err, ksef.ErrRateLimited) || rec.State != invoicing.StateSealed {
				t.Fatalf("Deliver: %+v, %v", rec, err)
			}
			if held := rec.Pending.HeldUntil.Sub(start); held < 2699*time.Second || held > 2710*time.Second {
				t.Errorf("held for %v", held)
			}
			third := p.issue(t, sample(t))
			before := w.wire.count(".")
			for _, id := range []string{first.ID, second.ID, third.ID} {
				if _, err := p.Deliver(t.Context(), id); !errors.Is(err, invoicing.ErrUpstream) {
					t.Errorf("Deliver while held: %v", err)
				}
			}
			if n := w.wire.count(".") - before; n != 0 {
				t.Errorf("%d calls while held", n)
			}
			clock.advance(2710 * time.Second)
			for _, id := range []string{first.ID, second.ID, third.ID} {
				p.finish(t, id)
				w.confirmed(p, id)
			}
			w.acceptedOnce(3)
		})
	}
}

// TestRateLimitInTheMiddle: the third of five sends is refused. Those before it
// go on, those after it are not tried.
func TestRateLimitInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqSend, 1, answer(429, "60", `{"status":{"code":429,"description":"Too Many Requests"}}`))
	w.wire.faults[0].skip = 2
	var clock clock
	p := w.start(func(c *invoicing.Config) { c.Now, c.Parallel = clock.Now, 1 })
	for range 5 {
		p.issue(t, sample(t))
	}
	stop := run(t, p)
	p.eventually(t, invoicing.StateConfirmed, 2)
	if n := w.wire.count(reqSend); n != 3 {
		t.Errorf("%d sends", n)
	}
	clock.advance(61 * time.Second)
	p.eventually(t, invoicing.StateConfirmed, 5)
	stop()
	w.acceptedOnce(5)
	w.gapless(p, 5)
}

// TestSessionGone: KSeF asks to go on in another session.
func TestSessionGone(t *testing.T) {
	t.Parallel()
	for _, code := range []int{21155, 21180, 21184} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			body := fmt.Sprintf(`{"exception":{"exceptionDetailList":[{"exceptionCode":%d,"exceptionDescription":"x"}]}}`, code)
			w.wire.on(reqSend, 1, answer(400, "", body))
			p := w.start()
			rec := p.issue(t, sample(t))
			p.finish(t, rec.ID)
			w.confirmed(p, rec.ID)
			if n := w.wire.count(reqOpen); n != 2 {
				t.Errorf("%d sessions", n)
			}
		})
	}
}

// TestTamperedReceipt: a receipt that does not hold is not stored, and does not
// confirm the invoice.
func TestTamperedReceipt(t *testing.T) {
	t.Parallel()
	changes := map[string]func([]byte) []byte{
		"number": func(b []byte) []byte { return bytes.Replace(b, []byte("FV/1/02/2026"), []byte("FV/9/02/2026"), 1) },
		"signature": func(b []byte) []byte {
			return bytes.Replace(b, []byte("SignatureValue>"), []byte("SignatureValue>A"), 1)
		},
		"cut":   func(b []byte) []byte { return b[:len(b)/2] },
		"other": func([]byte) []byte { return []byte("<a/>") },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			w.wire.on(reqUPO, 1, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
				rewrite(change)(withoutHash{rw}, r, next)
			})
			p := w.start()
			rec := p.issue(t, sample(t))
			got, err := p.Deliver(t.Context(), rec.ID)
			if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateAccepted || got.KSeFNumber == "" {
				t.Fatalf("Deliver: %+v, %v", got, err)
			}
			if _, err := p.UPO(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrNotReady) {
				t.Errorf("UPO: %v", err)
			}
			p.finish(t, rec.ID)
			w.confirmed(p, rec.ID)
		})
	}
}

// withoutHash drops the announced hash, with which the client would catch the
// change before we do.
type withoutHash struct{ http.ResponseWriter }

func (w withoutHash) WriteHeader(status int) {
	w.Header().Del("x-ms-meta-hash")
	w.ResponseWriter.WriteHeader(status)
}

// TestSilence: nothing personal and no number of the seller reaches the log,
// whatever goes wrong.
func TestSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{Judge: func([]byte) []string { return []string{"Zofia Maj is unknown"} }})
	w.wire.on(reqOpen, 1, answer(400, "", `{"exception":{"exceptionDetailList":[{"exceptionCode":21405,"exceptionDescription":"Zofia Maj"}]}}`))
	w.wire.on(reqSend, 1, loseAnswer)
	var out capture
	p := w.start(func(c *invoicing.Config) { c.Logger = out.logger() })
	p.issue(t, sample(t))
	stop := run(t, p)
	p.eventually(t, invoicing.StateRejected, 1)
	stop()
	logged := out.String()
	if logged == "" {
		t.Error("the failures are not logged")
	}
	for _, secret := range []string{"Zofia", "1234563218", "5253012349", "FV/1", "Faktura", "Bearer"} {
		if strings.Contains(logged, secret) {
			t.Errorf("the log holds %q:\n%s", secret, logged)
		}
	}
}

// run runs the worker until stop is called.
func run(t testing.TB, p *process) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

// eventually waits until n invoices are in a state.
func (p *process) eventually(t testing.TB, state invoicing.State, n int) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		records, err := p.store.Invoices(context.Background(), invoicing.Filter{States: []invoicing.State{state}})
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == n {
			return
		}
		if time.Now().After(deadline) {
			all, _ := p.store.Invoices(context.Background(), invoicing.Filter{})
			for _, r := range all {
				t.Logf("%s %s %+v", r.ID, r.State, r.Pending)
			}
			t.Fatalf("%d invoices are %s, want %d", len(records), state, n)
		}
		time.Sleep(2 * time.Millisecond)
	}
}
