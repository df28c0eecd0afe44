package ksef_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// syncWire carries requests to the simulator without sockets, so that whole stories
// of days run on the virtual clock of a synctest bubble.
type syncWire struct {
	handler http.Handler
	// tap may answer instead of the simulator; nil passes.
	tap func(r *http.Request, next http.Handler) *http.Response
}

var errSyncCut = errors.New("connection cut on purpose")

func (w *syncWire) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		if cut := recover(); cut != nil {
			resp, err = nil, errSyncCut
		}
	}()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	if w.tap != nil {
		if resp := w.tap(r, w.handler); resp != nil {
			resp.Request = r
			return resp, nil
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	resp = rec.Result()
	resp.Request = r
	return resp, nil
}

// syncWorld is a simulated KSeF with a seller who issues and a buyer who receives.
type syncWorld struct {
	sim    *ksefsim.Server
	wire   *syncWire
	issuer *ksef.Account
	office *ksef.Account
	serial int
	open   *ksef.OnlineSession
}

// year2026 brings the clock of a bubble, which starts in 2000, into the time of
// KSeF.
func year2026() {
	time.Sleep(time.Until(time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)))
}

func newSyncWorld(ctx context.Context, cfg ksefsim.Config) (*syncWorld, error) {
	cfg.Keys = simKeys()
	sim, err := ksefsim.New(cfg)
	if err != nil {
		return nil, err
	}
	w := &syncWorld{sim: sim, wire: &syncWire{handler: sim}}
	if w.issuer, err = w.login(ctx, ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller)))); err != nil {
		return nil, err
	}
	w.office, err = w.login(ctx, ksef.Token(ksef.NIPContext(buyer), ksef.NewSecret(sim.AddToken(buyer))))
	return w, err
}

func (w *syncWorld) login(ctx context.Context, c ksef.Credential) (*ksef.Account, error) {
	client, err := ksef.New(ksef.Config{Environment: ksef.Custom("http://ksef.test"), HTTP: &http.Client{Transport: w.wire}, Poll: fast})
	if err != nil {
		return nil, err
	}
	return client.Login(ctx, c)
}

// issue sends n invoices from the seller to the buyer.
func (w *syncWorld) issue(ctx context.Context, t testing.TB, n int) error {
	for range n {
		w.serial++
		time.Sleep(time.Millisecond)
		for try := 0; ; try++ {
			if w.open == nil {
				session, err := w.issuer.OpenOnline(ctx, ksef.FormFA3)
				if err != nil && try < 20 {
					continue
				}
				if err != nil {
					return err
				}
				w.open = session
			}
			_, err := w.open.Send(ctx, invoiceXML(t, fmt.Sprintf("FV/%d", w.serial)), ksef.SendOptions{})
			if err == nil || errors.Is(err, ksef.ErrOutcomeUnknown) {
				break // a lost one is not in KSeF, and nobody misses it
			}
			w.open = nil // 12 hours are over
			if try == 20 {
				return err
			}
		}
	}
	return nil
}

// syncLedger is a sink that keeps what it was given by key: what a database with a
// unique key would hold.
type syncLedger struct {
	mu    sync.Mutex
	held  map[string]*ksef.ReceivedInvoice
	calls int
	fail  func(call int) error
}

func newSyncLedger() *syncLedger { return &syncLedger{held: map[string]*ksef.ReceivedInvoice{}} }

func (l *syncLedger) Receive(_ context.Context, d ksef.SyncDelivery) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if l.fail != nil {
		if err := l.fail(l.calls); err != nil {
			return err
		}
	}
	if old := l.held[d.Key]; old != nil && old.KSeFNumber != d.Invoice.KSeFNumber {
		return errors.New("one key for two invoices")
	}
	l.held[d.Key] = d.Invoice
	return nil
}

// check compares the syncLedger with what KSeF has accepted, byte for byte.
func (l *syncLedger) check(sim *ksefsim.Server) error {
	byNumber := map[string]*ksef.ReceivedInvoice{}
	for _, inv := range l.held {
		if byNumber[string(inv.KSeFNumber)] != nil {
			return fmt.Errorf("an invoice has two keys")
		}
		byNumber[string(inv.KSeFNumber)] = inv
	}
	accepted := sim.Accepted()
	for _, want := range accepted {
		got := byNumber[string(want.KSeFNumber)]
		if got == nil {
			return fmt.Errorf("invoice %s of %d was lost", want.Number, len(accepted))
		}
		if !bytes.Equal(got.XML, want.XML) || got.SHA256 != sha256.Sum256(want.XML) || got.Metadata.InvoiceNumber != want.Number {
			return fmt.Errorf("invoice %s came out changed", want.Number)
		}
	}
	if len(byNumber) != len(accepted) {
		return fmt.Errorf("%d invoices arrived, %d were accepted", len(byNumber), len(accepted))
	}
	return nil
}

func syncConfig(sink ksef.SyncSink) ksef.SyncConfig {
	return ksef.SyncConfig{Store: new(ksef.MemorySyncStore), Sink: sink, Start: time.Now().Add(-time.Hour)}
}
