package rules

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// ids are the rules of findings, in their order.
func ids(list []Finding) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Rule)
	}
	return all
}

// wrongNIP is an invoice that breaks one rule.
func wrongNIP() *fa3.Faktura {
	f := vat()
	f.Podmiot1.DaneIdentyfikacyjne.NIP = "1234563219"
	return f
}

func TestCheckNil(t *testing.T) {
	t.Parallel()
	if got := Check(nil, Config{}); got != nil {
		t.Errorf("findings about nothing: %v", got)
	}
}

func TestDisable(t *testing.T) {
	t.Parallel()
	if got := Check(wrongNIP(), Config{Disable: []string{"nip.checksum"}}); len(got) > 0 {
		t.Errorf("a rule that is switched off found %v", got)
	}
}

func TestSeverity(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		cfg  Config
		want Severity
	}{
		{"standard", Config{}, Error},
		{"test environment", Config{Test: true}, Warning},
		{"override", Config{Severity: map[string]Severity{"nip.checksum": Info}}, Info},
		{"override beats environment", Config{Test: true, Severity: map[string]Severity{"nip.checksum": Error}}, Error},
		{"nonsense is passed over", Config{Severity: map[string]Severity{"nip.checksum": "fatal"}}, Error},
	} {
		got := Check(wrongNIP(), test.cfg)
		if len(got) != 1 || got[0].Severity != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestExtra(t *testing.T) {
	t.Parallel()
	var document *Document
	rule := Rule{ID: "house.rule", Severity: Info, Basis: Advice, EN: "Write {what}.", PL: "Wpisz {what}.", Check: func(d *Document, fs *Findings) {
		document = d
		fs.Add(Path("Fa", "FaWiersz", 0, "Indeks"), "what", "7")
	}}
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	f := vat()
	got := Check(f, Config{Extra: []Rule{rule, {ID: "empty"}}, Now: now})
	want := []Finding{{Rule: "house.rule", Severity: Info, Basis: Advice, Path: "/Faktura/Fa/FaWiersz[1]/Indeks", EN: "Write 7.", PL: "Wpisz 7."}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if document.Invoice != f || document.Today() != day(10) || document.Correction() || !document.Config().Now.Equal(now) {
		t.Error("the rule was not told the document and its configuration")
	}
}

func TestPerRule(t *testing.T) {
	t.Parallel()
	f := long(50)
	for i := range f.Fa.FaWiersz {
		f.Fa.FaWiersz[i].P_7 = ""
	}
	for _, test := range []struct{ perRule, listed, more int }{{0, 20, 30}, {1, 1, 49}, {50, 50, 0}, {-1, 50, 0}} {
		got := Check(f, Config{PerRule: test.perRule})
		if len(got) != test.listed || got[len(got)-1].More != test.more {
			t.Errorf("PerRule %d lists %d and says %d more", test.perRule, len(got), got[len(got)-1].More)
		}
	}
}

// TestOrder: findings follow the document, not the table of rules.
func TestOrder(t *testing.T) {
	t.Parallel()
	f := long(11)
	f.Fa.FaWiersz[10].P_7, f.Fa.FaWiersz[1].P_7 = "", ""
	f.Fa.FaWiersz[1].PKWiU = "x"
	f.Fa.P_2 = "FV/17 "
	f.Podmiot2.Adres = nil
	f.Stopka = &fa3.Stopka{}
	got := Check(f, Config{})
	var paths []string
	for _, x := range got {
		paths = append(paths, x.Path)
	}
	want := []string{
		"/Faktura/Podmiot2", "/Faktura/Fa/P_2", "/Faktura/Fa/FaWiersz[2]", "/Faktura/Fa/FaWiersz[2]/PKWiU",
		"/Faktura/Fa/FaWiersz[11]", "/Faktura/Stopka",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	check := func(*Document, *Findings) {}
	good := Config{
		Disable: []string{"nip.checksum", "house.rule"}, Severity: map[string]Severity{"house.rule": Info},
		Extra: []Rule{{ID: "house.rule", Severity: Warning, Check: check}},
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, cfg := range map[string]Config{
		"unknown rule":     {Disable: []string{"nip.cheksum"}},
		"unknown severity": {Severity: map[string]Severity{"nip.checksum": "fatal"}},
		"severity of none": {Severity: map[string]Severity{"nip": Info}},
		"name taken":       {Extra: []Rule{{ID: "nip.checksum", Severity: Info, Check: check}}},
		"nameless":         {Extra: []Rule{{Severity: Info, Check: check}}},
		"checks nothing":   {Extra: []Rule{{ID: "house.rule", Severity: Info}}},
	} {
		if err := cfg.Validate(); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPaths: every path that a pair's finding names leads to an element that
// the document has.
func TestPaths(t *testing.T) {
	t.Parallel()
	for _, p := range allPairs() {
		f := p.from()
		p.prepare(f)
		p.change(f)
		for _, found := range Check(f, p.cfg) {
			if !leads(f, found.Path) {
				t.Errorf("%s: %s leads nowhere", found.Rule, found.Path)
			}
			if strings.ContainsAny(found.EN+found.PL, "{}") {
				t.Errorf("%s: a fact is missing in %q, %q", found.Rule, found.EN, found.PL)
			}
		}
	}
}

// leads follows a path through a document.
func leads(f *fa3.Faktura, path string) bool {
	v := reflect.ValueOf(f).Elem()
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/Faktura/"), "/") {
		name, index, indexed := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		for v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return false
		}
		if v = v.FieldByName(name); !v.IsValid() || indexed != (v.Kind() == reflect.Slice) {
			return false
		}
		if indexed {
			n, err := strconv.Atoi(index)
			if err != nil || n < 1 || n > v.Len() {
				return false
			}
			v = v.Index(n - 1)
		} else if v.IsZero() {
			return false
		}
	}
	return true
}

// TestAllIsACopy: a caller cannot change the standard rules.
func TestAllIsACopy(t *testing.T) {
	t.Parallel()
	all := All()
	clear(all)
	if got := ids(Check(wrongNIP(), Config{})); !slices.Equal(got, []string{"nip.checksum"}) {
		t.Errorf("found %v", got)
	}
}

// TestTakenBack: a correction that replaces exempt sales by taxed ones need not
// name a basis of exemption any more, and one by difference is only warned.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	pairs := correction()
	pairs.Fa.FaWiersz[0].P_12, pairs.Fa.FaWiersz[0].P_11 = fa3.RateExempt, "100.00"
	pairs.Fa.P_13_7, pairs.Fa.P_13_1, pairs.Fa.P_14_1, pairs.Fa.P_15 = "-100.00", "90.00", "20.70", "10.70"
	if got := Check(pairs, Config{}); len(got) > 0 {
		t.Errorf("lines before and after: %v", got)
	}
	byDifference := difference()
	byDifference.Fa.FaWiersz[0].P_12 = fa3.RateExempt
	byDifference.Fa.P_13_7, byDifference.Fa.P_13_1, byDifference.Fa.P_14_1, byDifference.Fa.P_15 = "-10.00", "", "", "-10.00"
	got := Check(byDifference, Config{})
	if len(got) != 1 || got[0].Rule != "exemption.missing" || got[0].Severity != Warning {
		t.Errorf("by difference: %v", got)
	}
}
