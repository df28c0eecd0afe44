package validate

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// TestHostile: every document meant to do harm gets a problem with a code.
func TestHostile(t *testing.T) {
	t.Parallel()
	open := `<Faktura xmlns="` + fa3.Namespace + `">`
	bomb := `<!DOCTYPE Faktura [<!ENTITY a "aaaaaaaaaa">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">`, 10) + `]>`
	for name, c := range map[string]struct {
		doc  string
		code Code
	}{
		"nothing":             {"", "xml.empty"},
		"blanks":              {" \n\t", "xml.empty"},
		"text":                {"Faktura", "xml.outside"},
		"binary":              {"\x7FELF\x02\x01", "xml.outside"},
		"PDF":                 {"%PDF-1.7\n", "xml.outside"},
		"NUL in a name":       {open + "<Fa\x00/>", "xml.markup"},
		"NUL in text":         {open + "\x00</Faktura>", "xml.char"},
		"nested 10,000 deep":  {open + strings.Repeat("<a>", 10000), "xml.depth"},
		"nested and closed":   {open + strings.Repeat("<Fa>", 10000) + strings.Repeat("</Fa>", 10000) + "</Faktura>", "xml.depth"},
		"many attributes":     {"<Faktura " + manyAttributes(10000) + "/>", "xml.attributes"},
		"many namespaces":     {"<Faktura " + strings.ReplaceAll(manyAttributes(300), "a", "xmlns:a") + "/>", "xml.attributes"},
		"attribute of 1 MB":   {`<Faktura a="` + strings.Repeat("x", 1<<20) + `"/>`, CodeRoot},
		"name of 1 MB":        {"<" + strings.Repeat("F", 1<<20) + "/>", CodeRoot},
		"text of 1 MB":        {open + strings.Repeat("x", 1<<20) + "</Faktura>", CodeText},
		"UTF-16":              {wide(sampleText, "\xFF\xFE"), "xml.encoding"},
		"UTF-16 without mark": {wide(sampleText, ""), "xml.encoding"},
		"Latin-2":             {strings.Replace(sampleText, "Leśna", "Le\xB6na", 1), "xml.utf8"},
		"overlong UTF-8":      {open + "\xC0\xAF", "xml.utf8"},
		"entity bomb":         {bomb + open + "&b;</Faktura>", CodeDoctype},
		"external entity":     {`<!DOCTYPE Faktura [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + open + "&x;</Faktura>", CodeDoctype},
		"unknown entity":      {open + "&nbsp;</Faktura>", "xml.reference"},
		"attribute twice":     {strings.Replace(sampleText, `wersjaSchemy=`, `wersjaSchemy="1-0E" wersjaSchemy=`, 1), "xml.duplicate"},
		"twice by namespace":  {`<Faktura xmlns:a="urn:a" xmlns:b="urn:a" a:x="1" b:x="2"/>`, "xml.duplicate"},
		"prefix unbound":      {"<x:Faktura/>", "xml.prefix"},
		"xml rebound":         {`<Faktura xmlns:xml="urn:x"/>`, "xml.prefix"},
		"two roots":           {sampleText + sampleText, "xml.declaration"},
		"zip":                 {"PK\x03\x04", "xml.outside"},
	} {
		r := Document([]byte(c.doc), Config{})
		if r.Valid() || Valid([]byte(c.doc), Config{}) || !has(r, c.code) {
			t.Errorf("%s: %s, want %s", name, first(r), c.code)
		}
		for _, p := range r.Problems {
			if len(p.EN) > 1000 || len(p.PL) > 1000 || len(p.Path) > 1000 {
				t.Errorf("%s: a problem of %d bytes", name, len(p.EN)+len(p.PL)+len(p.Path))
			}
		}
	}
}

func has(r *Report, code Code) bool {
	for _, p := range r.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a" + strings.Repeat("b", i%50) + string(rune('A'+i%26)) + strings.Repeat("c", i/1300) + `="1" `)
	}
	return b.String()
}

func wide(s, mark string) string {
	b := []byte(mark)
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// TestTruncated: a document cut off anywhere is refused.
func TestTruncated(t *testing.T) {
	t.Parallel()
	whole := strings.TrimSpace(sampleText)
	for n := range len(whole) {
		if Valid([]byte(whole[:n]), Config{}) {
			t.Fatalf("the first %d bytes are valid", n)
		}
	}
}

// TestManyFaults: the list is cut, and the time does not grow with the number of
// faults times the size.
func TestManyFaults(t *testing.T) {
	t.Parallel()
	doc := []byte(edited("<P_6>", strings.Repeat("<P_7>x</P_7><P_1/><P_2/>", 30000)+"<P_6>"))
	for _, most := range []int{0, 1, 7} {
		r := Document(doc, Config{Max: most})
		want := most
		if most == 0 {
			want = DefaultMax
		}
		if len(r.Problems) != want || !r.Truncated {
			t.Errorf("Max %d: %d problems, truncated %v", most, len(r.Problems), r.Truncated)
		}
	}
}

// TestSizeLimits: 1,000,000 bytes, or 3,000,000 with an attachment.
func TestSizeLimits(t *testing.T) {
	t.Parallel()
	attachment := "<Zalacznik><BlokDanych><MetaDane><ZKlucz>a</ZKlucz><ZWartosc>b</ZWartosc></MetaDane></BlokDanych></Zalacznik></Faktura>"
	for _, c := range []struct {
		size       int
		attachment bool
		want       bool
	}{
		{fa3.MaxSize, false, true},
		{fa3.MaxSize + 1, false, false},
		{fa3.MaxSize + 1, true, true},
		{fa3.MaxSizeWithAttachment, true, true},
		{fa3.MaxSizeWithAttachment + 1, true, false},
	} {
		text := sampleText
		if c.attachment {
			text = edited("</Faktura>", attachment)
		}
		doc := []byte(text + strings.Repeat(" ", c.size-len(text)))
		r := Document(doc, fileAndSchema)
		if Valid(doc, fileAndSchema) != c.want || r.Valid() != c.want || has(r, CodeSize) == c.want {
			t.Errorf("%d bytes, attachment %v: %s", c.size, c.attachment, first(r))
		}
		if !Valid(doc, Config{Layers: []Layer{Schema}}) {
			t.Error("the size is no matter of the schema")
		}
	}
}

// TestLargeCorpus: documents of a megabyte and of 10,000 and 10,001 lines.
func TestLargeCorpus(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"fa3_just_under_1MB.xml.gz": true, "fa3_10000_lines.xml.gz": true, "fa3_10001_lines_invalid.xml.gz": false} {
		doc := unzipped(t, refdata.File(t, "fa3-corpus", "large", name))
		r := Document(doc, Config{Layers: []Layer{Schema}})
		if r.Valid() != want || !want && (len(r.Problems) != 1 || r.Problems[0].Path != "/Faktura/Fa/FaWiersz[10001]") {
			t.Errorf("%s: %s", name, first(r))
		}
	}
}

func TestReceived(t *testing.T) {
	t.Parallel()
	tolerant := fileAndSchema
	tolerant.Received = true
	for _, doc := range []string{"\xEF\xBB\xBF" + sampleText, edited("Deska", "Deska\u0081"), edited("Deska", "Deska&#xFDD0;"), edited("Deska", "Deska&#"+strings.Repeat("0", 9999)+"127;"), edited("Deska", "Deska&#x1fffE;"), edited("Deska", "Deska\U0001FFFE")} {
		r := Document([]byte(doc), tolerant)
		if !r.Valid() || len(r.Problems) != 1 || r.Problems[0].Severity != Warning || !Valid([]byte(doc), tolerant) {
			t.Errorf("%+v", r)
		}
		if Valid([]byte(doc), fileAndSchema) || Document([]byte(doc), fileAndSchema).Valid() {
			t.Error("valid for sending")
		}
	}
	for _, doc := range []string{edited("Deska", "Deska\u0085"), edited("Deska", "Deska&#x85;"), edited("Deska", "<![CDATA[&#x81;]]>"), edited("<Fa>", "<Fa><!-- &#x81; -->"), edited("Deska", "&#x7e;&#13;&#10;&#133;")} {
		if r := Document([]byte(doc), fileAndSchema); !r.Valid() || !Valid([]byte(doc), fileAndSchema) {
			t.Errorf("%s", first(r))
		}
	}
}

// TestDiscouraged compares the search with the definition, character by character.
func TestDiscouraged(t *testing.T) {
	t.Parallel()
	for _, pad := range []string{"", "1234567", "ząb"} {
		for r := rune(1); r <= 0x10FFFF; r++ {
			if r >= 0xD800 && r < 0xE000 {
				continue
			}
			if r > 0x3000 && r < 0xFD00 || r > 0x10100 && r&0xFFF0 != 0xFFF0 {
				continue // nothing changes there
			}
			want := r >= 0x7F && r <= 0x84 || r >= 0x86 && r <= 0x9F || r >= 0xFDD0 && r <= 0xFDEF || r > 0xFFFF && (r&0xFFFF == 0xFFFE || r&0xFFFF == 0xFFFF)
			doc := []byte(pad + string(r) + pad)
			if got := discouraged(doc, 0); got >= 0 != want || want && !bytes.HasPrefix(doc[got:], []byte(string(r))) {
				t.Fatalf("U+%04X: %d", r, got)
			}
		}
	}
}

// TestNoPersonalData: what may be personal is never repeated.
func TestNoPersonalData(t *testing.T) {
	t.Parallel()
	for element, value := range map[string]string{
		"Nazwa": strings.Repeat("Kowalski ", 80), "NIP": "5265877635x", "AdresL1": strings.Repeat("Sekretna 7 ", 80),
		"P_7": strings.Repeat("Kowalski ", 80), "NrRB": "5199900000000", "P_15": "85010112345.123", "P_12": "85010112345",
	} {
		begin := strings.Index(sampleText, "<"+element+">") + len(element) + 2
		end := begin + strings.Index(sampleText[begin:], "<")
		doc := sampleText[:begin] + value + sampleText[end:]
		if element == "NrRB" {
			doc = edited("<NrRB>51999000000000000012345678", "<NrRB>"+strings.Repeat("5199900000000", 9))
		}
		r := Document([]byte(doc), fileAndSchema)
		if len(r.Problems) == 0 {
			t.Errorf("%s: no problem", element)
		}
		for _, p := range r.Problems {
			for _, secret := range []string{"Kowalski", "526587", "Sekretna", "51999", "850101"} {
				if strings.Contains(p.EN+p.PL+p.Nearest+p.Path, secret) {
					t.Errorf("%s: %+v", element, p)
				}
			}
		}
	}
}
