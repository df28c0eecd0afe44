package validate

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// officialSchemas are where the schemas are among the reference data. UPO 4-2 is
// not.
var officialSchemas = map[Kind][]string{
	FA3:   {"schemy/FA/schemat_FA(3)_v1-0E.xsd"},
	FA2:   {"schemy/FA/schemat_FA(2)_v1-0E.xsd"},
	FARR:  {"schemy/RR/schemat_FA_RR(1)_v1-1E.xsd"},
	UPO43: {"upo/schemy/upo-v4-3.xsd"},
}

var sharedSchemas = []string{"StrukturyDanych_v10-0E.xsd", "ElementarneTypyDanych_v10-0E.xsd", "KodyKrajow_v10-0E.xsd"}

// officialSchema copies a schema to a folder where it finds its parts without a
// network, and returns its path.
func officialSchema(t *testing.T, kind Kind) string {
	t.Helper()
	dir := t.TempDir()
	location := regexp.MustCompile(`schemaLocation="[^"]*"`)
	files := officialSchemas[kind]
	for _, shared := range sharedSchemas {
		files = append(files, "schemy/FA/bazowe/"+shared)
	}
	for _, name := range files {
		text := refdata.File(t, "ksef-xsd", filepath.FromSlash(name))
		local := location.ReplaceAllFunc(text, func(m []byte) []byte {
			base := path.Base(strings.TrimSuffix(strings.TrimPrefix(string(m), `schemaLocation="`), `"`))
			return fmt.Appendf(nil, `schemaLocation="%s"`, base)
		})
		if err := os.WriteFile(filepath.Join(dir, path.Base(name)), local, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, path.Base(files[0]))
}

// batch is the number of documents in one call of xmllint.
const batch = 400

// xmllint returns its verdicts. The test is skipped without it.
func xmllint(t *testing.T, kind Kind, docs [][]byte) (valid []bool) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with it skipped")
	}
	schema := officialSchema(t, kind)
	valid = make([]bool, len(docs))
	for from := 0; from < len(docs); from += batch {
		dir := t.TempDir()
		args := []string{"--noout", "--nonet", "--schema", schema}
		for i := from; i < min(from+batch, len(docs)); i++ {
			file := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
			if err := os.WriteFile(file, docs[i], 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
		out, _ := exec.Command(program, args...).CombinedOutput() // fails when a document is invalid
		judged := 0
		for line := range bytes.Lines(out) {
			file, ok := bytes.CutSuffix(bytes.TrimSpace(line), []byte(" validates"))
			if !ok {
				file, _ = bytes.CutSuffix(bytes.TrimSpace(line), []byte(" fails to validate"))
			}
			var n int
			if _, err := fmt.Sscanf(filepath.Base(string(file)), "%d.xml", &n); err == nil && bytes.HasSuffix(file, []byte(".xml")) {
				valid[n] = ok
				judged++
			}
		}
		if judged != len(args)-4 {
			t.Fatalf("xmllint judged %d of %d documents: %s", judged, len(args)-4, out[:min(len(out), 500)])
		}
	}
	return valid
}

var exhaustive = flag.Bool("exhaustive", false, "compare all generated documents with xmllint, not every sixth")

// TestAgainstXmllint compares verdicts on documents made from the tables.
func TestAgainstXmllint(t *testing.T) {
	t.Parallel()
	for kind, schema := range tables(t) {
		if officialSchemas[kind] == nil {
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			all := append(variants(schema), severalFaults(schema, 800)...)
			if !*exhaustive {
				all = everySixth(all)
			}
			docs := make([][]byte, len(all))
			for i, v := range all {
				docs[i] = v.doc.append(nil, schema.Namespace)
			}
			want := xmllint(t, kind, docs)
			strict := Config{Layers: []Layer{Schema}, StrictUPO: true}
			count, excluded := map[bool]int{}, 0
			for i, v := range all {
				if v.known != "" {
					excluded++
					continue
				}
				count[want[i]]++
				if got := Valid(docs[i], strict); got != want[i] {
					t.Errorf("%s: valid is %v, xmllint says %v", v.what, got, want[i])
				}
				if r := Document(docs[i], strict); r.Valid() != want[i] {
					t.Errorf("%s: report says %v, xmllint %v", v.what, r.Valid(), want[i])
				}
			}
			if count[true] == 0 || count[false] == 0 {
				t.Error("nothing compared")
			}
			t.Logf("compared %d valid and %d invalid documents, left out %d known differences", count[true], count[false], excluded)
		})
	}
}

func everySixth(all []variant) (some []variant) {
	for i := 0; i < len(all); i += 6 {
		some = append(some, all[i])
	}
	return some
}
