package facts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// committed is the largest table of facts that the repository holds.
func committed(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "ksef", "fa3", "schema.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestParseReadsWhatFormatWrites(t *testing.T) {
	t.Parallel()
	s, err := Parse(committed(t))
	if err != nil {
		t.Fatal(err)
	}
	text := Format(s)
	if diff := cmp.Diff(string(committed(t)), string(text)); diff != "" {
		t.Error(diff)
	}
	again, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	head := "namespace u\nroot\n"
	for name, text := range map[string]string{
		"nothing":             "",
		"no root":             "namespace u\n",
		"unknown line":        head + "  A 1 string\nwhat is this\n",
		"no cardinality":      head + "  A\n",
		"bad cardinality":     head + "  A 1..x string\n",
		"no type":             head + "  A 1\n",
		"unknown facet":       head + "  A 1 string size=3\n",
		"open quote":          head + "  A 1 string pattern=`x\n",
		"indented too far":    head + "    A 1 string\n",
		"value without type":  "  value 1 One\n",
		"type without base":   "type T\n",
		"value with no const": "type T string\n  value 1\n",
	} {
		if s, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: read as %+v", name, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("namespace u\nfile a A\ntype T string pattern=`a b`\n  value x X | y\nstruct S | s\n  A 0..* T | a\nroot\n  R 1 struct | r\n    @k 1 string fixed=1 | k\n    choice ?\n      group 1\n        B ? S\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil || strings.ContainsAny(text, "`|@") {
			return // marks inside words are not written back
		}
		again, err := Parse(Format(s))
		if err != nil {
			t.Fatalf("%v in\n%s", err, Format(s))
		}
		if diff := cmp.Diff(Format(s), Format(again)); diff != "" {
			t.Error(diff)
		}
	})
}
