package faktupro

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// TestRoundTrip takes invoices of every kind to the bytes of FA(3) and back:
// nothing is lost, nothing changes, and the bytes are the same again.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { roundTrip(t, drawKind(t, kind)) })
		})
	}
}

func roundTrip(t *rapid.T, inv *Invoice) {
	document, err := EncodeFA3(inv, noon(inv.IssueDate))
	if err != nil {
		t.Fatalf("the drawn invoice is refused: %v", err)
	}
	read, err := fa3.Unmarshal(document)
	if err != nil {
		t.Fatalf("fa3.Unmarshal: %v\n%s", err, document)
	}
	back, err := FromFA3(read)
	if err != nil {
		t.Fatalf("FromFA3: %v\n%s", err, document)
	}
	if diff := cmp.Diff(throughFA3(t, inv), back, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the invoice changed (-sent +read):\n%s%s", diff, document)
	}
	again, err := EncodeFA3(back, noon(inv.IssueDate))
	if err != nil || !bytes.Equal(document, again) {
		t.Fatalf("the document changed (%v):\n%s", err, cmp.Diff(string(document), string(again)))
	}
	text, err := EncodeInvoice(inv)
	if err != nil {
		t.Fatalf("EncodeInvoice: %v", err)
	}
	decoded, err := DecodeInvoice(text)
	if err != nil {
		t.Fatalf("DecodeInvoice: %v\n%s", err, text)
	}
	named := *inv // JSON names what is left to the defaults
	named.Currency = inv.currency()
	if !inv.gross() {
		named.Pricing = PricingNet
	}
	if diff := cmp.Diff(&named, decoded, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("JSON changed the invoice (-sent +read):\n%s", diff)
	}
}

// TestDrawnAgainstXSD has libxml2 judge documents of every kind.
func TestDrawnAgainstXSD(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with the official XSD skipped")
	}
	args := []string{"--nonet", "--noout", "--schema", localSchema(t)}
	dir := t.TempDir()
	const perKind = 50
	for _, kind := range kinds {
		draw := rapid.Custom(func(t *rapid.T) *Invoice { return drawKind(t, kind) })
		for i := range perKind {
			inv := draw.Example(i)
			document, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil {
				t.Fatalf("%s %d: %v", kind, i, err)
			}
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.xml", kind, i))
			if err := os.WriteFile(path, document, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, path)
		}
	}
	out, err := exec.Command(xmllint, args...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%.4000s", err, bytes.ReplaceAll(out, []byte(" validates\n"), nil))
	}
	if valid := bytes.Count(out, []byte(" validates\n")); valid != perKind*len(kinds) {
		t.Errorf("%d of %d documents validate", valid, perKind*len(kinds))
	}
}
