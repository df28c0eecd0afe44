package ksefsim

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// tightFile is a journal file on a disk that is full, or fails, at times.
type tightFile struct {
	journalFile
	mu       sync.Mutex
	room     int // bytes of each write that still fit; negative means all
	flaky    int // one write of this many finds room, the others fill the disk; 0 means all
	writes   int
	truncate error
	sync     error
}

// tighten puts the disk between a simulator and its journal.
func tighten(h *harness) *tightFile {
	f := &tightFile{journalFile: h.state.journal.file, room: -1}
	h.state.journal.file = f
	return f
}

func (f *tightFile) set(room int, truncate, sync error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.room, f.truncate, f.sync = room, truncate, sync
}

func (f *tightFile) WriteAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes++
	room := f.room
	if f.flaky > 0 && f.writes%f.flaky > 0 {
		room = len(p) * (f.writes % f.flaky) / f.flaky
	}
	if room < 0 || len(p) <= room {
		return f.journalFile.WriteAt(p, off)
	}
	n, err := f.journalFile.WriteAt(p[:room], off)
	if err == nil {
		err = syscall.ENOSPC
	}
	return n, err
}

func (f *tightFile) Truncate(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.truncate != nil {
		return f.truncate
	}
	return f.journalFile.Truncate(size)
}

func (f *tightFile) Sync() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sync != nil {
		return f.sync
	}
	return f.journalFile.Sync()
}

// stored is the journal as it is on disk.
func stored(t testing.TB, dir string) []byte {
	t.Helper()
	return must(os.ReadFile(filepath.Join(dir, journalName)))
}

// TestFullDisk: while nothing can be stored nothing is acknowledged, and when
// there is room again everything goes on, without a restart.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		room     int
		truncate error
	}{
		"nothing fits":           {0, nil},
		"part of a line fits":    {40, nil},
		"a line and a bit fit":   {1000, nil},
		"what fits stays behind": {1000, syscall.ENOSPC},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Dir: t.TempDir()}
			h := newHarness(t, cfg)
			disk := tighten(h)
			token := h.owner(seller)
			c := h.open(token)
			before := stored(t, cfg.Dir)

			disk.set(0, test.truncate, nil)
			h.post("/v2/sessions/online", token, h.openBody(newEnvelope())).want(http.StatusInternalServerError)
			disk.set(test.room, test.truncate, nil)
			c.postInvoice(c.sendBody(invoiceXML("FV/1"))).want(http.StatusInternalServerError)
			h.get("/v2/limits/context", token).want(http.StatusInternalServerError)
			if h.AddToken(seller) != "" {
				t.Error("a token was acknowledged")
			}
			if got := stored(t, cfg.Dir); test.truncate == nil && !bytes.Equal(got, before) {
				t.Errorf("a failed write left %q behind", got[min(len(before), len(got)):])
			}

			disk.set(-1, nil, nil)
			h.get("/v2/limits/context", token).want(http.StatusOK)
			if h.AddToken(seller) == "" {
				t.Error("no token although there is room again")
			}
			// The invoice that got no answer has happened: sending again shows it.
			again := c.invoice(c.send(invoiceXML("FV/1"))).statusIs(440)
			if n := len(h.Accepted()); n != 1 {
				t.Errorf("%d invoices accepted, want 1", n)
			}
			h = h.reopen(cfg)
			c.harness = h
			if got := c.invoice(again.text("referenceNumber")).statusIs(440); !bytes.Equal(got.body, again.body) {
				t.Errorf("after a restart %s, before %s", got.body, again.body)
			}
			if n := len(h.Accepted()); n != 1 {
				t.Errorf("%d invoices after a restart, want 1", n)
			}
		})
	}
}

// TestFullDiskKilled: a process killed while its disk is full loses nothing that
// it acknowledged, whatever part of the rest is there.
func TestFullDiskKilled(t *testing.T) {
	t.Parallel()
	for room := 0; room < 3000; room += 171 {
		cfg := Config{Dir: t.TempDir()}
		h := newHarness(t, cfg)
		disk := tighten(h)
		c := h.open(h.owner(seller))
		first := c.invoice(c.send(invoiceXML("FV/1"))).statusIs(200)
		disk.set(room, syscall.ENOSPC, nil)
		h.AddToken(seller)
		h.get("/v2/limits/context", c.token)
		c.harness = h.reopen(cfg)
		if got := c.invoice(first.text("referenceNumber")).statusIs(200); !bytes.Equal(got.body, first.body) {
			t.Errorf("room %d: %s, before %s", room, got.body, first.body)
		}
	}
}

// TestSyncError: after a failed sync nobody knows what the disk holds, so
// nothing is acknowledged until a restart reads it.
func TestSyncError(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	disk := tighten(h)
	token := h.owner(seller)
	disk.set(-1, nil, syscall.EIO)
	h.post("/v2/sessions/online", token, h.openBody(newEnvelope())).want(http.StatusInternalServerError)
	disk.set(-1, nil, nil)
	h.get("/v2/limits/context", token).want(http.StatusInternalServerError)
	h.reopen(cfg).get("/v2/limits/context", token).want(http.StatusOK)
}

// TestFullDiskConcurrent fills and frees the disk under many clients: what was
// acknowledged is there after a restart.
func TestFullDiskConcurrent(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir()}
	h := newHarness(t, cfg)
	disk := tighten(h)
	c := h.open(h.owner(seller))
	var mu sync.Mutex
	acked := map[string]bool{}
	var clients sync.WaitGroup
	disk.flaky = 3
	for i := range 6 {
		clients.Go(func() {
			for n := range 12 {
				a := c.postInvoice(c.sendBody(invoiceXML(fmt.Sprintf("FV/%d/%d", i, n))))
				if a.status != http.StatusAccepted {
					continue
				}
				mu.Lock()
				acked[a.text("referenceNumber")] = true
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	if len(acked) == 0 || len(acked) == 6*12 {
		t.Errorf("%d of %d acknowledged: the disk did not fill and empty", len(acked), 6*12)
	}
	c.harness = h.reopen(cfg)
	for reference := range acked {
		c.invoice(reference).statusIs(200)
	}
}
