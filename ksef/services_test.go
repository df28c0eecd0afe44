package ksef

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
)

func TestIdentifiersDoNotPrint(t *testing.T) {
	var out bytes.Buffer
	id := PESELIdentifier(samplePESEL)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "id", id)
	text := fmt.Sprintf("%v %+v %s", id, PersonGrant{Subject: id}, NIPIdentifier(testNIP)) + out.String()
	if strings.Contains(text, string(samplePESEL)) || strings.Contains(text, string(testNIP)) || !strings.Contains(text, "Pesel …8702") {
		t.Error(text)
	}
	if got := AllPartners().String(); got != "AllPartners" {
		t.Error(got)
	}
}

func TestTestDataStaysInTheTestEnvironment(t *testing.T) {
	for _, env := range []Environment{Demo(), Production()} {
		client, err := New(Config{Environment: env, HTTP: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			t.Error("something was sent")
			return nil, lostAnswer{}
		})}})
		if err != nil {
			t.Fatal(err)
		}
		a := newAccount(client, nil, &grant{})
		if err := client.TestData.RemovePerson(t.Context(), testNIP); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", env.Name, err)
		}
		if err := a.TestLimits.ResetRates(t.Context()); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", env.Name, err)
		}
	}
}

func latarnia(t *testing.T, c *canned, address string) *LatarniaService {
	t.Helper()
	env := Custom("http://ksef.test")
	env.Latarnia = address
	client, err := New(Config{Environment: env, HTTP: &http.Client{Transport: c}})
	if err != nil {
		t.Fatal(err)
	}
	return client.Latarnia
}

func TestLatarnia(t *testing.T) {
	const message = `{"id":"m1","eventId":77,"category":"FAILURE","type":"FAILURE_START","title":"Awaria","text":"Trwa awaria","start":"2026-11-22T08:00:00+01:00","end":null,"version":2,"published":"2026-11-22T08:05:00+01:00","later":1}`
	c := &canned{status: 200, body: `{"status":"FAILURE","messages":[` + message + `]}`}
	status, err := latarnia(t, c, "http://latarnia.test/").Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)
	want := &AvailabilityStatus{InFailure, []Announcement{{"m1", 77, InFailure, FailureStart, "Awaria", "Trwa awaria", start, time.Time{}, 2, start.Add(5 * time.Minute)}}}
	if !reflect.DeepEqual(want, status) {
		t.Errorf("%+v", status)
	}
	if r := c.seen[0]; r.URL.String() != "http://latarnia.test/status" || r.Header.Get("Authorization") != "" {
		t.Errorf("%s %v", r.URL, r.Header)
	}
	c.body = "[" + message + "]"
	if list, err := latarnia(t, c, "http://latarnia.test").Messages(t.Context()); err != nil || len(list) != 1 || c.seen[1].URL.Path != "/messages" {
		t.Errorf("%+v, %v", list, err)
	}
	c.body = `{"status":"AVAILABLE","messages":null}`
	if s, err := latarnia(t, c, "http://latarnia.test").Status(t.Context()); err != nil || s.Status != Available || s.Messages != nil {
		t.Errorf("%+v, %v", s, err)
	}
	for _, body := range []string{`{}`, `<html>`, `{"title":"Request blocked","status":403}`} {
		c.body = body
		if _, err := latarnia(t, c, "http://latarnia.test").Status(t.Context()); !errors.Is(err, ErrProtocol) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, address := range []string{"", "ftp://latarnia.test", "http://user@latarnia.test", "nowhere"} {
		sent := len(c.seen)
		_, err1 := latarnia(t, c, address).Status(t.Context())
		_, err2 := latarnia(t, c, address).Messages(t.Context())
		if !errors.Is(err1, ErrInvalidArgument) && address != "ftp://latarnia.test" || err2 == nil || len(c.seen) > sent && address != "ftp://latarnia.test" {
			t.Errorf("%q: %v, %v", address, err1, err2)
		}
	}
}

// TestWaits polls until what was pending is decided.
func TestWaits(t *testing.T) {
	tests := []struct {
		name  string
		steps []string
		wait  func(ctx context.Context, a *Account) (any, error)
		want  string
	}{
		{"token", []string{`{"status":"Pending"}`, `{"status":"Pending"}`, `{"status":"Active"}`}, func(ctx context.Context, a *Account) (any, error) { return got(a.WaitToken(ctx, "R")) }, "Active"},
		{"token failed", []string{`{"status":"Failed"}`}, func(ctx context.Context, a *Account) (any, error) { return got(a.WaitToken(ctx, "R")) }, "Failed"},
		{"grant", []string{`{"status":{"code":100}}`, `{"status":{"code":200}}`}, func(ctx context.Context, a *Account) (any, error) { return got(a.WaitPermission(ctx, "R")) }, "200"},
		{"certificate", []string{`{"status":{"code":100}}`, `{"status":{"code":400}}`}, func(ctx context.Context, a *Account) (any, error) { return got(a.WaitEnrollment(ctx, "R")) }, "400"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{}
				for _, body := range tt.steps {
					s.steps = append(s.steps, says(200, nil, body))
				}
				a := storageAccount(t, s)
				a.grant = &grant{access: TokenInfo{NewSecret("access"), time.Now().Add(time.Hour)}}
				v, err := tt.wait(t.Context(), a)
				text := fmt.Sprintf("%+v", v)
				if err != nil || s.calls != len(tt.steps) || !strings.Contains(text, tt.want) {
					t.Errorf("%d calls: %s, %v", s.calls, text, err)
				}
			})
		})
	}
}

func TestCSR(t *testing.T) {
	data := EnrollmentData{"Zażółć Gęślą", "PL", "Anna", "Źdźbło", "TINPL-5265877635", "u-1", "Ośrodek", "VATPL-5265877635"}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := data.CSR(key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := csr.CheckSignature(); err != nil {
		t.Error(err)
	}
	var got []string
	for _, n := range csr.Subject.Names {
		got = append(got, fmt.Sprintf("%v=%v", n.Type, n.Value))
	}
	want := "[2.5.4.3=Zażółć Gęślą 2.5.4.4=Źdźbło 2.5.4.42=Anna 2.5.4.10=Ośrodek 2.5.4.97=VATPL-5265877635 2.5.4.6=PL 2.5.4.5=TINPL-5265877635 2.5.4.45=u-1]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v\nwant %s", got, want)
	}
	var name []asn1.RawValue
	if _, err := asn1.Unmarshal(csr.RawSubject, &name); err != nil || name[0].Tag != asn1.TagSet {
		t.Errorf("%v, %v", name, err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.CSR(other); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("P-384: %v", err)
	}
	if _, err := data.CSR(rsaKey()); err != nil {
		t.Errorf("RSA: %v", err)
	}
}

func TestAmounts(t *testing.T) {
	for in, want := range map[string]string{"1": "1", "-12.50": "-12.5", "1.5E+3": "1500", "123456789012.34": "123456789012.34"} {
		var w wireAmount
		if err := json.Unmarshal([]byte(in), &w); err != nil || !w.Equal(decimal.RequireFromString(want)) {
			t.Errorf("%s = %s, %v", in, w.Decimal, err)
		}
	}
	for _, in := range []string{"1e999999999", "1e-999999999", "true", `"x"`, "[1]", strings.Repeat("9", 41)} {
		var w wireAmount
		if err := json.Unmarshal([]byte(in), &w); err == nil {
			t.Errorf("%s = %s", in, w.Decimal)
		}
	}
}

func TestCollectiveNumber(t *testing.T) {
	for n, want := range map[CollectiveNumber]bool{
		sampleCollective: true, "1111111111-IZ202607-65ED02180000-E8": false, "1111111111-IZ202607-65ed02180000-E7": false, "": false,
		"1111111111-XX202607-65ED02180000-E7": false,
	} {
		if n.Valid() != want {
			t.Errorf("%s: %v", n, !want)
		}
	}
}

// FuzzAnswers decodes what a server may send into every type of answer.
func FuzzAnswers(f *testing.F) {
	f.Add(`{"invoices":[{"ksefNumber":"x","issueDate":"2026-11-01","netAmount":1.25,"formCode":{"systemCode":"FA (3)"}}],"hasMore":true}`)
	f.Add(`{"status":{"code":200,"extensions":{"a":null}},"package":{"parts":[{"expirationDate":"0001-01-01T00:00:00"}]}}`)
	f.Add(`[{"certificate":"AAAA"}]`)
	f.Add(`{"onlineSession":{"perSecond":1},"x":7,"tokens":[null]}`)
	ops := operations()
	f.Fuzz(func(t *testing.T, body string) {
		for _, op := range ops {
			if op.answer == nil {
				continue
			}
			v := reflect.New(reflect.TypeOf(op.answer))
			_ = json.Unmarshal([]byte(body), v.Interface())
		}
	})
}
