package faktupro

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

// deniable are rules about meaning that an invoice may break when Validate only
// warned of it, by the warning.
var deniable = map[string]string{
	// Stated totals that leave out the lines under a margin scheme.
	"margin.total": codeStatedTotalsDiffer,
}

// TestDrawnJudged has the validator of documents, which knows nothing of an
// Invoice, judge invoices of every kind.
func TestDrawnJudged(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { judgeDrawn(t, drawKind(t, kind)) })
		})
	}
}

// judgeDrawn: what Validate lets pass is valid, and what it does not even warn
// of is without an error by the rules about meaning.
func judgeDrawn(t rapid.TB, inv *Invoice) {
	t.Helper()
	problems := inv.Validate(ValidateOptions{Now: noon(inv.IssueDate)})
	document, err := EncodeFA3(inv, noon(inv.IssueDate))
	if err != nil {
		t.Fatalf("the drawn invoice is refused: %v", err)
	}
	if !validate.Valid(document, formal) {
		t.Fatalf("not valid by the schema:\n%s", document)
	}
	errs, _ := grave(document, inv)
	for _, e := range errs {
		_, code, _ := strings.Cut(e, " ")
		if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == deniable[code] }) {
			t.Fatalf("Validate says %v, the document has the error %s\n%s", problems, e, document)
		}
	}
}

// formal are the layers that KSeF itself applies.
var formal = validate.Config{Layers: []validate.Layer{validate.XML, validate.Schema}}

// FuzzDrawnInvoice looks for drawn invoices that do not go through. The bytes
// are the choices of the generator, eight for each.
func FuzzDrawnInvoice(f *testing.F) {
	for seed := range byte(8) {
		choices := make([]byte, 16<<10)
		if _, err := rand.NewChaCha8([32]byte{seed}).Read(choices); err != nil {
			f.Fatal(err)
		}
		f.Add(choices)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		inv := drawValid(t)
		judgeDrawn(t, inv)
		roundTrip(t, inv)
	}))
}

// FuzzInvoiceToXML: whatever text is an invoice without errors gives a document
// that the schema allows and that reads as the same invoice.
func FuzzInvoiceToXML(f *testing.F) {
	for _, s := range samples(f) {
		if len(s.json) < 8192 { // longer ones only slow the search down
			f.Add(s.json)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		inv, problems := DecodeAndValidate(data, ValidateOptions{Now: lastCreated})
		if problems.Err() != nil {
			return
		}
		document, err := EncodeFA3(inv, lastCreated)
		if err != nil {
			t.Fatalf("refused after Validate let it pass: %v", err)
		}
		if report := validate.Document(document, formal); !report.Valid() {
			t.Fatalf("%+v\n%s", report.Problems, document)
		}
		read, err := fa3.Unmarshal(document)
		if err != nil {
			t.Fatalf("fa3.Unmarshal: %v\n%s", err, document)
		}
		back, err := FromFA3(read)
		if err != nil {
			t.Fatalf("FromFA3: %v\n%s", err, document)
		}
		again, err := EncodeFA3(back, lastCreated)
		if err != nil || !bytes.Equal(document, again) {
			t.Fatalf("the document changed (%v):\n%s", err, cmp.Diff(string(document), string(again)))
		}
		sameTotals(t, inv, back)
	})
}

// sameTotals: reading a document back may change how an invoice says its totals,
// never what they are.
func sameTotals(t *testing.T, inv, back *Invoice) {
	t.Helper()
	want, err := inv.Totals()
	if err != nil {
		t.Fatal(err)
	}
	got, err := back.Totals()
	if err != nil {
		t.Fatal(err)
	}
	// Rates that share a total cannot be told apart when totals are stated.
	want.Rates, got.Rates = nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("totals changed (-sent +read):\n%s", diff)
	}
}
