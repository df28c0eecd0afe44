package fa3

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// edited is the document of sample(2) with one text replaced by another.
func edited(t testing.TB, before, after string) []byte {
	t.Helper()
	doc := sample(2).AppendXML(nil)
	if bytes.Count(doc, []byte(before)) == 0 {
		t.Fatalf("the sample does not contain %q", before)
	}
	return bytes.Replace(doc, []byte(before), []byte(after), 1)
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	line := "<FaWiersz><NrWierszaFa>2</NrWierszaFa>"
	tests := []struct {
		name, before, after string
		want                SyntaxError // Offset, Line and Column are checked apart
	}{
		{"unknown element", "<P_2>", "<P_X/><P_2>", SyntaxError{Code: CodeUnexpected, Path: "/Faktura/Fa", Found: "P_X", Expected: []string{"P_2"}}},
		{"wrong order", "<P_1>2026-02-03</P_1>", "<P_1M>x</P_1M><P_1>2026-02-03</P_1>", SyntaxError{Code: CodeUnexpected, Path: "/Faktura/Fa", Found: "P_1M", Expected: []string{"P_1"}}},
		{"second branch of a choice", "<NIP>9876543210</NIP>", "<NIP>9876543210</NIP><BrakID>1</BrakID>", SyntaxError{Code: CodeUnexpected, Path: "/Faktura/Podmiot2/DaneIdentyfikacyjne", Found: "BrakID", Expected: []string{"Nazwa"}}},
		{"child of a simple element", "<P_2>", "<P_2><b/>", SyntaxError{Code: CodeUnexpected, Path: "/Faktura/Fa/P_2", Found: "b"}},
		{"repeated", "<KodWaluty>PLN</KodWaluty>", "<KodWaluty>PLN</KodWaluty><KodWaluty>EUR</KodWaluty>", SyntaxError{Code: CodeTooMany, Path: "/Faktura/Fa", Found: "KodWaluty", Expected: []string{"P_1"}}},
		{"foreign namespace", "<KodWaluty>", "<KodWaluty xmlns='urn:x'>", SyntaxError{Code: CodeNamespace, Path: "/Faktura/Fa", Found: "KodWaluty", Expected: []string{"P_1"}}},
		{"missing at the end", "<GV>2</GV>", "", SyntaxError{Code: CodeMissing, Path: "/Faktura/Podmiot2", Expected: []string{"GV"}}},
		{"missing in a choice", "<P_19N>1</P_19N>", "", SyntaxError{Code: CodeMissing, Path: "/Faktura/Fa/Adnotacje/Zwolnienie", Expected: []string{"P_19", "P_19N"}}},
		{"text between elements", "<Fa>", "<Fa>x", SyntaxError{Code: CodeText, Path: "/Faktura/Fa"}},
		{"unknown attribute", "<Fa>", "<Fa lang='pl'>", SyntaxError{Code: CodeAttribute, Path: "/Faktura/Fa", Found: "lang"}},
		{"xml:lang", "<Fa>", "<Fa xml:lang='pl'>", SyntaxError{Code: CodeAttribute, Path: "/Faktura/Fa", Found: "lang"}},
		{"xsi:nil", "<P_1M>", "<P_1M xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='false'>", SyntaxError{Code: CodeAttribute, Path: "/Faktura/Fa/P_1M", Found: "nil"}},
		{"attribute missing", ` wersjaSchemy="1-0E"`, "", SyntaxError{Code: CodeAttribute, Path: "/Faktura/Naglowek/KodFormularza", Expected: []string{"wersjaSchemy"}}},
		{"other schema version", `"1-0E"`, `"1-1E"`, SyntaxError{Code: CodeValue, Path: "/Faktura/Naglowek/KodFormularza", Found: "wersjaSchemy"}},
		{"other variant", "<WariantFormularza>3<", "<WariantFormularza>2<", SyntaxError{Code: CodeValue, Path: "/Faktura/Naglowek/WariantFormularza"}},
		{"empty", "<P_2>FV/17/02/2026</P_2>", "<P_2/>", SyntaxError{Code: CodeEmpty, Path: "/Faktura/Fa/P_2"}},
		{"blank", "<P_2>FV/17/02/2026</P_2>", "<P_2> \n</P_2>", SyntaxError{Code: CodeEmpty, Path: "/Faktura/Fa/P_2"}},
		{"no such day", "2026-02-03</P_1>", "2026-02-30</P_1>", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/P_1"}},
		{"date with zone", "2026-02-03</P_1>", "2026-02-03Z</P_1>", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/P_1"}},
		{"date with a time that is none", "08:15:30Z", "08:15:60Z", SyntaxError{Code: CodeValue, Path: "/Faktura/Naglowek/DataWytworzeniaFa"}},
		{"amount", "<P_15>403.50", "<P_15>403,50", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/P_15"}},
		{"amount with exponent", "<P_15>403.50", "<P_15>4e2", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/P_15"}},
		{"mark of two", "<P_19N>1<", "<P_19N>2<", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/Adnotacje/Zwolnienie/P_19N"}},
		{"answer in words", "<P_16>2<", "<P_16>false<", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/Adnotacje/P_16"}},
		{"line number", line, "<FaWiersz><NrWierszaFa>0</NrWierszaFa>", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/FaWiersz[2]/NrWierszaFa"}},
		{"line number of 15 digits", line, "<FaWiersz><NrWierszaFa>123456789012345</NrWierszaFa>", SyntaxError{Code: CodeValue, Path: "/Faktura/Fa/FaWiersz[2]/NrWierszaFa"}},
		{"in a later line", line, line + "<P_X/>", SyntaxError{Code: CodeUnexpected, Path: "/Faktura/Fa/FaWiersz[2]", Found: "P_X"}},
		{"ill-formed", "</P_2>", "</P_3>", SyntaxError{Code: "xml.mismatch", Path: "/Faktura/Fa/P_2"}},
		{"cut off", "</Faktura>", "", SyntaxError{Code: "xml.truncated", Path: "/Faktura"}},
		{"processing instruction", "<Fa>", "<?x?><Fa>", SyntaxError{Code: "xml.instruction", Path: "/Faktura"}},
		{"after the root", "</Faktura>", "</Faktura><Faktura/>", SyntaxError{Code: "xml.outside"}},
		{"FA(2)", "/wzor/2025/06/25/13775/", "/wzor/2023/06/29/12648/", SyntaxError{Code: CodeRoot, Found: "Faktura", Expected: []string{"Faktura of " + Namespace}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := edited(t, tt.before, tt.after)
			f, err := Unmarshal(doc)
			var got *SyntaxError
			if !errors.As(err, &got) || f != nil {
				t.Fatalf("error %v, invoice %v", err, f != nil)
			}
			opts := cmp.Options{
				cmpopts.IgnoreFields(SyntaxError{}, "Offset", "Line", "Column"), cmpopts.IgnoreUnexported(SyntaxError{}),
				cmpopts.EquateEmpty(),
			}
			if tt.name == "in a later line" {
				got.Expected = nil // the whole rest of the line
			}
			if diff := cmp.Diff(&tt.want, got, opts); diff != "" {
				t.Error(diff)
			}
			at := bytes.Index(doc, []byte(tt.after))
			if tt.after != "" && (got.Offset < at-60 || got.Offset > at+len(tt.after)+40) {
				t.Errorf("offset %d, the change is at %d", got.Offset, at)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	t.Parallel()
	doc := bytes.ReplaceAll(edited(t, "<P_2>", "<P_X/><P_2>"), []byte("><P_"), []byte(">\n<P_"))
	_, err := Unmarshal(doc)
	want := "fa3: line 4, column 1: /Faktura/Fa: element not expected here: P_X; expected P_2"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestSpellings reads what XML and XML Schema allow besides the plain form.
func TestSpellings(t *testing.T) {
	t.Parallel()
	want := sample(2)
	prefixed := func(doc []byte) []byte {
		s := strings.ReplaceAll(string(doc), "</", "</\x00")
		s = strings.ReplaceAll(strings.ReplaceAll(s, "<", "<f:"), "<f:/\x00", "</f:")
		s = strings.Replace(s, "<f:?xml", "<?xml", 1)
		return []byte(strings.Replace(s, "xmlns=", "xmlns:f=", 1))
	}
	tests := map[string][]byte{
		"prefix":            prefixed(want.AppendXML(nil)),
		"byte order mark":   edited(t, "<?xml", "\xEF\xBB\xBF<?xml"),
		"no declaration":    edited(t, `<?xml version="1.0" encoding="UTF-8"?>`, ""),
		"comments":          edited(t, "<P_2>FV/17", "<!-- a --><P_2>FV<!-- b -->/17"),
		"CDATA":             edited(t, "FV/17/02/2026", "FV<![CDATA[/17/]]>02/2026"),
		"references":        edited(t, "FV/17/02/2026", "FV&#x2F;17/&#48;2/2026"),
		"white space":       edited(t, "FV/17/02/2026", "\n\tFV/17/02/2026 "),
		"between elements":  edited(t, "<Fa><KodWaluty>", "<Fa>\r\n\t<KodWaluty>"),
		"space reference":   edited(t, "<Fa><KodWaluty>", "<Fa>&#32;<![CDATA[ ]]><KodWaluty>"),
		"sign of a mark":    edited(t, "<P_19N>1<", "<P_19N> +01 <"),
		"answer":            edited(t, "<P_16>2<", "<P_16>+02<"),
		"line number":       edited(t, "<NrWierszaFa>2<", "<NrWierszaFa>+0000000000000000002<"),
		"code of integers":  edited(t, "<FormaPlatnosci>6<", "<FormaPlatnosci>06<"),
		"schema location":   edited(t, "<Faktura ", "<Faktura xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation='a b' "),
		"single quotes":     edited(t, `kodSystemowy="FA (3)"`, `kodSystemowy='FA (3)' `),
		"rate with spaces":  edited(t, "<P_12>23<", "<P_12> 23\n<"),
		"after the root":    edited(t, "</Faktura>", "</Faktura>\n<!-- c -->\n"),
		"redundant default": edited(t, "<Fa>", "<Fa xmlns='"+Namespace+"'>"),
	}
	for name, doc := range tests {
		got, err := Unmarshal(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFixedPrefix(t *testing.T) {
	t.Parallel()
	f, err := Unmarshal(edited(t, "<Podmiot1>", "<Podmiot1><PrefiksPodatnika/>"))
	if err != nil || f.Podmiot1.PrefiksPodatnika != "PL" {
		t.Errorf("prefix %q, error %v", f.Podmiot1.PrefiksPodatnika, err)
	}
}

// TestHostile reads documents that want to cost more than they should: each must
// end in a typed error or a value, in time linear in its size (a quadratic
// reader would exceed the limit of the test binary) and in bounded memory.
func TestHostile(t *testing.T) {
	fill := func(unit string) string { return strings.Repeat(unit, MaxSizeWithAttachment*9/10/len(unit)) }
	plain := string(sample(1).AppendXML(nil))
	line := plain[strings.Index(plain, "<FaWiersz>") : strings.Index(plain, "</FaWiersz>")+len("</FaWiersz>")]
	attachment := string(attachmentSample().AppendXML(nil))
	tests := []struct {
		name, doc string
		code      Code // empty: can be read
	}{
		{"billion laughs", `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Faktura>&b;</Faktura>`, "xml.doctype"},
		{"external entity", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><Faktura/>`, "xml.doctype"},
		{"entity without declaration", strings.Replace(plain, "FV/17", "&xxe;", 1), "xml.reference"},
		{"deep inside", strings.Replace(plain, "<Fa>", "<Fa>"+strings.Repeat("<Fa>", 10_000), 1), CodeUnexpected},
		{"deep outside", strings.Repeat("<Faktura>", 10_000), CodeRoot},
		{"huge attribute", `<Faktura xmlns="` + fill("x") + `"/>`, CodeRoot},
		{"huge value", strings.Replace(plain, "FV/17", fill("x"), 1), ""},
		{"huge number", strings.Replace(plain, "<P_15>403.50", "<P_15>"+fill("9"), 1), ""},
		{"huge line number", strings.Replace(plain, "<NrWierszaFa>1", "<NrWierszaFa>"+fill("9"), 1), CodeValue},
		{"spaces", strings.Replace(plain, "FV/17", fill(" x"), 1), ""},
		{"comments", strings.Replace(plain, "<Fa>", "<Fa>"+fill("<!---->"), 1), ""},
		{"too many lines", strings.Replace(plain, line, strings.Repeat(line, 10_001), 1), CodeTooMany},
		{"many short lines", strings.Replace(plain, line, strings.Repeat("<FaWiersz><NrWierszaFa>1</NrWierszaFa></FaWiersz>", 10_000), 1), ""},
		{"many empty terms", strings.Replace(plain, "<TerminPlatnosci>", strings.Repeat("<TerminPlatnosci/>", 99)+"<TerminPlatnosci>", 1), ""},
		{"many empty cells", strings.Replace(attachment, "<WKom>2026-02-01</WKom><WKom>12.5</WKom></Wiersz>",
			strings.Repeat("<WKom/>", 20)+"</Wiersz>"+strings.Repeat("<Wiersz><WKom/></Wiersz>", 998), 1), ""},
		{"too large", plain + fill(" ") + fill(" "), "xml.size"},
		{"invalid UTF-8", strings.Replace(plain, "FV", "\xC3\x28", 1), "xml.utf8"},
		{"UTF-16", "\xFF\xFE<\x00F\x00", "xml.encoding"},
		{"other encoding", strings.Replace(plain, `"UTF-8"`, `"ISO-8859-2"`, 1), "xml.encoding"},
		{"NUL", strings.Replace(plain, "FV", "F\x00", 1), "xml.char"},
		{"NUL at the end", plain + "\x00", "xml.char"},
		{"duplicate attribute", strings.Replace(plain, "<KodFormularza ", `<KodFormularza wersjaSchemy="x" `, 1), "xml.duplicate"},
		{"many attributes", strings.Replace(plain, "<Fa>", "<Fa"+strings.Repeat(" a='1'", 5000)+">", 1), "xml.attributes"},
		{"truncated", plain[:len(plain)/2], "xml.truncated"},
		{"empty", "", "xml.empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := []byte(tt.doc)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Unmarshal(doc)
			runtime.ReadMemStats(&after)
			var syntax *SyntaxError
			if errors.As(err, &syntax); err != nil && syntax == nil || code(syntax) != tt.code {
				t.Errorf("%v, want %q", err, tt.code)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<10+16*uint64(len(doc)) {
				t.Errorf("%d bytes allocated for a document of %d", used, len(doc))
			}
			if err != nil && len(err.Error()) > 2000 {
				t.Errorf("error text of %d bytes", len(err.Error()))
			}
			if _, err := Peek(doc); err != nil && !errors.As(err, &syntax) {
				t.Errorf("Peek: untyped error %v", err)
			}
		})
	}
}

func code(e *SyntaxError) Code {
	if e == nil {
		return ""
	}
	return e.Code
}

func TestErrorsHoldNoValues(t *testing.T) {
	t.Parallel()
	doc := edited(t, "<P_15>403.50", "<P_15>tajne-dane")
	_, err := Unmarshal(doc)
	if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "tajne") {
		t.Errorf("%v", err)
	}
}
