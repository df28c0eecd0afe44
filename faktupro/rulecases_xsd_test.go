package faktupro

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRuleCasesAgainstXSD has libxml2 judge every invoice of the rule cases that
// may be issued, warnings or not: what Validate lets pass fits the schema.
func TestRuleCasesAgainstXSD(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with the official XSD skipped")
	}
	schema, dir := localSchema(t), t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	add := func(name string, inv *Invoice) {
		xml, err := EncodeFA3(inv, noon(inv.IssueDate))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		path := filepath.Join(dir, fmt.Sprintf("%03d-%s.xml", len(args), strings.ReplaceAll(name, " ", "-")))
		if err := os.WriteFile(path, xml, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	for _, tt := range ruleCases() {
		add(tt.name, tt.base())
		inv := tt.base()
		tt.edit(inv)
		if inv.Validate(ValidateOptions{Now: noon(inv.IssueDate)}).Err() == nil {
			add(tt.name+" edited", inv)
		}
	}
	for name, build := range thingInvoices {
		add(name, build())
	}
	out, err := exec.Command(xmllint, args...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
	if valid := bytes.Count(out, []byte(" validates\n")); valid != len(args)-4 {
		t.Errorf("%d of %d documents validate", valid, len(args)-4)
	}
}
