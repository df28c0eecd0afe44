package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

// buildSample writes the built-in sample as JSON and builds its document.
func buildSample(t *testing.T) (invoice, document string) {
	t.Helper()
	dir := t.TempDir()
	invoice, document = filepath.Join(dir, "invoice.json"), filepath.Join(dir, "invoice.xml")
	sample, stderr, code := inside(t, "sample")
	if code != exitDone {
		t.Fatalf("sample: exit %d: %s", code, stderr)
	}
	if err := os.WriteFile(invoice, []byte(sample), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := inside(t, "fa3", "build", invoice, "--number", "FV/7/2026", "--out", document); code != exitDone {
		t.Fatalf("fa3 build: exit %d: %s", code, stderr)
	}
	return invoice, document
}

func edit(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), from) {
		t.Fatalf("%s does not hold %q", file, from)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFA3BuildValidateConvert(t *testing.T) {
	t.Parallel()
	invoice, document := buildSample(t)
	stdout, stderr, code := inside(t, "fa3", "validate", document)
	if code != exitDone || !strings.Contains(stdout, ": FA(3), valid") {
		t.Errorf("fa3 validate: exit %d: %s%s", code, stdout, stderr)
	}
	stdout, stderr, code = inside(t, "fa3", "convert", document)
	if code != exitDone {
		t.Fatalf("fa3 convert: exit %d: %s", code, stderr)
	}
	back, err := faktupro.DecodeInvoice([]byte(stdout))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(invoice)
	if err != nil {
		t.Fatal(err)
	}
	want, err := faktupro.DecodeInvoice(data)
	if err != nil {
		t.Fatal(err)
	}
	if back.Number != "FV/7/2026" || len(back.Lines) != len(want.Lines) || back.Seller.NIP != want.Seller.NIP {
		t.Errorf("converted back: number %s, %d lines", back.Number, len(back.Lines))
	}
}

// TestFA3ConvertFA2: what was issued before February 2026 is read as well.
func TestFA3ConvertFA2(t *testing.T) {
	t.Parallel()
	_, document := buildSample(t)
	f, err := fa3.Unmarshal([]byte(mustRead(t, document)))
	if err != nil {
		t.Fatal(err)
	}
	f.Naglowek.WariantFormularza = fa3.VariantFA2
	f.Podmiot2.JST, f.Podmiot2.GV = 0, 0
	old := filepath.Join(t.TempDir(), "fa2.xml")
	mustWrite(t, old, string(f.AppendXML(nil)))
	stdout, _, code := inside(t, "fa3", "validate", "--layer", "xml,schema", old)
	if code != exitDone || !strings.Contains(stdout, ": FA(2), valid") {
		t.Fatalf("exit %d: %s", code, stdout)
	}
	got, stderr, code := inside(t, "fa3", "convert", old)
	want, _, _ := inside(t, "fa3", "convert", document)
	if diff := cmp.Diff(want, got); code != exitDone || diff != "" {
		t.Errorf("exit %d: %s\n%s", code, stderr, diff)
	}
}

func TestFA3BuildTellsAllProblems(t *testing.T) {
	t.Parallel()
	invoice, document := buildSample(t)
	if err := os.Remove(document); err != nil {
		t.Fatal(err)
	}
	edit(t, invoice, `"vatRate":"23"`, `"vatRate":"24"`)
	edit(t, invoice, `"seller":{"nip":"`, `"seller":{"nip":"9`)
	stdout, _, code := inside(t, "fa3", "build", "--json", invoice, "--number", "FV/7/2026", "--out", document)
	var got built
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != exitNo {
		t.Fatalf("exit %d, %v: %s", code, err, stdout)
	}
	if !got.Problems.Has("nip.format") || !got.Problems.Has("vat_rate.unknown") {
		t.Errorf("problems: %v", got.Problems)
	}
	if _, err := os.Stat(document); !os.IsNotExist(err) {
		t.Errorf("a document was written: %v", err)
	}
}

// TestFA3ValidateJSON pins the stable form for programs.
func TestFA3ValidateJSON(t *testing.T) {
	t.Parallel()
	_, document := buildSample(t)
	edit(t, document, "<P_12>23</P_12>", "<P_12>23%</P_12>")
	stdout, _, code := inside(t, "fa3", "validate", "--json", "--lang", "pl", "--layer", "xml,schema", document)
	if code != exitNo {
		t.Errorf("exit %d", code)
	}
	var got verdict
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if got.File != document || got.Valid || got.Kind != validate.FA3 || len(got.Problems) != 1 {
		t.Fatalf("got %+v", got)
	}
	p := got.Problems[0]
	if p.Line == 0 || p.Column == 0 || !strings.Contains(p.Message, "stawk") {
		t.Errorf("problem %+v", p)
	}
	p.Line, p.Column, p.Message, p.Expected, p.Reference = 0, 0, "", nil, ""
	want := spokenFault{Layer: validate.Schema, Code: validate.CodeEnum, Severity: validate.Error, Path: "/Faktura/Fa/FaWiersz[2]/P_12", Nearest: "23"}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
}

func TestFA3ValidateFolder(t *testing.T) {
	t.Parallel()
	_, document := buildSample(t)
	dir := filepath.Dir(document)
	for name, text := range map[string]string{"broken.XML": "<Faktura", "notes.txt": "no document"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stdout, _, code := inside(t, "fa3", "validate", dir)
	if code != exitNo || !strings.Contains(stdout, "2 documents: 1 valid, 1 not valid, 0 not read") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	stdout, _, code = inside(t, "fa3", "validate", filepath.Join(dir, "none.xml"), document)
	if code != exitFault || !strings.Contains(stdout, "2 documents: 1 valid, 0 not valid, 1 not read") {
		t.Errorf("missing file: exit %d: %s", code, stdout)
	}
	stdout, _, _ = inside(t, "fa3", "validate", "--json", filepath.Join(dir, "none.xml"), document)
	if lines := strings.Split(strings.TrimSpace(stdout), "\n"); len(lines) != 2 || !strings.Contains(lines[0], `"error":`) {
		t.Errorf("missing file with --json: %s", stdout)
	}
}

// TestNothingSteersTheTerminal: names and texts of others are shown, not obeyed.
func TestNothingSteersTheTerminal(t *testing.T) {
	t.Parallel()
	_, document := buildSample(t)
	dir := filepath.Dir(document)
	name := filepath.Join(dir, "n\x1b[31m.xml")
	edit(t, document, "<KodWaluty>PLN", "<KodWaluty>\u009b31m\u202e")
	if err := os.Rename(document, name); err != nil {
		t.Fatal(err)
	}
	invoice := filepath.Join(dir, "odd.json")
	if err := os.WriteFile(invoice, []byte(`{"nu\u001b[31mmber":1,"\u009b":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"validate", name}, {"validate", name + "x"}, {"build", invoice}} {
		stdout, stderr, _ := inside(t, append([]string{"fa3"}, args...)...)
		if i := strings.IndexFunc(stdout+stderr, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("fa3 %s: prints %q", args[0], (stdout + stderr)[i:min(i+8, len(stdout+stderr))])
		}
	}
}

func TestFA3WrongUse(t *testing.T) {
	t.Parallel()
	_, document := buildSample(t)
	for _, args := range [][]string{
		{"validate", "--layer", "law", document},
		{"validate", "--lang", "de", document},
		{"validate", "--disable", "no.such.rule", document},
		{"validate", "--max", "0", document},
		{"validate", "--layer", "", document},
		{"validate", t.TempDir()},
		{"build", document, "--out", ""},
		{"build", document, "--date", "2026-99-99"},
		{"validate"},
		{"build"},
		{"build", document, "extra"},
	} {
		if _, _, code := inside(t, append([]string{"fa3"}, args...)...); code != exitUsage {
			t.Errorf("fa3 %v: exit %d, want %d", args, code, exitUsage)
		}
	}
}

func TestFA3Rules(t *testing.T) {
	t.Parallel()
	stdout, _, code := inside(t, "fa3", "rules", "--json")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != exitDone || len(lines) < 100 {
		t.Fatalf("exit %d, %d rules", code, len(lines))
	}
	for _, line := range lines {
		var r ruleRow
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.ID == "" || r.EN == "" || r.PL == "" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestExcerpt: the mark stands under the column, whatever surrounds it.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, line string
		column     int
		want       string // the excerpt from the mark on
	}{
		{"start", "<a>1</a>", 1, "<a>1</a>"},
		{"middle", "<a>zażółć</a>", 7, "ółć</a>"},
		{"far", strings.Repeat("ż", 400) + "HERE", 401, "HERE"},
		{"beyond", "<a/>", 9, ""},
		{"escape codes", "<a>\x1b[31m</a>", 4, "·[31m</a>"},
		{"malformed", "\xff\xfe<a>", 3, "<a>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			excerpt, at := excerptOf([]byte(tt.line), tt.column)
			if got := string([]rune(excerpt)[min(at, len([]rune(excerpt))):]); got != tt.want {
				t.Errorf("excerpt %q marks %q, want %q", excerpt, got, tt.want)
			}
		})
	}
}
