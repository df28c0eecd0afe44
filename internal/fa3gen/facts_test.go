package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/google/go-cmp/cmp"
)

// committed is the table of facts about FA(3) that the repository holds.
func committed(t testing.TB) []byte { return table(t, "schema.txt") }

func table(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "ksef", "fa3", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parsed(t testing.TB) *facts.Schema {
	t.Helper()
	s, err := facts.Parse(committed(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// officialXSD copies an official schema with the parts that it imports to a
// folder.
func officialXSD(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	files := []string{name}
	for _, part := range []string{"StrukturyDanych", "ElementarneTypyDanych", "KodyKrajow"} {
		files = append(files, "schemy/FA/bazowe/"+part+"_v10-0E.xsd")
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), refdata.File(t, "ksef-xsd", filepath.FromSlash(f)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.Base(name))
}

// TestFactsMatchTheOfficialSchemas derives the facts of every table anew.
func TestFactsMatchTheOfficialSchemas(t *testing.T) {
	t.Parallel()
	for table, xsd := range map[string]string{
		"schema.txt":                "schemy/FA/schemat_FA(3)_v1-0E.xsd",
		"validate/tables/fa2.txt":   "schemy/FA/schemat_FA(2)_v1-0E.xsd",
		"validate/tables/farr1.txt": "schemy/RR/schemat_FA_RR(1)_v1-1E.xsd",
		"validate/tables/upo43.txt": "upo/schemy/upo-v4-3.xsd",
	} {
		want, err := os.ReadFile(filepath.Join("..", "..", "ksef", "fa3", filepath.FromSlash(table)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := deriveFacts(officialXSD(t, xsd), want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what the official schema says:\n%s", table, diff)
		}
	}
}

func TestGeneratedCodeIsUpToDate(t *testing.T) {
	t.Parallel()
	files, err := generate(committed(t), table(t, "validate/tables/fa2.txt"))
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
	var walk func(path string, items []facts.Item)
	walk = func(path string, items []facts.Item) {
		facts.Each(items, func(e *facts.Element) {
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
	walk("", []facts.Item{{Element: s.Root}})
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

// TestVersionBefore: what the model of this version cannot hold is refused.
func TestVersionBefore(t *testing.T) {
	t.Parallel()
	const now = "namespace u\nfile x R S\nroot\n  R 1 struct\n    A ? token minLength=1\n    S ? struct\n      B 1 date\n"
	for name, tt := range map[string]struct {
		before string
		ok     bool
	}{
		"the same":         {now, true},
		"nothing of it":    {"namespace u\nroot\n  R 1 struct\n", true},
		"text for struct":  {"namespace u\nroot\n  R 1 struct\n    S 1 token minLength=1\n", true},
		"unknown element":  {"namespace u\nroot\n  R 1 struct\n    C ? token\n", false},
		"another kind":     {"namespace u\nroot\n  R 1 struct\n    A 1 date\n", false},
		"struct for text":  {"namespace u\nroot\n  R 1 struct\n    A 1 struct\n      B 1 date\n", false},
		"repeated group":   {"namespace u\nroot\n  R 1 struct\n    group 0..2\n      A 1 token\n", false},
		"another in a kid": {"namespace u\nroot\n  R 1 struct\n    S 1 struct\n      D 1 date\n", false},
	} {
		_, err := generate([]byte(now), []byte(tt.before))
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnsupported: what the generated code could not express is refused.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"repeated group":    "namespace u\nroot\n  R 1 struct\n    group 0..2\n      A 1 string\n",
		"more than one":     "namespace u\nroot\n  R 1 struct\n    A 2..3 string\n",
		"struct in no file": "namespace u\nroot\n  R 1 struct\n    A 1 string\n",
		"file of nothing":   "namespace u\nfile x R S\nroot\n  R 1 struct\n    A 1 string\n",
	} {
		if _, err := generate([]byte(text), []byte(text)); err == nil {
			t.Errorf("%s: generated", name)
		}
	}
}
