package ksef

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

// serve adds a path that needs a login to the fake.
func (f *fake) serve(pattern string, handler http.HandlerFunc) {
	f.mux.HandleFunc(pattern, f.count(pattern, func(w http.ResponseWriter, r *http.Request) {
		if f.allowed(w, r) {
			handler(w, r)
		}
	}))
}

const opList = "GET /v2/sessions/{ref}/invoices"

// serveInvoices serves a list in pages of 2, whatever size is asked for.
func (f *fake) serveInvoices(list ...map[string]any) {
	f.serve(opList, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("pageSize") != "1000" {
			f.t.Errorf("page size %q", r.URL.Query().Get("pageSize"))
		}
		from, _ := strconv.Atoi(strings.TrimPrefix(r.Header.Get("x-continuation-token"), "from="))
		to := min(from+2, len(list))
		body := map[string]any{"invoices": list[from:to]}
		if to < len(list) {
			body["continuationToken"] = fmt.Sprintf("from=%d", to)
		}
		reply(w, 200, body)
	})
}

func TestInvoicesAcrossPages(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		var list []map[string]any
		for i := range 5 {
			list = append(list, invoiceJSON(i+1, 200, "", testXML))
		}
		f.serveInvoices(list...)
		var got []int
		for status, err := range a.Sessions.Invoices(t.Context(), testSession) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, status.OrdinalNumber)
		}
		if diff := cmp.Diff([]int{1, 2, 3, 4, 5}, got); diff != "" || f.calls(opList) != 3 {
			t.Errorf("%d pages\n%s", f.calls(opList), diff)
		}
		for range a.Sessions.Invoices(t.Context(), testSession) {
			break
		}
		if f.calls(opList) != 4 {
			t.Error("an iteration that stopped early asked for more pages")
		}
	})
}

func TestInvoicesErrorComesLast(t *testing.T) {
	tests := []struct {
		name, second string
		status       int
		is           error
	}{
		{"same token again", `{"invoices":[],"continuationToken":"t"}`, 200, ErrProtocol},
		{"no JSON", `<html>`, 200, ErrProtocol},
		{"bad hash", `{"invoices":[{"invoiceHash":"AAAA","status":{"code":200}}]}`, 200, ErrProtocol},
		{"refused", problem(21418), 400, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fakeTest(t, func(t *testing.T, f *fake, a *Account) {
				f.serve(opList, func(w http.ResponseWriter, r *http.Request) {
					if r.Header.Get("x-continuation-token") == "" {
						reply(w, 200, map[string]any{"invoices": []any{invoiceJSON(1, 200, "", testXML)}, "continuationToken": "t"})
						return
					}
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, tt.second)
				})
				var good int
				var errs []error
				for _, err := range a.Sessions.Invoices(t.Context(), testSession) {
					if err != nil {
						errs = append(errs, err)
					} else {
						good++
					}
				}
				if good != 1 || len(errs) != 1 || tt.is != nil && !errors.Is(errs[0], tt.is) {
					t.Errorf("%d invoices, errors %v", good, errs)
				}
			})
		})
	}
}

func TestFindInvoice(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		other, twice, refused := []byte("other"), []byte("twice"), []byte("refused")
		f.serveInvoices(
			invoiceJSON(1, 200, "A", other),
			invoiceJSON(2, 440, "", twice),
			invoiceJSON(3, 200, "B", twice),
			invoiceJSON(4, 430, "", refused),
		)
		got, err := a.Sessions.FindInvoice(t.Context(), testSession, sha256.Sum256(twice))
		if err != nil || got.KSeFNumber != "B" {
			t.Errorf("sent twice: %v, %v", got, err)
		}
		got, err = a.Sessions.FindInvoice(t.Context(), testSession, sha256.Sum256(refused))
		if err != nil || got.OrdinalNumber != 4 {
			t.Errorf("refused: %v, %v", got, err)
		}
		if _, err = a.Sessions.FindInvoice(t.Context(), testSession, sha256.Sum256(testXML)); !errors.Is(err, ErrNotFound) {
			t.Errorf("absent: %v", err)
		}
	})
}

func TestInvoiceStatus(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		sum := sha256.Sum256(testXML)
		f.on("GET /v2/sessions/{ref}/invoices/{invoice}", func(w http.ResponseWriter, _ *http.Request) bool {
			reply(w, 200, map[string]any{
				"ordinalNumber": 2, "invoiceNumber": "FV/1", "referenceNumber": testInvoice, "ksefNumber": nil, "invoiceHash": sum[:],
				"invoicingDate": "2026-11-22T08:54:00.1234567+00:00", "acquisitionDate": nil, "invoicingMode": nil, "newMember": []int{1},
				"status": map[string]any{"code": 440, "description": "Duplikat", "details": nil, "extensions": map[string]any{
					"originalKsefNumber": "5265877635-20250626-010080DD2B5E-26", "originalSessionReferenceNumber": testSession, "other": nil,
				}},
			})
			return true
		})
		got, err := a.Sessions.Invoice(t.Context(), testSession, testInvoice)
		if err != nil {
			t.Fatal(err)
		}
		want := &InvoiceStatus{
			OrdinalNumber: 2, InvoiceNumber: "FV/1", ReferenceNumber: testInvoice, InvoiceHash: sum,
			InvoicingDate: time.Date(2026, 11, 22, 8, 54, 0, 123456700, time.UTC),
			Status: Status{Code: 440, Description: "Duplikat", Extensions: map[string]string{
				"originalKsefNumber": "5265877635-20250626-010080DD2B5E-26", "originalSessionReferenceNumber": testSession,
			}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		number, session, ok := got.Duplicate()
		if number != pl.KSeFNumber("5265877635-20250626-010080DD2B5E-26") || session != testSession || !ok || !errors.Is(got.Err(), ErrDuplicate) {
			t.Errorf("Duplicate = %v, %v, %v; Err = %v", number, session, ok, got.Err())
		}
		if _, _, ok := (&InvoiceStatus{Status: Status{Code: 200}}).Duplicate(); ok {
			t.Error("an accepted invoice is no duplicate")
		}
	})
}

func TestSessionStatusWithReceipt(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.failNext(opStatus, 1, 200, `{"status":{"code":200,"description":"x"},"dateCreated":"2026-11-22T08:00:00+00:00","dateUpdated":"2026-11-22T08:01:00+00:00","upo":{"pages":[{"referenceNumber":"R","downloadUrl":"https://x","downloadUrlExpirationDate":"2026-11-25T08:00:00Z"}]},"invoiceCount":10,"successfulInvoiceCount":8,"failedInvoiceCount":null}`)
		got, err := a.Sessions.Status(t.Context(), testSession)
		if err != nil {
			t.Fatal(err)
		}
		ten, eight := 10, 8
		want := &SessionStatus{
			Status:      Status{Code: 200, Description: "x"},
			DateCreated: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), DateUpdated: time.Date(2026, 11, 22, 8, 1, 0, 0, time.UTC),
			UPO:          []UPOPage{{"R", "https://x", time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}},
			InvoiceCount: &ten, SuccessfulInvoiceCount: &eight,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestListSessions(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		var query url.Values
		f.serve("GET /v2/sessions", func(w http.ResponseWriter, r *http.Request) {
			query = r.URL.Query()
			reply(w, 200, map[string]any{"sessions": []any{map[string]any{
				"referenceNumber": testSession, "status": map[string]any{"code": 200}, "dateCreated": "2026-11-22T08:00:00+00:00",
				"dateUpdated": "2026-11-22T08:00:00+00:00", "totalInvoiceCount": 3, "successfulInvoiceCount": 2, "failedInvoiceCount": 1,
			}}})
		})
		filter := SessionFilter{Type: SessionOnline, Reference: testSession, CreatedFrom: time.Date(2026, 11, 1, 1, 0, 0, 0, time.FixedZone("", 3600)), Statuses: []SessionState{"InProgress", "Failed"}}
		for s, err := range a.Sessions.List(t.Context(), filter) {
			if err != nil || s.Reference != testSession || s.InvoiceCount != 3 || s.SuccessfulInvoiceCount != 2 || s.FailedInvoiceCount != 1 {
				t.Errorf("session %v, %v", s, err)
			}
		}
		want := url.Values{"sessionType": {"Online"}, "referenceNumber": {testSession}, "dateCreatedFrom": {"2026-11-01T00:00:00Z"}, "statuses": {"InProgress", "Failed"}, "pageSize": {"1000"}}
		if diff := cmp.Diff(want, query); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDocuments(t *testing.T) {
	const number = pl.KSeFNumber("5265877635-20250826-0100001AF629-AF")
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		hash := hashBase64(testXML)
		give := func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept") != "application/xml" {
				t.Errorf("Accept %q", r.Header.Get("Accept"))
			}
			if hash != "" {
				w.Header().Set("x-ms-meta-hash", hash)
			}
			_, _ = w.Write(testXML)
		}
		f.serve("GET /v2/invoices/ksef/{number}", give)
		f.serve("GET /v2/sessions/{ref}/upo/{upo}", give)
		f.mux.HandleFunc("GET /storage/upo", func(w http.ResponseWriter, r *http.Request) {
			if len(r.Header["Authorization"])+len(r.Header["X-Error-Format"]) > 0 {
				t.Error("the storage was sent a login")
			}
			give(w, r)
		})
		ctx := t.Context()
		all := func() (errs []error) {
			invoice, err := a.Invoices.Get(ctx, number)
			if err == nil && (string(invoice.XML) != string(testXML) || invoice.SHA256 != sha256.Sum256(testXML) || invoice.HashAnnounced != (hash != "")) {
				t.Errorf("invoice %+v", invoice)
			}
			_, err2 := a.Sessions.UPO(ctx, testSession, testInvoice)
			_, err3 := a.Client().DownloadUPO(ctx, "http://ksef.test/storage/upo?sig=x")
			return []error{err, err2, err3}
		}
		if err := errors.Join(all()...); err != nil {
			t.Error(err)
		}
		if hash = ""; errors.Join(all()...) != nil {
			t.Error("a document without an announced hash was refused")
		}
		for _, hash = range []string{hashBase64([]byte("y")), "no base64", "AAAA"} {
			for _, err := range all() {
				if !errors.Is(err, ErrHashMismatch) {
					t.Errorf("hash %q: %v", hash, err)
				}
			}
		}
		for _, get := range []func() (*UPODocument, error){
			func() (*UPODocument, error) { return a.Sessions.InvoiceUPO(ctx, testSession, testInvoice) },
			func() (*UPODocument, error) { return a.Sessions.InvoiceUPOByKSeFNumber(ctx, testSession, number) },
		} {
			if d, err := get(); err != nil || string(d.XML) != "<Potwierdzenie/>" || !d.HashAnnounced {
				t.Errorf("UPO = %v, %v", d, err)
			}
		}
	})
}

func TestDownloadUPOStaysInTheEnvironment(t *testing.T) {
	tests := []struct {
		address string
		ok      bool
	}{
		{"https://api-test.ksef.mf.gov.pl/storage/00/x?sig=1", true},
		{"https://storage.ksef.mf.gov.pl/x", true},
		{"http://api-test.ksef.mf.gov.pl/x", false},
		{"https://ksef.mf.gov.pl.example.com/x", false},
		{"https://example.com/x", false},
		{"https://169.254.169.254/latest", false},
		{"https://user@api-test.ksef.mf.gov.pl/x", false},
		{"https://x.ksef.mf.gov.pl:444/x", false},
		{"file:///etc/passwd", false},
		{"", false},
	}
	c, err := New(Config{Environment: Test()})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		if got := c.trusts(tt.address); got != tt.ok {
			t.Errorf("trusts(%q) = %v", tt.address, got)
		}
	}
	if _, err := c.DownloadUPO(t.Context(), "https://example.com/x"); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("err = %v", err)
	}
}

func TestReferencesAreCheckedBeforeTheyEnterAPath(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		ctx := t.Context()
		for _, bad := range []string{"", "..", "a/b", "a?b", "a%2fb", "a b", strings.Repeat("a", 65), "ą"} {
			_, err1 := a.Sessions.Status(ctx, bad)
			_, err2 := a.Sessions.Invoice(ctx, testSession, bad)
			_, err3 := a.Sessions.InvoiceUPO(ctx, bad, testInvoice)
			_, err4 := a.Invoices.Get(ctx, pl.KSeFNumber(bad))
			_, err5 := a.Online.Send(ctx, bad, SendInvoiceRequest{})
			err6 := a.Online.Close(ctx, bad)
			err7 := a.Logins.End(ctx, bad)
			_, err8 := a.client.Auth.Status(ctx, bad, Secret{})
			var err9 error
			for _, err9 = range a.Sessions.Invoices(ctx, bad) {
			}
			for i, err := range []error{err1, err2, err3, err4, err5, err6, err7, err8, err9} {
				if !errors.Is(err, ErrInvalidArgument) {
					t.Errorf("%q, call %d: %v", bad, i+1, err)
				}
			}
		}
	})
}

func TestLogins(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.serve("GET /v2/auth/sessions", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"items":[{"referenceNumber":"R","isCurrent":true,"startDate":"2026-11-22T08:00:00Z","authenticationMethodInfo":{"category":"Token","code":"c","displayName":"d"},"status":{"code":200},"isTokenRedeemed":true,"refreshTokenValidUntil":"2026-11-29T08:00:00Z"}]}`)
		})
		f.serve("DELETE /v2/auth/sessions/{ref}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
		for info, err := range a.Logins.List(t.Context()) {
			if err != nil || info.Reference != "R" || !info.Current || info.Method.Category != "Token" || !info.TokenRedeemed || info.Err() != nil {
				t.Errorf("login %+v, %v", info, err)
			}
		}
		if err := a.Logins.End(t.Context(), "R"); err != nil {
			t.Error(err)
		}
	})
}

func TestLimits(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		serve := func(path, body string) {
			f.serve("GET /v2"+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		}
		serve("/limits/context", `{"onlineSession":{"maxInvoiceSizeInMB":1,"maxInvoiceWithAttachmentSizeInMB":3,"maxInvoices":10000},"batchSession":{"maxInvoiceSizeInMB":2,"maxInvoiceWithAttachmentSizeInMB":4,"maxInvoices":20000}}`)
		serve("/limits/subject", `{"enrollment":{"maxEnrollments":12},"certificate":null}`)
		serve("/rate-limits", `{"invoiceSend":{"perSecond":10,"perMinute":30,"perHour":180},"tomorrow":{"perSecond":1,"perMinute":2,"perHour":3}}`)
		context, err := a.Limits.Context(t.Context())
		if diff := cmp.Diff(&ContextLimits{Online: SessionLimits{1, 3, 10000}, Batch: SessionLimits{2, 4, 20000}}, context); diff != "" || err != nil {
			t.Error(diff, err)
		}
		subject, err := a.Limits.Subject(t.Context())
		if err != nil || *subject.Enrollment.MaxEnrollments != 12 || subject.Certificate != nil {
			t.Errorf("subject %+v, %v", subject, err)
		}
		rates, err := a.Limits.Rates(t.Context())
		if diff := cmp.Diff(RateLimits{"invoiceSend": {10, 30, 180}, "tomorrow": {1, 2, 3}}, rates); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}
