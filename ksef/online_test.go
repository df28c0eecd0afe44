package ksef

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	opOpen  = "POST /v2/sessions/online"
	opPost  = "POST /v2/sessions/online/{ref}/invoices"
	opClose = "POST /v2/sessions/online/{ref}/close"
)

var testXML = []byte("<Faktura>x</Faktura>")

func openTest(t *testing.T, test func(t *testing.T, f *fake, s *OnlineSession)) {
	t.Helper()
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		s, err := a.OpenOnline(t.Context(), FormFA3)
		if err != nil {
			t.Fatal(err)
		}
		test(t, f, s)
	})
}

func TestOnlineSession(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		if s.Reference() != testSession || time.Until(s.ValidUntil()) != 12*time.Hour || s.FormCode() != FormFA3 || s.Evidence().TokenReference == "" {
			t.Errorf("session %s until %v", s.Reference(), s.ValidUntil())
		}
		big := bytes.Repeat([]byte("y"), 3_000_000)
		for _, xml := range [][]byte{testXML, big} {
			ref, err := s.Send(t.Context(), xml, SendOptions{})
			if err != nil || ref != testInvoice {
				t.Fatalf("Send = %q, %v", ref, err)
			}
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc([][]byte{testXML, big}, f.invoices, bytes.Equal) {
			t.Error("the server decrypted something else")
		}
	})
}

func TestOpenAfterKeyRotation(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		now := time.Now()
		f.keys = []*serverKey{newServerKey(t, rsaKey2(), 2, now.Add(-time.Minute), now.Add(100*time.Hour), KeyForSession)}
		if _, err := a.OpenOnline(t.Context(), FormFA3); err != nil {
			t.Fatal(err)
		}
		if f.calls(opOpen) != 2 || f.calls(opKeys) != 2 {
			t.Errorf("opened %d times, keys read %d times", f.calls(opOpen), f.calls(opKeys))
		}
	})
}

func TestOpenWithAKeyThatStaysUnknown(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.failNext(opOpen, 100, 400, problem(21470))
		_, err := a.OpenOnline(t.Context(), FormFA3)
		if !errors.Is(err, ErrUnknownKey) || f.calls(opOpen) != 2 {
			t.Errorf("err = %v after %d calls", err, f.calls(opOpen))
		}
	})
}

func TestOpenRefusesOddForms(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		for _, form := range []FormCode{"", "FA (3)", "a|b|", "a|b|c|d"} {
			if _, err := a.OpenOnline(t.Context(), form); !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("%q: %v", form, err)
			}
		}
		if f.calls(opOpen) != 0 {
			t.Error("an odd form was sent")
		}
	})
}

// TestSendOutcome is the heart of "never twice": what each failure of a send
// says about the invoice, and how often it was posted.
func TestSendOutcome(t *testing.T) {
	tests := []struct {
		name    string
		hook    func(http.ResponseWriter, *http.Request) bool
		unknown bool
		is      error
		retry   Retry
		posts   int
	}{
		{"answer lost", loseFirst(), true, ErrOutcomeUnknown, RetryReconcile, 1},
		{"500", answer(500, ""), true, ErrUnavailable, RetryReconcile, 1},
		{"503", answer(503, ""), true, ErrUnavailable, RetryReconcile, 1},
		{"504 page", answer(504, "<html>"), true, ErrUnavailable, RetryReconcile, 1},
		{"408", answer(408, ""), true, ErrOutcomeUnknown, RetryReconcile, 1},
		{"202 garbled", answer(202, `{"referenceNumber":`), true, ErrProtocol, RetryReconcile, 1},
		{"202 empty", answer(202, ""), true, ErrProtocol, RetryReconcile, 1},
		{"202 without a reference", answer(202, "{}"), true, ErrProtocol, RetryReconcile, 1},
		{"session not open", answer(400, problem(21180)), false, ErrSessionNotOpen, RetryNewSession, 1},
		{"session unavailable", answer(400, problem(21184)), false, ErrSessionUnavailable, RetryNewSession, 1},
		{"validation", answer(400, problem(21405)), false, nil, RetryNever, 1},
		{"forbidden", answer(403, `{"reasonCode":"missing-permissions"}`), false, ErrForbidden, RetryNever, 1},
		{"blocked", answer(403, blockedBody), false, ErrBlocked, RetryNever, 1},
		{"not found", answer(404, ""), false, ErrNotFound, RetryNever, 1},
		{"limited for long", limited("2600"), false, ErrRateLimited, RetryLater, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
				f.on(opPost, tt.hook)
				_, err := s.Send(t.Context(), testXML, SendOptions{})
				if errors.Is(err, ErrOutcomeUnknown) != tt.unknown || tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("err = %v", err)
				}
				if e, ok := errors.AsType[*Error](err); !ok || e.Retry() != tt.retry {
					t.Errorf("retry = %v", e.Retry())
				}
				if n := f.calls(opPost); n != tt.posts {
					t.Errorf("posted %d times, want %d", n, tt.posts)
				}
			})
		})
	}
}

func answer(status int, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

func limited(after string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(429)
		return true
	}
}

func TestSendWaitsOutAShortLimit(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		var refused bool
		f.on(opPost, func(w http.ResponseWriter, r *http.Request) bool {
			if refused {
				return false
			}
			refused = true
			return limited("20")(w, r)
		})
		start := time.Now()
		if _, err := s.Send(t.Context(), testXML, SendOptions{}); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited != 20*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestSendWithDeadTokenIsRepeated(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		f.killAccess()
		if _, err := s.Send(t.Context(), testXML, SendOptions{}); err != nil {
			t.Fatal(err)
		}
		if len(f.invoices) != 1 {
			t.Errorf("the server has %d invoices", len(f.invoices))
		}
	})
}

func TestSendCancelledBeforeItLeaves(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Send(ctx, testXML, SendOptions{})
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestSendRefusesOddSizes(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		for _, xml := range [][]byte{nil, {}, make([]byte, maxInvoice+1)} {
			if _, err := s.Send(t.Context(), xml, SendOptions{}); !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("%d bytes: %v", len(xml), err)
			}
		}
		if f.calls(opPost) != 0 {
			t.Error("something was sent")
		}
	})
}

func TestLowLevelSend(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		var cipher []byte
		s.key.encrypt(testXML, func(p []byte) { cipher = append(cipher, p...) })
		plain, sum := sha256.Sum256(testXML), sha256.Sum256(cipher)
		ref, err := s.account.Online.Send(t.Context(), s.Reference(), SendInvoiceRequest{
			InvoiceHash: plain[:], InvoiceSize: int64(len(testXML)),
			EncryptedInvoiceHash: sum[:], EncryptedInvoiceSize: int64(len(cipher)), EncryptedInvoiceContent: cipher,
		})
		if err != nil || ref != testInvoice || len(f.invoices) != 1 {
			t.Errorf("Send = %q, %v", ref, err)
		}
	})
}

func TestCloseReconciles(t *testing.T) {
	tests := []struct {
		name   string
		hook   func(f *fake) func(http.ResponseWriter, *http.Request) bool
		closes int
		fails  bool
	}{
		{"lost after the effect", func(f *fake) func(http.ResponseWriter, *http.Request) bool {
			return func(http.ResponseWriter, *http.Request) bool { f.closed = true; panic(lostAnswer{}) }
		}, 1, false},
		{"lost before the effect", func(*fake) func(http.ResponseWriter, *http.Request) bool { return loseFirst() }, 2, false},
		{"closed already", func(f *fake) func(http.ResponseWriter, *http.Request) bool {
			f.closed = true
			return func(http.ResponseWriter, *http.Request) bool { return false }
		}, 1, false},
		{"server down", func(*fake) func(http.ResponseWriter, *http.Request) bool { return answer(503, "") }, 2, true},
		{"not found", func(*fake) func(http.ResponseWriter, *http.Request) bool { return answer(400, problem(21173)) }, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
				f.on(opClose, tt.hook(f))
				if err := s.Close(t.Context()); (err != nil) != tt.fails {
					t.Errorf("err = %v", err)
				}
				if n := f.calls(opClose); n != tt.closes {
					t.Errorf("closed %d times, want %d", n, tt.closes)
				}
			})
		})
	}
}

func TestConcurrentSends(t *testing.T) {
	openTest(t, func(t *testing.T, f *fake, s *OnlineSession) {
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				if _, err := s.Send(t.Context(), bytes.Repeat([]byte{byte('a' + i%26)}, 1000*i+1), SendOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(f.invoices) != 40 {
			t.Errorf("the server has %d invoices", len(f.invoices))
		}
	})
}

func TestWaitPacesAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		a := f.login(t.Context(), Config{Poll: PollConfig{Interval: time.Second, MaxInterval: 2 * time.Second}})
		var times []time.Duration
		start := time.Now()
		f.on("GET /v2/sessions/{ref}/invoices/{invoice}", func(w http.ResponseWriter, _ *http.Request) bool {
			times = append(times, time.Since(start))
			if len(times) < 5 {
				reply(w, 200, invoiceJSON(1, 150, "", testXML))
				return true
			}
			return false
		})
		status, err := a.WaitInvoice(t.Context(), testSession, testInvoice)
		if err != nil || !status.Accepted() {
			t.Fatalf("WaitInvoice = %v, %v", status, err)
		}
		s := time.Second
		if diff := cmp.Diff([]time.Duration{0, s, 5 * s / 2, 9 * s / 2, 13 * s / 2}, times); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWaitReturnsTheLastStateAtTheDeadline(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		status, err := a.WaitSession(ctx, testSession)
		if !errors.Is(err, context.DeadlineExceeded) || status == nil || status.Status.Code != SessionOpen {
			t.Errorf("WaitSession = %v, %v", status, err)
		}
		f.closed = true
		if status, err = a.WaitSession(t.Context(), testSession); err != nil || !status.Final() || status.Err() != nil {
			t.Errorf("WaitSession = %v, %v", status, err)
		}
	})
}

func TestWaitSurvivesServerErrors(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		f.failNext("GET /v2/sessions/{ref}/invoices/{invoice}", 4, 502, "<html>")
		if status, err := a.WaitInvoice(t.Context(), testSession, testInvoice); err != nil || !status.Accepted() {
			t.Errorf("WaitInvoice = %v, %v", status, err)
		}
	})
}
