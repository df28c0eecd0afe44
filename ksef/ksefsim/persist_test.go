package ksefsim

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// reopen starts a second simulator on the directory of the first, which is
// abandoned without a farewell, as a killed process would be: only its lock
// goes.
func (h *harness) reopen(cfg Config) *harness {
	h.Helper()
	if err := h.state.journal.release(); err != nil {
		h.Fatal(err)
	}
	cfg.Now = h.clock.Now
	next := newHarness(h.TB, cfg)
	next.clock = h.clock
	return next
}

func TestReopen(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir(), ProcessingDelay: time.Second}
	h := newHarness(t, cfg)
	token := h.AddToken(seller)
	revoked := h.AddToken(seller)
	if err := h.RevokeToken(revoked); err != nil {
		t.Fatal(err)
	}
	ch := h.challenge()
	l := h.startSeal(seller)
	unredeemed := h.startSeal(seller)
	h.clock.advance(time.Second)
	tokens := h.redeemed(l)
	c := h.open(tokens.Access.Token)
	first, bad := c.send(invoiceXML("FV/1")), c.send(invoiceXML("FV/2", func(f *fa3.Faktura) { f.Fa.P_1 = f.Fa.P_1.AddDays(9) }))
	h.clock.advance(time.Second)
	waiting := c.send(invoiceXML("FV/3"))
	finished := h.open(tokens.Access.Token)
	finished.send(invoiceXML("FV/4"))
	finished.close()
	h.clock.advance(time.Second / 2)

	paths := []string{
		c.path(), c.path("invoices"), c.path("invoices", "failed"), c.path("invoices", first), c.path("invoices", bad), c.path("invoices", waiting),
		c.path("invoices", first, "upo"), finished.path(), "/v2/sessions?sessionType=Online", "/v2/auth/sessions", "/v2/limits/subject",
		"/v2/security/public-key-certificates", "/v2/invoices/ksef/" + c.invoice(first).text("ksefNumber"),
	}
	before := make(map[string]string)
	for _, p := range paths {
		before[p] = string(h.get(p, tokens.Access.Token).want(http.StatusOK).body)
	}
	acceptedBefore := h.Accepted()
	usedNumbers := h.state.numbers.counter

	h = h.reopen(cfg)
	for _, p := range paths {
		if diff := cmp.Diff(before[p], string(h.get(p, tokens.Access.Token).want(http.StatusOK).body)); diff != "" {
			t.Errorf("%s after reopening: %s", p, diff)
		}
	}
	if diff := cmp.Diff(acceptedBefore, h.Accepted()); diff != "" {
		t.Error(diff)
	}
	if h.state.numbers.counter < usedNumbers {
		t.Error("numbers would be given twice")
	}

	// Everything goes on: the open session, the waiting invoice, the tokens.
	c.harness, finished.harness = h, h
	h.clock.advance(time.Second)
	c.invoice(waiting).statusIs(200)
	finished.status().statusIs(200)
	again := c.send(invoiceXML("FV/1"))
	h.clock.advance(time.Second)
	c.invoice(again).statusIs(440)
	c.close()
	h.redeemed(unredeemed)
	h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
	h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).want(http.StatusOK)
	h.post("/v2/auth/ksef-token", "", h.tokenBody(token, ch, seller)).want(http.StatusAccepted)
	h.post("/v2/auth/ksef-token", "", h.tokenBody(token, ch, seller)).refused(codeChallenge)
	gone := decode[startedLogin](h.post("/v2/auth/ksef-token", "", h.tokenBody(revoked, h.challenge(), seller)).want(http.StatusAccepted))
	h.clock.advance(time.Second)
	h.get("/v2/auth/"+gone.Reference, gone.Token.Token).statusIs(450)
}

func TestDirPermissions(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	h := newHarness(t, Config{Dir: dir})
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{
		dir: 0o700, filepath.Join(dir, journalName): 0o600, filepath.Join(dir, lockName): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %o, want %o", path, got, want)
		}
	}
}

// written makes a directory with a little of everything in it.
func written(t testing.TB, cfg Config) (journal []byte, number string) {
	t.Helper()
	h := newHarness(t, cfg)
	h.AddToken(seller)
	c := h.open(h.owner(seller))
	number = c.invoice(c.send(invoiceXML("FV/1"))).statusIs(200).text("ksefNumber")
	c.send(invoiceXML("FV/1"))
	c.close()
	raw, err := os.ReadFile(filepath.Join(cfg.Dir, journalName))
	if err != nil {
		t.Fatal(err)
	}
	return raw, number
}

// TestTornJournal cuts the journal at every line and inside lines: what is left
// is a simulator that works and never gives a number twice.
func TestTornJournal(t *testing.T) {
	t.Parallel()
	raw, number := written(t, Config{Dir: t.TempDir()})
	lines := bytes.SplitAfter(raw, []byte{'\n'})
	for n := range lines {
		for _, torn := range []int{0, 1, len(lines[n]) - 1} {
			if torn < 0 || torn >= max(len(lines[n]), 1) {
				continue
			}
			dir := t.TempDir()
			kept := bytes.Join(lines[:n], nil)
			content := append(bytes.Clone(kept), lines[n][:torn]...)
			if err := os.WriteFile(filepath.Join(dir, journalName), content, 0o600); err != nil {
				t.Fatal(err)
			}
			h := newHarness(t, Config{Dir: dir})
			c := h.open(h.owner(seller))
			a := c.invoice(c.send(invoiceXML("FV/1")))
			known := bytes.Contains(kept, []byte(number))
			if code := a.at("status.code"); known && code != 440.0 || !known && code != 200.0 {
				// Between its two events an invoice waits, and is settled at once on waking.
				if !(code == 440.0 && bytes.Contains(kept, []byte(`"k":"invoice"`))) {
					t.Errorf("%d lines and %d bytes: status %v", n, torn, code)
				}
			}
			seen := map[string]bool{}
			for _, inv := range h.Accepted() {
				if seen[string(inv.KSeFNumber)] || seen[inv.Number] {
					t.Errorf("%d lines: %s twice", n, inv.KSeFNumber)
				}
				seen[string(inv.KSeFNumber)], seen[inv.Number] = true, true
			}
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
			newHarness(t, Config{Dir: dir}) // and it can be read again
		}
	}
}

func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	raw, _ := written(t, Config{Dir: t.TempDir()})
	lines := bytes.SplitAfter(raw, []byte{'\n'})
	for name, content := range map[string][]byte{
		"line in the middle": bytes.Join([][]byte{lines[0], []byte("{\"k\":\n"), lines[1]}, nil),
		"unknown event":      append(bytes.Clone(raw), `{"k":"future","n":1,"e":{}}`+"\n"...),
		"wrong event":        append(bytes.Clone(raw), `{"k":"challenge","n":1,"e":[]}`+"\n"...),
		"event of nothing":   append(bytes.Clone(raw), `{"k":"login-used","n":1,"e":{"reference":"x"}}`+"\n"...),
		"other version":      []byte(`{"k":"born","n":0,"e":{"version":99}}` + "\n"),
		"no keys":            []byte(`{"k":"born","n":0,"e":{"version":1}}` + "\n"),
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, journalName), content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := New(Config{Dir: dir, Keys: sharedKeys()})
		if err == nil || name != "no keys" && !errors.Is(err, ErrDir) {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Dir: file, Keys: sharedKeys()}); !errors.Is(err, ErrDir) {
		t.Errorf("a file for a directory: %v", err)
	}
}

// TestTwoServers: a second simulator on a directory is refused and changes
// nothing, as long as the first is there.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	c := h.open(h.owner(seller))
	for range 2 {
		_, err := New(Config{Dir: cfg.Dir, Keys: sharedKeys()})
		if !errors.Is(err, ErrLocked) || errors.Is(err, ErrDir) || !strings.Contains(err.Error(), cfg.Dir) {
			t.Fatalf("second simulator: %v, want ErrLocked with the directory", err)
		}
		c.invoice(c.send(invoiceXML("FV/1"))).want(http.StatusOK)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	next := newHarness(t, cfg)
	if n := len(next.Accepted()); n != 1 {
		t.Errorf("%d invoices after the first was closed, want 1", n)
	}
	_ = h.Close()
	if _, err := New(Config{Dir: cfg.Dir, Keys: sharedKeys()}); !errors.Is(err, ErrLocked) {
		t.Errorf("closing the first again let go of the second: %v", err)
	}
}

// TestLockAfterFailure: a simulator that did not come up leaves no lock.
func TestLockAfterFailure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, journalName)
	if err := os.WriteFile(path, []byte("damaged\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Dir: dir, Keys: sharedKeys()}); !errors.Is(err, ErrDir) {
		t.Fatalf("damaged: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Dir: dir, Keys: sharedKeys(), Random: strings.NewReader("short")}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("no randomness: %v", err)
	}
	newHarness(t, Config{Dir: dir})
}

func TestBadRandom(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{Random: strings.NewReader("short"), Keys: sharedKeys()}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

// serveDir is the environment variable that turns the test program into a
// simulator on a directory.
const serveDir = "KSEFSIM_TEST_SERVE_DIR"

// TestServeHelper is no test: it is the process that TestKill kills.
func TestServeHelper(t *testing.T) {
	dir := os.Getenv(serveDir)
	if dir == "" {
		t.Skip("only in the process that TestKill starts")
	}
	sim, err := New(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	base, _ := sim.Start()
	fmt.Printf("serving %s\n", base)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent is gone
}

// process is a simulator in a process of its own.
type process struct {
	*harness
	dir     string
	command *exec.Cmd
}

// start starts the process and points the harness at it.
func (p *process) start() {
	p.Helper()
	p.command = exec.Command(must(os.Executable()), "-test.run=^TestServeHelper$")
	p.command.Env = append(os.Environ(), serveDir+"="+p.dir)
	must(p.command.StdinPipe())
	out := must(p.command.StdoutPipe())
	if err := p.command.Start(); err != nil {
		p.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base, found := strings.CutPrefix(lines.Text(), "serving "); found {
			p.handler = httputil.NewSingleHostReverseProxy(must(url.Parse(base)))
			p.clock.now = time.Now()
			return
		}
	}
	p.Fatal("the process did not start")
}

// kill kills the process in the middle of whatever it does, and starts another.
func (p *process) kill() {
	p.Helper()
	p.stop()
	p.start()
}

func (p *process) stop() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

// TestKill kills the process after every acknowledged request of an invoice's
// way; the next process goes on with the next request.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a dozen processes")
	}
	t.Parallel()
	p := &process{harness: &harness{TB: t, clock: new(clock)}, dir: t.TempDir()}
	p.start()
	defer func() { p.stop() }()
	if _, err := New(Config{Dir: p.dir, Keys: sharedKeys()}); !errors.Is(err, ErrLocked) {
		t.Errorf("beside the process: %v, want ErrLocked", err)
	}

	ch := p.challenge()
	document := p.signed(loginDocument(authNamespace21, ch.Challenge, nipContext(seller)), ecKey(), p.seal(seller, ecKey()))
	p.kill()
	l := p.startLogin(document)
	p.kill()
	p.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	tokens := p.redeemed(l)
	p.kill()
	p.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
	c := p.open(tokens.Access.Token)
	p.kill()
	xml := invoiceXML("FV/1")
	reference := c.send(xml)
	p.kill()
	number := c.invoice(reference).statusIs(200).text("ksefNumber")
	receipt := c.get(c.path("invoices", reference, "upo"), c.token).want(http.StatusOK)
	p.kill()
	twice := c.send(xml)
	p.kill()
	if got := c.invoice(twice).statusIs(440).at("status.extensions").(map[string]any)[extensionNumber]; got != number {
		t.Errorf("original %v, want %s", got, number)
	}
	c.close()
	p.kill()
	c.status().statusIs(200)
	if got := c.get("/v2/invoices/ksef/"+number, c.token).want(http.StatusOK); !bytes.Equal(got.body, xml) {
		t.Error("the invoice changed")
	}
	if got := c.get(c.path("invoices", reference, "upo"), c.token).want(http.StatusOK); !bytes.Equal(got.body, receipt.body) {
		t.Error("the confirmation changed")
	}
	p.do(request{method: "DELETE", path: "/v2/auth/sessions/current", token: tokens.Refresh.Token}).want(http.StatusNoContent)
	p.kill()
	p.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).refused(codeUnauthorized)
}
