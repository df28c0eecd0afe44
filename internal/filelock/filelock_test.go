package filelock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// holdEnv names the lock that the test program, run as another process, takes
// and keeps until it is killed.
const holdEnv = "FAKTUPRO_FILELOCK_HOLD"

func TestMain(m *testing.M) {
	path := os.Getenv(holdEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	release, err := Take(path)
	fmt.Println("took it:", err == nil && release != nil)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent is gone
	runtime.KeepAlive(release)
}

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a refusal must not take the lock away
		if _, err := Take(path); !errors.Is(err, ErrHeld) {
			t.Fatalf("second Take: %v, want ErrHeld", err)
		}
	}
	if info, err := os.Stat(path); runtime.GOOS == "linux" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("lock file: %v, %v", info, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	next, err := Take(path)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	if err := release(); err != nil {
		t.Errorf("a second release: %v", err)
	}
	if _, err := Take(path); !errors.Is(err, ErrHeld) {
		t.Errorf("a second release of the first gave up the lock of the next: %v", err)
	}
	if err := next(); err != nil {
		t.Error(err)
	}
}

func TestTakeWithoutDirectory(t *testing.T) {
	if _, err := Take(filepath.Join(t.TempDir(), "missing", "lock")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want fs.ErrNotExist", err)
	}
}

// TestOneOfMany: of many at one time, one gets it.
func TestOneOfMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var releases [32]func() error
	var wg sync.WaitGroup
	for i := range releases {
		wg.Go(func() {
			var err error
			if releases[i], err = Take(path); err != nil && !errors.Is(err, ErrHeld) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := 0
	for _, release := range releases {
		if release != nil {
			got++
			_ = release()
		}
	}
	if got != 1 {
		t.Errorf("%d had the lock", got)
	}
}

// TestKilled: the lock of another process holds, and goes with the process.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), holdEnv+"="+path)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "took it: true\n" {
		t.Errorf("child: %q, %v", line, err)
	}
	if _, err := Take(path); !errors.Is(err, ErrHeld) {
		t.Errorf("beside the other process: %v, want ErrHeld", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	release, err := Take(path)
	if err != nil {
		t.Fatalf("after the holder was killed: %v", err)
	}
	_ = release()
}

// TestReleaseWhileForking: a child that is being started elsewhere in the
// program holds a copy of every descriptor for a moment; a released lock is free
// all the same.
func TestReleaseWhileForking(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_ = exec.Command(exe, "-test.run=^$").Run() // only its start matters
				}
			}
		})
	}
	path := filepath.Join(t.TempDir(), "lock")
	for i := range 5000 {
		release, err := Take(path)
		if err != nil {
			t.Errorf("round %d: %v", i, err)
			break
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
}
