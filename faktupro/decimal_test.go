package faktupro

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0", "1", "-1", "10.50", "0.00000001", "-0.10", "9999999999999999.99999999", "1234.500"} {
		got, err := ParseDecimal(s)
		if err != nil || got.String() != s || !got.Given() {
			t.Errorf("ParseDecimal(%q) = %q, %v", s, got, err)
		}
	}
	bad := []string{
		"", " 1", "1 ", "+1", "01", "-", ".5", "5.", "1e2", "1E2", "0x1", "1_000", "1,5", "NaN", "Inf", "--1", "1.2.3", "٣",
		"12345678901234567", "1.123456789", strings.Repeat("9", 1_000_000), "0." + strings.Repeat("0", 1_000_000),
	}
	for _, s := range bad {
		if got, err := ParseDecimal(s); !errors.Is(err, ErrDecimal) || got.Given() {
			t.Errorf("ParseDecimal(%.20q) = %v, %v, want ErrDecimal", s, got, err)
		}
	}
}

func TestDecimalNotGiven(t *testing.T) {
	t.Parallel()
	var none Decimal
	zero := MustDecimal("0")
	if none.Given() || !none.IsZero() || none.String() != "" || none.Fixed(2) != "" || none.Sign() != 0 {
		t.Errorf("the zero Decimal is %q", none)
	}
	if none.Equal(zero) || zero.IsZero() || !none.Add(zero).Given() {
		t.Error("not given and the number 0 are mixed up")
	}
	out, err := json.Marshal(struct {
		A Decimal `json:"a"`
		B Decimal `json:"b,omitzero"`
		C Decimal `json:"c,omitzero"`
	}{B: zero})
	if err != nil || string(out) != `{"a":"","b":"0"}` {
		t.Errorf("as JSON: %s, %v", out, err)
	}
	for _, text := range []string{`"x"`, `"1e1"`} {
		if err := json.Unmarshal([]byte(text), &none); !errors.Is(err, ErrDecimal) {
			t.Errorf("Unmarshal(%s): %v", text, err)
		}
	}
	if err := json.Unmarshal([]byte(`"1.20"`), &none); err != nil || none.String() != "1.20" {
		t.Errorf("Unmarshal: %v, %v", none, err)
	}
	if err := json.Unmarshal([]byte(`""`), &none); err != nil || none.Given() {
		t.Errorf("Unmarshal of nothing: %v, %v", none, err)
	}
}

func TestDecimalArithmetic(t *testing.T) {
	t.Parallel()
	tests := []struct{ got, want string }{
		{MustDecimal("1.5").Add(MustDecimal("0.25")).String(), "1.75"},
		{MustDecimal("1.50").Sub(MustDecimal("2")).String(), "-0.50"},
		{DecimalFromGrosze(1050).String(), "10.50"},
		{DecimalFromGrosze(-5).String(), "-0.05"},
		{DecimalFromInt(7).Fixed(2), "7.00"},
		{MustDecimal("2.005").Fixed(2), "2.01"},
		{MustDecimal("-2.005").Fixed(2), "-2.01"},
		{MustDecimal("2.0049").Fixed(2), "2.00"},
		{MustDecimal("2.5").Fixed(-1), "3"},
	}
	for i, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("case %d: %s, want %s", i, tt.got, tt.want)
		}
	}
	if MustDecimal("1.5").Cmp(MustDecimal("1.50")) != 0 || !MustDecimal("1.5").Equal(MustDecimal("1.50")) {
		t.Error("1.5 and 1.50 are not the same number")
	}
	defer func() {
		if recover() == nil {
			t.Error("MustDecimal took a comma")
		}
	}()
	MustDecimal("1,5")
}

// TestDecimalText: what is written is read back with the same digits.
func TestDecimalText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,8})?`).Draw(t, "number")
		number, err := ParseDecimal(s)
		if err != nil {
			t.Fatalf("ParseDecimal(%q): %v", s, err)
		}
		back, err := ParseDecimal(number.String())
		if err != nil || !back.Equal(number) {
			t.Fatalf("%q was written as %q (%v)", s, number, err)
		}
		if number.Sign() != 0 && number.String() != s {
			t.Fatalf("%q was written as %q", s, number)
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1", "-0.5", "1e9", "9999999999999999.99999999", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, err := ParseDecimal(s)
		if err != nil {
			return
		}
		if back, err := ParseDecimal(number.String()); err != nil || !back.Equal(number) {
			t.Errorf("%q was written as %q (%v)", s, number, err)
		}
	})
}
