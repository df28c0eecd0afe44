package faktupro

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// contradictory are the public documents that say what an Invoice must not say.
var contradictory = map[string][]string{
	// Part payments of 600.00 on a total of 123.00 that is marked as paid in part.
	"fa3_vat_0aefe1f1408f.xml": {"/Faktura/Fa/Platnosc/ZnacznikZaplatyCzesciowej"},
	// The exchange rate of an advance, on a collective correction of other invoices.
	"fa3_kor_4ef1391b7e41.xml": {"/Faktura/Fa/KursWalutyZ"},
}

// statedBySample are the official samples whose totals do not follow from the
// rest of the document.
var statedBySample = map[string]string{
	"mf01_fa3_vat_5fec107e5415.xml": "the total due is a grosz more than its parts",
	"mf06_fa3_kor_99a4def14f99.xml": "a collective correction has no lines",
	"mf16_fa3_upr_9bf642c712a1.xml": "a simplified invoice shows its total only",
	"mf17_fa3_roz_493cfee04177.xml": "the advance invoice is known by number alone",
}

// TestCorpus reads public documents: each becomes an invoice that gives the same
// document back, apart from those that contradict themselves.
func TestCorpus(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(refdata.Dir(t), "fa3-corpus", "valid", "*fa3_*.xml"))
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d documents (%v)", len(paths), err)
	}
	read, stated := 0, 0
	for _, path := range paths {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := fa3.Unmarshal(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		inv, err := FromFA3(f)
		if diff := cmp.Diff(contradictory[name], lostElementsOf(t, err)); diff != "" {
			t.Errorf("%s: lost elements (-want +got):\n%s", name, diff)
		}
		if err != nil {
			continue
		}
		read++
		sameAgain(t, name, f, inv)
		nothingInvented(t, name, f, inv)
		says := inv.StatedTotals.Gross.Given() || len(inv.StatedTotals.Rates) > 0
		if says {
			stated++
		}
		if reason := statedBySample[name]; name[:2] == "mf" && says != (reason != "") {
			t.Errorf("%s: totals are stated: %v (%s)", name, says, reason)
		}
	}
	t.Logf("%d of %d documents read, %d with totals of their own", read, len(paths), stated)
}

// lostElementsOf are the elements of an UnmodelledError.
func lostElementsOf(t *testing.T, err error) []string {
	t.Helper()
	u, ok := errors.AsType[*UnmodelledError](err)
	if err != nil && (!ok || len(u.Elements) == 0) {
		t.Errorf("error %v", err)
	}
	if !ok {
		return nil
	}
	return u.Elements
}

// sameAgain writes an invoice that was read, as FA(3) and as JSON, and compares.
func sameAgain(t *testing.T, name string, f *fa3.Faktura, inv *Invoice) {
	t.Helper()
	again, err := inv.FA3(firstCreated)
	if err != nil {
		t.Errorf("%s: FA3: %v", name, err)
		return
	}
	// Totals are compared as text here, element by element, apart from FromFA3.
	for i := range rates {
		x, y := fieldSlot(&f.Fa, rates[i].NetField), fieldSlot(&again.Fa, rates[i].NetField)
		pairs := [][2]*fa3.Decimal{{x.net, y.net}, {x.vat, y.vat}, {x.pln, y.pln}, {&f.Fa.P_15, &again.Fa.P_15}}
		for _, p := range pairs {
			if p[0] != nil && *p[0] != "" && readDecimal(*p[0]).Fixed(2) != cmpOr(string(*p[1]), "0.00") {
				t.Errorf("%s: %s: %s became %s", name, rates[i].NetField, *p[0], *p[1])
			}
		}
	}
	data, err := EncodeInvoice(inv)
	if err != nil {
		t.Errorf("%s: EncodeInvoice: %v", name, err)
		return
	}
	back, err := DecodeInvoice(data)
	if err != nil {
		t.Errorf("%s: DecodeInvoice: %v", name, err)
		return
	}
	if diff := cmp.Diff(inv, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: changed in JSON:\n%s", name, diff)
	}
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// unmodelled are the only elements that an Invoice does not take from documents
// filled at random.
var unmodelled = map[string]string{
	"/Faktura/Fa/KursWalutyZ":                        "the exchange rate of an advance, on an invoice that is none",
	"/Faktura/Fa/Platnosc/ZnacznikZaplatyCzesciowej": "the mark contradicts the part payments",
}

// TestValidMutants reads every document of the mutants that the schema allows.
func TestValidMutants(t *testing.T) {
	t.Parallel()
	lost := map[string]int{}
	read, total := 0, 0
	for name, document := range validMutants(t) {
		f, err := fa3.Unmarshal(document)
		if err != nil {
			continue // KSeF refuses it for its form
		}
		total++
		inv, err := FromFA3(f)
		for _, element := range lostElementsOf(t, err) {
			if lost[element]++; unmodelled[element] == "" {
				t.Errorf("%s: lost %s", name, element)
			}
		}
		if err == nil {
			read++
			fixpoint(t, name, inv)
		}
	}
	if total == 0 {
		t.Error("nothing compared")
	}
	t.Logf("%d of %d documents read; lost: %v", read, total, lost)
}

// validMutants are the documents that the schema allows, by name.
func validMutants(t *testing.T) map[string][]byte {
	t.Helper()
	var labels struct {
		Labels []struct {
			File  string
			Valid bool `json:"xsd_valid"`
		}
	}
	if err := json.Unmarshal(refdata.File(t, "fa3-mutants", "labels.json"), &labels); err != nil {
		t.Fatal(err)
	}
	valid := map[string]bool{}
	for _, l := range labels.Labels {
		valid[l.File] = l.Valid
	}
	z, err := gzip.NewReader(bytes.NewReader(refdata.File(t, "fa3-mutants", "mutants.tar.gz")))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return !valid[name] })
	return files
}

// fixpoint: what an invoice that was read gives as FA(3) reads as an invoice
// that gives the same again.
func fixpoint(t *testing.T, name string, inv *Invoice) {
	t.Helper()
	totals := inv.totals(&report{})
	first := inv.document(&totals, firstCreated)
	again, err := FromFA3(first)
	if err != nil {
		t.Errorf("%s: FromFA3 of what it gave: %v", name, err)
		return
	}
	totals = again.totals(&report{})
	second := again.document(&totals, firstCreated)
	if a, b := first.AppendXML(nil), second.AppendXML(nil); !bytes.Equal(a, b) {
		t.Errorf("%s: the document changes when it is read again:\n%s", name, cmp.Diff(string(a), string(b)))
	}
}

// FuzzFromFA3: whatever document can be read becomes an invoice that gives it
// back, or is refused; nothing crashes.
func FuzzFromFA3(f *testing.F) {
	for _, s := range samples(f) {
		document, err := os.ReadFile(filepath.Join("testdata", "invoices", s.name+".xml"))
		if err != nil {
			f.Fatal(err)
		}
		if len(document) < 8192 { // longer ones only slow the search down
			f.Add(document)
		}
	}
	for _, document := range drawnDocuments(f, 3) {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		read, err := fa3.Unmarshal(document)
		if err != nil {
			return
		}
		inv, err := FromFA3(read)
		if err != nil {
			lostElementsOf(t, err)
			return
		}
		inv.Validate(ValidateOptions{})
		fixpoint(t, "document", inv)
		totals := inv.totals(&report{})
		given := slices.Sorted(texts(read.AppendXML(nil)))
		back := slices.Sorted(texts(inv.document(&totals, firstCreated).AppendXML(nil)))
		for _, text := range given {
			if _, found := slices.BinarySearch(back, text); !found {
				t.Errorf("the text %q is lost", text)
			}
		}
	})
}

// drawnDocuments are a few drawn documents of each kind.
func drawnDocuments(f *testing.F, perKind int) [][]byte {
	var all [][]byte
	for _, kind := range kinds {
		draw := rapid.Custom(func(t *rapid.T) *Invoice { return drawKind(t, kind) })
		for i := range perKind {
			inv := draw.Example(i)
			document, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, document)
		}
	}
	return all
}

// texts are the values of a document that hold a letter, read apart from our own
// scanner; what says when and by what it was made, instants and accounts are
// spelt anew and left out.
func texts(document []byte) iter.Seq[string] {
	skipped := []string{"SystemInfo", "DataWytworzeniaFa", "DataGodzRozpTransportu", "DataGodzZakTransportu", "NrRB"}
	return func(yield func(string) bool) {
		element := ""
		for d := xml.NewDecoder(bytes.NewReader(document)); ; {
			token, err := d.Token()
			if err != nil {
				return
			}
			switch token := token.(type) {
			case xml.StartElement:
				element = token.Name.Local
			case xml.CharData:
				text := collapse(string(token))
				if strings.ContainsFunc(text, unicode.IsLetter) && !slices.Contains(skipped, element) && !yield(text) {
					return
				}
			}
		}
	}
}
