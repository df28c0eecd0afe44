package pl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

// parsers reads every identifier as plain text, for tests that hold for all.
var parsers = map[string]func(string) (string, bool, error){
	"NIP":         parser(pl.ParseNIP),
	"REGON":       parser(pl.ParseREGON),
	"KRS":         parser(pl.ParseKRS),
	"PESEL":       parser(pl.ParsePESEL),
	"NRB":         parser(pl.ParseNRB),
	"IBAN":        parser(pl.ParseIBAN),
	"KSeF number": parser(pl.ParseKSeFNumber),
	"internal ID": parser(pl.ParseInternalID),
	"VAT-UE number": func(s string) (string, bool, error) {
		v, err := pl.ParseVATUE(s)
		return v.String(), v.Valid(), err
	},
}

type identifier interface {
	~string
	Valid() bool
}

func parser[T identifier](parse func(string) (T, error)) func(string) (string, bool, error) {
	return func(s string) (string, bool, error) {
		v, err := parse(s)
		return string(v), v.Valid(), err
	}
}

var identifierTests = []struct {
	kind, in, want string
	err            error
}{
	{"NIP", "1234563218", "1234563218", nil},
	{"NIP", "PL1234563218", "1234563218", nil},
	{"NIP", "pl 123-456-32-18", "1234563218", nil},
	{"NIP", " 123 456 32 18\n", "1234563218", nil},
	{"NIP", "PL-1234563218", "1234563218", nil},
	{"NIP", "1111111111", "1111111111", nil}, // in use on the KSeF test environment
	{"NIP", "1012345679", "1012345679", nil},
	{"NIP", "1234563219", "", pl.ErrChecksum},
	{"NIP", "1234563281", "", pl.ErrChecksum}, // two digits swapped
	{"NIP", "0000000000", "", pl.ErrFormat},
	{"NIP", "0123456789", "", pl.ErrFormat},
	{"NIP", "1003456789", "", pl.ErrFormat},
	{"NIP", "123456321", "", pl.ErrFormat},
	{"NIP", "12345632188", "", pl.ErrFormat},
	{"NIP", "DE1234563218", "", pl.ErrFormat},
	{"NIP", "123.456.32.18", "", pl.ErrFormat},
	{"NIP", "123456321８", "", pl.ErrFormat}, // full-width 8
	{"NIP", "123456321٨", "", pl.ErrFormat}, // Arabic 8
	{"NIP", "1234563218\x00", "", pl.ErrFormat},
	{"NIP", "1234563218" + strings.Repeat(" ", 60), "", pl.ErrFormat},

	{"REGON", "123456785", "123456785", nil},
	{"REGON", "123-456-785", "123456785", nil},
	{"REGON", "365421180", "365421180", nil}, // remainder 10 is written 0
	{"REGON", "36542187100013", "36542187100013", nil},
	{"REGON", "36542187100000", "365421871", nil}, // the entity itself
	{"REGON", "123456784", "", pl.ErrChecksum},
	{"REGON", "36542187100014", "", pl.ErrChecksum},
	{"REGON", "36542187000013", "", pl.ErrChecksum}, // entity part wrong
	{"REGON", "36542187000000", "", pl.ErrChecksum},
	{"REGON", "000000000", "", pl.ErrFormat},
	{"REGON", "00000000000000", "", pl.ErrFormat},
	{"REGON", "12345678", "", pl.ErrFormat},
	{"REGON", "1234567850", "", pl.ErrFormat},
	{"REGON", "12345678x", "", pl.ErrFormat},

	{"KRS", "0000123456", "0000123456", nil},
	{"KRS", "0000 123 456", "0000123456", nil},
	{"KRS", "0000000000", "", pl.ErrFormat},
	{"KRS", "123456", "", pl.ErrFormat},
	{"KRS", "00001234567", "", pl.ErrFormat},
	{"KRS", "KRS0000123", "", pl.ErrFormat},

	{"PESEL", "99071512345", "99071512345", nil},
	{"PESEL", "990715-12345", "99071512345", nil},
	{"PESEL", "04422900027", "04422900027", nil},
	{"PESEL", "99071512346", "", pl.ErrChecksum},
	{"PESEL", "99022900014", "", pl.ErrFormat}, // 29 February 1999
	{"PESEL", "00222900092", "00222900092", nil},
	{"PESEL", "00000000000", "", pl.ErrFormat},
	{"PESEL", "9907151234", "", pl.ErrFormat},
	{"PESEL", "9907151234a", "", pl.ErrFormat},

	{"NRB", "56999900010000200030004000", "56999900010000200030004000", nil},
	{"NRB", "56 9999 0001 0000 2000 3000 4000", "56999900010000200030004000", nil},
	{"NRB", "PL56 9999 0001 0000 2000 3000 4000", "56999900010000200030004000", nil},
	{"NRB", "56-9999-0001-0000-2000-3000-4000", "56999900010000200030004000", nil},
	{"NRB", "98047893602913369438602015", "98047893602913369438602015", nil},
	{"NRB", "01047893602913369438602015", "", pl.ErrChecksum}, // 01 is 98 modulo 97
	{"NRB", "02503116894281484544739801", "02503116894281484544739801", nil},
	{"NRB", "99503116894281484544739801", "", pl.ErrChecksum}, // 99 is 2 modulo 97
	{"NRB", "56999900010000200030004001", "", pl.ErrChecksum},
	{"NRB", "56999900010000200030000400", "", pl.ErrChecksum},
	{"NRB", "00000000000000000000000000", "", pl.ErrFormat},
	{"NRB", "5699990001000020003000400", "", pl.ErrFormat},
	{"NRB", "DE56999900010000200030004000", "", pl.ErrFormat},

	{"IBAN", "PL56999900010000200030004000", "PL56999900010000200030004000", nil},
	{"IBAN", "pl56 9999 0001 0000 2000 3000 4000", "PL56999900010000200030004000", nil},
	{"IBAN", "56999900010000200030004000", "", pl.ErrFormat},
	{"IBAN", "PL3299990001000020003000", "", pl.ErrFormat},
	{"IBAN", "PL57999900010000200030004000", "", pl.ErrChecksum},
	{"IBAN", "D132999900010000", "", pl.ErrFormat},
	{"IBAN", "DE32", "", pl.ErrFormat},
	{"IBAN", "", "", pl.ErrFormat},

	{"KSeF number", "1234563218-20260201-0A1B2C3D4E5F-E1", "1234563218-20260201-0A1B2C3D4E5F-E1", nil},
	{"KSeF number", "1234563218-20240229-FFFFFF000001-F0", "1234563218-20240229-FFFFFF000001-F0", nil},
	{"KSeF number", "1234563218-20260201-0000000000E8-00", "1234563218-20260201-0000000000E8-00", nil},
	{"KSeF number", " 1234563218-20260201-0A1B2C3D4E5F-E1\r\n", "1234563218-20260201-0A1B2C3D4E5F-E1", nil},
	{"KSeF number", "1234563218-20260201-0A1B2C-3D4E5F-E1", "1234563218-20260201-0A1B2C-3D4E5F-E1", nil},
	{"KSeF number", "1234563218-20260201-0A1B2C-3D4E5F-C5", "1234563218-20260201-0A1B2C-3D4E5F-C5", nil},
	{"KSeF number", "1234563218-20260201-0A1B2C-3D4E5F-E2", "", pl.ErrChecksum},
	{"KSeF number", "1234563218-20260201-0A1B2C3D4E5F-C5", "", pl.ErrChecksum},
	{"KSeF number", "1234563218-20260201-0A1B2C3D4E5F-E2", "", pl.ErrChecksum},
	{"KSeF number", "1234563218-20260201-0A1B2C3D4E5F-CA", "", pl.ErrChecksum}, // right without the 27th character
	{"KSeF number", "1234563218-20260201-0a1b2c3d4e5f-E1", "", pl.ErrFormat},
	{"KSeF number", "1234563218-20260230-0A1B2C3D4E5F-DC", "", pl.ErrFormat}, // right sum, no such day
	{"KSeF number", "1234563218-20191231-0A1B2C3D4E5F-CB", "", pl.ErrFormat}, // before KSeF
	{"KSeF number", "1234563218_20260201_0A1B2C3D4E5F_E1", "", pl.ErrFormat},
	{"KSeF number", "0234563218-20260201-0A1B2C3D4E5F-E1", "", pl.ErrFormat},
	{"KSeF number", "1234563218-20260201-0A1B2C3D4E5F-", "", pl.ErrFormat},
	{"KSeF number", "", "", pl.ErrFormat},

	{"internal ID", "1234563218-00012", "1234563218-00012", nil},
	{"internal ID", "1234563218-00013", "", pl.ErrChecksum},
	{"internal ID", "0234563218-00012", "", pl.ErrFormat},
	{"internal ID", "123456321800012", "", pl.ErrFormat},
	{"internal ID", "1234563218-0001", "", pl.ErrFormat},
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	for _, tt := range identifierTests {
		got, valid, err := parsers[tt.kind](tt.in)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", tt.kind, tt.in, diff)
		}
		if !errors.Is(err, tt.err) {
			t.Errorf("%s %q: error %v, want %v", tt.kind, tt.in, err, tt.err)
		}
		if valid != (tt.err == nil) {
			t.Errorf("%s %q: Valid() of the result = %v", tt.kind, tt.in, valid)
		}
	}
}

func TestParseError(t *testing.T) {
	t.Parallel()
	for _, tt := range identifierTests {
		if tt.err == nil {
			continue
		}
		_, _, err := parsers[tt.kind](tt.in)
		parseErr, ok := errors.AsType[*pl.ParseError](err)
		if !ok {
			t.Errorf("%s: error of type %T", tt.kind, err)
			continue
		}
		if parseErr.Kind != tt.kind || parseErr.Remedy == "" {
			t.Errorf("%s: error %+v", tt.kind, parseErr)
		}
		if bare := strings.TrimSpace(tt.in); len(bare) > 4 && strings.Contains(err.Error(), bare) {
			t.Errorf("%s: the error holds the value: %v", tt.kind, err)
		}
	}
}

// ibans are invented accounts: digits only, letters first, letters in the
// middle, the shortest there is.
var ibans = []string{
	"DE97999999990000012345",
	"GB52ZZZZ99999912345678",
	"MT64ZZZZ99999000012345ABCDE001X",
	"LC49ZZZZ000100010012001200023015",
	"NO6499990012345",
}

func TestIBANOfCountries(t *testing.T) {
	t.Parallel()
	for _, s := range ibans {
		got, err := pl.ParseIBAN(strings.ToLower(s))
		if err != nil || string(got) != s || got.Country() != s[:2] {
			t.Errorf("ParseIBAN(%s) = %s, %v", s, string(got), err)
		}
	}
}

// TestIBANAgreesWithBigNumbers computes check digits of invented accounts of
// every length with big integers.
func TestIBANAgreesWithBigNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		account := rapid.StringMatching(`[0-9A-Z]{11,30}`).Draw(t, "account")
		country := rapid.StringMatching(`[A-OQ-Z][A-Z]`).Draw(t, "country")
		var decimal strings.Builder
		for _, c := range account + country + "00" {
			value, _ := strconv.ParseInt(string(c), 36, 64)
			fmt.Fprint(&decimal, value)
		}
		n, _ := new(big.Int).SetString(decimal.String(), 10)
		check := 98 - n.Mod(n, big.NewInt(97)).Int64()
		for cc := range int64(100) {
			iban := pl.IBAN(fmt.Sprintf("%s%02d%s", country, cc, account))
			if iban.Valid() != (cc == check) {
				t.Fatalf("%s: Valid() = %v, check digits are %02d", string(iban), iban.Valid(), check)
			}
		}
	})
}

// TestTypingMistakes: the check digits of accounts find every single wrong
// digit and every swap of neighbours.
func TestTypingMistakes(t *testing.T) {
	t.Parallel()
	const nrb = "56999900010000200030004000"
	for i := range len(nrb) {
		for c := byte('0'); c <= '9'; c++ {
			wrong := nrb[:i] + string(c) + nrb[i+1:]
			if wrong != nrb && pl.NRB(wrong).Valid() {
				t.Errorf("%s passes", wrong)
			}
		}
		if i > 0 && nrb[i] != nrb[i-1] {
			if wrong := nrb[:i-1] + nrb[i:i+1] + nrb[i-1:i] + nrb[i+1:]; pl.NRB(wrong).Valid() {
				t.Errorf("%s passes", wrong)
			}
		}
	}
}

func TestNRBAndIBAN(t *testing.T) {
	t.Parallel()
	nrb := pl.NRB("56999900010000200030004000")
	iban := nrb.IBAN()
	if string(iban) != "PL56999900010000200030004000" || !iban.Valid() || iban.Country() != "PL" {
		t.Errorf("IBAN() = %s", string(iban))
	}
	back, ok := iban.NRB()
	if !ok || back != nrb {
		t.Errorf("NRB() = %s, %v", string(back), ok)
	}
	for _, other := range []pl.IBAN{"", "PL", pl.IBAN(ibans[0])} {
		if got, ok := other.NRB(); ok {
			t.Errorf("NRB() of %s = %s", string(other), string(got))
		}
	}
	if got := pl.IBAN("PLxx").Country(); got != "" {
		t.Errorf("Country() of an invalid account = %q", got)
	}
}

func TestREGONEntity(t *testing.T) {
	t.Parallel()
	tests := map[pl.REGON]pl.REGON{
		"36542187100013": "365421871",
		"365421871":      "365421871",
		"365421872":      "",
		"":               "",
	}
	for in, want := range tests {
		if got := in.Entity(); got != want {
			t.Errorf("Entity() of %s = %s, want %s", in, got, want)
		}
	}
}

func TestPESELBirthDate(t *testing.T) {
	t.Parallel()
	tests := map[pl.PESEL]pl.Date{
		"99810100037": pl.NewDate(1899, 1, 1),
		"99071512345": pl.NewDate(1999, 7, 15),
		"02230500015": pl.NewDate(2002, 3, 5),
		"04422900027": pl.NewDate(2104, 2, 29),
		"00613100041": pl.NewDate(2200, 1, 31),
		"26323100050": pl.NewDate(2026, 12, 31),
		"00822900014": {}, // 1800 was no leap year
		"99071512346": {},
		"":            {},
	}
	for in, want := range tests {
		if diff := cmp.Diff(want, in.BirthDate()); diff != "" {
			t.Errorf("BirthDate() of %s (-want +got):\n%s", string(in), diff)
		}
	}
}

func TestKSeFNumberParts(t *testing.T) {
	t.Parallel()
	k := pl.NewKSeFNumber("1234563218", pl.NewDate(2026, 2, 1), [6]byte{0x0A, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F})
	if k != "1234563218-20260201-0A1B2C3D4E5F-E1" {
		t.Fatalf("NewKSeFNumber = %s", k)
	}
	legacy := pl.KSeFNumber("1234563218-20260201-0A1B2C-3D4E5F-E1")
	for _, k := range []pl.KSeFNumber{k, legacy} {
		if k.Seller() != "1234563218" || k.Date() != pl.NewDate(2026, 2, 1) {
			t.Errorf("parts of %s: %s, %s", k, k.Seller(), k.Date())
		}
	}
	if k.Legacy() || !legacy.Legacy() {
		t.Error("Legacy() is wrong")
	}
	if bad := k[:33] + "00"; bad.Seller() != "" || !bad.Date().IsZero() {
		t.Errorf("an invalid number has parts: %s, %s", bad.Seller(), bad.Date())
	}
	if pl.NewKSeFNumber("12", pl.Date{}, [6]byte{}).Valid() {
		t.Error("a number of nonsense is valid")
	}
	if id := pl.InternalID("1234563218-00012"); id.NIP() != "1234563218" {
		t.Errorf("NIP() of an internal ID = %s", id.NIP())
	}
	if id := pl.InternalID("1234563218-00013"); id.NIP() != "" {
		t.Errorf("NIP() of an invalid internal ID = %s", id.NIP())
	}
}

func TestCRC8(t *testing.T) {
	t.Parallel()
	tests := map[string]byte{"": 0, "123456789": 0xF4}
	for in, want := range tests {
		if got := pl.CRC8(in); got != want {
			t.Errorf("CRC8(%q) = %02X, want %02X", in, got, want)
		}
	}
}

// TestJSONKeepsText: decoding neither checks nor changes an identifier, so a
// document's faults can be told all at once; encoding writes it in full.
func TestJSONKeepsText(t *testing.T) {
	t.Parallel()
	type doc struct {
		NIP   pl.NIP
		PESEL pl.PESEL
		NRB   pl.NRB
	}
	const text = `{"NIP":"123-bad","PESEL":"99071512345","NRB":"32 9999"}`
	var d doc
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if d.NIP.Valid() || !d.PESEL.Valid() || d.NRB.Valid() {
		t.Errorf("validity of the decoded values: %v %v %v", d.NIP.Valid(), d.PESEL.Valid(), d.NRB.Valid())
	}
	back, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(back)); diff != "" {
		t.Errorf("encoded again (-want +got):\n%s", diff)
	}
}
