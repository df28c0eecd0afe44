package fa3

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestDecimalValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[Decimal]string{
		"0": "0", "-0": "0", "-0.00": "0", "12.50": "12.5", "+1.0": "1", ".5": "0.5", "5.": "5", "-.5": "-0.5",
		"007": "7", "-123456789012345.67": "-123456789012345.67", "100.0000000": "100",
		Decimal(strings.Repeat("0", 500) + "1." + strings.Repeat("0", 500)): "1",
	} {
		got, err := text.Value()
		if err != nil || !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []Decimal{"", "-", "+", ".", "1e3", "1,5", "1.2.3", " 1", "NaN", "٣", Decimal(strings.Repeat("9", 41))} {
		if _, err := text.Value(); !errors.Is(err, ErrDecimal) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestDecimalText(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString
	got := []Decimal{
		Amount(d("12")), Amount(d("0.005")), Amount(d("-0.005")), Amount(d("-0.001")), Amount(d("1e15")),
		UnitPrice(d("50")), UnitPrice(d("0.123456785")), UnitPrice(d("33.333")), UnitPrice(d("1.50")),
		Quantity(d("2")), Quantity(d("2.50")), Quantity(d("0.1234565")), Quantity(d("4.2700")),
	}
	want := []Decimal{
		"12.00", "0.01", "-0.01", "0.00", "1000000000000000.00",
		"50.00", "0.12345679", "33.333", "1.50",
		"2", "2.5", "0.123457", "4.27",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDateTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[DateTime]string{
		"2026-02-03T08:15:30Z":                  "2026-02-03T08:15:30Z",
		"2026-02-03T08:15:30+01:00":             "2026-02-03T07:15:30Z",
		"2026-02-03T08:15:30-14:00":             "2026-02-03T22:15:30Z",
		"2026-02-03T08:15:30.25Z":               "2026-02-03T08:15:30.25Z",
		"2026-02-03T24:00:00Z":                  "2026-02-04T00:00:00Z",
		"2026-02-03T24:00:00.000Z":              "2026-02-04T00:00:00Z",
		"2026-02-03T08:15:30":                   "2026-02-03T07:15:30Z", // winter time
		"2026-07-03T08:15:30":                   "2026-07-03T06:15:30Z", // summer time
		"2026-02-03T08:15:30.1234567891234567Z": "2026-02-03T08:15:30.123456789Z",
	} {
		got, err := text.Time()
		if err != nil || got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%s: %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []DateTime{
		"", "2026-02-03", "2026-02-03T08:15Z", "2026-02-03T08:15:60Z", "2026-02-03T25:00:00Z", "2026-02-03T24:00:01Z",
		"2026-02-30T08:15:30Z", "2026-02-03T08:15:30z", "2026-02-03T08:15:30.Z", "2026-02-03T08:15:30+15:00",
		"2026-02-03T08:15:30+14:01", "2026-02-03T08:15:30+0100", "2026-02-03T08:15:30Z ", "2026-02-03 08:15:30Z", "T08:15:30Z", "2026-02-03T",
	} {
		if got, err := text.Time(); !errors.Is(err, ErrDateTime) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	at := time.Date(2026, 2, 3, 9, 15, 30, 999, time.FixedZone("", 3600))
	if got := NewDateTime(at); got != "2026-02-03T08:15:30Z" {
		t.Errorf("wrote %s", got)
	}
}

func TestCodeLists(t *testing.T) {
	t.Parallel()
	valid := []bool{TKodWaluty("PLN").Valid(), TKodKraju("GR").Valid(), TKodyKrajowUE("EL").Valid(), RateExempt.Valid(), KindKOR_ROZ.Valid(), RoleEmployee.Valid(), GTU13.Valid()}
	invalid := []bool{TKodWaluty("").Valid(), TKodWaluty("pln").Valid(), TKodKraju("EL").Valid(), TKodyKrajowUE("GR").Valid(), TStawkaPodatku("19").Valid(), TRodzajTransportu("6").Valid()}
	for i, ok := range append(valid, invalid...) {
		if ok != (i < len(valid)) {
			t.Errorf("verdict %d is %v", i, ok)
		}
	}
}

func TestMarshalLimits(t *testing.T) {
	t.Parallel()
	f := sample(1)
	f.Fa.P_2 = strings.Repeat("x", MaxSize)
	if _, err := Marshal(f); !errors.Is(err, ErrSize) {
		t.Errorf("1 MB without attachment: %v", err)
	}
	f.Zalacznik = attachmentSample().Zalacznik
	if _, err := Marshal(f); err != nil {
		t.Errorf("1 MB with attachment: %v", err)
	}
	f.Fa.P_2 = strings.Repeat("x", MaxSizeWithAttachment)
	if _, err := Marshal(f); !errors.Is(err, ErrSize) {
		t.Errorf("3 MB with attachment: %v", err)
	}
	for _, bad := range []string{"\x00", "\x1f", "\xff", "\uFFFE", "\xED\xA0\x80"} {
		f := sample(1)
		f.Fa.P_2 = bad
		if _, err := Marshal(f); !errors.Is(err, ErrCharacter) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
