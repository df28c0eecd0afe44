package upo_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// bySchema reports whether the schema of receipts accepts a document, apart from
// the signature and the names of the test environments.
func bySchema(doc string) bool {
	return validate.Valid([]byte(doc), validate.Config{Layers: []validate.Layer{validate.Schema}})
}

func byParse(doc string) bool {
	_, err := upo.Parse([]byte(doc))
	return err == nil
}

// values are tried in the place of every value of a receipt: those of all types,
// right, nearly right and spelt in other ways.
var values = slices.Concat([]string{
	"", " ", "x", "\t x\n y ", "ż", strings.Repeat("ż", 240), strings.Repeat("x", 241), strings.Repeat("x", 256), strings.Repeat("x", 257), "a]b",
	"Ministerstwo Finansów", " Ministerstwo  Finansów ", "Ministerstwo Finansów - x", "Ministerstwo Finansów -", "Ministerstwo", "Ministerstwo Finansów i inne",
	session, strings.ToLower(session), "20191231" + session[8:], "20261301" + session[8:], "20260231" + session[8:], "20260200" + session[8:], session + "0", " " + session,
	"30000101" + session[8:], "99991231" + session[8:], "19991231" + session[8:], "20260302-S-2F67776000-0123456789-5A", "20260302-SO-2F6777600G-0123456789-5A",
	"1234563218", "0234563218", "1004563218", "1034563218", "1304563218", "123456321", "12345632180", " 1234563218\n", "9999999999",
	"1234563218-00014", "1234563218-0001", "1234563218-000144", "0234563218-00014", "1234563218-0001x",
	"PPL000001", "PPL00001", "ppl000001", "XPL000001", "PPL0000012",
	"Online", "Offline", "online", " Online", "Online ", "On-line",
	"Schemat_FA(3)_v1-0E.xsd", "FA (3)", "4-3",
}, vatUE, instants, numbers, hashes)

var vatUE = []string{
	"1234563218-ATU12345678", "1234563218-BE0123456789", "1234563218-BG123456789", "1234563218-CY12345678X", "1234563218-CZ12345678",
	"1234563218-DE123456789", "1234563218-DK12345678", "1234563218-EE123456789", "1234563218-EL123456789", "1234563218-ESX12345678",
	"1234563218-FI12345678", "1234563218-FRXX123456789", "1234563218-HR12345678901", "1234563218-HU12345678", "1234563218-IE1234567WA",
	"1234563218-IT12345678901", "1234563218-LT123456789", "1234563218-LU12345678", "1234563218-LV12345678901", "1234563218-MT12345678",
	"1234563218-NL123456789B01", "1234563218-PT123456789", "1234563218-RO1234567890", "1234563218-SE123456789012", "1234563218-SI12345678",
	"1234563218-SK1234567890", "1234563218-XI123456789", "1234563218-XIGD123", "1234563218-PL1234563218", "1234563218-atu12345678",
	"1234563218-GR123456789", "1234563218-", "1234563218ATU12345678", "0234563218-ATU12345678", "1234563218-DE12345678", "1234563218-DE 123456789", "DE123456789",
}

var instants = []string{
	"2026-03-02T10:30:00.841+01:00", "2026-03-02T10:30:00Z", "2026-03-02T10:30:00.841", "2026-03-02T10:30:00,841Z", "2026-03-02T24:00:00Z",
	"2026-03-02T24:00:01Z", "2026-03-02T23:59:60Z", "2026-03-02T10:30Z", "2026-03-02 10:30:00Z", "2026-03-02T10:30:00.", "2026-03-02T10:30:00.Z",
	"2026-03-02T10:30:00+14:00", "2026-03-02T10:30:00+14:01", "2026-03-02T10:30:00-13:59", "2026-03-02T10:30:00+1:00", "2026-02-30T10:30:00Z",
	"2021-10-01T00:00:00Z", "2021-09-30T23:59:59Z", "2021-10-01T02:00:00+02:00", "2021-10-01T01:59:59+02:00", "12026-03-02T10:30:00Z",
	"2026-03-02T10:30:00.1234567890123Z", " 2026-03-02T10:30:00Z ", "2026-03-02T10:30:00z", "2026-03-02t10:30:00Z", "-2026-03-02T10:30:00Z",
	"2026-03-02", "2006-01-01", "2005-12-31", "2026-02-29", "2024-02-29", "2026-3-2", "2026-03-02Z", "2026-03-02+01:00", " 2026-03-02 ", "02-03-2026", "12026-03-02", "9999-12-31",
}

var numbers = []string{"1", "0", "-1", "+1", "01", " 7 ", "1.0", "2147483647", "2147483648", "99999999999999999999", "1e3", "x1"}

var hashes = []string{
	"kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno=", "kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno", "kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qnoo",
	" kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno= ", "kyqH-QUgP8ATWd_95IY632mP4uqibwG66Oqclq9-qno=", strings.Repeat("A", 43) + "=",
}

// element is a leaf of a receipt as AppendXML writes it.
var element = regexp.MustCompile(`<([A-Za-z]+)>([^<]*)</[A-Za-z]+>`)

// group is any element, the root included.
var group = regexp.MustCompile(`</?[A-Z][A-Za-z]*[^>]*>`)

type mutant struct{ doc, leaf, value string }

// mutants are documents that differ from a receipt in one thing, each with the
// name of the element that has another value, if that is what differs.
func mutants(doc string) (made []mutant) {
	add := func(from, to int, text, leaf, value string) {
		made = append(made, mutant{doc[:from] + text + doc[to:], leaf, value})
	}
	const sig = `<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:x/>y</d:Signature>`
	leaves := element.FindAllStringSubmatchIndex(doc, -1)
	for n, at := range leaves {
		name := doc[at[2]:at[3]]
		for _, v := range values {
			add(at[4], at[5], strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(v), name, v)
		}
		add(at[0], at[1], "", "", "")                          // without it
		add(at[1], at[1], doc[at[0]:at[1]], "", "")            // twice
		add(at[0], at[0], "<Uwagi>x</Uwagi>", "", "")          // something before it
		add(at[0], at[0], "x", "", "")                         // text before it
		add(at[4], at[5], doc[at[4]:at[5]]+"<b/>", "", "")     // something in it
		add(at[4], at[4], "<!-- c --><?p?>", "", "")           // an instruction in it
		add(at[0]+1, at[3], doc[at[2]:at[3]]+` a="1"`, "", "") // with an attribute
		add(at[0]+1, at[3], doc[at[2]:at[3]]+` xmlns=""`, "", "")
		add(at[0], at[0], sig, "", "")
		if n+1 < len(leaves) { // in the place of the next
			next := leaves[n+1]
			add(at[0], next[1], doc[next[0]:next[1]]+doc[at[1]:next[0]]+doc[at[0]:at[1]], "", "")
		}
	}
	for _, at := range group.FindAllStringIndex(doc, -1) {
		tag := doc[at[0]:at[1]]
		add(at[0], at[1], "", "", "")
		add(at[1], at[1], "<!-- c -->\n\t", "", "")
		add(at[1], at[1], sig, "", "")
		add(at[0], at[1], strings.Replace(tag, ">", " b='2'>", 1), "", "")
		add(at[0], at[1], strings.Replace(tag, ">", " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>", 1), "", "")
		add(at[0], at[1], strings.Replace(tag, ">", " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'>", 1), "", "")
		add(at[0], at[1], strings.Replace(tag, "4-3", "4-2", 1), "", "")
	}
	return made
}

// stricter lists the values that Parse refuses although the schema accepts them,
// because a Confirmation has no place for them or they prove nothing.
func stricter(leaf, value string) bool {
	value = strings.TrimSpace(value)
	switch leaf {
	case "NazwaPodmiotuPrzyjmujacego": // an empty element stands for the only legal name
		return value == ""
	case "SkrotDokumentu", "SkrotDokumentuUwierzytelniajacego": // 44 characters, but not the Base64 of a digest
		return slices.Contains([]string{"kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qnoo", "kyqH-QUgP8ATWd_95IY632mP4uqibwG66Oqclq9-qno=", strings.Repeat("A", 43) + "="}, value)
	case "DataWystawieniaFaktury": // a day somewhere in the world, a year with five digits
		return slices.Contains([]string{"2026-03-02Z", "2026-03-02+01:00", "12026-03-02"}, value)
	case "DataPrzeslaniaDokumentu", "DataNadaniaNumeruKSeF":
		return slices.Contains([]string{"2026-03-02T24:00:00Z", "12026-03-02T10:30:00Z"}, value)
	case "Strona", "LiczbaStron", "ZakresDokumentowOd", "ZakresDokumentowDo", "CalkowitaLiczbaDokumentow": // more than two thousand million
		return len(value) > 10 || slices.Contains([]string{"2147483648", "9999999999"}, value)
	}
	return false
}

// misplaced recognises a signature between documents, which Parse refuses; the
// schema knows signatures nowhere.
var misplaced = regexp.MustCompile(`</d:Signature>\s*<Dokument>`)

// TestAgreesWithTheSchema compares the patterns, lengths and order that this
// package knows with the table that the official schema was made into, on
// receipts of every shape with one fault each.
func TestAgreesWithTheSchema(t *testing.T) {
	t.Parallel()
	legal, faulty, strict := 0, 0, 0
	for name, c := range bothVersions() {
		for _, m := range mutants(string(c.AppendXML(nil))) {
			parse, schema := byParse(m.doc), bySchema(m.doc)
			switch {
			case !parse && schema && (stricter(m.leaf, m.value) || misplaced.MatchString(m.doc)):
				strict++
			case parse != schema:
				t.Errorf("%s, %s = %q: Parse says %v, the schema %v", name, m.leaf, m.value, parse, schema)
			case parse:
				legal++
			default:
				faulty++
			}
		}
	}
	t.Logf("%d legal and %d faulty receipts judged alike, %d refused by Parse alone", legal, faulty, strict)
	if legal == 0 || faulty == 0 || strict == 0 {
		t.Error("nothing compared")
	}
}

// bothVersions are the samples, and those that can be of version 4-2 as such.
func bothVersions() map[string]*upo.Confirmation {
	all := receipts()
	for name, c := range receipts() {
		c.Version = upo.V42
		for i := range c.Documents {
			c.Documents[i].Mode = ""
		}
		if c.Validate() == nil {
			all[name+" 4-2"] = c
		}
	}
	return all
}

// TestCorpusAgreesWithTheSchema does the same with receipts found in public.
func TestCorpusAgreesWithTheSchema(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(refdata.Dir(t), "fa3-corpus", "*", "upo-*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no receipts in the corpus (%v)", err)
	}
	legal := 0
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parse, schema := byParse(string(doc)), bySchema(string(doc))
		if parse != schema {
			t.Errorf("%s: Parse says %v, the schema %v", filepath.Base(file), parse, schema)
		}
		if parse {
			legal++
		}
	}
	t.Logf("%d of %d receipts are legal", legal, len(files))
}
