package validate

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// mistakes are what people and programs get wrong, each a change of the sample.
var mistakes = []struct{ name, old, new string }{
	{"number of the invoice missing", "    <P_2>FV/17/02/2026</P_2>\n", ""},
	{"number of the invoice empty", "FV/17/02/2026", ""},
	{"number too long", "FV/17/02/2026", strings.Repeat("FV/", 100)},
	{"element misspelt", "<P_15>1518.44</P_15>", "<p_15>1518.44</p_15>"},
	{"element with a slip", "<RodzajFaktury>VAT</RodzajFaktury>", "<RodzajFaktur>VAT</RodzajFaktur>"},
	{"amount with comma and space", "1234.50", "1 234,50"},
	{"amount with three decimal places", "283.94", "283.9351"},
	{"amount with currency", "1518.44", "1518,44 zł"},
	{"amount with plus sign", "<P_15>1518.44", "<P_15>+1518.44"},
	{"date without zeros", "<P_1>2026-02-03", "<P_1>2026-2-3"},
	{"date the Polish way", "<P_6>2026-02-02", "<P_6>02.02.2026"},
	{"date that does not exist", "<P_1>2026-02-03", "<P_1>2026-02-30"},
	{"date with time", "<Termin>2026-02-17", "<Termin>2026-02-17T00:00:00"},
	{"date out of range", "<P_1>2026-02-03", "<P_1>2062-02-03"},
	{"instant without T", "2026-02-03T08:15:30Z", "2026-02-03 08:15:30"},
	{"instant before the schema", "2026-02-03T08:15:30Z", "2025-08-31T08:15:30Z"},
	{"exempt with a full stop", "<P_12>23", "<P_12>zw."},
	{"rate with percent sign", "<P_12>23", "<P_12>23%"},
	{"rate 0 of FA(2)", "<P_12>23", "<P_12>0"},
	{"rate np of FA(2)", "<P_12>23", "<P_12>np"},
	{"currency in small letters", "PLN", "pln"},
	{"currency by name", "PLN", "zł"},
	{"country UK", "<KodKraju>PL", "<KodKraju>UK"},
	{"country EL", "<KodKraju>PL", "<KodKraju>EL"},
	{"truth value", "<P_16>2", "<P_16>false"},
	{"mark zero", "<P_17>2", "<P_17>0"},
	{"payment in words", "<FormaPlatnosci>6", "<FormaPlatnosci>przelew"},
	{"kind of invoice by name", ">VAT<", ">Korekta<"},
	{"NIP with dashes", "9512120077", "951-212-00-77"},
	{"NIP with blanks around", ">9512120077<", "> 9512120077 <"},
	{"fields of two ways to identify", "      <NIP>9512120077</NIP>\n", "      <NIP>9512120077</NIP>\n      <BrakID>1</BrakID>\n"},
	{"buyer without identification", "      <NIP>9512120077</NIP>\n", ""},
	{"two numbers", "<P_2>FV/17/02/2026</P_2>", "<P_2>FV/17/02/2026</P_2><P_2>FV/18/02/2026</P_2>"},
	{"wrong order", "    <KodWaluty>PLN</KodWaluty>\n    <P_1>2026-02-03</P_1>\n", "    <P_1>2026-02-03</P_1>\n    <KodWaluty>PLN</KodWaluty>\n"},
	{"optional element too late", "<P_2>FV/17/02/2026</P_2>", "<P_2>FV/17/02/2026</P_2><P_1M>Jabłonka</P_1M>"},
	{"element in the wrong parent", "<P_6>2026-02-02</P_6>", "<P_7>Deska</P_7>"},
	{"address of older structures", "<AdresL1>ul. Leśna 4</AdresL1>", "<Ulica>Leśna</Ulica><NrDomu>4</NrDomu>"},
	{"sum of FA(1)", "<P_13_1>1234.50</P_13_1>", "<P_13_6>1234.50</P_13_6>"},
	{"wrong form code", `kodSystemowy="FA (3)"`, `kodSystemowy="FA(3)"`},
	{"attribute missing", ` wersjaSchemy="1-0E"`, ""},
	{"attribute unknown", "<Fa>", `<Fa xml:lang="pl">`},
	{"nil", "<P_6>2026-02-02</P_6>", `<P_6 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`},
	{"text between elements", "<Fa>", "<Fa>Faktura"},
	{"markup in a value", "Deska dębowa", "Deska <b>dębowa</b>"},
	{"namespace without slash", "13775/", "13775"},
	{"namespace missing", ` xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"`, ""},
	{"element of no namespace", "<P_2>", `<P_2 xmlns="">`},
	{"draft namespace", "2025/06/25/13775", "2025/02/14/02141"},
	{"FA(1)", "2025/06/25/13775", "2021/11/29/11089"},
	{"another document", "Faktura", "JPK"},
	{"ampersand", "Deska dębowa", "Deska & listwa"},
	{"tag not closed", "</Podmiot1>", ""},
	{"another encoding", `encoding="UTF-8"`, `encoding="windows-1250"`},
	{"processing instruction", "<Faktura", `<?xml-stylesheet href="x"?><Faktura`},
	{"document type", "<Faktura", "<!DOCTYPE Faktura><Faktura"},
	{"control character by reference", "Deska", "Deska&#x80;"},
	{"line 3 of the same kind", "<P_11>234.50</P_11>", "<P_11>234.5.0</P_11>"},
	{"several at once", "    <P_2>FV/17/02/2026</P_2>\n    <P_6>2026-02-02</P_6>\n    <P_13_1>1234.50</P_13_1>\n", "    <P_13_1>1234,50</P_13_1>\n    <P_99>1</P_99>\n"},
}

// TestMistakes keeps what is said about each of them in a file, to be read by
// people before it is changed.
func TestMistakes(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, m := range mistakes {
		doc := []byte(strings.Replace(sampleText, m.old, m.new, 1))
		if m.name == "another document" {
			doc = []byte(strings.ReplaceAll(sampleText, m.old, m.new))
		}
		if !strings.Contains(sampleText, m.old) {
			t.Errorf("%s: the sample has changed", m.name)
		}
		r := Document(doc, fileAndSchema)
		if r.Valid() || Valid(doc, fileAndSchema) {
			t.Errorf("%s: found nothing wrong", m.name)
		}
		fmt.Fprintf(&b, "# %s\n", m.name)
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "%d:%d %s %s\n  %s\n  %s\n", p.Line, p.Column, p.Code, p.Path, p.EN, p.PL)
			if p.Nearest != "" {
				fmt.Fprintf(&b, "  nearest: %s\n", p.Nearest)
			}
		}
	}
	golden(t, "mistakes.txt", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; read it, then run with -update:\n%s", name, diff)
	}
}

// TestSampleIsValid in all three layers.
func TestSampleIsValid(t *testing.T) {
	t.Parallel()
	r := Document([]byte(sampleText), Config{})
	if !r.Valid() || len(r.Problems) > 0 || r.Kind != FA3 || !r.Judged {
		t.Errorf("%+v", r)
	}
}
