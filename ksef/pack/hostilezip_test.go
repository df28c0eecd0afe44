package pack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// raw is an entry as a hostile hand writes it.
type raw struct {
	name   string
	data   string // as it lies in the file
	size   int64
	crc    uint32
	method uint16
	flags  uint16
}

// stored is an honest entry.
func stored(name, content string) raw {
	return raw{name: name, data: content, size: int64(len(content)), crc: crc32.ChecksumIEEE([]byte(content))}
}

func deflated(name, content string) raw {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	_, _ = io.WriteString(w, content)
	_ = w.Close()
	return raw{name: name, data: b.String(), size: int64(len(content)), crc: crc32.ChecksumIEEE([]byte(content)), method: methodDeflate}
}

// zipOf writes local entries and a directory. edit may change the headers of
// either before they are written, and the final bytes.
func zipOf(entries []raw, local, central func(i int, h []byte), end func(b []byte) []byte) []byte {
	var out, directory []byte
	for i, e := range entries {
		h := entryHeader{name: e.name, crc: e.crc, size: e.size, packed: int64(len(e.data)), offset: int64(len(out))}
		l, d := h.appendLocal(nil), h.appendDirectory(nil)
		le.PutUint16(l[8:], e.method)
		le.PutUint16(d[10:], e.method)
		le.PutUint16(l[6:], e.flags)
		le.PutUint16(d[8:], e.flags)
		if local != nil {
			local(i, l)
		}
		if central != nil {
			central(i, d)
		}
		out = append(append(out, l...), e.data...)
		directory = append(directory, d...)
	}
	start := len(out)
	out = append(out, directory...)
	out = appendEnd(out, int64(len(entries)), int64(len(directory)), int64(start))
	if end != nil {
		out = end(out)
	}
	return out
}

// openBytes opens and reads everything, in small parts.
func openBytes(t testing.TB, form Compression, plain []byte, cfg OpenConfig) ([]file, error) {
	t.Helper()
	key := testKey(t)
	sealed, store := sealedBytes(key, form, plain, max(1000, len(plain)/40))
	a, err := Open(t.Context(), key, sealed, store, cfg)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	return collect(a)
}

func TestHostileZip(t *testing.T) {
	two := []raw{stored("a", "first"), deflated("b", strings.Repeat("second", 9))}
	patch := func(at int, n uint32) func(int, []byte) {
		return func(i int, h []byte) {
			if i == 1 {
				le.PutUint32(h[at:], n)
			}
		}
	}
	endPatch := func(back int, n uint16) func([]byte) []byte {
		return func(b []byte) []byte {
			le.PutUint16(b[len(b)-endLen+back:], n)
			return b
		}
	}
	insert := func(at int, text string) func([]byte) []byte {
		return func(b []byte) []byte { return slices.Insert(b, at, []byte(text)...) }
	}
	bomb := deflated("b", strings.Repeat("\x00", 2_000_000))
	bombs := func(n int) (all []raw) {
		for i := range n {
			b := bomb
			b.name = fmt.Sprint(i)
			all = append(all, b)
		}
		return all
	}
	tests := []struct {
		name string
		zip  []byte
		cfg  OpenConfig
		want error
	}{
		{"good", zipOf(two, nil, nil, nil), OpenConfig{}, nil},
		{"no entries", zipOf(nil, nil, nil, nil), OpenConfig{}, ErrEmptyPackage},
		{"not a zip", []byte(strings.Repeat("no", 100)), OpenConfig{}, ErrArchive},
		{"a few bytes", []byte("PK"), OpenConfig{}, ErrArchive},
		{"data after the end", zipOf(two, nil, nil, func(b []byte) []byte { return append(b, "more"...) }), OpenConfig{}, ErrTrailingData},
		{"comment", zipOf(two, nil, nil, func(b []byte) []byte { return append(endPatch(20, 4)(b), "more"...) }), OpenConfig{}, ErrTrailingData},
		{"end within the comment", zipOf(two, nil, nil, func(b []byte) []byte {
			return append(endPatch(20, endLen)(b), b[len(b)-endLen:]...)
		}), OpenConfig{}, ErrTrailingData},
		{"data before", zipOf(two, nil, nil, insert(0, "more")), OpenConfig{}, ErrArchive},
		{"data before, offsets right", zipOf(append([]raw{stored("x", "hidden")}, two...), nil, nil, func(b []byte) []byte {
			return hideFirst(b, 3)
		}), OpenConfig{}, ErrTrailingData},
		{"hidden entry between", zipOf([]raw{two[0], stored("x", "hidden"), two[1]}, nil, nil, func(b []byte) []byte {
			return hideMiddle(b)
		}), OpenConfig{}, ErrTrailingData},
		{"data before the directory", zipOf(two, nil, nil, func(b []byte) []byte {
			start := le.Uint32(b[len(b)-6:])
			le.PutUint32(b[len(b)-6:], start+4)
			return slices.Insert(b, int(start), []byte("more")...)
		}), OpenConfig{}, ErrTrailingData},
		{"twice", zipOf([]raw{two[0], two[0]}, nil, nil, nil), OpenConfig{}, ErrDuplicateName},
		{"directory and file", zipOf([]raw{stored("a/", ""), two[0]}, nil, nil, nil), OpenConfig{}, ErrDuplicateName},
		{"up", zipOf([]raw{stored("../a", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"up later", zipOf([]raw{stored("a/../b", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"absolute", zipOf([]raw{stored("/a", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"drive", zipOf([]raw{stored("c:a", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"backslash", zipOf([]raw{stored(`..\a`, "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"no name", zipOf([]raw{stored("", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"NUL", zipOf([]raw{stored("a\x00.xml", "x")}, nil, nil, nil), OpenConfig{}, ErrBadName},
		{"long name", zipOf([]raw{stored(strings.Repeat("a", 600), "x")}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"symbolic link", zipOf(two, nil, patch(38, 0o120777<<16), nil), OpenConfig{}, ErrNotRegular},
		{"device", zipOf(two, nil, patch(38, 0o020777<<16), nil), OpenConfig{}, ErrNotRegular},
		{"directory with content", zipOf([]raw{stored("a/", "x")}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"encrypted", zipOf([]raw{{name: "a", data: "x", size: 1, flags: 1}}, nil, nil, nil), OpenConfig{}, ErrEncryptedEntry},
		{"encrypted locally", zipOf(two, func(_ int, h []byte) { h[6] |= 1 }, nil, nil), OpenConfig{}, ErrEncryptedEntry},
		{"method", zipOf([]raw{{name: "a", data: "x", size: 1, method: 12}}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"other method locally", zipOf(two, func(_ int, h []byte) { h[8] ^= 8 }, nil, nil), OpenConfig{}, ErrArchive},
		{"other name locally", zipOf(two, func(_ int, h []byte) { h[localLen] = 'z' }, nil, nil), OpenConfig{}, ErrArchive},
		{"other size locally", zipOf(two, patch(22, 7), nil, nil), OpenConfig{}, ErrArchive},
		{"other sum locally", zipOf(two, patch(14, 7), nil, nil), OpenConfig{}, ErrArchive},
		{"smaller than told", zipOf(two, patch(22, 55), patch(24, 55), nil), OpenConfig{}, ErrArchive},
		{"larger than told", zipOf(two, patch(22, 53), patch(24, 53), nil), OpenConfig{}, ErrArchive},
		{"wrong sum", zipOf(two, patch(14, 7), patch(16, 7), nil), OpenConfig{}, ErrArchive},
		{"stored with two sizes", zipOf([]raw{{name: "a", data: "x", size: 2}}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"impossible ratio", zipOf([]raw{{name: "a", data: "x", size: 2_000_000, method: 8}}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"data after the deflate stream", zipOf([]raw{{name: "a", data: deflated("", "x").data + "hidden", size: 1, crc: crc32.ChecksumIEEE([]byte("x")), method: 8}}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"not deflate", zipOf([]raw{{name: "a", data: "\xff\xff\xff\xff", size: 4, method: 8}}, nil, nil, nil), OpenConfig{}, ErrArchive},
		{"overlap", zipOf(two, nil, patch(42, 0), nil), OpenConfig{}, ErrArchive},
		{"inside another", zipOf(two, nil, patch(42, 10), nil), OpenConfig{}, ErrArchive},
		{"beyond", zipOf(two, nil, patch(42, 1<<31), nil), OpenConfig{}, ErrArchive},
		{"packed size beyond", zipOf(two, nil, patch(20, 1<<31), nil), OpenConfig{}, ErrArchive},
		{"size needs ZIP64 that is missing", zipOf(two, nil, patch(24, full32), nil), OpenConfig{}, ErrArchive},
		{"offset needs ZIP64 that is missing", zipOf(two, nil, patch(42, full32), nil), OpenConfig{}, ErrArchive},
		{"other disk", zipOf(two, nil, func(_ int, h []byte) { h[34] = 1 }, nil), OpenConfig{}, ErrArchive},
		{"end on other disk", zipOf(two, nil, nil, endPatch(4, 1)), OpenConfig{}, ErrArchive},
		{"fewer told", zipOf(two, nil, nil, func(b []byte) []byte { return endPatch(8, 1)(endPatch(10, 1)(b)) }), OpenConfig{}, ErrArchive},
		{"more told", zipOf(two, nil, nil, func(b []byte) []byte { return endPatch(8, 3)(endPatch(10, 3)(b)) }), OpenConfig{}, ErrArchive},
		{"counts differ", zipOf(two, nil, nil, endPatch(8, 1)), OpenConfig{}, ErrArchive},
		{"directory elsewhere", zipOf(two, nil, nil, endPatch(16, 3)), OpenConfig{}, ErrArchive},
		{"ZIP64 end that is missing", zipOf(two, nil, nil, func(b []byte) []byte { return endPatch(8, full16)(endPatch(10, full16)(b)) }), OpenConfig{}, ErrArchive},
		{"too many", zipOf(two, nil, nil, nil), OpenConfig{MaxDocuments: 1}, ErrTooManyDocuments},
		{"far too many", zipOf(two, nil, nil, func(b []byte) []byte { return endPatch(8, 60000)(endPatch(10, 60000)(b)) }), OpenConfig{}, ErrTooManyDocuments},
		{"too large", zipOf(two, nil, nil, nil), OpenConfig{MaxDocument: 10}, ErrDocumentTooLarge},
		{"total", zipOf(two, nil, nil, nil), OpenConfig{MaxTotal: 20}, ErrPackageTooLarge},
		{"archive", zipOf(two, nil, nil, nil), OpenConfig{MaxPackage: 50}, ErrPackageTooLarge},
		{"bomb", zipOf(bombs(20), nil, nil, nil), OpenConfig{}, ErrRatio},
		{"large metadata", zipOf([]raw{stored(MetadataName, "12345")}, nil, nil, nil), OpenConfig{MaxMetadata: 4}, ErrPackageTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := openBytes(t, Zip, tt.zip, tt.cfg); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// hideFirst takes the first record out of the directory.
func hideFirst(b []byte, entries int) []byte {
	end := b[len(b)-endLen:]
	start := int(le.Uint32(end[16:]))
	n := directoryLen + int(le.Uint16(b[start+28:]))
	le.PutUint32(end[12:], le.Uint32(end[12:])-uint32(n))
	le.PutUint16(end[8:], uint16(entries-1))
	le.PutUint16(end[10:], uint16(entries-1))
	return slices.Delete(b, start, start+n)
}

// hideMiddle takes the second of three records out of the directory.
func hideMiddle(b []byte) []byte {
	start := int(le.Uint32(b[len(b)-6:]))
	n := directoryLen + 1 // names of one letter
	end := b[len(b)-endLen:]
	le.PutUint32(end[12:], uint32(2*n))
	le.PutUint16(end[8:], 2)
	le.PutUint16(end[10:], 2)
	return slices.Delete(b, start+n, start+2*n)
}

// Every truncation is found, and the whole entries are counted.
func TestTruncatedZip(t *testing.T) {
	entries := []raw{deflated("a", strings.Repeat("first", 20)), stored("b", "second"), deflated("c", strings.Repeat("third", 20))}
	whole := zipOf(entries, nil, nil, nil)
	at := 0
	var ends []int
	for _, e := range entries {
		at += localLen + len(e.name) + len(e.data)
		ends = append(ends, at)
	}
	for n := 5; n < len(whole); n++ {
		want := 0
		for _, end := range ends {
			if n >= end {
				want++
			}
		}
		_, err := openBytes(t, Zip, whole[:n], OpenConfig{})
		if trunc, ok := errors.AsType[*TruncatedError](err); !ok || trunc.Whole != want || !errors.Is(err, ErrTruncated) {
			t.Errorf("%d of %d bytes: %v, want %d whole", n, len(whole), err, want)
		}
	}
}

// Files of archive/zip have data descriptors; they are read, also truncated.
func TestForeignZip(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	var want []file
	if _, err := w.Create("deep/"); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		f := file{fmt.Sprintf("deep/%d.xml", i), strings.Repeat("content", i*i)}
		e, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(e, f.Content); err != nil {
			t.Fatal(err)
		}
		want = append(want, f)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := openBytes(t, Zip, b.Bytes(), OpenConfig{})
	if err != nil || !slices.Equal(got, want) {
		t.Fatal(got, err)
	}
	directory := bytes.Index(b.Bytes(), le.AppendUint32(nil, directorySignature))
	_, err = openBytes(t, Zip, b.Bytes()[:directory], OpenConfig{})
	if trunc, ok := errors.AsType[*TruncatedError](err); !ok || trunc.Whole != 6 {
		t.Error(err)
	}
	damaged := slices.Clone(b.Bytes())
	damaged[directory-3] ^= 1 // size in the last descriptor
	if _, err := openBytes(t, Zip, damaged, OpenConfig{}); !errors.Is(err, ErrArchive) {
		t.Error(err)
	}
}

// The standard library reads what we write, beyond 4 GiB as well.
func TestZip64Records(t *testing.T) {
	h := entryHeader{name: "ą.xml", crc: 1, size: 2, packed: 3, offset: 5 << 30}
	record := h.appendDirectory(nil)
	e, err := readRecord(newBuffered(record))
	if err != nil || e.offset != h.offset || e.size != 2 || e.packed != 3 || e.name != h.name {
		t.Errorf("%+v %v", e, err)
	}
	start := int64(1000)
	plain := append(make([]byte, start), record...)
	plain = appendEnd(plain, 1<<16, int64(len(record)), start)
	v := memoryVault(t, plain)
	end, err := readEnd(t.Context(), v, OpenConfig{})
	if err != nil || end.entries != 1<<16 || end.start != 1000 || end.size != uint64(len(record)) || end.at != start+int64(len(record)) {
		t.Errorf("%+v %v", end, err)
	}
	for at := range end64Len + locator64Len {
		bad := slices.Clone(plain)
		bad[int(end.at)+at] ^= 0x40
		other, err := readEnd(t.Context(), memoryVault(t, bad), OpenConfig{})
		harmless := at >= 12 && at < 16 || at >= 32 // versions; numbers judged with the directory
		if err == nil && !harmless && other == end {
			t.Errorf("change of byte %d was not noticed", at)
		}
	}
}

// The standard library agrees on names and contents of what we write.
func TestStandardLibraryReadsOurZip(t *testing.T) {
	key := testKey(t)
	var store Memory
	m, err := Build(t.Context(), key, newInvoices(2).source(70), &store, Config{})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := key.Decrypt(store.parts[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	v := newInvoices(2)
	for i, f := range r.File {
		content, err := fs.ReadFile(r, f.Name)
		if err != nil || f.Name != m.Documents[i].Name || !bytes.Equal(content, v.next(i)) || f.Mode() != 0o644 || f.Modified.Year() != 1980 {
			t.Fatalf("%s %v %v %v", f.Name, f.Mode(), f.Modified, err)
		}
	}
	if len(r.File) != 70 {
		t.Error(len(r.File))
	}
}
