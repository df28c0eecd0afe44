//go:build unix

package ksef_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// folder is a sink that keeps each invoice in a file named by its key, durably,
// and kills the process after some of them.
type folder struct {
	dir   string
	dieAt int
}

func (f *folder) Receive(_ context.Context, d ksef.SyncDelivery) error {
	path := filepath.Join(f.dir, d.Key)
	if err := os.WriteFile(path+".new", d.Invoice.XML, 0o600); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	if f.dieAt--; f.dieAt == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // between sink and checkpoint
		select {}
	}
	return nil
}

// TestSyncKilled kills the receiving process with SIGKILL, between the sink's
// confirmation and the checkpoint, again and again, until one comes through.
func TestSyncKilled(t *testing.T) {
	if dir := os.Getenv("FAKTUPRO_SYNC_DIR"); dir != "" {
		if err := receiveAndDie(t, dir); err != nil {
			t.Fatal(err)
		}
		return
	}
	const invoices = 12
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys(), Exports: ksefsim.ExportLimits{Invoices: 5, PartSize: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sim)
	defer srv.Close()
	issuer := login(t, ksef.Custom(srv.URL), ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller))))
	numbers := make([]string, invoices)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("FV/%d", i)
	}
	sendSome(t, issuer, numbers...)
	dir := t.TempDir()
	deaths := 0
	for ; ; deaths++ {
		if deaths > 30 {
			t.Fatal("no process comes through")
		}
		child := exec.Command(os.Args[0], "-test.run=^TestSyncKilled$")
		child.Env = append(os.Environ(), "FAKTUPRO_SYNC_DIR="+dir, "FAKTUPRO_SYNC_URL="+srv.URL,
			"FAKTUPRO_SYNC_TOKEN="+sim.AddToken(buyer), "FAKTUPRO_SYNC_TURN="+strconv.Itoa(deaths))
		out, err := child.CombinedOutput()
		if err == nil {
			break
		}
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != -1 {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if deaths < 3 {
		t.Errorf("only %d deaths: the test proves little", deaths)
	}
	files, err := os.ReadDir(filepath.Join(dir, "sink"))
	if err != nil || len(files) != invoices {
		t.Errorf("%d files for %d invoices, %v", len(files), invoices, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "spool", "*", "export-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// receiveAndDie is what the child does. The clock of each is half an hour ahead
// of the one before, whose lease is over then.
func receiveAndDie(t *testing.T, dir string) error {
	turn, err := strconv.Atoi(os.Getenv("FAKTUPRO_SYNC_TURN"))
	if err != nil {
		return err
	}
	client, err := ksef.New(ksef.Config{
		Environment: ksef.Custom(os.Getenv("FAKTUPRO_SYNC_URL")), Poll: fast,
		Now: func() time.Time { return time.Now().Add(time.Duration(turn) * 30 * time.Minute) },
	})
	if err != nil {
		return err
	}
	account, err := client.Login(t.Context(), ksef.Token(ksef.NIPContext(buyer), ksef.NewSecret(os.Getenv("FAKTUPRO_SYNC_TOKEN"))))
	if err != nil {
		return err
	}
	sink := &folder{dir: filepath.Join(dir, "sink"), dieAt: 3}
	if err := os.MkdirAll(sink.dir, 0o700); err != nil {
		return err
	}
	sealer, err := ksef.KeySealer(make([]byte, 32))
	if err != nil {
		return err
	}
	s, err := account.NewSync(ksef.SyncConfig{
		Store: ksef.NewFileSyncStore(filepath.Join(dir, "store")), Sink: sink, Start: time.Now().Add(-time.Hour),
		Strategy: ksef.SyncExport, SaveEvery: 2, Spool: filepath.Join(dir, "spool"), Sealer: sealer,
	})
	if err != nil {
		return err
	}
	_, err = s.Run(t.Context(), ksef.AsBuyer)
	return err
}
