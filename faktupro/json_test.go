package faktupro

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// places lists problems as "path code".
func places(ps Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimSpace(p.Path+" "+p.Code))
	}
	return out
}

// problemsOf is the list inside an error of DecodeInvoice.
func problemsOf(t *testing.T, err error) Problems {
	t.Helper()
	if err == nil {
		return nil
	}
	v, ok := errors.AsType[*ValidationError](err)
	if !ok {
		t.Fatalf("error is %T, want *ValidationError: %v", err, err)
	}
	return v.Problems
}

// badText is a text that DecodeInvoice refuses, with what it says.
type badText struct {
	name string
	json string
	want []string
}

var badTexts = []badText{
	{"empty", ``, []string{"json.syntax"}},
	{"blank", " \n\t", []string{"json.syntax"}},
	{"not json", `hello`, []string{"json.syntax"}},
	{"list", `[]`, []string{"json.type"}},
	{"null", `null`, []string{"json.null"}},
	{"unclosed", `{"number": "1"`, []string{"json.syntax"}},
	{"comma at the end", `{"number": "1",}`, []string{"json.syntax"}},
	{"comma first", `{,"number": "1"}`, []string{"json.syntax"}},
	{"no colon", `{"number" "1"}`, []string{"json.syntax"}},
	{"name without quotes", `{number: "1"}`, []string{"json.syntax"}},
	{"two values", `{} {}`, []string{"json.trailing"}},
	{"text after", `{} x`, []string{"json.trailing"}},
	{"zero byte after", "{}\x00", []string{"json.trailing"}},
	{"byte order mark", "\ufeff{}", []string{"json.encoding"}},
	{"not utf-8", "{\"number\": \"\xff\"}", []string{"json.encoding"}},
	{"control character", "{\"number\": \"a\nb\"}", []string{"/number json.syntax"}},
	{"half a surrogate pair", `{"number": "\ud800"}`, []string{"/number json.syntax"}},
	{"wrong pair", `{"number": "\ud800\u0041"}`, []string{"/number json.syntax"}},
	{"unknown escape", `{"number": "\x41"}`, []string{"/number json.syntax"}},
	{"short unicode escape", `{"number": "\u00"}`, []string{"/number json.syntax"}},
	{"unclosed string", `{"number": "abc`, []string{"/number json.syntax"}},
	{"unclosed escape", `{"number": "abc\`, []string{"/number json.syntax"}},
	{"bad number", `{"lines": [{"quantity": 01}]}`, []string{"/lines/0 json.syntax"}},
	{"bad fraction", `{"lines": [{"quantity": 1.}]}`, []string{"/lines/0/quantity json.syntax"}},
	{"bad exponent", `{"lines": [{"quantity": 1e}]}`, []string{"/lines/0/quantity json.syntax"}},
	{"bad word", `{"splitPayment": trye}`, []string{"/splitPayment json.syntax"}},
	{"bad word skipped", `{"unknown": nul}`, []string{"json.syntax", "/unknown json.unknown_field"}},
	{"unknown field", `{"numbers": "1"}`, []string{"/numbers json.unknown_field"}},
	{"case matters", `{"Number": "1"}`, []string{"/Number json.unknown_field"}},
	{"unknown nested", `{"seller": {"tax": {"a": [1, {"b": null}]}, "nip": "1234563218"}}`, []string{"/seller/tax json.unknown_field"}},
	{"pointer escapes", `{"a/b~c": 1}`, []string{"/a~1b~0c json.unknown_field"}},
	{"repeated", `{"number": "1", "number": "2"}`, []string{"/number json.duplicate"}},
	{"repeated with escape", `{"number": "1", "n\u0075mber": "2"}`, []string{"/number json.duplicate"}},
	{"repeated nested", `{"lines": [{"name": "a", "name": "b"}]}`, []string{"/lines/0/name json.duplicate"}},
	{"string for object", `{"seller": "1234563218"}`, []string{"/seller json.type"}},
	{"object for list", `{"lines": {}}`, []string{"/lines json.type"}},
	{"number for string", `{"number": 5}`, []string{"/number json.type"}},
	{"string for flag", `{"splitPayment": "true"}`, []string{"/splitPayment json.type"}},
	{"number for flag", `{"splitPayment": 1}`, []string{"/splitPayment json.type"}},
	{"string for whole number", `{"descriptions": [{"line": "1"}]}`, []string{"/descriptions/0/line json.type"}},
	{"fraction for whole number", `{"descriptions": [{"line": 1.5}]}`, []string{"/descriptions/0/line number.range"}},
	{"negative whole number", `{"descriptions": [{"line": -1}]}`, []string{"/descriptions/0/line number.range"}},
	{"huge whole number", `{"descriptions": [{"line": 99999999999999999999}]}`, []string{"/descriptions/0/line number.range"}},
	{"null field", `{"payment": null}`, []string{"/payment json.null"}},
	{"empty string", `{"number": ""}`, []string{"/number text.empty"}},
	{"empty in list", `{"warehouseNotes": ["a", ""]}`, []string{"/warehouseNotes/1 text.empty"}},
	{"exponent", `{"lines": [{"quantity": 1e3}]}`, []string{"/lines/0/quantity decimal.format"}},
	{"exponent in string", `{"lines": [{"quantity": "1e3"}]}`, []string{"/lines/0/quantity decimal.format"}},
	{"decimal comma", `{"lines": [{"unitPrice": "10,50"}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"blanks in number", `{"lines": [{"unitPrice": "1 000.00"}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"plus", `{"lines": [{"unitPrice": "+1"}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"leading zero", `{"lines": [{"unitPrice": "007"}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"empty number", `{"lines": [{"unitPrice": ""}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"NaN", `{"lines": [{"unitPrice": "NaN"}]}`, []string{"/lines/0/unitPrice decimal.format"}},
	{"too many digits", `{"lines": [{"unitPrice": 12345678901234567}]}`, []string{"/lines/0/unitPrice decimal.digits"}},
	{"too many decimals", `{"lines": [{"unitPrice": "1.123456789"}]}`, []string{"/lines/0/unitPrice decimal.digits"}},
	{"endless digits", `{"lines": [{"unitPrice": ` + strings.Repeat("9", 100_000) + `}]}`, []string{"/lines/0/unitPrice decimal.digits"}},
	{"object for number", `{"lines": [{"unitPrice": {}}]}`, []string{"/lines/0/unitPrice json.type"}},
	{"date with time", `{"issueDate": "2026-02-01T00:00:00Z"}`, []string{"/issueDate date.format"}},
	{"no such day", `{"issueDate": "2026-02-30"}`, []string{"/issueDate date.format"}},
	{"date as number", `{"issueDate": 20260201}`, []string{"/issueDate json.type"}},
	{"too many contacts", `{"seller": {"contacts": [{}, {}, {}, {}, {}]}}`, []string{"/seller/contacts list.too_long"}},
	{"deep", `{"seller":` + strings.Repeat(`[`, 100_000), []string{"/seller json.depth"}},
	{
		"everything at once",
		`{"numbr": "1", "issueDate": "tomorrow", "seller": {"nip": 1234563218, "nam": "x"}, "lines": [{"quantity": "many"}, {"vatRate": true}]}`,
		[]string{
			"/issueDate date.format", "/seller/nip json.type", "/seller/nam json.unknown_field",
			"/lines/0/quantity decimal.format", "/lines/1/vatRate json.type", "/numbr json.unknown_field",
		},
	},
}

func TestDecodeInvoiceProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(badTexts, badKindTexts) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv, err := DecodeInvoice([]byte(tt.json))
			if inv != nil {
				t.Errorf("DecodeInvoice returned an invoice")
			}
			got := problemsOf(t, err)
			if diff := cmp.Diff(tt.want, places(got)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, p := range got {
				if p.Line == 0 || p.Column == 0 {
					t.Errorf("%v has no position", p)
				}
			}
		})
	}
}

func TestDecodeInvoicePosition(t *testing.T) {
	t.Parallel()
	text := "{\n  \"number\": \"1\",\n  \"issueDate\":   \"soon\",\n\t\"żółw\": 1,\n  \"lines\": [\n    {\"quantity\": \"x\"}\n  ],\n  oops\n}"
	_, err := DecodeInvoice([]byte(text))
	type position struct{ Line, Column int }
	got := map[string]position{}
	for _, p := range problemsOf(t, err) {
		got[p.Path+" "+p.Code] = position{p.Line, p.Column}
	}
	want := map[string]position{
		"/issueDate date.format":           {3, 18},
		"/żółw json.unknown_field":         {4, 2},
		"/lines/0/quantity decimal.format": {6, 18},
		" json.syntax":                     {8, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
}

func TestDecodeInvoiceSize(t *testing.T) {
	t.Parallel()
	data := append(Sample(), []byte(strings.Repeat(" ", 20_000_000))...)
	_, err := DecodeInvoice(data)
	if got := places(problemsOf(t, err)); !cmp.Equal(got, []string{codeJSONSize}) {
		t.Errorf("problems %v, want %s", got, codeJSONSize)
	}
}

func TestDecodeInvoiceTooManyLines(t *testing.T) {
	t.Parallel()
	line := `{"name": "a", "quantity": 1, "unit": "szt.", "unitPrice": 1, "vatRate": 23}`
	for lines, want := range map[int][]string{
		MaxLines:     nil,
		MaxLines + 1: {"/lines list.too_long"},
		MaxLines + 9: {"/lines list.too_long"},
	} {
		data := []byte(`{"lines": [` + strings.Repeat(line+",", lines-1) + line + `]}`)
		_, err := DecodeInvoice(data)
		if diff := cmp.Diff(want, places(problemsOf(t, err))); diff != "" {
			t.Errorf("%d lines (-want +got):\n%s", lines, diff)
		}
	}
}

func TestDecodeInvoiceManyProblems(t *testing.T) {
	t.Parallel()
	data := []byte(`{"lines": [` + strings.Repeat(`{"x": 1},`, 5000) + `{}]}`)
	_, err := DecodeInvoice(data)
	got := problemsOf(t, err)
	if len(got) != MaxProblems+1 || !got.Has(codeTooManyProblems) {
		t.Errorf("%d problems, want %d and %s", len(got), MaxProblems, codeTooManyProblems)
	}
}

// TestWarningsDoNotHideErrors: warnings and errors are bounded apart.
func TestWarningsDoNotHideErrors(t *testing.T) {
	t.Parallel()
	inv := mustDecode(t, Sample())
	for len(inv.Lines) < 2000 {
		inv.Lines = append(inv.Lines, Line{Name: "a", Quantity: MustDecimal("1"), UnitPrice: MustDecimal("1"), VATRate: VAT23})
	}
	problems := inv.Validate(ValidateOptions{})
	if problems.Err() != nil || !problems.Has(codeTooManyWarnings) {
		t.Fatalf("2000 warnings gave %v", problems.Errors())
	}
	inv.Lines[1999].VATRate = "25"
	if err := inv.Validate(ValidateOptions{}).Err(); err == nil {
		t.Error("an error after many warnings was lost")
	}
}

func TestDecodeInvoiceForms(t *testing.T) {
	t.Parallel()
	inv := mustDecode(t, []byte(`{
		"seller": {"nip": "PL 123-456-32-18"},
		"buyer": {"euVat": "de 123 456 789"},
		"lines": [
			{"quantity": 2.50, "unitPrice": "10.50", "vatRate": 23, "amount": -0},
			{"vatRate": "0-export", "annex15": false, "name": "\u017c\u00f3\u0142w \ud83d\udc22 \"\\\/\b\f\n\r\t"}
		],
		"payment": {"accounts": [{"number": "PL38 9999 0001 0000 0000 1234 5678"}]}
	}`))
	want := &Invoice{
		Kind: KindVAT, Currency: "PLN", Pricing: PricingNet,
		Seller: Seller{NIP: "1234563218"},
		Lines: []Line{
			{Quantity: MustDecimal("2.50"), UnitPrice: MustDecimal("10.50"), VATRate: VAT23, Amount: MustDecimal("0")},
			{VATRate: VAT0Export, Name: "żółw 🐢 \"\\/\b\f\n\r\t"},
		},
		Payment: Payment{Accounts: []BankAccount{{Number: "PL38999900010000000012345678"}}},
	}
	want.Buyer.EUVAT.Country, want.Buyer.EUVAT.Number = "DE", "123456789"
	if diff := cmp.Diff(want, inv, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("invoice (-want +got):\n%s", diff)
	}
	if got := inv.Lines[0].UnitPrice.String(); got != "10.50" {
		t.Errorf("unitPrice is %q, want 10.50: decimals must stay as written", got)
	}
}

func TestInvoiceAsPartOfOtherJSON(t *testing.T) {
	t.Parallel()
	type envelope struct {
		Invoice *Invoice `json:"invoice"`
	}
	var e envelope
	if err := json.Unmarshal([]byte(`{"invoice": `+string(Sample())+`}`), &e); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := EncodeInvoice(e.Invoice)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), string(canonical)) {
		t.Errorf("encoding/json does not write the canonical form:\n%s", out)
	}
	err = json.Unmarshal([]byte(`{"invoice": {"nr": 1}}`), &e)
	if !problemsOf(t, err).Has(codeJSONUnknownField) {
		t.Errorf("encoding/json let an unknown field pass: %v", err)
	}
}

func TestEncodeInvoiceRefuses(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(*Invoice){
		"text that is not UTF-8":        func(inv *Invoice) { inv.Number = "\xff" },
		"date not in the calendar":      func(inv *Invoice) { inv.IssueDate.Month = 13 },
		"name of a line is not UTF-8":   func(inv *Invoice) { inv.Lines[0].Name = "a\xc3" },
		"note that holds half a U+20AC": func(inv *Invoice) { inv.Notes = []string{"\xe2\x82"} },
	} {
		inv := mustDecode(t, Sample())
		breakIt(inv)
		if out, err := EncodeInvoice(inv); err == nil {
			t.Errorf("%s was written: %s", name, out)
		}
		if _, err := json.Marshal(inv); err == nil {
			t.Errorf("%s was written by encoding/json", name)
		}
	}
}

func TestDecodeAndValidate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 16, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		edit func(string) string
		want []string
		read bool
	}{
		{"good", func(s string) string { return s }, nil, true},
		{"only rules", replace(`"1234563218"`, `"1234563219"`), []string{"/seller/nip nip.checksum"}, true},
		{
			"typo and rule", func(s string) string {
				return replace(`"issuePlace"`, `"issuePlac"`)(replace(`"1234563218"`, `"1234563219"`)(s))
			},
			[]string{"/seller/nip nip.checksum", "/issuePlac json.unknown_field"},
			false,
		},
		{"misspelt required field", replace(`"nip": "1234563218"`, `"nipp": "1234563218"`), []string{"/seller/nipp json.unknown_field"}, false},
		{"unreadable required field", replace(`"1234563218"`, `1234563218`), []string{"/seller/nip json.type"}, false},
		{"unreadable identifier", replace(`"5253012349"`, `5253012349`), []string{"/buyer/nip json.type"}, false},
		{"unreadable quantity", replace(`"40"`, `"forty"`), []string{"/lines/0/quantity decimal.format"}, false},
		{"unreadable lines", replace(`"lines": [`, `"lines": 5, "notes": [`), []string{"/lines json.type", "/notes json.duplicate", "/notes/0 json.type", "/notes/1 json.type", "/notes/2 json.type"}, false},
		{"syntax", replace(`"lines": [`, `"lines": ]`), []string{"/lines json.syntax"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv, problems := DecodeAndValidate([]byte(tt.edit(string(Sample()))), ValidateOptions{Now: now})
			if diff := cmp.Diff(tt.want, places(problems.Errors())); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if (inv != nil) != tt.read {
				t.Errorf("invoice returned: %v, want %v", inv != nil, tt.read)
			}
		})
	}
}

func replace(old, with string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("the sample does not contain " + old)
		}
		return strings.Replace(s, old, with, 1)
	}
}

// FuzzDecodeInvoice: no input may crash the decoder, every error is typed and
// placed, and what is read can be written and read again.
func FuzzDecodeInvoice(f *testing.F) {
	for _, s := range samples(f) {
		if len(s.json) < 4096 { // longer ones only slow the search down
			f.Add(s.json)
		}
	}
	for _, tt := range ruleCases() {
		if text, err := EncodeInvoice(tt.base()); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte(everyPart))
	for _, s := range []string{"", "{", `{"lines":[{"quantity":1e9}]}`, `{"seller":{"nip":null}}`, `[[[[`, `{"a":"\ud83d\ude00"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		inv, err := DecodeInvoice(data)
		if err != nil {
			if problemsOf(t, err).Err() == nil {
				t.Fatalf("an error without problems: %v", err)
			}
			DecodeAndValidate(data, ValidateOptions{})
			return
		}
		problems := inv.Validate(ValidateOptions{})
		out, err := EncodeInvoice(inv)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := DecodeInvoice(out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, out)
		}
		if diff := cmp.Diff(inv, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the invoice changed:\n%s", diff)
		}
		if problems.Err() == nil && !inv.IssueDate.IsZero() {
			roundTripFA3(t, inv)
		}
	})
}

func roundTripFA3(t *testing.T, inv *Invoice) {
	t.Helper()
	created := time.Date(2049, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := EncodeFA3(inv, created); err != nil && !problemsOf(t, err).Has(codeDocumentSize) {
		t.Fatalf("a valid invoice cannot be encoded: %v", err)
	}
	document, err := inv.FA3(created)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := FromFA3(document); err != nil {
		t.Fatalf("FromFA3 of our own document: %v", err)
	}
}
