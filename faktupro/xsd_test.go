package faktupro

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// schemaFiles are the official schema of FA(3) and what it imports.
var schemaFiles = []string{
	"schemat_FA(3)_v1-0E.xsd",
	"bazowe/StrukturyDanych_v10-0E.xsd",
	"bazowe/ElementarneTypyDanych_v10-0E.xsd",
	"bazowe/KodyKrajow_v10-0E.xsd",
}

// localSchema copies the schemas into a temporary directory, with imports that
// need no network, and returns the path of the FA(3) schema.
func localSchema(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const remote = "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/"
	for _, name := range schemaFiles {
		data := refdata.File(t, "ksef-xsd", "schemy", "FA", name)
		data = bytes.ReplaceAll(data, []byte(`schemaLocation="`+remote), []byte(`schemaLocation="`))
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.Base(schemaFiles[0]))
}

// TestSamplesAgainstXSD has libxml2 judge every document the samples give.
func TestSamplesAgainstXSD(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with the official XSD skipped")
	}
	schema := localSchema(t)
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	for _, s := range samples(t) {
		inv := mustDecode(t, s.json)
		xml, err := EncodeFA3(inv, noon(inv.IssueDate))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, s.name+".xml")
		if err := os.WriteFile(path, xml, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.Command(xmllint, args...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
	if valid := bytes.Count(out, []byte(" validates\n")); valid != len(args)-4 {
		t.Errorf("%d of %d documents validate", valid, len(args)-4)
	}
}
