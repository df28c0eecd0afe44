package xsd

import (
	"math/big"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// simple compiles a type from a line of a table.
func simple(t testing.TB, line string) *Type {
	t.Helper()
	table, err := facts.Parse([]byte("namespace u\nroot\n  A 1 " + line + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	typ, err := compileType(table.Simple(table.Root))
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestValues(t *testing.T) {
	t.Parallel()
	for line, values := range map[string]map[string]Kind{
		"string minLength=2 maxLength=3": {"": Empty, "a": Length, "ab": Valid, "żół": Valid, "żółw": Length, "   ": Valid, " \n ": Valid, "𝄞𝄞𝄞": Valid},
		"token minLength=2 maxLength=3":  {"": Empty, "  ": Empty, " a ": Length, " a  b ": Valid, "a\n\tb": Valid, "a b c": Length},
		"normalizedString enum=a enum=`b c`": {
			"a": Valid, "b c": Valid, "b\tc": Valid, "b\nc": Valid, "b  c": Enum, " a": Enum, "": Empty, "A": Enum,
		},
		"token enum=`0 KR` enum=zw": {"0 KR": Valid, " 0  KR\n": Valid, "0KR": Enum, "zw": Valid},
		"string length=2":           {"ab": Valid, "a": Length, "abc": Length},
		"string pattern=[a-c]+":     {"abc": Valid, "d": Pattern, "abc ": Pattern, "": Empty},
		"decimal totalDigits=4 fractionDigits=2 minInclusive=-5 maxExclusive=100": {
			"0": Valid, "-0": Valid, "+1.50": Valid, "007": Valid, ".5": Valid, "5.": Valid, "99.99": Valid, "100": Range, "-5": Valid, "-5.01": Range, "1.230": Valid, "1.234": Digits,
			"100.0": Range, "x": Lexical, "1,5": Lexical, "": Empty, " 1 ": Valid, "1 1": Lexical, ".": Lexical, "-": Lexical, "1e3": Lexical,
		},
		"decimal enum=6.5 enum=7":           {"6.5": Valid, "06.50": Valid, "7.00": Valid, "+7": Valid, "6.51": Enum, "65": Enum},
		"byte":                              {"127": Valid, "128": Range, "-128": Valid, "-129": Range, "1.0": Lexical, "+000127": Valid},
		"byte enum=1":                       {"1": Valid, "01": Valid, "+1": Valid, "2": Enum, "true": Lexical},
		"nonNegativeInteger minExclusive=0": {"0": Range, "-0": Range, "1": Valid, "-1": Range},
		"positiveInteger totalDigits=3":     {"999": Valid, "1000": Digits, "0999": Valid, "0": Range},
		"unsignedLong":                      {"18446744073709551615": Valid, "18446744073709551616": Range},
		"date minInclusive=2006-01-01":      {"2006-01-01": Valid, "2005-12-31": Range, "2006-01-01Z": Range, "2006-01-02Z": Valid, "2006-01-01-14:00": Range, "2007-02-29": Lexical, "2008-02-29": Valid, "12007-01-01": Valid},
		"date maxExclusive=2006-01-01":      {"2006-01-01": Range, "2005-12-31": Valid, "-2005-12-31": Valid},
		"dateTime minInclusive=2021-10-01T00:00:00Z maxInclusive=2050-01-01T23:59:59Z": {
			"2021-10-01T00:00:00Z": Valid, "2021-10-01T00:00:00+00:01": Range, "2021-10-01T00:00:00-00:01": Valid, "2021-10-01T14:00:00": Range, "2021-10-01T14:00:00.1": Valid, "2021-10-01T14:00:01": Valid,
			"2050-01-01T23:59:59.000Z": Valid, "2050-01-01T23:59:59.001Z": Range, "2050-01-01T09:59:58": Valid, "2050-01-01T09:59:59": Range, "2026-02-01T24:00:00Z": Valid, "2026-02-01T24:00:01Z": Lexical,
			"2026-02-01T10:30:60Z": Lexical, "2026-02-01T10:30Z": Lexical, " 2026-02-01T10:30:00Z\n": Valid, "2026-02-01T10:30:00+14:01": Lexical, "2026-02-01T10:30:00+14:00": Valid, "2026-02-01T10:30:00.": Lexical,
		},
	} {
		typ := simple(t, line)
		got, scratch := map[string]Kind{}, new([]byte)
		for v := range values {
			got[v] = typ.Check([]byte(v), scratch)
		}
		if diff := cmp.Diff(values, got); diff != "" {
			t.Errorf("%s:\n%s", line, diff)
		}
	}
}

// TestNumbers compares with arbitrary-precision arithmetic.
func TestNumbers(t *testing.T) {
	t.Parallel()
	decimal := rapid.StringMatching(`[-+]?([0-9]{1,25}(\.[0-9]{0,10})?|\.[0-9]{1,10})`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimal.Draw(t, "a"), decimal.Draw(t, "b")
		x, ok := parseNumber([]byte(a), true)
		y, ok2 := parseNumber([]byte(b), true)
		p, ok3 := new(big.Rat).SetString(a)
		q, ok4 := new(big.Rat).SetString(b)
		if !ok || !ok2 || !ok3 || !ok4 {
			t.Fatalf("%s or %s is no number", a, b)
		}
		if got, want := x.compare(&y), p.Cmp(q); got < 0 != (want < 0) || got > 0 != (want > 0) {
			t.Fatalf("%s and %s: %d, want %d", a, b, got, want)
		}
	})
}

// TestInstants compares with package time.
func TestInstants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unix := rapid.Int64Range(-62135596800, 253402300799-86400).Draw(t, "unix")
		zone := time.FixedZone("", rapid.IntRange(-14*60, 14*60).Draw(t, "minutes")*60)
		want := time.Unix(unix, 0).In(zone)
		if want.Year() < 1 || want.Year() > 9999 {
			return
		}
		s := want.Format("2006-01-02T15:04:05-07:00")
		got, ok := parseDateTime([]byte(s))
		if !ok || got.seconds != unix || !got.zoned {
			t.Fatalf("%s: %+v", s, got)
		}
		day, ok := parseDate([]byte(want.Format("2006-01-02")))
		if midnight := time.Date(want.Year(), want.Month(), want.Day(), 0, 0, 0, 0, time.UTC); !ok || day.seconds != midnight.Unix() || day.zoned {
			t.Fatalf("%s: %+v", s, day)
		}
	})
}

func TestTypeDescription(t *testing.T) {
	t.Parallel()
	natural := simple(t, "nonNegativeInteger totalDigits=14 minExclusive=0")
	number, whole := natural.Number()
	date, _ := natural.Date()
	if natural.Least != "1" || natural.TotalDigits != 14 || !number || !whole || date {
		t.Errorf("%+v", natural)
	}
	if _, clock := simple(t, "dateTime").Date(); !clock {
		t.Error("a dateTime has a clock")
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"unknown base": "A 1 anyURI", "bad pattern": `A 1 string pattern=\p{L}`, "bound of a text": "A 1 string minInclusive=3", "bound that is no number": "A 1 decimal minInclusive=x",
		"bound that is no date": "A 1 date maxInclusive=1", "length that is no number": "A 1 string maxLength=x", "repeated group": "A 1 struct\n    group 0..2\n      B 1 string",
		"required twice": "A 1 struct\n    B 2..3 string", "attribute of unknown type": "A 1 string\n    @b 1 anyURI",
	} {
		table, err := facts.Parse([]byte("namespace u\nroot\n  R 1 struct\n    " + body + "\n"))
		if err != nil {
			table, err = facts.Parse([]byte("namespace u\nroot\n  " + body + "\n"))
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := Compile(table); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
}
