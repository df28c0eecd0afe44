package faktupro

import (
	"fmt"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// benchInvoice is an invoice with the given number of lines, as JSON.
func benchInvoice(b *testing.B, lines int) []byte {
	b.Helper()
	inv := mustDecode(b, Sample())
	for i := range lines {
		l := inv.Lines[i%3]
		if i < 3 {
			continue
		}
		inv.Lines = append(inv.Lines, l)
	}
	data, err := EncodeInvoice(inv)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func benchSizes(b *testing.B, run func(b *testing.B, data []byte)) {
	for _, lines := range []int{3, 100} {
		b.Run(fmt.Sprintf("%d-lines", lines), func(b *testing.B) {
			b.ReportAllocs()
			run(b, benchInvoice(b, lines))
		})
	}
}

func BenchmarkDecodeInvoice(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := DecodeInvoice(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeInvoice(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := EncodeInvoice(inv); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		opt := ValidateOptions{Now: noon(inv.IssueDate)}
		for b.Loop() {
			if inv.Validate(opt).Err() != nil {
				b.Fatal("invalid")
			}
		}
	})
}

func BenchmarkTotals(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		for b.Loop() {
			if _, err := inv.Totals(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncodeFA3(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		created := noon(inv.IssueDate)
		for b.Loop() {
			xml, err := EncodeFA3(inv, created)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(xml)))
		}
	})
}

func BenchmarkFromFA3(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		document, err := inv.FA3(noon(inv.IssueDate))
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := FromFA3(document); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkJSONToXML is the whole way of an invoice through the package.
func BenchmarkJSONToXML(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		created := noon(mustDecode(b, data).IssueDate)
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			inv, err := DecodeInvoice(data)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := EncodeFA3(inv, created); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkXMLToJSON is the way back.
func BenchmarkXMLToJSON(b *testing.B) {
	benchSizes(b, func(b *testing.B, data []byte) {
		inv := mustDecode(b, data)
		xml, err := EncodeFA3(inv, noon(inv.IssueDate))
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(xml)))
		for b.Loop() {
			document, err := fa3.Unmarshal(xml)
			if err != nil {
				b.Fatal(err)
			}
			back, err := FromFA3(document)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := EncodeInvoice(back); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecodeHostile reads the longest text of nothing but unknown fields.
func BenchmarkDecodeHostile(b *testing.B) {
	b.ReportAllocs()
	data := []byte("{" + strings.Repeat(`"a":1,`, MaxJSONSize/6-2) + `"a":1}`)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := DecodeInvoice(data); err == nil {
			b.Fatal("taken")
		}
	}
}
