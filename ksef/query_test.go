package ksef

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

const opMetadata = "POST /v2/invoices/query/metadata"

// archive answers metadata queries as KSeF does: sorted, from a date on, in
// pages, and no more than its window.
type archive struct {
	dates   []time.Time // of the invoices, rising
	size    int         // of a page, whatever is asked for
	window  int
	filters []string       // the beginning of the range of each call
	grow    func(call int) // between the calls
}

func (a *archive) number(i int) pl.KSeFNumber {
	return pl.NewKSeFNumber(testNIP, pl.NewDate(2026, 11, 1), [6]byte{0, 0, 0, 0, byte(i >> 8), byte(i)})
}

func (a *archive) serve(w http.ResponseWriter, r *http.Request) {
	var f struct {
		DateRange struct{ From time.Time } `json:"dateRange"`
	}
	_ = json.NewDecoder(r.Body).Decode(&f)
	a.filters = append(a.filters, f.DateRange.From.Format(time.RFC3339)+" page "+r.URL.Query().Get("pageOffset"))
	if a.grow != nil {
		a.grow(len(a.filters))
	}
	var hits []map[string]any
	for i, at := range a.dates {
		if !at.Before(f.DateRange.From) {
			hits = append(hits, map[string]any{"ksefNumber": a.number(i), "invoiceNumber": strconv.Itoa(i), "issueDate": pl.DateOf(at), "invoicingDate": at, "permanentStorageDate": at})
		}
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("pageOffset"))
	from := min(offset*a.size, len(hits))
	to := min(from+a.size, len(hits), a.window)
	more := to < len(hits)
	reply(w, 200, map[string]any{"hasMore": more, "isTruncated": more && to == a.window, "invoices": hits[min(from, to):to]})
}

func queryAll(ctx context.Context, a *Account, f InvoiceFilter) (numbers []string, err error) {
	for m, e := range a.Invoices.Query(ctx, f) {
		if e != nil {
			return numbers, e
		}
		numbers = append(numbers, m.InvoiceNumber)
	}
	return numbers, nil
}

func TestQueryGivesEveryInvoiceOnce(t *testing.T) {
	for _, by := range []DateType{ByPermanentStorage, ByInvoicing, ByIssue} {
		for _, window := range []int{4, 6, 10, 100} {
			t.Run(fmt.Sprint(by, window), func(t *testing.T) {
				fakeTest(t, func(t *testing.T, f *fake, a *Account) {
					now := time.Now()
					var dates []time.Time
					for i := range 23 { // two to three of one date, days apart
						dates = append(dates, pl.DateOf(now).AddDays(i/2-40).Start().UTC())
					}
					server := &archive{dates: dates, size: 2, window: window}
					f.serve(opMetadata, server.serve)
					got, err := queryAll(t.Context(), a, InvoiceFilter{Role: AsBuyer, Dates: DateRange{Type: by, From: now.AddDate(0, 0, -50)}})
					var want []string
					for i := range dates {
						want = append(want, strconv.Itoa(i))
					}
					if diff := cmp.Diff(want, got); diff != "" || err != nil {
						t.Errorf("%v\n%v\n%s", err, server.filters, diff)
					}
				})
			})
		}
	}
}

func TestQueryWhileInvoicesComeIn(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		now := time.Now()
		server := &archive{size: 3, window: 6}
		for i := range 10 {
			server.dates = append(server.dates, now.Add(time.Duration(i-100)*time.Hour))
		}
		server.grow = func(int) {
			if n := len(server.dates); n < 25 {
				server.dates = append(server.dates, now.Add(time.Duration(n-100)*time.Hour))
			}
		}
		f.serve(opMetadata, server.serve)
		got, err := queryAll(t.Context(), a, InvoiceFilter{Role: AsSeller, Dates: DateRange{Type: ByPermanentStorage, From: now.Add(-200 * time.Hour)}})
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range got {
			if n != strconv.Itoa(i) {
				t.Fatalf("invoice %d is %s: %v", i, n, got)
			}
		}
		if len(got) != len(server.dates) || len(got) <= 10 {
			t.Errorf("%d of %d invoices", len(got), len(server.dates))
		}
	})
}

func TestQueryStops(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		body string
		is   error
	}{
		{"more and nothing", `{"hasMore":true,"isTruncated":false,"invoices":[]}`, ErrProtocol},
		{"truncated and nothing", `{"hasMore":true,"isTruncated":true,"invoices":[]}`, ErrProtocol},
		{"null", `{"hasMore":true,"isTruncated":true,"invoices":[null]}`, ErrProtocol},
		{"all of one date", `{"hasMore":true,"isTruncated":true,"invoices":[{"permanentStorageDate":"2026-11-01T00:00:00Z"}]}`, ErrTooManyAlike},
		{"going backwards", `{"hasMore":true,"isTruncated":true,"invoices":[{"permanentStorageDate":"2026-10-01T00:00:00Z"}]}`, ErrTooManyAlike},
		{"no JSON", `<html>`, ErrProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &canned{status: 200, body: tt.body}
			_, err := queryAll(t.Context(), c.account(t), InvoiceFilter{Role: AsBuyer, Dates: DateRange{Type: ByPermanentStorage, From: day}})
			if !errors.Is(err, tt.is) || len(c.seen) != 1 {
				t.Errorf("%d calls, %v", len(c.seen), err)
			}
		})
	}
	t.Run("by the caller", func(t *testing.T) {
		c := &canned{status: 200, body: `{"hasMore":true,"invoices":[{"ksefNumber":"a"},{"ksefNumber":"b"}]}`}
		for range c.account(t).Invoices.Query(t.Context(), InvoiceFilter{Role: AsBuyer, Dates: DateRange{Type: ByInvoicing, From: day}}) {
			break
		}
		if len(c.seen) != 1 {
			t.Errorf("%d calls after the end", len(c.seen))
		}
	})
}

// TestNumberedPages walks lists that are cut by page number.
func TestNumberedPages(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		const op = "GET /v2/peppol/query"
		f.mux.HandleFunc(op, f.count(op, func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.URL.Query().Get("pageOffset"))
			reply(w, 200, map[string]any{"hasMore": page < 2, "peppolProviders": []map[string]any{{"id": "PPL00000" + strconv.Itoa(page)}}})
		}))
		var ids []string
		for p, err := range a.Client().Peppol.Providers(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, p.ID)
		}
		if diff := cmp.Diff([]string{"PPL000000", "PPL000001", "PPL000002"}, ids); diff != "" {
			t.Error(diff)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for _, err := range a.Client().Peppol.Providers(ctx) {
			cancel() // ends after the page that is here
			last = err
		}
		if !errors.Is(last, context.Canceled) || f.calls(op) != 4 {
			t.Errorf("%d calls, %v", f.calls(op), last)
		}
	})
	c := &canned{status: 200, body: `{"hasMore":true,"peppolProviders":[]}`}
	if _, err := all(c.account(t).client.Peppol.Providers(t.Context())); !errors.Is(err, ErrProtocol) || len(c.seen) != 1 {
		t.Errorf("an empty page that is not the last: %d calls, %v", len(c.seen), err)
	}
}

// TestRefusedRequests are rules that the contract states in words only.
func TestRefusedRequests(t *testing.T) {
	day := 24 * time.Hour
	now := sampleTime.Add(48 * time.Hour) // the clock of the account
	query := func(change func(*InvoiceFilter)) func(a *Account) error {
		return func(a *Account) error {
			f := InvoiceFilter{Role: AsBuyer, Dates: DateRange{Type: ByPermanentStorage, From: now.Add(-day)}}
			change(&f)
			_, err := a.Invoices.QueryPage(t.Context(), f, PageOptions{})
			return err
		}
	}
	page := func(p PageOptions) func(a *Account) error {
		return func(a *Account) error {
			_, err := a.Invoices.QueryPage(t.Context(), sampleFilter(), p)
			return err
		}
	}
	person := func(change func(*PersonGrant)) func(a *Account) error {
		return func(a *Account) error {
			g := PersonGrant{PESELIdentifier(samplePESEL), []Permission{PermInvoiceRead}, "accounting", sampleDetails()[0]}
			change(&g)
			_, err := a.Permissions.GrantPerson(t.Context(), g)
			return err
		}
	}
	tests := []struct {
		name, field string
		rule        Rule
		call        func(a *Account) error
	}{
		{"101 days", "dateRange.to", RuleRange, query(func(f *InvoiceFilter) { f.Dates.From = now.Add(-102 * day); f.Dates.To = now.Add(-day) })},
		{"101 days until now", "dateRange.to", RuleRange, query(func(f *InvoiceFilter) { f.Dates.From = now.Add(-101 * day) })},
		{"backwards", "dateRange.to", RuleRange, query(func(f *InvoiceFilter) { f.Dates.To = now.Add(-2 * day) })},
		{"high water mark by issue", "dateRange.restrictToPermanentStorageHwmDate", RuleTogether, query(func(f *InvoiceFilter) { f.Dates.Type, f.Dates.RestrictToHWM = ByIssue, true })},
		{"page too small", "pageSize", RuleRange, page(PageOptions{Size: 9})},
		{"page too large", "pageSize", RuleRange, page(PageOptions{Size: 251})},
		{"page before the first", "pageOffset", RuleRange, page(PageOptions{Offset: -1})},
		{"sort", "sortOrder", RuleValue, page(PageOptions{Sort: "Random"})},
		{"permission twice", "permissions[1]", RuleUnique, person(func(g *PersonGrant) { g.Permissions = []Permission{PermInvoiceRead, PermInvoiceRead} })},
		{"no permission", "permissions", RuleRequired, person(func(g *PersonGrant) { g.Permissions = nil })},
		{"PESEL mistyped", "subjectIdentifier.value", RulePattern, person(func(g *PersonGrant) { g.Subject = PESELIdentifier("15062788703") })},
		{"person described twice", "subjectDetails", RuleTogether, person(func(g *PersonGrant) { g.Details.WithNumber = sampleDetails()[1].WithNumber })},
		{"fingerprint described by number", "subjectDetails.subjectDetailsType", RuleTogether, person(func(g *PersonGrant) { g.Subject = FingerprintIdentifier(samplePrint) })},
		{"number described by fingerprint", "subjectDetails.subjectDetailsType", RuleTogether, person(func(g *PersonGrant) { g.Details = sampleDetails()[1] })},
		{"company among persons", "subjectDetails.subjectDetailsType", RuleValue, person(func(g *PersonGrant) { g.Details = SubjectDetails{Entity: &EntityAddress{"a", "b"}} })},
		{"collective: two sellers", "invoices[1].ksefNumber", RuleTogether, func(a *Account) error {
			other := pl.NewKSeFNumber("5260001246", pl.NewDate(2026, 11, 1), [6]byte{1})
			_, err := a.Collective.Create(t.Context(), []CollectiveInvoice{{KSeFNumber: sampleNumber}, {KSeFNumber: other}})
			return err
		}},
		{"collective: 501 invoices", "invoices", RuleCount, func(a *Account) error {
			_, err := a.Collective.Create(t.Context(), make([]CollectiveInvoice, 501))
			return err
		}},
		{"collective: 101 days", "dateCreatedTo", RuleRange, func(a *Account) error {
			_, err := all(a.Collective.Query(t.Context(), CollectiveFilter{From: now, To: now.Add(101 * day)}))
			return err
		}},
		{"batch: PEF", "formCode", RuleValue, func(a *Account) error {
			_, err := a.Batch.Open(t.Context(), OpenBatchRequest{FormCode: FormPEF3})
			return err
		}},
		{"batch: part over 100 MB", "batchFile.fileParts[0].fileSize", RuleRange, func(a *Account) error {
			_, err := a.Batch.Open(t.Context(), OpenBatchRequest{FormFA3, BatchFile{1, sample32, "", []BatchPart{{1, MaxPartSize + 17, sample32}}}, sampleEncryption(), false})
			return err
		}},
		{"unit with wrong check digit", "contextIdentifier.value", RulePattern, func(a *Account) error {
			_, err := a.Permissions.GrantSubunit(t.Context(), SubunitGrant{PESELIdentifier(samplePESEL), Identifier{IdentifierInternalID, "5265877635-12345"}, "administrator", "Branch", sampleDetails()[0]})
			return err
		}},
		{"all partners by number", "targetIdentifier.value", RuleTogether, func(a *Account) error {
			_, err := all(a.Permissions.Own(t.Context(), OwnFilter{Target: &Identifier{IdentifierAllPartners, "x"}}))
			return err
		}},
		{"token list", "description", RuleLength, func(a *Account) error {
			_, err := all(a.Tokens.List(t.Context(), TokenFilter{Description: "ab"}))
			return err
		}},
		{"session list", "sessionType", RuleRequired, func(a *Account) error {
			_, err := all(a.Sessions.List(t.Context(), SessionFilter{}))
			return err
		}},
		{"serial in small letters", "certificateSerialNumber", RulePattern, func(a *Account) error {
			return a.Certificates.Revoke(t.Context(), "01f20a5d352ae590", "")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &canned{status: 200, body: "{}"}
			err := tt.call(c.account(t))
			f, ok := errors.AsType[*FieldError](err)
			if !ok || f.Field != tt.field || f.Rule != tt.rule || len(c.seen) > 0 {
				t.Errorf("%d calls, %v", len(c.seen), err)
			}
		})
	}
}
