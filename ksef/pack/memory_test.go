package pack

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The most that a build and an opening may hold, in MiB. Opening gives away every
// document, so that the collector has something to do: how much is in memory
// depends on when it comes round to it.
const (
	buildTarget = 24
	openTarget  = 48
)

// peak watches how much memory the Go runtime has from the system.
type peak struct {
	samples []metrics.Sample
	most    uint64
}

func newPeak() *peak {
	return &peak{samples: []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}}
}

func (p *peak) look() {
	metrics.Read(p.samples)
	p.most = max(p.most, p.samples[0].Value.Uint64()-p.samples[1].Value.Uint64())
}

// resident is the peak resident size of this process, program text included.
func resident() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+)`).FindSubmatch(status)
	if m == nil {
		return "unknown"
	}
	kib, _ := strconv.Atoi(string(m[1]))
	return fmt.Sprintf("%.1f MiB", float64(kib)/1024)
}

// noise yields documents that hardly compress, as texts.
func noise(n, size int) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		random := rand.NewChaCha8([32]byte{1})
		raw := make([]byte, size/4*3)
		text := make([]byte, base64.StdEncoding.EncodedLen(len(raw)))
		for i := range n {
			_, _ = random.Read(raw)
			base64.StdEncoding.Encode(text, raw)
			if !yield(Document{Name: invoiceName(i), Body: bytes.NewReader(text), Size: int64(len(text))}, nil) {
				return
			}
		}
	}
}

// patterned yields large documents that compress well.
func patterned(n, size int) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		text := content(newInvoices(1), 1, 200_000)
		for i := range n {
			if !yield(Document{Name: invoiceName(i), Body: io.LimitReader(&loop{text: text}, int64(size))}, nil) {
				return
			}
		}
	}
}

// loop reads a text again and again.
type loop struct {
	text []byte
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

// loads are packages whose building, and opening, must fit in memory.
func loads() map[string]iter.Seq2[Document, error] {
	return map[string]iter.Seq2[Document, error]{
		"month": newInvoices(1).source(monthEnd),
		"large": patterned(20, DefaultMaxDocument),
		"noise": noise(160, 700_000),
		"5GB":   noise(9_990, 490_000),
	}
}

// Every case runs in a process of its own, so that it measures itself alone.
func TestMemory(t *testing.T) {
	if load := os.Getenv("PACK_TEST_LOAD"); load != "" {
		runLoad(t, load)
		return
	}
	for _, load := range []string{"month", "large", "noise"} {
		for _, form := range []Compression{Zip, TarGz} {
			t.Run(load+" "+form.String(), func(t *testing.T) { alone(t, load, form, t.TempDir()) })
		}
	}
}

// TestFiveGigabytes builds packages of nearly the largest size. It takes
// minutes and runs when PACK_TEST_5GB is set: to a directory, which then needs
// 5 GB, to build, verify and open there, or to "-" to build for nowhere.
func TestFiveGigabytes(t *testing.T) {
	dir := os.Getenv("PACK_TEST_5GB")
	if dir == "" {
		t.Skip("PACK_TEST_5GB is not set: no package of 5 GB is built")
	}
	for _, form := range []Compression{Zip, TarGz} {
		t.Run(form.String(), func(t *testing.T) { alone(t, "5GB", form, dir) })
	}
}

// alone runs a load in a process of its own, and opening in another.
func alone(t *testing.T, load string, form Compression, dir string) {
	t.Helper()
	for _, stage := range []string{"build", "open"} {
		if dir == "-" && stage == "open" {
			return
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$", "-test.v", "-test.timeout=60m")
		cmd.Env = append(os.Environ(), "PACK_TEST_LOAD="+load, "PACK_TEST_FORM="+form.String(), "PACK_TEST_DIR="+dir, "PACK_TEST_STAGE="+stage, "GOGC=100", "GOMEMLIMIT=off")
		out, err := cmd.CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if _, said, ok := strings.Cut(line, "RESULT "); ok {
				t.Log(strings.TrimSpace(said))
			}
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}

func runLoad(t *testing.T, load string) {
	var form Compression
	if err := form.UnmarshalText([]byte(os.Getenv("PACK_TEST_FORM"))); err != nil {
		t.Fatal(err)
	}
	key, err := KeyOf(make([]byte, 32), make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDir(filepath.Join(os.Getenv("PACK_TEST_DIR"), "package-"+form.String()))
	p, before, start := newPeak(), cpu(), time.Now()
	documents, target := 0, float64(buildTarget)
	switch {
	case os.Getenv("PACK_TEST_STAGE") == "open":
		documents, target = reopen(t, key, d, p), openTarget
	case os.Getenv("PACK_TEST_DIR") == "-":
		documents = buildLoad(t, key, load, form, new(discard), p)
	default:
		documents = buildLoad(t, key, load, form, d, p)
	}
	p.look()
	t.Logf("RESULT %s: %d documents, %.1f MiB by the runtime, %s resident, CPU %v, wall %v", os.Getenv("PACK_TEST_STAGE"), documents,
		mib(p.most), resident(), (cpu() - before).Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	if mib(p.most) > target {
		t.Errorf("%.1f MiB, more than %.0f", mib(p.most), target)
	}
}

func buildLoad(t *testing.T, key Key, load string, form Compression, store PartStore, p *peak) int {
	m, err := Build(t.Context(), key, loads()[load], store, Config{Compression: form, Progress: func(Progress) { p.look() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("RESULT %d bytes in %d parts", m.Size, len(m.Parts))
	return len(m.Documents)
}

// reopen verifies, opens and removes.
func reopen(t *testing.T, key Key, d *Dir, p *peak) int {
	m, err := d.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	for n := range m.Parts {
		if err := m.VerifyPart(t.Context(), d, n+1); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(t.Context(), key, m.Sealed, d, OpenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	n := 0
	for e, err := range a.Entries(t.Context()) {
		if err != nil || e.Name != m.Documents[n].Name || e.SHA256 != m.Documents[n].SHA256 {
			t.Fatal(n, err)
		}
		n++
		p.look()
	}
	if n != len(m.Documents) {
		t.Fatal(n)
	}
	if err := d.Remove(context.Background()); err != nil {
		t.Error(err)
	}
	return n
}

func mib(n uint64) float64 { return float64(n) / (1 << 20) }
