package money_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/money"
)

func TestRound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in     string
		places int32
		want   string
	}{
		{"0.005", 2, "0.01"},
		{"-0.005", 2, "-0.01"},
		{"0.0049999999", 2, "0.00"},
		{"-0.0049999999", 2, "0.00"},
		{"1.005", 2, "1.01"}, // binary floating point says 1.00
		{"2.675", 2, "2.68"},
		{"2.665", 2, "2.67"}, // banker's rounding says 2.66
		{"-2.665", 2, "-2.67"},
		{"23.0805", 2, "23.08"},
		{"9.995", 2, "10.00"},
		{"12", 2, "12.00"},
		{"12.3", 2, "12.30"},
		{"4.5", 0, "5"},
		{"-4.5", 0, "-5"},
		{"149", -2, "100"},
		{"150", -2, "200"},
		{"50", -2, "100"},
		{"49", -2, "0"},
		{"5", -2, "0"},
		{"999999999999999999.5", 0, "1000000000000000000"},
		{"123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"},
		{"-123456789012345678901234567890.125", 2, "-123456789012345678901234567890.13"},
		{"0.500000000000000000", 0, "1"},
		{"0.499999999999999999", 0, "0"},
		{"0.000000000000000000000000000001", 2, "0.00"},
		{"0.000999999999999999999", 2, "0.00"}, // 18 digits, 19 places to drop
		{"0.00999999999999999999", 2, "0.01"},
	}
	for _, tt := range tests {
		got := money.Round(decimal.RequireFromString(tt.in), tt.places)
		if diff := cmp.Diff(tt.want, got.StringFixed(max(tt.places, 0))); diff != "" {
			t.Errorf("Round(%s, %d) (-want +got):\n%s", tt.in, tt.places, diff)
		}
	}
}

func TestRoundExtremeExponents(t *testing.T) {
	t.Parallel()
	tiny := decimal.New(9, -2_000_000_000)
	if got := money.Grosze(tiny); !got.IsZero() {
		t.Errorf("Grosze of 9·10^-2000000000 is not zero")
	}
	huge := decimal.New(9, 2_000_000_000)
	if got := money.Grosze(huge); got.Exponent() != huge.Exponent() {
		t.Errorf("Grosze of 9·10^2000000000 changed its exponent to %d", got.Exponent())
	}
	if money.Fits(tiny, 16, 2) || money.Fits(huge, 16, 2) {
		t.Error("Fits accepts numbers of two thousand million digits")
	}
}

// genDecimal draws numbers on both sides of the int64 path.
func genDecimal() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,24})`).Draw(t, "coefficient")
		coefficient, _ := new(big.Int).SetString(text, 10)
		return decimal.NewFromBigInt(coefficient, rapid.Int32Range(-24, 4).Draw(t, "exponent"))
	})
}

// TestRoundIsNearest compares with exact rational arithmetic: the result is a
// multiple of the unit, at most half a unit away, and on a tie further from
// zero.
func TestRoundIsNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := genDecimal().Draw(t, "d")
		places := rapid.Int32Range(-3, 10).Draw(t, "places")
		got := money.Round(d, places)

		if !got.Shift(places).IsInteger() {
			t.Fatalf("Round(%s, %d) = %s has more places", d, places, got)
		}
		distance := new(big.Rat).Sub(got.Rat(), d.Rat())
		twice := distance.Abs(distance).Mul(distance, big.NewRat(2, 1))
		switch twice.Cmp(decimal.New(1, -places).Rat()) {
		case 1:
			t.Fatalf("Round(%s, %d) = %s is not the nearest", d, places, got)
		case 0:
			if got.Abs().LessThan(d.Abs()) {
				t.Fatalf("Round(%s, %d) = %s: half went towards zero", d, places, got)
			}
		}
	})
}

func TestRoundLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := genDecimal().Draw(t, "d")
		e := genDecimal().Draw(t, "e")
		places := rapid.Int32Range(-3, 10).Draw(t, "places")
		before := d.String()
		once := money.Round(d, places)
		if twice := money.Round(once, places); !twice.Equal(once) {
			t.Fatalf("rounding %s again gives %s", once, twice)
		}
		if mirrored := money.Round(d.Neg(), places); !mirrored.Equal(once.Neg()) {
			t.Fatalf("Round(-(%s)) = %s, want %s", d, mirrored, once.Neg())
		}
		if d.LessThan(e) && once.GreaterThan(money.Round(e, places)) {
			t.Fatalf("rounding turned the order of %s and %s round", d, e)
		}
		if d.String() != before {
			t.Fatalf("Round changed its argument %s to %s", before, d)
		}
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in              string
		maxInt, maxFrac int
		want            string
		err             error
	}{
		{"0", 16, 2, "0", nil},
		{"-0", 16, 2, "0", nil},
		{"0.00", 16, 2, "0.00", nil},
		{"-0.01", 16, 2, "-0.01", nil},
		{"1234567890123456.78", 16, 2, "1234567890123456.78", nil},
		{"9999999999999999", 16, 2, "9999999999999999", nil},
		{"123456789012345678901.123456789", 22, 9, "123456789012345678901.123456789", nil},
		{"-123456789012345678901.5", 22, 9, "-123456789012345678901.5", nil},
		{"12345678901234567.00", 16, 2, "", money.ErrTooLarge},
		{"12345678901234567", 16, 2, "", money.ErrTooLarge},
		{"1.234", 16, 2, "", money.ErrTooPrecise},
		{"1.0", 16, 0, "", money.ErrTooPrecise},
		{"1." + strings.Repeat("0", 1000), 16, 2, "", money.ErrTooPrecise},
		{strings.Repeat("9", 1<<20), 16, 2, "", money.ErrTooLarge},
		{strings.Repeat(" ", 1<<20), 16, 2, "", money.ErrSyntax},
		{"", 16, 2, "", money.ErrSyntax},
		{"-", 16, 2, "", money.ErrSyntax},
		{"--1", 16, 2, "", money.ErrSyntax},
		{"+1", 16, 2, "", money.ErrSyntax},
		{".5", 16, 2, "", money.ErrSyntax},
		{"5.", 16, 2, "", money.ErrSyntax},
		{".", 16, 2, "", money.ErrSyntax},
		{"007", 16, 2, "", money.ErrSyntax},
		{"00", 16, 2, "", money.ErrSyntax},
		{"1,5", 16, 2, "", money.ErrSyntax},
		{"1.2.3", 16, 4, "", money.ErrSyntax},
		{"1e5", 16, 2, "", money.ErrSyntax},
		{"1E-5", 16, 2, "", money.ErrSyntax},
		{"0x10", 16, 2, "", money.ErrSyntax},
		{"1_000", 16, 2, "", money.ErrSyntax},
		{" 1", 16, 2, "", money.ErrSyntax},
		{"1 ", 16, 2, "", money.ErrSyntax},
		{"NaN", 16, 2, "", money.ErrSyntax},
		{"١٢", 16, 2, "", money.ErrSyntax},
		{"１２", 16, 2, "", money.ErrSyntax},
	}
	for _, tt := range tests {
		name := tt.in[:min(len(tt.in), 40)]
		got, err := money.Parse(tt.in, tt.maxInt, tt.maxFrac)
		if !errors.Is(err, tt.err) {
			t.Errorf("Parse(%q): error %v, want %v", name, err, tt.err)
			continue
		}
		if tt.err != nil {
			continue
		}
		if diff := cmp.Diff(tt.want, got.StringFixed(-got.Exponent())); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", name, diff)
		}
	}
}

func TestParseReadsWhatFixedWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := genDecimal().Draw(t, "d")
		places := rapid.Int32Range(0, 20).Draw(t, "places")
		text := money.Fixed(d, places)
		if want := d.StringFixed(places); text != want && !money.Round(d, places).IsZero() {
			t.Fatalf("Fixed(%s, %d) = %s, want %s", d, places, text, want)
		}
		back, err := money.Parse(text, 40, 24)
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		if !back.Equal(money.Round(d, places)) {
			t.Fatalf("%s came back as %s", text, back)
		}
		if !money.Fits(back, 40, int(places)) {
			t.Fatalf("Fits refuses %s", back)
		}
	})
}

func TestFormat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in                  string
		fixed               int32
		min, max            int32
		wantFixed, wantTrim string
	}{
		{"0", 2, 0, 6, "0.00", "0"},
		{"-0.001", 2, 0, 2, "0.00", "0"},
		{"10", 2, 2, 8, "10.00", "10.00"},
		{"10.125", 2, 2, 8, "10.13", "10.125"},
		{"10.100", 2, 0, 6, "10.10", "10.1"},
		{"-0.5", 0, 0, 6, "-1", "-0.5"},
		{"1000", 0, 0, 0, "1000", "1000"},
		{"-12.3456789", 4, 0, 6, "-12.3457", "-12.345679"},
		{"123456789012345678901.5", 2, 0, 6, "123456789012345678901.50", "123456789012345678901.5"},
	}
	for _, tt := range tests {
		d := decimal.RequireFromString(tt.in)
		if diff := cmp.Diff(tt.wantFixed, money.Fixed(d, tt.fixed)); diff != "" {
			t.Errorf("Fixed(%s, %d) (-want +got):\n%s", tt.in, tt.fixed, diff)
		}
		if diff := cmp.Diff(tt.wantTrim, money.Trimmed(d, tt.min, tt.max)); diff != "" {
			t.Errorf("Trimmed(%s, %d, %d) (-want +got):\n%s", tt.in, tt.min, tt.max, diff)
		}
	}
	if got := string(money.AppendFixed([]byte("PLN "), decimal.New(12345, -2), 2)); got != "PLN 123.45" {
		t.Errorf("AppendFixed = %q", got)
	}
	if got := money.Fixed(decimal.New(15, 3), 2); got != "15000.00" {
		t.Errorf("Fixed(15·10³, 2) = %q", got)
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want bool
	}{
		{"0", true},
		{"0.000", true},
		{"999.99", true},
		{"-999.99", true},
		{"1000", false},
		{"999.990", true},
		{"999.999", false},
		{"0.001", false},
		{"0.0000000000000000000000001", false},
		{"1.0000000000000000000000000", true},
		{"1.0000000000000000000000001", false},
	}
	for _, tt := range tests {
		if got := money.Fits(decimal.RequireFromString(tt.in), 3, 2); got != tt.want {
			t.Errorf("Fits(%s, 3, 2) = %v, want %v", tt.in, got, tt.want)
		}
	}
}

// FuzzParse holds Parse against its grammar and its bounds.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"0", "-0", "12.50", "1e9", "+1", "007", ".5", "5.", "99999999999999999.999", "١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := money.Parse(s, 16, 4)
		if err != nil {
			return
		}
		if back := d.StringFixed(-d.Exponent()); back != s && "-"+back != s {
			t.Fatalf("Parse(%q) reads %s", s, back)
		}
		if !money.Fits(d, 16, 4) {
			t.Fatalf("Parse(%q) is beyond its bounds", s)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Parse("1234567.89", 16, 2); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRound(b *testing.B) {
	d := decimal.RequireFromString("1234567.895")
	b.ReportAllocs()
	for b.Loop() {
		money.Round(d, 2)
	}
}

func BenchmarkAppendFixed(b *testing.B) {
	d := decimal.RequireFromString("1234567.89")
	buf := make([]byte, 0, 32)
	b.ReportAllocs()
	for b.Loop() {
		buf = money.AppendFixed(buf[:0], d, 2)
	}
}
