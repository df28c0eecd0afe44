package validate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// FuzzDocument: the validator never panics, its two answers agree, what it calls
// valid can be read into the model and by the standard library, and places are
// inside the document.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(sampleText))
	for _, m := range mistakes {
		f.Add([]byte(strings.Replace(sampleText, m.old, m.new, 1)))
	}
	for _, form := range forms {
		f.Add([]byte("<" + form.root + ` xmlns="` + form.namespace + `"><Dokument/></` + form.root + ">"))
	}
	f.Add([]byte(`<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="y"><![CDATA[]]></Faktura>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r := Document(doc, fileAndSchema)
		valid := Valid(doc, fileAndSchema)
		if r.Valid() != valid {
			t.Fatalf("Document says %v, Valid %v: %s", r.Valid(), valid, first(r))
		}
		lines := bytes.Count(doc, []byte("\n")) + bytes.Count(doc, []byte("\r")) + 1
		for _, p := range r.Problems {
			if p.EN == "" || p.PL == "" || p.Line < 1 || p.Line > lines || p.Column < 1 || p.Column > len(doc)+1 {
				t.Fatalf("%+v", p)
			}
		}
		if !valid {
			return
		}
		if r.Kind == FA3 {
			if _, err := fa3.Unmarshal(doc); err != nil {
				t.Fatalf("valid, but %v", err)
			}
		}
		for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("valid, but %v", err)
			}
		}
	})
}

// FuzzValue puts any text into elements of every type.
func FuzzValue(f *testing.F) {
	for _, v := range append(append([]string{"zw.", "1 234,50", "<", "&amp;"}, numbers...), dates...) {
		f.Add(v)
	}
	elements := []string{"P_1", "P_2", "P_12", "P_15", "NIP", "KodWaluty", "DataWytworzeniaFa", "NrWierszaFa", "P_8B", "FormaPlatnosci", "P_16", "WariantFormularza"}
	f.Fuzz(func(t *testing.T, value string) {
		for _, e := range elements {
			begin := strings.Index(sampleText, "<"+e+">") + len(e) + 2
			end := begin + strings.Index(sampleText[begin:], "<")
			doc := []byte(sampleText[:begin] + value + sampleText[end:])
			r := Document(doc, Config{})
			if Valid(doc, fileAndSchema) {
				if _, err := fa3.Unmarshal(doc); err != nil {
					t.Fatalf("%s: valid, but %v", e, err)
				}
				continue
			}
			for _, p := range r.Problems {
				fixed := p.Layer == Schema && p.Nearest != "" && !strings.Contains(p.Nearest, " / ") && p.Path != "" && strings.HasSuffix(p.Path, "/"+e)
				if fixed && !Valid([]byte(sampleText[:begin]+p.Nearest+sampleText[end:]), fileAndSchema) && p.Code != CodeNamespace && p.Code != CodeUnexpected {
					t.Fatalf("%s: nearest value %q is not valid either", e, p.Nearest)
				}
			}
		}
	})
}
