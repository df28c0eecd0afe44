package invoicing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/pl"
)

// makers are the two ways to a new invoice.
func (p *process) makers() map[string]func(context.Context, *faktupro.Invoice, invoicing.CreateOptions) (*invoicing.Record, error) {
	return map[string]func(context.Context, *faktupro.Invoice, invoicing.CreateOptions) (*invoicing.Record, error){
		"Create": p.Create, "IssueDraft": p.IssueDraft,
	}
}

// hasProblem checks that an error is the one problem of an invoice.
func hasProblem(t *testing.T, what string, err error, code string) {
	t.Helper()
	v, ok := errors.AsType[*faktupro.ValidationError](err)
	if !ok || len(v.Problems.Errors()) != 1 || !v.Problems.Has(code) || v.Problems[0].EN == "" || v.Problems[0].PL == "" {
		t.Errorf("%s: error %v, want problem %s", what, err, code)
	}
}

func (p *process) isEmpty(t *testing.T) {
	t.Helper()
	if page, err := p.List(t.Context(), invoicing.Query{}); err != nil || len(page.Records) != 0 {
		t.Errorf("something is stored: %+v, %v", page, err)
	}
}

func TestKeyText(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	for what, tt := range map[string]struct{ key, code string }{
		"129 letters": {strings.Repeat("x", 129), "key.length"}, "129 letters of two bytes": {strings.Repeat("ż", 129), "key.length"},
		"NUL": {"a\x00b", "key.characters"}, "line feed": {"a\nb", "key.characters"}, "DEL": {"a\x7f", "key.characters"},
		"C1": {"a\u0085", "key.characters"}, "not UTF-8": {"a\xff", "key.characters"},
	} {
		for name, call := range p.makers() {
			_, err := call(t.Context(), sample(t), invoicing.CreateOptions{Key: tt.key})
			hasProblem(t, name+" with "+what, err, tt.code)
		}
	}
	p.isEmpty(t)
	for _, key := range []string{strings.Repeat("x", 128), strings.Repeat("ż", 128), "zamówienie 7/\U0001F4E6"} {
		rec, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{Key: key})
		if err != nil || rec.Key != key {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestKeyWithOtherOptions(t *testing.T) {
	t.Parallel()
	strict, judge := judge()
	w := newWorld(t, ksefsim.Config{Judge: judge})
	p := w.start()
	old, other := p.issue(t, sample(t)), p.issue(t, sample(t))
	p.finish(t, old.ID)
	p.finish(t, other.ID)
	strict.Store(false)
	first := invoicing.CreateOptions{Key: "order-17", Series: "X/{n}/{yyyy}", Replaces: old.ID}
	want, err := p.Create(t.Context(), sample(t), first)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range p.makers() {
		for what, opt := range map[string]invoicing.CreateOptions{
			"another series":           {Key: first.Key, Series: "Y/{n}/{yyyy}", Replaces: first.Replaces},
			"the usual series":         {Key: first.Key, Replaces: first.Replaces},
			"another replaced invoice": {Key: first.Key, Series: first.Series, Replaces: other.ID},
			"nothing replaced":         {Key: first.Key, Series: first.Series},
			"an absent invoice":        {Key: first.Key, Series: first.Series, Replaces: "inv_x"},
		} {
			if _, err := call(t.Context(), sample(t), opt); !errors.Is(err, invoicing.ErrKeyReused) {
				t.Errorf("%s with %s: %v", name, what, err)
			}
		}
	}
	for range 2 { // the second time the old invoice is replaced already
		rec, err := p.IssueDraft(t.Context(), sample(t), first)
		if err != nil || rec.ID != want.ID || rec.Number != old.Number {
			t.Errorf("the same call again: %+v, %v", rec, err)
		}
	}
	usual := invoicing.CreateOptions{Key: "order-18"}
	if want, err = p.Create(t.Context(), sample(t), usual); err != nil {
		t.Fatal(err)
	}
	usual.Series = invoicing.DefaultSeries // "" means just that
	if rec, err := p.Create(t.Context(), sample(t), usual); err != nil || rec.ID != want.ID {
		t.Errorf("the usual series by name: %+v, %v", rec, err)
	}
}

// TestReplacesIsChecked: a draft that could never be issued is refused.
func TestReplacesIsChecked(t *testing.T) {
	t.Parallel()
	strict, judge := judge()
	w := newWorld(t, ksefsim.Config{Judge: judge})
	p := w.start()
	old := p.issue(t, sample(t))
	p.finish(t, old.ID)
	strict.Store(false)
	sealed := p.issue(t, sample(t))
	otherSeller := sample(t)
	otherSeller.Seller.NIP = "7010001453"

	for name, call := range p.makers() {
		for _, id := range []string{"inv_x", "a\x00b", "\xff"} {
			_, err := call(t.Context(), sample(t), invoicing.CreateOptions{Replaces: id})
			hasProblem(t, name+" for an absent invoice", err, "replaces.not_found")
			if errors.Is(err, invoicing.ErrNotFound) {
				t.Errorf("%s: %v says that the new invoice is absent", name, err)
			}
		}
		_, err := call(t.Context(), sample(t), invoicing.CreateOptions{Replaces: sealed.ID})
		if s, ok := errors.AsType[*invoicing.StateError](err); !ok || s.ID != sealed.ID || s.State != invoicing.StateSealed || s.Reason == "" {
			t.Errorf("%s for an invoice that is not rejected: %v", name, err)
		}
		if _, err := call(t.Context(), otherSeller, invoicing.CreateOptions{Replaces: old.ID}); !errors.Is(err, invoicing.ErrConflict) {
			t.Errorf("%s for another seller: %v", name, err)
		}
		_, err = call(t.Context(), numbered(t, "A/7"), invoicing.CreateOptions{Replaces: old.ID})
		hasProblem(t, name+" with another number", err, "number.replaced")
	}
	var drafts []*invoicing.Record
	for range 2 {
		draft, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{Replaces: old.ID})
		if err != nil {
			t.Fatal(err)
		}
		drafts = append(drafts, draft)
	}
	if rec, err := p.Issue(t.Context(), drafts[0].ID); err != nil || rec.Number != old.Number {
		t.Errorf("Issue: %+v, %v", rec, err)
	}
	if _, err := p.Issue(t.Context(), drafts[1].ID); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Issue of a second replacement: %v", err)
	}
	if _, err := p.Create(t.Context(), sample(t), invoicing.CreateOptions{Replaces: old.ID}); !errors.Is(err, invoicing.ErrConflict) {
		t.Errorf("Create for a replaced invoice: %v", err)
	}
}

// TestCheck: Check says what Create would say, and stores nothing.
func TestCheck(t *testing.T) {
	t.Parallel()
	p := newWorld(t, ksefsim.Config{}).start()
	tests := map[string]func(*faktupro.Invoice){
		"rate":   func(inv *faktupro.Invoice) { inv.Lines[0].VATRate = "24" },
		"lines":  func(inv *faktupro.Invoice) { inv.Lines = nil },
		"seller": func(inv *faktupro.Invoice) { inv.Seller.NIP = "" },
		"size": func(inv *faktupro.Invoice) {
			inv.IssueDate, inv.Payment = pl.Date{}, faktupro.Payment{}
			line := inv.Lines[0]
			line.Name = strings.Repeat("ż", 250)
			for len(inv.Lines) < 2000 {
				inv.Lines = append(inv.Lines, line)
			}
		},
	}
	for name, change := range tests {
		inv := sample(t)
		change(inv)
		got, ok := errors.AsType[*faktupro.ValidationError](p.Check(inv))
		if !ok {
			t.Errorf("%s: Check finds nothing", name)
			continue
		}
		_, err := p.Create(t.Context(), inv, invoicing.CreateOptions{})
		want, ok := errors.AsType[*faktupro.ValidationError](err)
		if !ok || got.Error() != want.Error() {
			t.Errorf("%s: Check says %v, Create %v", name, got, err)
		}
	}
	if err := p.Check(nil); err == nil {
		t.Error("Check of no invoice finds nothing")
	}
	if err := p.Check(sample(t)); err != nil {
		t.Errorf("Check of a good invoice: %v", err)
	}
	p.isEmpty(t)
}
