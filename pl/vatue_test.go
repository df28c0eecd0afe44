package pl_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

func TestParseVATUE(t *testing.T) {
	t.Parallel()
	valid := map[string][]string{
		"AT": {"U12345678"},
		"BE": {"0123456789", "1123456789"},
		"BG": {"123456789", "1234567890"},
		"CY": {"12345678X"},
		"CZ": {"12345678", "123456789", "1234567890"},
		"DE": {"123456789"},
		"DK": {"12345678"},
		"EE": {"123456789"},
		"EL": {"123456789"},
		"ES": {"A12345678", "12345678Z", "X1234567L"},
		"FI": {"12345678"},
		"FR": {"12345678901", "AB123456789", "A1123456789"},
		"HR": {"12345678901"},
		"HU": {"12345678"},
		"IE": {"1234567AB", "1A12345B", "1+12345B", "1*12345B"},
		"IT": {"12345678901"},
		"LT": {"123456789", "123456789012"},
		"LU": {"12345678"},
		"LV": {"12345678901"},
		"MT": {"12345678"},
		"NL": {"123456789B01", "+*ABCDEFGH01"},
		"PL": {"1234563218"},
		"PT": {"123456789"},
		"RO": {"12", "1234567890"},
		"SE": {"123456789012"},
		"SI": {"12345678"},
		"SK": {"1234567890"},
		"XI": {"123456789", "123456789012", "GD123", "HA123"},
	}
	if len(valid) != 28 {
		t.Fatalf("%d countries in the table, want 28", len(valid))
	}
	for country, numbers := range valid {
		for _, number := range numbers {
			want := pl.VATUE{Country: country, Number: number}
			got, err := pl.ParseVATUE(strings.ToLower(country) + " " + number)
			if err != nil {
				t.Errorf("ParseVATUE(%s%s): %v", country, number, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ParseVATUE(%s%s) (-want +got):\n%s", country, number, diff)
			}
		}
	}
}

func TestParseVATUERefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]error{
		"":                pl.ErrFormat,
		"D":               pl.ErrFormat,
		"DE":              pl.ErrFormat,
		"DE12345678":      pl.ErrFormat,
		"DE1234567890":    pl.ErrFormat,
		"DE12345678٩":     pl.ErrFormat,
		"GR123456789":     pl.ErrFormat, // Greece is EL
		"GB123456789":     pl.ErrFormat,
		"US123456789":     pl.ErrFormat,
		"ATX12345678":     pl.ErrFormat,
		"BE2123456789":    pl.ErrFormat,
		"XIGE123":         pl.ErrFormat,
		"XIBA123":         pl.ErrFormat,
		"NL123456789B0?":  pl.ErrFormat,
		"RO1":             pl.ErrFormat,
		"RO12345678901":   pl.ErrFormat,
		"IE1234567":       pl.ErrFormat,
		"PL0000000000":    pl.ErrFormat,
		"PL1234563219":    pl.ErrChecksum,
		"FR12 345 678.90": pl.ErrFormat,
	}
	for in, want := range tests {
		if got, err := pl.ParseVATUE(in); !errors.Is(err, want) || !got.IsZero() {
			t.Errorf("ParseVATUE(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
}

// TestVATUEShapes compares with the same patterns written as regular
// expressions, over many short texts.
func TestVATUEShapes(t *testing.T) {
	t.Parallel()
	want := regexp.MustCompile(`^(IE([0-9]{7}[A-Z]{2}|[0-9][A-Z0-9+*][0-9]{5}[A-Z])|XI(([0-9]{9}|[0-9]{12})|(GD|HA)[0-9]{3})|ES([A-Z][0-9]{8}|[0-9]{8}[A-Z]|[A-Z][0-9]{7}[A-Z]))$`)
	parts := []string{"", "G", "D", "HA", "1", "12345", "1234567", "+", "*", "Z", "AB", "9"}
	for _, country := range []string{"IE", "XI", "ES"} {
		for _, a := range parts {
			for _, b := range parts {
				for _, c := range parts {
					v := pl.VATUE{Country: country, Number: a + b + c}
					if got := v.Valid(); got != want.MatchString(v.String()) {
						t.Errorf("%s: Valid() = %v", v, got)
					}
				}
			}
		}
	}
}

func TestVATUEJSON(t *testing.T) {
	t.Parallel()
	type doc struct {
		VAT pl.VATUE `json:"vat,omitzero"`
	}
	var d doc
	if err := json.Unmarshal([]byte(`{"vat":"de 123 456 789"}`), &d); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"vat":"DE123456789"}`, string(out)); diff != "" {
		t.Errorf("encoded again (-want +got):\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`{"vat":""}`), &d); err != nil || !d.VAT.IsZero() {
		t.Errorf("the empty text decodes to %v, %v", d.VAT, err)
	}
	for _, bad := range []string{`{"vat":"DE1"}`, `{"vat":"` + strings.Repeat("1", 100) + `"}`} {
		if err := json.Unmarshal([]byte(bad), &d); !errors.Is(err, pl.ErrFormat) {
			t.Errorf("decoding %s: %v", bad, err)
		}
	}
	if _, err := (pl.VATUE{Country: "DE", Number: "1"}).MarshalText(); !errors.Is(err, pl.ErrFormat) {
		t.Errorf("encoding an invalid number: %v", err)
	}
}
