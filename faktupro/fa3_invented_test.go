package faktupro

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// onlyDue takes the totals of the VAT rates away.
func onlyDue(fa *fa3.Fa) {
	for i := range rates {
		slot := fieldSlot(fa, rates[i].NetField)
		for _, p := range []*fa3.Decimal{slot.net, slot.vat, slot.pln} {
			if p != nil {
				*p = ""
			}
		}
	}
}

// nothingInvented: totals that a document gains by being read and written add up
// to its total due.
func nothingInvented(t *testing.T, name string, f *fa3.Faktura, inv *Invoice) {
	t.Helper()
	again, err := inv.FA3(firstCreated)
	if err != nil {
		t.Fatal(err)
	}
	sum, gained, fields := Decimal{}, false, 0
	for i, row := range rates {
		if fieldOf(i) != i {
			continue
		}
		was, is := fieldSlot(&f.Fa, row.NetField), fieldSlot(&again.Fa, row.NetField)
		gained = gained || *was.net == "" && *is.net != ""
		sum, fields = sum.Add(readDecimal(*is.net)), fields+1
		if is.vat != nil {
			gained = gained || *was.vat == "" && *is.vat != ""
			sum = sum.Add(readDecimal(*is.vat))
		}
	}
	if due := readDecimal(again.Fa.P_15); gained && beyond(sum.number, due.number, fields) {
		t.Errorf("%s: totals of %s were added to a total due of %s", name, sum, due)
	}
}

// TestOnlyTheTotalDue: a document that shows nothing but a total that its lines
// do not add up to is written again without VAT, whatever its kind.
func TestOnlyTheTotalDue(t *testing.T) {
	t.Parallel()
	ordered := Order{Lines: []OrderLine{{Name: "x", Amount: d("4001.49"), VATRate: VAT23}}}
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inv := &Invoice{Kind: kind, StatedTotals: StatedTotals{Gross: d("4001.49")}}
			if inv.Lines = []Line{worth("4001.49", VAT23)}; kind.IsAdvance() {
				inv.Lines, inv.Order, inv.Advance = nil, ordered, d("100.00")
			}
			f, err := inv.FA3(firstCreated)
			if err != nil {
				t.Fatal(err)
			}
			document := string(f.AppendXML(nil))
			if !strings.Contains(document, "<P_15>4001.49<") || strings.Contains(document, "<P_13") || strings.Contains(document, "<P_14") {
				t.Fatalf("written as\n%s", document)
			}
			if kind.IsAdvance() {
				return // a document says the payment by its total only
			}
			back, err := FromFA3(f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(inv.StatedTotals, back.StatedTotals); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
		})
	}
}

// TestShownTotalsAreKept: totals that contradict the total due stay as the
// document has them, even those that its lines add up to.
func TestShownTotalsAreKept(t *testing.T) {
	t.Parallel()
	f := sampleDocument(t)
	f.Fa.P_15 = "9999.99"
	inv, err := FromFA3(f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := inv.FA3(firstCreated)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Fa, again.Fa
	if a.P_13_1 != b.P_13_1 || a.P_14_1 != b.P_14_1 || a.P_13_3 != b.P_13_3 || a.P_14_3 != b.P_14_3 || b.P_15 != "9999.99" {
		t.Errorf("totals %s %s %s %s %s", b.P_13_1, b.P_14_1, b.P_13_3, b.P_14_3, b.P_15)
	}
}

// TestInventedTotals: a total that only the second document has must fit its
// total due.
func TestInventedTotals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(given, again *fa3.Fa)
		want []string
	}{
		{"they add up", func(given, _ *fa3.Fa) { onlyDue(given) }, nil},
		{"they add up but for rounding", func(given, again *fa3.Fa) {
			onlyDue(given)
			given.P_15, again.P_15 = "3355.75", "3355.75"
		}, nil},
		{"they do not", func(given, again *fa3.Fa) {
			onlyDue(given)
			given.P_15, again.P_15 = "3355.76", "3355.76"
		}, []string{"/Faktura/Fa/P_13_1", "/Faktura/Fa/P_14_1", "/Faktura/Fa/P_13_3", "/Faktura/Fa/P_14_3"}},
		{"the document says so itself", func(given, again *fa3.Fa) { given.P_15, again.P_15 = "1.00", "1.00" }, nil},
		{"VAT is added to net values", func(given, again *fa3.Fa) {
			given.P_14_1, given.P_15, again.P_15 = "", "1.00", "1.00"
		}, []string{"/Faktura/Fa/P_14_1"}},
		{"a total of zero", func(given, again *fa3.Fa) { given.P_15, again.P_15, again.P_13_7 = "1.00", "1.00", "0.00" }, nil},
		{"VAT in PLN", func(given, again *fa3.Fa) { given.P_15, again.P_15, again.P_14_1W = "1.00", "1.00", "5.00" }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			given, again := sampleDocument(t), sampleDocument(t)
			tt.edit(&given.Fa, &again.Fa)
			if diff := cmp.Diff(tt.want, missing(given, again)); diff != "" {
				t.Errorf("lost elements (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSameAccount: only blanks and dashes group an account number.
func TestSameAccount(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]bool{
		"38 9999 0001 0000 0000 1234 5678":  true,
		" 38-99990001-0000000012345678 ":    true,
		"38.9999.0001.0000.0000.1234.5678":  false,
		"38\t99990001 0000 0000 1234 5678":  false,
		"38\u00a099990001000000001234 5678": false,
		"38/99990001000000001234567 8":      false,
		"38 9999 0001 0000 0000 1234 5679":  false,
		"- - - - - - - - - - - - - - - - -": false,
	} {
		if got := sameText("NrRB", written, "38999900010000000012345678"); got != want {
			t.Errorf("%q is the account: %v", written, got)
		}
	}
	if sameText("NrRB", "-- --", "") {
		t.Error("dashes are no account")
	}
}
