package pl_test

import (
	"errors"
	"testing"

	"github.com/faktupro/faktupro-go/pl"
)

// fuzzParser holds a parser to what all promise: typed errors without a value,
// valid results, and results that parse to themselves.
func fuzzParser(f *testing.F, kind string) {
	parse := parsers[kind]
	for _, tt := range identifierTests {
		if tt.kind == kind {
			f.Add(tt.in)
		}
	}
	f.Add("DE123456789")
	f.Fuzz(func(t *testing.T, s string) {
		got, valid, err := parse(s)
		if err != nil {
			if parseErr, ok := errors.AsType[*pl.ParseError](err); !ok || parseErr.Kind != kind || got != "" {
				t.Fatalf("parse(%q) = %q, %v", s, got, err)
			}
			return
		}
		if !valid || len(got) > len(s) {
			t.Fatalf("parse(%q) = %q, valid %v", s, got, valid)
		}
		if again, _, err := parse(got); err != nil || again != got {
			t.Fatalf("parse(%q) = %q, which parses to %q, %v", s, got, again, err)
		}
	})
}

func FuzzParseNIP(f *testing.F)        { fuzzParser(f, "NIP") }
func FuzzParseREGON(f *testing.F)      { fuzzParser(f, "REGON") }
func FuzzParseKRS(f *testing.F)        { fuzzParser(f, "KRS") }
func FuzzParsePESEL(f *testing.F)      { fuzzParser(f, "PESEL") }
func FuzzParseNRB(f *testing.F)        { fuzzParser(f, "NRB") }
func FuzzParseIBAN(f *testing.F)       { fuzzParser(f, "IBAN") }
func FuzzParseKSeFNumber(f *testing.F) { fuzzParser(f, "KSeF number") }
func FuzzParseInternalID(f *testing.F) { fuzzParser(f, "internal ID") }
func FuzzParseVATUE(f *testing.F)      { fuzzParser(f, "VAT-UE number") }

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-02-01", "2026-02-30", "0000-00-00", "9999-12-31", "2024-02-29", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := pl.ParseDate(s)
		if err == nil && (d.String() != s || !d.Valid()) {
			t.Fatalf("ParseDate(%q) = %v", s, d)
		}
		if err != nil && (!errors.Is(err, pl.ErrFormat) || !d.IsZero()) {
			t.Fatalf("ParseDate(%q) = %v, %v", s, d, err)
		}
	})
}
