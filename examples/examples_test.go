// Package examples_test runs the programs of this directory and compares what
// they print, so that what we show to newcomers works.
package examples_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/faktupro"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// runs are the programs with their arguments; the golden file is named after
// the run.
var runs = []struct {
	name, program string
	input         []byte // written to a file that is the only argument
	exit          int
}{
	{name: "issue", program: "issue"},
	{name: "send_xml", program: "send_xml"},
	{name: "host_tx", program: "host_tx"},
	{name: "proof", program: "proof"},
	{name: "validate", program: "validate", exit: 1},
	{name: "validate_good", program: "validate", input: faktupro.Sample()},
	{name: "validate_unreadable", program: "validate", input: []byte("{\n \"sellr\": {},\n \"lines\": 3\n}\n"), exit: 1},
}

// masks stand for what differs from run to run.
var masks = []struct {
	pattern *regexp.Regexp
	mask    string
}{
	{regexp.MustCompile(`\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}`), "<KSeF number>"},
	{regexp.MustCompile(`FV/(\d+)/\d{2}/\d{4}`), "FV/$1/<month>"},
}

func TestPrograms(t *testing.T) {
	t.Parallel()
	bin := build(t)
	for _, run := range runs {
		t.Run(run.name, func(t *testing.T) {
			t.Parallel()
			var args []string
			if run.input != nil {
				file := filepath.Join(t.TempDir(), "input.json")
				if err := os.WriteFile(file, run.input, 0o600); err != nil {
					t.Fatal(err)
				}
				args = []string{file}
			}
			golden(t, run.name, execute(t, filepath.Join(bin, run.program), run.exit, args...))
		})
	}
}

// TestEveryProgramRuns fails for a program that was added without a run.
func TestEveryProgramRuns(t *testing.T) {
	t.Parallel()
	var found, tested []string
	mains, err := filepath.Glob("*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range mains {
		found = append(found, filepath.Dir(file))
	}
	for _, name := range found {
		for _, run := range runs {
			if run.program == name {
				tested = append(tested, name)
				break
			}
		}
	}
	if diff := cmp.Diff(found, tested); diff != "" {
		t.Errorf("programs without a run (-found +tested):\n%s", diff)
	}
}

// build compiles all programs into a directory.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir+string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// execute runs a program in an empty directory and returns what it printed,
// masked. The program must leave nothing behind.
func execute(t *testing.T, program string, exit int, args ...string) []byte {
	t.Helper()
	work, temp := t.TempDir(), t.TempDir()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = work, append(os.Environ(), "TMPDIR="+temp, "TMP="+temp)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exited *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != exit || stderr.Len() > 0 {
		t.Fatalf("exit code %d, want %d\n%s%s", code, exit, stdout.Bytes(), stderr.Bytes())
	}
	for _, dir := range []string{work, temp} {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	masked := stdout.Bytes()
	for _, m := range masks {
		masked = m.pattern.ReplaceAll(masked, []byte(m.mask))
	}
	return masked
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}
