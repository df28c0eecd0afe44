//go:build unix

package audit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// The test binary runs itself as another process when this is set.
const childEnv = "FAKTUPRO_AUDIT_CHILD"

func TestMain(m *testing.M) {
	mode, dir, ok := strings.Cut(os.Getenv(childEnv), ":")
	if !ok {
		os.Exit(m.Run())
	}
	children := map[string]func(string) error{"append": childAppend, "hold": childHold, "quota": childQuota}
	if err := children[mode](dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func child(t *testing.T, mode, dir string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+mode+":"+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // open until Wait
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

func childOpen(dir string) (*Log, error) {
	key, err := LoadOrCreateKey(filepath.Join(dir, "key"))
	if err != nil {
		return nil, err
	}
	s := NewFileStore(filepath.Join(dir, "log"))
	s.SegmentSize = 64 << 10
	return Open(context.Background(), Config{Store: s, Signer: key})
}

// childAppend appends with four writers until it is killed and prints every
// event when, and only when, it has been acknowledged.
func childAppend(dir string) error {
	l, err := childOpen(dir)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				ev := testEvent(fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i))
				seqs, err := l.Append(context.Background(), ev)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Printf("%d %s\n", seqs[0], ev.ID) // one write, so never mixed
			}
		})
	}
	wg.Wait()
	return nil
}

// TestKill kills a process that appends, again and again, and looks for every
// entry that any of them has acknowledged.
func TestKill(t *testing.T) {
	const rounds = 60
	dir := t.TempDir()
	acked := map[string]uint64{}
	rnd := rand.New(rand.NewPCG(1, 2))
	beyond, extra := 0, uint64(0)
	for round := range rounds {
		cmd, out := child(t, "append", dir)
		lines := bufio.NewScanner(out)
		for n := rnd.IntN(60); lines.Scan(); n-- {
			var seq uint64
			var id string
			if _, err := fmt.Sscanf(lines.Text(), "%d %s", &seq, &id); err != nil {
				t.Fatalf("child says %q", lines.Text())
			}
			acked[id] = seq
			if n == 0 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("round %d: the child was not killed: %v", round, err)
		}
		key, err := LoadKey(filepath.Join(dir, "key"))
		if err != nil {
			t.Fatal(err)
		}
		report, err := VerifyDir(t.Context(), filepath.Join(dir, "log"), key.VerifierKey())
		if err != nil {
			t.Fatalf("round %d: verify as the killed process left it: %v", round, err)
		}
		if report.Size < uint64(len(acked)) {
			t.Fatalf("round %d: %d entries, %d acknowledged", round, report.Size, len(acked))
		}
		if n := report.Size - uint64(len(acked)); n > extra {
			beyond, extra = beyond+1, n
		}
	}
	l, err := childOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for id, seq := range acked {
		if e, ok, err := l.Find(t.Context(), id); err != nil || !ok || e.Seq != seq {
			t.Errorf("acknowledged %s as %d: found %d, %v, %v", id, seq, e.Seq, ok, err)
		}
	}
	t.Logf("%d kills, %d acknowledged entries, all found; %d kills left entries on the way to being acknowledged", rounds, len(acked), beyond)
}

func childHold(dir string) error {
	l, err := childOpen(dir)
	if err != nil {
		return err
	}
	if _, err := l.Append(context.Background(), testEvent("held")); err != nil {
		return err
	}
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin) // until killed
	return err
}

// TestTwoProcesses: a second writer is refused, a verifier is not, and the
// lock goes with the process that held it.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "hold", dir)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("child: %q, %v", line, err)
	}
	_, err := childOpen(dir)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), ErrLocked.Error()) {
		t.Errorf("second writer: %v, want ErrLocked", err)
	}
	key, err := LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := VerifyDir(t.Context(), filepath.Join(dir, "log"), key.VerifierKey()); err != nil || r.Size != 1 {
		t.Errorf("verifier beside a writer: %+v, %v", r, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	l, err := childOpen(dir)
	if err != nil {
		t.Fatalf("after the holder was killed: %v", err)
	}
	mustClose(t, l)
}

// childQuota lets the system refuse to grow files beyond a limit, which is how
// a full disk looks to a program: short writes first, then errors.
func childQuota(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	l, err := childOpen(dir)
	if err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	small := limit
	small.Cur = 20_000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		return err
	}
	n := 0
	for ; err == nil && n < 1000; n++ {
		_, err = l.Append(context.Background(), testEvent(fmt.Sprint(n)))
	}
	if !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("after %d entries: %w, want EFBIG", n, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for i := range 100 { // the one that failed first
		if _, err := l.Append(context.Background(), testEvent(fmt.Sprint(n-1+i))); err != nil {
			return err
		}
	}
	fmt.Println(n - 1 + 100)
	return l.Close()
}

// TestQuota runs into a limit of the real file system and goes on behind it.
func TestQuota(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "quota", dir)
	var n uint64
	if _, err := fmt.Fscan(out, &n); err != nil {
		t.Fatalf("child says nothing: %v", err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	l, err := childOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if l.Size() != n || n < 120 {
		t.Fatalf("%d entries, the child stored %d", l.Size(), n)
	}
}
