package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/pl"
)

// TestMain lets the test binary be the command, so that a process can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("FAKTUPRO_TEST_COMMAND") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// command runs the command in a process of its own.
func command(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "FAKTUPRO_TEST_COMMAND=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return stdout.String() + stderr.String(), cmd.ProcessState.ExitCode()
}

// inside runs the command in this process.
func inside(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, &out, &err)
	return out.String(), err.String(), code
}

func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, stderr, code := inside(t, "demo", "--out", dir, "--json")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var got result
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	day := pl.DateOf(time.Now())
	if want := "FV/1/" + day.String()[5:7] + "/" + day.String()[:4]; got.Number != want {
		t.Errorf("number %s, want %s", got.Number, want)
	}
	if !pl.KSeFNumber(got.KSeFNumber).Valid() || got.State != "confirmed" || !strings.HasPrefix(got.UPO, "valid") {
		t.Errorf("result %+v", got)
	}
	for _, f := range []string{"invoice.xml", "upo.xml", "audit-proof.txt", "audit-public-key.txt"} {
		if info, err := os.Stat(filepath.Join(dir, f)); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f, info, err)
		}
	}
	if _, stderr, code := inside(t, "audit", "verify", "--data", dir); code != exitDone {
		t.Errorf("audit verify: exit %d: %s", code, stderr)
	}
	proof := filepath.Join(dir, "audit-proof.txt")
	if _, stderr, code := inside(t, "audit", "check", proof, "--key", filepath.Join(dir, "audit-public-key.txt")); code != exitDone {
		t.Errorf("audit check: exit %d: %s", code, stderr)
	}
}

// TestDemoCrash kills the process after every step and finishes the invoice in
// another one: one number of the series, one KSeF number, whatever the step.
func TestDemoCrash(t *testing.T) {
	t.Parallel()
	for _, step := range demoSteps() {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if out, code := command(t, "demo", "--out", dir, "--crash-after", string(step)); code != exitFault {
				t.Fatalf("the process did not stop: exit %d\n%s", code, out)
			}
			if step != invoicing.StepUPOStored {
				if out, code := command(t, "demo", "--out", dir); code != exitUsage {
					t.Errorf("a new run on top of an unfinished one: exit %d\n%s", code, out)
				}
			}
			out, code := command(t, "demo", "--out", dir, "--resume", "--json")
			if code != exitDone {
				t.Fatalf("resume: exit %d\n%s", code, out)
			}
			var got result
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			sim, err := ksefsim.New(ksefsim.Config{Dir: filepath.Join(dir, "sandbox")})
			if err != nil {
				t.Fatal(err)
			}
			defer sim.Close()
			var held []string
			for _, a := range sim.Accepted() {
				held = append(held, string(a.KSeFNumber))
			}
			if diff := cmp.Diff([]string{got.KSeFNumber}, held); diff != "" {
				t.Errorf("what KSeF holds (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(got.Number, "FV/1/") {
				t.Errorf("number %s: the first one was lost", got.Number)
			}
		})
	}
}

func TestDemoRefuses(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"kind":"VAT","seller":{"nip":"1"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	typo := filepath.Join(t.TempDir(), "typo.json")
	if err := os.WriteFile(typo, []byte(`{"kind":"VAT","colour":"red","seller":{"nip":"1234563217"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(t.TempDir(), "big.json")
	if err := os.WriteFile(big, bytes.Repeat([]byte(" "), 20_000_000), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		text string
	}{
		{"bad invoice", []string{"--invoice", bad}, exitNo, "nip.format"},
		{"typo and rule at once", []string{"--invoice", typo}, exitNo, "json.unknown_field"},
		{"typo and rule at once", []string{"--invoice", typo}, exitNo, "nip.checksum"},
		{"missing file", []string{"--invoice", bad + "x"}, exitFault, "no such file"},
		{"20 MB", []string{"--invoice", big}, exitNo, "larger than"},
		{"unknown step", []string{"--crash-after", "lunch"}, exitUsage, "session-recorded"},
		{"nothing to resume", []string{"--resume"}, exitNo, "nothing to resume"},
		{"resume with a file", []string{"--resume", "--invoice", bad}, exitUsage, "leave --invoice out"},
		{"unknown flag", []string{"--colour"}, exitUsage, "unknown flag"},
		{"argument", []string{"now"}, exitUsage, "unknown command"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := inside(t, append([]string{"demo", "--out", t.TempDir()}, tt.args...)...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.text) {
				t.Errorf("exit %d, want %d with %q:\n%s%s", code, tt.code, tt.text, stdout, stderr)
			}
		})
	}
}

// TestTwoProcesses: a data directory has one gateway. The second says so and
// changes nothing.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := openApp(t.Context(), Config{DataDir: dir, KSeF: KSeFConfig{Environment: "sandbox"}}, appOptions{now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if out, code := command(t, "demo", "--out", dir); code != exitFault || !strings.Contains(out, "lock") && !strings.Contains(out, "in use") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"nip", "1234563218"}, exitDone, "valid\n"},
		{[]string{"nip", "1234563218", "1234563217"}, exitNo, "valid\ninvalid: "},
		{[]string{"ksef-number", "5265877635-20250826-0100001AF629-AF"}, exitDone, "valid\n"},
		{[]string{"passport", "1"}, exitUsage, ""},
		{[]string{"nip"}, exitUsage, ""},
	}
	for _, tt := range tests {
		stdout, _, code := inside(t, append([]string{"check"}, tt.args...)...)
		if code != tt.code || !strings.HasPrefix(stdout, tt.out) {
			t.Errorf("check %v: exit %d, want %d: %q", tt.args, code, tt.code, stdout)
		}
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		code int
		text string
	}{
		{"defaults", nil, exitDone, "127.0.0.1:8080"},
		{"unknown environment", map[string]string{"FAKTUPRO_KSEF_ENVIRONMENT": "prod"}, exitUsage, "sandbox, test, demo or production"},
		{"every fault at once", map[string]string{"FAKTUPRO_KSEF_ENVIRONMENT": "production", "FAKTUPRO_KSEF_NIP": "1"}, exitUsage, "FAKTUPRO_KSEF_UPO_TRUST_FILE"},
		{"key without certificate", map[string]string{"FAKTUPRO_KSEF_ENVIRONMENT": "test", "FAKTUPRO_KSEF_KEY_FILE": "k"}, exitUsage, "FAKTUPRO_KSEF_CERTIFICATE_FILE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for k, v := range tt.env {
				t.Setenv(k, v)
			}
			stdout, stderr, code := inside(t, "config")
			if code != tt.code || !strings.Contains(stdout+stderr, tt.text) {
				t.Errorf("exit %d, want %d with %q:\n%s%s", code, tt.code, tt.text, stdout, stderr)
			}
		})
	}
}

func TestAuditTampered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, stderr, code := inside(t, "demo", "--out", dir); code != exitDone {
		t.Fatal(stderr)
	}
	segments, err := filepath.Glob(filepath.Join(auditDir(dir), "*"))
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, path := range segments {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.Index(data, []byte("invoice.accepted")); i >= 0 {
			data[i+8] ^= 1
			changed++
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if changed == 0 {
		t.Fatal("found no entry to change")
	}
	if out, stderr, code := inside(t, "audit", "verify", "--data", dir); code != exitNo {
		t.Errorf("a changed entry: exit %d\n%s%s", code, out, stderr)
	}
}

// TestServe starts the service, finds its first key printed once and its clean end.
func TestServe(t *testing.T) {
	t.Setenv("FAKTUPRO_ADDR", "127.0.0.1:0")
	t.Setenv("FAKTUPRO_DATA", t.TempDir())
	for start, wantKey := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &readyWriter{ready: make(chan struct{})}
		ended := make(chan int, 1)
		var stderr bytes.Buffer
		go func() { ended <- run(ctx, []string{"serve"}, out, &stderr) }()
		select {
		case <-out.ready:
		case code := <-ended:
			t.Fatalf("ended with %d: %s", code, stderr.String())
		}
		cancel()
		if code := <-ended; code != exitDone {
			t.Errorf("start %d: exit %d: %s", start, code, stderr.String())
		}
		if got := strings.Contains(out.String(), "fp_live_"); got != wantKey {
			t.Errorf("start %d: key printed %v, want %v", start, got, wantKey)
		}
	}
}

// readyWriter closes ready once the service has said where it listens.
type readyWriter struct {
	bytes.Buffer
	ready chan struct{}
}

func (w *readyWriter) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if bytes.Contains(p, []byte("serves http://")) {
		close(w.ready)
	}
	return n, err
}

// TestAuditRolledBack puts back an older copy of the log, which is intact in
// itself: only the checkpoint kept outside it tells.
func TestAuditRolledBack(t *testing.T) {
	t.Parallel()
	dir, older := t.TempDir(), filepath.Join(t.TempDir(), "older")
	for range 2 {
		if _, stderr, code := inside(t, "demo", "--out", dir); code != exitDone {
			t.Fatal(stderr)
		}
		if _, err := os.Stat(older); err != nil {
			if err := os.CopyFS(older, os.DirFS(auditDir(dir))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.RemoveAll(auditDir(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(auditDir(dir), os.DirFS(older)); err != nil {
		t.Fatal(err)
	}
	if out, stderr, code := inside(t, "audit", "verify", "--data", dir); code != exitNo || !strings.Contains(stderr, "rolled back") {
		t.Errorf("an older copy: exit %d\n%s%s", code, out, stderr)
	}
}
