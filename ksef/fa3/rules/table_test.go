package rules

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	idForm      = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
	polish      = regexp.MustCompile(`[ąćęłńóśźż]`)
)

// TestTable: rules have names of one form, said once, and complete texts.
func TestTable(t *testing.T) {
	t.Parallel()
	before := map[string]bool{}
	for _, r := range All() {
		if !idForm.MatchString(r.ID) || before[r.ID] {
			t.Errorf("%s: name of another form, or taken", r.ID)
		}
		before[r.ID] = true
		if !r.Severity.valid() || r.Check == nil || r.Reference == "" {
			t.Errorf("%s: severity, reference or check is missing", r.ID)
		}
		if !slices.Contains([]Basis{KSeFRejects, LawRequires, LikelyMistake, Advice}, r.Basis) {
			t.Errorf("%s: basis %q", r.ID, r.Basis)
		}
		for _, text := range []string{r.EN, r.PL} {
			if !strings.HasSuffix(text, ".") || !strings.ContainsAny(text, ":;,") {
				t.Errorf("%s: %q does not say what is wrong and what to do", r.ID, text)
			}
		}
		if r.EN == r.PL || polish.MatchString(r.EN) {
			t.Errorf("%s: the languages are mixed up", r.ID)
		}
		en, pl := facts(r.EN), facts(r.PL)
		if diff := cmp.Diff(en, pl); diff != "" {
			t.Errorf("%s: facts differ by language:\n%s", r.ID, diff)
		}
	}
}

// facts are the placeholders of a text, sorted, each once.
func facts(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestDocumentation keeps docs/rules.md the same as the table of rules.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	file := filepath.Join(refdata.Root(t), "docs", "rules.md")
	got := documentation()
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
		t.Errorf("docs/rules.md is old; run go test ./ksef/fa3/rules -run TestDocumentation -update\n%s", diff)
	}
}

// documentation is the table of rules as Markdown.
func documentation() []byte {
	b := new(bytes.Buffer)
	all := All()
	fmt.Fprintf(b, "# Rules for FA(3) invoices\n\n")
	fmt.Fprintf(b, "Made from package `ksef/fa3/rules` by its test (`-update`); do not edit.\n\n")
	fmt.Fprintf(b, "The schema of FA(3) does not know whether an invoice makes sense, and KSeF hardly looks. These %d rules do. ", len(all))
	fmt.Fprintf(b, "Each can be switched off or given another severity by its name. Words in braces stand for facts of the document.\n\n")
	fmt.Fprintf(b, "Severity: **error** is refused by KSeF or breaks a plain requirement, **warning** is a contradiction to look into, ")
	fmt.Fprintf(b, "**info** is worth a look. A difference of one grosz is never reported.\n\n")
	writeCounts(b, all)
	fmt.Fprintf(b, "| Rule | Severity | Basis | Reference | English | Polish |\n|---|---|---|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n", r.ID, r.Severity, r.Basis, r.Reference, r.EN, r.PL)
	}
	return b.Bytes()
}

func writeCounts(b *bytes.Buffer, all []Rule) {
	bases := []Basis{KSeFRejects, LawRequires, LikelyMistake, Advice}
	fmt.Fprintf(b, "| | %s | %s | %s | %s | all |\n|---|---|---|---|---|---|\n", bases[0], bases[1], bases[2], bases[3])
	for _, s := range []Severity{Error, Warning, Info} {
		fmt.Fprintf(b, "| %s |", s)
		sum := 0
		for _, basis := range bases {
			n := 0
			for _, r := range all {
				if r.Severity == s && r.Basis == basis {
					n++
				}
			}
			sum += n
			fmt.Fprintf(b, " %d |", n)
		}
		fmt.Fprintf(b, " %d |\n", sum)
	}
	fmt.Fprintln(b)
}
