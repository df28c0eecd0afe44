package upo_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/pl"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden holds the exact bytes of every sample and that they read back.
func TestGolden(t *testing.T) {
	for name, c := range receipts() {
		t.Run(name, func(t *testing.T) {
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			xml := c.AppendXML(nil)
			path := filepath.Join("testdata", name+".xml")
			if *update {
				if err := os.WriteFile(path, xml, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(xml)); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			got, err := upo.Parse(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSchema has xmllint judge everything we write; the signature, which the
// schema does not declare, is not there yet.
func TestSchema(t *testing.T) {
	schema := filepath.Join(refdata.Dir(t), "ksef-xsd", "upo", "schemy", "upo-v4-3.xsd")
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: validation against the schema skipped")
	}
	for name, c := range receipts() {
		path := filepath.Join(t.TempDir(), "upo.xml")
		if err := os.WriteFile(path, c.AppendXML(nil), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(lint, "--noout", "--nonet", "--schema", schema, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestSchemaAfterCutting: what Verify hands to Parse is valid as well, that is,
// the signature leaves no trace.
func TestSchemaAfterCutting(t *testing.T) {
	for name, c := range receipts() {
		xml := c.AppendXML(nil)
		got, err := upo.Verify(ministry().sign(t, xml), trusted())
		if err != nil {
			t.Fatal(err)
		}
		got.Signature = nil
		if diff := cmp.Diff(string(xml), string(got.AppendXML(nil))); diff != "" {
			t.Errorf("%s (-signed +verified):\n%s", name, diff)
		}
	}
}

// TestOfficialExamples reads the published examples, all of which carry the name
// of the test environment.
func TestOfficialExamples(t *testing.T) {
	dir := filepath.Join(refdata.Dir(t), "ksef-xsd", "upo", "przyklady", "v4-3")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.xml"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%d examples, error %v", len(files), err)
	}
	contexts := map[string]upo.ContextType{
		"kontekst-nip": upo.ContextNIP, "kontekst-internal-id": upo.ContextInternalID, "kontekst-id-zlozony-vat-ue": upo.ContextNIPVATUE,
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			xml, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := upo.Parse(xml)
			if err != nil {
				t.Fatal(err)
			}
			if want := contexts[filepath.Base(filepath.Dir(file))]; c.Context.Type != want {
				t.Errorf("context %q, want %q", c.Context.Type, want)
			}
			if ofSession := strings.Contains(file, "upo-sesja"); ofSession != (c.Page != nil) || ofSession != (len(c.Documents) == 2) {
				t.Errorf("page %v with %d documents", c.Page, len(c.Documents))
			}
			for _, d := range c.Documents {
				if !d.KSeFNumber.Valid() || d.KSeFNumber.Seller() != d.SellerNIP || d.AcceptedAt.Before(d.ReceivedAt) {
					t.Errorf("document %+v", d)
				}
			}
			again, err := upo.Parse(c.AppendXML(nil))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, again); diff != "" {
				t.Errorf("after writing (-first +second):\n%s", diff)
			}
		})
	}
}

func TestParseVersion42(t *testing.T) {
	c := receipt()
	c.Version = upo.V42
	c.Documents[0].Mode = ""
	xml := string(c.AppendXML(nil))
	if strings.Contains(xml, "TrybWysylki") || !strings.Contains(xml, `xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-2"`) {
		t.Fatalf("wrote %s", xml)
	}
	got, err := upo.Parse([]byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = upo.Parse([]byte(replace(t, xml, "v4-2", "v4-3")))
	wantCode(t, err, upo.CodeStructure, "Potwierdzenie/Dokument[1]/TrybWysylki")
	number := string(c.Documents[0].KSeFNumber)
	_, err = upo.Parse([]byte(replace(t, xml, number, number[:26]+"-"+number[26:])))
	wantCode(t, err, upo.CodeValue, "Potwierdzenie/Dokument[1]/NumerKSeFDokumentu")
}

// TestParseTolerates what receipts may look like without saying anything else.
func TestParseTolerates(t *testing.T) {
	want := receipt()
	xml := string(want.AppendXML(nil))
	signed := string(ministry().sign(t, []byte(xml)))
	for name, doc := range map[string]string{
		"indentation":   strings.ReplaceAll(xml, "><", ">\r\n\t<"),
		"comments":      strings.ReplaceAll(xml, "><", "><!-- x --><"),
		"blanks":        replace(t, replace(t, xml, "<NumerFaktury>", "<NumerFaktury> \n"), "FA (3)<", "\tFA \n(3) <"),
		"prefix":        strings.NewReplacer("</", "</u:", "<?", "<?", "xmlns=", "xmlns:u=", "<", "<u:").Replace(xml),
		"schema hint":   replace(t, xml, "<Potwierdzenie", `<Potwierdzenie xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"`),
		"signature":     signed,
		"CDATA":         replace(t, xml, "FA (3)", "<![CDATA[FA (3)]]>"),
		"other offset":  replace(t, xml, "T10:30:00.841+01:00", "T09:30:00.8410000Z"),
		"no offset":     replace(t, xml, "T10:30:00.841+01:00", "T10:30:00.841"),
		"no empty tags": replace(t, xml, "</Potwierdzenie>", "</Potwierdzenie >\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := upo.Parse([]byte(doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseAuthority(t *testing.T) {
	for authority, ok := range map[string]bool{
		"Ministerstwo Finansów":                               true,
		"Ministerstwo Finansów - środowisko testowe (TE)":     true,
		"Ministerstwo Finansów - cokolwiek":                   true,
		"Ministerstwo Finansów i Gospodarki":                  false,
		"Ministerstwo Finansow":                               false,
		"Ministerstwo Finansów - " + strings.Repeat("x", 240): false,
	} {
		c := receipt()
		c.Authority = authority
		got, err := upo.Parse(c.AppendXML(nil))
		if !ok {
			wantCode(t, err, upo.CodeValue, "Potwierdzenie/NazwaPodmiotuPrzyjmujacego")
		} else if err != nil || got.Authority != authority {
			t.Errorf("%s: %v", authority, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	c := receipt()
	c.Page = &upo.Page{Number: 1, Pages: 1, From: 1, To: 2, Total: 2}
	c.Documents = append(c.Documents, document(1))
	xml := string(c.AppendXML(nil))
	const p = "Potwierdzenie"
	tests := []struct {
		name, from, to string
		code           upo.Code
		path           string
	}{
		{"doctype", "<Potwierdzenie", "<!DOCTYPE a><Potwierdzenie", upo.CodeXML, ""},
		{"instruction", "<KodFormularza>", "<?a?><KodFormularza>", upo.CodeXML, p},
		{"cut off", "</Potwierdzenie>", "", upo.CodeXML, p},
		{"after the end", "</Potwierdzenie>", "</Potwierdzenie><a/>", upo.CodeXML, ""},
		{"older version", "v4-3", "v3-0", upo.CodeNamespace, ""},
		{"foreign namespace", "http://upo.schematy", "urn:", upo.CodeNamespace, ""},
		{"another root", "<Potwierdzenie", `<UPO xmlns="urn:x"></UPO><!--`, upo.CodeNamespace, ""},
		{"unknown attribute", "<Potwierdzenie", `<Potwierdzenie a="1"`, upo.CodeStructure, ""},
		{"attribute of an element", "<Strona>", `<Strona a="1">`, upo.CodeStructure, p + "/OpisPotwierdzenia/Strona"},
		{"attribute of a group", "<Dokument>", `<Dokument a="1">`, upo.CodeStructure, p + "/Dokument[1]"},
		{"element missing", "<KodFormularza>FA (3)</KodFormularza>", "", upo.CodeStructure, p + "/KodFormularza"},
		{"element twice", "</KodFormularza>", "</KodFormularza><KodFormularza>FA (3)</KodFormularza>", upo.CodeStructure, p + "/Dokument[1]"},
		{"unknown element", "<TrybWysylki>Online</TrybWysylki>", "<TrybWysylki>Online</TrybWysylki><Uwagi/>", upo.CodeStructure, p + "/Dokument[1]"},
		{"element of another namespace", "<Strona>", `<Strona xmlns="urn:x">`, upo.CodeStructure, p + "/OpisPotwierdzenia/Strona"},
		{"text between elements", "</Strona>", "</Strona>x", upo.CodeStructure, p + "/OpisPotwierdzenia/LiczbaStron"},
		{"element in a text", "FA (3)", "FA <b/>(3)", upo.CodeStructure, p + "/KodFormularza"},
		{"empty element", "<KodFormularza>FA (3)<", "<KodFormularza> <", upo.CodeStructure, p + "/KodFormularza"},
		{"no context", "<Nip>1234563218</Nip>", "", upo.CodeStructure, p + "/Uwierzytelnienie/IdKontekstu"},
		{"two contexts", "</Nip>", "</Nip><Nip>1234563218</Nip>", upo.CodeStructure, p + "/Uwierzytelnienie/IdKontekstu"},
		{
			"two signatures", "</Potwierdzenie>", `<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/><d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/></Potwierdzenie>`,
			upo.CodeStructure, p,
		},
		{"something after the signature", "</Potwierdzenie>", `<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/>x</Potwierdzenie>`, upo.CodeStructure, p},
		{"no document", xml[strings.Index(xml, "<Dokument>"):strings.LastIndex(xml, "</Potw")], "", upo.CodeStructure, p + "/Dokument[1]"},
		{"session", session, "20260302-so-2F67776000-0123456789-5A", upo.CodeValue, p + "/NumerReferencyjnySesji"},
		{"month of the session", "20260302-SO", "20261302-SO", upo.CodeValue, p + "/NumerReferencyjnySesji"},
		{"context NIP", "<Nip>1", "<Nip>0", upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"page zero", "<Strona>1", "<Strona>0", upo.CodeValue, p + "/OpisPotwierdzenia/Strona"},
		{"page of words", "<LiczbaStron>1", "<LiczbaStron>one", upo.CodeValue, p + "/OpisPotwierdzenia/LiczbaStron"},
		{"page without end", "<LiczbaStron>1", "<LiczbaStron>99999999999", upo.CodeValue, p + "/OpisPotwierdzenia/LiczbaStron"},
		{"seller", "<NipSprzedawcy>12", "<NipSprzedawcy>1x", upo.CodeValue, p + "/Dokument[1]/NipSprzedawcy"},
		{"KSeF number", string(ksefNumber(1)), "1234563218-20260302-01020304050-1F", upo.CodeValue, p + "/Dokument[2]/NumerKSeFDokumentu"},
		{"same KSeF number", string(ksefNumber(1)), string(ksefNumber(0)), upo.CodeValue, p + "/Dokument[2]/NumerKSeFDokumentu"},
		{"invoice number", "FV/2026/03/0001", strings.Repeat("ż", 257), upo.CodeValue, p + "/Dokument[1]/NumerFaktury"},
		{"issue date", "<DataWystawieniaFaktury>2026-03-02", "<DataWystawieniaFaktury>2026-02-30", upo.CodeValue, p + "/Dokument[1]/DataWystawieniaFaktury"},
		{"early issue date", "<DataWystawieniaFaktury>2026-03-02", "<DataWystawieniaFaktury>2005-12-31", upo.CodeValue, p + "/Dokument[1]/DataWystawieniaFaktury"},
		{"instant", "T10:30:00.841", "T25:30:00.841", upo.CodeValue, p + "/Dokument[1]/DataPrzeslaniaDokumentu"},
		{"early instant", "<DataPrzeslaniaDokumentu>2026", "<DataPrzeslaniaDokumentu>2020", upo.CodeValue, p + "/Dokument[1]/DataPrzeslaniaDokumentu"},
		{"early acceptance", "<DataNadaniaNumeruKSeF>2026", "<DataNadaniaNumeruKSeF>2020", upo.CodeValue, p + "/Dokument[1]/DataNadaniaNumeruKSeF"},
		{"short hash", "=</SkrotDokumentu>", "</SkrotDokumentu>", upo.CodeValue, p + "/Dokument[1]/SkrotDokumentu"},
		{"hash that is not Base64", "=</SkrotDokumentu>", "!</SkrotDokumentu>", upo.CodeValue, p + "/Dokument[1]/SkrotDokumentu"},
		{"mode", ">Online<", ">online<", upo.CodeValue, p + "/Dokument[1]/TrybWysylki"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := replace(t, xml, tt.from, tt.to)
			if tt.name == "another root" {
				doc += "-->"
			}
			_, err := upo.Parse([]byte(doc))
			wantCode(t, err, tt.code, tt.path)
			if strings.Contains(err.Error(), string(seller)) {
				t.Error("the error repeats the receipt")
			}
		})
	}
}

func TestParseBounds(t *testing.T) {
	c := receipt()
	_, err := upo.Parse(append(c.AppendXML(nil), make([]byte, upo.MaxSize)...))
	wantCode(t, err, upo.CodeXML, "")

	c.Documents = manyDocuments(upo.MaxDocuments)
	if _, err := upo.Parse(c.AppendXML(nil)); err != nil {
		t.Errorf("a full page: %v", err)
	}
	c.Documents = manyDocuments(upo.MaxDocuments + 1)
	wantCode(t, c.Validate(), upo.CodeValue, "Potwierdzenie/Dokument")
	_, err = upo.Parse(c.AppendXML(nil))
	wantCode(t, err, upo.CodeStructure, "Potwierdzenie/Dokument[10001]")
}

func manyDocuments(n int) []upo.Document {
	out := make([]upo.Document, n)
	for i := range out {
		out[i] = document(0)
		out[i].KSeFNumber = pl.NewKSeFNumber(seller, pl.NewDate(2026, time.March, 2), [6]byte{0, 0, 0, 0, byte(i >> 8), byte(i)})
	}
	return out
}

// TestValidate covers what only a builder can get wrong.
func TestValidate(t *testing.T) {
	const p = "Potwierdzenie"
	tests := []struct {
		name   string
		change func(*upo.Confirmation)
		code   upo.Code
		path   string
	}{
		{"unknown version", func(c *upo.Confirmation) { c.Version = "9-9" }, upo.CodeNamespace, p},
		{"no login", func(c *upo.Confirmation) { c.LoginHash = [32]byte{} }, upo.CodeValue, p + "/Uwierzytelnienie"},
		{"two logins", func(c *upo.Confirmation) { c.TokenReference = token }, upo.CodeValue, p + "/Uwierzytelnienie"},
		{"token", func(c *upo.Confirmation) { c.TokenReference, c.LoginHash = "x", [32]byte{} }, upo.CodeValue, p + "/Uwierzytelnienie/NumerReferencyjnyTokenaKSeF"},
		{"no context", func(c *upo.Confirmation) { c.Context = upo.Context{} }, upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"internal identifier", func(c *upo.Confirmation) { c.Context = upo.Context{Type: upo.ContextInternalID, Value: "1234563218"} }, upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"Polish VAT-UE", func(c *upo.Confirmation) {
			c.Context = upo.Context{Type: upo.ContextNIPVATUE, Value: "1234563218-PL1234563218"}
		}, upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"VAT-UE in small letters", func(c *upo.Confirmation) {
			c.Context = upo.Context{Type: upo.ContextNIPVATUE, Value: "1234563218-atu12345678"}
		}, upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"Peppol", func(c *upo.Confirmation) { c.Context = upo.Context{Type: upo.ContextPeppolID, Value: "P123456789"} }, upo.CodeValue, p + "/Uwierzytelnienie/IdKontekstu"},
		{"page", func(c *upo.Confirmation) { c.Page = &upo.Page{Number: 1} }, upo.CodeValue, p + "/OpisPotwierdzenia"},
		{"no structure", func(c *upo.Confirmation) { c.Structure = "" }, upo.CodeValue, p + "/NazwaStrukturyLogicznej"},
		{"blanks", func(c *upo.Confirmation) { c.FormCode = "FA  (3)" }, upo.CodeValue, p + "/KodFormularza"},
		{"control character", func(c *upo.Confirmation) { c.FormCode = "FA\x01" }, upo.CodeValue, p + "/KodFormularza"},
		{"malformed UTF-8", func(c *upo.Confirmation) { c.SchemaVersion = "\xff" }, upo.CodeValue, p + "/@wersjaSchemy"},
		{"no documents", func(c *upo.Confirmation) { c.Documents = nil }, upo.CodeValue, p + "/Dokument"},
		{"no hash", func(c *upo.Confirmation) { c.Documents[0].InvoiceHash = [32]byte{} }, upo.CodeValue, p + "/Dokument[1]/SkrotDokumentu"},
		{"no date", func(c *upo.Confirmation) { c.Documents[0].IssueDate = pl.Date{} }, upo.CodeValue, p + "/Dokument[1]/DataWystawieniaFaktury"},
		{"mode in 4-2", func(c *upo.Confirmation) { c.Version = upo.V42 }, upo.CodeValue, p + "/Dokument[1]/TrybWysylki"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := receipt()
			tt.change(c)
			wantCode(t, c.Validate(), tt.code, tt.path)
		})
	}
	if err := (&upo.Confirmation{
		SessionReference: session, Context: receipt().Context, TokenReference: token,
		Structure: "x", FormCode: "y", Documents: receipt().Documents,
	}).Validate(); err != nil {
		t.Errorf("zero version and authority have defaults: %v", err)
	}
}

// TestRoundTrip writes and reads receipts with any text and any times.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := receipt()
		c.Documents = nil
		for i := range rapid.IntRange(1, 4).Draw(t, "documents") {
			d := document(byte(i))
			d.InvoiceNumber = rapid.StringMatching(`[!-~ąćęłńóśźż𝄞]{1,10}( [!-~]{1,10})?`).Draw(t, "number")
			d.ReceivedAt = time.UnixMilli(rapid.Int64Range(1633046400000, 4102444800000).Draw(t, "received")).UTC()
			d.AcceptedAt = d.ReceivedAt.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "later")) * time.Millisecond)
			d.IssueDate = pl.NewDate(2006, time.January, 1).AddDays(rapid.IntRange(0, 30000).Draw(t, "issued"))
			d.Mode = rapid.SampledFrom([]upo.Mode{upo.ModeOnline, upo.ModeOffline}).Draw(t, "mode")
			c.Documents = append(c.Documents, d)
		}
		got, err := upo.Parse(c.AppendXML(nil))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
	})
}

// FuzzParse: no input panics, and what is read can be written and read again.
func FuzzParse(f *testing.F) {
	for _, c := range receipts() {
		f.Add(c.AppendXML(nil))
	}
	f.Add(ministry().sign(f, receipt().AppendXML(nil)))
	f.Add([]byte(`<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-2"/>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		c, err := upo.Parse(xml)
		if err != nil {
			return
		}
		again, err := upo.Parse(c.AppendXML(nil))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		for i := range c.Documents { // instants are written in milliseconds
			c.Documents[i].ReceivedAt = c.Documents[i].ReceivedAt.Truncate(time.Millisecond)
			c.Documents[i].AcceptedAt = c.Documents[i].AcceptedAt.Truncate(time.Millisecond)
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatalf("(-first +second):\n%s", diff)
		}
	})
}
