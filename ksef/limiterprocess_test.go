package ksef

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// childEnv makes the test binary play one of several processes.
const childEnv = "FAKTUPRO_KSEF_CHILD"

// spawn runs this test binary again and returns what the copies print.
func spawn(t *testing.T, n int, arg string) []string {
	t.Helper()
	var wg sync.WaitGroup
	outputs := make([]string, n)
	for i := range n {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", childEnv, i, arg))
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v\n%s", i, err, out)
			}
			outputs[i] = string(out)
		})
	}
	wg.Wait()
	return outputs
}

// child tells whether this is one of the copies.
func child() (number int, arg string, ok bool) {
	_, err := fmt.Sscanf(os.Getenv(childEnv), "%d %s", &number, &arg)
	return number, arg, err == nil
}

var processLimit = RateLimit{PerSecond: 4, PerMinute: 9, PerHour: 60}

// TestLimitsOfSeveralProcesses has processes take turns on clocks of their own,
// which run through hours at once, from one directory.
func TestLimitsOfSeveralProcesses(t *testing.T) {
	if number, dir, ok := child(); ok {
		takeTurns(t, number, dir)
		return
	}
	const processes, calls = 4, 60
	var slots []int64
	for _, out := range spawn(t, processes, filepath.Join(t.TempDir(), "limits")) {
		lines := bufio.NewScanner(strings.NewReader(out))
		for lines.Scan() {
			var slot int64
			if _, err := fmt.Sscanf(lines.Text(), "slot %d", &slot); err == nil {
				slots = append(slots, slot)
			}
		}
	}
	if len(slots) != processes*calls {
		t.Fatalf("%d slots, want %d", len(slots), processes*calls)
	}
	checkWindows(t, slots, processLimit)
}

func takeTurns(t *testing.T, number int, dir string) {
	r := rand.New(rand.NewPCG(7, uint64(number)))
	now := time.Unix(1_800_000_000, 0)
	client, err := New(Config{
		Environment: Test(), Now: func() time.Time { return now },
		Limiter: &LimiterConfig{Store: NewFileLimitStore(dir)},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := client.limiter.pair(NIPContext(testNIP), "203.0.113.7")
	p.set(RateLimits{GroupInvoiceSend: processLimit}, now)
	id, _ := p.lane(GroupInvoiceSend, "")
	for made := 0; made < 60; {
		now = now.Add(time.Duration(r.Int64N(int64(40 * time.Second))))
		slot, _, err := p.reserve(t.Context(), id, now.Add(horizon))
		switch {
		case err != nil:
			t.Fatal(err)
		case r.IntN(5) == 0:
			p.giveBack(t.Context(), id, slot)
		default:
			made++
			fmt.Println("slot", slot)
		}
	}
}
