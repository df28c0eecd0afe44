package validate

import (
	"fmt"
	"testing"
)

func BenchmarkValid(b *testing.B) {
	for _, lines := range []int{3, 100} {
		doc := compactSample(lines)
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if !Valid(doc, Config{}) {
					b.Fatal("not valid")
				}
			}
		})
	}
}

// BenchmarkCorpus goes through the valid FA(3) documents found in public.
func BenchmarkCorpus(b *testing.B) {
	var docs [][]byte
	size := 0
	for _, d := range corpus(b) {
		if d.Kind == string(FA3) && d.Valid && !d.BOM && d.File != discouragedInCorpus {
			docs = append(docs, d.doc)
			size += len(d.doc)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			if !Valid(doc, Config{}) {
				b.Fatal("not valid")
			}
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkDocument makes a report with all layers.
func BenchmarkDocument(b *testing.B) {
	for _, lines := range []int{3, 100} {
		doc := compactSample(lines)
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if !Document(doc, fileAndSchema).Valid() {
					b.Fatal("not valid")
				}
			}
		})
	}
}

// BenchmarkCompile is what the first document of a kind costs more.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		f := &form{kind: FA3, facts: forms[0].facts}
		f.schema()
	}
}
