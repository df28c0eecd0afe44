package xmlscan

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
)

// benchDoc looks like an invoice of about 20 kB.
var benchDoc = []byte(`<?xml version="1.0" encoding="UTF-8"?><Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">` +
	strings.Repeat("<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Mąka pszenna typ 450, worek</P_7><P_8A>szt.</P_8A>"+
		"<P_8B>2</P_8B><P_9A>50.00</P_9A><P_11>100.00</P_11><P_12>23</P_12></FaWiersz>\n", 120) + `</Faktura>`)

func BenchmarkNext(b *testing.B) {
	s := New(benchDoc, Config{})
	b.SetBytes(int64(len(benchDoc)))
	b.ReportAllocs()
	for b.Loop() {
		s.Reset(benchDoc)
		for {
			kind, err := s.Next()
			if err != nil {
				b.Fatal(err)
			}
			if kind == EOF {
				break
			}
		}
	}
}

// BenchmarkStandardLibrary is the same loop over encoding/xml.
func BenchmarkStandardLibrary(b *testing.B) {
	b.SetBytes(int64(len(benchDoc)))
	b.ReportAllocs()
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(benchDoc))
		for {
			if _, err := d.RawToken(); err != nil {
				break
			}
		}
	}
}

func BenchmarkAppendText(b *testing.B) {
	text := strings.Repeat("Piekarnia Kłos i Synowie, Poznań ", 8)
	var dst []byte
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendText(dst[:0], text)
	}
}
