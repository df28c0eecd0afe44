package pack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	kflate "github.com/klauspost/compress/flate"
)

// discard is a store that keeps nothing.
type discard struct{ manifest *Manifest }

type nowhere struct{}

func (*discard) Begin(context.Context) error                     { return nil }
func (*discard) Create(context.Context, int) (PartWriter, error) { return nowhere{}, nil }
func (d *discard) Finish(_ context.Context, m *Manifest) error   { d.manifest = m; return nil }
func (*discard) Discard(context.Context) error                   { return nil }
func (nowhere) Write(p []byte) (int, error)                      { return len(p), nil }
func (nowhere) Commit() error                                    { return nil }
func (nowhere) Abort() error                                     { return nil }

const monthEnd = 10_000 // invoices

// month is a month of a wholesaler in memory.
func month() (docs []Document, size int64) {
	v := newInvoices(1)
	for i := range monthEnd {
		docs = append(docs, Document{Name: invoiceName(i), Content: bytes.Clone(v.next(i))})
		size += int64(len(docs[i].Content))
	}
	return docs, size
}

// BenchmarkBuild packs a month from memory, to nowhere. Run it with GOMAXPROCS=1
// and 2 in the environment (the flag -cpu does not reach a first run).
func BenchmarkBuild(b *testing.B) {
	docs, size := month()
	key := testKey(b)
	for _, form := range []Compression{Zip, TarGz} {
		for _, level := range []int{1, 3, 5, 6, 9} {
			b.Run(fmt.Sprintf("%v/level=%d", form, level), func(b *testing.B) {
				measure(b, size, func() (int64, error) {
					m, err := Build(b.Context(), key, of(docs...), new(discard), Config{Compression: form, Level: level})
					return sizeOf(m), err
				})
			})
		}
	}
}

// BenchmarkBuildFiles packs a month from files to files.
func BenchmarkBuildFiles(b *testing.B) {
	docs, size := month()
	dir := b.TempDir()
	for _, d := range docs {
		if err := os.WriteFile(filepath.Join(dir, d.Name), d.Content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	key := testKey(b)
	for _, form := range []Compression{Zip, TarGz} {
		b.Run(form.String(), func(b *testing.B) {
			out := NewDir(filepath.Join(b.TempDir(), "out"))
			measure(b, size, func() (int64, error) {
				m, err := Build(b.Context(), key, Files(os.DirFS(dir), "*.xml"), out, Config{Compression: form})
				return sizeOf(m), errors.Join(err, out.Remove(b.Context()))
			})
		})
	}
}

// BenchmarkPlainZip is what Build is compared with: archive/zip with one pooled
// compressor, into the same encryption and hashes, on one core.
func BenchmarkPlainZip(b *testing.B) {
	docs, size := month()
	key := testKey(b)
	stdlib, _ := flate.NewWriter(nil, 6)
	fast, _ := kflate.NewWriter(nil, DefaultLevel)
	for name, w := range map[string]compressor{"stdlib level=6": stdlib, "klauspost level=5": fast} {
		b.Run(name, func(b *testing.B) {
			measure(b, size, func() (int64, error) { return plainZip(b, key, docs, w) })
		})
	}
}

type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func plainZip(b *testing.B, key Key, docs []Document, w compressor) (int64, error) {
	cfg, err := Config{}.filled()
	if err != nil {
		return 0, err
	}
	parts := newSplitter(b.Context(), key, new(discard), cfg)
	z := zip.NewWriter(parts)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		w.Reset(out)
		return w, nil
	})
	for _, d := range docs {
		_ = sha256.Sum256(d.Content)
		e, err := z.Create(d.Name)
		if err != nil {
			return 0, err
		}
		if _, err := e.Write(d.Content); err != nil {
			return 0, err
		}
	}
	return parts.size, errors.Join(z.Close(), parts.finish())
}

// BenchmarkOpen verifies, decrypts and unpacks a month.
func BenchmarkOpen(b *testing.B) {
	docs, size := month()
	key := testKey(b)
	for _, form := range []Compression{Zip, TarGz} {
		var store Memory
		m, err := Build(b.Context(), key, of(docs...), &store, Config{Compression: form})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(form.String(), func(b *testing.B) {
			measure(b, size, func() (int64, error) {
				a, err := Open(b.Context(), key, m.Sealed, &store, OpenConfig{})
				if err != nil {
					return 0, err
				}
				for _, err := range a.Entries(b.Context()) {
					if err != nil {
						return 0, err
					}
				}
				return m.Size, a.Close()
			})
		})
	}
}

func sizeOf(m *Manifest) int64 {
	if m == nil {
		return 0
	}
	return m.Size
}

func measure(b *testing.B, size int64, work func() (int64, error)) {
	b.ReportAllocs()
	b.SetBytes(size)
	before := cpu()
	var packed int64
	for b.Loop() {
		var err error
		if packed, err = work(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/1e6/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(packed)/1e6, "packed-MB")
}

func testKey(t testing.TB) Key {
	t.Helper()
	key, err := NewKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
