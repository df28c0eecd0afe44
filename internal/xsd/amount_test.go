package xsd

import (
	"fmt"
	"testing"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// amountType compiles a decimal type with a pattern like that of amounts.
func amountType(t testing.TB, whole, fraction int, more ...facts.Facet) *Type {
	t.Helper()
	typ, err := compileType(&facts.Type{Base: "decimal", Facets: append(more, facts.Facet{
		Name: "pattern", Value: fmt.Sprintf(amountPattern, whole, fraction),
	})})
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// TestAmountShape: only types whose pattern says all that there is to say take
// the short way.
func TestAmountShape(t *testing.T) {
	t.Parallel()
	facet := func(name, value string) facts.Facet { return facts.Facet{Name: name, Value: value} }
	for name, tt := range map[string]struct {
		typ   *Type
		short bool
	}{
		"pattern alone":      {amountType(t, 15, 2), true},
		"equal facets":       {amountType(t, 15, 2, facet("totalDigits", "18"), facet("fractionDigits", "2")), true},
		"fewer digits":       {amountType(t, 15, 2, facet("totalDigits", "17")), false},
		"fewer places":       {amountType(t, 15, 2, facet("fractionDigits", "1")), false},
		"bound":              {amountType(t, 15, 2, facet("minInclusive", "0")), false},
		"another pattern":    {amountType(t, 15, 2, facet("pattern", "x")), false},
		"enumeration":        {amountType(t, 15, 2, facet("enum", "1")), false},
		"no pattern":         {&Type{kind: decimalValue}, false},
		"text with the same": {&Type{Patterns: []string{`-?([1-9]\d{0,15}|0)(\.\d{1,2})?`}}, false},
	} {
		if short := tt.typ.amountShape() != nil; short != tt.short {
			t.Errorf("%s: %v", name, short)
		}
	}
}

// FuzzAmount compares the short way with the long one.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{
		"0", "-0", "0.00", "-0.01", "00", "01", "1.", ".5", "+1", "1.234", "1.23", "123456789012345678", "1234567890123456",
		"1234567890123456.78", "-1234567890123456.78", "12345678901234567", " 1", "1 ", "", "-", "1,5", "1e3", "٣", "1.٣", "--1", "1..2",
	} {
		f.Add(s, uint8(15), uint8(2))
	}
	f.Fuzz(func(t *testing.T, s string, whole, fraction uint8) {
		typ := amountType(t, int(whole%18), int(fraction%9)+1, facts.Facet{Name: "totalDigits", Value: "27"})
		long := *typ
		long.amount = nil
		if typ.amount == nil {
			t.Fatal("not recognised")
		}
		var scratch []byte
		if got, want := typ.Check([]byte(s), &scratch), long.Check([]byte(s), &scratch); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
		if legal := long.Check([]byte(s), &scratch) == Valid; legal && trim([]byte(s)) != nil && !typ.amount.fits(trim([]byte(s))) && isASCII(s) {
			t.Errorf("%q takes the long way", s)
		}
	})
}

func isASCII(s string) bool {
	for _, r := range s {
		if r > 0x7F {
			return false
		}
	}
	return true
}
