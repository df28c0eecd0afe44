package pl_test

import (
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

func benchmark[T any](b *testing.B, parse func(string) (T, error), s string) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := parse(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseNIP(b *testing.B)       { benchmark(b, pl.ParseNIP, "1234563218") }
func BenchmarkParseNIPDashes(b *testing.B) { benchmark(b, pl.ParseNIP, "PL 123-456-32-18") }
func BenchmarkParseREGON(b *testing.B)     { benchmark(b, pl.ParseREGON, "36542187100013") }
func BenchmarkParsePESEL(b *testing.B)     { benchmark(b, pl.ParsePESEL, "99071512345") }
func BenchmarkParseNRB(b *testing.B)       { benchmark(b, pl.ParseNRB, "56999900010000200030004000") }
func BenchmarkParseIBAN(b *testing.B)      { benchmark(b, pl.ParseIBAN, "DE97999999990000012345") }
func BenchmarkParseVATUE(b *testing.B)     { benchmark(b, pl.ParseVATUE, "DE123456789") }
func BenchmarkParseDate(b *testing.B)      { benchmark(b, pl.ParseDate, "2026-02-01") }

func BenchmarkParseKSeFNumber(b *testing.B) {
	benchmark(b, pl.ParseKSeFNumber, "1234563218-20260201-0A1B2C3D4E5F-E1")
}

func BenchmarkDateOf(b *testing.B) {
	t := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		pl.DateOf(t)
	}
}

func BenchmarkDateAppendText(b *testing.B) {
	d, buf := pl.NewDate(2026, 2, 1), make([]byte, 0, 16)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = d.AppendText(buf[:0])
	}
}

// TestParsingDoesNotAllocate keeps the canonical spellings free of garbage.
func TestParsingDoesNotAllocate(t *testing.T) {
	instant := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	allocs := testing.AllocsPerRun(100, func() {
		_, _ = pl.ParseNIP("1234563218")
		_, _ = pl.ParseREGON("36542187100013")
		_, _ = pl.ParseKRS("0000123456")
		_, _ = pl.ParsePESEL("99071512345")
		_, _ = pl.ParseNRB("56999900010000200030004000")
		_, _ = pl.ParseIBAN("DE97999999990000012345")
		_, _ = pl.ParseVATUE("DE123456789")
		_, _ = pl.ParseKSeFNumber("1234563218-20260201-0A1B2C3D4E5F-E1")
		_, _ = pl.ParseInternalID("1234563218-00012")
		_, _ = pl.ParseDate("2026-02-01")
		pl.DateOf(instant)
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want none", allocs)
	}
}

func BenchmarkAddWorkdays(b *testing.B) {
	d := pl.NewDate(2026, 3, 31)
	b.ReportAllocs()
	for b.Loop() {
		d.AddWorkdays(7)
	}
}
