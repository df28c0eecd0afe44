package invoicing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef"
)

// seeded is randomness that is the same in every run.
func seeded(n uint64) io.Reader {
	return rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
}

// failingReader has no randomness.
type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func code(c ksef.ErrorCode) *ksef.Error {
	return &ksef.Error{Op: "send invoice", Status: 400, Code: int(c), Codes: []ksef.ErrorCode{c}}
}

func TestJudgeSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want sendVerdict
	}{
		{"taken", nil, sendTaken},
		{"server error", &ksef.Error{Status: 500}, sendUnknown},
		{"bad gateway", &ksef.Error{Status: 502}, sendUnknown},
		{"accepted, but not as the contract says", &ksef.Error{Status: 202, Err: ksef.ErrProtocol}, sendUnknown},
		{"no answer of the client", io.ErrUnexpectedEOF, sendUnknown},
		{"cancelled", context.Canceled, sendUnknown},
		{"wrapped unknown", fmt.Errorf("x: %w", ksef.ErrOutcomeUnknown), sendUnknown},
		{"refused content", code(ksef.CodeHashMismatch), sendRefused},
		{"refused input", code(ksef.CodeValidation), sendRefused},
		{"refused here", &ksef.Error{Err: ksef.ErrInvalidArgument}, sendRefused},
		{"session full", code(ksef.CodeInvoiceLimitReached), sendMove},
		{"session closed", code(ksef.CodeSessionStatus), sendMove},
		{"session unavailable", code(ksef.CodeSessionUnavailable), sendMove},
		{"rate limit", &ksef.Error{Status: 429, RetryAfter: time.Second}, sendStop},
		{"not authorised", &ksef.Error{Status: 401}, sendStop},
		{"forbidden", &ksef.Error{Status: 403}, sendStop},
		{"never left", &ksef.Error{Err: errors.New("dial")}, sendStop},
	}
	for _, tt := range tests {
		if got := judgeSend(tt.err); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestJudgeStatus(t *testing.T) {
	t.Parallel()
	want := map[int]fate{
		0: fatePending, 100: fatePending, 150: fatePending, 199: fatePending, 200: fateAccepted,
		201: fateRejected, 405: fateFailed, 410: fateRejected, 415: fateRejected, 430: fateRejected,
		435: fateFailed, 440: fateDuplicate, 450: fateRejected, 499: fateRejected, 500: fateFailed, 550: fateFailed, 599: fateRejected,
	}
	for code, fate := range want {
		st := &ksef.InvoiceStatus{KSeFNumber: "n", Status: ksef.Status{Code: code}}
		if got := judgeStatus(st); got != fate {
			t.Errorf("status %d: %d, want %d", code, got, fate)
		}
	}
	if got := judgeStatus(&ksef.InvoiceStatus{Status: ksef.Status{Code: 200}}); got != fatePending {
		t.Errorf("status 200 without a number: %d", got)
	}
}

func TestGeneralFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err     error
		general bool
		pause   time.Duration
	}{
		{&ksef.Error{Status: 429, RetryAfter: 40 * time.Minute}, true, 40 * time.Minute},
		{&ksef.Error{Status: 429, RetryAfter: 3 * 365 * 24 * time.Hour}, true, MaxPause},
		{&ksef.Error{Status: 429, RetryAfter: -time.Hour}, true, 0},
		{&ksef.Error{Status: 503}, true, 0},
		{&ksef.Error{Status: 401}, true, 0},
		{&ksef.Error{Status: 403}, true, 0},
		{code(ksef.CodeUPONotFound), false, 0},
		{code(ksef.CodeValidation), false, 0},
		{ksef.ErrBlocked, true, blockedPause},
		{errors.New("other"), false, 0},
	}
	for _, tt := range tests {
		if got := general(tt.err); got != tt.general {
			t.Errorf("general(%v) = %v", tt.err, got)
		}
		if got := demanded(tt.err); got != tt.pause {
			t.Errorf("demanded(%v) = %v, want %v", tt.err, got, tt.pause)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, limit := rapid.String().Draw(t, "text"), rapid.IntRange(1, 20).Draw(t, "limit")
		got := shorten(s, limit)
		if len(got) > limit+len("…") || !utf8.ValidString(got) || !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) && got != s {
			t.Fatalf("shorten(%q, %d) = %q", s, limit, got)
		}
	})
	if got := shortenAll(make([]string, 1000)); len(got) != maxDetails {
		t.Errorf("%d details kept", len(got))
	}
}

func TestParallel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, limit := rapid.IntRange(0, 50).Draw(t, "n"), rapid.IntRange(0, 8).Draw(t, "limit")
		calls := make([]int, n)
		parallel(n, limit, func(i int) { calls[i]++ })
		for i, c := range calls {
			if c != 1 {
				t.Fatalf("%d called %d times", i, c)
			}
		}
	})
}
