package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// of makes a source of documents.
func of(docs ...Document) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// file is a name and content, for comparing.
type file struct {
	Name    string
	Content string
}

func collect(a *Archive) ([]file, error) {
	var files []file
	for e, err := range a.Entries(context.Background()) {
		if err != nil {
			return files, err
		}
		if sha256.Sum256(e.Content) != e.SHA256 {
			return files, errors.New("hash of an entry")
		}
		files = append(files, file{e.Name, string(e.Content)})
	}
	return files, nil
}

// streamed hides that parts of a store can be read at any place.
func streamed(p Parts) Parts {
	return PartsFunc(func(ctx context.Context, n int) (io.ReadCloser, error) {
		r, err := p.Open(ctx, n)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{r, r}, nil
	})
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([]Compression{Zip, TarGz}).Draw(t, "form")
		sizes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 200), rapid.IntRange(1, 20_000), rapid.IntRange(jobSize-2, jobSize+2), rapid.Just(3*jobSize)), 1, 20).Draw(t, "sizes")
		partSize := rapid.Int64Range(1000, 100_000).Draw(t, "part")
		if len(sizes) == 1 && sizes[0] < 1000 {
			partSize = rapid.Int64Range(1, 64).Draw(t, "small part")
		}
		workers := rapid.IntRange(1, 4).Draw(t, "workers")
		level := rapid.IntRange(1, 9).Draw(t, "level")
		v := newInvoices(rapid.Uint64().Draw(t, "seed"))
		var docs []Document
		var want []file
		for i, n := range sizes {
			content := content(v, i, n)
			d := Document{Name: fmt.Sprintf("ś-%d.xml", i), Content: content}
			if i%3 == 1 {
				d.Content, d.Body, d.Size = nil, bytes.NewReader(content), int64(n*(i%2))
			}
			docs = append(docs, d)
			want = append(want, file{d.Name, string(content)})
		}
		key, err := NewKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		var store Memory
		cfg := Config{Compression: form, Level: level, PartSize: partSize, MaxParts: 1 << 30, Workers: workers}
		m, err := Build(context.Background(), key, of(docs...), &store, cfg)
		if err != nil {
			t.Fatal(err)
		}
		checkManifest(t, m, want, partSize)
		var parts Parts = &store
		open := OpenConfig{MaxParts: 1 << 30, TempDir: dir}
		if rapid.Bool().Draw(t, "streamed") {
			parts = streamed(parts)
			open.MaxMemory = rapid.Int64Range(-1, 10_000).Draw(t, "memory")
		}
		a, err := Open(context.Background(), key, m.Sealed, parts, open)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		got, err := collect(a)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff[:min(len(diff), 2000)])
		}
	})
}

// content is an invoice, or several, of exactly n bytes.
func content(v *invoices, number, n int) []byte {
	var b []byte
	for len(b) < n {
		b = append(b, v.next(number)...)
	}
	return b[:n:n]
}

func checkManifest(t *rapid.T, m *Manifest, want []file, partSize int64) {
	var size int64
	for i, p := range m.Parts {
		size += p.Size
		if p.Number != i+1 || p.EncryptedSize != EncryptedSize(p.Size) || p.Size > partSize || i < len(m.Parts)-1 && p.Size != partSize {
			t.Fatalf("part %+v", p)
		}
	}
	if size != m.Size {
		t.Fatalf("parts have %d bytes, the package %d", size, m.Size)
	}
	for i, d := range m.Documents {
		if d.Name != want[i].Name || d.Size != int64(len(want[i].Content)) || d.SHA256 != sha256.Sum256([]byte(want[i].Content)) {
			t.Fatalf("document %+v", d)
		}
	}
	var stored bytes.Buffer
	if _, err := m.WriteTo(&stored); err != nil {
		t.Fatal(err)
	}
	again, err := ReadManifest(&stored)
	if diff := cmp.Diff(m, again); diff != "" || err != nil {
		t.Fatal(err, diff)
	}
}

// The bytes depend on documents, key and settings, not on the number of
// workers, on how the documents come, or on what was packed before.
func TestBuildIsDeterministic(t *testing.T) {
	key, err := KeyOf(bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 16))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []Compression{Zip, TarGz} {
		var first *Manifest
		for _, workers := range []int{1, 2, 3, 8} {
			for range 3 {
				m, err := Build(t.Context(), key, newInvoices(7).source(300), new(discard), Config{Compression: form, Workers: workers, PartSize: 50_000})
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = m
				}
				if diff := cmp.Diff(first, m); diff != "" {
					t.Fatalf("%v, %d workers:\n%s", form, workers, diff)
				}
			}
		}
	}
}

func TestArchiveIsReadAgainAndAtOnce(t *testing.T) {
	key := testKey(t)
	for _, form := range []Compression{Zip, TarGz} {
		var store Memory
		m, err := Build(t.Context(), key, newInvoices(3).source(100), &store, Config{Compression: form, PartSize: 9999})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), key, m.Sealed, &store, OpenConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		results := make(chan []file, 4)
		for range cap(results) {
			go func() {
				files, err := collect(a)
				if err != nil {
					files = nil
				}
				results <- files
			}()
		}
		first := <-results
		if len(first) != 100 {
			t.Fatalf("%d files", len(first))
		}
		for range cap(results) - 1 {
			if other := <-results; !slices.Equal(first, other) {
				t.Fatal("two readers read different things")
			}
		}
	}
}
