package upo_test

import (
	"testing"

	"github.com/faktupro/faktupro-go/ksef/upo"
)

// pages are an invoice's receipt and a full page of a session.
func pages() map[string]*upo.Confirmation {
	full := receipt()
	full.Page = &upo.Page{Number: 1, Pages: 1, From: 1, To: upo.MaxDocuments, Total: upo.MaxDocuments}
	full.Documents = manyDocuments(upo.MaxDocuments)
	return map[string]*upo.Confirmation{"invoice": receipt(), "page": full}
}

func benchmarkPages(b *testing.B, run func(b *testing.B, c *upo.Confirmation, xml []byte)) {
	for _, name := range []string{"invoice", "page"} {
		c := pages()[name]
		xml := c.AppendXML(nil)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(xml)))
			run(b, c, xml)
		})
	}
}

func BenchmarkParse(b *testing.B) {
	benchmarkPages(b, func(b *testing.B, _ *upo.Confirmation, xml []byte) {
		for b.Loop() {
			if _, err := upo.Parse(xml); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppendXML(b *testing.B) {
	benchmarkPages(b, func(b *testing.B, c *upo.Confirmation, xml []byte) {
		dst := make([]byte, 0, len(xml))
		for b.Loop() {
			dst = c.AppendXML(dst[:0])
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	benchmarkPages(b, func(b *testing.B, _ *upo.Confirmation, xml []byte) {
		signed, trust := ministry().sign(b, xml), trusted()
		for b.Loop() {
			if _, err := upo.Verify(signed, trust); err != nil {
				b.Fatal(err)
			}
		}
	})
}
