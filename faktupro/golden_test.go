package faktupro

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleFile is one invoice under testdata/invoices.
type sampleFile struct {
	name string
	json []byte
}

// samples reads all own sample invoices and the published one.
func samples(t testing.TB) []sampleFile {
	t.Helper()
	paths, err := filepath.Glob("testdata/invoices/*.json")
	if err != nil || len(paths) < 30 {
		t.Fatalf("found %d sample invoices, want at least 30 (%v)", len(paths), err)
	}
	files := []sampleFile{{"sample", Sample()}}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sampleFile{strings.TrimSuffix(filepath.Base(path), ".json"), data})
	}
	return files
}

func mustDecode(t testing.TB, data []byte) *Invoice {
	t.Helper()
	inv, err := DecodeInvoice(data)
	if err != nil {
		t.Fatalf("DecodeInvoice: %v", err)
	}
	return inv
}

// noon is an instant at which it is the given day in Warsaw.
func noon(day pl.Date) time.Time { return day.Start().Add(12 * time.Hour).UTC() }

// golden compares with a file under testdata, or rewrites it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	path = filepath.Join("testdata", path)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run go test -update to write golden files)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestSamplesToFA3(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			inv := mustDecode(t, s.json)
			xml, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil {
				t.Fatalf("EncodeFA3: %v", err)
			}
			golden(t, filepath.Join("invoices", s.name+".xml"), xml)
			again, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil || !bytes.Equal(xml, again) {
				t.Errorf("a second EncodeFA3 gives other bytes (%v)", err)
			}
		})
	}
}

// TestSampleRoundTrip takes every sample all the way to XML and back.
func TestSampleRoundTrip(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			inv := mustDecode(t, s.json)
			xml, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil {
				t.Fatal(err)
			}
			document, err := fa3.Unmarshal(xml)
			if err != nil {
				t.Fatalf("fa3.Unmarshal: %v", err)
			}
			back, err := FromFA3(document)
			if err != nil {
				t.Fatalf("FromFA3: %v", err)
			}
			if diff := cmp.Diff(throughFA3(t, inv), back, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the invoice changed (-sent +read):\n%s", diff)
			}
		})
	}
}

func TestSampleCanonicalJSON(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		inv := mustDecode(t, s.json)
		first, err := EncodeInvoice(inv)
		if err != nil {
			t.Fatalf("%s: EncodeInvoice: %v", s.name, err)
		}
		back := mustDecode(t, first)
		if diff := cmp.Diff(inv, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: the invoice changed (-sent +read):\n%s", s.name, diff)
		}
		second, err := EncodeInvoice(back)
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s: canonical JSON is not stable (%v)\n%s\n%s", s.name, err, first, second)
		}
	}
}

// sampleWarnings are the warnings the samples are meant to raise.
var sampleWarnings = map[string][]string{
	"27-amounts-only":  {"/lines/0 line.price_missing", "/lines/1 line.price_missing"},
	"44-negative-line": {"/lines/1 line.price_missing", "/lines/2/quantity line.negative_quantity"},
}

func TestSampleProblems(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		inv := mustDecode(t, s.json)
		problems := inv.Validate(ValidateOptions{Now: noon(inv.IssueDate)})
		if errs := problems.Errors(); len(errs) > 0 {
			t.Errorf("%s: %v", s.name, errs)
		}
		var got []string
		for _, p := range problems.Warnings() {
			got = append(got, p.Path+" "+p.Code)
		}
		if diff := cmp.Diff(sampleWarnings[s.name], got); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", s.name, diff)
		}
	}
}
