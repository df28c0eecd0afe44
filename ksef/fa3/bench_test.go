package fa3

import (
	"fmt"
	"testing"
)

func BenchmarkAppendXML(b *testing.B) {
	for _, lines := range []int{3, 100} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			f := sample(lines)
			buf := f.AppendXML(nil)
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				buf = f.AppendXML(buf[:0])
			}
		})
	}
}

func BenchmarkMarshal(b *testing.B) {
	for _, lines := range []int{3, 100} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			f := sample(lines)
			doc, err := Marshal(f)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Marshal(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	for _, lines := range []int{3, 100} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			doc := sample(lines).AppendXML(nil)
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Unmarshal(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPeek(b *testing.B) {
	doc := sample(3).AppendXML(nil)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Peek(doc); err != nil {
			b.Fatal(err)
		}
	}
}
