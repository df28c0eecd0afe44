package invoicing_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/pl"
)

// sendElsewhere sends a document past the service, as another program of the
// seller would, and returns its KSeF number.
func (w *world) sendElsewhere(xml []byte) pl.KSeFNumber {
	w.Helper()
	ctx := context.Background()
	cred, err := credential(ctx, seller)
	if err != nil {
		w.Fatal(err)
	}
	account, err := newClient(w, w.base).Login(ctx, cred)
	if err != nil {
		w.Fatal(err)
	}
	session, err := account.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		w.Fatal(err)
	}
	reference, err := session.Send(ctx, xml, ksef.SendOptions{})
	if err != nil {
		w.Fatal(err)
	}
	status, err := account.WaitInvoice(ctx, session.Reference(), reference)
	if err != nil || !status.Accepted() {
		w.Fatalf("not accepted: %+v, %v", status, err)
	}
	if err := session.Close(ctx); err != nil {
		w.Fatal(err)
	}
	return status.KSeFNumber
}

func (p *process) xml(t testing.TB, id string) []byte {
	t.Helper()
	xml, err := p.XML(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

// TestOwnDuplicate: KSeF has our very document from an attempt that we know
// nothing of. The invoice takes over its number and its receipt.
func TestOwnDuplicate(t *testing.T) {
	t.Parallel()
	notYet := answer(400, "", `{"exception":{"exceptionDetailList":[{"exceptionCode":21165,"exceptionDescription":"x"}]}}`)
	tests := []struct {
		name  string
		times int
		act   func(http.ResponseWriter, *http.Request, http.Handler)
	}{
		{"downloadable", 0, nil},
		{"not downloadable yet", 3, notYet},
		{"may not be downloaded", 1000, forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			w.wire.on(reqGet, tt.times, tt.act)
			p := w.start()
			rec := p.issue(t, sample(t))
			number := w.sendElsewhere(p.xml(t, rec.ID))
			done := p.finish(t, rec.ID)
			if done.KSeFNumber != number {
				t.Errorf("KSeF number %s, want %s", done.KSeFNumber, number)
			}
			w.confirmed(p, rec.ID)
			w.acceptedOnce(1)
			if diff := cmp.Diff([]invoicing.Outcome{invoicing.OutcomeAccepted}, p.outcomes(t, rec.ID)); diff != "" {
				t.Errorf("attempts (-want +got):\n%s", diff)
			}
			if got := w.wire.count(reqGet); got < min(tt.times, 1) {
				t.Errorf("%d downloads", got)
			}
		})
	}
}

// TestForeignDuplicate: the number belongs to another document. That is a
// rejection, and the number cannot be used again.
func TestForeignDuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	other := bytes.Replace(p.xml(t, rec.ID), []byte("Stojak"), []byte("Regal"), 1)
	number := w.sendElsewhere(other)
	done := p.finish(t, rec.ID)
	want := &invoicing.Rejection{
		Code: 440, Duplicate: done.Rejection.Duplicate, Description: done.Rejection.Description,
	}
	if done.State != invoicing.StateRejected || want.Duplicate != number || want.Description == "" {
		t.Fatalf("invoice %+v, rejection %+v", done, done.Rejection)
	}
	if diff := cmp.Diff(want, done.Rejection); diff != "" {
		t.Errorf("rejection (-want +got):\n%s", diff)
	}
	if _, err := p.Retry(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Retry: %v", err)
	}
	_, err := p.IssueDraft(t.Context(), sample(t), invoicing.CreateOptions{Replaces: rec.ID})
	if !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("replacing: %v", err)
	}
	next := p.issue(t, sample(t))
	if next.Number != "FV/2/02/2026" {
		t.Errorf("next number %s", next.Number)
	}
	p.finish(t, next.ID)
	w.confirmed(p, next.ID)
}

// forbidden is the answer to a request that needs another permission.
var forbidden = answer(403, "", `{"title":"Forbidden","status":403,"detail":"x","reasonCode":"missing-permissions"}`)

// TestForeignDuplicateUnread: the original may not be downloaded, but its
// signed receipt names another hash. That is as definite as its bytes.
func TestForeignDuplicateUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqGet, 1000, forbidden)
	p := w.start()
	rec := p.issue(t, sample(t))
	number := w.sendElsewhere(bytes.Replace(p.xml(t, rec.ID), []byte("Stojak"), []byte("Regal"), 1))
	done, err := p.Deliver(t.Context(), rec.ID)
	if err != nil || done.State != invoicing.StateRejected || done.Rejection.Duplicate != number {
		t.Fatalf("Deliver: %+v, %v", done, err)
	}
	w.acceptedOnce(1)
}

// TestDuplicateWithAnotherReceipt: what came instead of the receipt of the
// original speaks of something else. Nothing follows from that.
func TestDuplicateWithAnotherReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	other := p.issue(t, numbered(t, "A/1"))
	other = p.finish(t, other.ID)
	w.wire.on(reqGet, 1000, forbidden)
	w.wire.on(reqUPO, 3, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		r.URL.Path = strings.Split(r.URL.Path, "/sessions/")[0] +
			"/sessions/" + other.Session + "/invoices/ksef/" + string(other.KSeFNumber) + "/upo"
		next.ServeHTTP(rw, r)
	})
	rec := p.issue(t, sample(t))
	w.sendElsewhere(p.xml(t, rec.ID))
	got, err := p.Deliver(t.Context(), rec.ID)
	if !errors.Is(err, invoicing.ErrUpstream) || !errors.Is(err, upo.ErrMismatch) || got.State != invoicing.StateUnknown {
		t.Fatalf("Deliver: %+v, %v", got, err)
	}
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
	w.acceptedOnce(2)
}

// TestUnnamedDuplicate: KSeF speaks of a duplicate and does not say of what.
// To call that rejected would be a guess; the invoice waits.
func TestUnnamedDuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	w.sendElsewhere(p.xml(t, rec.ID))
	w.wire.on(reqInvoice, 2, rewrite(func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte("originalKsefNumber"), []byte("somethingElse"))
	}))
	got, err := p.Deliver(t.Context(), rec.ID)
	if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateSent {
		t.Fatalf("Deliver: %+v, %v", got, err)
	}
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
	w.acceptedOnce(1)
}

// judge is a simulator that refuses documents until it is told to stop.
func judge() (*atomic.Bool, func([]byte) []string) {
	var strict atomic.Bool
	strict.Store(true)
	return &strict, func([]byte) []string {
		if strict.Load() {
			return []string{"pierwszy powód", "drugi powód"}
		}
		return nil
	}
}

func count(events []string, name string) (n int) {
	for _, e := range events {
		if e == name {
			n++
		}
	}
	return n
}

func TestRejection(t *testing.T) {
	t.Parallel()
	strict, judge := judge()
	w := newWorld(t, ksefsim.Config{Judge: judge})
	p := w.start()
	rec := p.issue(t, sample(t))
	done := p.finish(t, rec.ID)
	if done.State != invoicing.StateRejected || done.Rejection.Code != 450 || done.Pending != nil ||
		!slices.Equal(done.Rejection.Details, []string{"pierwszy powód", "drugi powód"}) {
		t.Fatalf("invoice %+v, rejection %+v", done, done.Rejection)
	}
	if n := len(w.events(p, rec.ID)); n != int(done.Version) {
		t.Errorf("%d audit events of %d versions", n, done.Version)
	}
	if _, err := p.UPO(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrNotReady) {
		t.Errorf("UPO: %v", err)
	}
	// The same document again, rejected again, accepted at last.
	for i := range 2 {
		strict.Store(i == 0)
		retried, err := p.Retry(t.Context(), rec.ID)
		if err != nil || retried.State != invoicing.StateSealed || retried.SHA256 != done.SHA256 {
			t.Fatalf("Retry: %+v, %v", retried, err)
		}
		p.finish(t, rec.ID)
	}
	w.confirmed(p, rec.ID)
	if events := w.events(p, rec.ID); count(events, audit.TypeInvoiceRetried) != 2 || count(events, audit.TypeInvoiceSealed) != 1 {
		t.Errorf("audit events %v", events)
	}
	if rec, err := p.Get(t.Context(), rec.ID); err != nil || rec.Rejection != nil {
		t.Errorf("a confirmed invoice is rejected: %+v, %v", rec.Rejection, err)
	}
	want := []invoicing.Outcome{invoicing.OutcomeRejected, invoicing.OutcomeRejected, invoicing.OutcomeAccepted}
	if diff := cmp.Diff(want, p.outcomes(t, rec.ID)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if _, err := p.Retry(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Retry of a confirmed invoice: %v", err)
	}
}

func TestReplacement(t *testing.T) {
	t.Parallel()
	strict, judge := judge()
	w := newWorld(t, ksefsim.Config{Judge: judge})
	p := w.start()
	old := p.issue(t, sample(t))
	p.finish(t, old.ID)
	strict.Store(false)
	opt := invoicing.CreateOptions{Replaces: old.ID}

	for name, inv := range map[string]*faktupro.Invoice{"another number": numbered(t, "A/7")} {
		_, err := p.IssueDraft(t.Context(), inv, opt)
		if v, ok := errors.AsType[*faktupro.ValidationError](err); !ok || !v.Problems.Has("number.replaced") {
			t.Errorf("%s: %v", name, err)
		}
	}
	otherSeller := sample(t)
	otherSeller.Seller.NIP = "7010001453"
	if _, err := p.IssueDraft(t.Context(), otherSeller, opt); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("another seller: %v", err)
	}

	fixed := sample(t)
	fixed.Lines[1].Name = "Stojak ekspozycyjny bukowy"
	replacement, err := p.IssueDraft(t.Context(), fixed, opt)
	if err != nil || replacement.Number != old.Number {
		t.Fatalf("replacement %+v, %v", replacement, err)
	}
	if _, err := p.IssueDraft(t.Context(), fixed, opt); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("replaced twice: %v", err)
	}
	if _, err := p.Retry(t.Context(), old.ID); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("retried though replaced: %v", err)
	}
	p.finish(t, replacement.ID)
	w.confirmed(p, replacement.ID)
	got, err := p.Get(t.Context(), old.ID)
	if err != nil || got.State != invoicing.StateRejected || got.ReplacedBy != replacement.ID || got.Rejection == nil {
		t.Errorf("the replaced invoice is %+v, %v", got, err)
	}
	events := w.events(p, old.ID)
	if len(events) != int(got.Version) || events[len(events)-1] != audit.TypeInvoiceReplaced {
		t.Errorf("audit events %v of %d versions", events, got.Version)
	}
	last, _, err := w.log.Find(t.Context(), got.LastEventID())
	if err != nil || last.Outcome != audit.OutcomeOK || last.Details[audit.DetailInvoice] != replacement.ID {
		t.Errorf("event of the replacement %+v, %v", last, err)
	}
	if _, err := p.IssueDraft(t.Context(), fixed, invoicing.CreateOptions{Replaces: replacement.ID}); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("a confirmed invoice is replaced: %v", err)
	}
	if next := p.issue(t, sample(t)); next.Number != "FV/2/02/2026" {
		t.Errorf("next number %s", next.Number)
	}
}

// TestTechnicalFailures: KSeF says that it failed, not that the document is
// wrong. The invoice is sent again.
func TestTechnicalFailures(t *testing.T) {
	t.Parallel()
	for _, code := range []int{405, 435, 500, 550} {
		for _, taken := range []bool{false, true} {
			t.Run(fmt.Sprint(code, "/taken=", taken), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, ksefsim.Config{})
				p := w.start()
				// With taken, KSeF has the invoice in spite of what it says.
				if !taken {
					w.wire.on(reqSend, 1, answer(202, "", `{"referenceNumber":"20261123-EE-0000000000-0000000000-00"}`))
				}
				rec := p.issue(t, sample(t))
				w.wire.on(reqInvoice, 1, answer(200, "", fmt.Sprintf(
					`{"ordinalNumber":1,"referenceNumber":"20261123-EE-0000000000-0000000000-00","invoiceHash":%q,`+
						`"invoicingDate":"2026-11-23T10:00:00+00:00","status":{"code":%d,"description":"x"}}`,
					base64.StdEncoding.EncodeToString(rec.SHA256[:]), code)))
				got, err := p.Deliver(t.Context(), rec.ID)
				if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateSealed {
					t.Fatalf("Deliver: %+v, %v", got, err)
				}
				p.finish(t, rec.ID)
				w.confirmed(p, rec.ID)
				w.acceptedOnce(1)
				want := []invoicing.Outcome{invoicing.OutcomeFailed, invoicing.OutcomeAccepted}
				if diff := cmp.Diff(want, p.outcomes(t, rec.ID)); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestStrayStatus: a status that speaks of another document decides nothing.
func TestStrayStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.wire.on(reqInvoice, 1, answer(200, "", `{"ordinalNumber":1,"referenceNumber":"r","invoiceHash":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","invoicingDate":"2026-11-23T10:00:00+00:00","ksefNumber":"1234563218-20260201-0100001AF629-CC","status":{"code":200,"description":"x"}}`))
	p := w.start()
	rec := p.issue(t, sample(t))
	got, err := p.Deliver(t.Context(), rec.ID)
	if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateSent || got.KSeFNumber != "" ||
		!strings.Contains(got.Pending.LastError, "another document") {
		t.Fatalf("Deliver: %+v, %v", got, err)
	}
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
}

// TestSlowKSeF: what takes longer than the patience of a batch goes back into
// the queue and is asked for again, not sent again.
func TestSlowKSeF(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{ProcessingDelay: 200 * time.Millisecond})
	p := w.start(func(c *invoicing.Config) { c.Patience = 10 * time.Millisecond })
	rec := p.issue(t, sample(t))
	got, err := p.Deliver(t.Context(), rec.ID) // waits through several turns
	if err != nil || got.State != invoicing.StateConfirmed {
		t.Fatalf("Deliver: %+v, %v", got, err)
	}
	w.confirmed(p, rec.ID)
	if n := w.wire.count(reqSend); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

// TestDamagedDocument: bytes that are not the sealed ones are never sent.
func TestDamagedDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	xml := p.xml(t, rec.ID)
	put := func(xml []byte) {
		t.Helper()
		if _, err := p.db.NewRaw("UPDATE faktupro_documents SET xml = ?", xml).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	put(bytes.Replace(xml, []byte("Stojak"), []byte("Regal"), 1))
	got, err := p.Deliver(t.Context(), rec.ID)
	if !errors.Is(err, invoicing.ErrUpstream) || got.State != invoicing.StateSealed {
		t.Fatalf("Deliver: %+v, %v", got, err)
	}
	if n := w.wire.count(reqSend); n != 0 {
		t.Errorf("sent %d times", n)
	}
	put(xml)
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
}
