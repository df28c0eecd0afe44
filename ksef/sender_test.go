package ksef_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/pl"
)

var calm odds

// sent sends and expects a state.
func sent(t *testing.T, s *ksef.Sender, xml []byte, want ksef.DeliveryState) *ksef.Delivery {
	t.Helper()
	d, err := s.Send(t.Context(), xml)
	if d.State != want || (err == nil) != (want == ksef.DeliveryAccepted || want == ksef.DeliveryRejected) {
		t.Fatalf("%v, %v; want %v", d.State, err, want)
	}
	return d
}

func closed(t *testing.T, s *ksef.Sender) *ksef.SenderReport {
	t.Helper()
	report, err := s.Close(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func sessionOf(t *testing.T, a *ksef.Account, reference string) *ksef.SessionStatus {
	t.Helper()
	st, err := a.WaitSession(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestSenderDecisions(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{ProcessingDelay: time.Second}, func(t *testing.T, w *world, a *ksef.Account) {
		s := a.Sender(ksef.SenderConfig{})
		first := sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
		if n := w.sim.Accepted()[0].KSeFNumber; first.KSeFNumber != n || first.Session != first.Attempt.Session || first.Earlier || first.Reason != nil {
			t.Errorf("first: %+v", first)
		}
		again := sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
		if !again.Earlier || again.KSeFNumber != first.KSeFNumber || again.Session != first.Session {
			t.Errorf("the same bytes again: %+v", again)
		}
		other := sample("FV/1")
		other.Fa.FaWiersz[0].P_7 = "Dachówka"
		stolen := sent(t, s, marshalled(t, other), ksef.DeliveryRejected)
		if stolen.Duplicate != first.KSeFNumber || !errors.Is(stolen.Reason, ksef.ErrDuplicate) {
			t.Errorf("another invoice with the number: %+v", stolen)
		}
		bad := sent(t, s, []byte("<Faktura/>"), ksef.DeliveryRejected)
		if refusal, ok := errors.AsType[*ksef.StatusError](bad.Reason); !ok || refusal.Status.Code != ksef.InvoiceFileInvalid {
			t.Errorf("not an invoice: %+v", bad)
		}
		sent(t, s, nil, ksef.DeliveryNotSent)
		report := closed(t, s)
		if len(report.Sessions) != 1 || len(report.Resolved) != 0 {
			t.Errorf("report %+v", report)
		}
		if d, err := s.Send(t.Context(), invoiceXML(t, "FV/2")); d.State != ksef.DeliveryNotSent || !errors.Is(err, ksef.ErrInvalidArgument) {
			t.Errorf("after Close: %v, %v", d.State, err)
		}
		if st := sessionOf(t, a, report.Sessions[0]); *st.SuccessfulInvoiceCount != 1 {
			t.Errorf("session %+v", st)
		}
	})
}

func TestSenderMovesOn(t *testing.T) {
	tests := []struct {
		name    string
		cfg     ksef.SenderConfig
		between func(t *testing.T, w *world, a *ksef.Account)
	}{
		{"its own limit", ksef.SenderConfig{MaxInvoices: 1}, nil},
		{"12 hours", ksef.SenderConfig{}, func(*testing.T, *world, *ksef.Account) { time.Sleep(11*time.Hour + 56*time.Minute) }},
		{"closed by KSeF", ksef.SenderConfig{}, func(t *testing.T, w *world, _ *ksef.Account) {
			if n, err := w.sim.ExpireSessions(); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}},
		{"KSeF's limit", ksef.SenderConfig{}, func(t *testing.T, _ *world, a *ksef.Account) {
			one := ksef.SessionLimits{MaxInvoiceSizeMB: 1, MaxInvoiceWithAttachmentSizeMB: 3, MaxInvoices: 1}
			if err := a.TestLimits.SetSession(t.Context(), ksef.TestSessionLimits{Online: one, Batch: one}); err != nil {
				t.Fatal(err)
			}
		}},
		{"unavailable", ksef.SenderConfig{}, func(_ *testing.T, w *world, _ *ksef.Account) {
			w.sim.Inject(ksefsim.Fault{Operation: "POST /sessions/online/{referenceNumber}/invoices", Status: 400, Code: 21184, Times: 1})
		}},
		{"emergency rotation", ksef.SenderConfig{MaxInvoices: 1}, func(_ *testing.T, w *world, _ *ksef.Account) { w.rotate() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
				s := a.Sender(tt.cfg)
				one := sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
				if tt.between != nil {
					tt.between(t, w, a)
				}
				two := sent(t, s, invoiceXML(t, "FV/2"), ksef.DeliveryAccepted)
				if report := closed(t, s); one.Session == two.Session || len(report.Sessions) != 2 {
					t.Errorf("sessions %v", report.Sessions)
				}
			})
		})
	}
}

// TestSenderSharesOneSession: many goroutines need one session.
func TestSenderSharesOneSession(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{ProcessingDelay: time.Second}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, 40)
		got, rounds := sendAll(t.Context(), t, a, docs, numbers, 8, 40)
		checkDeliveries(t, w, numbers, got)
		if sessions, _, _ := w.census(t.Context(), a, ksef.SessionOnline, docs); sessions != 1 || rounds != 1 {
			t.Errorf("%d sessions in %d rounds", sessions, rounds)
		}
	})
}

// TestSenderReplacesUselessKey: a session whose key KSeF cannot read fails later;
// the keys are read again and the invoice goes through another session.
func TestSenderReplacesUselessKey(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Second} {
		inWorld(t, 1, calm, ksefsim.Config{ProcessingDelay: delay}, func(t *testing.T, w *world, a *ksef.Account) {
			spoilt, lists := 0, 0
			w.sim.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/public-key-certificates") {
						lists++
					}
					if strings.HasSuffix(r.URL.Path, "/sessions/online") && spoilt == 0 {
						spoilt++
						r = withBody(r, spoil)
					}
					next.ServeHTTP(rw, r)
				})
			})
			s := a.Sender(ksef.SenderConfig{})
			sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
			if report := closed(t, s); len(report.Sessions) != 2 || lists == 0 {
				t.Errorf("delay %v: sessions %v, keys read %d times", delay, report.Sessions, lists)
			}
		})
	}
}

// TestSenderRecordsBeforeSending: what is recorded says where to look, and a
// record that fails stops the sending.
func TestSenderRecordsBeforeSending(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		var kept []ksef.Attempt
		full := errors.New("disk full")
		var fail error
		s := a.Sender(ksef.SenderConfig{Record: func(_ context.Context, at ksef.Attempt) error {
			kept = append(kept, at)
			return fail
		}})
		fail = full
		d, err := s.Send(t.Context(), invoiceXML(t, "FV/1"))
		if d.State != ksef.DeliveryNotSent || !errors.Is(err, full) || len(w.sim.Accepted()) != 0 {
			t.Fatalf("%v, %v", d.State, err)
		}
		fail = nil
		d = sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
		if len(kept) != 2 || kept[1].Session != d.Session || kept[1].SHA256 != d.Attempt.SHA256 || kept[1].Number != "FV/1" || kept[1].Seller != seller {
			t.Errorf("kept %+v", kept)
		}
		var back ksef.Attempt
		raw, err := json.Marshal(kept[1])
		if err == nil {
			err = json.Unmarshal(raw, &back)
		}
		if diff := cmp.Diff(kept[1], back); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
}

// TestSenderCloseResolves: what a caller did not wait for is known after Close.
func TestSenderCloseResolves(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		if err := w.sim.HoldProcessing(true); err != nil {
			t.Fatal(err)
		}
		s := a.Sender(ksef.SenderConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		d, err := s.Send(ctx, invoiceXML(t, "FV/1"))
		if d.State != ksef.DeliveryUnknown || !errors.Is(err, ksef.ErrOutcomeUnknown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v, %v", d.State, err)
		}
		if _, err := s.Close(ctx); err == nil {
			t.Error("Close knows what KSeF does not")
		}
		if err := w.sim.HoldProcessing(false); err != nil {
			t.Fatal(err)
		}
		report := closed(t, s)
		if len(report.Resolved) != 1 || report.Resolved[0].State != ksef.DeliveryAccepted || report.Resolved[0].KSeFNumber != w.sim.Accepted()[0].KSeFNumber {
			t.Errorf("report %+v", report)
		}
		if d.State != ksef.DeliveryUnknown {
			t.Error("Close changed what Send gave")
		}
	})
}

// TestSenderHandsOverRefusals: what stops the sending reaches the caller, and
// nothing is in KSeF.
func TestSenderHandsOverRefusals(t *testing.T) {
	for status, want := range map[int]error{429: ksef.ErrRateLimited, 403: ksef.ErrForbidden} {
		inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
			w.sim.Inject(ksefsim.Fault{Operation: "POST /sessions/online/{referenceNumber}/invoices", Status: status, RetryAfter: 40 * time.Minute})
			d, err := a.Sender(ksef.SenderConfig{}).Send(t.Context(), invoiceXML(t, "FV/1"))
			if d.State != ksef.DeliveryNotSent || !errors.Is(err, want) || errors.Is(err, ksef.ErrOutcomeUnknown) {
				t.Errorf("%d: %v, %v", status, d.State, err)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{ProcessingDelay: time.Second}, func(t *testing.T, w *world, a *ksef.Account) {
		ctx := t.Context()
		session, err := a.OpenOnline(ctx, ksef.FormFA3)
		if err != nil {
			t.Fatal(err)
		}
		xml := invoiceXML(t, "FV/1")
		at := ksef.Attempt{Session: session.Reference(), SHA256: sha(xml), Seller: seller, Number: "FV/1", At: time.Now()}
		if _, err := session.Send(ctx, xml, ksef.SendOptions{}); err != nil {
			t.Fatal(err)
		}
		resolve := func(at ksef.Attempt, want ksef.DeliveryState) *ksef.Delivery {
			t.Helper()
			d, err := a.Resolve(ctx, at)
			if d.State != want || (err != nil) != (want == ksef.DeliveryUnknown) {
				t.Fatalf("%v, %v; want %v", d.State, err, want)
			}
			return d
		}
		first := resolve(at, ksef.DeliveryAccepted)
		if st, err := a.Sessions.Status(ctx, at.Session); err != nil || st.Status.Code != ksef.SessionOpen {
			t.Errorf("a session that lists the invoice was closed: %v, %v", st, err)
		}
		at.Reference = first.Attempt.Reference
		resolve(at, ksef.DeliveryAccepted)

		absent := at
		absent.Reference, absent.SHA256 = "", sha([]byte("never sent"))
		resolve(absent, ksef.DeliveryNotSent)
		if st, err := a.Sessions.Status(ctx, at.Session); err != nil || st.Status.Code == ksef.SessionOpen {
			t.Errorf("proof of absence without an end: %v, %v", st, err)
		}
		resolve(ksef.Attempt{SHA256: at.SHA256}, ksef.DeliveryNotSent)

		// The session cannot be asked any more: the invoices of the context tell.
		gone := at
		gone.Reference, gone.Session = "", strings.Replace(at.Session, "-SO-", "-SX-", 1)
		if d := resolve(gone, ksef.DeliveryAccepted); d.KSeFNumber != first.KSeFNumber {
			t.Errorf("by metadata: %+v", d)
		}
		gone.SHA256 = sha([]byte("never sent"))
		resolve(gone, ksef.DeliveryUnknown)
	})
}

// TestResolveDuplicateWithoutRightToRead: the list of the original session tells
// what a download may not.
func TestResolveDuplicateWithoutRightToRead(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		s := a.Sender(ksef.SenderConfig{MaxInvoices: 1})
		first := sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted)
		w.sim.Inject(ksefsim.Fault{Operation: "GET /invoices/ksef/{ksefNumber}", Status: 403})
		if d := sent(t, s, invoiceXML(t, "FV/1"), ksef.DeliveryAccepted); !d.Earlier || d.KSeFNumber != first.KSeFNumber || d.Session != first.Session {
			t.Errorf("%+v", d)
		}
		closed(t, s)
	})
}

func TestDeliveryStateText(t *testing.T) {
	for s := ksef.DeliveryUnknown; s <= ksef.DeliveryNotSent; s++ {
		text, err := s.MarshalText()
		var back ksef.DeliveryState
		if err != nil || back.UnmarshalText(text) != nil || back != s || string(text) != s.String() {
			t.Errorf("%d: %s", s, text)
		}
	}
	var s ksef.DeliveryState
	if !errors.Is(s.UnmarshalText([]byte("sent")), ksef.ErrInvalidArgument) || ksef.DeliveryState(9).String() != "unknown" {
		t.Error("an unknown state is taken")
	}
	if text := (ksef.Attempt{Session: "S", Number: "FV/1", Seller: pl.NIP("1")}).String(); strings.Contains(text, "FV") {
		t.Error(text)
	}
}
