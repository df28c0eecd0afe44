package httpx_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

func TestEveryAttemptIsAnnouncedAndReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{
			{status: 429, header: map[string]string{"Retry-After": "7"}},
			{err: errLost},
			{status: 200},
		}}
		var before, after []string
		start := time.Now()
		req := get(httpx.Read)
		req.Before = func(context.Context) error {
			before = append(before, time.Since(start).String())
			return nil
		}
		req.After = func(_ context.Context, a httpx.Attempt) {
			after = append(after, time.Duration(a.Status).String()+" "+a.RetryAfter.String())
			if (a.Err != nil) != (a.Status == 0) || a.Asked != (a.Status == 429) {
				t.Errorf("attempt %+v", a)
			}
		}
		if _, err := client(s).Do(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"0s", "7s", "7.5s"}, before); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"429ns 7s", "0s 0s", "200ns 0s"}, after); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBeforeEndsTheCall(t *testing.T) {
	stop := errors.New("stop")
	for _, allowed := range []int{0, 1} {
		for _, first := range []step{{status: 429}, {err: errDial}} {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: []step{first}}
				req := get(httpx.Once)
				n := 0
				req.Before = func(context.Context) error {
					if n++; n > allowed {
						return stop
					}
					return nil
				}
				_, err := client(s).Do(t.Context(), req)
				f, ok := errors.AsType[*httpx.Failure](err)
				if !ok || f.Sent || !errors.Is(err, stop) || len(s.times) != allowed {
					t.Errorf("err = %v after %d attempts", err, len(s.times))
				}
			})
		}
	}
}
