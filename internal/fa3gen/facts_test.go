package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/google/go-cmp/cmp"
)

// committed is the table of facts that the repository holds.
func committed(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "ksef", "fa3", "schema.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parsed(t testing.TB) *Schema {
	t.Helper()
	s, err := Parse(committed(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFactsMatchTheOfficialSchema derives the facts anew.
func TestFactsMatchTheOfficialSchema(t *testing.T) {
	t.Parallel()
	xsd := filepath.Join(refdata.Dir(t), "ksef-xsd", "schemy", "FA", "schemat_FA(3)_v1-0E.xsd")
	got, err := deriveFacts(xsd, committed(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed(t)), string(got)); diff != "" {
		t.Errorf("schema.txt is not what the official schema says:\n%s", diff)
	}
}

// TestOtherSchemasCanBeRead: FA(2) and FA_RR use the same means, so the table can
// hold them too.
func TestOtherSchemasCanBeRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"FA/schemat_FA(2)_v1-0E.xsd", "RR/schemat_FA_RR(1)_v1-1E.xsd"} {
		dir := t.TempDir()
		refdata.Dir(t)
		for _, part := range []string{"StrukturyDanych", "ElementarneTypyDanych", "KodyKrajow"} {
			part += "_v10-0E.xsd"
			if err := os.WriteFile(filepath.Join(dir, part), refdata.File(t, "ksef-xsd", "schemy", "FA", "bazowe", part), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		xsd := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(xsd, refdata.File(t, "ksef-xsd", "schemy", filepath.FromSlash(name)), 0o600); err != nil {
			t.Fatal(err)
		}
		facts, err := deriveFacts(xsd, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := Parse(facts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(string(facts), string(Format(again))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestGeneratedCodeIsUpToDate(t *testing.T) {
	t.Parallel()
	files, err := generate(committed(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "ksef", "fa3")
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v: run go generate", err)
			continue
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s is not what schema.txt says: run go generate", name)
		}
	}
	present, err := filepath.Glob(filepath.Join(dir, "*_gen*.go"))
	if err != nil || len(present) != len(files) {
		t.Errorf("%d generated files, want %d (%v)", len(present), len(files), err)
	}
}

// TestEverythingHasAMeaning: the meanings become the documentation of the model.
func TestEverythingHasAMeaning(t *testing.T) {
	t.Parallel()
	s := parsed(t)
	var walk func(path string, items []Item)
	walk = func(path string, items []Item) {
		each(items, func(e *Element) {
			here := path + "/" + e.Name
			if e.Gloss == "" {
				t.Errorf("%s has no meaning", here)
			}
			for _, a := range e.Attrs {
				if a.Gloss == "" {
					t.Errorf("%s/@%s has no meaning", here, a.Name)
				}
			}
			walk(here, e.Items)
		})
	}
	walk("", []Item{{Element: s.Root}})
	for _, st := range s.Structs {
		if st.Gloss == "" {
			t.Errorf("%s has no meaning", st.Name)
		}
		walk(st.Name, st.Items)
	}
	for _, typ := range s.Types {
		if typ.Gloss == "" {
			t.Errorf("%s has no meaning", typ.Name)
		}
	}
}

func TestParseReadsWhatFormatWrites(t *testing.T) {
	t.Parallel()
	s := parsed(t)
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
