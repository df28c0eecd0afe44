package ksef_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// job is what a sending process is told, in its environment.
type job struct {
	Mode  string // "online" or "batch"
	Base  string
	Token string
	Dir   string // what survives the process
	// The process kills itself at this event after its login, counted from 1: 0
	// is never. Where is "request" (before it leaves or when its answer has come
	// and nobody has seen it), "save" (of the state) or "document" (of a package).
	Where string
	Kill  int
	After bool
}

const jobVariable = "KSEF_TEST_JOB"

const killCount = 4 // invoices

// TestSendingProcess is the process that gets killed; by itself it does nothing.
func TestSendingProcess(t *testing.T) {
	var j job
	if err := json.Unmarshal([]byte(os.Getenv(jobVariable)), &j); err != nil {
		t.Skip("runs as a process of TestKill9")
	}
	deadly := &killer{job: j}
	client, err := ksef.New(ksef.Config{Environment: ksef.Custom(j.Base), HTTP: &http.Client{Transport: deadly}, Poll: fast})
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Login(t.Context(), ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(j.Token)))
	if err != nil {
		t.Fatal(err)
	}
	deadly.arm()
	// All processes send the same bytes: the documents are made by the first.
	docs, numbers := sharedInvoices(t, j.Dir)
	if j.Mode == "batch" {
		batchProcess(t, a, j, deadly, docs, numbers)
		return
	}
	onlineProcess(t, a, j, docs, numbers)
}

// killer ends the process, as kill -9 does, at a chosen request.
type killer struct {
	job   job
	mu    sync.Mutex
	armed bool
	seen  int
}

func (k *killer) arm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = true
}

func (k *killer) RoundTrip(req *http.Request) (*http.Response, error) {
	now := k.meets("request")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if now && err == nil {
		_, _ = io.ReadAll(resp.Body)
		die()
	}
	return resp, err
}

// meets counts an event. It does not return when the process is to end before
// it, and tells when it is to end afterwards.
func (k *killer) meets(event string) (endAfter bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.armed || event != k.job.Where {
		return false
	}
	k.seen++
	if k.seen == k.job.Kill && !k.job.After {
		die()
	}
	return k.seen == k.job.Kill
}

func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

func sharedInvoices(t testing.TB, dir string) (docs map[string][]byte, numbers []string) {
	t.Helper()
	docs = map[string][]byte{}
	for i := range killCount {
		number := fmt.Sprintf("FV/%d", i+1)
		xml, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i+1)+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		docs[number], numbers = xml, append(numbers, number)
	}
	return docs, numbers
}

// line is one record of the online process's journal.
type line struct {
	Number  string
	Attempt *ksef.Attempt      `json:",omitempty"`
	State   ksef.DeliveryState `json:",omitempty"`
}

// onlineProcess does what the documentation tells: the attempt is stored before
// the invoice leaves, the state when it is known, and what an earlier process
// left open is resolved first.
func onlineProcess(t *testing.T, a *ksef.Account, j job, docs map[string][]byte, numbers []string) {
	ctx := t.Context()
	journal := filepath.Join(j.Dir, "journal")
	last := map[string]line{}
	for _, l := range readJournal(t, journal) {
		last[l.Number] = l
	}
	out, err := os.OpenFile(journal, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	write := func(l line) error {
		raw, err := json.Marshal(l)
		if err == nil {
			_, err = out.Write(append(raw, '\n'))
		}
		if err == nil {
			err = out.Sync()
		}
		return err
	}
	var current string
	sender := a.Sender(ksef.SenderConfig{Record: func(_ context.Context, at ksef.Attempt) error {
		return write(line{Number: current, Attempt: &at})
	}})
	for _, number := range numbers {
		current = number
		state := last[number].State
		if at := last[number].Attempt; at != nil {
			d, err := a.Resolve(ctx, *at)
			if err != nil {
				t.Fatal(err)
			}
			state = d.State
		}
		if state != ksef.DeliveryAccepted {
			d, err := sender.Send(ctx, docs[number])
			if err != nil {
				t.Fatal(err)
			}
			state = d.State
		}
		if err := write(line{Number: number, State: state}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := sender.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func readJournal(t *testing.T, name string) (lines []line) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		var l line
		if json.Unmarshal(s.Bytes(), &l) == nil {
			lines = append(lines, l)
		}
	}
	return lines
}

func batchProcess(t *testing.T, a *ksef.Account, j job, deadly *killer, docs map[string][]byte, numbers []string) {
	name := filepath.Join(j.Dir, "state")
	k := newKept(ksef.BatchConfig{Store: pack.NewDir(filepath.Join(j.Dir, "parts")), Parallel: 1, Pack: pack.Config{PartSize: 700}})
	save := k.cfg.Save
	k.cfg.Save = func(ctx context.Context, s ksef.BatchState) error {
		end := deadly.meets("save")
		err := save(ctx, s)
		if err == nil {
			err = os.WriteFile(name+".new", k.state, 0o600)
		}
		if err == nil {
			err = os.Rename(name+".new", name)
		}
		if end {
			die()
		}
		return err
	}
	state, err := os.ReadFile(name)
	if err == nil {
		k.state = state
	}
	source := func(yield func(pack.Document, error) bool) {
		for d, err := range packed(docs, numbers) {
			if deadly.meets("document") {
				die()
			}
			if !yield(d, err) {
				return
			}
		}
	}
	result, err := k.run(t.Context(), a, source)
	if err != nil || result.Accepted != killCount {
		t.Fatalf("%+v, %v", result, err)
	}
}

// TestKill9 kills the sending process at every request of its work, before the
// request and after its answer, and starts another that goes on.
func TestKill9(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	for _, tt := range []struct {
		mode, where string
		least       int
	}{{"online", "request", 20}, {"batch", "request", 20}, {"batch", "save", 18}, {"batch", "document", 4}} {
		t.Run(tt.mode+" "+tt.where, func(t *testing.T) {
			kills := 0
			for _, after := range []bool{false, true} {
				for at := 1; killOnce(t, job{Mode: tt.mode, Where: tt.where, Kill: at, After: after}); at++ {
					kills++
				}
			}
			if kills < tt.least {
				t.Errorf("only %d kills", kills)
			}
			t.Logf("%s, at every %s: %d kills, %d invoices each time, each in KSeF once", tt.mode, tt.where, kills, killCount)
		})
	}
}

// killOnce reports whether the process lived long enough to be killed.
func killOnce(t *testing.T, j job) bool {
	t.Helper()
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	defer srv.Close()
	what := fmt.Sprintf("%s, %s %d, after %v", j.Mode, j.Where, j.Kill, j.After)
	j.Base, j.Token, j.Dir = srv.URL, sim.AddToken(seller), t.TempDir()
	docs := map[string][]byte{}
	for i := range killCount {
		number := fmt.Sprintf("FV/%d", i+1)
		docs[number] = invoiceXML(t, number)
		if err := os.WriteFile(filepath.Join(j.Dir, strconv.Itoa(i+1)+".xml"), docs[number], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := runJob(t, j)
	killed := err != nil
	if killed && !strings.Contains(err.Error(), "signal: killed") {
		t.Fatalf("%s: %v\n%s", what, err, out)
	}
	if killed {
		j.Kill = 0
		if out, err := runJob(t, j); err != nil {
			t.Fatalf("going on after %s: %v\n%s", what, err, out)
		}
	}
	checkOnce(t, sim, docs, what)
	return killed
}

func checkOnce(t *testing.T, sim *ksefsim.Server, docs map[string][]byte, what string) {
	t.Helper()
	held := map[string]int{}
	for _, inv := range sim.Accepted() {
		held[inv.Number]++
	}
	for number := range docs {
		if held[number] != 1 {
			t.Errorf("%s: KSeF holds %s %d times", what, number, held[number])
		}
	}
}

func runJob(t *testing.T, j job) ([]byte, error) {
	t.Helper()
	raw, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSendingProcess$", "-test.count=1")
	cmd.Env = append(os.Environ(), jobVariable+"="+string(raw))
	return cmd.CombinedOutput()
}
