package faktupro

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

// explained are the warnings that documents of samples are meant to raise.
var explained = map[string][]string{
	// Rates that only invoices about older periods have.
	"02-net-every-percentage": {
		"/Faktura/Fa/FaWiersz[2]/P_12 rate.historic",
		"/Faktura/Fa/FaWiersz[4]/P_12 rate.historic",
		"/Faktura/Fa/FaWiersz[7]/P_12 rate.historic",
	},
	// Lines that have an amount alone.
	"27-amounts-only": {
		"/Faktura/Fa/FaWiersz[1] line.quantity_missing",
		"/Faktura/Fa/FaWiersz[1] line.price_missing",
		"/Faktura/Fa/FaWiersz[2] line.quantity_missing",
		"/Faktura/Fa/FaWiersz[2] line.price_missing",
	},
	// A discount as a line of its own.
	"44-negative-line": {
		"/Faktura/Fa/FaWiersz[2] line.quantity_missing",
		"/Faktura/Fa/FaWiersz[2] line.price_missing",
		"/Faktura/Fa/FaWiersz[3]/P_8B line.negative_quantity",
	},
	// The shortest address that the schema allows, and an invented GLN.
	"47-full-parties": {
		"/Faktura/Podmiot1/DaneKontaktowe[3]/Email email.format",
		"/Faktura/Podmiot2/Adres/GLN gln.checksum",
	},
}

// grave lists the errors and warnings of a document, of all layers.
func grave(xml []byte, inv *Invoice) (errs, warnings []string) {
	var cfg validate.Config
	cfg.Rules.Now = noon(inv.IssueDate)
	for _, p := range validate.Document(xml, cfg).Problems {
		switch said := p.Path + " " + string(p.Code); p.Severity {
		case validate.Error:
			errs = append(errs, said)
		case validate.Warning:
			warnings = append(warnings, said)
		}
	}
	return errs, warnings
}

// TestSampleDocuments has the validator of documents judge every sample.
func TestSampleDocuments(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		inv, problems := DecodeAndValidate(s.json, ValidateOptions{})
		if err := problems.Err(); err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		xml, err := EncodeFA3(inv, noon(inv.IssueDate))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		errs, warnings := grave(xml, inv)
		if len(errs) > 0 {
			t.Errorf("%s: %v", s.name, errs)
		}
		if diff := cmp.Diff(explained[s.name], warnings); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", s.name, diff)
		}
	}
}

// totalsByHand are the sums of samples, computed with a calculator: net and VAT
// of each total of FA(3), what is due, and VAT in PLN.
var totalsByHand = map[string]string{
	// 2 × 240.00 fewer.
	"55-correction-before-after": "P_13_1 -480.00 -110.40; -590.40",
	// 350.00 + 4 × 12.25.
	"56-correction-by-difference": "P_13_1 -399.00 -91.77; -490.77",
	"57-correction-by-reversal":   "P_13_1 455.00 104.65; P_13_2 -500.00 -40.00; 19.65",
	"58-correction-to-zero":       "P_13_1 -1260.00 -289.80; -1549.80",
	"59-correction-buyer-data":    "0.00",
	"60-correction-seller-data":   "0.00",
	"61-correction-wrong-number":  "0.00",
	"62-correction-for-a-period":  "P_13_1 -1284.10 -295.34; P_13_2 -96.00 -7.68; -1683.12",
	// 42 × 4.50.
	"64-correction-of-several": "P_13_1 -189.00 -43.47; -232.47",
	// 46.00 × 4.2518 = 195.5828.
	"65-correction-in-euro": "P_13_1 -200.00 -46.00 (-195.58); -246.00",
	// The order is 194,400.00 at 8% and 24,600.00 at 23%; a fifth of each.
	"66-advance-at-several-rates":    "P_13_1 4000.00 920.00; P_13_2 36000.00 2880.00; 43800.00",
	"67-advance-several-payments":    "P_13_1 3000.00 690.00; 3690.00",
	"68-advance-in-euro":             "P_13_1 4000.00 920.00 (3931.25); 4920.00",
	"72-simplified-total-only":       "182.40",
	"73-simplified-with-rates":       "P_13_1 30.00 6.90; P_13_2 30.00 2.40; P_13_3 20.00 1.00; 90.30",
	"78-margin-travel-agency":        "P_13_2 300.00 24.00; P_13_11 3780.00 0.00; 4104.00",
	"79-margin-second-hand":          "P_13_11 41900.00 0.00; 41900.00",
	"80-margin-works-of-art":         "P_13_11 12500.00 0.00; 12500.00",
	"81-margin-collectors-items":     "P_13_11 9830.00 0.00; 9830.00",
	"71-settlement-with-prepayments": "P_13_1 2000.00 460.00; 2460.00",
	// 42.20 × 5.5/105.5, 33.00 × 10/110, 72.00 × 20/120.
	"85-oss-three-rates": "P_13_5 130.00 17.20; 147.20",
	"93-deposit":         "P_13_1 348.00 80.04; P_13_3 276.00 13.80; 717.84",
	// 10.02 × 23% is 2.3046: 2.30 a line, where 30.06 × 23% would be 6.91.
	"102-vat-per-line": "P_13_1 30.06 6.90; P_13_3 9.90 0.50; 47.36",
	// (3000.00 × 4.27 + 1920.00 × 4.25) × 23/123.
	"107-advance-payments-in-euro-split-payment": "P_13_1 4000.00 920.00 (3921.22); 4920.00",
	// 690.00 × 4.2631 - 920.00 × 4.2731.
	"108-correction-of-advance-in-euro": "P_13_1 -1000.00 -230.00 (-989.71); -1230.00",
	"113-advance-oss":                   "P_13_5 200.00 40.00; 240.00",
}

// brief says totals in one line.
func brief(totals Totals) string {
	var b strings.Builder
	for _, f := range totals.Fields {
		b.WriteString(f.NetField + " " + f.Net.Fixed(2) + " " + f.VAT.Fixed(2))
		if f.VATPLN.Given() {
			b.WriteString(" (" + f.VATPLN.Fixed(2) + ")")
		}
		b.WriteString("; ")
	}
	return b.String() + totals.Gross.Fixed(2)
}

func TestSampleTotals(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range samples(t) {
		want, ok := totalsByHand[s.name]
		if !ok {
			continue
		}
		seen++
		totals, err := mustDecode(t, s.json).Totals()
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if got := brief(totals); got != want {
			t.Errorf("%s:\n got %s\nwant %s", s.name, got, want)
		}
	}
	if seen != len(totalsByHand) {
		t.Errorf("%d of %d samples found", seen, len(totalsByHand))
	}
}

// inNoSample are the elements that no sample has, apart from numbers of places
// (GLN).
var inNoSample = map[string]bool{
	"/Fa/P_14_4W":                   true, // taxis charge in PLN
	"/Podmiot2/AdresKoresp/AdresL2": true,
}

// TestSamplesFillTheDocument: all samples together use every element of FA(3).
func TestSamplesFillTheDocument(t *testing.T) {
	t.Parallel()
	all, filled := map[string]bool{}, map[string]bool{}
	documentFields(all, "", reflect.TypeFor[fa3.Faktura]())
	maps.DeleteFunc(all, func(path string, _ bool) bool { return strings.HasPrefix(path, "/Naglowek/") }) // about the file
	for _, s := range samples(t) {
		inv := mustDecode(t, s.json)
		f, err := inv.FA3(noon(inv.IssueDate))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		filledFields(filled, "", reflect.ValueOf(*f))
	}
	for path := range all {
		switch {
		case filled[path] == inNoSample[path] && !strings.HasSuffix(path, "/GLN"):
			t.Errorf("%s: in a sample: %v", path, filled[path])
		case filled[path]:
			delete(all, path)
		}
	}
	t.Logf("%d elements in samples, %d not", len(filled), len(all))
}

// documentFields lists the elements that a document can have.
func documentFields(all map[string]bool, path string, typ reflect.Type) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || !strings.HasSuffix(typ.PkgPath(), "/fa3") {
		return
	}
	for i := range typ.NumField() {
		if f := typ.Field(i); f.IsExported() {
			all[path+"/"+f.Name] = true
			documentFields(all, path+"/"+f.Name, f.Type)
		}
	}
}

// filledFields lists the elements that a document has.
func filledFields(filled map[string]bool, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			filledFields(filled, path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			filledFields(filled, path, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !v.Field(i).IsZero() && strings.HasSuffix(v.Type().PkgPath(), "/fa3") {
				filled[path+"/"+f.Name] = true
				filledFields(filled, path+"/"+f.Name, v.Field(i))
			}
		}
	}
}
