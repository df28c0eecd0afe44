package invoicing_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// Environment of the child process that dies.
const (
	envChild = "FAKTUPRO_TEST_CHILD" // the step after which it dies
	envBase  = "FAKTUPRO_TEST_KSEF"
	envPath  = "FAKTUPRO_TEST_DB"
	envCert  = "FAKTUPRO_TEST_UPO_CERT"
	envCount = "FAKTUPRO_TEST_COUNT"

	exitCrashed  = 77
	exitSurvived = 78
	exitBroken   = 79
)

// TestMain runs the child of TestCrashOfProcess instead of the tests when it is
// started as one.
func TestMain(m *testing.M) {
	if step := os.Getenv(envChild); step != "" {
		os.Exit(child(invoicing.Step(step)))
	}
	os.Exit(m.Run())
}

// child issues invoices and delivers them, and dies after a step as a process
// dies that is killed: no deferred function runs, nothing is closed.
func child(last invoicing.Step) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return exitBroken
	}
	block, _ := pem.Decode([]byte(os.Getenv(envCert)))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fail(err)
	}
	t := &childTB{}
	st, _ := openStore(t, os.Getenv(envPath))
	cfg := invoicing.Config{
		Store: st, Connect: invoicing.NewLogins(newClient(t, os.Getenv(envBase)), credential),
		Trust: upo.Trust{Certificates: []*x509.Certificate{cert}},
	}
	quick(&cfg)
	cfg.After = func(s invoicing.Step) {
		if s == last {
			os.Exit(exitCrashed)
		}
	}
	service, err := invoicing.New(cfg)
	if err != nil {
		return fail(err)
	}
	if err := childWork(t, service); err != nil {
		return fail(err)
	}
	return exitSurvived
}

func childWork(t testing.TB, service *invoicing.Service) error {
	ctx := context.Background()
	var count int
	if _, err := fmt.Sscan(os.Getenv(envCount), &count); err != nil {
		return err
	}
	for range count {
		rec, err := service.Create(ctx, sample(t), invoicing.CreateOptions{})
		if err != nil {
			return err
		}
		if _, err := service.Issue(ctx, rec.ID); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return service.Run(ctx)
}

// childTB lets the helpers of the tests serve in the child.
type childTB struct{ testing.TB }

func (*childTB) Helper()           {}
func (*childTB) Cleanup(func())    {}
func (*childTB) Fatal(args ...any) { fmt.Fprintln(os.Stderr, args...); os.Exit(exitBroken) }

// crash runs a child until it dies after a step.
func (w *world) crash(step invoicing.Step, count int) {
	w.Helper()
	cmd := exec.Command(os.Args[0])
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.sim.UPOCertificate().Raw})
	cmd.Env = append(os.Environ(), envChild+"="+string(step), envBase+"="+w.base, envPath+"="+w.path,
		envCert+"="+string(cert), envCount+"="+fmt.Sprint(count))
	out, err := cmd.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != exitCrashed {
		w.Fatalf("the child did not die after %s: %v\n%s", step, err, out)
	}
}

// TestCrashOfProcess kills a process after every step, starts another, and
// looks for what is lost or doubled.
func TestCrashOfProcess(t *testing.T) {
	t.Parallel()
	for _, step := range invoicing.Steps() {
		for _, count := range []int{1, 5} {
			t.Run(fmt.Sprint(step, "/", count), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, ksefsim.Config{})
				w.crash(step, count)
				p := w.start()
				records := w.resume(p)
				if step != invoicing.StepCreated && step != invoicing.StepSealed && len(records) != count {
					t.Errorf("%d invoices survived, want %d", len(records), count)
				}
				w.acceptedOnce(len(records))
				w.gapless(p, len(records))
			})
		}
	}
}

// resume finishes everything that is in the database.
func (w *world) resume(p *process) []*invoicing.Record {
	w.Helper()
	records, err := p.store.Invoices(context.Background(), invoicing.Filter{})
	if err != nil {
		w.Fatal(err)
	}
	for _, rec := range records {
		if rec.State == invoicing.StateDraft {
			if _, err := p.Issue(context.Background(), rec.ID); err != nil {
				w.Fatal(err)
			}
		}
		p.finish(w, rec.ID)
		done := w.confirmed(p, rec.ID)
		if n := len(w.events(p, rec.ID)); n != int(done.Version) {
			w.Errorf("%d audit events of %d versions", n, done.Version)
		}
	}
	return records
}

// TestCrashTwice dies once more while recovering from the first death.
func TestCrashTwice(t *testing.T) {
	t.Parallel()
	for _, second := range []invoicing.Step{
		invoicing.StepClaimed, invoicing.StepSessionOpened, invoicing.StepSessionRecorded, invoicing.StepSent,
		invoicing.StepAccepted, invoicing.StepUPOFetched,
	} {
		t.Run(string(second), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			w.crash(invoicing.StepSessionRecorded, 1)
			w.crash(second, 0)
			p := w.start()
			records := w.resume(p)
			w.acceptedOnce(1)
			w.gapless(p, 1)
			if len(records) != 1 {
				t.Errorf("%d invoices", len(records))
			}
		})
	}
}

// TestCrashAfterSending looks at how the invoice is found again: in the session
// that was recorded before, without being sent a second time.
func TestCrashAfterSending(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.crash(invoicing.StepSent, 1)
	w.acceptedOnce(1)
	p := w.start()
	records := w.resume(p)
	w.acceptedOnce(1)
	if n := w.wire.count(reqSend); n != 1 {
		t.Errorf("sent %d times", n)
	}
	if diff := cmp.Diff([]invoicing.Outcome{invoicing.OutcomeAccepted}, p.outcomes(t, records[0].ID)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if events := w.events(p, records[0].ID); !slices.Contains(events, "invoice.unknown") || !slices.Contains(events, "invoice.reconciled") {
		t.Errorf("events %v", events)
	}
}

// TestCrashBeforeSending: the session is recorded, nothing was sent. It is
// ended, proven empty, and the invoice goes into another one.
func TestCrashBeforeSending(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.crash(invoicing.StepSessionRecorded, 1)
	w.acceptedOnce(0)
	p := w.start()
	records := w.resume(p)
	want := []invoicing.Outcome{invoicing.OutcomeNotReceived, invoicing.OutcomeAccepted}
	if diff := cmp.Diff(want, p.outcomes(t, records[0].ID)); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	if n := w.wire.count(reqSend); n != 1 {
		t.Errorf("sent %d times", n)
	}
	// The first session was closed before anything went into the second: a
	// delayed request of the dead process could no longer arrive.
	if n := w.wire.count(reqClose); n != 2 {
		t.Errorf("%d sessions closed, want 2", n)
	}
}

// TestCrashBeforeClosing: the successor closes the session that the dead process
// left open.
func TestCrashBeforeClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	w.crash(invoicing.StepSentRecorded, 1)
	if n := w.wire.count(reqClose); n != 0 {
		t.Fatalf("%d sessions closed by the dead process", n)
	}
	w.resume(w.start())
	if n := w.wire.count(reqClose); n != 1 {
		t.Errorf("%d sessions closed, want 1", n)
	}
}

// TestPanicAtEveryStep unwinds a worker after every step: deferred functions
// run, other goroutines live on, and nothing may be made worse by that.
func TestPanicAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, step := range invoicing.Steps()[2:] {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			errDied := errors.New("died")
			dying := w.start(after(step, func() { panic(errDied) }))
			rec := dying.issue(t, sample(t))
			func() {
				defer func() {
					if r := recover(); r != errDied {
						t.Errorf("recovered %v", r)
					}
				}()
				_, _ = dying.Deliver(t.Context(), rec.ID)
			}()
			p := w.start()
			p.finish(t, rec.ID)
			w.confirmed(p, rec.ID)
			w.acceptedOnce(1)
		})
	}
}

// TestContextEndsAtEveryStep takes the context away after every step.
func TestContextEndsAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, step := range invoicing.Steps()[2:] {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ksefsim.Config{})
			ctx, cancel := context.WithCancel(t.Context())
			p := w.start(after(step, cancel))
			rec := p.issue(t, sample(t))
			_, _ = p.Deliver(ctx, rec.ID)
			p.finish(t, rec.ID)
			w.confirmed(p, rec.ID)
			w.acceptedOnce(1)
		})
	}
}

// TestLeaseOfADeadStranger waits for the lease of a dead process that had
// another name.
func TestLeaseOfADeadStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	dead := w.start(after(invoicing.StepSent, func() { panic("died") }), func(c *invoicing.Config) {
		c.Worker, c.Lease = "stranger", 300*time.Millisecond
	})
	rec := dead.issue(t, sample(t))
	func() {
		defer func() { _ = recover() }()
		_, _ = dead.Deliver(t.Context(), rec.ID)
	}()
	p := w.start()
	if got, err := p.Get(t.Context(), rec.ID); err != nil || got.Pending.LeaseUntil.IsZero() {
		t.Fatalf("the dead holds no lease: %+v, %v", got, err)
	}
	start := time.Now()
	p.finish(t, rec.ID)
	w.confirmed(p, rec.ID)
	if waited := time.Since(start); waited > 10*time.Second {
		t.Errorf("waited %v", waited)
	}
	w.acceptedOnce(1)
}
