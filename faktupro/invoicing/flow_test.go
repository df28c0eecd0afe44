package invoicing_test

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/pl"
)

func TestFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{ProcessingPolls: 2})
	var steps []invoicing.Step
	p := w.start(func(c *invoicing.Config) { c.After = func(s invoicing.Step) { steps = append(steps, s) } })

	rec, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if rec.State != invoicing.StateDraft || rec.Number != "" || rec.Seller != seller || rec.Gross.String() == "" {
		t.Errorf("draft %+v", rec)
	}
	if _, err := p.XML(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrNotReady) {
		t.Errorf("XML of a draft: %v", err)
	}
	if rec, err = p.Issue(t.Context(), rec.ID); err != nil {
		t.Fatal(err)
	}
	if rec.State != invoicing.StateSealed || rec.Number != "FV/1/02/2026" || rec.Pending == nil {
		t.Errorf("issued %+v", rec)
	}
	if _, err := p.UPO(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrNotReady) {
		t.Errorf("UPO of an issued invoice: %v", err)
	}
	delivered, err := p.Deliver(t.Context(), rec.ID)
	if err != nil {
		t.Fatal(err)
	}
	if stored := w.confirmed(p, rec.ID); cmp.Diff(stored, delivered) != "" {
		t.Errorf("Deliver returned %+v, stored is %+v", delivered, stored)
	}
	if diff := cmp.Diff(invoicing.Steps(), steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		audit.TypeInvoiceDrafted, audit.TypeInvoiceSealed, audit.TypeInvoiceSessionOpened,
		audit.TypeInvoiceSent, audit.TypeInvoiceAccepted, audit.TypeInvoiceUPOStored,
	}, w.events(p, rec.ID)); diff != "" {
		t.Errorf("audit events (-want +got):\n%s", diff)
	}
	for _, id := range delivered.EventIDs() {
		if _, found, err := w.log.Find(t.Context(), id); !found || err != nil {
			t.Errorf("event %s: %v, %v", id, found, err)
		}
	}
	last, _, err := w.log.Find(t.Context(), delivered.LastEventID())
	if err != nil || last.Type != audit.TypeInvoiceUPOStored || last.Details[audit.DetailKSeFNumber] != string(delivered.KSeFNumber) {
		t.Errorf("last event %+v, %v", last, err)
	}
	if diff := cmp.Diff([]invoicing.Outcome{invoicing.OutcomeAccepted}, p.outcomes(t, rec.ID)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}

func TestIssueIsIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	first := p.issue(t, sample(t))
	for range 3 {
		again, err := p.Issue(t.Context(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("issued again (-want +got):\n%s", diff)
		}
	}
	p.finish(t, first.ID)
	for range 2 {
		if rec, err := p.Deliver(t.Context(), first.ID); err != nil || rec.State != invoicing.StateConfirmed {
			t.Errorf("delivered again: %+v, %v", rec, err)
		}
	}
	w.acceptedOnce(1)
	w.gapless(p, 1)
}

func TestCreateWithKey(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	opt := invoicing.CreateOptions{Key: "order-17"}
	first, err := p.Create(t.Context(), sample(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Create(t.Context(), sample(t), opt)
	if err != nil || again.ID != first.ID {
		t.Errorf("created again: %+v, %v", again, err)
	}
	issued, err := p.IssueDraft(t.Context(), sample(t), opt)
	if err != nil || issued.ID != first.ID || issued.State != invoicing.StateSealed {
		t.Errorf("issued: %+v, %v", issued, err)
	}
	issued, err = p.IssueDraft(t.Context(), sample(t), opt)
	if err != nil || issued.ID != first.ID || issued.Number != "FV/1/02/2026" {
		t.Errorf("issued again: %+v, %v", issued, err)
	}
	other := sample(t)
	other.Lines = other.Lines[:1]
	if _, err := p.Create(t.Context(), other, opt); !errors.Is(err, invoicing.ErrKeyReused) {
		t.Errorf("another invoice under the key: %v", err)
	}
	if _, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{Key: strings.Repeat("x", 129)}); err == nil {
		t.Error("a key of 129 characters is accepted")
	}
}

// TestRefusals: what is refused leaves nothing behind, not even a number.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	p.issue(t, numbered(t, "A/1"))
	tests := []struct {
		name   string
		change func(*faktupro.Invoice)
		path   string
	}{
		{"number in use", func(inv *faktupro.Invoice) { inv.Number = "A/1" }, "/number"},
		{"NIP", func(inv *faktupro.Invoice) { inv.Buyer.NIP = "5253012340" }, "/buyer/nip"},
		{"rate", func(inv *faktupro.Invoice) { inv.Lines[0].VATRate = "24" }, "/lines/0/vatRate"},
		{"future", func(inv *faktupro.Invoice) { inv.IssueDate = pl.DateOf(time.Now()).AddDays(1) }, "/issueDate"},
		{"no lines", func(inv *faktupro.Invoice) { inv.Lines = nil }, "/lines"},
		{"negative", func(inv *faktupro.Invoice) {
			inv.Lines = inv.Lines[:1]
			inv.Lines[0].Quantity = faktupro.MustDecimal("-1")
		}, "/lines"},
		{"too many lines", func(inv *faktupro.Invoice) {
			for len(inv.Lines) <= faktupro.MaxLines {
				inv.Lines = append(inv.Lines, inv.Lines[0])
			}
		}, "/lines"},
		{"NUL", func(inv *faktupro.Invoice) { inv.Buyer.Name = "a\x00b" }, "/buyer/name"},
	}
	for _, tt := range tests {
		inv := sample(t)
		tt.change(inv)
		_, err := p.IssueDraft(t.Context(), inv, invoicing.CreateOptions{})
		v, ok := errors.AsType[*faktupro.ValidationError](err)
		if !ok {
			t.Errorf("%s: error %v", tt.name, err)
			continue
		}
		found := false
		for _, problem := range v.Problems {
			found = found || strings.HasPrefix(problem.Path, tt.path) && problem.EN != "" && problem.PL != ""
		}
		if !found {
			t.Errorf("%s: problems %v", tt.name, v.Problems)
		}
	}
	if _, err := p.IssueDraft(t.Context(), nil, invoicing.CreateOptions{}); err == nil {
		t.Error("no invoice is accepted")
	}
	page, err := p.List(t.Context(), invoicing.Query{})
	if err != nil || len(page.Records) != 1 {
		t.Errorf("%d invoices are stored, %v", len(page.Records), err)
	}
	if rec := p.issue(t, sample(t)); rec.Number != "FV/1/02/2026" {
		t.Errorf("the series goes on with %s", rec.Number)
	}
}

// TestOversizedInvoice: what KSeF would refuse for its size is refused as soon
// as it is known, with a problem like all others.
func TestOversizedInvoice(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	inv := sample(t)
	inv.IssueDate, inv.Payment = pl.Date{}, faktupro.Payment{}
	line := inv.Lines[0]
	line.Name = strings.Repeat("ż", 250)
	for len(inv.Lines) < 2000 {
		inv.Lines = append(inv.Lines, line)
	}
	for name, call := range map[string]func(context.Context, *faktupro.Invoice, invoicing.CreateOptions) (*invoicing.Record, error){
		"Create": p.Create, "IssueDraft": p.IssueDraft,
	} {
		_, err := call(t.Context(), inv, invoicing.CreateOptions{})
		v, ok := errors.AsType[*faktupro.ValidationError](err)
		if !ok || len(v.Problems) != 1 || !v.Problems.Has("document.size") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if page, err := p.List(t.Context(), invoicing.Query{}); err != nil || len(page.Records) != 0 {
		t.Errorf("something is stored: %v, %v", page, err)
	}
}

func TestDuplicateNumber(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	draft, err := p.Create(t.Context(), numbered(t, "A/1"), invoicing.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.issue(t, numbered(t, "A/1"))
	_, err = p.Issue(t.Context(), draft.ID)
	v, ok := errors.AsType[*faktupro.ValidationError](err)
	if !ok || !v.Problems.Has("number.duplicate") || v.Problems[0].Path != "/number" {
		t.Fatalf("Issue: %v", err)
	}
	if rec, err := p.Get(t.Context(), draft.ID); err != nil || rec.State != invoicing.StateDraft {
		t.Errorf("the draft is %+v, %v", rec, err)
	}
}

// TestSeriesSkipsTakenNumbers: an invoice that brought a number of the series
// as its own does not stop the series.
func TestSeriesSkipsTakenNumbers(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	p.issue(t, numbered(t, "FV/2/02/2026"))
	for _, want := range []string{"FV/1/02/2026", "FV/3/02/2026"} {
		if rec := p.issue(t, sample(t)); rec.Number != want {
			t.Errorf("number %s, want %s", rec.Number, want)
		}
	}
	day := pl.NewDate(2026, time.February, 1)
	if err := p.StartSeries(t.Context(), seller, "", day, 100); err != nil {
		t.Fatal(err)
	}
	if rec := p.issue(t, sample(t)); rec.Number != "FV/100/02/2026" {
		t.Errorf("number %s, want FV/100/02/2026", rec.Number)
	}
	if err := p.StartSeries(t.Context(), seller, "", day, 0); err == nil {
		t.Error("a series starts with 0")
	}
	rec, err := p.IssueDraft(t.Context(), sample(t), invoicing.CreateOptions{Series: "X-{n:3}-{yyyy}"})
	if err != nil || rec.Number != "X-001-2026" {
		t.Errorf("another series: %+v, %v", rec, err)
	}
	if _, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{Series: "{x}"}); err == nil {
		t.Error("a broken pattern is accepted")
	}
}

func TestIssueDatesTodayInWarsaw(t *testing.T) {
	t.Parallel()
	// 23:30 UTC on New Year's Eve is next year in Warsaw.
	at := time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC)
	p := newWorld(t, ksefsim.Config{}).start(func(c *invoicing.Config) { c.Now = func() time.Time { return at } })
	inv := sample(t)
	inv.IssueDate, inv.Payment = pl.Date{}, faktupro.Payment{}
	rec := p.issue(t, inv)
	if rec.IssueDate != pl.NewDate(2027, time.January, 1) || rec.Number != "FV/1/01/2027" {
		t.Errorf("issued on %s as %s", rec.IssueDate, rec.Number)
	}
	got, err := p.Invoice(t.Context(), rec.ID)
	if err != nil || got.Number != rec.Number || got.IssueDate != rec.IssueDate || got.Buyer.Name != inv.Buyer.Name {
		t.Errorf("Invoice = %+v, %v", got, err)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	var want []string
	for range 7 {
		rec, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{rec.ID}, want...)
		time.Sleep(time.Millisecond) // identifiers sort by the millisecond
	}
	var got []string
	q := invoicing.Query{Seller: seller, States: []invoicing.State{invoicing.StateDraft}, Limit: 3}
	for {
		page, err := p.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			got = append(got, r.ID)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
		p.issue(t, sample(t)) // does not shift the pages
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if _, err := p.List(t.Context(), invoicing.Query{Cursor: "x"}); !errors.Is(err, invoicing.ErrCursor) {
		t.Errorf("List with a wrong cursor: %v", err)
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	for _, id := range []string{"", "inv_x", "a\x00b"} {
		for name, call := range map[string]func() error{
			"Get":     func() error { _, err := p.Get(t.Context(), id); return err },
			"Issue":   func() error { _, err := p.Issue(t.Context(), id); return err },
			"Deliver": func() error { _, err := p.Deliver(t.Context(), id); return err },
			"Retry":   func() error { _, err := p.Retry(t.Context(), id); return err },
			"XML":     func() error { _, err := p.XML(t.Context(), id); return err },
			"UPO":     func() error { _, err := p.UPO(t.Context(), id); return err },
			"Invoice": func() error { _, err := p.Invoice(t.Context(), id); return err },
		} {
			if err := call(); !errors.Is(err, invoicing.ErrNotFound) {
				t.Errorf("%s(%q): %v", name, id, err)
			}
		}
	}
}

func TestDeliverNeedsAnIssuedInvoice(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	rec, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Deliver(t.Context(), rec.ID)
	if s, ok := errors.AsType[*invoicing.StateError](err); !ok || s.State != invoicing.StateDraft || !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Deliver: %v", err)
	}
	_, err = p.Retry(t.Context(), rec.ID)
	if !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Retry: %v", err)
	}
}

func TestActorInAuditEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	actor := audit.Actor{Kind: audit.ActorAPIKey, ID: "AAAAAAA1"}
	ctx := invoicing.WithActor(t.Context(), actor, "req-7")
	rec, err := p.IssueDraft(ctx, sample(t), invoicing.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.finish(t, rec.ID)
	for i, id := range rec.EventIDs() {
		entry, _, err := w.log.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 && (entry.Actor != actor || entry.Request != "req-7") {
			t.Errorf("issued by %+v, request %q", entry.Actor, entry.Request)
		}
		if i > 0 && entry.Actor.Kind != audit.ActorSystem {
			t.Errorf("step %d by %+v", i, entry.Actor)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if _, err := invoicing.New(invoicing.Config{}); err == nil {
		t.Error("New without a store succeeds")
	}
	s, _ := openStore(t, t.TempDir()+"/x.db")
	if _, err := invoicing.New(invoicing.Config{Store: s, Series: "{x}"}); err == nil {
		t.Error("New with a broken series succeeds")
	}
	connect := invoicing.ConnectorFunc(func(context.Context, pl.NIP) (invoicing.Transmitter, error) { return nil, nil })
	_, err := invoicing.New(invoicing.Config{Store: s, Connect: connect})
	if err == nil || !strings.Contains(err.Error(), "Trust") {
		t.Errorf("New with a connector that trusts no receipt: %v", err)
	}
	for _, trust := range []upo.Trust{{Certificates: []*x509.Certificate{{}}}, {Roots: x509.NewCertPool()}, {AnySigner: true}} {
		if _, err := invoicing.New(invoicing.Config{Store: s, Connect: connect, Trust: trust}); err != nil {
			t.Errorf("New with %+v: %v", trust, err)
		}
	}
	p, err := invoicing.New(invoicing.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(context.Background()); err == nil {
		t.Error("Run without a connector succeeds")
	}
}
